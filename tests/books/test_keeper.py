"""What keeps a book up to date: it follows a channel, and gets a new snapshot where that is needed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from venues.core.books.book import Book, open_book
from venues.core.books.levels import Level
from venues.core.channels.book_rule import BookJoin, BookRule, BookSides
from venues.core.channels.channel import Channel, ChannelSpec, Event, Gap, Numbering
from venues.core.channels.topics import TopicParam
from venues.core.request.params import Param
from venues.errors import BookUntrusted, ConnectionFailed, ConnectionLost, InvalidRequest
from venues.retry import Retry

SIDES = BookSides("bids", "asks", "price", "quantity")
SOON = Retry(first=0.001, longest=0.001)


class PushedBook(Channel[Any]):
    """Begins with a snapshot."""

    SPEC = ChannelSpec(
        "demo",
        "book",
        "market",
        Event,
        topic="book",
        delivers="snapshot_then_change",
        sequence=Numbering("last", step=1, grows=True),
        book=BookRule(SIDES, "symbol"),
    )


class JoinedBook(Channel[Any]):
    """Changes only; the snapshot is asked for."""

    SPEC = ChannelSpec(
        "demo",
        "changes",
        "market",
        Event,
        topic="changes.{symbol}",
        params=(TopicParam(Param("symbol", "symbol", "string", required=True)),),
        sequence=Numbering("last", first="last", step=1, grows=True),
        book=BookRule(
            SIDES,
            "symbol",
            join=BookJoin("market.get_book", SIDES, "last", "after", {"pair": "symbol"}, {"limit": 4}, levels=4),
        ),
    )


class Streams:
    """A subscription, and the session that it belongs to."""

    def __init__(self) -> None:
        self.items = asyncio.Queue[Any]()
        self.renewed = 0
        self.asked: list[Mapping[str, object]] = []
        self.answers = asyncio.Queue[Any]()
        self.is_closed = False
        self.fault: Exception | None = None

    async def ready(self) -> None:
        """Subscribe."""

    async def close(self) -> None:
        self.is_closed = True

    def __aiter__(self) -> Streams:
        return self

    async def __anext__(self) -> Any:
        item = await self.items.get()
        if self.fault is not None:
            raise self.fault
        return item

    async def wait_live(self, channel: Channel[Any]) -> None:
        """Be live."""

    def sees_gaps(self, channel: Channel[Any]) -> bool:
        return True

    def renew(self, channel: Channel[Any]) -> None:
        self.renewed += 1

    async def ask(self, operation: str, arguments: Mapping[str, object]) -> object:
        self.asked.append(arguments)
        answer = await self.answers.get()
        if isinstance(answer, Exception):
            raise answer
        return answer


def payload(last: int, bids: str, asks: str) -> SimpleNamespace:
    """Return levels, written as `price:quantity price:quantity`."""
    sides = ([SimpleNamespace(**pair) for pair in map(pair_of, side.split())] for side in (bids, asks))
    return SimpleNamespace(last=last, bids=next(sides), asks=next(sides))


def pair_of(text: str) -> dict[str, Decimal]:
    """Return one level."""
    return dict(zip(("price", "quantity"), map(Decimal, text.split(":")), strict=True))


def push(channel: Channel[Any], data: Any, *, whole: bool = False) -> Event[Any, Any]:
    """Return an event."""
    return Event(channel, data, whole, None, 0)


def level(price: int, quantity: int) -> Level:
    """Return a level."""
    return Level(Decimal(price), Decimal(quantity))


@pytest.fixture
async def streams() -> Streams:
    return Streams()


async def until(book: Book, trusted: bool) -> None:
    """Wait until a book is trusted, or no longer is."""
    async with asyncio.timeout(20):
        while book.is_trusted != trusted:
            await book.changed()


async def opened(streams: Streams, depth: int | None = None) -> tuple[Book, Channel[Any]]:
    """Return a book of pushed snapshots."""
    channel = PushedBook({})
    book = open_book(channel, streams, streams, SOON, depth)
    streams.items.put_nowait(push(channel, payload(1, "99:1 98:2", "101:1"), whole=True))
    await book
    return book, channel


async def test_pushed_snapshot_heals(streams: Streams) -> None:
    """Changes that come before the new snapshot are dropped, and the book counts that it was healed."""
    book, channel = await opened(streams)
    streams.items.put_nowait(Gap(channel=channel, reason="sequence"))
    streams.items.put_nowait(push(channel, payload(4, "99:9", "")))
    await until(book, trusted=False)
    streams.items.put_nowait(push(channel, payload(5, "97:1", "101:1"), whole=True))
    await until(book, trusted=True)
    assert ((level(97, 1),), 1) == (book.bids, book.heals)
    await book.close()


@pytest.mark.parametrize("reason", ["sequence", "unreadable", "failed", "overflow"])
async def test_gap_on_a_live_connection_gets_a_new_snapshot(streams: Streams, reason: Any) -> None:
    """A gap after which nobody subscribes again makes the book do that."""
    book, channel = await opened(streams)
    streams.items.put_nowait(Gap(channel=channel, reason=reason))
    await until(book, trusted=False)
    assert (reason, 1) == (book.trouble, streams.renewed)
    await book.close()


async def test_lost_connection_is_left_to_the_streams(streams: Streams) -> None:
    """After a lost connection the streams subscribe again by themselves: once is enough."""
    book, channel = await opened(streams)
    streams.items.put_nowait(Gap(channel=channel, reason="disconnected"))
    await until(book, trusted=False)
    assert 0 == streams.renewed
    await book.close()


@pytest.mark.parametrize("bids", ["101:1", "99:-1", "99:NaN"])
async def test_levels_that_make_no_sense_are_not_trusted(streams: Streams, bids: str) -> None:
    """Bids that cross asks, and quantities that are none, make the book untrusted, and get a new snapshot."""
    book, channel = await opened(streams)
    streams.items.put_nowait(push(channel, payload(2, bids, "")))
    await until(book, trusted=False)
    assert 1 == streams.renewed
    await book.close()


async def test_depth_cuts_what_is_shown(streams: Streams) -> None:
    """A depth shows so many levels, while prices are found in all that are known."""
    book, _ = await opened(streams, depth=1)
    assert ((level(99, 1),), Decimal(99 + 98) / 2) == (book.bids, book.price_for(2).sell)
    await book.close()


async def test_first_snapshot_that_fails_is_an_error(streams: Streams) -> None:
    """A book that can't begin fails; one that was trusted goes on, for outages pass."""
    channel = JoinedBook({"symbol": "BTC"})
    streams.answers.put_nowait(ConnectionFailed("down"))
    with pytest.raises(ConnectionFailed):
        await open_book(channel, streams, streams, SOON, None)
    assert streams.is_closed


async def test_outage_does_not_end_a_book(streams: Streams) -> None:
    """A snapshot that fails later is asked for again; its arguments are those of the specification."""
    channel = JoinedBook({"symbol": "BTC"})
    streams.answers.put_nowait(payload(1, "99:1", "101:1"))
    book = await open_book(channel, streams, streams, SOON, None)
    streams.items.put_nowait(Gap(channel=channel, reason="sequence"))
    for answer in (ConnectionFailed("down"), InvalidRequest("what?"), payload(9, "98:1", "101:1")):
        streams.answers.put_nowait(answer)
    await until(book, trusted=False)
    await until(book, trusted=True)
    assert level(98, 1) == book.best.bid
    assert [{"pair": "BTC", "limit": 4}] * 4 == streams.asked
    await book.close()


async def test_changes_wait_for_the_snapshot(streams: Streams) -> None:
    """What comes while a snapshot is asked for is applied to it, if it is newer."""
    channel = JoinedBook({"symbol": "BTC"})
    streams.items.put_nowait(push(channel, payload(2, "99:7", "")))
    streams.items.put_nowait(push(channel, payload(3, "98:5", "")))
    book = open_book(channel, streams, streams, SOON, None)
    waiting = asyncio.ensure_future(book.ready())
    while streams.items.qsize():
        await asyncio.sleep(0)
    streams.answers.put_nowait(payload(2, "99:1", "101:1"))
    await waiting
    assert (level(99, 1), level(98, 5)) == book.bids
    await book.close()


async def test_used_up_snapshot_is_replaced_in_trust(streams: Streams) -> None:
    """A limited snapshot of which too few levels are left is replaced, and the book is trusted all the while."""
    channel = JoinedBook({"symbol": "BTC"})
    streams.answers.put_nowait(payload(1, "99:1 98:1 97:1 96:1", "101:1"))
    book = await open_book(channel, streams, streams, SOON, None)
    trust = []
    streams.items.put_nowait(push(channel, payload(2, "99:0 98:0 97:0", "")))
    streams.answers.put_nowait(payload(2, "96:1 95:1", "101:1"))
    async with asyncio.timeout(20):
        while len(book.bids) != 2:
            await book.changed()
            trust.append(book.is_trusted)
    assert (True, 0) == (all(trust), book.heals)
    await book.close()


async def follow(book: Book) -> None:
    """Wait for changes until there are none any more."""
    while True:
        await book.changed()


async def test_fault_ends_a_book(streams: Streams) -> None:
    """Whatever goes wrong while a book is kept, it is not trusted after that, and who waits is told."""
    book, channel = await opened(streams)
    streams.items.put_nowait(push(channel, payload(2, "98:1", ""), whole=True))
    streams.fault = ZeroDivisionError("a mistake")
    async with asyncio.timeout(20):
        with pytest.raises(ConnectionLost, match="not kept any more"):
            await follow(book)
    assert not book.is_trusted
    with pytest.raises(ZeroDivisionError):
        await book._keeper._tasks[0]


def test_loop_that_ends_ends_trust() -> None:
    """A book whose event loop has ended is kept by nobody, and can't be trusted."""

    async def keep() -> Book:
        streams = Streams()
        return (await opened(streams))[0]

    book = asyncio.run(keep())
    assert not book.is_trusted
    with pytest.raises(BookUntrusted, match="not kept any more"):
        assert book.best


async def test_forked_process_does_not_trust(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a forked process nothing keeps the copy of a book, and whatever held its lock is not there."""
    book, _ = await opened(streams)
    with monkeypatch.context() as child:
        child.setattr(os, "getpid", lambda: -1)
        with book._shelf.lock, pytest.raises(BookUntrusted, match="forked"):
            assert book.best
        trust = [book.is_trusted]
    assert [False, True] == [*trust, book.is_trusted]
    await book.close()
