"""One day of trading on a mock exchange that remembers: the same for every API that places orders, sync and async."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.apis import Api
from tests.support.orders import OrderCall, order_calls
from tests.support.owner import Owner, has_contracts
from tests.support.pushes import carried_by, channels_of, things_in
from tests.support.streams import streams
from tests.support.traders import BOTH, EACH, Trader, trader
from venues import errors
from venues.mock import Fault, Mock, Order

RICH = Decimal(1_000_000)
Told = Callable[[], Awaitable[dict[str, Any]]]
"""Returns the next order that a channel tells, by what its members mean."""


@BOTH
@EACH
async def test_a_day_of_trading(api: Api, place: OrderCall, kind: str, tmp_path: Path) -> None:
    """Deposit, place, fill a part, amend, cancel, history, fills, balance; after a restart a batch and a lost answer."""
    state, symbol = tmp_path / "state.jsonl", next(iter(place.spec.instruments))
    async with trader(api, place, kind, state=state) as trading, followed(trading, symbol) as told:
        owner = Owner(trading, symbol)
        owner.deposit(owner.quote, str(RICH))
        instrument = await trading.instrument(symbol)
        assert 0 == Decimal(60_000) % instrument.tick
        assert 0 == 5 % instrument.step

        order = await trading.order(symbol=symbol)
        await shows(trading, order, ("open",), "open", "all")
        assert 1 == len(trading.mock.market(symbol).trade("60000", "2"))
        await shows(trading, order, ("open", "filled"), "open", "all")
        await amended(trading, order)
        await trading.cancel(order)
        await shows(trading, order, ("cancelled", "filled"), "closed", "all")
        assert [("cancelled", 2)] == [(each.status, int(each.filled)) for each in trading.mock.orders]
        await tells(told, order)

        assert_balance(owner)
        for one in await owner.shown("fill"):
            assert [60_000, 2] == [Decimal(one["price"]), Decimal(one["quantity"])]
        kept = await trading.order(symbol=symbol, client_id="kept-1", price="50000", quantity="1")
        morning = everything(trading.mock)

    async with trader(api, place, kind, state=state) as trading:
        assert morning == everything(trading.mock)
        await shows(trading, order, ("cancelled", "filled"), "closed", "all")
        await shows(trading, kept, ("open",), "open", "all")
        await trading.cancel(kept)
        await batch(trading, symbol)
        if place.operation.client_id is not None:
            await lost(trading, symbol)


def everything(mock: Mock) -> tuple[object, ...]:
    """Return what outlives a restart."""
    return (mock.orders, mock.fills, mock.account.balances, mock.account.positions, mock.account.ledger)


@asynccontextmanager
async def followed(trading: Trader, symbol: str) -> AsyncIterator[Told | None]:
    """Follow the orders by the channel of their shelf; None where there is no such channel."""
    channels = [(channel, form) for own, channel, form in channels_of("order") if own is trading.api]
    shelf = trading.place.declared.shelf
    found = next((pair for pair in channels if (own := carried_by(pair[0])) and own.shelf == shelf), None)
    if found is None:
        yield None
        return
    channel, form = found
    kind: Any = type(channel)
    about = {"symbol": symbol} if "symbol" in channel._given else {}
    async with streams(trading.api, trading.mock) as opened:
        subscription = await opened.subscribe(kind(**(channel._given | about))).ready()

        async def told() -> dict[str, Any]:
            (order,) = things_in(await anext(subscription), form)
            return order

        yield told


async def tells(told: Told | None, order: Order) -> None:
    """Expect that a channel told of the new order, of its fill, perhaps of its change, and of its end."""
    statuses: list[tuple[str, ...]] = []
    while told is not None and (not statuses or "cancelled" not in statuses[-1]):
        one = await told()
        assert str(order.id) == one["id"]
        statuses.append(one["status"])
    assert statuses[:2] in ([], [("open",), ("open", "filled")], [("open",), ("open",)]), statuses


async def shows(trading: Trader, order: Order, status: tuple[str, ...], *of: str) -> None:
    """Expect that every call which gets or lists such orders shows this status, or says less."""
    shown = await trading.shown(order, *of)
    assert shown
    for call, one in shown:
        assert call.status(one) in {status, status[:1], ()}, call.name


async def amended(trading: Trader, order: Order) -> None:
    """Change the price, where there is a call for that."""
    for call in trading.calls("amend"):
        if not any(sent.phrase == "price" for sent in call.declared.sent):
            continue  # it changes sizes only
        await trading.call(call, **call.arguments(id=str(order.id), symbol=order.symbol, price="59000", quantity="5"))
        assert Decimal(59_000) == trading.mock.orders[0].price


def assert_balance(owner: Owner) -> None:
    """Expect what one fill of 2 at 60000 leaves, to the last digit."""
    fees = owner.trading.place.spec.trading.fees
    assert fees is not None
    quote, base = owner.balance(owner.quote), owner.balance(owner.base)
    if has_contracts(owner.trading.place):
        assert quote.quantity == RICH - 120_000 * fees.maker
    else:
        assert (quote.quantity, base.quantity) == (RICH - 120_000, 2 * (1 - fees.maker))
    assert 0 == quote.locked


async def batch(trading: Trader, symbol: str) -> None:
    """Place two orders at once, of which one is too large for what the account has."""
    shelf = trading.place.declared.shelf
    for call in order_calls(trading.api, "place", batch=True):
        if call.declared.shelf == shelf:
            good = {"side": "buy", "price": "50000", "quantity": "1", "symbol": symbol}
            orders = [good | {"client_id": "batch-1"}, good | {"client_id": "batch-2", "quantity": "400"}]
            before = len(trading.mock.orders)
            await trading.call(call, **call.batch(orders))
            # 400 cost more than there is, even with leverage 10; some borrow 20 times as much.
            assert ["batch-1"] == [each.client_id for each in trading.mock.orders[before:]][:1]


async def lost(trading: Trader, symbol: str) -> None:
    """Lose an answer, and find the order again."""
    trading.mock.fault(trading.place.name, Fault.AFTER)
    with pytest.raises(errors.ExecutionUnknown) as unknown:
        await trading.order(symbol=symbol, client_id="lost-1", price="50000", quantity="1")
    outcome = await trading.reconcile(unknown.value)
    assert outcome.executed is True, outcome.evidence
    assert str(trading.mock.orders[-1].id) in repr(outcome.found)
