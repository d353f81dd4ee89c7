"""Guesses what the unknown columns of a table mean, by their cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from generator.drift.pages.blocks import Table
from generator.drift.pages.words import NAME, Words, cleaned

MOST = 0.6  # of the cells: real tables have blanks and misprints in every column
# A heading is a word or three. Headings with figures or code are members of a comparison, or the first row of a table
# that has no headings.
_HEADING = re.compile(r"[^\W\d_]+(?:[ /-][^\W\d_]+){0,2}\??(?: ?\([^\W\d_]+\))?")
_LONGEST = 24
_CODE = re.compile(r"code|err|错误|エラー|コード|오류|код", re.IGNORECASE)
Roles = dict[int, str]


def guessed_roles(table: Table, words: Words) -> dict[str, str]:
    """Return the roles of unknown headings; a table that lists no parameters, fields or codes has none."""
    known = {at: role for at, heading in enumerate(table.header) if (role := words.role(heading))}
    if len(table.header) < 2 or not table.rows or _is_headless(table, words, known):
        return {}
    roles = known | _by_cells(table, words, known)
    if not _lists_something(roles):
        return {}
    last = len(table.header) - 1
    if last not in roles and any(" " in cell for cell in _cells(table, last)):
        roles[last] = "description"
    found = {cleaned(table.header[at]): role for at, role in roles.items() if at not in known}
    return {heading: role for heading, role in found.items() if _is_heading(heading)}


def _by_cells(table: Table, words: Words, known: Mapping[int, str]) -> Roles:
    found: Roles = {}
    for at in range(len(table.header)):
        cells = _cells(table, at)
        if at in known or not cells:
            continue
        if _mostly(words.is_type(cell) for cell in cells):
            found[at] = "type"
        elif _mostly(words.required(cell) is not None for cell in cells):
            found[at] = "required"
        elif at == 0 and (role := _first_role(table.header[0], cells)):
            found[at] = role
    return found


def _first_role(heading: str, cells: list[str]) -> str:
    if _CODE.search(heading) and _mostly(re.fullmatch(r"-?\d{3,8}", cell) is not None for cell in cells):
        return "code"
    return "name" if _mostly(NAME.match(cell) is not None for cell in cells) else ""


def _lists_something(roles: Mapping[int, str]) -> bool:
    """Whether a table has names with types, or codes: ticks in a table of other things mark nothing as required."""
    found = set(roles.values())
    return "code" in found or ("type" in found and bool({"name", "field"} & found))


def _is_headless(table: Table, words: Words, known: Mapping[int, str]) -> bool:
    """Whether the first row of a table stands where its headings should be."""
    unknown = [cell for at, cell in enumerate(table.header) if at not in known]
    return any(words.is_type(cell) or words.required(cell) is not None for cell in unknown if cell)


def _is_heading(heading: str) -> bool:
    return len(heading) <= _LONGEST and _HEADING.fullmatch(heading) is not None


def _cells(table: Table, at: int) -> list[str]:
    return [row.cells[at].strip("`* ") for row in table.rows if at < len(row.cells) and row.cells[at]]


def _mostly(marks: Iterable[bool]) -> bool:
    seen = list(marks)
    return sum(seen) >= MOST * len(seen)
