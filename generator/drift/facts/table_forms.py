"""Recognizes tables whose headings do not say what they list: positions of arrays, and names under an unknown heading."""

from __future__ import annotations

import re

from generator.drift.facts.facts import Fact, brief
from generator.drift.facts.samples import Sample
from generator.drift.facts.tables import cells
from generator.drift.pages.blocks import Table
from generator.drift.pages.words import NAME, Words, cleaned

_INDEXES = frozenset({"index", "position", "no", "no.", "#", "idx", "序号", "索引"})


def positions_in(table: Table, words: Words) -> dict[int, Fact]:
    """Return what a table says of the positions of an array, by position; nothing where it numbers other things."""
    shown = {words.role(heading) for heading in table.header[1:]}
    numbers = [row.cells[0].strip("`*[] ") for row in table.rows]
    if cleaned(table.header[0]) not in _INDEXES or len(table.header) < 2:
        return {}
    if numbers[:1] not in (["0"], ["1"]) or not all(re.fullmatch(r"\d{1,2}", number) for number in numbers):
        return {}
    first, places = int(numbers[0]), [int(number) for number in numbers]
    if places != sorted(set(places)):
        return {}
    found = dict[int, Fact]()
    for at, (row, cell) in zip(places, cells(table, words), strict=True):
        # Where names have a column of their own, the description says more than a name can.
        title = next(
            (cell[role].strip("`* ").lower() for role in ("name", "field") if cell.get(role) and role in shown), ""
        )
        text = cell.get("description") or row.cells[1]
        found[at - first] = Fact(brief(cell.get("type", "")), text=text, line=row.line, title=title)
    return found


def with_names(table: Table, role: str | None, words: Words, sample: Sample) -> Table:
    """Return a table whose first column, under an unknown heading, has the names of what its label announces.

    The sample has most of those of an answer; otherwise it may be a list of values, with the name of a member above it.
    """
    roles = [words.role(heading) for heading in table.header]
    names = [row.cells[0].strip("`* {}") for row in table.rows if row.cells and row.cells[0]]
    announced = role in ("params", "body", "fields")
    if not announced or roles[:1] != [None] or "description" not in roles or {"name", "field", "code"} & set(roles):
        return table
    fits = names and all(NAME.match(re.sub(r"\A[>\s-]+", "", name)) for name in names)
    shown = {member.path.rpartition(".")[2].removesuffix("[]") for member in sample.members}
    fits = fits and (sum(name in shown for name in names) * 2 > len(names) or bool({"required", "type"} & set(roles)))
    return Table(table.line, ("name", *table.header[1:]), table.rows) if fits else table
