"""The market maker that users are shown, against mock exchanges."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.books.test_books import pushing
from tests.support import mocks
from tests.support.apis import APIS, Api, label
from tests.users import market_maker
from venues.mock import Fault

PLACING: dict[str, tuple[market_maker.Place, str, str]] = {
    "aster_futures": (market_maker.on_aster, "trade.place_order", "quantity"),
    "hibt_futures": (market_maker.on_hibt, "order.open_position", "amount"),
}
ORDERS = {
    "aster_futures": [("61188.8", "0.016"), ("61311.5", "0.016")],
    "hibt_futures": [("58871.8", "0.016"), ("58989.8", "0.016")],
}
"""Price and quantity of the buy and the sell order, by hand from the book that the mock exchange pushes."""


@pytest.mark.parametrize("api", [api for api in APIS if api.name in PLACING], ids=label)
async def test_one_program_makes_a_market_on_two_exchanges(api: Api) -> None:
    """Both orders are on the tick, outside the middle, once each, and found, though the first answer is lost."""
    place, operation, quantity = PLACING[api.name]
    with pushing(api) as mock:
        mock.remembers = True
        mock.fault(operation, Fault.AFTER)
        client: Any = mocks.async_client(api, mock)
        orders = await market_maker.make_market(client, place, "BTC/USDT")
        executed = [one.arguments for one in mock.executed if one.operation == operation]
    assert ORDERS[api.name] == [(str(one["price"]), str(one[quantity])) for one in executed]
    assert 2 == len(orders)
    assert all(orders)
    assert Decimal(1000) >= max(Decimal(price) * Decimal(size) for price, size in ORDERS[api.name])
