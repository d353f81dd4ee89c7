"""Streams of a mock exchange that remembers: they tell what happens, in the order in which it happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tests.support.apis import Api
from tests.support.orders import OrderCall, order_calls, same_number
from tests.support.owner import has_contracts
from tests.support.pushes import carried_by, channels_of, things_in
from tests.support.streams import streams
from tests.support.traders import PLACES, OneMarket, label
from venues.core.channels.channel import Channel, Event, Gap
from venues.mock import Mock
from venues.mock.books.money import Balance
from venues.mock.declared.channels import PushedThing
from venues.mock.exact import parse, value_at
from venues.mock.streams.server import StreamServer

OWN = {"price": "60000", "quantity": "0.5", "client_id": "mine-1"}
ORDERS = [
    (api, channel, form, place)
    for api, channel, form in channels_of("order")
    for place in order_calls(api, "place")
    if place.declared.becomes is None
    and (carried := carried_by(channel)) is not None
    and carried.shelf == place.declared.shelf
]
EACH = pytest.mark.parametrize(
    ("api", "channel", "form", "place"), ORDERS, ids=lambda value: label(value) or type(value).__name__
)


class Account:
    """A client of a mock exchange, who also follows the orders of one shelf."""

    def __init__(self, mock: Mock, caller: Any, place: OrderCall, api: Api, subscription: Any, form: Any) -> None:
        self.mock, self._caller, self._place, self._api = mock, caller, place, api
        self._subscription, self._form = subscription, form

    async def order(self, **meant: Any) -> str:
        """Place an order, and return its id."""
        await self._caller.call(self._place.operation, **self._place.arguments(**{**OWN, **meant}))
        return str(self.mock.orders[-1].id)

    async def cancel(self, id: str) -> None:
        cancel = next(c for c in order_calls(self._api, "cancel") if c.shelf == self._place.shelf)
        await self._caller.call(cancel.operation, **cancel.arguments(id=id, symbol=self.symbol))

    async def change(self, amend: OrderCall, **meant: str) -> None:
        await self._caller.call(amend.operation, **amend.arguments(symbol=self.symbol, **meant))

    @property
    def symbol(self) -> str:
        return str(self._place.example["symbol"])

    async def event(self) -> object:
        return await anext(self._subscription)

    async def told(self) -> dict[str, Any]:
        """Return the next order that is told."""
        (order,) = things_in(await self.event(), self._form)
        return order


@asynccontextmanager
async def following(api: Api, channel: Channel[Any], form: PushedThing, place: OrderCall) -> AsyncIterator[Account]:
    """Trade on a new mock exchange, and follow the orders."""
    with OneMarket(api.name, place) as mock:
        async with streams(api, mock) as opened, api.async_client(**_options(mock)) as caller:
            subscription = await opened.subscribe(channel).ready()
            yield Account(mock, caller, place, api, subscription, form)


def _is_back(floor: StreamServer, channel: Channel[Any]) -> bool:
    return (2, 1) == (floor.opened, floor.connected) and (channel.topic is None or bool(floor.topics))


def _options(mock: Mock) -> dict[str, Any]:
    return {**mock.credentials, "base_url": mock.url, "limiter": "off"}


@EACH
async def test_an_order_is_told_from_its_birth_to_its_end(
    api: Api, channel: Channel[Any], form: PushedThing, place: OrderCall
) -> None:
    """Placed, filled in part, filled: each is pushed once, in order, with the order's own ids and sizes."""
    async with following(api, channel, form, place) as account:
        id = await account.order()
        account.mock.market(account.symbol).trade("60000", "0.2")
        account.mock.market(account.symbol).price("59000")
        placed, part, whole = [await account.told() for _ in range(3)]
    assert {id} == {placed["id"], part["id"], whole["id"]}
    assert {"mine-1"} == {one.get("client_id", "mine-1") for one in (placed, part, whole)}
    assert [("open",), ("open", "filled"), ("filled",)] == [one["status"] for one in (placed, part, whole)]
    sizes = [one["filled quantity"] for one in (placed, part, whole) if "filled quantity" in one]
    assert [Decimal(0), Decimal("0.2"), Decimal("0.5")][: len(sizes)] == [Decimal(size) for size in sizes]
    assert same_number(placed["price"], "60000")
    assert same_number(placed["quantity"], "0.5")


@EACH
async def test_a_canceled_order_is_told(api: Api, channel: Channel[Any], form: PushedThing, place: OrderCall) -> None:
    """The end of an order without a fill is pushed, too."""
    async with following(api, channel, form, place) as account:
        id = await account.order()
        await account.cancel(id)
        assert [("open",), ("cancelled",)] == [(await account.told())["status"] for _ in range(2)]


@EACH
async def test_pushes_are_held_back_lost_and_repeated(
    api: Api, channel: Channel[Any], form: PushedThing, place: OrderCall
) -> None:
    """A test keeps pushes back until it releases them, in their order; it loses one, and sends one twice."""
    async with following(api, channel, form, place) as account:
        floor = account.mock.streams
        floor.hold()
        ids = [await account.order(client_id=f"mine-{number}") for number in range(3)]
        floor.release()
        assert ids == [(await account.told())["id"] for _ in ids]
        floor.lose(channel=channel.SPEC.name)
        await account.order(client_id="lost")
        floor.repeat(channel=channel.SPEC.name)
        twice = await account.order(client_id="twice")
        assert [twice, twice] == [(await account.told())["id"] for _ in range(2)]


@EACH
async def test_following_goes_on_after_an_outage(
    api: Api, channel: Channel[Any], form: PushedThing, place: OrderCall
) -> None:
    """Who connects again after an outage is told what happens from then on."""
    async with following(api, channel, form, place) as account:
        account.mock.streams.drop()
        assert isinstance(await account.event(), Gap)
        await asyncio.to_thread(account.mock.streams.wait, lambda floor: _is_back(floor, channel))
        id = await account.order()
        assert id == (await account.told())["id"]


def test_the_test_is_told_which_channels_follow() -> None:
    """`streams.tells` lists the channels that tell what happens; without a memory there are none."""
    api, channel, _, _ = ORDERS[0]
    assert channel.SPEC.name in Mock(api.name, remembers=True).streams.tells
    assert [] == Mock(api.name, remembers=False).streams.tells


MONEY = [(a, c, f) for a, c, f in channels_of("balance") if any(api is a for api, _ in PLACES)]


@pytest.mark.parametrize(("api", "channel", "form"), MONEY, ids=label)
async def test_balances_are_told_as_they_stand(api: Api, channel: Channel[Any], form: PushedThing) -> None:
    """What is told last of each coin, after an order was placed, filled in part and canceled, is what there is."""
    carried = carried_by(channel)
    assert carried is not None
    place = next(p for a, p in PLACES if a is api and carried.shelf in ("", p.declared.shelf))
    async with following(api, channel, form, place) as account:
        wallet = carried.shelf or place.declared.wallet
        symbol = account.symbol if any(member.phrase == "symbol" for member in form.holder.members) else ""
        account.mock.account.deposit("USDT", "1000000", wallet=wallet or None, symbol=symbol)
        id = await account.order()
        account.mock.market(account.symbol).trade("60000", "0.2")
        await account.cancel(id)
        wanted = {balance.coin.lower(): balance for balance in account.mock.account.balances}
        told: dict[str, dict[str, Any]] = {}
        while not all(coin in told and _is_told(told[coin], balance) for coin, balance in wanted.items()):
            event = await account.event()
            told |= {one["coin"].lower(): one for one in things_in(event, form)}


def _is_told(told: dict[str, Any], balance: Balance) -> bool:
    figures = {"quantity": balance.quantity, "available": balance.available, "open quantity": balance.locked}
    return all(same_number(told[phrase], str(figure)) for phrase, figure in figures.items() if phrase in told)


POSITIONS = [
    (a, c, f) for a, c, f in channels_of("position") if any(api is a and has_contracts(p) for api, p in PLACES)
]


@pytest.mark.parametrize(("api", "channel", "form"), POSITIONS, ids=label)
async def test_positions_are_told_as_they_grow(api: Api, channel: Channel[Any], form: PushedThing) -> None:
    """Each fill changes the position, and the position is told with its size and the price that it was entered at."""
    place = next(p for a, p in PLACES if a is api and has_contracts(p))
    async with following(api, channel, form, place) as account:
        await account.order(quantity="5")
        for size in ("1", "5"):
            account.mock.market(account.symbol).trade("60000", "1" if size == "1" else "4")
            found = [one async for one in _positions(account, form, size)][-1]
            assert same_number(found["price"], "60000")


async def _positions(account: Account, form: PushedThing, size: str) -> AsyncIterator[dict[str, Any]]:
    """Yield what is told of positions, until one has this size."""
    found: dict[str, Any] = {}
    while not same_number(found.get("quantity", "0"), size):
        told = things_in(await account.event(), form)
        found = told[-1] if told else found
        yield found


EVENTS = [case for case in ORDERS if case[2].event is not None and case[2].event.amended is not None]


@pytest.mark.parametrize(("api", "channel", "form", "place"), EVENTS, ids=lambda value: label(value) or "event")
async def test_an_amendment_is_told_in_the_exchanges_own_word(
    api: Api, channel: Channel[Any], form: PushedThing, place: OrderCall
) -> None:
    """A changed order is pushed as changed, with its new size; what becomes of it then is pushed in the usual words."""
    event = form.event
    assert event is not None
    amend = next(call for call in order_calls(api, "amend") if call.shelf == place.shelf)
    async with following(api, channel, form, place) as account:
        id = await account.order()
        await account.change(amend, id=id, quantity="0.4")
        account.mock.market(account.symbol).trade("60000", "0.1")
        await account.cancel(id)
        events = [await account.event() for _ in range(4)]
    told = [things_in(each, form)[0] for each in events]
    said = [
        value_at(parse(msgspec.json.encode(each.data)), (event.wire,)) for each in events if isinstance(each, Event)
    ]
    assert [event.known[0], event.amended, event.filled] == said[:3]
    assert said[3] not in said[:3]
    assert [("0.5", "open"), ("0.4", "open")] == [
        (format(Decimal(t["quantity"]), "f"), t["status"][0]) for t in told[:2]
    ]


def test_an_api_tells_of_amendments() -> None:
    """There is one whose pushes have a word of their own for them."""
    assert EVENTS
