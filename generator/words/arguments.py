"""Prints the arguments of example calls as Python."""

from __future__ import annotations

from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.types import INTEGERS, Json, Type
from generator.words.literals import literal


class Examples:
    """Prints examples by Python name, as a caller would write them."""

    def __init__(self, api: Api) -> None:
        self._sent = {struct.name: struct for struct in api.structs}
        self._enums = {enum.name: enum for enum in api.enums}

    def arguments(self, operation: Operation) -> str:
        """Print a dict of arguments."""
        given = [(p, operation.example[p.wire]) for p in operation.params if p.wire in operation.example]
        return "{" + ", ".join(f"{literal(p.name)}: {self.value(p.type, v)}" for p, v in given) + "}"

    def value(self, typed: Type, value: Json) -> str:
        """Print a value as a caller would pass it."""
        if typed.item is not None and isinstance(value, list):
            return "[" + ", ".join(self.value(typed.item, member) for member in value) + "]"
        if typed.kind == "struct" and isinstance(value, dict):
            members = {param.wire: param for param in self._sent[typed.name].params}
            inner = [f"{literal(members[w].name)}: {self.value(members[w].type, v)}" for w, v in value.items()]
            return "{" + ", ".join(inner) + "}"
        if typed.kind == "decimal":
            return f'Decimal("{value}")'
        if typed.kind == "boolean":
            return str(value in (True, "true"))
        if typed.kind in INTEGERS:
            return str(int(str(value)))
        return literal(value)
