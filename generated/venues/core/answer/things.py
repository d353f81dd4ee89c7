# Edited in templates/venues/core/answer/things.py; the copy in generated/ is imported.
"""What a parsed value is beside the struct that was promised: such a thing or none, and where its members are."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args, get_origin

import msgspec


def kind_of(value: object) -> str:
    """Say what a parsed value is."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def struct_in(returns: Any) -> type[msgspec.Struct] | None:  # Any: types are values here
    """Return the struct that a type is, or that its members are."""
    inner = get_args(returns)[-1] if get_origin(returns) in (list, dict) else returns
    return inner if isinstance(inner, type) and issubclass(inner, msgspec.Struct) else None


def stands(value: object, thing: type[msgspec.Struct]) -> bool:
    """Whether a parsed value is at least a part of a thing: one of its own members is there."""
    if is_array(thing) and isinstance(value, list):
        return bool(value)
    return isinstance(value, dict) and not (required(thing) or _known(thing)).isdisjoint(value)


def is_array(thing: type[msgspec.Struct]) -> bool:
    """Whether a thing arrives as a JSON array."""
    return bool(thing.__struct_config__.array_like)


@cache  # msgspec works out the types of all members each time, which takes longer than reading the answer
def required(thing: type[msgspec.Struct]) -> frozenset[str]:
    """Return the members that a thing always has, by wire name."""
    return frozenset(field.encode_name for field in msgspec.structs.fields(thing) if field.required)


def _known(thing: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(thing.__struct_encode_fields__)


def is_hollow(data: Any) -> bool:
    """Whether a thing has none of the members that it must have, or, if it need have none, no member at all."""
    thing: type[msgspec.Struct] = type(data)
    names = [attribute(thing, wire) for wire in required(thing)] or data.__struct_fields__
    return all(getattr(data, name) is None for name in names)


def attribute(thing: type[msgspec.Struct] | None, wire: str) -> str:
    """Return our name of a member."""
    assert thing is not None
    return thing.__struct_fields__[thing.__struct_encode_fields__.index(wire)]


def attributes(thing: type[msgspec.Struct] | None, path: tuple[str, ...]) -> tuple[str, ...]:
    """Return our names along a path of wire names, into lists and objects."""
    names: list[str] = []
    for wire in path:
        assert thing is not None
        names.append(attribute(thing, wire))
        field = next(field for field in msgspec.structs.fields(thing) if field.encode_name == wire)
        thing = next(filter(None, map(struct_in, (field.type, *get_args(field.type)))), None)
    return tuple(names)
