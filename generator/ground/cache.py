"""A folder of results that can be made again, each with a seal over what it was made from.

An entry counts only if its seal fits: other input, another version of a tool, or a file that was cut or edited, and it
is as good as missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from generator.ground.packed import Packed

Texts = dict[str, bytes]
"""Path below the output folder → content."""

SEAL = 64
"""Characters of a seal."""


class Cache(NamedTuple):
    """A folder of things that can be made again."""

    folder: Path | None = None
    """Nothing is kept without one."""
    makers: str = ""
    """A hash of the generator's code and of the versions of its libraries: part of every seal."""

    def get(self, name: str, made_from: str = "") -> bytes | None:
        """Return what was kept under a name, if it was made from the same."""
        if self.folder is None:
            return None
        try:
            with (self.folder / name).open("rb", buffering=0) as file:
                # One after the other, because cutting the seal off would copy what is often megabytes.
                seal, content = file.read(SEAL), file.readall()
        except OSError:
            return None
        return content if seal == self._seal(made_from, [content]) else None

    def packed(self, name: str, made_from: str = "") -> Packed | None:
        """Return the texts that were kept as `pack` returned them, if they were made from the same."""
        if self.folder is None:
            return None
        try:
            found = Packed(self.folder / name, SEAL)
            if found.before != self._seal(made_from, found.pieces()):
                return None
        except OSError:
            return None
        found.open()
        return found

    def keep(self, name: str, content: bytes | Sequence[bytes], made_from: str = "") -> None:
        """Keep something, whole or in parts, under a name, in place of what was kept there."""
        if self.folder:
            parts = [content] if isinstance(content, bytes) else content
            # Imported here, with what it imports: a run that finds nothing to do keeps nothing.
            from generator.ground.files import replace

            with suppress(OSError):  # what can't be kept is made again
                replace(self.folder / name, self._seal(made_from, parts), *parts)

    def _seal(self, made_from: str, parts: Iterable[bytes]) -> bytes:
        """Hash what something was made from, and itself: not how it is parted, for it is read as a whole."""
        found = hashlib.sha256(digest([self.makers.encode(), made_from.encode()]).encode())
        for part in parts:
            found.update(part)
        return found.hexdigest().encode()

    @contextmanager
    def pieces(self, name: str) -> Iterator[Pieces]:
        """Give the pieces that were kept under a name; those that are not used now are dropped."""
        kept = self.get(name)
        pieces = Pieces(msgspec.json.decode(kept, type=dict[str, str]) if kept else {})
        yield pieces
        if pieces.used != pieces.kept:
            self.keep(name, msgspec.json.encode(pieces.used))


NOWHERE = Cache()
"""Keeps nothing: all is made again."""


class Pieces:
    """Texts by a hash of what they were made from."""

    def __init__(self, kept: dict[str, str]) -> None:
        self.kept = kept
        self.used: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        """Return a text that was made before."""
        if key in self.kept:
            self.used[key] = self.kept[key]
        return self.used.get(key)

    def keep(self, key: str, text: str) -> None:
        """Keep a text for the next time."""
        self.used[key] = text


def digest(parts: Iterable[bytes]) -> str:
    """Hash several things, each with its length."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))  # or "ab", "c" would be "a", "bc"
        found.update(part)
    return found.hexdigest()
