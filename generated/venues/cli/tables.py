# Edited in templates/venues/cli/tables.py; the copy in generated/ is imported.
"""Prints what an operation returned as a table or as CSV."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from typing import Any

import msgspec

from venues.cli.printing import json_value, print_line


def print_table(data: object) -> None:
    """Print a line for each item of a list; of one object, a line for each member."""
    names, rows = columns_of(data)
    if not isinstance(data, list) and len(rows) == 1:
        lines = table([[name, cell] for name, cell in zip(names, rows[0], strict=True)])
    else:
        lines = table([names, *rows]) if names else []
    for line in lines:
        print_line(line)


def print_csv(data: object) -> None:
    """Print a line of names, and a line for each item of a list."""
    names, rows = columns_of(data)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerows([names, *rows] if names else [])


def columns_of(data: object) -> tuple[list[str], list[list[str]]]:
    """Return names and cells: exact numbers, objects in objects as `outer.inner`, lists as JSON."""
    items = [flat(item) for item in (data if isinstance(data, list) else [] if data is None else [data])]
    names = list(dict.fromkeys(name for item in items for name in item))
    return names, [[cell(item.get(name)) for name in names] for item in items]


def flat(item: object, prefix: str = "") -> dict[str, Any]:
    """Return the members of an item as JSON, those of objects inside it by `outer.inner`."""
    if isinstance(item, msgspec.Struct):
        item = {name: getattr(item, name) for name in item.__struct_fields__}
    if not isinstance(item, dict):
        return {prefix.removesuffix(".") or "value": json_value(item)}
    members: dict[str, Any] = {}
    for name, value in item.items():
        if isinstance(value, (msgspec.Struct, dict)):
            members |= flat(value, f"{prefix}{name}.")
        else:
            members[f"{prefix}{name}"] = json_value(value)
    return members


def cell(value: object) -> str:
    """Return a value as the text of a cell; nothing is an empty one."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows as lines with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
