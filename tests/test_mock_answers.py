"""What an answer shows where the caller says how much of it is wanted; the order itself is always the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from venues import errors
from venues.binance_spot import BinanceSpot
from venues.mock import Mock

IDS = {"symbol", "orderId", "orderListId", "clientOrderId", "transactTime"}
BUY: dict[str, Any] = {"symbol": "BTCUSDT", "side": "BUY", "quantity": "0.5", "new_client_order_id": "mine"}
LIMIT: dict[str, Any] = {**BUY, "type": "LIMIT", "time_in_force": "GTC", "price": "50000"}
STOP: dict[str, Any] = {**BUY, "type": "STOP_LOSS", "stop_price": "70000"}


@pytest.fixture
def trading() -> Iterator[tuple[Mock, BinanceSpot]]:
    """A mock exchange whose market has a price, and its client."""
    with Mock("binance_spot") as mock, BinanceSpot(**mock.credentials, base_url=mock.url) as client:
        mock.market("BTCUSDT").price("60000")
        yield mock, client


@pytest.mark.parametrize(
    ("sent", "shows_order", "shows_fills"),
    [
        (LIMIT | {"new_order_resp_type": "ACK"}, False, False),
        (LIMIT | {"new_order_resp_type": "RESULT"}, True, False),
        (LIMIT | {"new_order_resp_type": "FULL"}, True, True),
        (LIMIT, True, True),
        (STOP, False, False),
        (STOP | {"new_order_resp_type": "RESULT"}, True, False),
    ],
    ids=["ack", "result", "full", "limit", "stop", "stop with result"],
)
def test_an_answer_shows_as_much_as_is_asked_for(
    trading: tuple[Mock, BinanceSpot], sent: dict[str, Any], shows_order: bool, shows_fills: bool
) -> None:
    """ACK has ids only, RESULT the order, FULL its fills, too; without a word, it depends on the kind of order."""
    mock, client = trading
    answer = client.trade.place_order(**sent)
    assert "mine" == answer.client_order_id == mock.orders[-1].client_id
    assert (shows_order, shows_fills) == (answer.status is not None, answer.fills is not None)


@pytest.mark.parametrize("resp_type", ["ACK", "RESULT"])
def test_a_replacement_shows_as_much_of_the_new_order_as_is_asked_for(
    trading: tuple[Mock, BinanceSpot], resp_type: str
) -> None:
    """The canceled order is shown whole either way; where there is none, the new one is still shown as asked for."""
    _, client = trading
    first = client.trade.place_order(**LIMIT | {"new_client_order_id": "first"})
    replacing: Any = LIMIT | {"new_order_resp_type": resp_type}
    whole = client.trade.cancel_replace_order(
        **replacing, cancel_replace_mode="STOP_ON_FAILURE", cancel_order_id=first.order_id
    )
    assert "CANCELED" == whole.cancel_response.status
    assert (resp_type == "RESULT") == (whole.new_order_response.status is not None)
    again: Any = replacing | {"new_client_order_id": "again"}
    with pytest.raises(errors.VenueError) as error:
        client.trade.cancel_replace_order(**again, cancel_replace_mode="ALLOW_FAILURE", cancel_order_id=first.order_id)
    refusal = error.value if isinstance(error.value, errors.ApiError) else error.value.__cause__
    assert isinstance(refusal, errors.ApiError)
    placed = json.loads(refusal.body)["data"]["newOrderResponse"]
    assert (IDS == {*placed}) == (resp_type == "ACK")


@pytest.mark.parametrize("resp_type", ["ACK", "RESULT"])
def test_the_orders_of_a_list_show_as_much_as_is_asked_for(trading: tuple[Mock, BinanceSpot], resp_type: str) -> None:
    """An OCO's reports have ids only with ACK, and the orders with RESULT; the ids are those of the orders."""
    mock, client = trading
    answer = client.order_lists.place_oco(
        symbol="BTCUSDT",
        side="SELL",
        quantity="0.5",
        above_type="LIMIT_MAKER",
        above_price="70000",
        below_type="STOP_LOSS",
        below_stop_price="50000",
        new_order_resp_type=resp_type,
    )
    assert [order.id for order in mock.orders] == [report.order_id for report in answer.order_reports]
    assert {resp_type == "RESULT"} == {report.status is not None for report in answer.order_reports}
