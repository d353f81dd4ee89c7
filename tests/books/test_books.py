"""Order books of every API that documents one, against mock exchanges over real sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from tests.support.apis import APIS, Api, label
from tests.support.streams import streams, sync_streams
from venues.aster_futures.streams import channels
from venues.books import Best, Book, Level, Prices, SyncBook
from venues.core.books.levels import Side
from venues.errors import BookUntrusted, ConnectionLost, InvalidRequest, SymbolNotFound
from venues.mock import Mock
from venues.mock.streams.server import StreamServer

ASTER = next(api for api in APIS if api.name == "aster_futures")
SNAPSHOT = "market.get_order_book"
EXAMPLES = {
    "aster_futures": ("BTCUSDT", ("61250.1", "0.431"), ("61250.2", "0.120")),
    "binance_spot": ("BTCUSDT", ("61250.1", "0.431"), ("61250.2", "0.12")),
    "bingx_swap": ("BTC-USDT", ("5319.93", "0.05483456"), ("5319.94", "0.05483456")),
    "bybit": ("BTCUSDT", ("16493.50", "0.006"), ("16611.00", "0.029")),
    "hibt_futures": ("btc_usdt", ("58930.71", "1.44"), ("58930.89", "2.51")),
}
"""API → symbol, best bid and best ask of the push that its mock exchange sends."""
MARKETS = {"bybit": "linear"}
"""API → the market of that symbol, where it has several."""
WITH_BOOK = [api for api in APIS if api.name in EXAMPLES]


def level(price: str, quantity: str) -> Level:
    """Return a level."""
    return Level(Decimal(price), Decimal(quantity))


@pytest.fixture
def mock() -> Iterator[Mock]:
    """A mock exchange of an API whose book is joined of a snapshot and changes."""
    with Mock(ASTER.name, remembers=False) as running:
        running.streams.examples = False
        yield running


def snapshot(number: int, bid: str = "99", ask: str = "101") -> dict[str, Any]:
    """Return a snapshot of one level a side."""
    return {"lastUpdateId": number, "E": 1, "T": 1, "bids": [[bid, "1"]], "asks": [[ask, "1"]]}


def change(mock: Mock, first: int, last: int, previous: int, *bids: tuple[str, str]) -> dict[str, Any]:
    """Return a change of bids."""
    frame: dict[str, Any] = mock.streams.example("book_changes")
    return {**frame, "data": {**frame["data"], "U": first, "u": last, "pu": previous, "b": bids, "a": []}}


async def until(book: Book, met: Callable[[Book], object]) -> None:
    """Wait until a book is as it should be."""
    async for each in book:
        if met(each):
            return


@contextmanager
def pushing(api: Api, connections: int = 1) -> Iterator[Mock]:
    """Serve an API whose mock exchange pushes its example of a book once on each connection."""
    with Mock(api.name, remembers=False) as mock, ThreadPoolExecutor(1) as thread:
        mock.streams.examples = False
        pushed = thread.submit(push_examples, mock, connections)
        yield mock
        pushed.result()


def push_examples(mock: Mock, connections: int) -> None:
    """Push the example of a book once to each connection, as soon as it has subscribed."""
    for number in range(1, connections + 1):
        mock.streams.wait(partial(has_subscribed, number))
        frame = mock.streams.example("book")
        mock.streams.push(frame | {"stream": mock.streams.topics[0]} if "stream" in frame else frame)


def has_subscribed(connections: int, server: StreamServer) -> bool:
    """Whether so many connections were opened, and the last one has subscribed."""
    return server.opened == connections and bool(server.topics)


@pytest.mark.parametrize("api", WITH_BOOK, ids=label)
async def test_book_of_every_api_is_kept(api: Api) -> None:
    """A symbol and a depth are enough for a book, whose best levels are those that the exchange pushed."""
    symbol, bid, ask = EXAMPLES[api.name]
    with pushing(api) as mock:
        async with streams(api, mock) as opened, opened.book(symbol, depth=5, market=MARKETS.get(api.name)) as book:
            assert Best(level(*bid), level(*ask)) == book.best
            assert (5, 5) == (len(book.bids), len(book.asks))
            assert Decimal(ask[0]) - Decimal(bid[0]) == book.spread


@pytest.mark.parametrize("api", WITH_BOOK, ids=label)
def test_sync_book_of_every_api_is_kept(api: Api) -> None:
    """The sync twin gives a book that can be trusted, and makes it anew after its connection was lost."""
    symbol, bid, ask = EXAMPLES[api.name]
    with pushing(api, connections=2) as mock, sync_streams(api, mock) as opened:
        book = opened.book(symbol, depth=5, market=MARKETS.get(api.name))
        assert Best(level(*bid), level(*ask)) == book.best
        mock.streams.drop()
        assert next(True for each in book if each.heals)
        assert Best(level(*bid), level(*ask)) == book.best


def test_book_that_does_not_come_is_given_up(mock: Mock) -> None:
    """Where nothing comes that a book can begin with, the wait ends, says why, and leaves nothing subscribed to."""
    with sync_streams(ASTER, mock) as opened:
        with pytest.raises(TimeoutError, match=r"symbol='BTCUSDT'.* within 0.2 s: nothing has come yet"):
            opened.book("BTCUSDT", depth=7, timeout=0.2)  # no example has this depth, so the mock pushes nothing
        assert [] == opened.list_topics()


async def test_waits_for_a_book_end_in_time(mock: Mock) -> None:
    """Waits of an asyncio program end in time, too: a book that never came is closed, one that was there goes on."""
    mock.answer(SNAPSHOT, snapshot(100))
    async with streams(ASTER, mock) as opened:
        with pytest.raises(TimeoutError, match=r"no order book of .* within 0 s: nothing has come yet"):
            await opened.book("BTCUSDT", depth=7).ready(timeout=0)
        book = await opened.book("BTCUSDT")
        await book.changed()
        with pytest.raises(TimeoutError, match=r"did not change within 0\.01 s"):
            await book.changed(timeout=0.01)
        assert book.is_trusted
        for wait in (book.ready, book.changed):
            with pytest.raises(InvalidRequest, match="timeout is '5'; pass seconds"):
                await wait(timeout="5")  # type: ignore[arg-type]
        assert book.is_trusted


def test_threads_take_turns(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads levels and whoever changes them holds one lock, so that no thread sees half of a change."""
    mock.answer(SNAPSHOT, snapshot(100))
    locked = dict[str, bool]()
    with sync_streams(ASTER, mock) as opened, opened.book("BTCUSDT") as book:
        for name in ("change", "first", "average"):
            monkeypatch.setattr(Side, name, noting(locked, name, book))
        mock.streams.push(change(mock, 98, 105, 97, ("98", "3")))
        while "change" not in locked:
            book.changed()
        assert (level("99", "1"), level("98", "3")) == book.bids
        assert Decimal(99) == book.price_for(1).sell
    assert {"change": True, "first": True, "average": True} == locked


def noting(locked: dict[str, bool], name: str, book: SyncBook) -> Callable[..., object]:
    """Return a method of a side that notes whether it is called under the book's lock."""
    real = getattr(Side, name)

    def act(side: Side, *arguments: Any) -> object:
        locked[name] = book._shelf.lock.locked()
        return real(side, *arguments)

    return act


@pytest.mark.parametrize("api", [api for api in APIS if api not in WITH_BOOK], ids=label)
async def test_api_without_a_book_says_so(api: Api) -> None:
    """Where no order book is documented, asking for one says that."""
    with Mock(api.name, remembers=False) as mock:
        async with streams(api, mock) as opened:
            with pytest.raises(InvalidRequest, match="documents no order book"):
                opened.book("BTCUSDT")


async def test_changes_continue_the_snapshot(mock: Mock) -> None:
    """Changes are applied to the snapshot by their numbers: quantities are absolute, and 0 removes a level."""
    mock.answer(SNAPSHOT, snapshot(100))
    async with streams(ASTER, mock) as opened:
        book = await opened.book("BTCUSDT")
        mock.streams.push(change(mock, 98, 105, 97, ("99", "0"), ("98", "3")))
        mock.streams.push(change(mock, 106, 106, 105, ("97", "2")))
        await until(book, lambda book: len(book.bids) == 2)
        assert (level("98", "3"), level("97", "2")) == book.bids
        assert book.gaps_seen


async def test_hole_makes_the_book_untrusted_until_it_is_healed(mock: Mock) -> None:
    """After a missing push levels can't be read; a new snapshot heals the book."""
    mock.answer(SNAPSHOT, snapshot(100), times=1)
    mock.fail(SNAPSHOT, "-1003", status=429, times=1)
    mock.answer(SNAPSHOT, snapshot(110, bid="98"))
    async with streams(ASTER, mock) as opened:
        book = await opened.book("BTCUSDT")
        mock.streams.push(change(mock, 98, 101, 97))
        mock.streams.push(change(mock, 110, 112, 105, ("97", "2")))
        await until(book, lambda book: not book.is_trusted)
        assert "sequence" == book.trouble
        with pytest.raises(BookUntrusted, match="sequence"):
            assert book.best
        await until(book, lambda book: book.is_trusted)
        assert ((level("98", "1"), level("97", "2")), 1) == (book.bids, book.heals)


async def test_lost_connection_makes_the_book_untrusted_until_it_is_healed(mock: Mock) -> None:
    """What comes while a connection is lost is in no push: a new snapshot is asked for after it is back."""
    mock.answer(SNAPSHOT, snapshot(100), times=1)
    mock.answer(SNAPSHOT, snapshot(200, bid="95"))
    async with streams(ASTER, mock) as opened:
        book = await opened.book("BTCUSDT")
        mock.streams.drop()
        await until(book, lambda book: book.trouble == "disconnected")
        await until(book, lambda book: book.is_trusted)
        assert (level("95", "1"), 2) == (book.best.bid, mock.streams.opened)


async def test_old_snapshot_is_asked_for_again(mock: Mock) -> None:
    """A snapshot that is older than the changes is not taken, for pushes between them are missing."""
    mock.answer(SNAPSHOT, snapshot(100), times=2)
    mock.answer(SNAPSHOT, snapshot(120, bid="98"))
    async with streams(ASTER, mock) as opened:
        book = await opened.book("BTCUSDT")
        mock.streams.push(change(mock, 115, 119, 114))
        await until(book, lambda book: not book.is_trusted)
        await until(book, lambda book: book.is_trusted)
        assert level("98", "1") == book.best.bid


async def test_refused_snapshot_fails_the_book(mock: Mock) -> None:
    """A symbol that the exchange does not know is its error, and nothing stays subscribed to."""
    mock.fail(SNAPSHOT, "-1121")
    async with streams(ASTER, mock) as opened:
        with pytest.raises(SymbolNotFound):
            await opened.book("NOSUCH")
        assert [] == await opened.list_topics()


async def test_closed_book_is_not_trusted(mock: Mock) -> None:
    """A book that is closed ends its loops, and its last levels are not taken for those of now."""
    mock.answer(SNAPSHOT, snapshot(100))
    async with streams(ASTER, mock) as opened:
        async with opened.book("BTCUSDT") as book:
            pass
        assert not book.is_trusted
        assert [] == [each async for each in book]
        with pytest.raises(ConnectionLost):
            await book.ready()


async def test_price_for_a_quantity(mock: Mock) -> None:
    """A quantity costs the average of the levels that it takes; one that is not there has no price."""
    mock.answer(SNAPSHOT, snapshot(100) | {"asks": [["101", "1"], ["103", "1"]]})
    async with streams(ASTER, mock) as opened:
        book = await opened.book("BTCUSDT")
        assert Prices(buy=Decimal(102), sell=None) == book.price_for(2)
        with pytest.raises(InvalidRequest, match="greater than 0"):
            book.price_for(0)


async def test_channel_with_arguments_of_ones_own_gives_a_book(mock: Mock) -> None:
    """Where a symbol and a depth do not say enough, a channel does."""
    mock.answer(SNAPSHOT, snapshot(100))
    channel = channels.BookChanges(symbol="BTCUSDT", speed="100ms")
    async with streams(ASTER, mock) as opened, opened.book(channel) as book:
        assert ("btcusdt@depth@100ms", level("99", "1")) == (book.channel.topic, book.best.bid)


async def test_depth_beyond_all_channels_is_refused(mock: Mock) -> None:
    """A depth that no channel reaches is an error before anything is sent."""
    async with streams(ASTER, mock) as opened:
        with pytest.raises(InvalidRequest, match="1000 levels"):
            opened.book("BTCUSDT", depth=1001)
        with pytest.raises(InvalidRequest, match="gives no order book"):
            opened.book(channels.Ticker(symbol="BTCUSDT"))
