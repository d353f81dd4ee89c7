# Edited in templates/venues/core/books/levels.py; the copy in generated/ is imported.
"""One side of an order book, sorted by price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from sortedcontainers import SortedDict


class Level(NamedTuple):
    """A price of an order book, and the quantity there."""

    price: Decimal
    quantity: Decimal


class Side:
    """The bids or the asks, best price first.

    A snapshot of limited depth says nothing about prices beyond its last one, and changes there would leave holes
    between levels that are known and levels that are not. So what lies beyond that price is not kept.
    """

    def __init__(self, levels: Iterable[Level], *, falling: bool, full: int | None = None) -> None:
        """Take a snapshot.

        Args:
            levels: The snapshot, in any order.
            falling: Whether the best price is the highest, as of bids.
            full: How many levels the snapshot has at most; so many say that there may be more.
        """
        self._falling = falling
        self._quantities: SortedDict[Decimal, Decimal] = SortedDict(levels)
        is_cut = full is not None and len(self._quantities) >= full
        # Before levels of quantity 0 are removed: they, too, show how far the snapshot reaches.
        self._last: Decimal | None = self._quantities.peekitem(0 if falling else -1)[0] if is_cut else None
        for price in [price for price, quantity in self._quantities.items() if not quantity]:
            del self._quantities[price]

    def __len__(self) -> int:
        return len(self._quantities)

    def __iter__(self) -> Iterator[Level]:
        prices = reversed(self._quantities) if self._falling else iter(self._quantities)
        return (Level(price, self._quantities[price]) for price in prices)

    @property
    def is_cut(self) -> bool:
        """Whether the exchange may have levels beyond the last one here."""
        return self._last is not None

    @property
    def best(self) -> Level | None:
        """The best level."""
        return Level(*self._quantities.peekitem(-1 if self._falling else 0)) if self._quantities else None

    def first(self, count: int | None) -> tuple[Level, ...]:
        """Return the best levels; all without a count."""
        return tuple(islice(self, count))

    def change(self, levels: Iterable[Level]) -> None:
        """Set the quantities of levels; 0 removes one."""
        quantities = self._quantities
        for price, quantity in levels:
            if not quantity:
                # Also for unknown prices: exchanges remove levels that were beyond the snapshot.
                quantities.pop(price, None)
            elif not self._is_beyond(price):
                quantities[price] = quantity

    def _is_beyond(self, price: Decimal) -> bool:
        last = self._last
        return last is not None and (price < last if self._falling else price > last)

    def average(self, quantity: Decimal) -> Decimal | None:
        """Return the average price of a quantity, best levels first; None if it is not here."""
        left, value = quantity, Decimal(0)
        for level in self:
            taken = min(left, level.quantity)
            value += taken * level.price
            left -= taken
            if not left:
                return value / quantity
        return None
