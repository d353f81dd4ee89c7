# Edited in templates/venues/core/answer/variants.py; the copy in generated/ is imported.
"""Reads JSON of exchanges that write members differently: under another known name, or "" for what they do not have.

A strict decoder passes over a name that it does not know, and takes "" for a broken number or for a new value of an
enum. So where a body holds one of either, it is parsed first, its members renamed, and None put into those that may be
missing; what is left to do is then as fast as strict decoding.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin

import msgspec

EMPTY = b'""'
Tidy = Callable[[Any], None]
"""Puts members where they belong, in a value that JSON can hold."""


def tidying(
    decode: Callable[[bytes], Any],
    wanted: Any,  # types and options are values here
    *,
    also: tuple[str, ...],
    empties: bool,
    **options: Any,
) -> Callable[[bytes], Any]:
    """Return a decoder that reads what is written otherwise, too.

    Args:
        decode: The strict decoder of the type; `msgspec.convert` knows no lock, and builds what is new.
        wanted: The type.
        also: The other names of members, as far as the type has members that have some.
        empties: Whether "" stands for what is missing.
        options: Those of `msgspec.convert`.
    """
    marks = (*((EMPTY,) if empties else ()), *(f'"{name}"'.encode() for name in also))

    def read(body: bytes) -> Any:
        if not any(mark in body for mark in marks):
            return decode(body)
        content = msgspec.json.Decoder(float_hook=Decimal).decode(body)
        tidy(content, wanted, empties=empties)
        return msgspec.convert(content, wanted, **options)

    return read


def tidy(content: Any, wanted: Any, *, empties: bool = False) -> None:
    """Rename members of parsed JSON as a type calls them, and with `empties` put None for "" where that may be."""
    found = _tidier(wanted, empties)
    if found is not None:
        found(content)


@cache
def _tidier(wanted: Any, empties: bool) -> Tidy | None:
    """Return what tidies values of a type; None where there is nothing to do."""
    wanted = getattr(wanted, "__supertype__", wanted)
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        return _all_of([_tidier(kind, empties) for kind in get_args(wanted)])
    if isinstance(origin, type) and issubclass(origin, list):
        return _of_members(_tidier(get_args(wanted)[0], empties), list, iter)
    if origin is dict:
        return _of_members(_tidier(get_args(wanted)[1], empties), dict, lambda value: iter(value.values()))
    if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct) and not wanted.__struct_config__.array_like:
        return _of_struct(wanted, empties)
    return None


def _all_of(tidiers: list[Tidy | None]) -> Tidy | None:
    given = [each for each in tidiers if each is not None]

    def tidy_each(value: Any) -> None:
        for each in given:
            each(value)

    return tidy_each if given else None


def _of_members(each: Tidy | None, kind: type, members: Callable[[Any], Iterator[Any]]) -> Tidy | None:
    if each is None:
        return None

    def tidy_members(value: Any) -> None:
        if isinstance(value, kind):
            for member in members(value):
                each(member)
        else:
            each(value)  # one object, where a list of one was promised

    return tidy_members


def _of_struct(kind: type[msgspec.Struct], empties: bool) -> Tidy | None:
    fields = msgspec.structs.fields(kind)
    names: Mapping[str, str] = getattr(kind, "OTHER_NAMES", {})
    missing = tuple(field.encode_name for field in fields if empties and _may_be_empty(field.type))
    every = [(field.encode_name, _tidier(field.type, empties)) for field in fields]
    inside = tuple((name, each) for name, each in every if each is not None)

    def tidy_struct(value: Any) -> None:
        if not isinstance(value, dict):
            return
        for other, name in names.items():
            if other in value and value.get(name) in (None, ""):
                value[name] = value.pop(other)
        for name in missing:
            if value.get(name) == "":
                value[name] = None
        for name, each in inside:
            each(value.get(name))

    return tidy_struct if names or missing or inside else None


def _may_be_empty(wanted: Any) -> bool:
    """Whether "" is no value of a type, and None is one: an optional one that is no string."""
    return get_origin(wanted) in (Union, types.UnionType) and _inner(wanted) not in (str, Any)


def _inner(optional: Any) -> Any:
    return next(kind for kind in get_args(optional) if kind is not type(None))
