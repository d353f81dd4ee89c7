"""What a mock exchange that remembers costs beside one that plays back, counted instead of timed; and its memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from multidict import CIMultiDict

from tests.support.apis import Api
from tests.support.orders import OrderCall
from tests.support.traders import EACH, PLACES, OneMarket
from tests.test_budgets import bytecodes_of, calls_of, peak_of
from venues.mock import Received
from venues.mock.exchange import Exchange

MEGABYTE = 1 << 20
NOW = 1_795_132_800_000


def received(api: Api, place: OrderCall, exchange: Exchange, count: int) -> Iterator[Received]:
    """Yield orders as they arrive."""
    made: Any = api.client
    with made(**exchange.credentials, base_url="http://127.0.0.1:9", limiter="off", clock=lambda: NOW) as caller:
        for number in range(count):
            sent = place.arguments(price="60000", quantity="5", client_id=f"mine-{number}")
            request = caller.prepare(place.operation, **sent)
            url = urlsplit(str(request.url))
            headers = CIMultiDict(request.headers)
            yield Received(request.method, url.path, url.query, headers, request.body or b"")


def cost(api: Api, place: OrderCall, *, remembers: bool) -> int:
    """Count the functions that the second of two orders calls: the first reads the examples."""
    exchange = Exchange(api.name, remembers=remembers, clock=lambda: NOW)
    first, second = received(api, place, exchange, 2)
    exchange.receive(first)
    return calls_of(lambda: exchange.receive(second))


@EACH
def test_remembering_costs_little_more(api: Api, place: OrderCall) -> None:
    """An order that is kept calls at most 560 functions, and at most 240 more than one whose example is played back."""
    kept = cost(api, place, remembers=True)
    assert kept <= min(560, cost(api, place, remembers=False) + 240)


def test_order_executes_few_instructions() -> None:
    """An order that fills at once, signature and books included, takes at most 8,500 bytecodes on any exchange."""
    used = {}
    for api, place in PLACES:
        exchange = OneMarket(api.name, place, clock=lambda: NOW)
        exchange.market(place.example["symbol"]).price("59000")
        first, second = received(api, place, exchange, 2)
        exchange.receive(first)
        used[api.name, place.label] = bytecodes_of(partial(exchange.receive, second))
    assert max(used.values()) <= 8_500, used


def test_many_orders_and_candles_are_small() -> None:
    """A tenth of 5,000 orders and of 50,000 klines stays below a tenth of 200 MB."""
    api, place = PLACES[0]
    symbol = place.example["symbol"]
    exchange = Exchange(api.name, keep=1, clock=lambda: NOW)
    orders = [*received(api, place, exchange, 500)]

    def trade() -> None:
        exchange.market(symbol).price("59000")
        for order in orders:
            exchange.receive(order)
        for minute in range(5_000):
            exchange.clock.advance("1m")
            exchange.market(symbol).trade(59_000 + minute % 7, 1)

    assert peak_of(trade) < 20 * MEGABYTE
    assert 500 == len(exchange.orders)
