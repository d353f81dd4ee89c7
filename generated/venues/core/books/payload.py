# Edited in templates/venues/core/books/payload.py; the copy in generated/ is imported.
"""Reads pushes and answers as order books, by the rule of the specification."""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter
from typing import Any

from venues.core.books.levels import Level
from venues.core.books.state import Change, Snapshot
from venues.core.channels.book_rule import BookSides
from venues.core.channels.channel import Numbering


class Unreadable(ValueError):
    """What came is no order book; the client's decoder mends what differs from the specification, as by None."""


class BookReader:
    """Reads books whose members have the same names."""

    def __init__(self, sides: BookSides) -> None:
        self._bids, self._asks = attrgetter(sides.bids), attrgetter(sides.asks)
        self._level = attrgetter(sides.price, sides.quantity)

    def read_snapshot(self, data: Any, last: str | None = None, full: int | None = None) -> Snapshot:
        """Read a whole book.

        Args:
            data: A push, or the data of an answer.
            last: The attribute that holds the number of the last change in it.
            full: How many levels a side it has at most.

        Raises:
            Unreadable: if it is none.
        """
        bids, asks = self._read_sides(data)
        return Snapshot(bids, asks, _number(data, last), full)

    def read_change(self, data: Any, numbers: Numbering | None) -> Change:
        """Read levels that changed.

        Raises:
            Unreadable: if there are none.
        """
        bids, asks = self._read_sides(data)
        if numbers is None:
            return Change(bids, asks)
        return Change(
            bids, asks, _number(data, numbers.first), _number(data, numbers.last), _number(data, numbers.previous)
        )

    def _read_sides(self, data: Any) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
        try:
            return self._read_levels(self._bids(data)), self._read_levels(self._asks(data))
        except AttributeError as error:  # of None, in place of a level or of all of them
            raise Unreadable(str(error)) from None

    def _read_levels(self, given: Any) -> tuple[Level, ...]:
        if not isinstance(given, list | tuple):
            raise Unreadable(f"levels are {type(given).__name__}")
        levels = tuple(Level(*self._level(each)) for each in given)
        for level in levels:
            # NaN compares with nothing, and would break the order of the levels.
            if not (_is_number(level.price) and _is_number(level.quantity) and level.quantity >= 0):
                raise Unreadable(f"a level is {level.quantity} at {level.price}")
        return levels


def _is_number(value: object) -> bool:
    return isinstance(value, Decimal) and value.is_finite()


def _number(data: object, attribute: str | None) -> int | None:
    value = getattr(data, attribute, None) if attribute is not None else None
    return int(value) if isinstance(value, (int, str)) else None
