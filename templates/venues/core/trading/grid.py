# Edited in templates/venues/core/trading/grid.py; the copy in generated/ is imported.
"""Numbers on a grid, as prices are on ticks: exact, and rounded only in a direction that the caller names."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Literal, get_args

from venues.core.values.numbers import LARGEST_EXPONENT, Number, plain_decimal
from venues.errors import InvalidRequest

Rounding = Literal["down", "up", "nearest"]
"""`down` is towards 0; `nearest` rounds halves up."""

EXACT = Context(prec=5 * LARGEST_EXPONENT)
"""Holds the product of any two numbers that can be sent; Python's own context would round it to 28 digits."""


def exact(number: Number, what: str) -> Decimal:
    """Return a number of at least 0, exactly.

    Raises:
        InvalidRequest: for a float, a negative number, and what is no number.
    """
    value = Decimal(plain_decimal(number, what))
    if value < 0:
        raise InvalidRequest(f"{what} is {value}; pass a number of at least 0")
    return value


@dataclass(frozen=True)
class Grid:
    """The multiples of a step, counted from an origin."""

    step: Decimal
    origin: Decimal = Decimal(0)

    def has(self, number: Decimal) -> bool:
        """Whether a number is on the grid."""
        # Exact: Python's own context would round the difference to 28 digits, and call a wrong price right.
        return EXACT.remainder(EXACT.subtract(number, self.origin), self.step) == 0

    def round(self, number: Decimal, rounding: Rounding) -> Decimal:
        """Return the nearest number on the grid in the given direction.

        Raises:
            InvalidRequest: for another direction, or where nothing of at least 0 lies in it.
        """
        if rounding not in get_args(Rounding):
            raise InvalidRequest(f"rounding is {rounding!r}; it may be {', '.join(get_args(Rounding))}")
        lowest = EXACT.remainder(self.origin, self.step)
        if number < lowest and rounding == "down":
            raise InvalidRequest(f"{number:f} can't be rounded down: the lowest number is {lowest:f}")
        steps, rest = EXACT.divmod(EXACT.subtract(max(number, lowest), lowest), self.step)
        if rounding == "up" or (rounding == "nearest" and 2 * rest >= self.step):
            # A number on the grid stays, in whatever direction.
            steps += bool(rest)
        return EXACT.add(lowest, EXACT.multiply(steps, self.step))
