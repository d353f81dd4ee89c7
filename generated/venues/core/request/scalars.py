# Edited in templates/venues/core/request/scalars.py; the copy in generated/ is imported.
"""How one value is written on the wire: a text, a number, a time, a member of an enum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Literal, Protocol

import msgspec

from venues.core.request.wire import text_of
from venues.core.values.enums import OpenIntEnum, OpenStrEnum
from venues.core.values.numbers import plain_decimal, printable, whole_number
from venues.errors import InvalidRequest

Write = Literal["text", "number", "json", "comma", "repeat"]
"""How a parameter is written, beside where it goes."""


class Writer(Protocol):
    """Turns an argument into what is written."""

    def __call__(self, value: object, what: str) -> object:
        """Return what is written; messages call the argument `what`.

        Raises:
            InvalidRequest: if it can't be written.
        """


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS_END = 100_000_000_000
"""Where seconds since 1970 end and milliseconds begin to be plausible (year 5138 and 1973)."""


def in_query(writer: Writer, write: Write) -> Writer:
    """In a query or form, objects are compact JSON; inside JSON they are objects."""
    return writer if write == "json" else lambda value, what: text_of(writer(value, what))


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
    return in_query(_exact_json, write)


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


def list_values(kind: type[OpenStrEnum] | type[OpenIntEnum], values: tuple[str, ...]) -> str:
    """List what an enum may be, numbers with their names."""
    members = [member for member in kind if not values or str(member.value) in values]
    return ", ".join(f"{m.value} ({m.name})" if isinstance(m.value, int) else str(m.value) for m in members)


def enum_writer(kind: type[OpenStrEnum] | type[OpenIntEnum], write: Write, values: tuple[str, ...]) -> Writer:
    """Return the writer of the members of an enum, or of some of them (by value, as text)."""
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
                f"{what} is of type {type(value).__name__}; pass a member of {kind.__name__}: {list_values(kind, values)}"
            )
        found = known.get(_as_text(value) or "")
        if found is None and values:
            raise InvalidRequest(f"{what} is {printable(value)}; it may be {list_values(kind, values)}")
        if found is None:
            fits = type(value) is (int if numbers else str)
            other = f" (to send another, pass {kind.__name__}({printable(value)}))" if fits else ""
            raise InvalidRequest(
                f"{what} is {printable(value)}; {kind.__name__} has {list_values(kind, values)}{other}"
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
"""Kind → what returns the writer of such values."""
