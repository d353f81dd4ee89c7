"""venues list: the APIs, or the operations of one."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

from venues.catalog import apis, declarations
from venues.cli.said import say


def run(options: Namespace) -> None:
    """Print a table."""
    rows = _operations(options.api) if options.api else [_api(api) for api in apis()]
    for line in table(rows):
        say(line)


def _api(name: str) -> list[str]:
    declared = _declared(name)
    return [name, f"{len(declared['operations'])} operations", declared["title"]]


def _operations(api: str) -> list[list[str]]:
    return [
        [f"{o['group']}.{o['name']}", o["method"], o["path"], o["auth"], o["effect"], o["summary"]]
        for o in _declared(api)["operations"]
    ]


def _declared(api: str) -> dict[str, Any]:  # JSON
    found: dict[str, Any] = json.loads(declarations(api))
    return found


def table(rows: list[list[str]]) -> list[str]:
    """Line up columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
