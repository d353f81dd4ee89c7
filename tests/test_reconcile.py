"""What reconcile says of a lost call, and what it takes as evidence."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from venues import errors
from venues.aster_futures import AsterFutures, AsyncAsterFutures, operations
from venues.bitget_margin import BitgetMargin
from venues.core.outcome.comparing import agree
from venues.core.request.messages import Reply, Request
from venues.hibt_futures import HibtFutures
from venues.outcome import Outcome
from venues.retry import NEVER
from venues.sixmm import SixMM
from venues.sixmm.operations import ORDER_PLACE_ORDER

NOW = 1_795_132_800_000
ORDER: dict[str, Any] = {
    "clientOrderId": "grid-1", "cumQuote": "0", "executedQty": "0", "orderId": 111, "avgPrice": "0", "origQty": "0.5",
    "price": "60000", "reduceOnly": False, "side": "BUY", "positionSide": "BOTH", "status": "NEW", "stopPrice": "0",
    "closePosition": False, "symbol": "BTCUSDT", "timeInForce": "GTC", "type": "LIMIT", "origType": "LIMIT",
    "updateTime": NOW, "workingType": "CONTRACT_PRICE", "priceProtect": False, "time": NOW,
}  # fmt: skip
ABSENT = Reply(400, {}, b'{"code":-2013,"msg":"Order does not exist."}')
Answer = Callable[[Request], Reply]


class Losing:
    """Loses every answer to a POST, and answers lookups as a test says."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.sent: list[Request] = []

    def send(self, request: Request, timeout: float) -> Reply:
        self.sent.append(request)
        if request.method == "POST":
            raise errors.RequestTimeout("no answer")
        return self.answer(request)

    def close(self) -> None:
        """Close nothing."""


class AsyncLosing:
    """The same, awaited."""

    def __init__(self, answer: Answer) -> None:
        self._inner = Losing(answer)

    async def send(self, request: Request, timeout: float) -> Reply:
        return self._inner.send(request, timeout)

    async def close(self) -> None:
        """Close nothing."""


def found(**changes: object) -> Reply:
    """Answer with the order, some members changed."""
    return Reply(200, {}, json.dumps({**ORDER, **changes}).encode())


def reconciled(answer: Answer) -> Outcome[object]:
    """Lose an order, and reconcile it."""
    transport = Losing(answer)
    client = AsterFutures(api_key="k", api_secret="s", transport=transport, clock=lambda: NOW, retry=NEVER)
    with pytest.raises(errors.ExecutionUnknown) as lost:
        client.trade.place_order(
            symbol="BTCUSDT", side="BUY", type="LIMIT", time_in_force="GTC", quantity="0.5", price="60000",
            new_client_order_id="grid-1",
        )  # fmt: skip
    return client.reconcile(lost.value, settle=0)


def test_an_order_that_agrees_is_the_lost_one() -> None:
    """What bears the id, is no older than the call and agrees in symbol, side and size was executed."""
    outcome = reconciled(lambda _: found())
    assert outcome.executed is True
    assert 111 == outcome.found.order_id  # type: ignore[attr-defined]  # not told which operation
    assert "grid-1" == outcome.client_id
    assert ("trade.get_order returned it",) == outcome.evidence


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"time": NOW - 3_600_000}, "older than the call"),
        ({"side": "SELL"}, "side"),
        ({"symbol": "ETHUSDT"}, "symbol"),
        ({"origQty": "0.7"}, "orig_qty"),
    ],
)
def test_an_order_that_differs_is_not_taken_for_the_lost_one(changes: dict[str, object], why: str) -> None:
    """An older order with the same id, or one of another side, symbol or size, leaves the outcome unknown."""
    outcome = reconciled(lambda _: found(**changes))
    assert (None, None) == (outcome.executed, outcome.found)
    assert why in " ".join(outcome.evidence)


@pytest.mark.parametrize("id", ["GRID-1", "x-grid-1", "", None])
def test_an_id_in_another_form_proves_nothing(id: str | None) -> None:
    """Other letters, a broker's prefix, a blank or missing id: neither ours nor a proof that ours is not there."""
    assert reconciled(lambda _: found(clientOrderId=id)).executed is None


def test_finding_nothing_is_no_proof() -> None:
    """Where no documentation says that it is final, an order that is not found may still exist."""
    outcome = reconciled(lambda _: ABSENT)
    assert outcome.executed is None
    assert "no documentation says" in outcome.evidence[-1]


@pytest.mark.parametrize(("passed", "executed"), [(4_000, None), (6_000, False)])
def test_absence_is_proved_only_where_documentation_says_so_and_late_enough(
    monkeypatch: pytest.MonkeyPatch, passed: int, executed: bool | None
) -> None:
    """With `conclusive` and `visible: 5s`, nothing found is a proof once five seconds have passed."""
    operation = operations.TRADE_PLACE_ORDER
    monkeypatch.setitem(vars(operation), "conclusive", True)
    monkeypatch.setitem(vars(operation), "visible_ms", 5_000)
    now = [NOW]
    client = AsterFutures(api_key="k", api_secret="s", transport=Losing(lambda _: ABSENT), clock=lambda: now[0])
    with pytest.raises(errors.ExecutionUnknown) as lost:
        client.call(operation, symbol="BTCUSDT", side="BUY", type="MARKET", quantity="1")
    now[0] += passed
    assert executed == client.reconcile(lost.value, settle=0).executed


@pytest.mark.parametrize(("passed", "executed"), [(6 * 86_400_000, False), (8 * 86_400_000, None)])
def test_absence_is_not_proved_by_what_forgets(
    monkeypatch: pytest.MonkeyPatch, passed: int, executed: bool | None
) -> None:
    """Where orders are no longer found seven days after they ended, a later look that finds nothing proves nothing."""
    operation = operations.TRADE_PLACE_ORDER
    monkeypatch.setitem(vars(operation), "conclusive", True)
    monkeypatch.setitem(vars(operation), "findable_ms", 7 * 86_400_000)
    now = [NOW]
    client = AsterFutures(api_key="k", api_secret="s", transport=Losing(lambda _: ABSENT), clock=lambda: now[0])
    with pytest.raises(errors.ExecutionUnknown) as lost:
        client.call(operation, symbol="BTCUSDT", side="BUY", type="MARKET", quantity="1")
    now[0] += passed
    assert executed == client.reconcile(lost.value, settle=0).executed


@pytest.mark.parametrize("hollow", [b"{}", b"null"])
def test_an_empty_object_proves_no_absence(monkeypatch: pytest.MonkeyPatch, hollow: bytes) -> None:
    """A lookup answered with success and nothing inside does not say that there is no such order."""
    operation = ORDER_PLACE_ORDER
    monkeypatch.setitem(vars(operation), "conclusive", True)
    transport = Losing(lambda _: Reply(200, {}, b'{"code":0,"message":"success","data":%b}' % hollow))
    client = SixMM(api_key="k", api_secret="s", transport=transport, clock=lambda: NOW, retry=NEVER)
    with pytest.raises(errors.ExecutionUnknown) as lost:
        client.call(operation, symbol="BTCUSDT", side="BUY", type="MARKET", quantity="1")
    assert client.reconcile(lost.value, settle=0).executed is None


@pytest.mark.parametrize("coin", ["NAN", "sNaN", "INF"])
def test_a_coin_that_reads_like_a_number_is_compared_as_text(coin: str) -> None:
    """Python takes such names for numbers, of which some equal nothing, and some can't be compared at all."""
    assert agree(coin, coin)
    assert not agree(coin, "Infinity")


def test_an_exchange_that_cannot_be_asked_is_no_evidence() -> None:
    """A lookup that fails for another reason leaves the outcome unknown, and says why."""
    outcome = reconciled(lambda _: Reply(503, {}, b"down"))
    assert outcome.executed is None
    assert "could not answer" in outcome.evidence[0]


async def test_async_outcomes_are_typed_by_the_operation() -> None:
    """Told which operation was lost, reconcile returns what its lookup returns."""
    transport = AsyncLosing(lambda _: found())
    client = AsyncAsterFutures(api_key="k", api_secret="s", transport=transport, clock=lambda: NOW, retry=NEVER)
    with pytest.raises(errors.ExecutionUnknown) as lost:
        await client.trade.place_order(
            symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.5", new_client_order_id="grid-1"
        )
    outcome = await client.reconcile(lost.value, operations.TRADE_PLACE_ORDER)
    assert outcome.found is not None
    assert 111 == outcome.found.order_id


def test_each_order_of_a_batch_is_looked_up() -> None:
    """Orders without an id get one; each has an outcome of its own, and the batch none where they differ."""

    def answer(request: Request) -> Reply:
        wanted = request.url.split("origClientOrderId=")[1].split("&")[0]
        return ABSENT if wanted == "mine" else found(clientOrderId=wanted, side="SELL")

    client = AsterFutures(api_key="k", api_secret="s", transport=Losing(answer), clock=lambda: NOW, retry=NEVER)
    orders = [
        {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "1", "new_client_order_id": "mine"},
        {"symbol": "BTCUSDT", "side": "SELL", "type": "MARKET", "quantity": "0.5"},
    ]
    with pytest.raises(errors.ExecutionUnknown) as lost:
        client.trade.place_orders(batch_orders=orders)  # type: ignore[arg-type]  # as a program would write them
    outcome = client.reconcile(lost.value, operations.TRADE_PLACE_ORDERS, settle=0)
    assert [None, True] == [order.executed for order in outcome.orders]
    assert outcome.executed is None
    assert "mine" == outcome.orders[0].client_id
    assert lost.value.client_ids == tuple(order.client_id for order in outcome.orders)
    assert "client ids 'mine', 'v" in str(lost.value)
    assert (outcome.orders[1].client_id or "").startswith("v")


def test_bitget_batches_are_looked_up_by_the_symbol_of_the_batch() -> None:
    """What all orders of a batch share is taken from the call, the id from each order."""
    asked: list[str] = []

    def answer(request: Request) -> Reply:
        asked.append(request.url)
        return Reply(200, {}, b'{"code":"00000","msg":"success","data":{"orderList":[],"maxId":null,"minId":null}}')

    client = BitgetMargin(api_key="k", api_secret="s", passphrase="p", transport=Losing(answer), retry=NEVER)
    order = {
        "side": "buy", "order_type": "market", "loan_type": "normal", "time_in_force": "gtc", "quote_amount": "9",
        "client_oid": "my-1",
    }  # fmt: skip
    with pytest.raises(errors.ExecutionUnknown) as lost:
        client.cross.place_orders(symbol="BTCUSDT", order_list=[order])  # type: ignore[list-item]  # as above
    client.reconcile(lost.value, settle=0)
    assert 2 == len(asked)
    assert all("symbol=BTCUSDT" in url and "clientOid=my-1" in url for url in asked)


def test_the_next_lookup_is_asked_where_one_says_that_there_is_nothing() -> None:
    """A filled order is no longer open: the code that says so leads on to the finished ones."""
    asked: list[str] = []

    def answer(request: Request) -> Reply:
        asked.append(request.url.partition("?")[0].rsplit("/", 1)[-1])
        return Reply(200, {}, b'{"code":220001,"msg":"data not found"}')

    client = HibtFutures(api_key="k", api_secret="s", transport=Losing(answer), retry=NEVER)
    with pytest.raises(errors.ExecutionUnknown) as lost:
        client.order.open_position(symbol="btc_usdt", type=2, side=1, leverage=10, amount="0.2", custom_id="c1")
    assert client.reconcile(lost.value, settle=0).executed is None
    assert 2 == len(asked)


def test_an_error_of_another_operation_is_refused() -> None:
    """The operation that types the outcome must be the one that was lost."""
    client = AsterFutures(api_key="k", api_secret="s")
    lost = errors.ExecutionUnknown("trade.place_order", "a", "no answer")
    with pytest.raises(errors.InvalidRequest, match=r"not of trade\.place_orders"):
        client.reconcile(lost, operations.TRADE_PLACE_ORDERS)
