"""Orders of Bybit that wait for a price: what they lock, and how lists tell them from others."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.support.waiting import PATIENCE
from venues import errors
from venues.bybit import Bybit
from venues.bybit.operations import TRADE_PLACE_ORDER as PLACE
from venues.mock import Mock, NotSimulated

MARKETS = pytest.mark.parametrize("category", ["spot", "linear"])
BUY: dict[str, Any] = {"symbol": "BTCUSDT", "side": "Buy", "order_type": "Limit", "qty": "0.01", "price": "59000"}


@pytest.fixture
def trading() -> Iterator[tuple[Mock, Bybit]]:
    """A mock exchange with a price in each market, and its client."""
    with Mock("bybit") as mock, Bybit(**mock.credentials, base_url=mock.url) as client:
        for market in ("spot", "linear"):
            mock.market("BTCUSDT", market).price("60000")
        yield mock, client


def place(client: Bybit, category: str, trigger: str = "59500", **sent: Any) -> None:
    direction = {"trigger_direction": 2} if category == "linear" else {}
    more: Any = BUY | {"category": category, "trigger_price": trigger} | direction | sent
    client.trade.place_order(**more)


def locked(mock: Mock) -> Decimal:
    return mock.account.balance("USDT").locked


@MARKETS
def test_a_conditional_order_locks_its_money_once_it_is_triggered(trading: tuple[Mock, Bybit], category: str) -> None:
    """It waits without any, and then has a place in the book like any other order."""
    mock, client = trading
    mock.account.deposit("USDT", "1000")
    place(client, category)
    assert ["open"] == [order.status for order in mock.orders]
    assert Decimal(0) == locked(mock)
    mock.market("BTCUSDT", category).price("59500")
    assert Decimal(590) / (10 if category == "linear" else 1) == locked(mock)
    assert ["open"] == [order.status for order in mock.orders]
    mock.market("BTCUSDT", category).price("58000")
    assert ["filled"] == [order.status for order in mock.orders]


@MARKETS
def test_a_conditional_order_is_canceled_where_money_does_not_suffice_then(
    trading: tuple[Mock, Bybit], category: str
) -> None:
    """It is accepted without money, and ends when it is triggered; nothing stays locked."""
    mock, client = trading
    mock.account.deposit("USDT", "1")
    place(client, category)
    mock.market("BTCUSDT", category).price("59500")
    assert ["cancelled"] == [order.status for order in mock.orders]
    assert Decimal(0) == locked(mock)


def test_a_take_profit_or_stop_loss_order_of_spot_locks_its_money_at_once(trading: tuple[Mock, Bybit]) -> None:
    """It fires on whichever side of the market its price lies."""
    mock, client = trading
    mock.account.deposit("USDT", "2000")
    place(client, "spot", order_filter="tpslOrder")
    place(client, "spot", "61000", price="61500", order_filter="tpslOrder")
    assert Decimal(590) + Decimal(615) == locked(mock)
    mock.market("BTCUSDT", "spot").price("61000")
    assert ["open", "filled"] == [order.status for order in mock.orders]


@MARKETS
def test_lists_tell_conditional_orders_from_others(trading: tuple[Mock, Bybit], category: str) -> None:
    """`orderFilter` leaves out those of other kinds; without it all are listed."""
    mock, client = trading
    plain: Any = BUY | {"category": category}
    client.trade.place_order(**plain)
    place(client, category)
    for order_filter, wanted in ((None, [1, 0]), ("Order", [0]), ("StopOrder", [1])):
        found = client.trade.get_open_orders(category=category, symbol="BTCUSDT", order_filter=order_filter)
        assert [str(mock.orders[place].id) for place in wanted] == [order.order_id for order in found.items]
    client.trade.cancel_all_orders(category=category, symbol="BTCUSDT", order_filter="StopOrder")
    assert ["open", "cancelled"] == [order.status for order in mock.orders]


@MARKETS
def test_a_conditional_order_that_is_canceled_is_shown_as_deactivated(
    trading: tuple[Mock, Bybit], category: str
) -> None:
    """One that was not triggered is `Deactivated`, which ends a wait for it; any other is `Cancelled`."""
    mock, client = trading
    plain: Any = BUY | {"category": category}
    client.trade.place_order(**plain)
    place(client, category)
    for number, order_filter, shown in ((0, "Order", "Cancelled"), (1, "StopOrder", "Deactivated")):
        client.trade.cancel_all_orders(category=category, symbol="BTCUSDT", order_filter=order_filter)
        order = client.wait(str(mock.orders[number].id), PLACE, symbol="BTCUSDT", market=category, timeout=PATIENCE)
        assert shown == order.order_status


@pytest.mark.parametrize(("category", "left"), [("spot", ["open"]), ("linear", ["cancelled"])])
def test_all_orders_are_canceled_as_the_market_has_it(
    trading: tuple[Mock, Bybit], category: str, left: list[str]
) -> None:
    """Without `orderFilter`, conditional orders of spot stay, and those of contracts are canceled, too."""
    mock, client = trading
    plain: Any = BUY | {"category": category}
    client.trade.place_order(**plain)
    place(client, category)
    client.trade.cancel_all_orders(category=category, symbol="BTCUSDT")
    assert ["cancelled", *left] == [order.status for order in mock.orders]


def test_lists_are_filtered_by_base_asset(trading: tuple[Mock, Bybit]) -> None:
    """`baseCoin` finds the orders of its contracts only."""
    mock, client = trading
    for symbol, price in (("BTCUSDT", "59000"), ("ETHUSDT", "1600")):
        order: Any = BUY | {"category": "linear", "symbol": symbol, "price": price, "qty": "0.1"}
        client.trade.place_order(**order)
    found = client.trade.get_open_orders(category="linear", base_coin="ETH")
    assert ["ETHUSDT"] == [order.symbol for order in found.items]
    client.trade.cancel_all_orders(category="linear", base_coin="BTC")
    assert ["cancelled", "open"] == [order.status for order in mock.orders]


def test_borrowing_for_an_order_is_not_simulated() -> None:
    """`isLeverage` fails the test, which is told what was asked for and why nothing is guessed."""
    mock = Mock("bybit").start()
    order: Any = BUY | {"category": "spot", "is_leverage": 1}
    with Bybit(**mock.credentials, base_url=mock.url) as client, pytest.raises(errors.VenueError):
        client.trade.place_order(**order)
    with pytest.raises(NotSimulated, match=r"trade\.place_order isLeverage=1, for what that does is not known"):
        mock.stop()
