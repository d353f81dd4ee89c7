"""A call that cancels one order and places another on a mock exchange that remembers: either half may fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from venues import errors
from venues.binance_spot import BinanceSpot
from venues.mock import Mock

STOPS, GOES_ON = "STOP_ON_FAILURE", "ALLOW_FAILURE"
BUY: dict[str, Any] = {"symbol": "BTCUSDT", "side": "BUY"}
SIZE: dict[str, Any] = {"quantity": "0.001", "time_in_force": "GTC"}


@pytest.fixture
def trading() -> Iterator[tuple[Mock, BinanceSpot]]:
    """A mock exchange with money for one of two orders, of which the first is open; and its client."""
    with Mock("binance_spot") as mock, BinanceSpot(**mock.credentials, base_url=mock.url) as client:
        mock.account.deposit("USDT", "80")
        mock.market("BTCUSDT").price("60000")
        client.trade.place_order(**BUY, type="LIMIT", **SIZE, price="50000", new_client_order_id="first")
        yield mock, client


def replaced(client: BinanceSpot, mode: str, former: str = "first", kind: str = "LIMIT", **sent: Any) -> Any:
    """Put an order in the place of another one."""
    size: dict[str, Any] = SIZE if kind == "LIMIT" else {"quantity": SIZE["quantity"]}
    asked = {**size, "price": "55000", "cancel_orig_client_order_id": former, "new_client_order_id": "second", **sent}
    return client.trade.cancel_replace_order(**BUY, type=kind, cancel_replace_mode=mode, **asked)


def failed(code: str, client: BinanceSpot, mode: str, **sent: Any) -> dict[str, Any]:
    """Fail to replace an order wholly, with a code; return what the exchange says of both halves."""
    with pytest.raises(errors.VenueError) as error:
        replaced(client, mode, **sent)
    refusal = error.value if isinstance(error.value, errors.ApiError) else error.value.__cause__
    assert isinstance(refusal, errors.ApiError)
    assert code == refusal.code
    found: dict[str, Any] = json.loads(refusal.body)["data"]
    return found


def statuses(mock: Mock) -> list[tuple[str, str]]:
    return [(order.client_id, order.status) for order in mock.orders]


@pytest.mark.parametrize("mode", [STOPS, GOES_ON])
def test_an_order_takes_the_place_of_another(trading: tuple[Mock, BinanceSpot], mode: str) -> None:
    """The first is canceled, and its money pays for the second; the answer has both as they stand."""
    mock, client = trading
    answer = replaced(client, mode)
    assert [("first", "cancelled"), ("second", "open")] == statuses(mock)
    first, second = mock.orders
    assert (first.id, second.id) == (answer.cancel_response.order_id, answer.new_order_response.order_id)
    assert ("SUCCESS", "SUCCESS", []) == (
        answer.cancel_result,
        answer.new_order_result,
        answer.new_order_response.fills,
    )


def test_nothing_is_placed_where_nothing_could_be_canceled(trading: tuple[Mock, BinanceSpot]) -> None:
    """With STOP_ON_FAILURE and an unknown order the call fails as a whole, and nothing has changed."""
    mock, client = trading
    said = failed("-2022", client, STOPS, former="ghost")
    assert ("FAILURE", "NOT_ATTEMPTED", None) == (
        said["cancelResult"],
        said["newOrderResult"],
        said["newOrderResponse"],
    )
    assert -2011 == said["cancelResponse"]["code"]
    assert [("first", "open")] == statuses(mock)


def test_an_order_is_placed_all_the_same(trading: tuple[Mock, BinanceSpot]) -> None:
    """With ALLOW_FAILURE the new order is there though the other one could not be canceled, and a code says so."""
    mock, client = trading
    said = failed("-2021", client, GOES_ON, former="ghost", price="25000")
    assert ("FAILURE", "SUCCESS") == (said["cancelResult"], said["newOrderResult"])
    assert mock.orders[-1].id == said["newOrderResponse"]["orderId"]
    assert [("first", "open"), ("second", "open")] == statuses(mock)


def test_a_canceled_order_stays_canceled(trading: tuple[Mock, BinanceSpot]) -> None:
    """A post-only order that would take is not placed, and the order before it is gone; the same code says so."""
    mock, client = trading
    said = failed("-2021", client, STOPS, kind="LIMIT_MAKER", price="61000")
    assert ("SUCCESS", "FAILURE", -2010) == (
        said["cancelResult"],
        said["newOrderResult"],
        said["newOrderResponse"]["code"],
    )
    assert [("first", "cancelled")] == statuses(mock)


def test_both_halves_can_fail(trading: tuple[Mock, BinanceSpot]) -> None:
    """With ALLOW_FAILURE, an unknown order and too little money the answer has both refusals."""
    mock, client = trading
    said = failed("-2022", client, GOES_ON, former="ghost")
    assert [-2011, -2010] == [said[half]["code"] for half in ("cancelResponse", "newOrderResponse")]
    assert [("first", "open")] == statuses(mock)


def test_a_filter_comes_before_the_cancel(trading: tuple[Mock, BinanceSpot]) -> None:
    """What the instrument does not allow is refused at once, and the order before it stays open."""
    mock, client = trading
    with pytest.raises(errors.ApiError) as refused:
        replaced(client, GOES_ON, price="55000.001")
    assert "-1013" == refused.value.code
    assert [("first", "open")] == statuses(mock)


@pytest.mark.parametrize("own", ["renamed", None])
def test_an_amended_order_has_another_client_id(trading: tuple[Mock, BinanceSpot], own: str | None) -> None:
    """It is found by the new one only, which is generated unless the caller sends one."""
    mock, client = trading
    change: Any = {"symbol": "BTCUSDT", "orig_client_order_id": "first", "new_qty": "0.0005"}
    amended = client.trade.amend_order(**change, new_client_order_id=own)
    (order,) = mock.orders
    assert order.client_id == amended.amended_order.client_order_id != "first"
    assert own in (None, order.client_id)
    assert "first" == amended.amended_order.orig_client_order_id
    found = client.trade.get_order(symbol="BTCUSDT", orig_client_order_id=order.client_id)
    assert order.id == found.order_id
    with pytest.raises(errors.OrderNotFound):
        client.trade.get_order(symbol="BTCUSDT", orig_client_order_id="first")


def test_an_amended_order_keeps_its_client_id_where_that_is_sent(trading: tuple[Mock, BinanceSpot]) -> None:
    """The id that it has is no duplicate; that of another open order is refused, and nothing has changed."""
    mock, client = trading
    client.trade.place_order(**BUY, type="LIMIT", **SIZE, price="20000", new_client_order_id="other")
    change: Any = {"symbol": "BTCUSDT", "orig_client_order_id": "first"}
    client.trade.amend_order(**change, new_client_order_id="first", new_qty="0.0009")
    with pytest.raises(errors.DuplicateClientId):
        client.trade.amend_order(**change, new_client_order_id="other", new_qty="0.0008")
    assert [("first", "open"), ("other", "open")] == statuses(mock)
    assert ["0.0009", "0.001"] == [format(order.quantity, "f") for order in mock.orders]
