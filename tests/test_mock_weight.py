"""What a mock exchange that remembers costs beside one that plays back, counted instead of timed; and its memory."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from tests.support.apis import Api
from tests.support.mocks import client
from tests.support.orders import OrderCall
from tests.support.traders import EACH, PLACES
from tests.test_budgets import calls_of, peak_of
from venues.mock import Mock, Received
from venues.mock.exchange import Exchange

MEGABYTE = 1 << 20


def received(api: Api, place: OrderCall, exchange: Exchange, number: int) -> Received:
    """Return an order as it arrives."""
    with client(api, Mock(api.name)) as caller:
        sent = place.arguments(price="60000", quantity="5", client_id=f"mine-{number}")
        request = caller.prepare(place.operation, **sent)
    url = urlsplit(str(request.url))
    return Received(request.method, url.path, url.query, request.headers, request.body or b"")


def cost(api: Api, place: OrderCall, *, remembers: bool) -> int:
    """Count the functions that the second of two orders calls: the first reads the examples."""
    exchange = Exchange(api.name, remembers=remembers)
    first, second = (received(api, place, exchange, number) for number in range(2))
    exchange.receive(first)
    return calls_of(lambda: exchange.receive(second))


@EACH
def test_remembering_costs_little_more(api: Api, place: OrderCall) -> None:
    """An order that is kept calls at most twice as many functions as one whose example is played back."""
    assert cost(api, place, remembers=True) <= 2 * cost(api, place, remembers=False)


def test_many_orders_and_candles_are_small() -> None:
    """A tenth of 5,000 orders and of 50,000 klines stays below a tenth of 200 MB."""
    api, place = PLACES[0]
    symbol = place.example["symbol"]
    exchange = Exchange(api.name, remembers=True, keep=1)
    orders = [received(api, place, exchange, number) for number in range(500)]

    def trade() -> None:
        exchange.market(symbol).price("59000")
        for order in orders:
            exchange.receive(order)
        for minute in range(5_000):
            exchange.clock.advance("1m")
            exchange.market(symbol).trade(59_000 + minute % 7, 1)

    assert peak_of(trade) < 20 * MEGABYTE
    assert 500 == len(exchange.orders)
