"""Reads answers that do not keep their promises: what can be mended is, once, and each deviation is noted."""

from __future__ import annotations

import types
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Union, get_args, get_origin

import msgspec

from venues.core.answer.models import Flat, grouped
from venues.core.values.numbers import plain

Note = Callable[[str, str], None]
"""Called with the place and what was found there."""

_FIELDS: dict[type, tuple[msgspec.structs.FieldInfo, ...]] = {}


class Unreadable(Exception):
    """The payload is nothing like what was promised."""


def mend(value: object, promised: Any, note: Note) -> Any:  # Any: types are values here
    """Return the payload as the promised type, as far as that can be done.

    Raises:
        Unreadable: if an object or list was promised and something else came.
    """
    origin = get_origin(promised)
    shape = origin or promised
    if shape is list and not isinstance(value, (list, dict)) and value not in (None, ""):
        raise Unreadable(f"{_kind(value)} where a list was promised")
    made = _mend(value, promised, "", note)
    if made is None and isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        raise Unreadable(f"{_kind(value)} where {shape.__name__} was promised")
    return made


def _mend(value: Any, promised: Any, path: str, note: Note) -> Any:
    supertype = getattr(promised, "__supertype__", None)
    if supertype is not None:
        promised = supertype
    origin = get_origin(promised)
    if promised is Any:
        return value
    if origin in (Union, types.UnionType):
        return _optional(value, promised, path, note)
    if origin is Flat and isinstance(value, list):
        item = get_args(promised)[0]
        return Flat(_list(grouped(value, len(_fields(item))), item, path, note))
    if origin in (list, Flat):
        return _list(value, get_args(promised)[0], path, note)
    if origin is dict:
        return _map(value, get_args(promised)[1], path, note)
    if isinstance(promised, type) and issubclass(promised, msgspec.Struct):
        return _struct(value, promised, path, note)
    return _scalar(value, promised, path, note)


def _optional(value: Any, promised: Any, path: str, note: Note) -> Any:
    inner = [kind for kind in get_args(promised) if kind is not type(None)]
    if value is None:
        return None
    if value == "" and inner[0] is not str:
        note(path, '""')
        return None
    return _mend(value, inner[0], path, note)


def _list(value: Any, item: Any, path: str, note: Note) -> list[Any]:
    if isinstance(value, list):
        return [_mend(member, item, f"{path}[]", note) for member in value]
    note(path, f"{_kind(value)} for a list")
    return [_mend(value, item, f"{path}[]", note)] if isinstance(value, dict) else []


def _map(value: Any, item: Any, path: str, note: Note) -> dict[str, Any]:
    if isinstance(value, dict):
        place = f"{path}.*" if path else "*"  # the keys are data, and there may be thousands
        return {str(key): _mend(member, item, place, note) for key, member in value.items()}
    note(path, f"{_kind(value)} for an object")
    return {}


def _struct(value: Any, kind: type[msgspec.Struct], path: str, note: Note) -> Any:
    fields = _fields(kind)
    if isinstance(value, list) and kind.__struct_config__.array_like:
        value = {field.encode_name: member for field, member in zip(fields, value, strict=False)}
    if isinstance(value, list) and len(value) == 1:
        note(path, "a list for an object")
        value = value[0]
    if not isinstance(value, dict):
        note(path, f"{_kind(value)} for an object")
        return None
    members = {}
    for field in fields:
        place = f"{path}.{field.name}" if path else field.name
        if field.encode_name in value:
            members[field.name] = _mend(value[field.encode_name], field.type, place, note)
        elif field.required:
            note(place, "nothing")
            members[field.name] = None
    return kind(**members)


def _fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    if kind not in _FIELDS:
        _FIELDS[kind] = msgspec.structs.fields(kind)
    return _FIELDS[kind]


def _scalar(value: Any, kind: Any, path: str, note: Note) -> Any:
    found = _read(value, kind)
    exact = (
        type(value) is kind
        or (isinstance(value, (str, int)) and isinstance(found, Enum))
        or (kind is Decimal and isinstance(value, (int, Decimal)))
    )
    if kind is Decimal and isinstance(value, str) and found is not None:
        exact = True
    if not exact:
        note(path, "null" if value is None else '""' if value == "" else f"{_kind(value)} for {kind.__name__}")
    return found


def _read(value: Any, kind: Any) -> Any:
    """Return the value as the kind, or None where that can't be."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum(value, kind)
    if kind is str:
        return value if isinstance(value, str) else _text(value)
    if kind is bool:
        return {"true": True, "1": True, "false": False, "0": False}.get(str(value).lower())
    if isinstance(value, bool):
        return None
    if kind is Decimal:
        return _decimal(value)
    number = _decimal(value)
    return int(number) if number is not None and number == number.to_integral_value() else None


def _enum(value: Any, kind: type[Enum]) -> Any:
    try:
        if issubclass(kind, str):
            return None if value is None or isinstance(value, (dict, list)) else kind(_text(value))
        number = _read(value, int)
        return None if number is None else kind(number)
    except ValueError:
        return None


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return plain(value, "number")
    return value if isinstance(value, str) else None


def _decimal(value: Any) -> Decimal | None:
    if not isinstance(value, (str, int, Decimal)):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 400 else None


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
