"""Documentation as one sequence of headings, paragraphs, tables and code, whatever it was written in."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPACE = re.compile(r"[\s\u200b\ufeff]+")


class Unreadable(Exception):
    """A document, or a profile, that cannot be read; says what to do."""


@dataclass(frozen=True)
class Heading:
    """A title, and how deep it lies: 1 is the page's own."""

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
    """In how many lists it lies."""


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
    """A sample, line breaks kept."""

    line: int
    text: str
    language: str = ""


Block = Heading | Paragraph | Table | Code


@dataclass(frozen=True)
class Document:
    """A page as it was fetched."""

    name: str
    """The page's name: its file's, without the ending."""

    file: str
    """What messages call it: a path or an address."""

    text: str


def one_line(text: str) -> str:
    """Return a text on one line, without the marks that only show."""
    return _SPACE.sub(" ", text).strip()
