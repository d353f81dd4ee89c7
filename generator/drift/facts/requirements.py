"""Reads tables of what a call needs in each case: `Type | Additional mandatory parameters`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.drift.facts.facts import Fact
from generator.drift.pages.blocks import Table

KIND = "rule"
# The heading of a column: `Additional mandatory parameters`.
_NEEDS = re.compile(
    r"(?:additional(?:ly)?|extra|other|further)?\s*(?:mandatory|required)\s+(?:param\w*|fields?)", re.IGNORECASE
)
_NAME = r"[A-Za-z_][\w.-]*"
# `type = LIMIT`, `timeInForce is GTD`.
_CASE = re.compile(rf"`?(?P<param>{_NAME})`?\s*(?:=|:|\bis\b)\s*(?P<values>\S.*)")
_VALUE = re.compile(r"[A-Za-z0-9_][\w-]*")
_BESIDE = re.compile(r"\s*(?:/|,|\bor\b)\s*", re.IGNORECASE)
_EITHER = re.compile(r"\s+(?:and/or|or)\s+|\s*/\s*", re.IGNORECASE)
_MARKED = re.compile(r"`([A-Za-z_]\w*)`")


def requirements_in(table: Table, before: str) -> Mapping[str, Fact]:
    """Return what each case needs, as `type=LIMIT` → `price|quantity`; of `a/b` one is enough. Nothing for other tables.

    Args:
        table: The table.
        before: The line above it, which may name the parameter whose values are the cases.
    """
    at = next((at for at, word in enumerate(table.header) if at and _NEEDS.fullmatch(word.strip("*` "))), 0)
    if not at:
        return {}
    subject = _subject(table.header[0], before)
    found = dict[str, Fact]()
    for row in table.rows:
        needed = _needed(row.cells[at]) if len(row.cells) > at else ""
        for case in _cases(row.cells[0], subject):
            found[case] = Fact(needed, line=row.line)
    return found


def _subject(heading: str, before: str) -> str:
    """Return the parameter whose values are the cases: the last one that the line above marks, else the heading."""
    marked = _MARKED.findall(before)
    word = heading.strip("*` ")
    return marked[-1] if marked else word[:1].lower() + word[1:].replace(" ", "")


def _cases(cell: str, subject: str) -> Iterator[str]:
    named = _CASE.fullmatch(cell.strip("* "))
    param, text = (named["param"], named["values"]) if named else (subject, cell)
    values = [part.strip("`\"'* ") for part in _BESIDE.split(text)]
    if all(_VALUE.fullmatch(value) for value in values):
        yield from (f"{param}={value}" for value in values)


def _needed(cell: str) -> str:
    parts = (_EITHER.split(part) for part in re.split(r"\s*[,，;、]\s*(?:and\s+(?!/))?|\s+and\s+", cell))
    names = ("/".join(sorted(name.strip("`* ") for name in part)) for part in parts)
    return "|".join(sorted({name for name in names if re.fullmatch(rf"{_NAME}(?:/{_NAME})*", name)}))
