"""What a test hands to a mock exchange, and asks of it: mistakes are named where they are made, and reach the test once."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import aiohttp
import pytest

from tests.support.waiting import PATIENCE
from venues.mock import Fault, Mock

TYPO = "trade.plce_order"


@pytest.mark.parametrize("ask", [Mock.calls, Mock.count, lambda mock, name: mock.fault(name, Fault.AFTER)])
def test_a_mistyped_operation_is_named(ask: Any) -> None:
    """It would have no calls, a count of 0 and a fault that never comes, and the test would pass."""
    with pytest.raises(ValueError, match=r"did you mean 'trade\.place_order'"):
        ask(Mock("binance_spot", remembers=False), TYPO)


def test_a_fault_may_be_written_as_its_word() -> None:
    """As in the header; a word that is no fault is refused at once, and the error lists those that are."""
    mock = Mock("binance_spot", remembers=False)
    mock.fault("*", "after")
    with pytest.raises(ValueError, match="there is no fault 'aftr'; there are before, after, timeout_before"):
        mock.fault("*", "aftr")


def failing_after(calls: int) -> Any:
    """Return a clock that fails after so many calls."""
    numbers = itertools.count(1)

    def now() -> int:
        if next(numbers) > calls:
            raise ZeroDivisionError("the test's own")
        return 1795132800000

    return now


@pytest.mark.parametrize("calls", range(3, 8))
async def test_an_error_of_a_tests_own_clock_in_a_stream_reaches_it_once(calls: int) -> None:
    """The connection ends, whatever it was doing, and `stop` raises the error; a second `stop` does not."""
    mock = Mock("binance_spot", clock=failing_after(calls)).start()
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{mock.url}/ws-api/v3") as socket:
        while not socket.closed:
            await socket.send_json({"id": "1", "method": "time"})
            await asyncio.wait_for(socket.receive(), PATIENCE)
    with pytest.raises(ZeroDivisionError):
        mock.stop()
    mock.stop()


def test_an_error_in_telling_what_happened_reaches_the_test_once() -> None:
    """A clock that fails while a push is written is the test's own mistake, and not silence on the stream."""
    mock = Mock("binance_spot").start()
    asyncio.run(deposit_and_break(mock))
    with pytest.raises(ZeroDivisionError):
        mock.stop()
    mock.stop()


async def deposit_and_break(mock: Mock) -> None:
    """Let a push be due whose writing fails."""
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{mock.url}/ws/btcusdt@trade") as socket:
        mock.streams.wait(lambda streams: "btcusdt@trade" in streams.topics)
        mock.streams.now = failing_after(0)
        mock.market("BTCUSDT").price("60000")
        mock.market("BTCUSDT").trade("60000", "1")
        await socket.send_json({"method": "LIST_SUBSCRIPTIONS", "id": 1})
        await asyncio.wait_for(socket.receive(), PATIENCE)


def test_what_is_not_kept_is_not_assumed() -> None:
    """A mock exchange that plays back examples takes no fees."""
    assert {} == Mock("binance_spot", remembers=False).assumed
    assert {"": ("fees",)} == Mock("binance_spot").assumed
