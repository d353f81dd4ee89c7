"""Orders that depend on each other on a mock exchange that remembers: OCO, OTO and OTOCO, by calls and by streams."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from venues import errors
from venues.binance_spot import AsyncBinanceSpot, BinanceSpot
from venues.binance_spot.streams import channels
from venues.mock import Mock, NotSimulated

OCO: dict[str, Any] = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "0.5", "list_client_order_id": "list-1"}
OCO |= {"above_type": "LIMIT_MAKER", "above_price": "63000", "above_client_order_id": "above"}
OCO |= {"below_type": "STOP_LOSS_LIMIT", "below_stop_price": "59000", "below_price": "58900"}
OCO |= {"below_time_in_force": "GTC", "below_client_order_id": "below"}
WORKING: dict[str, Any] = {"symbol": "BTCUSDT", "working_type": "LIMIT", "working_side": "BUY"}
WORKING |= {"working_price": "59500", "working_quantity": "0.5", "working_time_in_force": "GTC"}
WORKING |= {"working_client_order_id": "working", "pending_side": "SELL", "pending_quantity": "0.49"}
PENDING: dict[str, Any] = {"pending_type": "LIMIT", "pending_price": "62000", "pending_time_in_force": "GTC"}
EXITS: dict[str, Any] = {
    "pending_above_type": "LIMIT_MAKER",
    "pending_above_price": "62000",
    "pending_below_type": "STOP_LOSS",
}
EXITS |= {"pending_below_stop_price": "58000"}


@pytest.fixture
def trading() -> Iterator[tuple[Mock, BinanceSpot]]:
    """A mock exchange whose account has half a coin and money, and its client; the price is 60000."""
    with Mock("binance_spot") as mock, BinanceSpot(**mock.credentials, base_url=mock.url) as client:
        mock.account.deposit("BTC", "0.5")
        mock.account.deposit("USDT", "40000")
        mock.market("BTCUSDT").price("60000")
        yield mock, client


def statuses(mock: Mock) -> dict[str, str]:
    """Return how orders stand, by client id."""
    return {order.client_id: order.status for order in mock.orders}


def test_the_legs_are_as_they_were_asked_for(trading: tuple[Mock, BinanceSpot]) -> None:
    """The answer, the list and the open orders have both legs and their list; money is locked once."""
    mock, client = trading
    placed = client.order_lists.place_oco(**OCO)
    assert ("OCO", "EXECUTING", "list-1") == (
        placed.contingency_type,
        placed.list_order_status,
        placed.list_client_order_id,
    )
    above, below = placed.order_reports
    assert ("LIMIT_MAKER", Decimal(63000), "NEW") == (above.type, above.price, above.status)
    assert ("STOP_LOSS_LIMIT", Decimal(58900), Decimal(59000), "NEW") == (
        below.type,
        below.price,
        below.stop_price,
        below.status,
    )
    assert {placed.order_list_id} == {order.order_list_id for order in client.trade.get_open_orders(symbol="BTCUSDT")}
    assert ["above", "below"] == [order.client_order_id for order in placed.orders]
    found = client.order_lists.get_order_list(orig_client_order_id="list-1")
    assert [found] == client.order_lists.get_open_order_lists() == client.order_lists.get_order_lists()
    assert (Decimal("0.5"), Decimal(0)) == (mock.account.balance("BTC").locked, mock.account.balance("BTC").available)


@pytest.mark.parametrize(("price", "ends"), [("63000", "above"), ("58950", "below"), ("58000", "below")])
def test_one_leg_trades_and_the_other_expires(trading: tuple[Mock, BinanceSpot], price: str, ends: str) -> None:
    """Whichever way the price goes, one order is filled or works, the other expires, and the coins are sold once."""
    mock, client = trading
    client.order_lists.place_oco(**OCO)
    mock.market("BTCUSDT").price(price)
    other = {"above": "below", "below": "above"}[ends]
    assert "expired" == statuses(mock)[other]
    mock.market("BTCUSDT").price("59000")
    assert "filled" == statuses(mock)[ends]
    assert ("ALL_DONE", []) == (
        client.order_lists.get_order_list(orig_client_order_id="list-1").list_order_status,
        client.order_lists.get_open_order_lists(),
    )
    assert (Decimal(0), Decimal(0)) == (mock.account.balance("BTC").quantity, mock.account.balance("BTC").locked)


@pytest.mark.parametrize("way", ["list", "leg", "all"])
def test_a_canceled_leg_cancels_the_list(trading: tuple[Mock, BinanceSpot], way: str) -> None:
    """By the list's id, by one of its orders, or with all others: both orders are canceled, and the coins are free."""
    mock, client = trading
    placed = client.order_lists.place_oco(**OCO)
    if way == "list":
        canceled = client.order_lists.cancel_order_list(symbol="BTCUSDT", order_list_id=placed.order_list_id)
        assert ["CANCELED", "CANCELED"] == [order.status for order in canceled.order_reports]
    elif way == "leg":
        client.trade.cancel_order(symbol="BTCUSDT", orig_client_order_id="below")
    else:
        client.trade.cancel_open_orders(symbol="BTCUSDT")
    assert {"above": "cancelled", "below": "cancelled"} == statuses(mock)
    assert Decimal("0.5") == mock.account.balance("BTC").available
    with pytest.raises(errors.OrderNotFound):
        client.order_lists.cancel_order_list(symbol="BTCUSDT", order_list_id=placed.order_list_id)


def test_a_pending_order_waits_for_the_working_one(trading: tuple[Mock, BinanceSpot]) -> None:
    """It is PENDING_NEW, and no price fills it; once the working order is filled, it is in the market."""
    mock, client = trading
    placed = client.order_lists.place_oto(**WORKING, **PENDING, pending_client_order_id="pending")
    assert ["NEW", "PENDING_NEW"] == [order.status for order in placed.order_reports]
    assert [] == mock.market("BTCUSDT").price("62500")
    mock.market("BTCUSDT").price("59500")
    assert {"working": "filled", "pending": "open"} == statuses(mock)
    assert "NEW" == client.trade.get_order(symbol="BTCUSDT", orig_client_order_id="pending").status
    client.trade.place_order(
        symbol="BTCUSDT", side="BUY", type="LIMIT", quantity="0.1", price="50000", time_in_force="GTC"
    )
    assert 3 == len({order.id for order in mock.orders})
    mock.market("BTCUSDT").price("62000")
    assert ["filled", "filled", "open"] == [*statuses(mock).values()]


def test_a_working_order_that_ends_takes_the_pending_one_along(trading: tuple[Mock, BinanceSpot]) -> None:
    """Canceled before it is filled, it leaves nothing that could be filled."""
    mock, client = trading
    client.order_lists.place_oto(**WORKING, **PENDING, pending_client_order_id="pending")
    client.trade.cancel_order(symbol="BTCUSDT", orig_client_order_id="working")
    assert {"working": "cancelled", "pending": "cancelled"} == statuses(mock)


def test_a_working_order_starts_an_oco(trading: tuple[Mock, BinanceSpot]) -> None:
    """Filled at once, it brings both exits into the market, of which one fills and the other expires."""
    mock, client = trading
    exits: dict[str, Any] = {"pending_above_client_order_id": "above", "pending_below_client_order_id": "below"}
    asked = WORKING | {"working_price": "61000"}
    placed = client.order_lists.place_otoco(**asked, **EXITS, **exits)
    assert ["FILLED", "NEW", "NEW"] == [order.status for order in placed.order_reports]
    mock.market("BTCUSDT").price("58000")
    assert {"working": "filled", "above": "expired", "below": "filled"} == statuses(mock)


def test_the_old_oco_means_the_same(trading: tuple[Mock, BinanceSpot]) -> None:
    """A post-only limit above and a stop below, of which one expires when the other is filled."""
    mock, client = trading
    asked = {name: OCO[name] for name in ("symbol", "side", "quantity")}
    placed = client.order_lists.place_old_oco(**asked, price="63000", stop_price="59000")
    assert ["LIMIT_MAKER", "STOP_LOSS"] == [order.type for order in placed.order_reports]
    mock.market("BTCUSDT").price("63000")
    assert ["filled", "expired"] == [order.status for order in mock.orders]


@pytest.mark.parametrize(
    "wrong",
    [{"above_price": "59000"}, {"below_stop_price": "61000"}, {"quantity": "0.6"}, {"quantity": "0.000001"}],
    ids="-".join,
)
def test_what_can_not_be_placed_whole_is_not_placed_at_all(
    trading: tuple[Mock, BinanceSpot], wrong: dict[str, str]
) -> None:
    """An order that would take, a stop that has passed, too little money, a wrong size: no order, nothing locked."""
    mock, client = trading
    with pytest.raises(errors.ApiError):
        client.order_lists.place_oco(**(OCO | wrong))
    assert ([], Decimal(0)) == (mock.orders, mock.account.balance("BTC").locked)


def test_what_a_leg_asks_for_is_never_dropped() -> None:
    """An iceberg leg is not simulated, and no order of the list is placed."""
    mock = Mock("binance_spot").start()
    mock.market("BTCUSDT").price("60000")
    with BinanceSpot(**mock.credentials, base_url=mock.url) as client, pytest.raises(errors.ApiError):
        client.order_lists.place_oco(**OCO, below_iceberg_qty="0.1")
    assert [] == mock.orders
    with pytest.raises(NotSimulated, match=r"belowIcebergQty=0\.1"):
        mock.stop()


async def data(subscription: Any) -> Any:
    """Return what the next event of a channel says."""
    return (await anext(subscription)).data


async def test_streams_tell_of_lists() -> None:
    """A list is told when it is placed and when it is done, with its orders; in between they are told one by one."""
    with Mock("binance_spot") as mock:
        mock.account.deposit("BTC", "0.5")
        mock.market("BTCUSDT").price("60000")
        async with AsyncBinanceSpot(**mock.credentials, base_url=mock.url) as client, client.streams() as streams:
            lists = await streams.subscribe(channels.OrderLists()).ready()
            orders = await streams.subscribe(channels.Orders()).ready()
            await client.order_lists.place_oco(**OCO)
            mock.market("BTCUSDT").price("63000")
            placed, done = [await data(lists) for _ in range(2)]
            told = [await data(orders) for _ in range(4)]
    assert ("EXECUTING", "ALL_DONE") == (placed.list_order_status, done.list_order_status)
    assert ["above", "below"] == [order.client_order_id for order in placed.orders]
    assert [("above", "NEW"), ("below", "NEW"), ("above", "FILLED"), ("below", "EXPIRED")] == [
        (order.client_order_id, order.status) for order in told
    ]
    assert {placed.order_list_id} == {order.order_list_id for order in told}
