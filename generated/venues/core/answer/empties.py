# Edited in templates/venues/core/answer/empties.py; the copy in generated/ is imported.
"""Reads JSON of exchanges that write "" for the numbers, times and enum values that they do not have.

A strict decoder takes "" for a broken number, and for a new value of an enum. So where a body holds one, it is parsed
first, and None put into the members that may be missing; what is left to do is then as fast as strict decoding.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin

import msgspec

EMPTY = b'""'
Fill = Callable[[Any], None]
"""Puts None where "" stands for what is missing, in a value that JSON can hold."""


def decode(raw: bytes, wanted: Any, **options: Any) -> Any:  # Any: types and options are values here
    """Return what a decoder of the type would, and None where an optional member that is no string holds "".

    A decoder of the type must have been built before: `msgspec.convert` knows no lock, and builds what is new.

    Args:
        raw: JSON.
        wanted: The type.
        options: Those of `msgspec.convert`.

    Raises:
        msgspec.DecodeError: if it is no JSON, or does not fit the type.
    """
    content = msgspec.json.Decoder(float_hook=Decimal).decode(raw)
    fill = _filler(wanted)
    if fill is not None:
        fill(content)
    return msgspec.convert(content, wanted, **options)


@cache
def _filler(wanted: Any) -> Fill | None:
    """Return what fills values of a type; None where nothing in it can be missing."""
    wanted = getattr(wanted, "__supertype__", wanted)
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        return _filler(_inner(wanted))
    if isinstance(origin, type) and issubclass(origin, list):
        return _of_members(_filler(get_args(wanted)[0]), list, iter)
    if origin is dict:
        return _of_members(_filler(get_args(wanted)[1]), dict, lambda value: iter(value.values()))
    if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct) and not wanted.__struct_config__.array_like:
        return _of_struct(wanted)
    return None


def _of_members(fill: Fill | None, kind: type, members: Callable[[Any], Iterator[Any]]) -> Fill | None:
    if fill is None:
        return None

    def fill_each(value: Any) -> None:
        if isinstance(value, kind):
            for member in members(value):
                fill(member)

    return fill_each


def _of_struct(kind: type[msgspec.Struct]) -> Fill:
    fields = msgspec.structs.fields(kind)
    missing = tuple(field.encode_name for field in fields if _may_be_empty(field.type))
    inside = tuple((field.encode_name, fill) for field in fields if (fill := _filler(field.type)) is not None)

    def fill_struct(value: Any) -> None:
        if isinstance(value, dict):
            for name in missing:
                if value.get(name) == "":
                    value[name] = None
            for name, fill in inside:
                fill(value.get(name))

    return fill_struct


def _may_be_empty(wanted: Any) -> bool:
    """Whether "" is no value of a type, and None is one: an optional one that is no string."""
    return get_origin(wanted) in (Union, types.UnionType) and _inner(wanted) not in (str, Any)


def _inner(optional: Any) -> Any:
    return next(kind for kind in get_args(optional) if kind is not type(None))
