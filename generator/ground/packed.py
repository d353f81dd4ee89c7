"""Many texts in one file, with JSON beside them; each text is read when it is asked for, for together they are megabytes."""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PIECE = 1 << 20
"""Bytes that are read at a time where everything is read."""


def pack(texts: Mapping[str, bytes], more: object) -> list[bytes]:
    """Return the parts of a file with texts, and JSON with them; not joined, for that would copy megabytes."""
    head = json.dumps([[[path, len(content)] for path, content in texts.items()], more])
    return [head.encode(), b"\n", *texts.values()]


class Packed(Mapping[str, bytes]):
    """The texts of a file whose end is what `pack` returned, by path."""

    def __init__(self, file: Path, start: int) -> None:
        """Open a file; what `pack` returned begins after so many bytes.

        Raises:
            OSError: if it can't be read.
        """
        self._handle = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        # Open until the last text was read: another run may put another file in its place.
        weakref.finalize(self, os.close, self._handle)
        self.before: bytes = self._read(0, start)
        """What stands before it."""
        self._start = start
        self._places: dict[str, tuple[int, int]] = {}
        self.more: Any = None
        """The JSON beside the texts."""

    def pieces(self) -> Iterator[bytes]:
        """Yield everything that `pack` returned, piece by piece."""
        at = self._start
        while piece := self._read(at, PIECE):
            yield piece
            at += len(piece)

    def open(self) -> None:
        """Read where each text lies; before this there are none."""
        head = b""
        for piece in self.pieces():
            head += piece
            if b"\n" in piece:
                break
        head = head[: head.index(b"\n")]
        sizes, self.more = json.loads(head)
        at = self._start + len(head) + 1
        for path, size in sizes:
            self._places[path] = (at, size)
            at += size

    def _read(self, at: int, size: int) -> bytes:
        os.lseek(self._handle, at, os.SEEK_SET)
        return os.read(self._handle, size)

    def __getitem__(self, path: str) -> bytes:
        """Return a text.

        Raises:
            OSError: if the file was cut since it was opened.
        """
        at, size = self._places[path]
        os.lseek(self._handle, at, os.SEEK_SET)
        text = os.read(self._handle, size)
        if len(text) != size:
            raise OSError(f"{path} can't be read from the cache any more: run this again")
        return text

    def __contains__(self, path: object) -> bool:
        return path in self._places  # a Mapping would read the text to find that out

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Joined(Mapping[str, bytes]):
    """Texts that lie in several places, by path; what was added last counts."""

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self._where = dict.fromkeys(texts, texts)

    def add(self, texts: Mapping[str, bytes]) -> None:
        """Add more."""
        self._where |= dict.fromkeys(texts, texts)

    def __getitem__(self, path: str) -> bytes:
        return self._where[path][path]

    def __contains__(self, path: object) -> bool:
        return path in self._where

    def __iter__(self) -> Iterator[str]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)
