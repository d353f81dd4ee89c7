# Edited in templates/venues/core/outcome/comparing.py; the copy in generated/ is imported.
"""Compares what was sent with what is found."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import Enum

SENT = "$sent"
"""Stands for the time of a lost call among what fills the parameters of a lookup."""
BEFORE_SENT = 60_000
"""How far before the time of a lost call its traces are looked for, in milliseconds: clocks may differ by that much."""
OLDER = 10_000
"""An order that is this much older than the call, in milliseconds, is another one.

Exchanges refuse requests whose time is off by more than some seconds, so this is more than clocks can differ by. Where
they do, the outcome stays unknown, which is the safe side.
"""


def says_something(value: object) -> bool:
    """Whether a value is there; exchanges write what they do not know as null or an empty text."""
    return value is not None and value != ""


def agree(one: object, other: object) -> bool:
    """Whether two values say the same: numbers by size, texts in any case."""
    first, second = _number(one), _number(other)
    if first is not None and second is not None:
        return first == second
    return as_text(one).casefold() == as_text(other).casefold()


def as_text(value: object) -> str:
    """Return a value as it is written, a member of an enum by its value."""
    return str(value.value if isinstance(value, Enum) else value)


def _number(value: object) -> Decimal | None:
    try:
        number = Decimal(as_text(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None  # a coin may be called NaN, which equals nothing, not even itself
