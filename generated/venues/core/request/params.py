# Edited in templates/venues/core/request/params.py; the copy in generated/ is imported.
"""Parameters: what a caller may pass, and how it is written on the wire."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Literal, Protocol, cast, final

import msgspec

from venues.core.request.rules import Rule
from venues.core.request.wire import text_of
from venues.core.values.checks import did_you_mean
from venues.core.values.enums import OpenIntEnum, OpenStrEnum
from venues.core.values.numbers import Number, plain_decimal, printable, whole_number
from venues.errors import InvalidRequest

Moment = datetime | int
"""A time: an aware datetime, or an integer in the unit of the parameter."""

Place = Literal["query", "body", "path", "header"]
Write = Literal["text", "number", "json", "comma", "repeat"]
Check = Callable[[object, object], None]
"""Checks what is written, and the caller's value."""
TextCheck = Callable[[str, object], None]
"""Checks one constraint, given what is written as text, and the caller's value."""


class Writer(Protocol):
    """Turns an argument into what is written, given a name for messages."""

    def __call__(self, value: object, what: str) -> object: ...


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS_END = 100_000_000_000
"""Where seconds since 1970 end and milliseconds begin to be plausible (year 5138 and 1973)."""


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
            offered = _list_values(self.kind, self.values) if isinstance(self.kind, type) else ", ".join(self.values)
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
        return _in_query(_map_writer(kind), write)
    if isinstance(kind, Fields):
        return _in_query(lambda value, what: encode_fields(kind, value, what), write)
    if isinstance(kind, type):
        return _enum_writer(kind, write, values)
    return SCALARS[kind](write)


def _in_query(writer: Writer, write: Write) -> Writer:
    """In a query or form, objects are compact JSON; inside JSON they are objects."""
    return writer if write == "json" else lambda value, what: text_of(writer(value, what))


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


def _string(write: Write) -> Writer:
    def encode(value: object, what: str) -> object:
        # The usual case first: nothing in ASCII can fail to be written.
        if type(value) is str and value.isascii():
            return value
        if isinstance(value, Enum):
            value = value.value
        text = _as_text(value)
        if text is None:
            raise InvalidRequest(f"{what} is of type {type(value).__name__}; pass a str")
        return _encodable(text, what)

    return encode


def _as_text(value: object) -> str | None:
    """Return a text, or an int as text; None for everything else."""
    if isinstance(value, str):
        return value
    number = whole_number(value)
    return None if number is None else str(number)


def _encodable(text: str, what: str) -> str:
    """Return a text, if it can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate: Python holds one in a str, UTF-8 has no bytes for it
        raise InvalidRequest(f"{what} holds half of a character, which can't be sent") from None
    return text


def _integer(write: Write) -> Writer:
    def encode(value: object, what: str) -> object:
        number = whole_number(value)
        if number is None:
            raise InvalidRequest(f"{what} is {printable(value)}; pass an int")
        return str(number) if write == "text" else number

    return encode


def _boolean(write: Write) -> Writer:
    def encode(value: object, what: str) -> object:
        if value in ("true", "false"):  # as an earlier answer wrote it, or a command line
            value = value == "true"
        if not isinstance(value, bool):
            raise InvalidRequest(f"{what} is {printable(value)}; pass True or False")
        return text_of(value) if write == "text" else value

    return encode


def _decimal(write: Write) -> Writer:
    if write == "text":
        return plain_decimal
    # Raw: written into JSON digit by digit, where a float would lose some.
    return lambda value, what: msgspec.Raw(plain_decimal(value, what))


def _json(write: Write) -> Writer:
    return _in_query(_exact_json, write)


def _exact_json(value: object, what: str) -> object:
    """Return what JSON has words for, its numbers exact."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _encodable(value, what)
    if isinstance(value, Mapping):
        return {str(key): _exact_json(item, f"{what}[{key!r}]") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact_json(item, f"{what}[{index}]") for index, item in enumerate(value)]
    return msgspec.Raw(plain_decimal(value, what))


def _timestamp(per_second: int) -> Callable[[Write], Writer]:
    unit, other = ("milliseconds", "seconds") if per_second == 1000 else ("seconds", "milliseconds")

    def writer_for(write: Write) -> Writer:
        def encode(value: object, what: str) -> object:
            if isinstance(value, datetime):
                number: int | None = _since_1970(value, what) // timedelta(seconds=1 / per_second)
            else:
                number = whole_number(value)
                if number is None:
                    raise InvalidRequest(
                        f"{what} is {printable(value)}; pass an aware datetime, or {unit} since 1970 as an int"
                    )
                # The most common mistake with times; 0 fits both units.
                if number and (number < SECONDS_END) != (per_second == 1):
                    raise InvalidRequest(f"{what} is {number}, which looks like {other}; this is in {unit} since 1970")
            return str(number) if write == "text" else number

        return encode

    return writer_for


def _since_1970(moment: datetime, what: str) -> timedelta:
    # Python would read it in the time zone of this machine, which differs between a laptop and a server.
    if moment.utcoffset() is None:
        raise InvalidRequest(f"{what} is a datetime without time zone; pass one with tzinfo, as datetime.now(UTC)")
    return moment - EPOCH


def _list_values(kind: type[OpenStrEnum] | type[OpenIntEnum], values: tuple[str, ...]) -> str:
    """List what an enum may be, numbers with their names."""
    members = [member for member in kind if not values or str(member.value) in values]
    return ", ".join(f"{m.value} ({m.name})" if isinstance(m.value, int) else str(m.value) for m in members)


def _enum_writer(kind: type[OpenStrEnum] | type[OpenIntEnum], write: Write, values: tuple[str, ...]) -> Writer:
    numbers = issubclass(kind, OpenIntEnum)
    as_number = numbers and write not in ("text", "comma", "repeat")
    # Looked up as text, so that 1 and "1" both find the member, whatever the exchange takes.
    known = {str(member.value): member.value if as_number else str(member.value) for member in kind}

    def encode(value: object, what: str) -> object:
        if type(value) is str and value in known:
            return known[value]
        if isinstance(value, kind):
            return value._value_ if as_number else str(value._value_)
        # A member of another enum may have a value that fits by chance: 1 is BUY here and LONG there.
        if isinstance(value, (OpenStrEnum, OpenIntEnum)):
            raise InvalidRequest(
                f"{what} is of type {type(value).__name__}; pass a member of {kind.__name__}: {_list_values(kind, values)}"
            )
        found = known.get(_as_text(value) or "")
        if found is None and values:
            raise InvalidRequest(f"{what} is {printable(value)}; it may be {_list_values(kind, values)}")
        if found is None:
            fits = type(value) is (int if numbers else str)
            other = f" (to send another, pass {kind.__name__}({printable(value)}))" if fits else ""
            raise InvalidRequest(
                f"{what} is {printable(value)}; {kind.__name__} has {_list_values(kind, values)}{other}"
            )
        return found

    return encode


SCALARS: dict[str, Callable[[Write], Writer]] = {
    "string": _string,
    "integer": _integer,
    "boolean": _boolean,
    "decimal": _decimal,
    "timestamp_ms": _timestamp(1000),
    "timestamp_s": _timestamp(1),
    "json": _json,
}

__all__ = ["Fields", "ListOf", "MapOf", "Moment", "Number", "Param", "encode_fields"]
