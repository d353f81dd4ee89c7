"""What happens to a consumer that is too slow, and what subscribing does at run time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, assert_type

import pytest

from tests.support.apis import APIS
from tests.support.streams import Brief, Watching, streams, sync_streams
from tests.support.waiting import PATIENCE
from venues import errors
from venues.aster_futures.streams import channels, events
from venues.core.channels.channel import Event, Gap, UnknownEvent
from venues.core.streams.subscription import Subscription
from venues.mock import Mock

ASTER = next(api for api in APIS if api.name == "aster_futures")
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


def numbers(found: list[Any]) -> list[int | str]:
    return [one.data.id if isinstance(one, Event) else f"{one.reason} {one.missed}" for one in found]


async def several(subscription: Subscription[Any], count: int) -> list[Any]:
    return [await anext(subscription) for _ in range(count)]


async def arrived(mock: Mock, opened: Any) -> None:
    """Return when everything that was pushed has been read by the client: an answer comes after it."""
    await opened.list_topics()


async def test_blocks_and_loses_nothing(mock: Mock) -> None:
    """A consumer that blocks gets every event, however late it comes for them."""
    async with streams(ASTER, mock) as opened:
        subscription = await opened.subscribe(TRADES, queue=2, overflow="block").ready()
        await asyncio.to_thread(mock.streams.push_all, trades(mock, *range(1, 51)))
        assert list(range(1, 51)) == numbers(await several(subscription, 50))
        assert 0 == subscription.dropped


async def test_drops_the_oldest_and_says_so(mock: Mock) -> None:
    """A full queue loses its oldest events; a gap stands in their place and counts them, and the hooks are told."""
    hooks = Watching()
    async with streams(ASTER, mock, hooks=hooks) as opened:
        subscription = await opened.subscribe(TRADES, queue=3, overflow="drop_oldest").ready()
        mock.streams.push_all(trades(mock, *range(1, 8)))
        await arrived(mock, opened)
        found = await several(subscription, subscription_size(subscription))
    lost = subscription.dropped
    assert [f"overflow {lost}", *range(lost + 1, 8)] == numbers(found)
    assert list(range(1, lost + 1)) == hooks.dropped


async def test_raises_when_full(mock: Mock) -> None:
    """Whoever chose to be told by an exception gets it after what was there already."""
    async with streams(ASTER, mock) as opened:
        subscription = await opened.subscribe(TRADES, queue=2, overflow="raise").ready()
        mock.streams.push_all(trades(mock, 1, 2, 3))
        await arrived(mock, opened)
        assert [1, 2] == numbers(await several(subscription, 2))
        with pytest.raises(errors.StreamOverflow):
            await anext(subscription)


async def test_slow_consumer_holds_up_no_other_that_drops(mock: Mock) -> None:
    """Two who listen to the same channel have queues of their own, and one subscription on the wire."""
    async with streams(ASTER, mock) as opened:
        slow = await opened.subscribe(TRADES, queue=1, overflow="drop_oldest").ready()
        quick = await opened.subscribe(TRADES).ready()
        mock.streams.push_all(trades(mock, 1, 2, 3))
        assert [1, 2, 3] == numbers(await several(quick, 3))
        await slow.close()
        mock.streams.push_all(trades(mock, 4))
        assert [4] == numbers(await several(quick, 1))
    assert 1 == sum("SUBSCRIBE" in frame and "UN" not in frame for frame in mock.streams.frames)


async def test_more_and_fewer_at_run_time(mock: Mock) -> None:
    """Channels are added and removed while events come."""
    async with streams(ASTER, mock) as opened:
        subscription: Subscription[Any] = await opened.subscribe(TRADES).ready()
        await subscription.add(TICKER)
        assert {"btcusdt@aggTrade", "ethusdt@miniTicker"} == set(await opened.list_topics())
        await subscription.remove(TRADES)
        assert ["ethusdt@miniTicker"] == await opened.list_topics()
        assert (TICKER,) == subscription.channels


async def test_refused_subscription_raises(mock: Mock) -> None:
    """A refused subscription raises the API's error class; what was accepted before goes on."""
    mock.streams.refusals = {"ethusdt@miniTicker": "2"}
    async with streams(ASTER, mock) as opened:
        good = await opened.subscribe(TRADES).ready()
        with pytest.raises(errors.InvalidParameter) as caught:
            await opened.subscribe(TICKER).ready()
        mock.streams.push_all(trades(mock, 1))
        assert [1] == numbers(await several(good, 1))
    assert "2" == caught.value.code


async def test_missing_acknowledgement_is_a_timeout(mock: Mock) -> None:
    """If the exchange says nothing to a subscription, that is told."""
    mock.streams.mute = True
    async with streams(ASTER, mock, hooks=Brief()) as opened:
        with pytest.raises(errors.RequestTimeout):
            await opened.subscribe(TRADES).ready()


def test_sync_twin_waits_and_gives_up(mock: Mock) -> None:
    """The sync twin returns events, and raises when none comes in time."""
    with sync_streams(ASTER, mock) as opened, opened.subscribe(TRADES, TICKER) as subscription:
        mock.streams.push_all(trades(mock, 7))
        assert [7] == numbers([subscription.next(timeout=PATIENCE)])
        with pytest.raises(TimeoutError):
            subscription.next(timeout=0.01)


def test_sync_twin_ends_its_thread(mock: Mock) -> None:
    """When it is closed, no thread of its is left."""
    import threading

    before = set(threading.enumerate())
    with sync_streams(ASTER, mock) as opened:
        opened.subscribe(channels.Account()).ready()
    assert set() == {thread for thread in set(threading.enumerate()) - before if not thread.name.startswith("mock")}


@pytest.mark.parametrize("wrong", [{"queue": 0}, {"overflow": "perhaps"}])
async def test_wrong_options_are_refused(mock: Mock, wrong: dict[str, Any]) -> None:
    """A queue without room and an unknown policy are refused at once."""
    async with streams(ASTER, mock) as opened:
        with pytest.raises(errors.InvalidRequest):
            opened.subscribe(TRADES, **wrong)


def test_arguments_are_checked() -> None:
    """A channel's arguments are held against their types when it is made."""
    with pytest.raises(errors.InvalidRequest, match="levels"):
        channels.Book(symbol="BTCUSDT", levels=7)


def subscription_size(subscription: Subscription[Any]) -> int:
    return len(subscription._queue)


async def typed(subscription: Subscription[events.AggregateTradesEvent | events.MiniTickerEvent]) -> str:
    """Matching on events type-checks, exhaustively; mypy reads this."""
    async for event in subscription:
        match event:
            case events.AggregateTradesEvent(data=trade):
                return f"{trade.price:f}"
            case events.MiniTickerEvent(channel=channel):
                return repr(channel)
            case Gap(reason=reason):
                return reason
            case UnknownEvent(kind=kind):
                return kind
    return ""


async def test_match_type_checks(mock: Mock) -> None:
    """What is subscribed to decides what events can be."""
    async with streams(ASTER, mock) as opened:
        subscription = opened.subscribe(TRADES, TICKER)
        assert_type(subscription, Subscription[events.AggregateTradesEvent | events.MiniTickerEvent])
        await subscription.ready()
        mock.streams.push_all(trades(mock, 1))
        assert "61250.1" == await typed(subscription)
