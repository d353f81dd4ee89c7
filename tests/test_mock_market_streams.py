"""Public streams of a mock exchange that remembers: they tell the market that a test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from tests.support.apis import Api
from tests.support.orders import OrderCall, order_calls, same_number
from tests.support.pushes import carried_by, channels_of, things_in
from tests.support.streams import streams
from tests.support.traders import OneMarket
from venues.books import Level
from venues.core.channels.channel import Channel
from venues.mock.books.market import Market
from venues.mock.declared.channels import PushedThing

BIDS = [("60000", "0.5"), ("59990", "2")]
ASKS = [("60010", "0.25"), ("60020", "1")]
Case = tuple[Api, Channel[Any], PushedThing]


def each(thing: str) -> pytest.MarkDecorator:
    """Run a test for each channel of a symbol that tells such things, where orders can be placed."""
    found = [(a, c, f) for a, c, f in channels_of(thing) if "symbol" in c.arguments and [*order_calls(a, "place")]]
    names = [f"{api.name}-{channel.SPEC.name}" for api, channel, _ in found]
    return pytest.mark.parametrize(("api", "channel", "form"), found, ids=names)


class Floor:
    """A market, and a subscriber of what is told of it."""

    def __init__(self, market: Market, subscription: Any, form: PushedThing) -> None:
        self.market, self._subscription, self._form = market, subscription, form

    async def event(self) -> Any:
        return await anext(self._subscription)

    async def told(self) -> dict[str, Any]:
        """Return what the next push says."""
        return things_in(await self.event(), self._form)[-1]


@asynccontextmanager
async def floor(api: Api, channel: Channel[Any], form: PushedThing) -> AsyncIterator[Floor]:
    """Follow a market that nobody has moved yet."""
    place = place_of(api, channel)
    symbol = place.example["symbol"]
    with OneMarket(api.name, place) as mock:
        mock.any_symbol = True
        market = mock.market(next(spelled(symbol, str(channel.arguments["symbol"]))))
        async with streams(api, mock) as opened:
            yield Floor(market, await opened.subscribe(channel).ready(), form)


def place_of(api: Api, channel: Channel[Any]) -> OrderCall:
    """Return a way to place orders in the market that a channel is about."""
    carried = carried_by(channel)
    assert carried is not None
    return next(place for place in order_calls(api, "place") if carried.within in ("", place.market))


def spelled(known: str, symbol: str) -> Any:
    """Yield a channel's symbol as calls spell it."""
    yield symbol if known.lower() == known else symbol.upper()


@each("trade")
async def test_trades_are_told(api: Api, channel: Channel[Any], form: PushedThing) -> None:
    """Each trade is pushed, in order, with its price and quantity."""
    async with floor(api, channel, form) as told:
        told.market.trade("60000", "0.2")
        told.market.trade("60010", "0.3")
        found = [await told.told() for _ in range(2)]
    assert all(same_number(one["price"], price) for one, price in zip(found, ("60000", "60010"), strict=True))
    assert all(same_number(one["quantity"], size) for one, size in zip(found, ("0.2", "0.3"), strict=True))


@each("ticker")
async def test_tickers_follow_the_price(api: Api, channel: Channel[Any], form: PushedThing) -> None:
    """Whenever the market moves, all its prices are pushed."""
    async with floor(api, channel, form) as told:
        for price in ("60000", "61000", "60500"):
            told.market.price(price)
            while not has_price(await told.told(), price):
                pass


def has_price(found: dict[str, Any], price: str) -> bool:
    prices = [found[phrase] for phrase in ("price", "market price", "buy price", "sell price") if phrase in found]
    return bool(prices) and all(same_number(one, price) for one in prices)


@each("candle")
async def test_candles_follow_the_trades(api: Api, channel: Channel[Any], form: PushedThing) -> None:
    """The candle of now opens at the first trade, and has the highest, lowest and latest price of all."""
    async with floor(api, channel, form) as told:
        for price in ("60000", "60500", "59800", "60100"):
            told.market.trade(price, "0.1")
        found = await told.told()
        while not same_number(found["close price"], "60100"):
            found = await told.told()
    wanted = {"open price": "60000", "max price": "60500", "min price": "59800", "quantity": "0.4"}
    assert all(same_number(found[phrase], value) for phrase, value in wanted.items() if phrase in found)


BOOKS = [(api, channel) for api, channel, _ in channels_of("book") if [*order_calls(api, "place")]]
EACH_BOOK = pytest.mark.parametrize(
    ("api", "channel"), [*{api.name: (api, channel) for api, channel in BOOKS}.values()], ids=lambda v: str(v)[:20]
)


@pytest.mark.parametrize("depth", [5, None])
@EACH_BOOK
async def test_a_kept_book_is_the_market(api: Api, channel: Channel[Any], depth: int | None) -> None:
    """`streams.book` shows what the test set, follows each change, and heals after a lost one where it can be seen."""
    place = place_of(api, channel)
    with OneMarket(api.name, place) as mock:
        symbol = str(place.example["symbol"])
        mock.market(symbol).book(BIDS, ASKS)
        where = {"market": place.market} if place.market else {}
        async with streams(api, mock) as opened:
            book = await opened.book(str(channel.arguments["symbol"]), depth=depth, **where)
            assert (levels(BIDS), levels(ASKS)) == (book.bids, book.asks)
            for price in ("60001", "60002", "60003"):
                mock.market(symbol).book([*BIDS[1:], (price, "7")], ASKS)
                await shown(book, levels([(price, "7"), *BIDS[1:]]))
            if book.gaps_seen:
                mock.streams.lose()
            mock.market(symbol).book(BIDS[:1], ASKS)
            await asyncio.to_thread(mock.streams.wait, lambda floor: not floor.outbox.lost.total())
            mock.market(symbol).book(BIDS[1:], ASKS[1:])
            await shown(book, levels(BIDS[1:]))
            assert levels(ASKS[1:]) == book.asks


async def shown(book: Any, bids: tuple[Level, ...]) -> None:
    """Wait until a book shows these bids."""
    while not (book.is_trusted and bids == book.bids):
        await book.changed()


def levels(rows: list[tuple[str, str]]) -> tuple[Level, ...]:
    return tuple(Level(Decimal(price), Decimal(quantity)) for price, quantity in rows)
