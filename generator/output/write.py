"""Writes texts to the output folder, or lists how they differ from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import accumulate
from pathlib import Path

from msgspec import Struct as Record

from generator.ground.packed import Joined
from generator.ground.tree import read_file
from generator.output.folder import MANIFEST, files_in, manifest_of, previous_paths


class OutputRefused(Exception):
    """The output folder must not be written."""


class Difference(Record, frozen=True):
    """A file that differs from what is generated."""

    path: str
    what: str
    """missing, changed, stray (written by an earlier run) or foreign (not written by `generate`)."""

    def __str__(self) -> str:
        return f"{self.what:8} {self.path}"


def differences(texts: Mapping[str, bytes], output: Path, left: Set[str] = frozenset()) -> list[Difference]:
    """Compare texts with the disk, where those files lie already as they should whose paths are `left`."""
    present, written = files_in(output), previous_paths(output)
    found = [
        Difference(path, "stray" if path in written else "foreign")
        for path in present
        if path not in texts and path not in left
    ]
    for path in texts:
        if path not in present:
            found.append(Difference(path, "missing"))
        elif present[path] or read_file(output, path) != texts[path]:
            found.append(Difference(path, "changed"))
    return sorted(found, key=lambda difference: difference.path)


def write(texts: Mapping[str, bytes], output: Path, left: Set[str] = frozenset()) -> list[Difference]:
    """Make the disk equal to the texts: all of it, or, if that fails, nothing; equal and foreign files stay untouched.

    Args:
        texts: Path → content.
        output: The folder.
        left: Paths of more files, which lie there already as they should.

    Raises:
        OutputRefused: if the folder holds other files only, or a text would lie outside it; nothing is written then.
        OSError: if the disk refuses; everything is then as it was.
    """
    changes, every = differences(texts, output, left), texts.keys() | left
    _check_owner(len(every), output, changes)
    _check_inside(output, [change.path for change in changes])
    ours = [change.path for change in changes if change.what != "foreign"]
    if ours or previous_paths(output) != every:
        # Imported here, since most runs find nothing to write.
        from generator.output.swap import swap

        new = Joined(texts)
        new.add({MANIFEST: manifest_of(every)})
        swap(_New([*ours, MANIFEST], new), output)
    return changes


class _New(Mapping[str, bytes | None]):
    """What lies at some paths from now on: their texts, or nothing where there is none."""

    def __init__(self, paths: list[str], texts: Mapping[str, bytes]) -> None:
        self._paths, self._texts = paths, texts

    def __getitem__(self, path: str) -> bytes | None:
        return self._texts.get(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _check_owner(count: int, output: Path, changes: list[Difference]) -> None:
    """Refuse a folder with other content: one that we have not written to, or a git checkout."""
    others = [change.path for change in changes if change.what == "foreign"]
    ours = count > sum(change.what == "missing" for change in changes)
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
