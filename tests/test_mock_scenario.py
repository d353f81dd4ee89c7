"""One day of trading on a mock exchange that remembers: the same for every API that places orders, sync and async."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.apis import Api
from tests.support.orders import OrderCall, order_calls
from tests.support.owner import Owner, has_contracts
from tests.support.traders import BOTH, EACH, Trader, trader
from venues import errors
from venues.mock import Fault, Order

RICH = Decimal(1_000_000)


@BOTH
@EACH
async def test_a_day_of_trading(api: Api, place: OrderCall, kind: str) -> None:
    """Deposit, instrument, place, fill a part, amend, cancel, history, fills, balance, a batch, and a lost answer."""
    async with trader(api, place, kind) as trading:
        symbol = next(iter(place.spec.instruments))
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

        assert_balance(owner)
        for one in await owner.shown("fill"):
            assert [60_000, 2] == [Decimal(one["price"]), Decimal(one["quantity"])]
        await batch(trading, symbol)
        if place.operation.client_id is not None:
            await lost(trading, symbol)


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
