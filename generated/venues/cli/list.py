# Edited in templates/venues/cli/list.py; the copy in generated/ is imported.
"""venues list: the APIs, or the operations of one."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

from venues.catalog import apis, declarations
from venues.cli.printing import print_line


def run(options: Namespace) -> None:
    """Print a table of all APIs, or of the operations of one."""
    rows = _operations(options.api) if options.api else [_api(api) for api in apis()]
    for line in table(rows):
        print_line(line)


def _api(name: str) -> list[str]:
    declared = _declaration(name)
    return [name, f"{len(declared['operations'])} operations", declared["title"]]


def _operations(api: str) -> list[list[str]]:
    return [
        [f"{o['group']}.{o['name']}", o["method"], o["path"], o["auth"], o["effect"], o["summary"]]
        for o in _declaration(api)["operations"]
    ]


def _declaration(api: str) -> dict[str, Any]:  # JSON
    # The JSON is read instead of importing the API's modules: importing all APIs takes far longer than a list should.
    found: dict[str, Any] = json.loads(declarations(api))
    return found


def table(rows: list[list[str]]) -> list[str]:
    """Return the rows as lines with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
