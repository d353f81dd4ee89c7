# Edited in templates/venues/core/values/export.py; the copy in generated/ is imported.
"""Structs as plain data: dictionaries, JSON, columns of a table, and times that know their zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Literal, get_args, get_type_hints

import msgspec

from venues.core.values.numbers import decimal_text
from venues.core.values.secrets import MASK, Secret

Times = Literal["integer", "datetime"]
UNITS = {"TimestampMs": 1_000, "TimestampS": 1}
"""The types of times, and how many of their unit are a second."""
MICROSECONDS_FROM = 10**14
"""The least number that is microseconds where milliseconds are usual: 1973 in the one unit, the year 5138 in the other."""


def as_dict(struct: msgspec.Struct, *, wire: bool = False) -> dict[str, Any]:
    """Return a struct as a dict: objects as dicts, enums as their values, decimals as they are.

    Args:
        struct: Of an answer or a push.
        wire: Whether to use the exchange's names in place of Python's.
    """
    names = struct.__struct_encode_fields__ if wire else struct.__struct_fields__
    return {
        name: _as_data(getattr(struct, field), wire)
        for name, field in zip(names, struct.__struct_fields__, strict=True)
    }


def as_json(struct: msgspec.Struct, *, wire: bool = False) -> str:
    """Return a struct as JSON; decimals are texts without exponent, so that no reader makes floats of them."""
    return msgspec.json.encode(without_decimals(as_dict(struct, wire=wire))).decode()


def as_time(struct: msgspec.Struct, field: str) -> datetime | None:
    """Return the time in a field as an aware datetime in UTC, or None if the field is None.

    Raises:
        AttributeError: if the field is no time, or there is none of that name.
    """
    unit = times_of(type(struct)).get(field)
    if unit is None:
        known = ", ".join(times_of(type(struct))) or "none"
        raise AttributeError(f"{type(struct).__name__}.{field} is no time; times are: {known}")
    value = getattr(struct, field)
    return None if value is None else moment(value, unit)


def moment(value: int, unit: int) -> datetime:
    """Return a time as an aware datetime, exactly: a float of seconds would lose digits.

    Args:
        value: Since 1970.
        unit: How many of its unit are a second. Milliseconds may be microseconds: some exchanges let a caller choose.
    """
    if unit == UNITS["TimestampMs"] and value >= MICROSECONDS_FROM:
        unit = 1_000_000
    return datetime.fromtimestamp(value // unit, UTC).replace(microsecond=value % unit * (1_000_000 // unit))


def as_columns(structs: Iterable[msgspec.Struct], *, times: Times = "integer") -> dict[str, list[Any]]:
    """Return structs as columns: Python name → values, as `pandas.DataFrame` and `polars.DataFrame` take them.

    An object in a struct becomes columns of its own: `balance.free`. What one struct has and another lacks is None.

    Args:
        structs: What an operation returned, or events of a stream.
        times: `integer` as the exchange says them, or `datetime` in UTC.

    Raises:
        TypeError: if this is no list of structs.
        ValueError: if `times` is another word.
    """
    if times not in get_args(Times):
        raise ValueError(f"times is {times!r}; it may be {', '.join(get_args(Times))}")
    if isinstance(structs, msgspec.Struct):
        raise TypeError(f"rows are made of a list; pass [{type(structs).__name__.lower()}]")
    found = [dict(_cells(struct, times, "")) for struct in structs]
    names = dict.fromkeys(name for row in found for name in row)
    return {name: [row.get(name) for row in found] for name in names}


def json_default(value: object) -> object:
    """Return what `json` can write of a value that it does not know: `json.dumps(order, default=venues.json_default)`.

    Args:
        value: A struct becomes a dict by Python names, a decimal text without exponent, a time ISO 8601.

    Raises:
        TypeError: if it is something else.
    """
    if isinstance(value, msgspec.Struct):
        return as_dict(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} can't be written as JSON")


def _cells(struct: object, times: Times, prefix: str) -> Iterator[tuple[str, object]]:
    if not isinstance(struct, msgspec.Struct):
        raise TypeError(f"rows are made of structs, not of {type(struct).__name__}")
    units = times_of(type(struct)) if times == "datetime" else {}
    for name in struct.__struct_fields__:
        value = getattr(struct, name)
        if isinstance(value, msgspec.Struct):
            yield from _cells(value, times, f"{prefix}{name}.")
        elif name in units and value is not None:
            yield f"{prefix}{name}", moment(value, units[name])
        else:
            yield f"{prefix}{name}", _as_data(value, wire=False)


@cache
def times_of(kind: type[msgspec.Struct]) -> dict[str, int]:
    """Return which fields of a struct are times, and how many of their unit are a second."""
    hints = get_type_hints(kind)
    return {name: unit for name in kind.__struct_fields__ if (unit := _unit_of(hints[name])) is not None}


def _unit_of(hint: object) -> int | None:
    names = [getattr(kind, "__name__", "") for kind in (hint, *get_args(hint))]
    return next((UNITS[name] for name in names if name in UNITS), None)


def _as_data(value: object, wire: bool) -> object:
    if isinstance(value, msgspec.Struct):
        return as_dict(value, wire=wire)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, (list, tuple)):
        return [_as_data(item, wire) for item in value]
    if isinstance(value, Mapping):
        return {key: _as_data(item, wire) for key, item in value.items()}
    return value


def without_decimals(value: object) -> object:
    """Return plain data with its decimals as texts without exponent."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, list):
        return [without_decimals(item) for item in value]
    if isinstance(value, dict):
        return {str(key): without_decimals(item) for key, item in value.items()}
    return value
