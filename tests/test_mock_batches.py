"""Several orders at once on a mock exchange that remembers, and what changes orders: amend, close, dead man's switches."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.support.apis import Api
from tests.support.orders import OrderCall, order_calls
from tests.support.traders import BOTH, PLACES, Trader, label, trader
from venues.mock import Order
from venues.mock.exact import Json, parse, value_at


def of_shelf(does: str, *, batch: bool = False) -> list[tuple[Api, OrderCall, OrderCall]]:
    """Return the calls that do this, each with the call that places what they are about."""
    return [
        (api, place, call)
        for api, place in PLACES
        for call in order_calls(api, does, batch=batch)
        if call.shelf == place.shelf
    ]


def each(does: str, *, batch: bool = False) -> pytest.MarkDecorator:
    """Run a test for each call that does this."""
    found = of_shelf(does, batch=batch)
    return pytest.mark.parametrize(("api", "place", "call"), found, ids=label)


GOOD = {"side": "buy", "price": "60000", "quantity": "5"}


@BOTH
@each("place", batch=True)
async def test_a_batch_with_one_bad_order(api: Api, place: OrderCall, call: OrderCall, kind: str) -> None:
    """Of two orders with one client id, the first is placed, the second refused, and the third placed again."""
    async with trader(api, place, kind) as trading:
        symbol = place.example["symbol"]
        is_unique = call.declared.duplicate and call.declared.unique
        ids = ["mine-1", "mine-1" if is_unique else "mine-3", "mine-2"]
        orders = [GOOD | {"symbol": symbol, "client_id": id} for id in ids]
        body = parse(await trading.call(call, **call.batch(orders)))
        kept = {order.client_id: str(order.id) for order in trading.mock.orders}
        assert set(ids) == set(kept)
        assert all(id in texts(body) for id in kept.values())
        assert refused(call, body) == (1 if is_unique else 0)


def refused(call: OrderCall, body: Json) -> int:
    """Return how many orders an answer calls refused."""
    holders = [holder for holder in call.declared.holders if holder.thing == "refusal"]
    joins = call.spec.by_name[call.name].joins
    if joins is not None:
        return sum(str(each["code"]) != "0" for each in value_at(body, joins.source))
    found = 0
    for holder in holders:
        listed = value_at(body, holder.path)
        names = {member.path[0] for member in holder.members if member.phrase in ("code", "message")}
        found += len(listed) if not names else sum(names <= each.keys() for each in listed)
    return found


def texts(value: Json) -> set[str]:
    """Return every text and number of an answer."""
    if isinstance(value, dict):
        return {text for pair in value.items() for one in pair for text in texts(one)}
    return {text for one in value for text in texts(one)} if isinstance(value, list) else {str(value)}


@each("cancel", batch=True)
async def test_a_batch_cancels_what_is_there(api: Api, place: OrderCall, call: OrderCall) -> None:
    """Of two open orders and an id that nothing has, the two are canceled, and the third is refused."""
    async with trader(api, place) as trading:
        orders = [await trading.order(client_id=f"mine-{number}") for number in range(2)]
        wanted = [{"id": str(order.id), "symbol": order.symbol} for order in orders]
        if call.declared.absent:
            wanted.append({"id": "404", "symbol": orders[0].symbol})
        body = parse(await trading.call(call, **call.batch(wanted)))
        assert ["cancelled", "cancelled"] == [order.status for order in trading.mock.orders]
        if call.declared.absent and any(holder.thing == "refusal" for holder in call.declared.holders):
            assert refused(call, body) == 1


@each("amend")
async def test_an_order_is_changed(api: Api, place: OrderCall, call: OrderCall) -> None:
    """Price (where it can be sent) and size change, what was filled stays, and a price that crosses fills it at once."""
    async with trader(api, place) as trading:
        order = await trading.order()
        market = trading.mock.market(order.symbol)
        market.trade("60000", "2")
        market.price("61000")
        sent = {"id": str(order.id), "symbol": order.symbol, "price": "59000", "quantity": "6"}
        await trading.call(call, **call.arguments(**sent))
        has_price = any(one.phrase == "price" for one in call.declared.sent)
        assert [(Decimal(59000 if has_price else 60000), Decimal(6), Decimal(2))] == [
            (o.price, o.quantity, o.filled) for o in trading.mock.orders
        ]
        if not has_price:
            return
        await trading.call(call, **call.arguments(**sent | {"price": "61000"}))
        assert [("filled", Decimal(6))] == [(o.status, o.filled) for o in trading.mock.orders]


@each("amend", batch=True)
async def test_several_orders_are_changed(api: Api, place: OrderCall, call: OrderCall) -> None:
    """A batch of changes changes each order."""
    async with trader(api, place) as trading:
        orders = [await trading.order(client_id=f"mine-{number}") for number in range(2)]
        sent = [{"id": str(order.id), "symbol": order.symbol, "price": "59000", "quantity": "6"} for order in orders]
        await trading.call(call, **call.batch(sent))
        assert [Decimal(59000)] * 2 == [order.price for order in trading.mock.orders]


async def opened(trading: Trader) -> Order:
    """Open a position."""
    trading.mock.market(trading.place.example["symbol"]).price("60000")
    return await trading.order()


@each("close")
async def test_a_position_is_closed(api: Api, place: OrderCall, call: OrderCall) -> None:
    """An order closes the position at the market's price, and the profit is realized."""
    async with trader(api, place) as trading:
        order = await opened(trading)
        trading.mock.market(order.symbol).price("61000")
        position = trading.mock.account.positions[0]
        sent: dict[str, Any] = {"position.id": str(position.id), "symbol": order.symbol, "quantity": "5"}
        await trading.call(call, **call.arguments(kind="market", **sent))
        assert [] == trading.mock.account.positions
        assert (Decimal(5000), "sell") == (trading.mock.orders[-1].profit, trading.mock.orders[-1].side)


@each("close_all")
async def test_all_positions_are_closed(api: Api, place: OrderCall, call: OrderCall) -> None:
    """Every position is closed by an order of its own, whose id is returned."""
    async with trader(api, place) as trading:
        order = await opened(trading)
        body = parse(await trading.call(call, **call.arguments(symbol=order.symbol)))
        assert [] == trading.mock.account.positions
        assert str(trading.mock.orders[-1].id) in texts(body)


COUNTDOWNS = [found for found in of_shelf("cancel_all") if any(s.phrase == "after" for s in found[2].declared.sent)]


@pytest.mark.parametrize(("api", "place", "call"), COUNTDOWNS, ids=label)
async def test_a_dead_mans_switch_cancels_when_nobody_calls(api: Api, place: OrderCall, call: OrderCall) -> None:
    """What was set to happen in a minute happens then, by the exchange's clock; 0 calls it off."""
    async with trader(api, place) as trading:
        order = await trading.order()
        for after, status in (("60000", "open"), ("0", "open"), ("60000", "cancelled")):
            await trading.call(call, **call.arguments(symbol=order.symbol, after=after))
            trading.mock.clock.advance("30s")
            assert "open" == trading.mock.orders[0].status
            trading.mock.clock.advance("31s" if status == "cancelled" else "0s")
            assert status == trading.mock.orders[0].status


def test_the_apis_have_what_is_tested() -> None:
    """Each of these calls is there in some API: an empty list of tests would pass."""
    assert all(of_shelf(does) for does in ("amend", "close", "close_all"))
    assert all(of_shelf(does, batch=True) for does in ("place", "cancel", "amend"))
    assert COUNTDOWNS
