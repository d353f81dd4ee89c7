# Edited in templates/venues/mock/diary.py; the copy in generated/ is imported.
"""A file of what was done to a mock exchange, a line of JSON each, from which it can be done again after a restart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from venues.mock.exact import Json, compact, parse


class Diary:
    """Appends to a file, which is closed when the program ends."""

    def __init__(self, path: Path) -> None:
        """Open the file, or begin one.

        Raises:
            OSError: if it can't be written.
        """
        self._path = path
        self._file = path.open("a", encoding="utf-8")
        self._late: dict[str, Mapping[str, Json]] = {}

    def lines(self) -> Iterator[dict[str, Json]]:
        """Yield what was written, the oldest first; half a line that a crash left behind is not there.

        Raises:
            ValueError: if the file is something else.
        """
        with self._path.open(encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                if not text.endswith("\n"):
                    return
                line = parse(text)
                if not isinstance(line, dict) or "at" not in line:
                    raise ValueError(f"{self._path}, line {number}: this is no state of a mock exchange")
                yield line

    def write(self, line: Mapping[str, Json]) -> None:
        """Write a line, after what was put off."""
        for each in (*self._late.values(), line):
            self._file.write(f"{compact(dict(each))}\n")
        self._late.clear()
        self._file.flush()

    def put_off(self, name: str, line: Mapping[str, Json]) -> None:
        """Write a line before the next one; until then another of the same name may take its place."""
        self._late[name] = line

    def close(self) -> None:
        """Write what was put off, and close the file."""
        for each in self._late.values():
            self._file.write(f"{compact(dict(each))}\n")
        self._file.close()
