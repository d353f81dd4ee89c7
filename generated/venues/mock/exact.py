# Edited in templates/venues/mock/exact.py; the copy in generated/ is imported.
"""JSON with exact numbers: decimals stay decimals, and what many exchanges refuse is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, NoReturn

import msgspec

Json = Any  # str, int, Decimal, bool, None, list or dict
Path = Sequence[str | int]
_ENCODER = msgspec.json.Encoder(decimal_format="number")
DEEP = frozenset({dict, list})
DEEPEST = 64
"""How many lists and objects may lie inside one another; real requests need four, and Python's stack is finite."""


def parse(text: str | bytes) -> Json:
    """Read JSON.

    Raises:
        ValueError: for what is not JSON, and for numbers with an exponent, which many exchanges refuse.
    """
    # A float would turn 0.1 into something else, and hide how the number was written.
    try:
        value = json.loads(text, parse_float=_plain_decimal, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    _check_depth(value, DEEPEST)
    return value


def _check_depth(value: Json, left: int) -> None:
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if left == 1 and members:
        raise ValueError("nested too deeply")
    # Most of what is sent has nothing deeper, and is looked through at once.
    if not DEEP.isdisjoint(map(type, members)):
        for member in members:
            _check_depth(member, left - 1)


def _plain_decimal(text: str) -> Decimal:
    if "e" in text.lower():
        raise ValueError(f"{text} has an exponent")
    return Decimal(text)


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number")


def compact(value: Json) -> str:
    """Write JSON without spaces, and numbers without an exponent.

    Raises:
        TypeError: for what is not JSON.
    """
    # Texts first, and by the encoder's own function: `json.dumps` makes an encoder each time, which costs most of it.
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        return (
            "{" + ",".join([f"{encode_basestring(str(key))}:{compact(member)}" for key, member in value.items()]) + "}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(compact, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None or isinstance(value, (bool, float)):
        return json.dumps(value)
    raise TypeError(f"{type(value).__name__} is not JSON; write it as the exchange does, by wire names")


def text_of(value: Json) -> str:
    """Return a value as text: a string as it is, everything else as JSON."""
    return value if isinstance(value, str) else compact(value)


def encoded(value: Json) -> bytes:
    """Write JSON that the mock exchange made itself, as `compact` does; in a third of the time."""
    text = _ENCODER.encode(value)
    # Decimals that are small or round may have exponents; a text that only looks like one is written a second time.
    return compact(value).encode() if b"E-" in text or b"E+" in text else text


def value_at(document: Json, path: Path) -> Json:
    """Return the value at a path; None if there is none."""
    for step in path:
        if not _has_step(document, step):
            return None
        document = document[step]
    return document


def put(document: Json, path: Path, value: Json) -> None:
    """Replace the value at a path; a document without that path stays as it is."""
    *outer, last = path
    inner = value_at(document, outer)
    if _has_step(inner, last):
        inner[last] = value


def _has_step(document: Json, step: str | int) -> bool:
    if isinstance(document, dict):
        return step in document
    return isinstance(document, list) and isinstance(step, int) and step < len(document)


def with_names(document: Json, names: Mapping[str, Json]) -> Json:
    """Return a document in which other names stand for some; what bears one for which None stands falls away."""
    if isinstance(document, dict):
        named = {key: names.get(key, key) for key in document}
        return {str(named[key]): with_names(value, names) for key, value in document.items() if named[key] is not None}
    if isinstance(document, list):
        return [with_names(member, names) for member in document if not _is_nameless(member, names)]
    return names.get(document, document) if isinstance(document, str) else document


def _is_nameless(member: Json, names: Mapping[str, Json]) -> bool:
    values = member.values() if isinstance(member, dict) else ()
    return any(isinstance(value, str) and names.get(value, value) is None for value in values)
