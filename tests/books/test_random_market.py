"""A book against a market that changes at random, over sockets that lose, repeat, reorder and break."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from tests.books.market import Market, Push, spoiled
from tests.support.apis import APIS
from tests.support.streams import streams
from venues.books import Book, Level
from venues.mock import Mock

ASTER = next(api for api in APIS if api.name == "aster_futures")
ROUNDS = 12


class Exchange:
    """A mock exchange of the market."""

    def __init__(self, mock: Mock, chance: random.Random) -> None:
        self.market = Market(chance, skips=True)
        self._mock = mock
        self._chance = chance
        self._frame: dict[str, Any] = mock.streams.example("book_changes")
        mock.streams.examples = False
        mock.answer("market.get_order_book", self._answer)

    def _answer(self, _: object) -> Any:
        """Answer the book as it was a moment ago: snapshots come from a cache."""
        taken = self.market.snapshot(lag=self._chance.randrange(4), full=1000)
        sides = {"bids": written(taken.bids), "asks": written(taken.asks)}
        return {"lastUpdateId": taken.last, "E": 1, "T": 1, **sides}

    def push(self, push: Push) -> None:
        """Push a change."""
        numbers = {"U": push.first, "u": push.last, "pu": push.previous}
        sides = {"b": written(push.bids), "a": written(push.asks)}
        self._mock.streams.push({**self._frame, "data": {**self._frame["data"], **numbers, **sides}})

    def spoil(self, count: int) -> None:
        """Change the market, and push what a bad line leaves of it."""
        for push in spoiled([self.market.change() for _ in range(count)], self._chance):
            if push is None:
                self._mock.streams.drop()
            else:
                self.push(push)


def written(levels: tuple[Level, ...]) -> list[list[str]]:
    """Write levels as the exchange does."""
    return [[str(price), str(quantity)] for price, quantity in levels]


class Watcher:
    """Compares a book with the market whenever it can be trusted."""

    def __init__(self, book: Book, market: Market) -> None:
        self._book = book
        self._market = market
        self._version = 0
        self.compared = 0

    async def watch(self) -> None:
        """Compare until the book is closed."""
        async for book in self._book:
            if book.is_trusted:
                self.compare(book)

    def compare(self, book: Book) -> None:
        """Look for the version of the market that the book shows: never an older one than before."""
        shown = dict(book.bids), dict(book.asks)
        later = (number for number in sorted(self._market.history) if number >= self._version)
        found = next((number for number in later if self._market.history[number] == shown), None)
        assert found is not None, f"no version of the market since {self._version} has {shown}"
        self._version = found
        self.compared += 1


@pytest.mark.parametrize("seed", range(3))
async def test_trusted_book_is_the_market_over_sockets(seed: int) -> None:
    """Whatever the line does, a trusted book shows a version of the market, and every book heals."""
    with Mock(ASTER.name, remembers=False) as mock:
        exchange = Exchange(mock, random.Random(seed))
        market = exchange.market
        async with streams(ASTER, mock) as opened, asyncio.TaskGroup() as group, opened.book("BTCUSDT") as book:
            watcher = Watcher(book, market)
            group.create_task(watcher.watch())  # ends with the book; what it finds wrong ends everything here
            for _ in range(ROUNDS):
                await asyncio.to_thread(exchange.spoil, 6)
            while not (book.is_trusted and (dict(book.bids), dict(book.asks)) == market.history[market.version]):
                await asyncio.to_thread(exchange.push, market.change())
                await book.changed()
    assert watcher.compared
    assert book.heals
