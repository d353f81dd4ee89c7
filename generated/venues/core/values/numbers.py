# Edited in templates/venues/core/values/numbers.py; the copy in generated/ is imported.
"""Exact numbers in plain notation."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from venues.errors import InvalidRequest

Number = Decimal | int | str
"""What an argument for an exact number may be. A float is refused: 0.1 is not a tenth."""

LARGEST_EXPONENT = 100
"""Numbers beyond 10^100 are mistakes; printed without exponent, 1E+999999 would be a text of a million digits."""
LARGEST = 10**LARGEST_EXPONENT
SHOWN = 80
"""Characters of a value that a message repeats."""

_UNSIGNED = r"(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,40})?"
"""No leading zeros, and no bare point."""
is_plain_unsigned: Callable[[str], re.Match[str] | None] = re.compile(_UNSIGNED).fullmatch
"""Texts that are printed already as `plain_decimal` would print them, which saves parsing them; zero and more."""
is_plain: Callable[[str], re.Match[str] | None] = re.compile(rf"(?:-(?=[0.]*[1-9]))?{_UNSIGNED}").fullmatch
"""The same, with numbers below zero; zero has no minus."""

_is_number = re.compile(
    r"""
    [-+]?
    (?:[0-9]+\.?[0-9]*|\.[0-9]+)
    (?:[eE][-+]?[0-9]{1,9})?  # Decimal raises on exponents with more digits
    """,
    re.VERBOSE,
).fullmatch
"""Decimal itself would take blanks, underscores and the digits of other scripts, too."""
_no_number = re.compile(rb'"[-+]?(?:s?NaN[0-9]*|Inf(?:inity)?)"').search

_is_whole = re.compile(r"-?[0-9]{1,100}").fullmatch


def has_no_number(body: bytes) -> bool:
    """Whether JSON in which `NaN` or `Inf` was found has it as a text, which a decoder would take for a Decimal."""
    # The expression takes longer than to decode a long list: so it has only the last word, and who asks for it searches
    # before, from the end, which takes Python a third of the time. Both places are -1 unless one of the words is there.
    # Other spellings, as "nan", are not looked for: no exchange was seen to write them, and each costs as much again.
    return _no_number(body) is not None


def is_amount(number: Decimal) -> bool:
    """Whether a number can be an amount or a price: it is finite, and its digits can be written out."""
    return number.is_finite() and abs(number.adjusted()) <= LARGEST_EXPONENT


def decimal_text(number: Decimal) -> str:
    """Print a number that an exchange said, without exponent unless it is absurd: 1E+999999999 would be a gigabyte."""
    return format(number, "f") if is_amount(number) else str(number)


def plain_decimal(value: object, what: str) -> str:
    """Print a number without exponent: Decimal("1E-5") → 0.00001; negative zero is printed as 0.

    Args:
        value: A Decimal, an int, or a text that prints a number.
        what: The name of the parameter, for messages.

    Raises:
        InvalidRequest: for a float, and for what is no finite number.
    """
    text = str(value) if type(value) is Decimal else value
    if type(text) is str and is_plain(text):
        return text
    number = value if isinstance(value, Decimal) else _number(value, what)
    if not is_amount(number):
        raise InvalidRequest(f"{what} is {shorten(str(number))}, which is no amount that can be sent")
    return format(number or number.copy_abs(), "f")


def _number(value: object, what: str) -> Decimal:
    if isinstance(value, bool):  # before int, of which it is a subclass
        raise InvalidRequest(f"{what} is {value}; pass a Decimal, an int or a str")
    if isinstance(value, int):
        return Decimal(int(value))
    if isinstance(value, str):
        return _parse(value, what)
    if isinstance(value, float):
        text = float.__repr__(value)
        raise InvalidRequest(
            f'{what} is the float {text}, and floats are not exact; pass "{text}" or Decimal("{text}")'
        )
    raise InvalidRequest(f"{what} is of type {type(value).__name__}; pass a Decimal, an int or a str")


def _parse(text: str, what: str) -> Decimal:
    try:
        if _is_number(text):
            return Decimal(text)
    except InvalidOperation:
        pass
    raise InvalidRequest(f"{what} is {printable(text)}, which is no number")


def whole_number(value: object) -> int | None:
    """Return an int, or a text that prints one, as an int; None for everything else, and for what is huge."""
    if isinstance(value, str):
        return int(value) if _is_whole(value) else None
    if isinstance(value, int) and not isinstance(value, bool) and -LARGEST < value < LARGEST:
        return int(value)
    return None


def printable(value: object) -> str:
    """Print a value for a message, shortened; Python refuses to print integers of more than 4,300 digits."""
    try:
        return shorten(repr(value))
    except ValueError:
        return f"a huge {type(value).__name__}"


def shorten(text: str) -> str:
    """Return the beginning of a text that is too long for a message."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
