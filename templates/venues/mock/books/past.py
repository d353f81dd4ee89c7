# Edited in templates/venues/mock/books/past.py; the copy in generated/ is imported.
"""The past of a market: prices that are computed when they are requested, so that years of them take no memory."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

MINUTE = 60_000
HOUR = 60 * MINUTE
WAVES = ((5.3, 0.002), (29.0, 0.006), (119.0, 0.015), (743.0, 0.04), (5087.0, 0.12))
"""Hours from crest to crest, and by which part of the price: hours, days, weeks, months and most of a year."""

GOLDEN = 2.399963
"""An angle whose multiples never meet: each wave, and each seed, begins somewhere else."""
BUSIEST = 600
"""How much is traded in a minute at most, in hundredths."""


@dataclass(frozen=True)
class Past:
    """Prices between two times in milliseconds: straight from hour to hour, and at the end what the market is at."""

    start: int
    end: int
    price: Decimal
    seed: int = 0

    def price_at(self, at: int) -> Decimal:
        """Return the price at a time, with as many digits as the last one has, and 2 at least."""
        exact = float(self.price) * self._height(at) / self._last
        return Decimal(exact).quantize(self._digits)

    def turns(self, start: int, end: int) -> list[Decimal]:
        """Return the prices where one between two times can be highest or lowest: at both ends, and at whole hours."""
        hours = range(-(-start // HOUR) * HOUR, end, HOUR)
        return [self.price_at(at) for at in (start, *hours, end)]

    def traded(self, start: int, end: int) -> Decimal:
        """Return how much was traded between two times that are whole minutes."""
        hundredths = sum(minutes * ((hour * 7919 + self.seed) % BUSIEST + 1) for hour, minutes in _hours(start, end))
        return Decimal(hundredths) / 100

    def _height(self, at: int) -> float:
        hour, rest = divmod(at, HOUR)
        before, after = self._wave(hour), self._wave(hour + 1)
        return before + (after - before) * rest / HOUR

    def _wave(self, hour: int) -> float:
        turns = (
            (2 * math.pi * hour / hours + GOLDEN * (self.seed + index), part)
            for index, (hours, part) in enumerate(WAVES)
        )
        return math.exp(sum(part * math.sin(angle) for angle, part in turns))

    @cached_property
    def _last(self) -> float:
        return self._height(self.end)

    @cached_property
    def _digits(self) -> Decimal:
        return min(Decimal("0.01"), Decimal(1).scaleb(int(self.price.as_tuple().exponent)))


def _hours(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the hours between two times, and how many minutes of each lie there."""
    while start < end:
        hour = start // HOUR
        until = min((hour + 1) * HOUR, end)
        yield hour, (until - start) // MINUTE
        start = until
