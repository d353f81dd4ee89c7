# Edited in templates/venues/core/request/writers.py; the copy in generated/ is imported.
"""What writes and checks the value of a parameter as it is declared, and what proves of a value that it is right as it is.

A declared parameter writes a value by one function and checks it by others, which say exactly what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from math import ceil, floor

from venues.core.request.params import Check, Param
from venues.core.request.scalars import SECONDS_END
from venues.core.values.enums import OpenIntEnum, OpenStrEnum
from venues.core.values.numbers import LARGEST
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
    """Return what writes the values of a parameter, and then checks them."""
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


def whole_bounds(param: Param) -> tuple[int, int] | None:
    """Return between which numbers an int is right as it is; None if the parameter takes no ints, or only some."""
    if not isinstance(param.kind, str) or param.kind not in WHOLE or param.values:
        return None
    least, most = WHOLE[param.kind]
    if param.minimum is not None:
        least = max(least, ceil(param.minimum))
    if param.maximum is not None:
        most = min(most, floor(param.maximum))
    return least, most


def written_members(param: Param, kind: type[OpenStrEnum] | type[OpenIntEnum]) -> dict[type, dict[object, object]]:
    """Return what is written for members, for their texts, and for their numbers where they have some.

    Each is found among its own: a member of another enum may have a value that fits by chance.
    """
    declared = checked_writer(param)
    written: dict[object, object] = {}
    for member in kind:
        if str(member):  # an empty one is not given
            with suppress(InvalidRequest):  # one that this parameter does not take
                written[member] = declared(member)
    texts: dict[object, object] = {str(member): one for member, one in written.items()}
    numbers: dict[object, object] = {int(str(member)): one for member, one in written.items() if _is_whole(str(member))}
    return {kind: written, str: texts, int: numbers}


def _is_whole(text: str) -> bool:
    """Whether a text is a number as Python prints it."""
    return text.isdecimal() and text.isascii() and (text == "0" or text[0] != "0")


def text_form(param: Param) -> Fits | None:
    """Return what proves that a text is right and not empty: nothing in ASCII can fail to be written.

    None if that is not simple.
    """
    if param.values or param.has_nested_objects:
        return None
    letters = r"[\x00-.0-\x7f]" if param.without_slash else r"[\x00-\x7f]"
    length = f"{{{max(1, param.min_length or 0)},{'' if param.max_length is None else param.max_length}}}"
    pattern = "" if param.pattern is None else f"(?:{param.pattern})"
    ahead = rf"(?={letters}{length}\Z)" if pattern else f"{letters}{length}"
    try:
        return re.compile(ahead + pattern).fullmatch
    except re.error:  # a pattern whose flags may stand at its begin only, or a length of none
        return None
