"""Connections that are lost: what is told, and that everything comes back."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from tests.support.apis import APIS, Api
from tests.support.clock import Clock
from tests.support.streams import Watching, changed, protocol, streams
from tests.support.waiting import PATIENCE
from venues import errors
from venues.core.channels.channel import Event, Gap
from venues.core.outcome.clock import system_clock
from venues.core.streams.protocol import Call, HeartbeatSpec
from venues.core.streams.session import Session
from venues.core.streams.subscription import Subscription
from venues.mock import Mock

BY_NAME = {api.name: api for api in APIS}
WHILE = 20.0
"""Seconds that pass at once; neither exchange gives up a silent client so soon."""
KEEP = "user_stream.extend_listen_key"
hours = count(500_000)
LOGIN, NUMBERED, KEYED = BY_NAME["bitget_margin"], BY_NAME["aster_futures"], BY_NAME["aster_futures"]


@pytest.fixture
def login() -> Iterator[Mock]:
    """An API whose private channels need a login."""
    with Mock(LOGIN.name, remembers=False) as mock:
        yield mock


@pytest.fixture
def keyed() -> Iterator[Mock]:
    """An API whose private channels need a listen key."""
    with Mock(KEYED.name, remembers=False) as mock:
        yield mock


def orders() -> Any:
    from venues.bitget_margin.streams import channels

    return channels.CrossOrders(symbol="BTCUSDT")


def account() -> Any:
    from venues.aster_futures.streams import channels

    return channels.Account()


def lasting(keyed: Mock, hooks: Watching) -> AbstractAsyncContextManager[Session]:
    """Open streams whose listen key is to be kept alive after each while."""
    spoken = protocol(KEYED)
    key = spoken.connections["user"].listen_key
    assert key is not None
    hasty = changed(spoken, listen_key=replace(key, every=WHILE, delete=Call("user_stream.close_listen_key")))
    return streams(KEYED, keyed, hooks=hooks, like=hasty, seconds=2 * WHILE + PATIENCE)


async def following(subscription: Subscription[Any]) -> tuple[Gap, Event[Any, Any]]:
    """Return the next gap, and the first event after it."""
    gap: Gap | None = None
    async for found in subscription:
        if isinstance(found, Gap):
            gap = gap or found
        elif gap is not None and isinstance(found, Event):
            return gap, found
    raise AssertionError("the stream ended")


async def test_logs_in_and_subscribes_again(login: Mock) -> None:
    """After a broken connection it logs in and subscribes again; between the events stands a gap that says from where."""
    async with streams(LOGIN, login) as opened:
        subscription = await opened.subscribe(orders()).ready()
        first = await anext(subscription)
        login.streams.drop()
        gap, again = await following(subscription)
    assert (orders(), "disconnected") == (gap.channel, gap.reason)
    assert isinstance(first, Event)
    assert first.data[-1].version == gap.last
    assert first.data == again.data
    assert 2 == sum('"login"' in frame for frame in login.streams.frames)


async def test_one_gap_an_outage(login: Mock) -> None:
    """However often connecting fails, an outage is told once."""
    async with streams(LOGIN, login, hooks=(hooks := Watching())) as opened:
        subscription = await opened.subscribe(orders()).ready()
        await anext(subscription)
        login.streams.refuse_connections = True
        login.streams.drop()
        await hooks.told("lost", times=3)
        login.streams.refuse_connections = False
        found = [await anext(subscription), await anext(subscription)]
    assert [Gap, True] == [type(found[0]), isinstance(found[1], Event)]


async def test_silence_is_death(login: Mock, clock: Clock) -> None:
    """A connection on which nothing comes any more is replaced, though nobody closed it."""
    quiet = changed(protocol(LOGIN), heartbeat=HeartbeatSpec(silence=WHILE))
    async with streams(LOGIN, login, like=quiet, seconds=WHILE + PATIENCE) as opened:
        subscription = await opened.subscribe(orders()).ready()
        await anext(subscription)
        await clock.skip(WHILE, login)
        gap, _ = await following(subscription)
    assert "silence" == gap.reason


async def test_replaced_before_its_life_ends(login: Mock, clock: Clock) -> None:
    """Where the API ends connections of some age, the client logs in on another one first, and nothing is missing."""
    login.streams.examples = False
    spoken = protocol(LOGIN)
    ageing = changed(spoken, limits=replace(spoken.connections["private"].limits, life=WHILE), heartbeat=None)
    async with streams(LOGIN, login, like=ageing, seconds=2 * WHILE + PATIENCE) as opened:
        subscription = await opened.subscribe(orders()).ready()
        await clock.skip(WHILE, login)
        await asyncio.to_thread(login.streams.wait, lambda floor: len(floor.topics) == 2)
        while login.streams.connected == 2:
            await clock.skip(1, login)
        login.streams.push(login.streams.example("cross_orders"))
        assert isinstance(await anext(subscription), Event)


async def test_expired_key_is_made_anew(keyed: Mock) -> None:
    """When the listen key expires, that is told, and a new key and connection are made."""
    async with streams(KEYED, keyed) as opened:
        subscription = await opened.subscribe(account()).ready()
        await anext(subscription)
        keyed.streams.expire_keys()
        gap, event = await following(subscription)
    assert ("expired", account()) == (gap.reason, event.channel)
    assert 2 == keyed.streams.keys.made


async def test_key_is_kept_alive_and_ended(keyed: Mock, clock: Clock) -> None:
    """While it is used the listen key is kept alive; in the end it is deleted, where the protocol says how."""
    async with lasting(keyed, hooks := Watching()) as opened:
        await opened.subscribe(account()).ready()
        for times in (1, 2):
            await clock.skip(WHILE, keyed)
            await hooks.answered(KEEP, times)
    assert "user_stream.close_listen_key" == keyed.requests[-1].operation


async def test_key_that_is_unknown_is_replaced(keyed: Mock, clock: Clock) -> None:
    """When keeping the key alive says that there is no such key, a new one is made, and the gap is told."""
    keyed.fail(KEEP, -1125, times=1)
    async with lasting(keyed, Watching()) as opened:
        subscription = await opened.subscribe(account()).ready()
        await anext(subscription)
        await clock.skip(WHILE, keyed)
        gap, _ = await following(subscription)
    assert ("expired", 2) == (gap.reason, keyed.streams.keys.made)


async def test_wrong_login_raises(login: Mock) -> None:
    """A login that is refused raises the API's error, and shows no secret."""
    async with streams(LOGIN, login, api_secret="quite-another") as opened:
        with pytest.raises(errors.AuthenticationFailed) as caught:
            await opened.subscribe(orders()).ready()
    assert "30015" == caught.value.code
    assert "quite-another" not in f"{caught.value} {caught.value.body!r}"


@pytest.mark.parametrize("minutes", [-10, 10])
async def test_wrong_clock_is_set(minutes: int) -> None:
    """A login that is refused because of this machine's clock is signed again by the exchange's."""
    with Mock(LOGIN.name, clock=lambda: system_clock() + minutes * 60_000, remembers=False) as mock:
        async with streams(LOGIN, mock) as opened:
            await opened.subscribe(orders()).ready()
        assert (2, 2) == (mock.streams.opened, sum('"login"' in frame for frame in mock.streams.frames))


async def test_clock_that_stays_wrong_is_told() -> None:
    """If setting the clock does not help, the refusal is raised after the second login."""
    with Mock(LOGIN.name, clock=lambda: next(hours) * 3_600_000, remembers=False) as mock:
        async with streams(LOGIN, mock) as opened:
            with pytest.raises(errors.ClockSkew):
                await opened.subscribe(orders()).ready()
    assert 2 == mock.streams.opened


async def test_nobody_there_raises() -> None:
    """Without an exchange the first subscription says so at once."""
    with Mock(LOGIN.name, remembers=False) as gone:
        pass
    async with streams(LOGIN, gone) as opened:
        with pytest.raises(errors.ConnectionFailed):
            await opened.subscribe(orders()).ready()


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
async def test_nothing_is_left_over(api: Api) -> None:
    """When streams are closed, no task is left."""
    from tests.support.streams import examples

    with Mock(api.name, remembers=False) as mock:
        before = asyncio.all_tasks()
        async with streams(api, mock) as opened:
            await opened.subscribe(*{example.channel for example in examples(api)}).ready()
        assert before == asyncio.all_tasks()
        await asyncio.to_thread(mock.streams.wait, lambda floor: floor.connected == 0)


async def test_connection_that_is_closed_while_it_ends_is_let_go(login: Mock) -> None:
    """Whoever closes the streams in the moment in which a connection is lost leaves nothing open."""
    with warnings.catch_warnings(record=True) as complaints:
        warnings.simplefilter("always")
        async with streams(LOGIN, login) as opened:
            await opened.subscribe(orders()).ready()
            task = opened._pool.of("private")[0]._task
            assert task is not None
            task.cancel()
            await asyncio.sleep(0)  # now it waits for its tasks to end
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        del opened, task
        gc.collect()
    assert [] == [str(complaint.message) for complaint in complaints]
