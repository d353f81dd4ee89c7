"""Prints types in Python: as annotations of responses and arguments, and as the runtime's descriptions."""

from __future__ import annotations

from collections.abc import Iterable

from generator.model.types import Enum, Type
from generator.words.literals import literal

ANSWERED = {
    "string": "str",
    "integer": "int",
    "boolean": "bool",
    "decimal": "Decimal",
    "timestamp_ms": "TimestampMs",
    "timestamp_s": "TimestampS",
    "json": "Json",
}
"""What a caller gets."""
ACCEPTED = ANSWERED | {"decimal": "Number", "timestamp_ms": "Moment", "timestamp_s": "Moment"}
"""What a caller may pass is wider: `Number` accepts an int or a string as well, `Moment` a datetime."""
MODULE = "params."
"""The prefix of structs that are sent, in modules other than `params`."""


def annotation(typed: Type | None) -> str:
    """Print the annotation of a response: `list[Order]`; `None` if nothing is returned."""
    if typed is None:
        return "None"
    if typed.item is not None:
        return f"list[{annotation(typed.item)}]" if typed.kind == "list" else f"dict[str, {annotation(typed.item)}]"
    return typed.name or ANSWERED[typed.kind]


def union(types: Iterable[Type]) -> str:
    """Print the annotation of a response with one of several types."""
    return " | ".join(dict.fromkeys(map(annotation, types)))


def description(typed: Type, module: str = MODULE) -> str:
    """Print the runtime's description of an argument: `ListOf("decimal")`."""
    if typed.item is not None:
        return f"{'ListOf' if typed.kind == 'list' else 'MapOf'}({description(typed.item, module)})"
    if typed.kind == "struct":
        return f"{module}{typed.name}Fields"
    return typed.name or literal(typed.kind)


class Arguments:
    """Prints the annotations of arguments; enums accept their plain values, too."""

    def __init__(self, enums: Iterable[Enum]) -> None:
        self._values = {enum.name: "int" if enum.base == "integer" else "str" for enum in enums}

    def __call__(self, typed: Type, module: str = MODULE) -> str:
        """Print an annotation: `Sequence[Number]`."""
        if typed.item is not None:
            item = self(typed.item, module)
            # Not list: it is invariant, so a list[Decimal] would not be a list[Number].
            return f"Sequence[{item}]" if typed.kind == "list" else f"Mapping[str, {item}]"
        if typed.kind == "struct":
            return f"{module}{typed.name}"
        return f"{typed.name} | {self._values[typed.name]}" if typed.name else ACCEPTED[typed.kind]
