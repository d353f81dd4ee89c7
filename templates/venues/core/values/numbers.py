"""Exact numbers in plain notation."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from venues.errors import InvalidRequest

Number = Decimal | int | str
"""What an argument for an exact number may be. A float is refused: 0.1 is not a tenth."""

LARGEST = 10**100
"""No integer is sent that is larger."""
SHOWN = 80
"""Characters of a value that a message repeats."""

_is_plain = re.compile(r"(?:-(?=[0.]*[1-9]))?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,40})?").fullmatch
"""Texts that are printed already as `plain` would print them, which saves parsing them."""

_is_number = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,9})?").fullmatch
"""Decimal itself would take blanks, underscores and the digits of other scripts, too."""

_is_whole = re.compile(r"-?[0-9]{1,100}").fullmatch


def plain(value: object, what: str) -> str:
    """Print a number without exponent: Decimal("1E-5") → 0.00001; zero has no sign, whatever rounding left of it.

    Raises:
        InvalidRequest: for a float, and for what is no finite number.
    """
    if type(value) is str and _is_plain(value):
        return value
    if isinstance(value, Decimal):
        return _plain(value, what)
    if isinstance(value, bool):
        raise InvalidRequest(f"{what} is {value}; pass a Decimal, an int or a str")
    if isinstance(value, int):
        return _plain(Decimal(int(value)), what)
    if isinstance(value, str):
        return _plain(_parse(value, what), what)
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
    raise InvalidRequest(f"{what} is {shown(text)}, which is no number")


def _plain(value: Decimal, what: str) -> str:
    if not value.is_finite() or abs(value.adjusted()) > 100:
        raise InvalidRequest(f"{what} is {shortened(str(value))}, which is no amount that can be sent")
    return format(value or value.copy_abs(), "f")


def whole(value: object) -> int | None:
    """Return an int, or a text that prints one, as an int; None for everything else, and for what is huge."""
    if isinstance(value, str):
        return int(value) if _is_whole(value) else None
    if isinstance(value, int) and not isinstance(value, bool) and -LARGEST < value < LARGEST:
        return int(value)
    return None


def shown(value: object) -> str:
    """Print a value for a message, shortened; Python refuses to print huge integers at all."""
    try:
        return shortened(repr(value))
    except ValueError:
        return f"a huge {type(value).__name__}"


def shortened(text: str) -> str:
    """Return the beginning of a text that is too long for a message."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
