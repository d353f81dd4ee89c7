"""The unit of times that streams push, where an exchange leaves the choice."""

from __future__ import annotations

from typing import Any

import pytest

import venues
from tests.test_stream_addresses import address
from venues.binance_spot import BinanceSpot
from venues.binance_spot.enums import TimeUnit
from venues.binance_spot.streams import channels
from venues.binance_spot.streams.events import OrdersEvent, TradesEvent
from venues.binance_spot.streams.models import OrderUpdate
from venues.bybit import Bybit
from venues.errors import InvalidRequest
from venues.mock import Mock


@pytest.mark.parametrize("kind", ["market", "user"])
def test_the_unit_is_asked_for_wherever_a_stream_connects_to(kind: str) -> None:
    """Every connection asks for it, also at a host of its own and at a server of the caller's own."""
    own: dict[str, Any] = {"base_url": "http://127.0.0.1:9"}
    for environment, options in (("production", {}), ("testnet", {}), ("production", own)):
        usual = address(environment, kind, **options)
        asked = address(environment, kind, time_unit="MICROSECOND", **options)
        assert f"{usual}?timeUnit=MICROSECOND" == asked


@pytest.mark.parametrize(("unit", "thousand"), [(None, 1), ("MILLISECOND", 1), (TimeUnit.MICROSECOND, 1000)])
def test_a_push_tells_its_time_in_either_unit(unit: str | None, thousand: int) -> None:
    """The number is as it came, and the time that it means is the same."""
    with (
        Mock("binance_spot", remembers=False) as mock,
        BinanceSpot(**mock.credentials, base_url=mock.url, limiter="off") as client,
        client.streams(time_unit=unit) as streams,
        streams.subscribe(channels.Trades(symbol="BTCUSDT")) as trades,
    ):
        event = next(iter(trades))
        assert isinstance(event, TradesEvent)
        trade = event.data
        assert thousand * 10**12 <= trade.time < thousand * 10**13
        at = trade.when("time")
        assert at is not None
        assert 2020 < at.year < 2100
        assert [at] == venues.rows([trade], times="datetime")["time"]


@pytest.mark.parametrize(("unit", "thousand"), [(None, 1), ("MICROSECOND", 1000)])
def test_the_user_stream_tells_its_times_in_either_unit(unit: str | None, thousand: int) -> None:
    """Every time of an order that is pushed is in the unit that was asked for, and means the same."""
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "time_in_force": "GTC", "quantity": "0.001"}
    with (
        Mock("binance_spot") as mock,
        BinanceSpot(**mock.credentials, base_url=mock.url, limiter="off") as client,
        client.streams(time_unit=unit) as streams,
        streams.subscribe(channels.Orders()) as orders,
    ):
        client.trade.place_order(**order, price="60000")  # type: ignore[arg-type]
        event = next(iter(orders))
        assert isinstance(event, OrdersEvent)
        assert isinstance(event.data, OrderUpdate)
        times = {field: getattr(event.data, field) for field in ("event_time", "transaction_time", "working_time")}
        assert [] == [time for time in times.values() if not thousand * 10**12 <= time < thousand * 10**13]
        years = {at.year for field in times if (at := event.data.when(field)) is not None}
        assert all(2020 < year < 2100 for year in years)


def test_an_exchange_without_a_choice_refuses_a_unit() -> None:
    """A unit that can't be had is an error before anything is connected, and the message says what there is."""
    with pytest.raises(InvalidRequest, match="leaves no choice"):
        Bybit(limiter="off").streams(time_unit="MICROSECOND")
    with pytest.raises(InvalidRequest, match="MILLISECOND or MICROSECOND"):
        BinanceSpot(limiter="off").streams(time_unit="us")
