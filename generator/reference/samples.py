"""Prints calls in Python that type-check and run."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct as Record
from msgspec import field

from generator.model.api import Api
from generator.model.fitting import wire_text
from generator.model.operations import Operation
from generator.model.types import INTEGERS, Json, Param, Type
from generator.words.literals import literal
from generator.words.markdown import WIDTH

NARROW = 60
"""Characters in a line of a call: it stands beside the parameters, in half a page."""


class Bracket(Record, frozen=True):
    """An expression that may be broken into lines."""

    opening: str
    items: Sequence[str | Bracket]
    closing: str

    def __str__(self) -> str:
        return f"{self.opening}{', '.join(map(str, self.items))}{self.closing}"

    def lines(self, indent: int, width: int = WIDTH) -> str:
        """Print on one line if it fits, otherwise one item per line, as black does."""
        flat = str(self)
        if not self.items or len(flat) + indent <= width:
            return flat
        inner = " " * (indent + 4)
        rows = [item.lines(indent + 4, width) if isinstance(item, Bracket) else item for item in self.items]
        return f"{self.opening}\n" + "".join(f"{inner}{row},\n" for row in rows) + " " * indent + self.closing


class Imports(Record):
    """The names that a sample imports."""

    names: set[str] = field(default_factory=set)
    decimal: bool = False


class Samples:
    """Prints the samples of one API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._structs = {struct.name: struct for struct in api.structs}
        self._members = {e.name: {str(m.value): m.name for m in e.members} for e in api.enums}

    def sync_call(self, operation: Operation) -> str:
        """Print a call of the sync client."""
        imports, client = self._client(operation, "")
        call = self._call(operation, imports, "client", 4)
        return f"{self._head(imports)}with {client} as client:\n{_statements(operation, call, 4)}"

    def async_call(self, operation: Operation) -> str:
        """Print a call of the async client."""
        imports, client = self._client(operation, "Async")
        call = self._call(operation, imports, "await client", 8)
        lines = ["async def main() -> None:", f"    async with {client} as client:", _statements(operation, call, 8)]
        return f"{self._head(imports, 'import asyncio')}\n" + "\n".join(lines) + "\n\n\nasyncio.run(main())"

    def reconcile_call(self, operation: Operation) -> str:
        """Print a call whose outcome is looked up when it is unknown."""
        imports, client = self._client(operation, "")
        call = self._call(operation, imports, "client", 8)
        lines = [f"with {client} as client:", "    try:", _statements(operation, call, 8)]
        lines += [
            "    except errors.ExecutionUnknown as error:",
            "        outcome = client.reconcile(error)",
            "        print(outcome.executed, outcome.found, outcome.evidence)",
        ]
        # As isort has it: the package before its subpackages.
        head = self._head(imports).replace("from venues.", "from venues import errors\nfrom venues.", 1)
        return head + "\n".join(lines)

    def prepare_call(self) -> str:
        """Print how a signed call is prepared, and nothing sent; empty if no call is signed."""
        signed = [one for one in self._api.operations if one.auth == "signed"]
        if not signed:
            return ""
        # An order, where there is any: it has the parameters that are often signed incorrectly.
        operation = next((one for one in signed if one.does("place", "order")), signed[0])
        imports, client = self._client(operation, "")
        imports.names.add("operations")
        made = [f"operations.{operation.full_name.replace('.', '_').upper()}", *self._given(operation, imports)]
        lines = [f"with {client} as client:", f"    {Bracket('request = client.prepare(', made, ')').lines(4)}"]
        lines += ["    print(request.method, request.url, request.headers, request.body)"]
        return self._head(imports) + "\n".join(lines)

    def _client(self, operation: Operation, prefix: str) -> tuple[Imports, str]:
        name = f"{prefix}{self._api.client}"
        # Keys come from the environment, so that no reader puts one into a program.
        return Imports({name}), f"{name}()" if operation.auth == "none" else f"{name}.from_env()"

    def _head(self, imports: Imports, *modules: str) -> str:
        names = sorted(imports.names, key=lambda name: (name.islower(), name.lower()))  # as ruff has it: modules last
        line = f"from venues.{self._api.name} import {', '.join(names)}"
        if len(line) > WIDTH:
            line = Bracket(f"from venues.{self._api.name} import (", names, ")").lines(0)
        standard = [*modules, *(["from decimal import Decimal"] if imports.decimal else [])]
        return "".join(f"{each}\n" for each in standard) + ("\n" if standard else "") + f"{line}\n\n"

    def _call(self, operation: Operation, imports: Imports, client: str, indent: int) -> str:
        shown = "result = " if operation.returns else ""
        items = self._given(operation, imports)
        return Bracket(f"{shown}{client}.{operation.full_name}(", items, ")").lines(indent, NARROW)

    def _given(self, operation: Operation, imports: Imports) -> list[str | Bracket]:
        given = [(p, operation.example[p.wire]) for p in operation.params if p.wire in operation.example]
        return [self._keyword(param, value, imports) for param, value in given]

    def _keyword(self, param: Param, value: Json, imports: Imports) -> str | Bracket:
        printed = self._value(param.type, value, imports)
        if isinstance(printed, Bracket):
            return Bracket(f"{param.name}={printed.opening}", printed.items, printed.closing)
        return f"{param.name}={printed}"

    def _value(self, typed: Type, value: Json, imports: Imports) -> str | Bracket:
        if typed.kind == "list" and typed.item is not None and isinstance(value, list):
            return Bracket("[", [self._value(typed.item, member, imports) for member in value], "]")
        if typed.kind == "struct" and isinstance(value, dict):
            members = {param.wire: param for param in self._structs[typed.name].params}
            pairs = [(members[wire], member) for wire, member in value.items() if wire in members]
            return Bracket("{", [self._pair(p.name, self._value(p.type, v, imports)) for p, v in pairs], "}")
        if typed.kind == "map" and typed.item is not None and isinstance(value, dict):
            return Bracket("{", [self._pair(k, self._value(typed.item, v, imports)) for k, v in value.items()], "}")
        return self._scalar(typed, value, imports)

    def _pair(self, name: str, value: str | Bracket) -> str | Bracket:
        if isinstance(value, Bracket):
            return Bracket(f"{_double_quote(literal(name))}: {value.opening}", value.items, value.closing)
        return f"{_double_quote(literal(name))}: {value}"

    def _scalar(self, typed: Type, value: Json, imports: Imports) -> str:
        if typed.kind == "decimal":
            imports.decimal = True
            return f'Decimal("{wire_text(value)}")'
        if typed.kind == "boolean":
            return str(value in (True, "true"))
        if typed.kind in INTEGERS:
            return str(int(wire_text(value)))
        member = self._members.get(typed.name, {}).get(str(value))
        if member is not None:
            imports.names.add(typed.name)
            return f"{typed.name}.{member}"
        return _double_quote(literal(value)) if isinstance(value, str) else literal(value)


def _double_quote(printed: str) -> str:
    # Formatters prefer double quotes; a text with quotes or backslashes keeps what `repr` chose.
    return f'"{printed[1:-1]}"' if printed[0] == "'" and '"' not in printed and "\\'" not in printed else printed


def _statements(operation: Operation, call: str, indent: int) -> str:
    inner = " " * indent
    return f"{inner}{call}\n{inner}print(result)" if operation.returns else f"{inner}{call}"
