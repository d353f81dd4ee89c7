"""The market maker that users are shown, against mock exchanges."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.books.test_books import pushing
from tests.support import mocks
from tests.support.apis import APIS, Api
from tests.users import market_maker
from venues.core.trading import waiting
from venues.mock import Fault, Mock, Received


@dataclass(frozen=True)
class Venue:
    """How an exchange writes what the market maker does."""

    api: Api
    trades: Callable[[Any], Any]
    place: str
    cancel: str
    own: str
    """The wire name of the client order id, where an order is placed."""
    asked: str
    """And where it is looked up."""
    size: str
    orders: list[tuple[str, str]]
    """Price and quantity of both orders, by hand from the book that the mock exchange pushes."""


def named(name: str) -> Api:
    return next(api for api in APIS if api.name == name)


ASTER = Venue(
    named("aster_futures"),
    market_maker.OnAster,
    *("trade.place_order", "trade.cancel_order", "newClientOrderId", "origClientOrderId", "quantity"),
    [("61188.8", "0.016"), ("61311.5", "0.016")],
)
HIBT = Venue(
    named("hibt_futures"),
    market_maker.OnHibt,
    *("order.open_position", "order.cancel_order", "customID", "customID", "amount"),
    [("58871.8", "0.016"), ("58989.8", "0.016")],
)
VENUES = pytest.mark.parametrize("venue", [ASTER, HIBT], ids=lambda venue: venue.api.name)


def example(venue: Venue, operation: str) -> Any:
    """Return the answer of an example as a test may change it."""
    found = json.loads(venue.api.module.examples.EXAMPLES[operation].response)
    return found.get("data", found)


def show_orders(mock: Mock, venue: Venue, *, filled: bool) -> None:
    """Let lookups return what was placed: done at once, or open until it is canceled."""

    def sent(received: Received) -> dict[str, Any]:
        own = received.arguments.get(venue.asked)
        placed = [one for one in mock.executed if one.operation == venue.place]
        return next({**one.arguments, "at": one.at} for one in placed if own in (None, one.client_id))

    def is_open() -> bool:
        return not filled and not mock.count(venue.cancel)

    def on_aster(received: Received) -> Any:
        order = sent(received)
        status = "NEW" if is_open() else "FILLED" if filled else "CANCELED"
        own = {
            "clientOrderId": order[venue.own],
            "origQty": order["quantity"],
            "price": order["price"],
            "time": order["at"],
        }
        return {**example(venue, "trade.get_order"), **own, "side": order["side"], "status": status}

    def on_hibt(received: Received) -> dict[str, Any]:
        order = sent(received)
        kept = {name: order[name] for name in (venue.own, "symbol", "side", "amount", "price")}
        kept["createdAt"] = order["at"]
        return {**example(venue, "order.get_finished_order"), **kept, "state": 1 if is_open() else 2 if filled else 3}

    if venue is ASTER:
        mock.answer("trade.get_order", on_aster)
    else:
        mock.answer("order.get_open_orders", lambda received: [on_hibt(received)] if is_open() else [])
        mock.answer("order.get_finished_order", on_hibt)


@VENUES
@pytest.mark.parametrize("filled", [True, False], ids=["filled", "canceled"])
async def test_one_program_makes_a_market_on_two_exchanges(
    venue: Venue, filled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both orders are on the tick, placed once though an answer is lost, and end: filled, or canceled in the end."""
    monkeypatch.setattr(waiting, "LONGEST", 0.001)
    with pushing(venue.api) as mock:
        mock.fault(venue.place, Fault.AFTER, times=1)
        show_orders(mock, venue, filled=filled)
        client: Any = mocks.async_client(venue.api, mock)
        orders = await market_maker.make_market(venue.trades(client), "BTC/USDT", patience=5 if filled else 0.01)
        placed = [one.arguments for one in mock.executed if one.operation == venue.place]
    assert venue.orders == sorted((str(one["price"]), str(one[venue.size])) for one in placed)
    assert filled is not bool(mock.count(venue.cancel))  # here, canceling one order ends both: they have one id
    assert [True, True] == [hasattr(order, "status") or hasattr(order, "state") for order in orders]
