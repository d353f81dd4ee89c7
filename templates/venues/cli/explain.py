# Edited in templates/venues/cli/explain.py; the copy in generated/ is imported.
"""venues call <api> <operation> --help: what an operation takes, its rules, and an example."""

from __future__ import annotations

import json
import re
import shlex
from decimal import Decimal
from enum import Enum
from importlib import import_module
from inspect import getdoc
from typing import Any

from venues.cli.printing import json_value, print_line
from venues.cli.target import operation_of
from venues.core.request.operation import Operation
from venues.core.request.params import Fields, Kind, ListOf, MapOf, Param

PARAMETER = re.compile(r"^    (\w+): ", re.MULTILINE)
MEMBERS = re.compile(r" *`(?P<enum>[A-Z]\w+)`:\s+`\w+`(?:,\s+`\w+`)*\.")
MEMBER = re.compile(r"`(?P<enum>[A-Z]\w+)\.(?P<name>[A-Z]\w+)`")
KINDS = {"timestamp_ms": "time", "timestamp_s": "time", "json": "JSON", "string": "text"}


def print_operation(command: str, api: str, name: str) -> None:
    """Print the docstring of a method in the words of the command line, and how it is called."""
    operation = operation_of(api, name)
    print_line(f"{api} {operation.full_name}: {operation.method} {operation.path}\n")
    print_line(_text(api, operation))
    print_line(f"\nExample:\n    {shlex.join(['venues', command, api, name, *_example(api, operation)])}")


def _text(api: str, operation: Operation[Any]) -> str:
    module = import_module(f"venues.{api}.rest.{operation.group}")
    groups = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]
    text = getdoc(getattr(groups[0], operation.name)) or ""
    enums = {kind.__name__: kind for param in operation.params if (kind := _enum_of(param.kind)) is not None}

    def list_values(found: re.Match[str]) -> str:
        kind = enums.get(found["enum"])
        return found[0] if kind is None else f" One of {', '.join(str(member.value) for member in kind)}."

    def value_of(found: re.Match[str]) -> str:
        kind = enums.get(found["enum"])
        return found[0] if kind is None else f"`{kind[found['name']].value}`"

    def describe(found: re.Match[str]) -> str:
        param = operation.by_name.get(found[1])
        return found[0] if param is None else f"    {param.name} ({_kind(param)}): "

    text = MEMBER.sub(value_of, MEMBERS.sub(list_values, text))
    text = re.sub(r" \(headers and raw body: .*\)$", "", text, flags=re.MULTILINE)
    return PARAMETER.sub(describe, text).replace("\nArgs:\n", "\nParameters:\n")


def _enum_of(kind: Kind) -> type[Enum] | None:
    inner = kind.item if isinstance(kind, ListOf) else kind
    return inner if isinstance(inner, type) and issubclass(inner, Enum) else None


def _kind(param: Param) -> str:
    kind = param.kind
    if isinstance(kind, ListOf | MapOf | Fields):
        word = "JSON list" if isinstance(kind, ListOf) else "JSON object"
    else:
        word = kind.__name__ if isinstance(kind, type) else KINDS.get(kind, kind)
    return f"{word}, required" if param.required else word


def _example(api: str, operation: Operation[Any]) -> list[str]:
    """Return the example of an operation as words of a command line."""
    arguments = import_module(f"venues.{api}.examples").EXAMPLES[operation.full_name].arguments
    return [f"{name}={_word(value)}" for name, value in arguments.items()]


def _word(value: object) -> str:
    found = json_value(value)
    return found if isinstance(found, str) else json.dumps(found, default=_exact, ensure_ascii=False)


def _exact(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)
