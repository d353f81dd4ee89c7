"""Reads types of the spec language: `decimal`, `Side`, `list[Order]`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from generator.ground.problems import near, suggest
from generator.model.types import Type

SCALARS = ("string", "integer", "boolean", "decimal", "timestamp_ms", "timestamp_s", "json")
ELSEWHERE = {
    **dict.fromkeys(("float", "double", "number", "numeric"), "decimal"),
    **dict.fromkeys(("int", "long", "int32", "int64"), "integer"),
    **dict.fromkeys(("str", "text"), "string"),
    **dict.fromkeys(("timestamp", "datetime", "date", "time"), "timestamp_ms` or `timestamp_s"),
    **dict.fromkeys(("array", "list"), "list[T]"),
    **dict.fromkeys(("dict", "map"), "map[T]"),
    "bool": "boolean",
    "object": "json",
}
"""What other languages call a type → what it is called here."""
_CONTAINER = re.compile(r"(list|map)\[(.*)\]\Z")
"""Greedy, so that the brackets of `list[map[Order]]` pair from the outside in."""


class UnknownType(Exception):
    """A type that the spec does not have."""

    def __init__(self, name: str, what: str) -> None:
        self.name = name
        super().__init__(what)


class Types:
    """The types of one API."""

    def __init__(self, enums: Iterable[str], structs: Iterable[str]) -> None:
        self.enums = set(enums)
        self.structs = set(structs)
        self.guessed: set[str] = set()
        """Types that were probably meant by unknown ones."""

    def parse(self, text: str) -> Type:
        """Return the type that a spec calls `text`.

        Raises:
            UnknownType: if it is none, with what was probably meant.
        """
        container = _CONTAINER.match(text)
        if container:
            return Type(container.group(1), item=self.parse(container.group(2)))
        return Type(text) if text in SCALARS else self._declared_type(text)

    def _declared_type(self, text: str) -> Type:
        if text in self.enums:
            return Type("enum", text)
        if text in self.structs:
            return Type("struct", text)
        known = self.enums | self.structs | {*SCALARS}
        self.guessed |= {*near(text, known)}
        raise UnknownType(text, f"no type `{text}`{self._instead(text, known)}")

    def _instead(self, text: str, known: set[str]) -> str:
        """Say what to write instead of an unknown type."""
        if text.lower() in ELSEWHERE:
            return f"; write `{ELSEWHERE[text.lower()]}`"
        return suggest(text, known) or f"; types are {', '.join(SCALARS)}, and those of types.yaml"
