# Edited in templates/venues/core/answer/mend.py; the copy in generated/ is imported.
"""Repairs an answer that differs from the specification, as far as it can, and reports every deviation."""

from __future__ import annotations

import types
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Union, get_args, get_origin

import msgspec

from venues.core.answer.models import Flat, groups_of
from venues.core.answer.things import kind_of, required, stands
from venues.core.values.interruption import is_of_program
from venues.core.values.numbers import plain_decimal

Report = Callable[[str, str], None]
"""Reports a deviation: its place in the payload, and what was found there."""

SHORTEST_WORD = 3
"""Letters of a name that is the same word in other cases."""

_FIELDS: dict[type, tuple[msgspec.structs.FieldInfo, ...]] = {}


class Unreadable(Exception):
    """The payload is nothing like what was promised."""


def mend(
    value: object,
    promised: Any,  # types are values here
    report: Report,
    *,
    lax: bool = False,
) -> Any:
    """Return the payload as the promised type, as far as that can be done.

    Args:
        value: The parsed JSON.
        promised: The type that the specification says.
        report: Is called with each deviation.
        lax: Whether the specification says that numbers and booleans arrive inside strings.

    Raises:
        Unreadable: if an object or list was promised and something else came.
    """
    shape = get_origin(promised) or promised
    if shape is list and not isinstance(value, (list, dict)) and value not in (None, ""):
        raise Unreadable(f"{kind_of(value)} where a list was promised")
    mended = _Mender(report, lax).mend(value, promised, "")
    if mended is None and isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        raise Unreadable(f"{kind_of(value)} where {shape.__name__} was promised")
    return mended


class _Mender:
    """Rebuilds one payload, and reports what it had to change."""

    def __init__(self, report: Report, lax: bool) -> None:
        self._report = report
        self._lax = lax

    def mend(self, value: Any, promised: Any, path: str) -> Any:
        """Return a value as the promised type."""
        # TimestampMs and its like are NewTypes: what is stored is the type beneath.
        promised = getattr(promised, "__supertype__", promised)
        origin = get_origin(promised)
        if promised is Any:
            return value
        if origin in (Union, types.UnionType):
            return self._optional(value, promised, path)
        if origin is Flat and isinstance(value, list):
            item = get_args(promised)[0]
            return Flat(self.mend(member, item, f"{path}[]") for member in groups_of(value, len(_fields(item))))
        if origin in (list, Flat):
            return self._list(value, get_args(promised)[0], path)
        if origin is dict:
            return self._map(value, get_args(promised)[1], path)
        if _is_struct(promised):
            return self._struct(value, promised, path)
        return self._scalar(value, promised, path)

    def _optional(self, value: Any, promised: Any, path: str) -> Any:
        inner = [kind for kind in get_args(promised) if kind is not type(None)]
        if value is None:
            return None
        # Exchanges write "" for a number that they do not have, as others write null or nothing, and where it may be
        # missing that is no deviation; for a string it is a value like any other.
        if value == "" and inner[0] is not str and inner[0] is not Any:
            return None
        return self.mend(value, inner[0], path)

    def _list(self, value: Any, item: Any, path: str) -> list[Any] | None:
        if isinstance(value, list):
            return [self.mend(member, item, f"{path}[]") for member in value]
        self._report(path, f"{kind_of(value)} for a list")
        if value in (None, ""):
            return []  # so some write a list without members, and a loop over nothing does nothing
        # An object is a list of one only where it is such a member: `{"error": …}` is no position.
        is_member = isinstance(value, dict) and (not _is_struct(item) or stands(value, item))
        return [self.mend(value, item, f"{path}[]")] if is_member else None

    def _map(self, value: Any, item: Any, path: str) -> dict[str, Any] | None:
        if isinstance(value, dict):
            place = f"{path}.*" if path else "*"  # the keys are data, and there may be thousands
            return {str(key): self.mend(member, item, place) for key, member in value.items()}
        self._report(path, f"{kind_of(value)} for an object")
        return {} if value in (None, "") else None

    def _struct(self, value: Any, kind: type[msgspec.Struct], path: str) -> Any:
        fields = _fields(kind)
        if isinstance(value, list) and kind.__struct_config__.array_like:
            value = {field.encode_name: member for field, member in zip(fields, value, strict=False)}
        if isinstance(value, list) and len(value) == 1:
            self._report(path, "a list for an object")
            value = value[0]
        if not isinstance(value, dict):
            self._report(path, f"{kind_of(value)} for an object")
            return None
        # Nothing of a thing need be there, and nothing is: for the strict decoder, too, that is an empty thing.
        is_empty = value == {} and not required(kind)
        if not (is_empty or stands(value, kind)):
            self._report(path, "an object without a known member")
            return None
        members, names = {}, {field.encode_name for field in fields}
        for field in fields:
            place = f"{path}.{field.name}" if path else field.name
            if field.encode_name in value:
                members[field.name] = self.mend(value[field.encode_name], field.type, place)
            elif other := _same_word(field.encode_name, value.keys() - names):
                self._report(place, f"a member called {other!r}")
                members[field.name] = self.mend(value[other], field.type, place)
            elif field.required:
                self._report(place, "nothing")
                members[field.name] = None
        return kind(**members)

    def _scalar(self, value: Any, kind: Any, path: str) -> Any:
        found = _read(value, kind)
        if not _is_exact(value, kind, found, self._lax):
            what = "null" if value is None else '""' if value == "" else f"{kind_of(value)} for {kind.__name__}"
            self._report(path, what)
        return found


def _same_word(wanted: str, names: AbstractSet[str]) -> str | None:
    """Return the name that differs from a missing member's in the case of letters only, if it is the only one."""
    # `e` and `E` of short names are different members; `LiqFee` and `liqFee` are one.
    found = [name for name in names if name.lower() == wanted.lower()] if len(wanted) >= SHORTEST_WORD else []
    return found[0] if len(found) == 1 else None


def _is_exact(value: Any, kind: Any, found: Any, lax: bool) -> bool:
    """Whether a scalar came as the specification says: as itself, or inside text where that is announced."""
    if type(value) is kind:
        return True
    if isinstance(found, Enum):
        return isinstance(value, (str, int))
    if kind is Decimal and isinstance(value, (int, Decimal)):
        return True
    return isinstance(value, str) and found is not None and (lax or kind is Decimal)


def _is_struct(promised: Any) -> bool:
    return isinstance(promised, type) and issubclass(promised, msgspec.Struct)


def _fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    if kind not in _FIELDS:
        _FIELDS[kind] = msgspec.structs.fields(kind)
    return _FIELDS[kind]


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
    except ValueError as error:
        if is_of_program(error):
            raise
        return None


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return plain_decimal(value, "number")
    return value if isinstance(value, str) else None


def _decimal(value: Any) -> Decimal | None:
    if not isinstance(value, (str, int, Decimal)):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 400 else None
