# Edited in templates/venues/core/request/params.py; the copy in generated/ is imported.
"""Parameters: what a caller may pass, and how lists and objects of it are written on the wire."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal, cast, final

from venues.core.request.rules import Rule
from venues.core.request.scalars import SCALARS, Write, Writer, enum_writer, in_query, list_values
from venues.core.request.wire import text_of
from venues.core.values.checks import did_you_mean
from venues.core.values.enums import OpenIntEnum, OpenStrEnum
from venues.core.values.numbers import Number
from venues.errors import InvalidRequest

Moment = datetime | int
"""A time: an aware datetime, or an integer in the unit of the parameter."""

Place = Literal["query", "body", "path", "header"]
Check = Callable[[object, object], None]
"""Checks what is written, and the caller's value."""
TextCheck = Callable[[str, object], None]
"""Checks one constraint, given what is written as text, and the caller's value."""


@final
@dataclass(frozen=True)
class ListOf:
    """A list of something."""

    item: Kind


@final
@dataclass(frozen=True)
class MapOf:
    """An object with free keys."""

    item: Kind


@final
@dataclass(frozen=True)
class Fields:
    """An object with known members, passed as a mapping of Python names."""

    name: str
    members: tuple[Param, ...]
    rules: tuple[Rule, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Param]:
        """Python name → member."""
        return {member.name: member for member in self.members}


Kind = (
    Literal["string", "integer", "boolean", "decimal", "timestamp_ms", "timestamp_s", "json"]
    | type[OpenStrEnum]
    | type[OpenIntEnum]
    | ListOf
    | MapOf
    | Fields
)


@dataclass(frozen=True)
class Param:
    """One parameter of an operation, or one member of an object that is sent."""

    wire: str
    """The exchange's word."""
    name: str
    """Ours."""
    kind: Kind
    required: bool = False
    place: Place | None = None
    """Where it goes, if not where the operation's parameters go."""
    write: Write = "text"
    default: str | None = None
    """What the exchange takes when it is not sent, as text."""
    always: bool = False
    """Whether the default is sent where nothing is given."""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    values: tuple[str, ...] = ()
    without_slash: bool = False
    """Whether it names a symbol of an exchange whose symbols have no slash."""

    @cached_property
    def encode(self) -> Writer:
        """The function that turns an argument into what is written, given a name for messages."""
        return _writer(self.kind, self.write, self.values)

    @cached_property
    def has_nested_objects(self) -> bool:
        """Whether it holds objects that have rules of their own."""
        return isinstance(self.kind, Fields) or (isinstance(self.kind, ListOf) and isinstance(self.kind.item, Fields))

    @cached_property
    def checks(self) -> tuple[TextCheck, ...]:
        """The constraints to check; most parameters have none."""
        bounded = self.minimum is not None or self.maximum is not None
        signless = self.minimum == 0 and self.maximum is None and self.kind == "decimal"
        wanted: tuple[tuple[bool, TextCheck], ...] = (
            (self.without_slash, self._check_slash),
            (bool(self.values), self._check_values),
            (bounded, self._check_sign if signless else self._check_range),
            (self.pattern is not None, self._check_pattern),
            (self.min_length is not None or self.max_length is not None, self._check_length),
            (self.min_items is not None or self.max_items is not None, self._check_items),
        )
        return tuple(check for needed, check in wanted if needed)

    @cached_property
    def checker(self) -> Check | None:
        """What checks a written value and the caller's against all constraints; None if there are none.

        It raises InvalidRequest for a value that breaks one.
        """
        checks = self.checks
        if not checks:
            return None
        if len(checks) == 1 and self.write == "text" and not isinstance(self.kind, ListOf):
            return cast("Check", checks[0])  # what is written is a text
        return self._check_all

    def check(self, written: object, given: object) -> None:
        """Check a written value and the caller's against all constraints.

        Raises:
            InvalidRequest: if it breaks one.
        """
        if self.checker is not None:
            self.checker(written, given)

    def _check_all(self, written: object, given: object) -> None:
        text = written if type(written) is str else text_of(written)  # nearly always a str, and a call costs more
        for check in self.checks:
            check(text, given)

    def _check_slash(self, text: str, _: object) -> None:
        if "/" in text:
            # Before the exchange says something vaguer, or finds nothing.
            raise InvalidRequest(
                f"{self.name} is {text!r}, and no symbol has a slash here; "
                f"client.symbols.find({text!r}) returns the exchange's spelling"
            )

    def _check_values(self, text: str, _: object) -> None:
        if text not in self.values:
            offered = list_values(self.kind, self.values) if isinstance(self.kind, type) else ", ".join(self.values)
            raise InvalidRequest(f"{self.name} is {text!r}; it may be {offered}")

    def _check_pattern(self, text: str, _: object) -> None:
        if not self._fits(text):
            raise InvalidRequest(f"{self.name} is {text!r}, which does not fit {self.pattern}")

    @cached_property
    def _fits(self) -> Callable[[str], object]:
        """The pattern, compiled: to look it up among all compiled ones costs more than to match it."""
        return re.compile(self.pattern or "").fullmatch

    def _check_length(self, text: str, _: object) -> None:
        self._check_size("characters", len(text), self.min_length, self.max_length)

    def _check_items(self, _: str, given: object) -> None:
        if isinstance(given, Sequence) and not isinstance(given, str):
            self._check_size("members", len(given), self.min_items, self.max_items)

    def _check_sign(self, text: str, given: object) -> None:
        # What is written has no sign but that of a number below zero, for zero is written without one.
        if text[0] == "-":
            self._check_range(text, given)

    def _check_range(self, text: str, _: object) -> None:
        number = Decimal(text)
        if self.minimum is not None and number < self.minimum:
            raise InvalidRequest(f"{self.name} is {text}; the least is {self.minimum}")
        if self.maximum is not None and number > self.maximum:
            raise InvalidRequest(f"{self.name} is {text}; the most is {self.maximum}")

    def _check_size(self, what: str, size: int, least: int | None, most: int | None) -> None:
        if least is not None and size < least:
            raise InvalidRequest(f"{self.name} has {size} {what}; the least is {least}")
        if most is not None and size > most:
            raise InvalidRequest(f"{self.name} has {size} {what}; the most is {most}")


def _writer(kind: Kind, write: Write, values: tuple[str, ...] = ()) -> Writer:
    if isinstance(kind, ListOf):
        return _list_writer(kind, write)
    if isinstance(kind, MapOf):
        return in_query(_map_writer(kind), write)
    if isinstance(kind, Fields):
        return in_query(lambda value, what: encode_fields(kind, value, what), write)
    if isinstance(kind, type):
        return enum_writer(kind, write, values)
    return SCALARS[kind](write)


def _list_writer(kind: ListOf, write: Write) -> Writer:
    member = _writer(kind.item, "json" if write == "json" else "text")

    def encode(value: object, what: str) -> object:
        # A str is a sequence, too, and would be sent letter by letter.
        if isinstance(value, (str, bytes, bytearray)) or not isinstance(value, Sequence):
            raise InvalidRequest(f"{what} is of type {type(value).__name__}; pass a list")
        if write == "comma" and not value:
            # It would be sent as an empty string, which says "not given": often all there are, instead of none.
            raise InvalidRequest(f"{what} is empty; leave it out, or name at least one")
        written = [member(item, f"{what}[{index}]") for index, item in enumerate(value)]
        return ",".join(map(text_of, written)) if write == "comma" else written

    return encode


def _map_writer(kind: MapOf) -> Writer:
    member = _writer(kind.item, "json")

    def encode(value: object, what: str) -> object:
        if not isinstance(value, Mapping):
            raise InvalidRequest(f"{what} is of type {type(value).__name__}; pass a dict")
        return {str(key): member(item, f"{what}[{key!r}]") for key, item in value.items()}

    return encode


def encode_fields(fields: Fields, value: object, what: str) -> dict[str, object]:
    """Turn a mapping of Python names into a mapping of wire names."""
    if not isinstance(value, Mapping):
        raise InvalidRequest(f"{what} is of type {type(value).__name__}; pass a dict with the members of {fields.name}")
    written: dict[str, object] = {}
    for name, item in value.items():
        member = fields.by_name.get(str(name))
        if member is None:
            raise InvalidRequest(
                f"{what}: {fields.name} has no member {name!r}{did_you_mean(str(name), fields.by_name)}"
            )
        if item is not None and item != "":
            written[member.wire] = member.encode(item, f"{what}.{name}")
    return written


__all__ = ["Fields", "ListOf", "MapOf", "Moment", "Number", "Param", "encode_fields"]
