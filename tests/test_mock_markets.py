"""An exchange with several markets on the mock exchange: each has its orders and prices, and all share the money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from venues.bybit import Bybit
from venues.errors import ApiError, InsufficientBalance
from venues.mock import Mock, NotSimulated

MARKETS = pytest.mark.parametrize("market", ["spot", "linear"])


@pytest.fixture
def mock() -> Iterator[Mock]:
    with Mock("bybit") as running:
        yield running


@pytest.fixture
def client(mock: Mock) -> Iterator[Bybit]:
    with Bybit(**mock.credentials, base_url=mock.url, limiter="off") as caller:
        yield caller


def buy(client: Bybit, market: str, price: str, quantity: str = "1", **more: Any) -> str:
    """Place a limit buy, and return its id."""
    order = client.trade.place_order(
        category=market, symbol="BTCUSDT", side="Buy", order_type="Limit", qty=quantity, price=price, **more
    )
    return order.order_id


def test_one_symbol_is_two_things(mock: Mock, client: Bybit) -> None:
    """What is placed, filled and listed in one market is not there in the other, though the symbol is the same."""
    spot, linear = (buy(client, market, "50000") for market in ("spot", "linear"))
    mock.market("BTCUSDT", "linear").price("49000")
    assert [("spot", "open"), ("linear", "filled")] == [(order.market, order.status) for order in mock.orders]
    assert [spot] == [one.order_id for one in client.trade.iter_open_orders(category="spot", symbol="BTCUSDT")]
    assert [linear] == [one.order_id for one in client.trade.iter_order_history(category="linear", symbol="BTCUSDT")]
    assert [] == [*client.trade.iter_executions(category="spot", symbol="BTCUSDT")]


def test_the_money_is_shared(mock: Mock, client: Bybit) -> None:
    """What an order of one market binds, an order of the other can't spend; the balance says for which it is bound."""
    mock.account.deposit("USDT", "60000")
    buy(client, "spot", "50000")
    buy(client, "linear", "50000")
    with pytest.raises(InsufficientBalance):
        buy(client, "spot", "5001")
    (coin,) = client.account.get_wallet_balance(account_type="UNIFIED").items[0].coin
    assert (Decimal(50_000), Decimal(5_000)) == (coin.locked, coin.total_order_im)


def test_the_market_must_be_said(mock: Mock) -> None:
    """Where a symbol names several things, a test says which of them it moves."""
    with pytest.raises(ValueError, match="say market='spot' or 'linear'"):
        mock.market("BTCUSDT")
    with pytest.raises(ValueError, match="no market 'swap'"):
        mock.market("BTCUSDT", "swap")


def test_other_markets_are_not_simulated() -> None:
    """A call in a market that is not simulated fails the test; a public one answers its example."""
    mock = Mock("bybit").start()
    with Bybit(**mock.credentials, base_url=mock.url) as client:
        assert client.market.get_tickers(category="inverse", symbol="BTCUSD").items
        with pytest.raises(ApiError):
            buy(client, "inverse", "50000")
    with pytest.raises(NotSimulated, match=r"trade\.place_order category=inverse"):
        mock.stop()


@MARKETS
def test_post_only_is_accepted_and_canceled(mock: Mock, client: Bybit, market: str) -> None:
    """A post-only order that would take is no error: it has an id, and is canceled."""
    mock.market("BTCUSDT", market).price("50000")
    order = buy(client, market, "50000", time_in_force="PostOnly")
    assert [(order, "cancelled", Decimal(0))] == [(str(one.id), one.status, one.filled) for one in mock.orders]
    ended = client.trade.get_order_history(category=market, order_status="Cancelled").items
    assert [order] == [one.order_id for one in ended]


@pytest.mark.parametrize(("direction", "price"), [(1, "51000"), (2, "49000")])
def test_a_conditional_order_waits_in_its_direction(mock: Mock, client: Bybit, direction: int, price: str) -> None:
    """A buy waits for the price to rise or to fall to its trigger, whichever the call says."""
    market = mock.market("BTCUSDT", "linear")
    market.price("50000")
    client.trade.place_order(
        category="linear",
        symbol="BTCUSDT",
        side="Buy",
        order_type="Market",
        qty="1",
        trigger_price=price,
        trigger_direction=direction,
    )
    (waiting,) = client.trade.get_open_orders(category="linear", symbol="BTCUSDT").items
    assert ("Untriggered", price) == (str(waiting.order_status), str(waiting.trigger_price))
    market.price(price)
    assert ["filled"] == [order.status for order in mock.orders]


def test_a_lookup_by_id_finds_closed_orders(mock: Mock, client: Bybit) -> None:
    """The list of open orders has closed ones, too, if it is asked for an id, or for those."""
    order = buy(client, "spot", "50000", order_link_id="mine-1")
    client.trade.cancel_order(category="spot", symbol="BTCUSDT", order_id=order)
    assert [] == client.trade.get_open_orders(category="spot").items
    for asked in ({"order_link_id": "mine-1"}, {"open_only": 1}):
        assert [order] == [one.order_id for one in client.trade.get_open_orders(category="spot", **asked).items]


def test_the_ledger_has_a_line_for_each_fill(mock: Mock, client: Bybit) -> None:
    """Profit and fee of a contract are one change of the balance, and both markets have lines of their own."""
    for market in ("spot", "linear"):
        mock.market("BTCUSDT", market).price("50000")
        buy(client, market, "50000")
    (line,) = client.account.get_transaction_log(category="linear").items
    assert ("TRADE", Decimal("27.5"), Decimal("-27.5")) == (str(line.type), line.fee, line.change)
    assert 2 == len(client.account.get_transaction_log(category="spot").items)


def test_a_symbol_of_another_market_is_an_error(mock: Mock) -> None:
    """A price that would fill nothing, unnoticed, names what is listed there, and which markets there are."""
    said = "market 'linear' lists BTCUSDT, and nothing like 'BTCUSD'; the markets are spot, linear; set any_symbol"
    with pytest.raises(ValueError, match=re.escape(said)):
        mock.market("BTCUSD", "linear")
    mock.any_symbol = True
    mock.market("BTCUSD", "linear").price("50000")


def test_what_is_assumed_is_said(mock: Mock) -> None:
    """Fees, leverage and codes that no page documents are named for each market, and so are sums that are made up."""
    assert {"totalEquity", "usdValue"} <= set(mock.made_up["account.get_wallet_balance"])
    guessed = ("off_tick", "off_step", "quantity_too_low", "quantity_too_high", "wrong_position_side")
    assert {"spot": ("fees",), "linear": ("fees", "leverage", "exits", *guessed)} == mock.assumed
