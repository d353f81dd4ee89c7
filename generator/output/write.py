"""Writes texts, or says how they differ from the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from generator.output.swap import swap

IGNORED = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache"})


class OutputRefused(Exception):
    """The output folder is not one that may be written."""


@dataclass(frozen=True)
class Difference:
    """A file that is not as it should be."""

    path: str
    what: str
    """missing, changed or stray."""

    def __str__(self) -> str:
        return f"{self.what:8} {self.path}"


def differences(texts: dict[str, bytes], output: Path) -> list[Difference]:
    """Compare texts with the disk."""
    present = files_in(output)
    found = [Difference(path, "stray") for path in present if path not in texts]
    for path, content in texts.items():
        if path not in present:
            found.append(Difference(path, "missing"))
        elif (output / path).is_symlink() or (output / path).read_bytes() != content:
            found.append(Difference(path, "changed"))
    return sorted(found, key=lambda difference: difference.path)


def files_in(output: Path) -> set[str]:
    """Return the files below a folder, caches aside."""
    if not output.is_dir():
        return set()
    paths = (path.relative_to(output) for path in output.rglob("*") if path.is_file() or path.is_symlink())
    return {path.as_posix() for path in paths if not IGNORED & set(path.parts)}


def write(texts: dict[str, bytes], output: Path) -> list[Difference]:
    """Make the disk equal to the texts: all of it, or, if that fails, nothing; equal files stay untouched.

    Raises:
        OutputRefused: if the folder holds something else, or a text would lie outside it; nothing is written then.
        OSError: if the disk refuses; everything is then as it was.
    """
    changes = differences(texts, output)
    _check_owner(texts, output, changes)
    for change in changes:
        _check_inside(output, change.path)
    if changes:
        swap({change.path: texts.get(change.path) for change in changes}, output)
    return changes


def _check_owner(texts: dict[str, bytes], output: Path, changes: list[Difference]) -> None:
    """Refuse a folder of which nothing was written by us: its files would be removed as strays."""
    strays = [change.path for change in changes if change.what == "stray"]
    ours = len(texts) > sum(change.what == "missing" for change in changes)
    if strays and (not ours or (output / ".git").exists()):
        raise OutputRefused(f"{output} holds other files, such as {strays[0]}; give a folder of its own")


def _check_inside(output: Path, path: str) -> None:
    pure = PurePosixPath(path)
    linked = [parent for parent in pure.parents if str(parent) != "." and (output / parent).is_symlink()]
    if pure.is_absolute() or ".." in pure.parts or linked:
        raise OutputRefused(f"{path} would lie outside {output}")
