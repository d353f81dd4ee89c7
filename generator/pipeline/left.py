"""Decides without reading any file whether all files are as the last run left them: then there is nothing to do.

A file counts as untouched if it has the size, the times and the place on the disk that it had. The clocks of disks
tick: a file that was changed a moment before it was looked at may change once more within the same tick, and look the
same. Of such young files the content counts, too.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.ground.cache import Cache
from generator.ground.tree import CODE, LOCK, SCHEMAS, entries_below, libraries
from generator.output.folder import IGNORED, MANIFEST, README, manifest_of
from generator.pipeline.folders import Folders

if TYPE_CHECKING:
    from generator.pipeline.run import Files, Output

Look = tuple[int, int, int, int, int]
"""Mode, size, place on the disk, and two times: of the content, and of anything else that is said of the file."""
Looks = dict[str, Look]

KEPT = "left"
COMPILED = frozenset({"__pycache__"})
SECOND = 1_000_000_000
TICK = SECOND // 10
"""Nanoseconds; longer than a tick of any clock whose times have fractions of seconds."""
SLOW_TICK = 2 * SECOND + TICK
"""The same for those without: some count every other second."""


class Last(NamedTuple):
    """What a run said."""

    files: int
    """How many there are."""
    warnings: list[str]


class Left:
    """All that a run reads and writes, as it lay there before the run."""

    def __init__(self, folders: Folders, output: Path) -> None:
        """Look at everything; this comes before anything is read."""
        self._cache, self._output = Cache(folders.cache), output.resolve()
        self._kept: dict[str, Any] | None = json.loads(self._cache.get(KEPT) or b"null")
        now = time.time_ns()
        self._looks = _looks(folders, self._output)
        self._young = {path: _content(path) for path, look in self._looks.items() if _is_young(look, now)}

    def last(self) -> Last | None:
        """Return what the last run said, if all is as it left it; None if something may have changed."""
        kept = self._kept
        if kept is None or not self._looks or kept["looks"] != _digest(self._looks):
            return None
        if any(_content(path) != content for path, content in kept["young"].items()):
            return None
        if self._young.keys() != kept["young"].keys():
            # What has aged by now need not be read the next time.
            self._keep(kept | {"young": self._young})
        return Last(*kept["last"])

    def has(self, api: str, files: Files) -> bool:
        """Whether the files of an API lie in the output folder as the last run left them, and were made from the same."""
        if self._kept is None or not self._looks:
            return False
        # What was young would have to be read here; that is left to those who read everything.
        young = self._kept["young"].keys() & {f"{self._output}/{path}" for path in files.paths}
        return not young and self._kept.get("apis", {}).get(api) == self._mark(files, self._looks)

    def keep(self, made: Output, changed: Iterable[str], others: Mapping[Path, bytes], warnings: list[str]) -> None:
        """Note that all is as it should be.

        Args:
            made: All that was generated.
            changed: The paths of those that were written, and of what was removed.
            others: What was written besides.
            warnings: What is said again by each run.
        """
        # One after the other: together, the texts are more than should be in memory.
        written = {f"{self._output}/{path}": _hash_of(made.texts.get(path)) for path in changed}
        if written:
            written[f"{self._output}/{MANIFEST}"] = _hash(manifest_of(made.paths))
        written |= {str(path): _hash(content) for path, content in others.items()}
        now = time.time_ns()
        # In this order: what another program writes there from now on looks different, or is young and read.
        again = {path: _look(path) for path in written}
        contents = self._young | written
        if not self._looks or any(_content(path) != content for path, content in contents.items()):
            return
        young = self._young.keys() - written.keys() | {p for p, look in again.items() if look and _is_young(look, now)}
        looks = {path: look for path, look in (self._looks | again).items() if look}
        kept = {
            "last": Last(len(made.paths), warnings),
            "looks": _digest(looks),
            "young": {path: contents[path] for path in sorted(young)},
            "apis": {api: self._mark(files, looks) for api, files in made.apis.items()},
        }
        self._keep(kept)

    def _mark(self, files: Files, looks: Looks) -> str:
        """Hash how the files of an API look, and what they were made from."""
        seen = [looks.get(f"{self._output}/{path}") for path in files.paths]
        return _hash(repr((files.made_from, files.paths, seen)).encode())

    def _keep(self, kept: Mapping[str, object]) -> None:
        self._cache.keep(KEPT, json.dumps(kept).encode())


def _looks(folders: Folders, output: Path) -> Looks:
    """Look at all that is read and written; nothing is returned if some of it lies outside what is watched."""
    looks: dict[str, Look | None] = {}
    # As text: a path would be turned into one for each file.
    for place in map(str, (folders.specs, folders.templates, CODE, SCHEMAS)):
        for below, _ in entries_below(place, COMPILED):
            path = f"{place}/{below}"
            # What is linked to counts, and not the link. Behind a link to a folder there may be more than we see.
            look = looks[path] = _look(path, follow=True)
            if look is None or not S_ISREG(look[0]):
                return {}
    place = str(output)
    for below, _ in entries_below(place, IGNORED):
        path = f"{place}/{below}"
        looks[path] = _look(path)
    for path in (str(LOCK), f"{output.parent}/{README}"):
        looks[path] = _look(path, follow=True)
    return {path: look for path, look in looks.items() if look}


def _look(path: str, *, follow: bool = False) -> Look | None:
    try:
        # Not by `Path`: to make thousands of them takes longer than to look.
        said = os.stat(path, follow_symlinks=follow)  # noqa: PTH116
    except OSError:
        return None
    return said.st_mode, said.st_size, said.st_ino, said.st_mtime_ns, said.st_ctime_ns


def _is_young(look: Look, now: int) -> bool:
    """Whether a file may still change without looking different."""
    changed = max(look[3:])
    return changed > now - (TICK if changed % SECOND else SLOW_TICK)


def _digest(looks: Looks) -> str:
    """Hash how everything looks, and which libraries there are."""
    return _hash(repr((libraries(), sorted(looks.items()))).encode())


def _content(path: str) -> str | None:
    """Return a hash of a file; None where there is none."""
    try:
        return _hash(Path(path).read_bytes())
    except OSError:
        return None


def _hash_of(content: bytes | None) -> str | None:
    return None if content is None else _hash(content)


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
