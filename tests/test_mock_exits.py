"""Orders with a take-profit and a stop-loss of their own: what follows their fills, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.support.apis import APIS
from tests.support.streams import streams
from venues import errors
from venues.aster_futures import AsterFutures
from venues.bingx_swap import BingXSwap
from venues.bybit import Bybit
from venues.bybit.streams import channels
from venues.mock import Mock, NotSimulated, Order

BUY: dict[str, Any] = {
    "category": "linear",
    "symbol": "BTCUSDT",
    "side": "Buy",
    "order_type": "Limit",
    "qty": "1",
    "price": "60000",
}
EXITS: dict[str, Any] = {"take_profit": "66000", "stop_loss": "57000"}


@pytest.fixture
def trading() -> Iterator[tuple[Mock, Bybit]]:
    """A mock exchange with a price, and its client."""
    with Mock("bybit") as mock, Bybit(**mock.credentials, base_url=mock.url) as client:
        mock.market("BTCUSDT", "linear").price("61000")
        yield mock, client


def exits(mock: Mock, status: str = "open") -> list[Order]:
    return [order for order in mock.orders if order.features & {"stop", "take_profit"} and order.status == status]


def kinds(mock: Mock, status: str = "open") -> list[tuple[str, Decimal]]:
    return [("stop" if "stop" in order.features else "take_profit", order.quantity) for order in exits(mock, status)]


def move(mock: Mock, price: str) -> None:
    mock.market("BTCUSDT", "linear").price(price)


def test_exits_follow_the_fill(trading: tuple[Mock, Bybit]) -> None:
    """Before it there are none; then lists show them in the exchange's words, and the position shows their prices."""
    mock, client = trading
    client.trade.place_order(**BUY, **EXITS)
    (entry,) = client.trade.get_open_orders(category="linear", symbol="BTCUSDT").items
    assert (Decimal(66000), Decimal(57000)) == (entry.take_profit, entry.stop_loss)
    move(mock, "60000")
    stop, profit = client.trade.get_open_orders(category="linear", symbol="BTCUSDT").items
    assert ["TakeProfit", "StopLoss"] == [str(profit.stop_order_type), str(stop.stop_order_type)]
    assert ["CreateByTakeProfit", "CreateByStopLoss"] == [str(profit.create_type), str(stop.create_type)]
    assert (Decimal(66000), Decimal(57000)) == (profit.trigger_price, stop.trigger_price)
    for one in (stop, profit):
        assert ("Sell", "Untriggered", "Market", True) == (
            str(one.side),
            str(one.order_status),
            str(one.order_type),
            one.reduce_only,
        )
    (position,) = client.position.get_positions(category="linear", symbol="BTCUSDT").items
    assert (Decimal(66000), Decimal(57000)) == (position.take_profit, position.stop_loss)


@pytest.mark.parametrize(("price", "filled", "profit"), [("66000", "take_profit", "6000"), ("57000", "stop", "-3000")])
def test_an_exit_closes_the_position_and_ends_the_other(
    trading: tuple[Mock, Bybit], price: str, filled: str, profit: str
) -> None:
    """The one that the price reaches is filled at the market's price; the other is canceled."""
    mock, client = trading
    client.trade.place_order(**BUY, **EXITS)
    move(mock, "60000")
    move(mock, price)
    assert [(filled, Decimal(1))] == kinds(mock, "filled")
    assert [] == exits(mock)
    assert 1 == len(exits(mock, "cancelled"))
    assert [] == mock.account.positions
    assert Decimal(profit) == sum(fill.profit for fill in mock.fills)


def test_exits_grow_and_shrink_with_the_position(trading: tuple[Mock, Bybit]) -> None:
    """A fill in parts, an order without exits and a sale of a part: one of each kind, always as large as the position."""
    mock, client = trading
    market = mock.market("BTCUSDT", "linear")
    client.trade.place_order(**BUY, **EXITS)
    for quantity in ("0.4", "0.6"):
        market.trade("60000", quantity)
    assert [("take_profit", Decimal(1)), ("stop", Decimal(1))] == kinds(mock)
    client.trade.place_order(**BUY)
    move(mock, "60000")
    client.trade.place_order(**BUY | {"side": "Sell", "qty": "0.5"})
    assert [("take_profit", Decimal("1.5")), ("stop", Decimal("1.5"))] == kinds(mock)


def test_the_latest_exit_replaces_the_one_before(trading: tuple[Mock, Bybit]) -> None:
    """An order with a stop-loss of its own leaves the take-profit alone."""
    mock, client = trading
    client.trade.place_order(**BUY, **EXITS)
    client.trade.place_order(**BUY, stop_loss="58000")
    move(mock, "60000")
    assert [("take_profit", Decimal(2)), ("stop", Decimal(2))] == kinds(mock)
    (position,) = mock.account.positions
    assert (Decimal(66000), Decimal(58000)) == (position.take_profit, position.stop)


def test_exits_end_with_the_position(trading: tuple[Mock, Bybit]) -> None:
    """Who closes it by hand, or turns it round, leaves none behind; one that the caller cancels is gone from it."""
    mock, client = trading
    client.trade.place_order(**BUY, **EXITS)
    move(mock, "60000")
    client.trade.cancel_order(category="linear", symbol="BTCUSDT", order_id=str(exits(mock)[0].id))
    (position,) = mock.account.positions
    assert (None, Decimal(57000)) == (position.take_profit, position.stop)
    client.trade.place_order(**BUY | {"side": "Sell", "qty": "2"})
    assert [] == exits(mock)
    assert [("sell", None)] == [(position.side, position.stop) for position in mock.account.positions]


def test_conditional_orders_can_be_canceled_without_exits(trading: tuple[Mock, Bybit]) -> None:
    """`orderFilter` finds both, and with `stopOrderType` exits stay."""
    mock, client = trading
    client.trade.place_order(**BUY, **EXITS)
    move(mock, "60000")
    client.trade.place_order(**BUY | {"price": "50000"}, trigger_price="50000", trigger_direction=2)
    cancel: Any = {"category": "linear", "symbol": "BTCUSDT", "order_filter": "StopOrder"}
    assert 3 == len(client.trade.get_open_orders(**cancel).items)
    client.trade.cancel_all_orders(**cancel, stop_order_type="Stop")
    assert [("take_profit", Decimal(1)), ("stop", Decimal(1))] == kinds(mock)
    assert "cancelled" == mock.orders[-1].status
    client.trade.cancel_all_orders(**cancel)
    assert [] == exits(mock)


def set_stop(client: Bybit, **prices: str) -> None:
    client.position.set_trading_stop(
        category="linear", symbol="BTCUSDT", tpsl_mode="Full", position_idx=0, **prices  # type: ignore[arg-type]
    )


def test_exits_of_a_position_can_be_set(trading: tuple[Mock, Bybit]) -> None:
    """They are orders as those of an order; a new price keeps the order, 0 cancels it, and what is not sent stays."""
    mock, client = trading
    client.trade.place_order(**BUY)
    move(mock, "60000")
    set_stop(client, take_profit="66000", stop_loss="57000")
    assert [("take_profit", Decimal(1)), ("stop", Decimal(1))] == kinds(mock)
    set_stop(client, stop_loss="58000")
    profit, stop = exits(mock)
    (position,) = client.position.get_positions(category="linear", symbol="BTCUSDT").items
    assert (Decimal(66000), Decimal(58000)) == (position.take_profit, position.stop_loss)
    listed = client.trade.get_open_orders(category="linear", symbol="BTCUSDT").items
    assert {(str(profit.id), Decimal(66000)), (str(stop.id), Decimal(58000))} == {
        (order.order_id, order.trigger_price) for order in listed
    }
    set_stop(client, take_profit="0")
    assert [("stop", Decimal(1))] == kinds(mock)
    move(mock, "58000")
    assert [] == mock.account.positions


def test_exits_that_an_order_brought_can_be_changed(trading: tuple[Mock, Bybit]) -> None:
    """Later fills of the same order, and of orders without exits, keep what was set; they grow with the position."""
    mock, client = trading
    market = mock.market("BTCUSDT", "linear")
    client.trade.place_order(**BUY, **EXITS)
    market.trade("60000", "0.4")
    set_stop(client, take_profit="65000")
    market.trade("60000", "0.6")
    assert [("take_profit", Decimal(1)), ("stop", Decimal(1))] == kinds(mock)
    (position,) = mock.account.positions
    assert (Decimal(65000), Decimal(57000)) == (position.take_profit, position.stop)


@pytest.mark.parametrize(
    ("prices", "why"),
    [
        ({"take_profit": "59000"}, "a price that the market has passed"),
        ({"stop_loss": "57000", "trailing_stop": "100"}, "trailingStop=100"),
    ],
)
def test_what_is_not_known_of_exits_is_not_simulated(prices: dict[str, str], why: str) -> None:
    """The test fails with a sentence, and nothing was set: no documentation has the code for it."""
    mock = Mock("bybit").start()
    with Bybit(**mock.credentials, base_url=mock.url) as client:
        move(mock, "61000")
        client.trade.place_order(**BUY)
        move(mock, "60000")
        with pytest.raises(errors.VenueError):
            set_stop(client, **prices)
        assert [] == exits(mock)
    with pytest.raises(NotSimulated, match=why):
        mock.stop()


def test_exits_of_no_position_are_not_simulated() -> None:
    """Nor is it known with which code the exchange rejects them."""
    mock = Mock("bybit").start()
    move(mock, "61000")
    with Bybit(**mock.credentials, base_url=mock.url) as client, pytest.raises(errors.VenueError):
        set_stop(client, stop_loss="57000")
    with pytest.raises(NotSimulated, match="without a position of BTCUSDT"):
        mock.stop()


async def test_exits_are_pushed(trading: tuple[Mock, Bybit]) -> None:
    """The order channel tells of both as they are placed, and of their ends."""
    mock, client = trading
    api = next(each for each in APIS if each.name == "bybit")
    async with streams(api, mock) as opened:
        subscription: Any = await opened.subscribe(channels.Orders()).ready()
        await asyncio.to_thread(lambda: client.trade.place_order(**BUY, **EXITS))
        move(mock, "60000")
        move(mock, "66000")
        found: list[tuple[str, str]] = []
        while len(found) < 7:
            event = await anext(subscription)
            found += [(str(order.stop_order_type), str(order.order_status)) for order in event.data]
    assert [("UNKNOWN", "New"), ("UNKNOWN", "Filled")] == found[:2]
    assert [("TakeProfit", "Untriggered"), ("StopLoss", "Untriggered")] == found[2:4]
    assert [("TakeProfit", "New"), ("TakeProfit", "Filled"), ("StopLoss", "Deactivated")] == found[4:]


def test_where_nobody_knows_what_exits_become_they_are_not_simulated() -> None:
    """The test is told so in a sentence."""
    mock = Mock("bingx_swap").start()
    with BingXSwap(**mock.credentials, base_url=mock.url) as client, pytest.raises(errors.VenueError):
        client.trade.place_order(
            symbol="BTC-USDT",
            side="Bid",
            entrust_price="60000",
            entrust_volume="1",
            trade_type="Limit",
            action="Open",
            stop_loss_price="50000",
        )
    with pytest.raises(NotSimulated, match="with a take-profit or stop-loss of its own, for it is not known"):
        mock.stop()


def test_an_order_that_closes_a_position_closes_all_of_it() -> None:
    """It has the size that the position has when its price is reached, not when it was placed."""
    with Mock("aster_futures") as mock, AsterFutures(**mock.credentials, base_url=mock.url) as client:
        mock.market("BTCUSDT").price("60000")
        order: Any = {"symbol": "BTCUSDT", "side": "BUY", "quantity": "0.1"}
        client.trade.place_order(**order, type="MARKET")
        client.trade.place_order(
            symbol="BTCUSDT", side="SELL", type="STOP_MARKET", stop_price="58000", close_position=True
        )
        client.trade.place_order(**order, type="MARKET")
        mock.market("BTCUSDT").price("58000")
        assert [] == mock.account.positions
        assert ("sell", Decimal("0.2")) == (mock.fills[-1].side, mock.fills[-1].quantity)
        assert ["filled"] * 3 == [order.status for order in mock.orders]
