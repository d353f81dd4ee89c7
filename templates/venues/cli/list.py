# Edited in templates/venues/cli/list.py; the copy in generated/ is imported.
"""venues list: the APIs, the operations of one, or what has a text in all of them."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

from venues.catalog import apis, declarations
from venues.cli.printing import print_line
from venues.cli.tables import table


def run(options: Namespace) -> None:
    """Print a table of all APIs, or of the operations of one; with `--filter`, of operations that have a text."""
    wanted = (options.filter or "").casefold()
    for line in table([row for row in _rows(options.api, wanted) if wanted in " ".join(row).casefold()]):
        print_line(line)


def _rows(api: str | None, wanted: str) -> list[list[str]]:
    if api:
        return _operations(api)
    # As `venues call` wants it: who looks for a text wants to know what to call.
    return [[name, *row] for name in apis() for row in _operations(name)] if wanted else [_api(name) for name in apis()]


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
