"""Orders that wait for a price on a mock exchange that remembers: stops, take-profits, trailing stops; and settings."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from tests.support.apis import APIS, Api
from tests.support.orders import OrderCall, order_calls
from tests.support.owner import Owner, has_contracts
from tests.support.traders import PLACES, Trader, each, label, trader
from venues.mock import Order
from venues.mock.declared.api import load_api
from venues.mock.declared.operations import Operation

WAITING = [
    (api, place)
    for api in APIS
    for place in order_calls(api, "place")
    if any(sent.phrase == "stop price" for sent in place.declared.sent)
]
EACH_WAITING = pytest.mark.parametrize(("api", "place"), WAITING, ids=label)


async def stop_order(trading: Trader, **meant: Any) -> Order:
    """Place a stop order of its API's own kind: to sell, when the price falls to 59000."""
    sent = {"price": "58900", "quantity": "5", "stop price": "59000", "client_id": "mine-stop"} | meant
    kinds = [words for param in trading.place.declared.sent if param.phrase == "kind" for words in param.says.values()]
    kind = next((words for words in kinds if "stop" in words and "market" not in words), ())
    positions = trading.mock.account.positions
    if positions:
        sent["position.id"] = str(positions[0].id)
    arguments = trading.place.arguments("sell", "", **sent)
    for param in trading.place.declared.sent:
        value = next((value for value, words in param.says.items() if words == kind), None)
        if param.phrase == "kind" and kind and value is not None:
            arguments[trading.place.operation.by_wire[param.wire].name] = value
    await trading.call(trading.place, **arguments)
    return trading.mock.orders[-1]


async def with_position(api: Api, trading: Trader) -> None:
    """Open a position where a stop order needs one."""
    if any(sent.phrase == "position.id" for sent in trading.place.declared.sent):
        place = next(each for own, each in PLACES if own is api)
        await trading.call(place, **place.arguments(price="60000", quantity="5", client_id="mine-1"))


@EACH_WAITING
async def test_a_stop_waits_for_its_price(api: Api, place: OrderCall) -> None:
    """It is open above its price, fires when the price falls to it, and then is filled as its own kind of order."""
    async with trader(api, place) as trading:
        owner = Owner(trading)
        market = trading.mock.market(owner.symbol)
        market.price("60000")
        await with_position(api, trading)
        order = await stop_order(trading)
        assert ("open", True) == (order.status, order.trigger is not None)
        assert await trading.shown(order, "open")
        market.price("59000.1")
        assert "open" == trading.mock.orders[-1].status
        market.price("59000")
        assert Decimal(59000) == trading.mock.fills[-1].price
        assert "sell" == trading.mock.fills[-1].side
        stopped = next(each for each in trading.mock.orders if each.id == order.id)
        if place.declared.becomes is None:
            assert "filled" == stopped.status
        else:
            assert ("triggered", place.declared.becomes) == (stopped.status, trading.mock.orders[-1].shelf)
            assert stopped.became == trading.mock.orders[-1].id


@EACH_WAITING
async def test_a_stop_that_is_canceled_never_fires(api: Api, place: OrderCall) -> None:
    """After cancel the price passes it without a fill."""
    async with trader(api, place) as trading:
        owner = Owner(trading)
        market = trading.mock.market(owner.symbol)
        market.price("60000")
        await with_position(api, trading)
        order = await stop_order(trading)
        before = len(trading.mock.fills)
        await trading.cancel(order)
        market.price("50000")
        assert before == len(trading.mock.fills)


TRAILING = [
    (api, place)
    for api, place in WAITING
    if any(sent.phrase == "trailing" and sent.unit for sent in place.declared.sent)
    and any("trailing" in words for sent in place.declared.sent for words in sent.says.values())
]


@pytest.mark.parametrize(("api", "place"), TRAILING, ids=label)
async def test_a_trailing_stop_follows_the_best_price(api: Api, place: OrderCall) -> None:
    """After the highest price of 70000, a fall by 1 percent makes it sell."""
    async with trader(api, place) as trading:
        owner = Owner(trading)
        market = trading.mock.market(owner.symbol)
        kind = next(s for s in place.declared.sent if any("trailing" in words for words in s.says.values()))
        arguments = place.arguments("sell", quantity="5", trailing="1", **{"trailing price": "65000"})
        arguments.pop("price", None)
        arguments[place.operation.by_wire[kind.wire].name] = next(v for v, w in kind.says.items() if "trailing" in w)
        market.price("60000")
        await trading.call(place, **arguments)
        for price in ("59000", "66000", "70000", "69301"):
            market.price(price)
            assert [] == trading.mock.fills, price
        market.price("69300")
        assert [Decimal(69300)] == [fill.price for fill in trading.mock.fills]


def leverage_calls(place: OrderCall) -> list[Operation]:
    """Return the calls that set the leverage of the orders that are placed so."""
    setting = (o for o in place.spec.operations if o.things and o.things.does == "set")
    return [o for o in setting if o.things and any(sent.phrase == "leverage" for sent in o.things.sent)]


def says_leverage(place: OrderCall) -> bool:
    """Whether each order says its leverage itself."""
    return any(sent.phrase == "leverage" for sent in place.declared.sent)


@each(lambda place: has_contracts(place) and bool(leverage_calls(place)) and not says_leverage(place))
async def test_leverage_is_what_was_set(api: Api, place: OrderCall) -> None:
    """After the leverage was set to 5, an order binds a fifth of its value."""
    async with trader(api, place) as trading:
        owner = Owner(trading)
        await trading.call_operation(
            leverage_calls(place)[0], symbol=owner.symbol, leverage="5", **{"position.side": "buy"}
        )
        order = await trading.order()
        assert Decimal(12_000) == order.held


LENDING = [(a, p) for a, p in PLACES if any(o.things and o.things.does == "place" for o in load_api(a.name).operations)]


@pytest.mark.parametrize(("api", "place"), LENDING, ids=label)
async def test_what_is_borrowed_is_owed_and_paid_back(api: Api, place: OrderCall) -> None:
    """Borrowed money can be spent, stands in the balance as a loan, and is gone after it was repaid."""
    async with trader(api, place) as trading:
        owner = Owner(trading)
        with suppress(ValueError):
            trading.mock.account.set_interest("0")  # what loans cost has tests of its own
        calls = {
            o.things.holders[0].thing: o
            for o in place.spec.operations
            if o.things and o.things.does == "place" and o.things.wallet == place.declared.wallet
        }
        where = {"symbol": owner.symbol, "coin": owner.quote}
        await trading.call_operation(calls["loan"], quantity="100", **where)
        assert [100, 100] == [owner.balance(owner.quote).available, owner.balance(owner.quote).loan]
        await trading.call_operation(calls["repayment"], quantity="40", **where)
        assert [60, 60] == [owner.balance(owner.quote).quantity, owner.balance(owner.quote).loan]
        lists = [o.things for o in place.spec.operations if o.things and o.things.does == "list"]
        for thing, quantity in (("loan", "100"), ("repayment", "40")):
            if any(holder.thing == thing for things in lists for holder in things.holders):
                assert [quantity] == [one["quantity"] for one in await owner.shown(thing)]


@each(lambda place: any(("reduce_only",) in sent.says.values() for sent in place.declared.sent))
async def test_only_some_is_reduced(api: Api, place: OrderCall) -> None:
    """An order that only reduces is filled as far as there is a position, and is over then."""
    async with trader(api, place) as trading:
        trading.mock.market(place.example["symbol"]).price("60000")
        await trading.order()
        order = await trading.order("sell", "reduce_only", reduce_only=True, quantity="9", client_id="mine-2")
        assert [("expired", Decimal(5))] == [(order.status, order.filled)]
        assert [] == trading.mock.account.positions
