"""Orders on a mock exchange that remembers: placed, listed, filled, canceled and lost, for every API alike."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import nullcontext
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.answers import is_refused_with
from tests.support.apis import APIS, Api
from tests.support.mocks import client
from tests.support.orders import OrderCall, order_calls, same_number
from tests.support.traders import BOTH, EACH, OWN, PLACES, OneMarket, Trader, each, trader
from venues import errors
from venues.core.client import SyncCore
from venues.core.trading import waiting
from venues.mock import Fault, Fill, Mock, NotSimulated, Order
from venues.mock.declared.api import load_api
from venues.mock.declared.things import Sent
from venues.mock.request.received import RequestRefused

IDENTIFIED = each(lambda place: place.operation.client_id is not None)
SIZED_IN_QUOTE = each(lambda place: any(sent.phrase == "value" for sent in place.declared.sent))
ENDING_AT_ONCE = each(lambda place: any(("ioc",) in sent.says.values() for sent in place.declared.sent))


@BOTH
@EACH
async def test_an_order_is_filled_by_the_price(api: Api, place: OrderCall, kind: str) -> None:
    """What was placed is open, as it was placed; the price fills a part, then all of it, and it is history."""
    async with trader(api, place, kind) as trading:
        order = await trading.order()
        shown = await trading.shown(order, "open", "all")
        assert shown
        for call, one in shown:
            assert call.status(one) in {("open",), ()}, call.name
            for meaning in {"price", "quantity"} & one.keys():
                assert same_number(one[meaning], OWN[meaning]), call.name
        market = trading.mock.market(order.symbol)
        assert [] == market.price("60000.1")
        assert [(Decimal(2), Decimal(60000))] == [(f.quantity, f.price) for f in market.trade("60000", "2")]
        assert {("open", "filled"), ()} >= {call.status(one) for call, one in await trading.shown(order, "open", "all")}
        assert [Decimal(3)] == [fill.quantity for fill in market.price("59000")]
        assert [("filled", Decimal(5), Decimal(300000))] == [
            (o.status, o.filled, o.filled_value) for o in trading.mock.orders
        ]
        assert {("filled",)} == {call.status(one) for call, one in await trading.shown(order, "closed", "all")}
        assert [Decimal(2), Decimal(3)] == [fill.quantity for fill in trading.mock.fills]


@BOTH
@EACH
async def test_a_canceled_order_is_gone(api: Api, place: OrderCall, kind: str) -> None:
    """After cancel it is not open, its history says canceled, no price fills it, and to cancel it again is refused."""
    with _fails_without_a_code(api):
        async with trader(api, place, kind) as trading:
            order = await trading.order()
            await trading.cancel(order)
            for call in trading.calls("list", "open"):
                assert [] == call.orders_in(await trading.call(call, **call.arguments(symbol=order.symbol)))
            assert {("cancelled",)} == {call.status(one) for call, one in await trading.shown(order, "closed", "all")}
            assert [] == trading.mock.market(order.symbol).price("1")
            with pytest.raises(errors.ApiError) as refused:
                await trading.cancel(order)
            cancel = trading.calls("cancel")[0].declared
            assert refused.value.code == (cancel.absent or place.spec.failures.get("wrong_param", "400"))
            assert "cancelled" == trading.mock.orders[0].status


def _fails_without_a_code(api: Api) -> Any:
    """Expect that the test fails where the exchange documents no code for an order that is not there."""
    known = all(call.declared.absent for call in order_calls(api, "cancel"))
    return nullcontext() if known else pytest.raises(NotSimulated, match="no code for an order that is not there")


@BOTH
@IDENTIFIED
async def test_a_lost_answer_is_reconciled(api: Api, place: OrderCall, kind: str) -> None:
    """An order whose answer was lost is found, with the id that the exchange gave it."""
    async with trader(api, place, kind) as trading:
        trading.mock.fault(place.name, Fault.AFTER)
        with pytest.raises(errors.ExecutionUnknown) as lost:
            await trading.order()
        outcome = await trading.reconcile(lost.value)
        assert outcome.executed is True, outcome.evidence
        assert str(trading.mock.orders[0].id) in repr(outcome.found)


@EACH
async def test_cancel_all_cancels_what_is_open(api: Api, place: OrderCall) -> None:
    """Of a filled and two open orders, cancel all ends the two."""
    async with trader(api, place) as trading:
        for each, price in enumerate(("60000", "50000", "40000")):
            await trading.order(client_id=f"mine-{each}", price=price)
        symbol = trading.mock.orders[0].symbol
        trading.mock.market(symbol).price("55000")
        for call in trading.calls("cancel_all"):
            if any(sent.phrase == "after" for sent in call.declared.sent):
                continue  # that cancels later
            await trading.call(call, **call.arguments(symbol=symbol))
            assert ["filled", "cancelled", "cancelled"] == [order.status for order in trading.mock.orders]


@EACH
async def test_an_order_that_crosses_is_filled_at_once(api: Api, place: OrderCall) -> None:
    """A limit order that the market has reached is filled at the market's price, as taker."""
    async with trader(api, place) as trading:
        trading.mock.market(place.example["symbol"]).price("59000")
        order = await trading.order()
        assert ("filled", Decimal(59000)) == (order.status, order.average_price)
        assert [False] == [fill.maker for fill in trading.mock.fills]


@EACH
async def test_a_market_order_needs_a_price(api: Api, place: OrderCall) -> None:
    """It is filled at the price that the test set; without one nothing is guessed, and the test fails."""
    async with trader(api, place) as trading:
        trading.mock.market(place.example["symbol"]).price("59000")
        order = await trading.order("sell", "market", price="0")
        assert ("filled", Decimal(59000)) == (order.status, order.average_price)
    mock = Mock(api.name).start()
    with client(api, mock) as caller, pytest.raises(errors.ApiError):
        caller.call(place.operation, **place.arguments("sell", "market", **{**OWN, "price": "0"}))
    assert [] == mock.orders
    with pytest.raises(NotSimulated, match=r"call mock.market\(.*\).price\(…\) first"):
        mock.stop()


@SIZED_IN_QUOTE
async def test_a_size_in_the_quote_asset(api: Api, place: OrderCall) -> None:
    """A market buy that is sized in the quote asset buys for so much, in 8 digits."""
    async with trader(api, place) as trading:
        trading.mock.market(place.example["symbol"]).price("60000")
        order = await trading.order("buy", "market", price="0", quantity=None, value="100")
        assert ("filled", Decimal("0.00166666")) == (order.status, order.filled)


@ENDING_AT_ONCE
async def test_immediate_or_cancel_does_not_stay(api: Api, place: OrderCall) -> None:
    """An IOC order that the market has not reached is over at once, without a fill, and so the exchange shows it."""
    async with trader(api, place) as trading:
        order = await trading.order(kind="ioc")
        assert ("expired", []) == (order.status, trading.mock.fills)
        shown = await trading.shown(order, "closed", "all")
        assert {call.status(one) for call, one in shown} <= {("expired",), ("cancelled",)}


@EACH
async def test_a_client_id_is_unique_for_as_long_as_documented(api: Api, place: OrderCall) -> None:
    """A second order with the id of an open one gets the exchange's code, where it is documented to have one."""
    async with trader(api, place) as trading:
        order = await trading.order()
        if place.declared.unique is None:
            await trading.order()
            return
        with pytest.raises(errors.ApiError) as refused:
            await trading.order()
        assert is_refused_with(refused.value, place.declared.duplicate)
        assert [order] == trading.mock.orders


@EACH
async def test_wait_returns_the_filled_order(api: Api, place: OrderCall, monkeypatch: pytest.MonkeyPatch) -> None:
    """`client.wait` asks for the order, and returns it once the price has filled it."""
    monkeypatch.setattr(waiting, "LONGEST", 0.001)
    async with trader(api, place) as trading:
        order = await trading.order()
        trading.mock.market(order.symbol).price("1")
        done = trading.wait(order)
        assert str(order.id) in repr(done)


@EACH
async def test_pages_end(api: Api, place: OrderCall) -> None:
    """Read page by page, each order is returned once, and there is an end."""
    async with trader(api, place) as trading:
        orders = [await trading.order(client_id=f"mine-{each}") for each in range(5)]
        for call in trading.calls("list", "open"):
            shows_each_once(trading, call, orders)
        trading.mock.market(orders[0].symbol).price("1")
        for call in trading.calls("list", "closed", "all"):
            shows_each_once(trading, call, orders)


def let_pass(moment: int) -> None:
    """Wait until a moment lies two milliseconds back: lists end there, for some exchanges reject an end in the future."""
    while time.time_ns() // 1_000_000 <= moment + 2:
        pass


def shows_each_once(trading: Trader, call: OrderCall, orders: list[Order]) -> None:
    """Read a list to its end, if it has pages, and expect each order once."""
    if call.declared.paging is None or call.declared.paging.limit is None:
        return
    before = len(trading.mock.requests)
    let_pass(max(order.changed_at for order in trading.mock.orders))
    found = trading.every(call, order=orders[0])
    # A client that gets the same page again and again asks for a larger one in the end.
    sizes = {str(request.arguments[call.declared.paging.limit]) for request in trading.mock.requests[before:]}
    assert {"2"} == sizes, call.name
    assert len(orders) == len(found), call.name
    assert all(sum(str(order.id) in one for one in found) == 1 for order in orders), call.name


@EACH
async def test_ids_are_the_exchanges_own(api: Api, place: OrderCall) -> None:
    """Each order has another id, and none is that of an example."""
    async with trader(api, place) as trading:
        orders = [await trading.order(client_id=f"mine-{each}") for each in range(3)]
        assert 3 == len({order.id for order in orders})
        assert not any(str(order.id) in api.response(place.operation) for order in orders)


MOVES = st.lists(st.tuples(st.sampled_from(["buy", "sell", "cancel", "price"]), st.integers(1, 9)), max_size=12)


@pytest.fixture(scope="module", params=PLACES, ids=lambda value: value[1].label)
def kept(request: pytest.FixtureRequest) -> Iterator[tuple[Api, OrderCall, Mock, SyncCore]]:
    """A mock exchange that remembers, and its client."""
    api, place = request.param
    with OneMarket(api.name, place) as mock, client(api, mock) as caller:
        yield api, place, mock, caller


@settings(max_examples=15)
@given(moves=MOVES)
def test_what_is_listed_is_what_was_placed(
    kept: tuple[Api, OrderCall, Mock, SyncCore], moves: list[tuple[str, int]]
) -> None:
    """Whatever is placed, canceled and filled, in any order: each order is in the lists once, where it belongs."""
    api, place, mock, caller = kept
    mock.forget()
    symbol = place.example["symbol"]
    for index, (move, number) in enumerate(moves):
        if move == "price":
            mock.market(symbol).price(number)
        elif move == "cancel":
            cancel_one(api, place, mock, caller, number)
        else:
            sent = place.arguments(move, price=str(number), quantity="5", client_id=f"mine-{index}")
            caller.call(place.operation, **sent)
    placed = [move for move, _ in moves if move in ("buy", "sell")]
    assert placed == [order.side for order in mock.orders]
    for call in order_calls(api, "list"):
        if call.shelf == place.shelf:
            listed = call.orders_in(caller.call(call.operation, **call.arguments(symbol=symbol)).body)
            assert sorted(order["id"] for order in listed) == sorted(expected_ids(mock, call))


def cancel_one(api: Api, place: OrderCall, mock: Mock, caller: SyncCore, number: int) -> None:
    """Cancel one of the open orders, if there is any."""
    still_open = [order for order in mock.orders if order.status == "open"]
    if still_open:
        order = still_open[number % len(still_open)]
        cancel = next(c for c in order_calls(api, "cancel") if c.shelf == place.shelf)
        caller.call(cancel.operation, **cancel.arguments(id=str(order.id), symbol=order.symbol))


def expected_ids(mock: Mock, call: OrderCall) -> list[str]:
    """Return the ids that a list must have."""
    wanted = {"open": ("open",), "closed": ("filled", "cancelled", "expired")}.get(call.declared.of)
    return [str(order.id) for order in mock.orders if wanted is None or order.status in wanted]


def test_what_plays_back_remembers_nothing() -> None:
    """With `remembers=False` examples are played back, and there are no orders to be asked for; else orders live."""
    mock = Mock(APIS[0].name, remembers=False)
    assert {"plays back"} == set(mock.simulates.values())
    with pytest.raises(ValueError, match="remembers=False"):
        _ = mock.orders
    assert [] == Mock(APIS[0].name).orders


@EACH
def test_the_test_is_told_what_is_simulated(api: Api, place: OrderCall) -> None:
    """Calls about orders say that they remember, and nothing else does; what is made up is named."""
    mock = Mock(api.name)
    assert "remembers" == mock.simulates[place.name]
    assert set(mock.made_up) <= {name for name, how in mock.simulates.items() if how == "remembers"}


def test_what_is_not_simulated_fails_the_test() -> None:
    """An order whose meaning is not known is refused and not made, and the test fails with its name."""
    api, place, name, value = next(found for a, p in PLACES for found in unmeant(a, p))
    mock = Mock(api.name).start()
    with client(api, mock) as caller, pytest.raises(errors.ApiError):
        caller.call(place.operation, **place.arguments(**OWN), **{name: value})
    assert ([], 0) == (mock.orders, mock.count())
    with pytest.raises(NotSimulated, match=f"{place.name} .*={value}"):
        mock.stop()


def unmeant(api: Api, place: OrderCall) -> Iterator[tuple[Api, OrderCall, str, str]]:
    """Yield parameters of orders, with a value that nobody knows the meaning of."""
    declared = place.spec
    params = {param.wire: param for param in declared.by_name[place.name].params}
    for sent in place.declared.sent:
        values = declared.enums.get(params[sent.wire].type.name, ())
        if not sent.harmless and not sent.phrase and values and not params[sent.wire].required:
            name = place.operation.by_wire[sent.wire].name
            yield from ((api, place, name, value) for value in values if value not in (*sent.says, sent.default))


def test_a_mistyped_symbol_has_no_market() -> None:
    """A price for a symbol that the exchange does not have is refused: it would fill nothing, and the test would wait."""
    mock = Mock(APIS[0].name)
    with pytest.raises(ValueError, match="no symbol 'BTC-usd'"):
        mock.market("BTC-usd")
    mock.any_symbol = True
    assert [] == mock.market("BTC-usd").price("1")


def test_prices_are_exact() -> None:
    """A float is refused as a price: it is not what was written."""
    market = Mock(APIS[0].name).market("BTCUSDT")
    with pytest.raises(TypeError, match=r"write '0\.1'"):
        market.price(0.1)  # type: ignore[arg-type]  # that is the mistake
    with pytest.raises(ValueError, match="not more than 0"):
        market.trade("1", "0")


@EACH
async def test_the_journal_tells_what_happens_in_order(api: Api, place: OrderCall) -> None:
    """A listener gets the new order, then the fill, then the order that it changed; after `forget`, it still listens."""
    async with trader(api, place) as trading:
        heard: list[object] = []
        stop = trading.mock.journal.subscribe(heard.append)
        order = await trading.order()
        trading.mock.market(order.symbol).price("1")
        assert [order, *trading.mock.fills, *trading.mock.orders] == [e for e in heard if isinstance(e, (Order, Fill))]
        trading.mock.forget()
        await trading.order()
        stop()
        count = len(heard)
        await trading.cancel(trading.mock.orders[0])
        assert count == len(heard)


@EACH
def test_an_order_for_nothing_is_refused_for_that(api: Api, place: OrderCall) -> None:
    """A size of 0, which not every client keeps back, is refused as too little; it is not called missing."""
    mock = OneMarket(api.name, place)
    mock.market(place.example["symbol"]).price("61000")
    quantity = next(sent.wire for sent in place.declared.sent if "quantity" in (sent.phrase, *_cases(sent)))
    mock.any_symbol = True
    arguments = {place.operation.by_name[name].wire: value for name, value in place.arguments(**OWN).items()}
    books = mock._kept()
    with pytest.raises((RequestRefused, NotSimulated), match=r"its size is 0|quantity 0 is less than"):
        books.carry_out(load_api(api.name).by_name[place.name], {**arguments, quantity: "0"}, mock.now())
    assert [] == mock.orders


def _cases(sent: Sent) -> list[str]:
    return [case.phrase for case in sent.cases]
