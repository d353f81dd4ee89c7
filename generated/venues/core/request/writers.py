# Edited in templates/venues/core/request/writers.py; the copy in generated/ is imported.
"""Writes and checks the value of a parameter by one function, which is made of its declaration at the first call.

A declared parameter writes a value by one function and checks it by others, which say exactly what is wrong. What is
made here takes a usual value in one step, where that proves it to be right, and leaves every other to the declaration.
So it refuses nothing by itself; it must take nothing that the declaration refuses, nor write it otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from functools import partial
from math import ceil, floor

from venues.core.request.params import Check, Param
from venues.core.request.scalars import SECONDS_END
from venues.core.values.enums import OpenIntEnum, OpenStrEnum
from venues.core.values.numbers import LARGEST, is_plain, is_plain_unsigned
from venues.errors import InvalidRequest

Write = Callable[[object], object]
"""Writes and checks a value; it raises InvalidRequest for one that can't be sent, or breaks a constraint."""
Fits = Callable[[str], object]
"""Whether a text proves to be right as it is."""
WHOLE = {
    "integer": (1 - LARGEST, LARGEST - 1),
    "timestamp_ms": (SECONDS_END, LARGEST - 1),
    "timestamp_s": (1, SECONDS_END - 1),
}
"""Kind → the lowest and the highest number that it may be; 0, which fits both units of time, is left to the declaration."""


def unchecked_writer(param: Param) -> Write:
    """Return what writes the values of a parameter."""
    return partial(param.encode, what=param.name)


def checked_writer(param: Param) -> Write:
    """Return what writes and checks the values of a parameter."""
    kind, declared = param.kind, _declared(param)
    if isinstance(kind, type):
        return _member_writer(param, kind, declared)
    if kind == "string":
        fits = _text_form(param)
        return declared if fits is None else _text_writer(fits, declared)
    if kind == "decimal" and param.write == "text" and param.checks in ((), (param._check_sign,)):
        return _decimal_writer(is_plain_unsigned if param.checks else is_plain, declared)
    if isinstance(kind, str) and kind in WHOLE and not param.values:
        return _whole_writer(param, *WHOLE[kind], declared)
    return declared


def _declared(param: Param) -> Write:
    """Return what writes a value as it is declared, and then checks it."""
    encode, check = unchecked_writer(param), _checker(param)
    if check is None:
        return encode

    def write(value: object) -> object:
        written = encode(value)
        check(written, value)
        return written

    return write


def _checker(param: Param) -> Check | None:
    """Return what checks a parameter; None where nothing is to be checked."""
    if not param.has_nested_objects:
        return param.checker
    from venues.core.request.nested import check_nested  # few operations send objects

    def check(written: object, given: object) -> None:
        if param.checker is not None:
            param.checker(written, given)
        check_nested(param, written)

    return check


# `type` where `isinstance` would let a class of the caller's pass, whose text or number may be another each time.
def _text_writer(fits: Fits, declared: Write) -> Write:
    def write(value: object) -> object:
        return value if type(value) is str and fits(value) else declared(value)

    return write


def _decimal_writer(fits: Fits, declared: Write) -> Write:
    def write(value: object) -> object:
        text = str(value) if type(value) is Decimal else value
        return text if type(text) is str and fits(text) else declared(value)

    return write


def _whole_writer(param: Param, least: int, most: int, declared: Write) -> Write:
    if param.minimum is not None:
        least = max(least, ceil(param.minimum))
    if param.maximum is not None:
        most = min(most, floor(param.maximum))
    as_text = param.write == "text"

    def write(value: object) -> object:
        if type(value) is int and least <= value <= most:
            return str(value) if as_text else value
        return declared(value)

    return write


def _member_writer(param: Param, kind: type[OpenStrEnum] | type[OpenIntEnum], declared: Write) -> Write:
    """Look members and their texts up, each among its own: a member of another enum may have a value that fits by chance."""
    written: dict[object, object] = {}
    for member in kind:
        with suppress(InvalidRequest):  # one that this parameter does not take
            written[member] = declared(member)
    known: dict[type, dict[object, object]] = {
        kind: written,
        str: {str(member): one for member, one in written.items()},
    }

    def write(value: object) -> object:
        try:
            return known[type(value)][value]
        except KeyError:
            pass
        return declared(value)  # out here, where its error has no other one behind it

    return write


def _text_form(param: Param) -> Fits | None:
    """Return what proves that a text is right: nothing in ASCII can fail to be written. None if that is not simple."""
    if param.values or param.has_nested_objects:
        return None
    if not param.checks:
        return str.isascii
    letters = r"[\x00-.0-\x7f]" if param.without_slash else r"[\x00-\x7f]"
    length = f"{{{param.min_length or 0},{'' if param.max_length is None else param.max_length}}}"
    pattern = "" if param.pattern is None else f"(?:{param.pattern})"
    ahead = rf"(?={letters}{length}\Z)" if pattern else f"{letters}{length}"
    try:
        return re.compile(ahead + pattern).fullmatch
    except re.error:  # a pattern whose flags may stand at its begin only
        return None
