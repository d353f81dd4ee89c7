"""What consumers may do: be slow, leave early, ask for more while they are behind, close twice, come late."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest

from tests.support.apis import APIS, Api
from tests.support.clock import Clock
from tests.support.streams import Brief, Watching, changed, protocol, shorten, streams
from venues import errors
from venues.aster_futures.streams import channels
from venues.bitget_margin.streams import channels as bitget
from venues.core.channels.channel import Event, Gap, Reason
from venues.core.streams.event_queue import EventQueue
from venues.core.streams.listeners import GRACE
from venues.core.streams.protocol import Call
from venues.core.streams.session import Session
from venues.core.streams.subscription import Subscription
from venues.core.streams.sync_session import SyncSession, SyncSubscription
from venues.mock import Mock

ASTER = next(api for api in APIS if api.name == "aster_futures")
BITGET = next(api for api in APIS if api.name == "bitget_margin")
TRADES = channels.AggregateTrades(symbol="BTCUSDT")
TICKER = channels.MiniTicker(symbol="ETHUSDT")


@pytest.fixture
def mock() -> Iterator[Mock]:
    with Mock(ASTER.name, remembers=False) as running:
        running.streams.examples = False
        yield running


def trades(mock: Mock, *numbers: int) -> list[dict[str, Any]]:
    frame: dict[str, Any] = mock.streams.example("aggregate_trades")
    return [{**frame, "data": {**frame["data"], "a": number}} for number in numbers]


async def ids(subscription: Subscription[Any], count: int) -> list[int]:
    found: list[Any] = [await anext(subscription) for _ in range(count)]
    return [event.data.id for event in found]


async def failing(subscription: Subscription[Any]) -> None:
    async for _ in subscription:
        raise ZeroDivisionError


async def behind(mock: Mock, subscription: Subscription[Any], count: int) -> None:
    """Return when so many pushes were sent, and reading waits for the consumer."""
    await asyncio.to_thread(mock.streams.push_all, trades(mock, *range(1, count + 1)))
    while not subscription.waited:
        await asyncio.sleep(0)


async def test_loop_that_was_left_holds_up_nobody(mock: Mock) -> None:
    """Whoever breaks out of a loop and listens to something else gets it, whatever still comes for the loop."""
    async with streams(ASTER, mock) as opened:
        other = await opened.subscribe(TICKER).ready()
        ready = asyncio.create_task(asyncio.to_thread(mock.streams.wait, lambda floor: len(floor.topics) == 2))
        ready.add_done_callback(lambda _: mock.streams.push_all(trades(mock, *range(1, 20))))
        async for event in opened.subscribe(TRADES, queue=1):
            assert isinstance(event, Event)
            break
        mock.streams.push(mock.streams.example("mini_ticker") | {"stream": "ethusdt@miniTicker"})
        assert TICKER == (await anext(other)).channel


async def test_loop_that_was_left_is_unsubscribed(mock: Mock, clock: Clock) -> None:
    """When nobody can listen any more, the exchange is told after a moment."""
    async with streams(ASTER, mock) as opened:
        subscription = await opened.subscribe(TRADES).ready()
        del subscription
        gc.collect()
        await asyncio.sleep(0)  # the loop hears of it
        await clock.skip(GRACE, mock)
        await asyncio.to_thread(mock.streams.wait, lambda floor: floor.topics == [])


async def test_exception_in_a_loop_is_the_callers(mock: Mock) -> None:
    """What the body of a loop raises arrives outside, and the streams still work."""
    async with streams(ASTER, mock) as opened:
        subscription = await opened.subscribe(TRADES).ready()
        mock.streams.push_all(trades(mock, 1, 2))
        with pytest.raises(ZeroDivisionError):
            await failing(subscription)
        assert [2] == await ids(subscription, 1)


async def test_canceled_wait_loses_nothing(mock: Mock) -> None:
    """A consumer whose wait was canceled gets the event that came afterwards."""
    async with streams(ASTER, mock) as opened:
        subscription = await opened.subscribe(TRADES).ready()
        waiting = asyncio.create_task(ids(subscription, 1))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        mock.streams.push_all(trades(mock, 1))
        assert [1] == await ids(subscription, 1)


async def test_next_event_within_a_time(mock: Mock) -> None:
    """Who waits no longer than so long is told that nothing came, and gets what comes afterwards."""
    async with streams(ASTER, mock) as opened:
        subscription = await opened.subscribe(TRADES).ready()
        with pytest.raises(TimeoutError, match=r"AggregateTrades\(symbol='BTCUSDT'\)> got no event within 0 s"):
            await subscription.next(timeout=0)
        mock.streams.push_all(trades(mock, 1))
        event: Any = await subscription.next(timeout=10)
        assert 1 == event.data.id
        await subscription.close()
        with pytest.raises(StopAsyncIteration):
            await subscription.next()


@pytest.mark.parametrize(
    ("given", "options", "said"),
    [
        ([[TRADES, TICKER]], {}, r"is no channel; give them one by one, as `subscribe\(\*channels\)`"),
        ([channels.AggregateTrades], {}, "is no channel; give one of `streams.channels` with its arguments"),
        (["trades"], {}, "is no channel; give one of `streams.channels` with its arguments"),
        ([TRADES], {"queue": "5"}, "queue is '5'; the least is 1"),
    ],
)
async def test_what_is_no_channel_says_what_to_give(
    mock: Mock, given: list[Any], options: dict[str, Any], said: str
) -> None:
    """A list, a class and a name are slips with an answer, before anything is sent."""
    async with streams(ASTER, mock) as opened:
        with pytest.raises(errors.InvalidRequest, match=said):
            opened.subscribe(*given, **options)


@pytest.mark.parametrize(
    ("awaited", "plain", "inner"),
    [(Subscription, SyncSubscription, set()), (Session, SyncSession, {"abandon", "join", "leave"})],
)
def test_both_kinds_of_streams_have_the_same_methods(awaited: type, plain: type, inner: set[str]) -> None:
    """What the guide shows of one can be done with the other, with `await` or without it."""
    assert inner == public(awaited) ^ public(plain)


def public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


async def test_whoever_is_behind_may_subscribe_to_more(mock: Mock) -> None:
    """The answer to a subscription arrives though its own queue is full, and nothing that waits is lost."""
    async with streams(ASTER, mock) as opened:
        subscription: Subscription[Any] = await opened.subscribe(TRADES, queue=2).ready()
        await behind(mock, subscription, 30)
        await subscription.add(TICKER)
        assert list(range(1, 31)) == await ids(subscription, 30)


async def test_whoever_is_behind_gets_the_gap_too(mock: Mock) -> None:
    """A connection that is lost while its consumer is slow comes back; the gap stands behind what had been read."""
    async with streams(ASTER, mock) as opened:
        subscription: Subscription[Any] = await opened.subscribe(TRADES, queue=2).ready()
        await behind(mock, subscription, 10)
        before = mock.streams.opened
        mock.streams.drop()
        found = [await anext(subscription)]
        while not isinstance(found[-1], Gap):
            found.append(await anext(subscription))
        await asyncio.to_thread(mock.streams.wait, lambda floor: floor.opened > before and bool(floor.topics))
        mock.streams.push_all(trades(mock, 50))
        found.append(await anext(subscription))
    read, gaps = [f.data.id for f in found if isinstance(f, Event)], [f for f in found if isinstance(f, Gap)]
    assert [*range(1, len(read)), 50] == read
    assert [("disconnected", len(read) - 1)] == [(gap.reason, gap.last) for gap in gaps]


async def test_waiting_for_a_consumer_is_told(mock: Mock) -> None:
    """That reading waits is counted, and the hooks are told."""
    hooks = Watching()
    async with streams(ASTER, mock, hooks=hooks) as opened:
        subscription: Subscription[Any] = await opened.subscribe(TRADES, queue=1).ready()
        await behind(mock, subscription, 3)
    assert 1 == sum(note.what == "waits" for note in hooks.notes)


async def test_refused_addition_leaves_the_rest(mock: Mock) -> None:
    """What can't be added raises, and what was subscribed to before goes on."""
    mock.streams.refusals = {"ethusdt@miniTicker": "2"}
    async with streams(ASTER, mock) as opened:
        subscription: Subscription[Any] = await opened.subscribe(TRADES).ready()
        with pytest.raises(errors.InvalidParameter):
            await subscription.add(TICKER)
        mock.streams.push_all(trades(mock, 1))
        assert [1] == await ids(subscription, 1)
        assert (TRADES,) == subscription.channels


async def test_subscribing_may_be_tried_again(mock: Mock) -> None:
    """A subscription that failed can be made ready later."""
    mock.streams.refusals = {"btcusdt@aggTrade": "2"}
    async with streams(ASTER, mock) as opened:
        subscription = opened.subscribe(TRADES)
        with pytest.raises(errors.InvalidParameter):
            await anext(subscription)
        mock.streams.refusals = {}
        await subscription.ready()
        mock.streams.push_all(trades(mock, 1))
        assert [1] == await ids(subscription, 1)


async def test_silence_fails_everybody_who_waits(mock: Mock) -> None:
    """Two who want the same channel are both told when the exchange says nothing."""
    mock.streams.mute = True
    async with streams(ASTER, mock, hooks=Brief()) as opened:
        both = [opened.subscribe(TRADES).ready(), opened.subscribe(TRADES).ready()]
        found = await asyncio.gather(*both, return_exceptions=True)
    assert [errors.RequestTimeout] * 2 == [type(one) for one in found]


async def test_silence_on_an_open_connection_fails_everybody_who_waits(mock: Mock) -> None:
    """Two who want the same channel are both told so, too, where the connection carries another one already."""
    async with streams(ASTER, mock) as opened:
        await opened.subscribe(TICKER).ready()
        shorten(opened)
        mock.streams.mute = True
        both = [opened.subscribe(TRADES).ready(), opened.subscribe(TRADES).ready()]
        found = await asyncio.gather(*both, return_exceptions=True)
    assert [errors.RequestTimeout] * 2 == [type(one) for one in found]


async def test_whoever_leaves_first_strands_nobody(mock: Mock) -> None:
    """Two subscribe to the same channel, and the one that has asked for it is canceled: the other one gets it."""
    async with streams(ASTER, mock) as opened:
        await opened.subscribe(TICKER).ready()
        first, second = (asyncio.create_task(opened.subscribe(TRADES).ready()) for _ in range(2))
        while len(mock.streams.frames) < 2:
            await asyncio.sleep(0)
        first.cancel()
        assert (TRADES,) == (await second).channels


async def test_same_channel_twice_is_one(mock: Mock) -> None:
    """The same channel in one subscription gives each event once."""
    async with streams(ASTER, mock) as opened:
        subscription = await opened.subscribe(TRADES, channels.AggregateTrades(symbol="btcusdt")).ready()
        mock.streams.push_all(trades(mock, 1, 2))
        assert [1, 2] == await ids(subscription, 2)


async def test_latecomer_gets_the_whole_state() -> None:
    """Whoever joins a channel that began with the whole state gets that, though others listen already."""
    with Mock(BITGET.name, remembers=False) as mock:
        async with streams(BITGET, mock) as opened:
            first = await opened.subscribe(bitget.IsolateAccount()).ready()
            await anext(first)
            second = await opened.subscribe(bitget.IsolateAccount()).ready()
            found = await anext(second)
    assert isinstance(found, Event)
    assert found.snapshot


async def test_closing_twice_and_using_closed_streams(mock: Mock) -> None:
    """Closed streams stay closed: closing them again does nothing, anything else says so, and loops end."""
    async with streams(ASTER, mock) as opened:
        subscription = await opened.subscribe(TRADES).ready()
        ended = asyncio.create_task(anext(subscription, None))
        await opened.close()
        await opened.close()
        assert await ended is None
        assert [] == [event async for event in subscription]
        with pytest.raises(errors.ConnectionLost, match="closed"):
            opened.subscribe(TICKER)
        with pytest.raises(errors.ConnectionLost, match="closed"):
            await opened.list_topics()
        with pytest.raises(errors.ConnectionLost, match="closed"):
            await subscription.add(channels.AggregateTrades(symbol="ETHUSDT"))


async def test_subscription_that_was_closed_begins_no_more(mock: Mock) -> None:
    """Iterating what was closed before it began ends at once, and sends nothing."""
    async with streams(ASTER, mock) as opened:
        subscription = opened.subscribe(TRADES)
        await subscription.close()
        await subscription.close()
        assert [] == [event async for event in subscription]
    assert [] == mock.streams.frames


async def test_two_streams_share_a_listen_key(mock: Mock) -> None:
    """An exchange may hand out the same listen key again: closing one of two streams leaves the other alone."""
    spoken = protocol(ASTER)
    key = spoken.connections["user"].listen_key
    assert key is not None
    closing = changed(spoken, listen_key=replace(key, delete=Call("user_stream.close_listen_key")))
    async with streams(ASTER, mock, like=closing) as one:
        subscription = await one.subscribe(channels.Account()).ready()
        async with streams(ASTER, mock, like=closing) as two:
            await two.subscribe(channels.Account()).ready()
        mock.streams.push(mock.streams.example("account"))
        assert isinstance(await anext(subscription), Event)
        assert [] == [r for r in mock.requests if r.operation == "user_stream.close_listen_key"]
    assert "user_stream.close_listen_key" == mock.requests[-1].operation


@pytest.mark.parametrize("api", [api for api in APIS if any(c.listen_key for c in protocol(api).connections.values())])
def test_listen_key_that_others_may_have_is_not_closed(api: Api) -> None:
    """No documentation says that each program gets a listen key of its own, so all keys are left to expire."""
    assert [] == [
        c.listen_key.delete for c in protocol(api).connections.values() if c.listen_key and c.listen_key.delete
    ]


def test_gaps_take_no_room() -> None:
    """Gaps that wait leave as much room for events as there was."""
    queue: EventQueue[str] = EventQueue(2, "drop_oldest")
    for reason in get_args(Reason):
        queue.report(Gap(channel=TICKER, reason=reason))
    taken = [queue.offer(item, TRADES, 0) for item in "abc"]
    assert ([True] * 3, 1, len(get_args(Reason)) + 1 + 2) == (taken, queue.dropped, len(queue))


async def test_gaps_never_fill_the_memory() -> None:
    """However many gaps are told of a consumer that is slow, those that stand together are one, and miss nothing."""
    queue: EventQueue[int] = EventQueue(2, "drop_oldest")
    for number in range(1000):
        queue.report(Gap(channel=TRADES, reason="unreadable"))
        queue.report(Gap(channel=TRADES, reason="sequence", last=number, next=number + 1))
        queue.offer(number, TRADES, 0)
    found = [await queue.get() for _ in range(len(queue))]
    first: dict[str, Gap] = {gap.reason: gap for gap in found[:3] if isinstance(gap, Gap)}
    assert [998, 999] == [item for item in found if isinstance(item, int)]
    assert {"unreadable", "sequence", "overflow"} == set(first)
    assert (0, 998, 998) == (first["sequence"].last, first["sequence"].next, first["overflow"].missed)


@pytest.mark.parametrize("wrong", ["btcusdt@aggTrade", channels.Account, bitget.CrossAccount(), None])
async def test_what_is_no_channel_of_this_api_is_refused(mock: Mock, wrong: Any) -> None:
    """A text, a class, and another API's channel are refused at once, with what to do."""
    async with streams(ASTER, mock) as opened:
        with pytest.raises(errors.InvalidRequest, match="channel"):
            opened.subscribe(wrong)
        subscription: Subscription[Any] = await opened.subscribe(TRADES).ready()
        with pytest.raises(errors.InvalidRequest, match="channel"):
            await subscription.add(wrong)


def test_empty_argument_is_refused() -> None:
    """A channel of no symbol is none."""
    with pytest.raises(errors.InvalidRequest, match="symbol is empty"):
        channels.AggregateTrades(symbol="")
