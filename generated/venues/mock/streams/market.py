# Edited in templates/venues/mock/streams/market.py; the copy in generated/ is imported.
"""What public channels say of a market: prices, order books and what changed in them, the candle of now."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from msgspec.structs import replace

from venues.mock.books.facts import Facts
from venues.mock.books.market_facts import facts_of_book, facts_of_candle, facts_of_ticker
from venues.mock.books.quotes import Quotes
from venues.mock.books.showing import length_of
from venues.mock.declared.channels import Carried
from venues.mock.exact import Json
from venues.mock.streams.frame_writer import FrameWriter, Said
from venues.mock.streams.frames import topic_values

Side = dict[Decimal, Decimal]
NOTHING = Decimal(0)
MINUTE = "1m"


class MarketTeller:
    """Says how markets stand, and what has changed since it was last asked."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._books: dict[tuple[str, str], tuple[int, dict[str, Side]]] = {}
        """Market and symbol → the number of the book that was pushed last, and its levels."""

    def change(self, quotes: Quotes) -> Facts | None:
        """Return what has changed in a book; levels that are gone have no quantity. None where nothing has."""
        whole = facts_of_book(quotes, self._now())
        sides = {side: dict(levels) for side, levels in whole.levels.items()}
        place = quotes.market, quotes.symbol
        before, known = self._books.get(place, (quotes.version - 1, {}))
        if before == quotes.version:
            return None
        self._books[place] = (quotes.version, sides)
        news = {side: _changed(known.get(side, {}), levels) for side, levels in sides.items()}
        return replace(whole, values={**whole.values, "version before": before}, levels=news)

    def state(self, writer: FrameWriter, quotes: Quotes, topic: Json) -> list[Said]:
        """Return how a market stands, as the subscribers of a topic see it."""
        values, now = topic_values(writer.channel.topic, topic) or {}, self._now()
        if writer.carries("book"):
            return [Said("book", facts_of_book(quotes, now, _count(writer.carried, values)))]
        if quotes.price is None:
            return []
        if writer.carries("ticker"):
            return [Said("ticker", facts_of_ticker(quotes, now))]
        return self._candle(writer.carried, quotes, values) if writer.carries("candle") else []

    def _candle(self, carried: Carried, quotes: Quotes, values: dict[str, str]) -> list[Said]:
        step = carried.step.lengths.get(values.get(carried.step.wire, ""), MINUTE) if carried.step else MINUTE
        length, now = length_of(step), self._now()
        found = quotes.candles.between(length, now - length, now)[-1:]
        facts = (facts_of_candle(candle, quotes.symbol, length) for candle in found)
        return [Said("candle", replace(each, words={"step": [(step,)]})) for each in facts]


def _changed(before: Side, now: Side) -> list[tuple[Decimal, Decimal]]:
    gone = [(price, NOTHING) for price in before if price not in now]
    return [*((price, there) for price, there in now.items() if before.get(price) != there), *gone]


def _count(carried: Carried, values: dict[str, str]) -> int | None:
    """Return how many levels a side the subscribers of a topic get; None for all."""
    if carried.levels is None:
        return None
    text = values.get(carried.levels.wire, "")
    return carried.levels.counts.get(text, int(text) if text.isdecimal() else None)
