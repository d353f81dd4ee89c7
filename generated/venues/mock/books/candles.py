# Edited in templates/venues/mock/books/candles.py; the copy in generated/ is imported.
"""The candles of one market: of what was traded, and of a past that a test asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar, overload

from venues.mock.books.order import NOTHING
from venues.mock.books.past import MINUTE, Past

WEEK = 7 * 24 * 60 * MINUTE
MONDAY = 4 * 24 * 60 * MINUTE
"""The first Monday since 1970, when weeks begin."""

T = TypeVar("T")


@dataclass(slots=True)
class Candle:
    """What was traded in an interval."""

    at: int
    """When it begins."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    quantity: Decimal = NOTHING
    value: Decimal = NOTHING

    def add(self, price: Decimal, quantity: Decimal) -> None:
        """Add a trade."""
        self.high, self.low, self.close = max(self.high, price), min(self.low, price), price
        self.quantity += quantity
        self.value += price * quantity

    def join(self, later: Candle) -> None:
        """Add what was traded later."""
        self.high, self.low, self.close = max(self.high, later.high), min(self.low, later.low), later.close
        self.quantity += later.quantity
        self.value += later.value


class Computed(Sequence[T]):
    """A list whose members are computed on access: a page out of years costs no more than a page out of a day."""

    def __init__(self, count: int, make: Callable[[int], T]) -> None:
        self._count, self._make = count, make

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            return [self._make(each) for each in range(*index.indices(self._count))]
        return self._make(range(self._count)[index])


class Candles:
    """What was traded, minute by minute, and the past before that."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._minutes: list[Candle] = []
        self.past: Past | None = None

    def note(self, price: Decimal, quantity: Decimal, at: int) -> None:
        """Add a trade; times never go back."""
        minute = at - at % MINUTE
        if not self._starts or self._starts[-1] != minute:
            self._starts.append(minute)
            self._minutes.append(Candle(minute, price, price, price, price))
        self._minutes[-1].add(price, quantity)

    def between(self, step: int, start: int, end: int) -> Sequence[Candle]:
        """Return the candles of a length (ms) that begin between two times, both included, the oldest first.

        An interval without a trade repeats the last price.
        """
        begins = [self._starts[0]] if self._starts else []
        if self.past is not None:
            begins.append(self.past.start)
        if not begins:
            return []
        # Exchanges cut candles at multiples of their length since 1970, not at the first trade.
        offset = MONDAY if step % WEEK == 0 else 0
        first = (min(begins) - offset) // step * step + offset
        if first < start:
            first += -(-(start - first) // step) * step
        return Computed(max((end - first) // step + 1, 0), lambda index: self._candle(first + index * step, step))

    def _candle(self, begin: int, step: int) -> Candle:
        past, end = self.past, begin + step
        parts = [_of(past, max(begin, past.start), min(end, past.end))] if past and begin < past.end else []
        where = bisect_left(self._starts, begin)
        parts += self._minutes[where : bisect_left(self._starts, end)]
        if not parts:
            close = self._minutes[where - 1].close if where else past.price if past else NOTHING
            return Candle(begin, close, close, close, close)
        candle = replace(parts[0], at=begin)
        for part in parts[1:]:
            candle.join(part)
        return candle


def _of(past: Past, start: int, end: int) -> Candle:
    """Return the candle of a time that is past."""
    turns, quantity = past.turns(start, end), past.traded(start, end)
    # A past has no single trades: the middle of open and close stands for their average price.
    return Candle(start, turns[0], max(turns), min(turns), turns[-1], quantity, quantity * (turns[0] + turns[-1]) / 2)
