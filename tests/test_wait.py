"""`client.wait`: what becomes of an order, for every API, by asking."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.apis import APIS, Api, label
from tests.support.mocks import async_client, client
from tests.support.waiting import PATIENCE, in_time
from venues.aster_futures.streams import channels
from venues.core.trading import waiting
from venues.core.trading.waiting import OrderWait
from venues.errors import InvalidRequest
from venues.mock import Fault, Mock
from venues.mock.exact import parse


@dataclass(frozen=True)
class Written:
    """How an API writes an order and its status."""

    maker: str
    symbol: str | None
    """Given to `wait`, where the order does not have it."""

    finds: tuple[str, ...]
    id: str
    status: str
    open: str
    """As JSON."""

    done: str
    market: str | None = None


WRITTEN = {
    "aster_futures": Written(
        "trade.place_order", None, ("trade.get_order",), "orderId", "status", '"PARTIALLY_FILLED"', '"FILLED"'
    ),
    "binance_spot": Written(
        "trade.place_order", None, ("trade.get_order",), "orderId", "status", '"PARTIALLY_FILLED"', '"EXPIRED_IN_MATCH"'
    ),
    "bingx_swap": Written(
        "trade.place_order", "BTC-USDT", ("trade.get_order",), "orderId", "status", '"Pending"', '"Cancelled"'
    ),
    "bitget_margin": Written(
        "isolated.place_order",
        "BTCUSDT",
        ("isolated.get_open_orders", "isolated.get_order_history"),
        "orderId",
        "status",
        '"partial_fill"',
        '"cancelled"',
    ),
    "bybit": Written(
        "trade.place_order",
        None,
        ("trade.get_open_orders", "trade.get_order_history"),
        "orderId",
        "orderStatus",
        '"PartiallyFilled"',
        '"Filled"',
        "linear",
    ),
    "hibt_futures": Written(
        "order.open_position", None, ("order.get_open_orders", "order.get_finished_order"), "id", "state", "4", "5"
    ),
    "sixmm": Written(
        "order.place_order",
        "BTCUSDT",
        ("order.get_order",),
        "orderId",
        "status",
        '"NEW"',
        '"PARTIALLY_FILLED_CANCELED"',
    ),
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test wait as long as a program does."""
    monkeypatch.setattr(waiting, "LONGEST", 0.001)


@pytest.fixture
def mock(api: Api) -> Iterator[Mock]:
    """The API's mock exchange."""
    with Mock(api.name, remembers=False) as running:
        yield running


def place(api: Api, caller: Any) -> Any:
    """Place the example's order; return what was returned (or what must be awaited), and its constant."""
    operation = named(api, WRITTEN[api.name].maker)
    return caller.call(operation, **api.arguments(operation))


def named(api: Api, name: str) -> Any:
    """Return an operation's constant."""
    return next(operation for operation in api.operations if operation.full_name == name)


def body(api: Api, find: str, status: str, order: object) -> str:
    """Return the example of a lookup with another status, and the id of an order."""
    written = WRITTEN[api.name]
    whole = api.response(named(api, find))
    named_id = re.sub(rf'("{written.id}":"?)[\w-]+', rf"\g<1>{order}", whole)
    return re.sub(rf'"{written.status}":("\w+"|\d+)', f'"{written.status}":{status}', named_id)


def plan(api: Api, mock: Mock, order: object) -> None:
    """Let an order be open at the first look, lost from sight at the second, and done at the third."""
    written = WRITTEN[api.name]
    first, last = written.finds[0], written.finds[-1]
    mock.answer(first, body(api, first, written.open, order), times=1)
    mock.fault(first, Fault.SERVER_ERROR, times=1)
    if first != last:
        hide(mock, first)
        hide(mock, last, times=1)
    mock.answer(last, body(api, last, written.done, order))


def hide(mock: Mock, find: str, times: int | None = None) -> None:
    """Let a lookup find nothing, as the exchange says that."""
    if find.startswith("order."):
        mock.fail(find, "220001", times=times)
    elif find.startswith("trade."):
        mock.answer(find, {"category": "linear", "list": []}, times=times)
    else:
        mock.answer(find, {"orderList": [], "maxId": None, "minId": None}, times=times)


def status_of(order: Any) -> object:
    """Return the status of an order."""
    return next(found for name in ("state", "status", "order_status") if (found := getattr(order, name, None)))


def order_id(order: Any) -> object:
    """Return the id of an order that was placed."""
    return order.order_id  # each API's own class


@pytest.mark.parametrize("api", APIS, ids=label)
def test_order_of_every_api_is_awaited(api: Api, mock: Mock) -> None:
    """The order is returned when it is done: not while it is open or filled in part, nor where it is not found."""
    written = WRITTEN[api.name]
    with client(api, mock) as caller:
        order = place(api, caller).data
        plan(api, mock, order_id(order))
        done: Any = caller.wait(order, named(api, written.maker), symbol=written.symbol, market=written.market)
    assert parse(written.done) == status_of(done)


@pytest.mark.parametrize("api", APIS, ids=label)
async def test_async_twin_awaits_alike(api: Api, mock: Mock) -> None:
    """The async twin returns the same, also for an id alone."""
    written = WRITTEN[api.name]
    async with async_client(api, mock) as caller:
        order = (await place(api, caller)).data
        plan(api, mock, order_id(order))
        symbol = written.symbol or getattr(order, "symbol", None)
        done: Any = await caller.wait(order_id(order), named(api, written.maker), symbol=symbol, market=written.market)
    assert parse(written.done) == status_of(done)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_order_that_stays_open_is_a_timeout(api: Api, mock: Mock) -> None:
    """When the time is up, the error says what the order was last."""
    written = WRITTEN[api.name]
    with client(api, mock) as caller:
        order = place(api, caller).data
        mock.answer(written.finds[0], body(api, written.finds[0], written.open, order_id(order)))
        with pytest.raises(TimeoutError, match=f"{order_id(order)} is still (open|filled and open|waiting)"):
            caller.wait(order, named(api, written.maker), symbol=written.symbol, market=written.market, timeout=0)


@pytest.mark.parametrize("api", [api for api in APIS if api.name == "bitget_margin"], ids=label)
def test_order_that_says_too_little_is_refused(api: Api, mock: Mock) -> None:
    """Where an order may lie on two shelves, or its symbol is missing, the error says what to give."""
    with client(api, mock) as caller:
        order = place(api, caller).data
        with pytest.raises(InvalidRequest, match=r"cross\.place_order or isolated\.place_order"):
            caller.wait(order)
        with pytest.raises(InvalidRequest, match="symbol"):
            caller.wait(order, named(api, "isolated.place_order"))
        with pytest.raises(InvalidRequest, match="no order"):
            caller.wait(object())


@pytest.mark.parametrize("api", [api for api in APIS if api.name == "aster_futures"], ids=label)
def test_status_that_nobody_knows_is_not_done(api: Api) -> None:
    """A status that the specification gives no meaning, or does not list, never ends a wait."""
    order = SimpleNamespace(order_id=7, status="NEW_ADL")
    wait = OrderWait(rule(api), 7, "BTCUSDT", 0)
    assert (True, False) == (wait.note(rule(api).finds[0], order), wait.is_done)
    order.status = "EXPIRED"
    assert (True, True) == (wait.note(rule(api).finds[0], order), wait.is_done)


@pytest.mark.parametrize("api", [api for api in APIS if api.name == "hibt_futures"], ids=label)
def test_order_that_is_known_by_the_callers_id_is_not_taken_for_another(api: Api) -> None:
    """Where an order has only the caller's id, what is found must have it, too: the whole of it, in any case."""
    kind = type("Order", (SimpleNamespace,), {})
    wait = OrderWait(rule(api), kind(id="", custom_id="Grid-1", symbol="btc_usdt"), None, 0)
    find = rule(api).finds[0]
    others = [kind(id="7", custom_id="grid-2", state=5), kind(id="8", custom_id="x-grid-1", state=5)]
    assert not wait.note(find, others)
    assert wait.note(find, [*others, kind(id="9", custom_id="grid-1", state=5)])


@pytest.mark.parametrize("api", [api for api in APIS if api.name == "bingx_swap"], ids=label)
def test_order_without_an_id_that_finds_it_is_refused(api: Api) -> None:
    """Where the exchange finds orders by its own id alone, an order that has only the caller's can't be awaited."""
    kind = type("Stranger", (SimpleNamespace,), {})
    known = replace(rule(api), structs={"Stranger": {"client_id": ("own",)}})
    with pytest.raises(InvalidRequest, match=r"no id by which trade\.get_order finds it"):
        OrderWait(known, kind(own="grid-1"), "BTC-USDT", 0)


async def test_push_of_an_order_ends_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the user stream is open, an order is looked at as soon as one is pushed."""
    monkeypatch.setattr(OrderWait, "pauses", lambda _: (0.0, 2 * PATIENCE))
    api = next(api for api in APIS if api.name == "aster_futures")
    written = WRITTEN[api.name]
    with Mock(api.name, remembers=False) as mock:
        mock.streams.examples = False
        async with in_time(), async_client(api, mock) as caller, caller.streams() as streams:
            await streams.subscribe(channels.Orders()).ready()
            order = (await place(api, caller)).data
            find = written.finds[0]
            mock.answer(find, body(api, find, written.open, order.order_id), times=1)
            mock.answer(find, body(api, find, written.done, order.order_id))
            done = asyncio.ensure_future(caller.wait(order))
            while not waits_for_pushes(streams):
                await asyncio.sleep(0)
            mock.streams.push(mock.streams.example("orders"))
            found: Any = await done
    assert "FILLED" == found.status


def waits_for_pushes(streams: Any) -> bool:
    """Whether somebody waits for what comes through streams."""
    return any(topic.watchers for supervisor in streams._pool for topic in supervisor.topics.values())


def rule(api: Api) -> Any:
    """Return the rule of an API with one shelf."""
    return api.client.PROFILE.trading().waits[0]


def test_pauses_grow_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks come often at first, then every two seconds: no exchange's limit is used up by a wait."""
    monkeypatch.setattr(waiting, "LONGEST", 2.0)
    api = next(api for api in APIS if api.name == "hibt_futures")
    wait = OrderWait(rule(api), "7", None, 0)
    pauses = [wait.pauses() for _ in range(30)]
    assert ((0.2, 0.2), (0.2, 2.0), sorted(pauses)) == (pauses[0], pauses[-1], pauses)
