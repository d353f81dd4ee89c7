"""Documentation as one sequence of headings, paragraphs, tables and code, whatever format it has."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Zero-width spaces and byte order marks: invisible on the page, and in the middle of names that were copied.
_SPACE = re.compile(r"[\s\u200b\ufeff]+")


class Unreadable(Exception):
    """A document, or a profile, that cannot be read; says what to do."""


@dataclass(frozen=True)
class Heading:
    """A title and its level: 1 is the title of the page."""

    line: int
    text: str
    level: int


@dataclass(frozen=True)
class Paragraph:
    """Running text, or one entry of a list."""

    line: int
    text: str
    item: bool = False
    depth: int = 0
    """The number of lists around it."""


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table with the headings of its columns."""

    line: int
    header: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Code:
    """A sample, with its line breaks."""

    line: int
    text: str
    language: str = ""


Block = Heading | Paragraph | Table | Code


@dataclass(frozen=True)
class Document:
    """A page as it was fetched."""

    name: str
    """The name of the page: that of its file, without the ending."""

    file: str
    """Its path or address, for messages."""

    text: str


def one_line(text: str) -> str:
    """Return a text on one line, without invisible characters."""
    return _SPACE.sub(" ", text).strip()
