# Edited in templates/venues/cli/complete.py; the copy in generated/ is imported.
"""venues complete: what may follow, for the shell; it reads the specification as data, for imports take too long."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from venues.catalog import apis, declarations
from venues.cli.parser import COMMANDS, make_parser
from venues.cli.printing import print_line

OPERATIONS = ("call", "sign", "download")
"""The commands that take an operation."""


def run(words: list[str]) -> None:
    """Print what the last of the words may become, a line each."""
    *before, last = words or [""]
    for word in candidates(before, last):
        if word.startswith(last):
            print_line(word)


def candidates(before: list[str], last: str) -> Iterable[str]:
    """Return what may stand in place of the last word."""
    if not before:
        return COMMANDS
    command = before[0]
    if command not in COMMANDS:
        return []
    if last.startswith("-"):
        return _options(command)
    placed = [word for word in before[1:] if not word.startswith("-") and "=" not in word]
    if command == "completion":
        return ("bash", "zsh", "fish") if not placed else ()
    if not placed:
        return apis()
    if command not in OPERATIONS or placed[0] not in apis():
        return []
    if len(placed) == 1:
        return [f"{one['group']}.{one['name']}" for one in _declared(placed[0])["operations"]]
    return _parameters(placed[0], placed[1], before, last)


def _options(command: str) -> list[str]:
    subparsers: Any = make_parser()._subparsers  # argparse has no public way to list options
    parser = subparsers._group_actions[0].choices[command]
    return [name for name in parser._option_string_actions if name.startswith("--")]


def _parameters(api: str, operation: str, before: list[str], last: str) -> list[str]:
    from venues.cli.target import operation_of
    from venues.core.values.enums import OpenIntEnum, OpenStrEnum

    params = operation_of(api, operation).by_name
    name, equals, _ = last.partition("=")
    if not equals:
        given = {word.partition("=")[0] for word in before}
        return [f"{one}=" for one in params if one not in given]
    kind = params[name].kind if name in params else None
    if kind == "boolean":
        return [f"{name}=true", f"{name}=false"]
    is_enum = isinstance(kind, type) and issubclass(kind, OpenStrEnum | OpenIntEnum)
    return [f"{name}={member.value}" for member in kind] if is_enum else []  # type: ignore[union-attr]


@cache
def _declared(api: str) -> Any:  # JSON
    return json.loads(declarations(api))
