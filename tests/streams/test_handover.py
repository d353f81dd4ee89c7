"""Connections that are replaced before they are too old: nothing is lost, nothing comes twice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.support.apis import APIS, Api
from tests.support.clock import Clock
from tests.support.streams import Watching, changed, protocol, streams
from tests.support.waiting import PATIENCE
from venues.aster_futures.streams import channels
from venues.core.channels.channel import Event, Gap
from venues.core.streams import connection
from venues.core.streams.connection import Connection
from venues.core.streams.replacement import OVERLAP, end_task, serve
from venues.core.streams.subscription import Subscription
from venues.mock import Mock
from venues.sixmm.streams import channels as sixmm

ASTER, SIXMM = (next(api for api in APIS if api.name == name) for name in ("aster_futures", "sixmm"))
TRADES = channels.AggregateTrades(symbol="BTCUSDT")
LIFE = 100.0
LONG = LIFE + PATIENCE


@pytest.fixture
def mock() -> Iterator[Mock]:
    with Mock(ASTER.name, remembers=False) as running:
        running.streams.examples = False
        yield running


def ageing(api: Api) -> Any:
    """Return a protocol whose connections have a life, and nothing to do in it."""
    spoken = protocol(api)
    limits = next(iter(spoken.connections.values())).limits
    return changed(spoken, limits=replace(limits, life=LIFE, messages=None), heartbeat=None)


def trades(mock: Mock, *numbers: int) -> list[dict[str, Any]]:
    frame: dict[str, Any] = mock.streams.example("aggregate_trades")
    return [{**frame, "data": {**frame["data"], "a": number}} for number in numbers]


async def push(mock: Mock, place: int, *numbers: int) -> None:
    """Send trades on one of the connections only."""

    async def send() -> None:
        for frame in trades(mock, *numbers):
            await mock.streams._open[place].send_json(frame)

    await asyncio.to_thread(lambda: mock.streams._run_on_loop(send()))


async def grow_old(clock: Clock, mock: Mock, topics: int) -> None:
    """Return when a second connection has subscribed to everything, and the first one is still there."""
    await clock.skip(LIFE * 0.97, mock)
    await asyncio.to_thread(mock.streams.wait, lambda floor: len(floor.topics) == 2 * topics)


async def switch(clock: Clock, mock: Mock) -> None:
    """Return when only the second connection is left."""
    while mock.streams.connected == 2:
        await clock.skip(OVERLAP / 4, mock)


async def ids(subscription: Subscription[Any], count: int) -> list[int | str]:
    found: list[Any] = [await anext(subscription) for _ in range(count)]
    return [event.reason if isinstance(event, Gap) else event.data.id for event in found]


async def test_every_push_comes_once(mock: Mock, clock: Clock) -> None:
    """Pushes before, during and after the replacement of a connection come once each, in order, without a gap."""
    hooks = Watching()
    async with streams(ASTER, mock, like=ageing(ASTER), hooks=hooks, seconds=LONG) as opened:
        subscription: Any = await opened.subscribe(TRADES).ready()
        await asyncio.to_thread(mock.streams.push_all, trades(mock, 1, 2), TRADES.topic)
        await grow_old(clock, mock, 1)
        await asyncio.to_thread(mock.streams.push_all, trades(mock, 3, 4), TRADES.topic)
        await switch(clock, mock)
        await asyncio.to_thread(mock.streams.push_all, trades(mock, 5), TRADES.topic)
        assert [1, 2, 3, 4, 5] == await ids(subscription, 5)
    assert ([], 2) == ([note for note in hooks.notes if note.what == "lost"], mock.streams.opened)


async def test_pushes_of_either_connection_come_once(mock: Mock, clock: Clock) -> None:
    """What only the old connection showed comes at once, what only the new one showed after the switch, in order."""
    async with streams(ASTER, mock, like=ageing(ASTER), seconds=LONG) as opened:
        subscription: Any = await opened.subscribe(TRADES).ready()
        await grow_old(clock, mock, 1)
        await push(mock, 0, 1, 2, 3)
        await push(mock, 1, 3, 4, 5)
        assert [1, 2, 3] == await ids(subscription, 3)
        await push(mock, 0, 4)
        assert [4] == await ids(subscription, 1)
        await switch(clock, mock)
        await asyncio.to_thread(mock.streams.push_all, trades(mock, 6), TRADES.topic)
        assert [5, 6] == await ids(subscription, 2)


async def test_account_stream_is_replaced_too(mock: Mock, clock: Clock) -> None:
    """A stream that comes by itself, for its listen key, is handed over like any other."""
    frame = mock.streams.example("account")
    key = protocol(ASTER).connections["user"].listen_key
    assert key is not None
    like = changed(ageing(ASTER), listen_key=replace(key, every=LIFE, life=2 * LIFE))
    async with streams(ASTER, mock, like=like, seconds=LONG) as opened:
        subscription: Any = await opened.subscribe(channels.Account()).ready()
        await clock.skip(LIFE * 0.97, mock)
        await asyncio.to_thread(mock.streams.wait, lambda floor: floor.opened == 2)
        await asyncio.to_thread(mock.streams.push, {**frame, "E": 1})
        await switch(clock, mock)
        await asyncio.to_thread(mock.streams.push, {**frame, "E": 2})
        found = [await anext(subscription) for _ in range(2)]
    assert [1, 2] == [event.data.event_time for event in found]


async def test_what_changes_meanwhile_is_kept(mock: Mock, clock: Clock) -> None:
    """A channel that is added or removed while two connections are open is so on the new one afterwards."""
    more, gone = channels.MiniTicker(symbol="ETHUSDT"), channels.Ticker(symbol="BTCUSDT")
    async with streams(ASTER, mock, like=ageing(ASTER), seconds=LONG) as opened:
        subscription: Any = await opened.subscribe(TRADES, gone).ready()
        await grow_old(clock, mock, 2)
        await subscription.add(more)
        await subscription.remove(gone)
        await switch(clock, mock)
        await asyncio.to_thread(mock.streams.wait, lambda floor: gone.topic not in floor.topics)
        assert {TRADES.topic, more.topic} == {*await opened.list_topics()}


async def test_snapshot_of_the_new_connection_is_not_needed(clock: Clock) -> None:
    """Where a subscription starts with a snapshot, the consumer has its state already, and goes on with changes."""
    with Mock(SIXMM.name, remembers=False) as mock:
        async with streams(SIXMM, mock, like=ageing(SIXMM), seconds=LONG) as opened:
            subscription: Any = await opened.subscribe(sixmm.Book(symbol="BTCUSDT")).ready()
            found = [await anext(subscription) for _ in range(2)]
            await grow_old(clock, mock, 1)
            await switch(clock, mock)
            change = mock.streams.example("book", 1)
            change["data"]["endVersion"] = "1026"
            await asyncio.to_thread(mock.streams.push, change)
            found.append(await anext(subscription))
    assert [(1024, True), (1025, False), (1026, False)] == [(e.data.end_version, e.snapshot) for e in found]


async def test_failed_replacement_leaves_the_old_connection(mock: Mock, clock: Clock) -> None:
    """Where the exchange lets no second connection in, the first one goes on, and the attempt is repeated."""
    async with streams(ASTER, mock, like=ageing(ASTER), seconds=LONG) as opened:
        subscription: Any = await opened.subscribe(TRADES).ready()
        mock.streams.refuse_connections = True
        await clock.skip(LIFE * 0.97, mock)
        await asyncio.to_thread(mock.streams.push_all, trades(mock, 1), TRADES.topic)
        assert [1] == await ids(subscription, 1)
        mock.streams.refuse_connections = False
        while mock.streams.opened == 1:
            await clock.skip(LIFE * 0.006, mock)
        await switch(clock, mock)
        await asyncio.to_thread(mock.streams.push_all, trades(mock, 2), TRADES.topic)
        assert [2] == await ids(subscription, 1)


async def test_old_connection_that_is_lost_meanwhile_is_a_gap(mock: Mock, clock: Clock) -> None:
    """Where the old connection breaks before it has shown everything, something may be missing, and that is told."""
    async with streams(ASTER, mock, like=ageing(ASTER), seconds=LONG) as opened:
        subscription: Any = await opened.subscribe(TRADES).ready()
        await grow_old(clock, mock, 1)
        mock.streams.drop(1)
        assert "disconnected" == (await anext(subscription)).reason
        await asyncio.to_thread(mock.streams.wait, lambda floor: (floor.opened, len(floor.topics)) == (3, 1))
        await asyncio.to_thread(mock.streams.push_all, trades(mock, 7), TRADES.topic)
        assert isinstance(await anext(subscription), Event)


async def test_unproved_replacement_is_a_gap(mock: Mock, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing proves that the old connection has shown everything, the switch is a gap."""
    monkeypatch.setattr("venues.core.streams.websocket.WebSocket.ping", lambda *_: asyncio.sleep(0))
    async with streams(ASTER, mock, like=ageing(ASTER), seconds=2 * LONG) as opened:
        subscription: Any = await opened.subscribe(TRADES).ready()
        await grow_old(clock, mock, 1)
        await switch(clock, mock)
        await asyncio.to_thread(mock.streams.push_all, trades(mock, 1), TRADES.topic)
        assert ["life", 1] == await ids(subscription, 2)


async def test_closing_during_the_switch_leaves_nothing(
    mock: Mock, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streams that are closed while the old connection is being closed close the new one, too."""
    ending, may_end, close = asyncio.Event(), asyncio.Event(), connection._close_quietly

    async def close_slowly(socket: Any) -> None:
        ending.set()
        await may_end.wait()
        await close(socket)

    before = asyncio.all_tasks()
    async with streams(ASTER, mock, like=ageing(ASTER), seconds=LONG) as opened:
        await opened.subscribe(TRADES).ready()
        await grow_old(clock, mock, 1)
        monkeypatch.setattr(connection, "_close_quietly", close_slowly)
        while not ending.is_set():
            await clock.skip(OVERLAP / 4, mock)
        closing = asyncio.create_task(opened.close())
        for _ in range(5):
            await asyncio.sleep(0)
        may_end.set()
        await closing
    assert before == asyncio.all_tasks()
    await asyncio.to_thread(mock.streams.wait, lambda floor: floor.connected == 0)


async def test_connection_that_is_given_up_before_it_is_served_is_closed(mock: Mock) -> None:
    """A connection is closed also where the task that serves it is canceled before its first step."""
    async with streams(ASTER, mock) as opened:
        await opened.subscribe(TRADES).ready()
        (supervisor,) = opened._pool
        spare = await Connection.open(supervisor._setup)
        await end_task(serve(spare, supervisor.welcome))
        assert spare._socket._ws._response.connection is None


async def test_closing_before_the_switch_leaves_nothing(mock: Mock, clock: Clock) -> None:
    """Streams that are closed while two connections are open close both."""
    before = asyncio.all_tasks()
    async with streams(ASTER, mock, like=ageing(ASTER), seconds=LONG) as opened:
        await opened.subscribe(TRADES).ready()
        await grow_old(clock, mock, 1)
    assert before == asyncio.all_tasks()
    await asyncio.to_thread(mock.streams.wait, lambda floor: floor.connected == 0)
