"""Money on a mock exchange that remembers: balances, positions, fees, limits, books, stops; nothing is made or lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.answers import is_refused_with
from tests.support.apis import APIS, Api
from tests.support.mocks import client
from tests.support.orders import OrderCall
from tests.support.owner import Owner, has_contracts
from tests.support.traders import EACH, PLACES, OneMarket, Trader, each, label, trader
from venues import errors
from venues.core.client import SyncCore
from venues.mock import Mock, Order
from venues.mock.declared.api import load_api

RICH = "1000000"


@EACH
async def test_money_is_locked_spent_and_received(api: Api, place: OrderCall) -> None:
    """An open order locks what it needs; filled, it pays its fee; canceled, all is free again."""
    async with trader(api, place) as trading:
        owner = Owner(trading)
        owner.deposit(owner.quote, RICH)
        order = await trading.order()
        locked = owner.balance(owner.quote).locked
        leverage = Decimal(order.said.get("leverage", place.spec.trading.leverage))
        assert locked == (Decimal(300_000) / leverage if has_contracts(place) else Decimal(300_000))
        await trading.cancel(order)
        assert (Decimal(RICH), Decimal(0)) == (owner.balance(owner.quote).available, owner.balance(owner.quote).locked)
        order = await trading.order(client_id="mine-2")
        trading.mock.market(order.symbol).price("60000")
        fill = trading.mock.fills[0]
        fees = place.spec.trading.fees
        assert fees is not None
        if has_contracts(place):
            assert owner.balance(owner.quote).quantity == Decimal(RICH) - fill.fee
            assert fill.fee == Decimal(300_000) * fees.maker
            assert owner.balance(owner.quote).margin == Decimal(300_000) / leverage
        else:
            assert owner.balance(owner.quote).quantity == Decimal(RICH) - 300_000
            assert owner.balance(owner.base).quantity == 5 - fill.fee == 5 * (1 - fees.maker)
        assert 0 == owner.balance(owner.quote).locked


@EACH
async def test_balances_are_shown(api: Api, place: OrderCall) -> None:
    """What the exchange answers for balances is what the test has deposited, less what was locked."""
    async with trader(api, place) as trading:
        owner = Owner(trading)
        owner.deposit(owner.quote, RICH)
        await trading.order()
        shown = [one for one in await owner.shown("balance") if one["coin"].upper() == owner.quote]
        assert shown
        for one in shown:
            # Some exchanges show no total, only its two parts.
            parts = [Decimal(one[part]) for part in ("available", "open quantity") if part in one]
            assert Decimal(one.get("quantity") or sum(parts)) == Decimal(RICH)
            assert Decimal(one.get("available", RICH)) in (Decimal(RICH), owner.balance(owner.quote).available)


@EACH
async def test_fills_are_shown(api: Api, place: OrderCall) -> None:
    """A list of fills has the fill of the order, with its price, its size and its fee."""
    async with trader(api, place) as trading:
        owner = Owner(trading)
        order = await trading.order()
        trading.mock.market(order.symbol).price("60000")
        for one in await owner.shown("fill"):
            assert str(order.id) == one["order.id"]
            assert [5, 60000] == [Decimal(one["quantity"]), Decimal(one["price"])]
            assert trading.mock.fills[0].fee == Decimal(one["fee"])


CONTRACTS = [(api, place) for api, place in PLACES if has_contracts(place)]
EACH_CONTRACT = pytest.mark.parametrize(("api", "place"), CONTRACTS, ids=label)


@EACH_CONTRACT
async def test_a_position_is_opened_shown_and_reduced(api: Api, place: OrderCall) -> None:
    """A buy opens a long position at its price; the market moves its profit; a sell that reduces it realizes a part."""
    async with trader(api, place) as trading:
        owner = Owner(trading)
        owner.deposit(owner.quote, RICH)
        trading.mock.market(owner.symbol).price("60000")
        await trading.order()
        trading.mock.market(owner.symbol).price("61000")
        for one in await owner.shown("position"):
            assert [5, 60000] == [Decimal(one["quantity"]), Decimal(one["price"])]
            assert Decimal(one["open profit"]) == 5000
        if not any(("reduce_only",) in sent.says.values() for sent in place.declared.sent):
            return
        await trading.order("sell", "reduce_only", reduce_only=True, client_id="mine-2", quantity="2", price="61000")
        assert [3] == [position.quantity for position in trading.mock.account.positions]
        assert [2000, 3000] == [owner.balance(owner.quote).profit, owner.balance(owner.quote).open_profit]


@EACH
async def test_an_order_without_money_is_refused(api: Api, place: OrderCall) -> None:
    """Once there was a deposit, an order that costs more gets the exchange's code, and is not made."""
    failures = place.spec
    async with trader(api, place, strict=False) as trading:
        owner = Owner(trading)
        owner.deposit(owner.quote, "1")
        with pytest.raises(errors.ApiError) as refused:
            await trading.order()
        assert [] == trading.mock.orders
        if failures.failures.get("insufficient_balance"):
            assert is_refused_with(refused.value, failures.failures["insufficient_balance"])
            assert isinstance(refused.value, errors.InsufficientBalance)


Facts = dict[str, str]
BROKEN: dict[str, Callable[[Facts], Facts]] = {
    "off_tick": lambda facts: {"price": str(Decimal(60000) + Decimal(facts["step price"]) / 2)},
    "off_step": lambda facts: {"quantity": str(5 + Decimal(facts["step quantity"]) / 2)},
    "quantity_too_low": lambda facts: {"quantity": str(Decimal(facts["min quantity"]) / 2)},
    "quantity_too_high": lambda facts: {"quantity": str(Decimal(facts["max quantity"]) * 2)},
    "price_too_high": lambda facts: {"price": str(Decimal(facts["max price"]) * 2)},
    "value_too_low": lambda facts: {"price": "1", "quantity": facts.get("min quantity", facts["step quantity"])},
}


def broken() -> Iterator[tuple[Api, OrderCall, str, dict[str, str]]]:
    """Yield the limits that an API has a code for, and an order that breaks each."""
    for api, place in PLACES:
        declared = place.spec
        for failure, sent in BROKEN.items():
            for facts in declared.instruments.values():
                try:
                    meant = sent(facts) | {"symbol": facts["symbol"]}
                except KeyError:
                    continue
                if failure in declared.failures:
                    yield api, place, failure, meant
                    break


@pytest.mark.parametrize(("api", "place", "failure", "meant"), [*broken()], ids=label)
async def test_a_limit_that_is_broken(api: Api, place: OrderCall, failure: str, meant: dict[str, str]) -> None:
    """An order that does not fit its instrument gets the exchange's code for that, and is not made."""
    async with trader(api, place) as trading:
        with pytest.raises(errors.ApiError) as refused:
            await trading.order(**meant)
        assert is_refused_with(refused.value, place.spec.failures[failure])
        assert [] == trading.mock.orders


@EACH
async def test_a_book_ends(api: Api, place: OrderCall) -> None:
    """An order takes what the book has within its price, the best level first, and waits with the rest."""
    async with trader(api, place) as trading:
        market = trading.mock.market(place.example["symbol"])
        market.book(bids=[("58000", "9")], asks=[("60000", "1"), ("59000", "2"), ("60001", "9")])
        order = await trading.order()
        assert [("59000", "2"), ("60000", "1")] == [(str(f.price), str(f.quantity)) for f in trading.mock.fills]
        assert ("open", Decimal(2)) == (order.status, order.open_quantity)
        market.book(asks=[("59500", "1")])
        assert (Decimal(60000), True) == (trading.mock.fills[-1].price, trading.mock.fills[-1].maker)
        assert 1 == trading.mock.orders[0].open_quantity


@each(lambda place: any(("fok",) in sent.says.values() for sent in place.declared.sent))
async def test_fill_or_kill(api: Api, place: OrderCall) -> None:
    """A FOK order is filled whole by a deep book, and not at all by a shallow one."""
    async with trader(api, place) as trading:
        market = trading.mock.market(place.example["symbol"])
        market.book(asks=[("60000", "4")])
        assert ("expired", Decimal(0)) == _end(await trading.order(kind="fok"))
        market.book(asks=[("59000", "4"), ("60000", "1")])
        assert ("filled", Decimal(5)) == _end(await trading.order(kind="fok", client_id="mine-2"))


def _end(order: Order) -> tuple[str, Decimal]:
    return order.status, order.filled


@EACH
async def test_public_calls_tell_the_market(api: Api, place: OrderCall) -> None:
    """Tickers, trades, books and klines show what the test lets happen in the market."""
    async with trader(api, place) as trading:
        owner = Owner(trading)
        market = trading.mock.market(owner.symbol)
        market.trade("59000", "3")
        market.trade("60000", "2")
        owner._where["wallet"] = ""
        for one in await owner.shown("ticker"):
            assert {Decimal(one[phrase]) for phrase in ("price", "market price") if phrase in one} <= {Decimal(60000)}
        trades = await owner.shown("trade")
        assert {(59000, 3), (60000, 2)} >= {(Decimal(one["price"]), Decimal(one["quantity"])) for one in trades}
        for one in await owner.shown("candle", step="1m"):
            assert Decimal(60000) == Decimal(one["close price"])


ORDERS = st.tuples(st.sampled_from(["buy", "sell"]), st.integers(20_000, 90_000), st.integers(1, 9))
MOVES = st.lists(
    st.one_of(ORDERS, st.tuples(st.sampled_from(["price", "trade"]), st.integers(20_000, 90_000), st.integers(1, 9))),
    max_size=14,
)


@pytest.fixture(scope="module", params=PLACES, ids=lambda value: value[1].label)
def kept(request: pytest.FixtureRequest) -> Iterator[tuple[Api, OrderCall, Mock, SyncCore]]:
    """A mock exchange that remembers, and its client."""
    api, place = request.param
    with OneMarket(api.name, place) as mock, client(api, mock) as caller:
        yield api, place, mock, caller


@settings(max_examples=20)
@given(moves=MOVES)
def test_money_is_neither_made_nor_lost(
    kept: tuple[Api, OrderCall, Mock, SyncCore], moves: list[tuple[str, int, int]]
) -> None:
    """Whatever is ordered and whatever the prices: money is what was deposited, traded and paid in fees, to the digit."""
    api, place, mock, caller = kept
    mock.forget()
    owner = Owner(Trader(api, place, mock, caller))
    owner.deposit(owner.quote, RICH)
    for index, (move, price, quantity) in enumerate(moves):
        if move == "price":
            mock.market(owner.symbol).price(price)
        elif move == "trade":
            mock.market(owner.symbol).trade(price, quantity)
        else:
            sent: dict[str, Any] = place.arguments(
                move, price=str(price), quantity=str(quantity), client_id=f"mine-{index}"
            )
            try:
                caller.call(place.operation, **sent)
            except errors.ApiError:
                mock._error = None  # no code for an empty balance is documented: it was refused all the same
    bought = sum((f.quantity if f.side == "buy" else -f.quantity for f in mock.fills), Decimal(0))
    paid = sum((f.price * f.quantity * (1 if f.side == "buy" else -1) for f in mock.fills), Decimal(0))
    fees = {
        coin: sum((f.fee for f in mock.fills if f.fee_coin == coin), Decimal(0)) for coin in (owner.base, owner.quote)
    }
    base, quote = owner.balance(owner.base), owner.balance(owner.quote)
    if has_contracts(place):
        held = sum((p.quantity if p.side == "buy" else -p.quantity for p in mock.account.positions), Decimal(0))
        cost = sum((p.cost if p.side == "buy" else -p.cost for p in mock.account.positions), Decimal(0))
        assert (bought, Decimal(RICH) - paid - fees[owner.quote]) == (held, quote.quantity - cost)
        assert quote.open_profit == sum((p.open_profit for p in mock.account.positions), Decimal(0))
        assert quote.margin == sum((p.margin for p in mock.account.positions), Decimal(0))
    else:
        assert bought - fees[owner.base] == base.quantity
        assert Decimal(RICH) - paid - fees[owner.quote] == quote.quantity
    waiting = [order for order in mock.orders if order.status == "open"]
    assert {quote.locked + (base.locked if base.coin != quote.coin else 0)} == {
        sum((order.held * order.open_quantity for order in waiting), Decimal(0))
    }
    assert quote.quantity == sum(
        (entry.quantity for entry in mock.account.ledger if entry.coin == owner.quote), Decimal(0)
    )


def test_two_wallets_must_be_told_apart() -> None:
    """Where an exchange has several accounts, a deposit says into which; a float is refused."""
    api = next(api for api in APIS if len(load_api(api.name).wallets) > 1)
    account = Mock(api.name).account
    with pytest.raises(ValueError, match="say which account"):
        account.deposit("USDT", "1")
    with pytest.raises(TypeError):
        account.deposit("USDT", 0.1, wallet=next(iter(load_api(api.name).wallets)))  # type: ignore[arg-type]  # the mistake


@EACH_CONTRACT
async def test_funding_is_paid_by_one_side_and_received_by_the_other(api: Api, place: OrderCall) -> None:
    """A long position pays the rate on its value at the market's price, and receives it below 0; the ledger says so."""
    async with trader(api, place) as trading:
        owner = Owner(trading)
        owner.deposit(owner.quote, "1000000")
        market = trading.mock.market(owner.symbol)
        assert Decimal(0) == market.fund("0.0001")
        market.price("60000")
        await trading.order(price="60000", quantity="5")
        market.price("61000")
        before = owner.balance(owner.quote).quantity
        (position,) = trading.mock.account.positions
        due = 61_000 * 5 * position.worth * Decimal("0.0001")
        assert (-due, before - due) == (market.fund("0.0001"), owner.balance(owner.quote).quantity)
        assert (due, before) == (market.fund("-0.0001"), owner.balance(owner.quote).quantity)
        assert [-due, due] == [entry.quantity for entry in trading.mock.account.ledger if entry.kind == "funding"]
    with pytest.raises(TypeError, match=r"write '0\.1'"):
        market.fund(0.1)  # type: ignore[arg-type]  # that is the mistake
