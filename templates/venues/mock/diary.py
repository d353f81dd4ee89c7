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
        """Yield what was written, the oldest first; half a line that a crash left behind is removed.

        Raises:
            ValueError: if the file is something else, or a line is damaged.
        """
        end = 0
        with self._path.open("rb") as file:
            for number, text in enumerate(file, 1):
                if not text.endswith(b"\n"):
                    # The next line would be written behind it, and neither could be read again.
                    self._file.truncate(end)
                    return
                end += len(text)
                yield self._line(text, number)

    def _line(self, text: bytes, number: int) -> dict[str, Json]:
        try:
            line = parse(text)
        except ValueError:  # no JSON, or no UTF-8
            line = None
        if not isinstance(line, dict) or "at" not in line:
            raise ValueError(f"{self.place(number)}: this is no state of a mock exchange")
        return line

    def place(self, number: int) -> str:
        """Name a line, for messages."""
        return f"{self._path}, line {number}"

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
