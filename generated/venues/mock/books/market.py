# Edited in templates/venues/mock/books/market.py; the copy in generated/ is imported.
"""The market of one symbol, moved by a test."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from venues.mock.books.order import Fill

Move = Callable[[Decimal, Decimal | None], list[Fill]]


class Market:
    """The market of one symbol; there is nobody in it but the account of the test."""

    def __init__(self, move: Move) -> None:
        self._move = move

    def price(self, price: str | int | Decimal) -> list[Fill]:
        """Set the price, and return what it filled: every open order that it reaches, whole.

        Orders that wait are filled at their own price, as makers; market orders and orders that come later and cross
        are filled at this price, as takers.

        Args:
            price: The price; text, because a float is not exact.
        """
        return self._move(_exact(price), None)

    def trade(self, price: str | int | Decimal, quantity: str | int | Decimal) -> list[Fill]:
        """Let so much be traded at a price, and return what of it filled open orders: the best first, then the oldest.

        Args:
            price: The price, which also becomes that of the market.
            quantity: How much is traded, in the unit of order quantities.
        """
        return self._move(_exact(price), _exact(quantity))


def _exact(number: str | int | Decimal) -> Decimal:
    """Return a number.

    Raises:
        TypeError: for a float, which is not what was written.
        ValueError: unless it is more than 0.
    """
    if isinstance(number, float):
        raise TypeError(f"{number} is a float, which is not exact; write {str(number)!r}")
    exact = Decimal(number)
    if not exact > 0:
        raise ValueError(f"{number} is not more than 0")
    return exact
