"""Writes texts to the output folder, or lists how they differ from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from generator.ground.tree import entries_below, read_file

# Caches of tools that run over the output.
IGNORED = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache"})
MANIFEST = ".manifest"
"""Lists the files that were written, one path per line; all others belong to others, and stay."""


class OutputRefused(Exception):
    """The output folder must not be written."""


@dataclass(frozen=True)
class Difference:
    """A file that differs from what is generated."""

    path: str
    what: str
    """missing, changed, stray (written by an earlier run) or foreign (not written by `generate`)."""

    def __str__(self) -> str:
        return f"{self.what:8} {self.path}"


def differences(texts: dict[str, bytes], output: Path) -> list[Difference]:
    """Compare texts with the disk."""
    present, written = files_in(output), previous_paths(output)
    found = [Difference(path, "stray" if path in written else "foreign") for path in present if path not in texts]
    for path, content in texts.items():
        if path not in present:
            found.append(Difference(path, "missing"))
        elif present[path] or read_file(output, path) != content:
            found.append(Difference(path, "changed"))
    return sorted(found, key=lambda difference: difference.path)


def files_in(output: Path) -> dict[str, bool]:
    """Return the files below a folder, caches aside, each with whether it is a symbolic link."""
    return {path: is_link for path, is_link in entries_below(output, IGNORED) if path != MANIFEST}


def previous_paths(output: Path) -> set[str]:
    """Return the paths that the last run wrote."""
    manifest = output / MANIFEST
    return set(manifest.read_text("utf-8").splitlines()) if manifest.is_file() else set()


def write(texts: dict[str, bytes], output: Path) -> list[Difference]:
    """Make the disk equal to the texts: all of it, or, if that fails, nothing; equal and foreign files stay untouched.

    Raises:
        OutputRefused: if the folder holds other files only, or a text would lie outside it; nothing is written then.
        OSError: if the disk refuses; everything is then as it was.
    """
    changes = differences(texts, output)
    _check_owner(texts, output, changes)
    _check_inside(output, [change.path for change in changes])
    new: dict[str, bytes | None] = {c.path: texts.get(c.path) for c in changes if c.what != "foreign"}
    if new or previous_paths(output) != texts.keys():
        # Imported here, since most runs find nothing to write.
        from generator.output.swap import swap

        new[MANIFEST] = "".join(f"{path}\n" for path in sorted(texts)).encode()
        swap(new, output)
    return changes


def _check_owner(texts: dict[str, bytes], output: Path, changes: list[Difference]) -> None:
    """Refuse a folder with other content: one that we have not written to, or a git checkout."""
    others = [change.path for change in changes if change.what == "foreign"]
    ours = len(texts) > sum(change.what == "missing" for change in changes)
    if others and (not ours or (output / ".git").exists()):
        raise OutputRefused(f"{output} holds other files, such as {others[0]}; choose an empty folder")


def _check_inside(output: Path, paths: Iterable[str]) -> None:
    linked = dict[str, bool]()
    for path in paths:
        *above, name = path.split("/")
        folder = "/".join(above)
        if folder not in linked:
            # A symbolic link inside the folder could lead anywhere.
            linked[folder] = any((output / each).is_symlink() for each in accumulate(above, "{}/{}".format))
        if linked[folder] or path.startswith("/") or ".." in (*above, name):
            raise OutputRefused(f"{path} would lie outside {output}")
