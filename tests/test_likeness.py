"""What reconcile finds by likeness, where a call takes no id of the caller's, and what it refuses to conclude."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.support.losing import Losing, losing
from venues import errors
from venues.bitget_margin import AsyncBitgetMargin, BitgetMargin
from venues.bitget_margin.operations import ISOLATED_BORROW
from venues.core.outcome import alike, likeness
from venues.hibt_futures import HibtFutures
from venues.outcome import Outcome
from venues.retry import NEVER

NOW = 1_795_132_800_000
KEYS: dict[str, Any] = {"api_key": "k", "api_secret": "s", "passphrase": "p"}
LOAN = {
    "loanId": "7",
    "symbol": "BTCUSDT",
    "coin": "USDT",
    "amount": "100.00000000",
    "type": "manualLoan",
    "cTime": str(NOW),
}
ORDER = {
    "id": "24", "symbol": "btc_usdt", "leverage": 10, "triggerType": 2, "triggerPrice": "56762", "status": 1, "side": 1,
    "price": "56830", "startPrice": "0", "amount": "0.12", "spSlTriggerType": 1, "spPrice": "0", "slPrice": "0",
    "isSetSp": False, "isSetSl": False, "frozen": "681.96", "createdAt": NOW, "updatedAt": NOW,
}  # fmt: skip


class Exchange:
    """Records of loans and conditional orders, as a test wants them."""

    def __init__(self) -> None:
        self.loans: list[dict[str, Any]] = []
        self.pages = 1
        self.open: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []
        self.is_closed_broken = False

    def answer(self, path: str, query: dict[str, str]) -> object:
        if "loan" in path:
            return {"code": "00000", "msg": "success", "data": self._loan_page(query)}
        if path.endswith("unFinish"):
            return {"code": 0, "msg": "ok", "data": self.open}
        if self.is_closed_broken:
            return {"code": 210001, "msg": "no"}
        data = {"total": len(self.closed), "page": int(query.get("pageIndex", 0)), "data": self.closed}
        return {"code": 0, "msg": "ok", "data": data}

    def _loan_page(self, query: dict[str, str]) -> object:
        """Return one loan a page: the one below the id that was asked for."""
        below = [loan for loan in self.loans if int(loan["loanId"]) < int(query.get("pageId", 10**9))]
        page = sorted(below, key=lambda loan: -int(loan["loanId"]))[:1]
        ids = [loan["loanId"] for loan in page]
        return {"resultList": page, "maxId": ids[0] if ids else None, "minId": ids[-1] if ids else None}


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


@pytest.fixture
def server(exchange: Exchange) -> Iterator[Losing]:
    with losing(exchange.answer) as running:
        yield running


@pytest.fixture
def bitget(server: Losing) -> Iterator[BitgetMargin]:
    with BitgetMargin(**KEYS, base_url=server.address, retry=NEVER, clock=lambda: NOW) as client:
        yield client


@pytest.fixture
def hibt(server: Losing) -> Iterator[HibtFutures]:
    with HibtFutures(api_key="k", api_secret="s", base_url=server.address, retry=NEVER, clock=lambda: NOW) as client:
        yield client


def lose(client: BitgetMargin, amount: str = "100") -> errors.ExecutionUnknown:
    """Borrow, and lose the answer."""
    with pytest.raises(errors.ExecutionUnknown) as lost:
        client.isolated.borrow(symbol="BTCUSDT", coin="USDT", borrow_amount=Decimal(amount))
    return lost.value


def lose_order(client: HibtFutures) -> Outcome[object]:
    """Place a conditional order, lose the answer, and reconcile it."""
    with pytest.raises(errors.ExecutionUnknown) as lost:
        client.conditional.place_order(
            symbol="btc_usdt", side=1, trigger_type=2, trigger_price=Decimal(56762), amount=Decimal("0.12"),
            price=Decimal(56830), leverage=10,
        )  # fmt: skip
    return client.reconcile(lost.value, settle=0)


def test_the_only_one_alike_is_the_lost_one(bitget: BitgetMargin, exchange: Exchange) -> None:
    """One loan of the same account, coin and amount that is no older counts as found, and the evidence warns of likeness."""
    exchange.loans = [LOAN]
    outcome = bitget.reconcile(lose(bitget), ISOLATED_BORROW, settle=0)
    assert outcome.executed is True
    assert outcome.found is not None
    assert "7" == outcome.found.loan_id
    assert "by likeness" in outcome.evidence[-1]
    assert "another program" in outcome.evidence[-1]


async def test_async_clients_find_by_likeness(server: Losing, exchange: Exchange) -> None:
    """What a sync client finds, an async one finds."""
    exchange.loans = [LOAN]
    async with AsyncBitgetMargin(**KEYS, base_url=server.address, retry=NEVER, clock=lambda: NOW) as client:
        with pytest.raises(errors.ExecutionUnknown) as lost:
            await client.isolated.borrow(symbol="BTCUSDT", coin="USDT", borrow_amount=Decimal(100))
        outcome = await client.reconcile(lost.value, ISOLATED_BORROW, settle=0)
    assert outcome.executed is True


@pytest.mark.parametrize(
    "changes",
    [
        {"symbol": "ETHUSDT"},
        {"coin": "BTC"},
        {"amount": "100.1"},
        {"type": "autoLoan"},
        {"cTime": str(NOW - 3_600_000)},
    ],
)
def test_what_differs_is_not_the_lost_one(bitget: BitgetMargin, exchange: Exchange, changes: dict[str, str]) -> None:
    """Another account, coin or amount, an automatic loan, an older one: nothing is found, and that proves nothing."""
    exchange.loans = [{**LOAN, **changes}]
    outcome = bitget.reconcile(lose(bitget), settle=0)
    assert (None, None) == (outcome.executed, outcome.found)
    assert "no proof" in outcome.evidence[-1]


def test_several_alike_leave_it_open(bitget: BitgetMargin, exchange: Exchange) -> None:
    """Two that are alike, on different pages, leave the outcome unknown; the evidence names both."""
    exchange.loans = [LOAN, {**LOAN, "loanId": "8"}]
    outcome = bitget.reconcile(lose(bitget), settle=0)
    assert (None, None) == (outcome.executed, outcome.found)
    assert "'8', '7'" in outcome.evidence[-1]


def test_what_says_too_little_is_not_believed(bitget: BitgetMargin, exchange: Exchange) -> None:
    """A record without a time may be an older one."""
    exchange.loans = [{name: value for name, value in LOAN.items() if name != "cTime"}]
    outcome = bitget.reconcile(lose(bitget), settle=0)
    assert outcome.executed is None
    assert "does not say enough" in outcome.evidence[-1]


def test_two_calls_alike_leave_both_open(bitget: BitgetMargin, exchange: Exchange) -> None:
    """Where this client made two such calls, one record may be of either."""
    exchange.loans = [LOAN]
    first, second = lose(bitget), lose(bitget.with_options(timeout=5))
    for lost in (first, second):
        outcome = bitget.reconcile(lost, settle=0)
        assert outcome.executed is None
        assert "made another call like it" in outcome.evidence[-1]


def test_a_call_of_another_size_is_not_alike(bitget: BitgetMargin, exchange: Exchange) -> None:
    """Two lost calls whose amounts differ are told apart."""
    exchange.loans = [LOAN, {**LOAN, "loanId": "8", "amount": "50"}]
    outcomes = [bitget.reconcile(lost, ISOLATED_BORROW, settle=0) for lost in (lose(bitget), lose(bitget, "50.0"))]
    assert ["7", "8"] == [outcome.found.loan_id for outcome in outcomes if outcome.found]


def test_a_refused_call_is_not_alike(bitget: BitgetMargin, server: Losing, exchange: Exchange) -> None:
    """A call that the exchange refused made nothing, and so deceives nobody."""
    exchange.loans = [LOAN]
    server.refusal = {"code": "50034", "msg": "too little", "data": None}
    with pytest.raises(errors.ApiError):
        bitget.isolated.borrow(symbol="BTCUSDT", coin="USDT", borrow_amount=Decimal(100))
    server.refusal = None
    assert bitget.reconcile(lose(bitget), settle=0).executed is True


def test_a_call_that_succeeded_is_alike(bitget: BitgetMargin, server: Losing, exchange: Exchange) -> None:
    """The record of a call whose answer came is in the list, too, and must not be taken for the lost one's."""
    exchange.loans = [LOAN]
    data = {"symbol": "BTCUSDT", "coin": "USDT", "borrowAmount": "100.00000000", "clientOid": None}
    server.refusal = {"code": "00000", "msg": "success", "data": data}
    bitget.isolated.borrow(symbol="BTCUSDT", coin="USDT", borrow_amount=Decimal(100))
    server.refusal = None
    assert bitget.reconcile(lose(bitget), settle=0).executed is None


def test_a_client_that_did_not_make_the_call_finds_nothing(
    bitget: BitgetMargin, server: Losing, exchange: Exchange
) -> None:
    """Another client, as after a restart, does not know of calls alike."""
    exchange.loans = [LOAN]
    with BitgetMargin(**KEYS, base_url=server.address, clock=lambda: NOW) as other:
        outcome = other.reconcile(lose(bitget), settle=0)
    assert outcome.executed is None
    assert "does not remember" in outcome.evidence[-1]


def test_what_is_forgotten_is_not_believed(
    bitget: BitgetMargin, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that forgot calls of the same time does not say that there was none alike."""
    monkeypatch.setattr(alike, "MOST", 1)
    exchange.loans = [LOAN]
    lose(bitget, "50")
    assert bitget.reconcile(lose(bitget), settle=0).executed is None


def test_a_list_that_is_too_long_proves_nothing(
    bitget: BitgetMargin, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where not every record was read, there may be another one alike."""
    monkeypatch.setattr(likeness, "MOST", 1)
    monkeypatch.setattr(likeness.LikenessQuestion, "most", 1)
    exchange.loans = [LOAN, {**LOAN, "loanId": "6", "coin": "BTC"}, {**LOAN, "loanId": "5", "coin": "BTC"}]
    outcome = bitget.reconcile(lose(bitget), settle=0)
    assert outcome.executed is None
    assert "could be read" in outcome.evidence[-1]


def test_records_are_asked_for_from_the_time_of_the_call(bitget: BitgetMargin, server: Losing) -> None:
    """The lists are filtered by what the call said, and begin a minute before it."""
    bitget.reconcile(lose(bitget), settle=0)
    path, query = server.asked[0]
    assert path.endswith("/loan/list")
    assert ("BTCUSDT", "USDT", str(NOW - 60_000)) == (query["symbol"], query["coin"], query["startTime"])


@pytest.mark.parametrize("where", [("open",), ("closed",), ("open", "closed")])
def test_open_and_closed_orders_are_read_together(
    hibt: HibtFutures, exchange: Exchange, where: tuple[str, ...]
) -> None:
    """An order is found in either list; one that moves from one to the other meanwhile is still one."""
    for name in where:
        setattr(exchange, name, [ORDER])
    outcome = lose_order(hibt)
    assert outcome.executed is True, outcome.evidence
    assert "24" == outcome.found.id  # type: ignore[attr-defined]  # not told which operation


def test_one_list_alone_proves_nothing(hibt: HibtFutures, exchange: Exchange) -> None:
    """Where one of the lists can't be read, another one alike may be there."""
    exchange.open, exchange.is_closed_broken = [ORDER], True
    assert lose_order(hibt).executed is None


@pytest.mark.parametrize("changes", [{"side": 2}, {"triggerPrice": "56763"}, {"price": "1"}, {"amount": "0.13"}])
def test_an_order_agrees_in_side_size_and_prices(
    hibt: HibtFutures, exchange: Exchange, changes: dict[str, object]
) -> None:
    """An order of another side, size or price is not the lost one."""
    exchange.open = [{**ORDER, **changes}]
    assert lose_order(hibt).executed is None


def test_likeness_is_not_offered_where_orders_have_no_time() -> None:
    """Where nothing says when an order was made, an older one could not be told from it."""
    from venues.bingx_swap.operations import TRADE_PLACE_ORDER

    assert () == TRADE_PLACE_ORDER.likeness
