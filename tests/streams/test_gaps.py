"""Numbered pushes: holes, repetitions and wrong order; pushes that can't be read."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from tests.support.apis import APIS
from tests.support.streams import Watching, streams
from venues.aster_futures.streams import channels
from venues.core.channels.channel import Event, Gap, Numbering, UnknownEvent
from venues.core.streams.numbering import NumberTracker
from venues.mock import Mock

ASTER = next(api for api in APIS if api.name == "aster_futures")
SIXMM = next(api for api in APIS if api.name == "sixmm")
BOOK = channels.BookChanges(symbol="BTCUSDT")


@pytest.fixture
def mock() -> Iterator[Mock]:
    with Mock(ASTER.name, remembers=False) as running:
        running.streams.examples = False
        yield running


@asynccontextmanager
async def listening(mock: Mock) -> AsyncIterator[Any]:
    """Subscribe to a book; no fixture, for what a fixture opens in a task of its own can end no wait of a test's."""
    async with streams(ASTER, mock) as opened:
        yield await opened.subscribe(BOOK).ready()


def change(mock: Mock, number: int, before: int) -> dict[str, Any]:
    """Return a change of the book whose numbers are these."""
    frame: dict[str, Any] = mock.streams.example("book_changes")
    return {**frame, "data": {**frame["data"], "U": number, "u": number, "pu": before}}


async def test_numbers_that_join_make_no_gap(mock: Mock) -> None:
    """Pushes that follow each other are events and nothing else."""
    async with listening(mock) as book:
        mock.streams.push_all([change(mock, 11, 10), change(mock, 12, 11)])
        assert [11, 12] == [(await anext(book)).data.last_update_id for _ in range(2)]


async def test_hole_is_told(mock: Mock) -> None:
    """A push that does not join comes after a gap that names both numbers."""
    async with listening(mock) as book:
        mock.streams.push_all([change(mock, 11, 10), change(mock, 15, 14)])
        await anext(book)
        gap = await anext(book)
        assert ("sequence", 11, 15) == (gap.reason, gap.last, gap.next)
        assert isinstance(await anext(book), Event)


async def test_repetition_is_dropped(mock: Mock) -> None:
    """A push that comes twice is received once."""
    async with listening(mock) as book:
        mock.streams.push(change(mock, 11, 10), times=3)
        mock.streams.push(change(mock, 12, 11))
        assert [11, 12] == [(await anext(book)).data.last_update_id for _ in range(2)]


async def test_wrong_order_is_a_gap(mock: Mock) -> None:
    """A push that was overtaken is covered by the gap that the other one made."""
    async with listening(mock) as book:
        mock.streams.push_all([change(mock, 11, 10), change(mock, 13, 12), change(mock, 12, 11), change(mock, 14, 13)])
        found = [await anext(book) for _ in range(4)]
        assert [11, "sequence", 13, 14] == [f.reason if isinstance(f, Gap) else f.data.last_update_id for f in found]


async def test_unreadable_push_is_a_gap(mock: Mock) -> None:
    """A push that makes no sense ends nothing: it is told, and the next one comes."""
    async with listening(mock) as book:
        mock.streams.push({"stream": "btcusdt@depth", "data": ["what", "is", "this"]})
        mock.streams.push(change(mock, 11, 10))
        assert "unreadable" == (await anext(book)).reason
        assert isinstance(await anext(book), Event)


async def test_deviation_is_mended(mock: Mock) -> None:
    """An empty text for a number is mended and told, as in answers of REST."""
    frame = change(mock, 11, 10)
    frame["data"]["E"] = ""
    hooks = Watching()
    async with streams(ASTER, mock, hooks=hooks) as opened:
        subscription: Any = await opened.subscribe(BOOK).ready()
        mock.streams.push(frame)
        event = await anext(subscription)
    assert event.data.event_time is None
    assert [("streams.book_changes", "event_time", '""')] == hooks.found


async def test_unknown_event_survives(mock: Mock) -> None:
    """A kind of event that the specification does not know reaches the consumer as JSON."""
    async with streams(ASTER, mock) as opened:
        subscription = await opened.subscribe(channels.Account()).ready()
        mock.streams.push({"e": "SOMETHING_NEW", "E": 1})
        event = await anext(subscription)
    assert isinstance(event, UnknownEvent)
    assert ("SOMETHING_NEW", 1) == (event.kind, event.data["E"])


async def test_gap_gets_a_new_snapshot() -> None:
    """Where the API wants it, a gap makes the client subscribe again, and the snapshot says that it is one."""
    from venues.sixmm.streams import channels as sixmm

    with Mock(SIXMM.name, remembers=False) as running:
        async with streams(SIXMM, running) as opened:
            subscription = await opened.subscribe(sixmm.Book(symbol="BTCUSDT")).ready()
            first, second = await anext(subscription), await anext(subscription)
            far = running.streams.example("book", 1)
            far["data"]["endVersion"] = "2000"
            running.streams.push(far)
            gap, hole, again = [await anext(subscription) for _ in range(3)]
    assert isinstance(gap, Gap)
    assert [True, False, False, True] == [e.snapshot for e in (first, second, hole, again) if isinstance(e, Event)]
    assert (1025, 2000) == (gap.last, gap.next)


class Counting(Watching):
    """Counts gaps."""

    gaps = 0

    def on_gap(self, api: str, gap: Gap) -> None:
        self.gaps += 1


async def test_numbers_that_never_join_are_no_gaps_for_ever() -> None:
    """Where numbers grow otherwise than was assumed, ten gaps are told, then that, and pushes come without them."""
    from venues.sixmm.streams import channels as sixmm

    hooks = Counting()
    with Mock(SIXMM.name, remembers=False) as running:
        async with streams(SIXMM, running, hooks=hooks) as opened:
            subscription = await opened.subscribe(sixmm.Book(symbol="BTCUSDT")).ready()
            pushing = asyncio.create_task(pushes(running, 7))
            while not hooks.found:
                await anext(subscription)
            for _ in range(50):
                await anext(subscription)
            pushing.cancel()
    assert [("streams.book", "end_version")] == [(operation, path) for operation, path, _ in hooks.found]
    assert 10 == hooks.gaps


async def pushes(mock: Mock, step: int) -> None:
    """Push changes of a book whose numbers grow by so much, without end."""
    frame = mock.streams.example("book", 1)
    for number in itertools.count(2000, step):
        push = {**frame, "data": {**frame["data"], "endVersion": str(number)}}
        await asyncio.to_thread(mock.streams.push, push)


class Numbered(msgspec.Struct):
    first: int
    last: int


def test_step_counts_from_the_first_number() -> None:
    """Where a push covers several numbers, the first of them must join."""
    tracker = NumberTracker(Numbering("last", first="first", step=1, grows=True))
    found = [tracker.check(Numbered(*pair), snapshot=False).kind for pair in ((1, 3), (4, 9), (11, 12))]
    assert ["next", "next", "hole"] == found


def test_overtaken_push_is_not_lost() -> None:
    """Where holes can't be told, a push that was overtaken is received late, and what came twice once."""
    tracker = NumberTracker(Numbering("last", grows=True))
    found = [tracker.check(Numbered(0, number), snapshot=False).kind for number in (1, 3, 2, 3, 2, 4)]
    assert ["next", "next", "next", "stale", "stale", "next"] == found


def test_exchange_that_counts_anew_is_believed() -> None:
    """If nothing but old numbers comes, the exchange has begun anew: that is a hole, and no silence for ever."""
    tracker = NumberTracker(Numbering("last", step=1, grows=True))
    tracker.check(Numbered(0, 1000), snapshot=False)
    found = [tracker.check(Numbered(0, number), snapshot=False).kind for number in range(1, 40)]
    assert "hole" in found
    assert "next" == found[-1]


class Chained(msgspec.Struct):
    before: int
    last: int


def verdicts(*pairs: tuple[int, int]) -> list[str]:
    """Return what is said of pushes that name the number before them."""
    tracker = NumberTracker(Numbering("last", previous="before", grows=True))
    return [tracker.check(Chained(*pair), snapshot=False).kind for pair in pairs]


@pytest.mark.parametrize("restart", [(0, 1), (6, 8), (17, 19)], ids=["below", "other link", "inside"])
def test_restart_that_previous_proves_is_a_gap_at_once(restart: tuple[int, int]) -> None:
    """Where each push names the one before, the first push of a sequence that started again is a gap, not dropped."""
    chain = [(7, 8), (8, 16), (16, 18), (18, 20)]
    assert ["next"] * 4 + ["hole"] == verdicts(*chain, restart)


def test_pushes_after_a_restart_continue_it() -> None:
    """After a restart the new numbers are followed, and those of the old sequence prove nothing any more."""
    assert ["next", "next", "hole", "next", "stale"] == verdicts((7, 8), (8, 9), (0, 1), (1, 2), (1, 2))


def test_overtaken_push_is_no_restart() -> None:
    """A push that was overtaken lies in a hole that was reported already, and is dropped; so is one that came twice."""
    assert ["next", "hole", "stale", "stale", "stale"] == verdicts((7, 8), (12, 13), (8, 10), (10, 12), (12, 13))


@pytest.mark.parametrize(("every", "found"), [(2, 10), (9, 10), (100, 20)])
def test_holes_are_doubted_only_if_they_are_many(every: int, found: int) -> None:
    """A hole in each tenth push or oftener means that numbers grow otherwise; fewer are holes for ever."""
    tracker = NumberTracker(Numbering("last", step=1, grows=True))
    numbers = itertools.accumulate(2 if index % every == 0 else 1 for index in range(1, every * 20 + 1))
    kinds = [tracker.check(Numbered(0, number), snapshot=False).kind for number in numbers]
    assert found == kinds.count("hole")
