"""Orders that are canceled where nobody is connected who watches over them, by the clock of the mock exchange."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.apis import APIS
from tests.support.streams import streams
from venues.bybit import Bybit
from venues.bybit.streams import channels
from venues.mock import Mock

LIMIT: dict[str, Any] = {
    "symbol": "BTCUSDT",
    "side": "Buy",
    "order_type": "Limit",
    "qty": "0.01",
    "price": "60000",
}
SPOT, LINEAR = "dcp.spot", "dcp.future"


@pytest.fixture
def trading() -> Iterator[tuple[Mock, Bybit]]:
    """A mock exchange with an order in each market, and its client."""
    with Mock("bybit") as mock, Bybit(**mock.credentials, base_url=mock.url) as client:
        place(client)
        yield mock, client


def place(client: Bybit) -> None:
    for category in ("spot", "linear"):
        client.trade.place_order(category=category, **LIMIT)


def statuses(mock: Mock) -> list[str]:
    return [order.status for order in mock.orders]


def connect(mock: Mock, *topics: str) -> None:
    """Stand for connections with these subscriptions in place of those before: none is left where none is named."""
    mock.streams.on_topics([*topics])


def test_orders_are_canceled_some_time_after_the_last_connection_is_gone(trading: tuple[Mock, Bybit]) -> None:
    """Ten seconds unless the caller set another time; those of a product that nobody subscribed to stay open."""
    mock, client = trading
    connect(mock, SPOT)
    mock.clock.advance("1h")
    connect(mock)
    mock.clock.advance("9s")
    assert ["open", "open"] == statuses(mock)
    mock.clock.advance("1s")
    assert ["cancelled", "open"] == statuses(mock)
    place(client)
    mock.clock.advance("1h")
    assert ["cancelled", "open", "open", "open"] == statuses(mock)


def test_the_caller_sets_how_long_orders_stay_open(trading: tuple[Mock, Bybit]) -> None:
    """Each product has a time of its own."""
    mock, client = trading
    client.trade.set_disconnect_protection(product="DERIVATIVES", time_window=40)
    connect(mock, SPOT, LINEAR)
    connect(mock)
    mock.clock.advance("39s")
    assert ["cancelled", "open"] == statuses(mock)
    mock.clock.advance("1s")
    assert ["cancelled", "cancelled"] == statuses(mock)


def test_who_comes_back_in_time_keeps_the_orders(trading: tuple[Mock, Bybit]) -> None:
    """The time counts anew from the next disconnection."""
    mock, _ = trading
    connect(mock, SPOT)
    connect(mock)
    mock.clock.advance("8s")
    connect(mock, SPOT)
    mock.clock.advance("8s")
    connect(mock)
    mock.clock.advance("8s")
    assert ["open", "open"] == statuses(mock)


def test_a_restart_disconnects(tmp_path: Path) -> None:
    """Who was connected when a mock exchange with a state stopped is gone when it starts again."""
    file = tmp_path / "state"
    with Mock("bybit", state=file) as mock, Bybit(**mock.credentials, base_url=mock.url) as client:
        place(client)
        connect(mock, SPOT)
    with Mock("bybit", state=file) as again:
        assert ["open", "open"] == statuses(again)
        again.clock.advance("1m")
        assert ["cancelled", "open"] == statuses(again)


async def test_real_connections_watch_over_orders(trading: tuple[Mock, Bybit]) -> None:
    """One of two that leaves changes nothing; the orders go with the last one."""
    mock, _ = trading
    api = next(each for each in APIS if each.name == "bybit")
    channel: Any = channels.DisconnectProtection(product="spot")
    async with streams(api, mock) as first:
        await first.subscribe(channel).ready()
        async with streams(api, mock) as second:
            await second.subscribe(channel).ready()
            assert [SPOT, SPOT] == mock.streams.topics
        await asyncio.to_thread(mock.streams.wait, lambda floor: floor.topics == [SPOT])
        mock.clock.advance("1h")
        assert ["open", "open"] == statuses(mock)
    await asyncio.to_thread(mock.streams.wait, lambda floor: not floor.topics)
    mock.clock.advance("10s")
    assert ["cancelled", "open"] == statuses(mock)


def test_a_call_sets_it_and_so_is_remembered() -> None:
    """`simulates` says that the call that sets the time acts."""
    assert "remembers" == Mock("bybit").simulates["trade.set_disconnect_protection"]
