"""Reads types of the spec language: `decimal`, `Side`, `list[Order]`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.ground.problems import near, suggest
from generator.model.types import Type


@dataclass(frozen=True)
class _Scalar:
    annotation: str
    argument: str


SCALARS = {
    "string": _Scalar("str", "str"),
    "integer": _Scalar("int", "int"),
    "boolean": _Scalar("bool", "bool"),
    "decimal": _Scalar("Decimal", "Number"),
    "timestamp_ms": _Scalar("TimestampMs", "Moment"),
    "timestamp_s": _Scalar("TimestampS", "Moment"),
    "json": _Scalar("Json", "Json"),
}
_CONTAINER = re.compile(r"(list|map)\[(.*)\]\Z")


class UnknownType(Exception):
    """A type that the spec does not have."""


class Types:
    """The types of one API."""

    def __init__(self, enums: Mapping[str, str], structs: Iterable[str]) -> None:
        self.enums = enums
        """Name of each enum → what its values are in Python."""
        self.structs = set(structs)
        self.guessed: set[str] = set()
        """Types that were probably meant by unknown ones."""

    def parse(self, text: str) -> Type:
        """Return the type that a spec calls `text`."""
        container = _CONTAINER.match(text)
        if container:
            return self._container(text, container.group(1), self.parse(container.group(2)))
        if text in SCALARS:
            scalar = SCALARS[text]
            return Type(text, text, scalar.annotation, scalar.argument, f'"{text}"')
        return self._named(text)

    def _named(self, text: str) -> Type:
        if text in self.enums:
            return Type("enum", text, text, f"{text} | {self.enums[text]}", text, (text,), text)
        if text in self.structs:
            return Type("struct", text, text, f"params.{text}", f"params.{text}Fields", (text,), text)
        known = self.enums.keys() | self.structs | SCALARS.keys()
        self.guessed |= {*near(text, known)}
        others = f"; there are {', '.join(SCALARS)}, and those of types.yaml"
        raise UnknownType(f"no type `{text}`{suggest(text, known) or others}")

    @staticmethod
    def _container(text: str, kind: str, item: Type) -> Type:
        if kind == "list":
            argument = f"Sequence[{item.argument}]"
            return Type(
                "list", text, f"list[{item.annotation}]", argument, f"ListOf({item.expression})", item.names, item=item
            )
        argument = f"Mapping[str, {item.argument}]"
        annotation = f"dict[str, {item.annotation}]"
        return Type("map", text, annotation, argument, f"MapOf({item.expression})", item.names, item=item)
