"""Streams and what runs them: other event loops, forked processes, and a close that is interrupted."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from tests.support.apis import APIS
from tests.support.streams import Watching, streams
from tests.support.waiting import PATIENCE
from venues import errors
from venues.aster_futures.streams import channels
from venues.core.channels.channel import Event
from venues.core.streams.session import Session
from venues.mock import Mock

ASTER = next(api for api in APIS if api.name == "aster_futures")
TRADES = channels.AggregateTrades(symbol="BTCUSDT")
EXPECTED = 7


@pytest.fixture
def mock() -> Iterator[Mock]:
    with Mock(ASTER.name, remembers=False) as running:
        running.streams.examples = False
        yield running


def test_another_kind_of_event_loop_is_named() -> None:
    """Where asyncio does not run, as under trio, the error says what is missing."""
    maker: Any = ASTER.async_client
    opened = maker(limiter="off").streams()
    ready = opened.subscribe(TRADES).ready()
    with pytest.raises(errors.InvalidRequest, match="asyncio"):
        ready.send(None)


async def test_another_event_loop_is_refused(mock: Mock) -> None:
    """Streams belong to the event loop that they were opened in; in another one they say so."""
    async with streams(ASTER, mock) as opened:
        await opened.subscribe(TRADES).ready()
        with pytest.raises(errors.InvalidRequest, match="event loop"):
            await asyncio.to_thread(asyncio.run, opened.list_topics())


async def test_close_that_is_canceled_ends(mock: Mock) -> None:
    """Canceling `close` at any of its first steps loses nothing: what it began ends, and can be awaited again."""
    for steps in range(6):
        async with streams(ASTER, mock) as opened:
            await opened.subscribe(TRADES, channels.Account()).ready()
            before = asyncio.all_tasks()
            closing = asyncio.create_task(opened.close())
            for _ in range(steps):
                await asyncio.sleep(0)
            closing.cancel()
            await asyncio.gather(closing, return_exceptions=True)
            await opened.close()
            assert {asyncio.current_task()} == before - {task for task in before if task.done()}
        await asyncio.to_thread(mock.streams.wait, lambda floor: floor.connected == 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("use", ["close", "close socket", "send"])
async def test_forked_child_leaves_the_connection_alone(mock: Mock, use: str) -> None:
    """Whatever a forked child does with the streams of its parent, they go on for the parent."""
    hooks = Watching()
    async with streams(ASTER, mock, hooks=hooks) as opened:
        subscription = await opened.subscribe(TRADES).ready()
        seen = len(mock.streams.frames)
        assert EXPECTED == await asyncio.to_thread(exit_code, lambda: asyncio.run(USES[use](opened)))
        await opened.list_topics()
        mock.streams.push(mock.streams.example("aggregate_trades"))
        assert isinstance(await anext(subscription), Event)
    assert [] == [note for note in hooks.notes if note.what == "lost"]
    assert ["LIST_SUBSCRIPTIONS"] == [frame.split('"')[3] for frame in mock.streams.frames[seen:]]


async def close_socket(opened: Session) -> None:
    current = opened._pool.of("market")[0]._current
    assert current is not None
    await current._socket.close()


async def send(opened: Session) -> None:
    current = opened._pool.of("market")[0]._current
    assert current is not None
    await current._socket.send("from a child")


USES: dict[str, Callable[[Session], Coroutine[Any, Any, None]]] = {
    "close": lambda opened: opened.close(),
    "close socket": close_socket,
    "send": send,
}


def exit_code(use: Callable[[], object]) -> int:
    """Do something in a forked child; return how that ended."""
    child = os.fork()
    if child == 0:
        signal.alarm(int(PATIENCE))  # whoever waits for ever ends
        try:
            use()
        except Exception:
            os._exit(EXPECTED)
        os._exit(EXPECTED)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
