"""Exact numbers in plain notation."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from venues.errors import InvalidRequest

Number = Decimal | int | str
"""What an argument for an exact number may be. A float is refused: 0.1 is not a tenth."""


_is_plain = re.compile(r"-?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,40})?").fullmatch
"""Texts that are printed already as `plain` would print them, which saves parsing them."""


def plain(value: object, what: str) -> str:
    """Print a number without exponent: Decimal("1E-5") → 0.00001.

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
        return str(value)
    if isinstance(value, str):
        return _plain(_parse(value, what), what)
    if isinstance(value, float):
        raise InvalidRequest(
            f'{what} is the float {value!r}, and floats are not exact; pass "{value!r}" or Decimal("{value!r}")'
        )
    raise InvalidRequest(f"{what} is a {type(value).__name__}; pass a Decimal, an int or a str")


def _parse(text: str, what: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InvalidRequest(f"{what} is {text!r}, which is no number") from None


def _plain(value: Decimal, what: str) -> str:
    if not value.is_finite() or abs(value.adjusted()) > 100:
        raise InvalidRequest(f"{what} is {value}, which is no amount that can be sent")
    return format(value, "f")
