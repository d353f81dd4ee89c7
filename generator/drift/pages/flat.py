"""Rows of tables whose cells were flattened or glued."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from generator.drift.pages.blocks import Row
from generator.drift.pages.words import NAME, Words

FIRM = frozenset({"type", "required", "optional"})
"""Columns with a small set of possible words, which make a row certain."""


@dataclass(frozen=True)
class Cell:
    """A cell of a flattened table: its first line, the index after its last, its text."""

    line: int
    end: int
    text: str


def flat_rows(cells: Sequence[Cell], roles: Sequence[str], words: Words) -> tuple[list[Row], int]:
    """Return the rows at the beginning of a list of cells, and the line after them."""
    rows, at, end = list[Row](), 0, 0
    while at < len(cells):
        taken = _row(cells, at, roles, words)
        if taken is None:
            break
        rows.append(Row(cells[at].line, taken[0]))
        at = taken[1]
        end = cells[at - 1].end
    return rows, end


def _row(cells: Sequence[Cell], at: int, roles: Sequence[str], words: Words) -> tuple[tuple[str, ...], int] | None:
    """Fill the columns in order; a column stays empty if the next cell does not fit it."""
    if not _fits(cells[at].text, roles[0], words):
        return None
    row, firm, start = list[str](), 0, at
    for index, role in enumerate(roles):
        rest = roles[index + 1 :]
        ends = role == "description" and not rest and cells[start].text in words.bare
        if at < len(cells) and not ends and _takes(cells, at, role, roles, rest, words):
            row.append(cells[at].text)
            firm += role in FIRM
            at += 1
        else:
            row.append("")
    # The window of cells may end inside a row; the caller then reads again with more of them.
    cut = at >= len(cells) and at - start > 1
    return (tuple(row), at) if firm or cut else None


def _takes(cells: Sequence[Cell], at: int, role: str, roles: Sequence[str], rest: Sequence[str], words: Words) -> bool:
    text = cells[at].text
    if role != "description":
        return _fits(text, role, words)
    if rest:
        return not any(_fits(text, other, words) for other in rest if other in FIRM)
    return not _begins_row(cells, at, roles, words) and not text.endswith(":")


def _begins_row(cells: Sequence[Cell], at: int, roles: Sequence[str], words: Words) -> bool:
    follow = cells[at + 1].text if at + 1 < len(cells) else ""
    return _fits(cells[at].text, roles[0], words) and len(roles) > 1 and _fits(follow, roles[1], words)


def _fits(text: str, role: str, words: Words) -> bool:
    if role in ("name", "field"):
        return bool(NAME.match(text))
    if role == "type":
        return words.is_type(text)
    return words.required(text) is not None if role in ("required", "optional") else True


def glued_header(line: str, words: Words) -> tuple[str, ...] | None:
    """Split headings that were run together: `FieldTypeDescription`."""
    # Shorter than any two headings, or as long as a sentence.
    if " " in line or not 8 <= len(line) <= 80 or not line[:1].isalpha():
        return None
    found = _split(line.lower(), frozenset(w for known in words.columns.values() for w in known if " " not in w))
    if found is None or len(found) < 2:
        return None
    texts, at = list[str](), 0
    for length in found:
        texts.append(line[at : at + length])
        at += length
    roles = {words.role(text) for text in texts}
    return tuple(texts) if roles & {"name", "field", "code"} else None


@lru_cache(maxsize=1024)
def _split(text: str, known: frozenset[str]) -> tuple[int, ...] | None:
    if not text:
        return ()
    for word in sorted((w for w in known if text.startswith(w)), key=len, reverse=True):
        rest = _split(text[len(word) :], known)
        if rest is not None:
            return (len(word), *rest)
    return None


def glued_row(line: str, roles: Sequence[str], words: Words) -> tuple[str, ...] | None:
    """Split a row that was run together: `pageint32NoPage number`."""
    if not line or "type" not in roles:
        return None
    candidates = list[tuple[str, str, str, str]]()
    for match in _type_pattern(words.types).finditer(line):
        candidates += _candidates(line, match.start(), match.end(), "required" in roles, words)
    if not candidates:
        return None
    # Several splits are possible: `sideStringYes` is side + String. The shortest rest, then the longest type, is right.
    best = min(candidates, key=lambda c: (len(c[3].split(" ")[0]), -len(c[1])))
    by_role = dict(zip(("name", "type", "required", "description"), best, strict=True))
    return tuple(by_role.get("name" if role == "field" else role, "") for role in roles)


@lru_cache(maxsize=32)
def _type_pattern(types: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(sorted((re.escape(t) for t in set(types)), key=len, reverse=True))
    return re.compile(rf"(?=((?:{words})(?:\[\])?))(?:{words})(?:\[\])?", re.IGNORECASE)


def _candidates(line: str, start: int, end: int, required: bool, words: Words) -> list[tuple[str, str, str, str]]:
    name, typed, rest = line[:start], line[start:end], line[end:]
    # A lower-case letter after the type: it is a part of the name, such as `int` in `interval`.
    if not NAME.match(name) or rest[:1].islower():
        return []
    if not required:
        return [(name, typed, "", rest)]
    marks = [
        m for m in (*words.yes, *words.no) if rest.lower().startswith(m) and not rest[len(m) : len(m) + 1].islower()
    ]
    longest = max(marks, key=len, default="")
    return [(name, typed, rest[: len(longest)], rest[len(longest) :])] if longest else []
