"""Rules about several parameters: found before sending, and by the mock exchange if they are sent all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.apis import APIS, OPERATIONS, Api, label
from tests.support.mocks import client
from venues import errors
from venues.core.request.operation import Operation
from venues.core.request.rules import Rule
from venues.mock import Mock

ASTER = next(api for api in APIS if api.name == "aster_futures")
BY_NAME = {operation.full_name: operation for operation in ASTER.operations}
WINDOWS = [(a, o, rule) for a, o in OPERATIONS for rule in o.rules if rule.kind == "window"]

NEEDED = {
    "LIMIT": {"time_in_force": "GTC", "quantity": "1", "price": "9000"},
    "MARKET": {"quantity": "1"},
    "STOP": {"quantity": "1", "price": "9000", "stop_price": "9100"},
    "TAKE_PROFIT": {"quantity": "1", "price": "9000", "stop_price": "9100"},
    "STOP_MARKET": {"stop_price": "9100"},
    "TAKE_PROFIT_MARKET": {"stop_price": "9100"},
    "TRAILING_STOP_MARKET": {"callback_rate": "1"},
}
ORDER = {"symbol": "BTCUSDT", "side": "BUY"}
CLOSE = {"type": "STOP_MARKET", "stop_price": "9100", "close_position": True}
TOGETHER: list[tuple[str, dict[str, Any]]] = [
    ("quantity", CLOSE | {"quantity": "1"}),
    ("reduce_only", CLOSE | {"reduce_only": True}),
    ("reduce_only", {"type": "MARKET", "quantity": "1", "position_side": "LONG", "reduce_only": True}),
    ("close_position", CLOSE | {"position_side": "LONG"}),
    ("close_position", CLOSE | {"position_side": "SHORT", "side": "SELL"}),
    ("close_position", {"type": "MARKET", "quantity": "1", "close_position": True}),
    ("stop_price", {"type": "MARKET", "quantity": "1", "stop_price": "9100"}),
    ("callback_rate", {"type": "MARKET", "quantity": "1", "callback_rate": "1"}),
    ("activation_price", {"type": "STOP_MARKET", "stop_price": "9100", "activation_price": "9200"}),
    ("price_protect", {"type": "MARKET", "quantity": "1", "price_protect": "TRUE"}),
]
OUTSIDE: list[tuple[str, str, dict[str, Any]]] = [
    ("trade.place_order", "callback_rate", {"type": "TRAILING_STOP_MARKET", "callback_rate": "5.01"}),
    ("trade.place_order", "callback_rate", {"type": "TRAILING_STOP_MARKET", "callback_rate": "0.09"}),
    ("trade.place_order", "new_client_order_id", {"type": "MARKET", "quantity": "1", "new_client_order_id": "a b"}),
    ("trade.place_order", "new_client_order_id", {"type": "MARKET", "quantity": "1", "new_client_order_id": "a" * 37}),
    ("trade.place_order", "quantity", {"type": "MARKET", "quantity": "-1"}),
    ("trade.place_order", "stop_price", {"type": "STOP_MARKET", "stop_price": "-1"}),
    ("account.set_leverage", "leverage", {"leverage": 126}),
    ("account.set_leverage", "leverage", {"leverage": 0}),
    ("trade.get_order", "recv_window", {"order_id": 1, "recv_window": 60001}),
    ("market.get_order_book", "limit", {"limit": 7}),
    ("market.get_klines", "limit", {"interval": "1h", "limit": 1501}),
    ("trade.cancel_orders", "order_id_list", {"order_id_list": list(range(1, 12))}),
    ("trade.place_orders", "batch_orders", {"batch_orders": [ORDER | {"type": "MARKET", "quantity": "1"}] * 6}),
    ("trade.get_order", "order_id", {}),
    ("trade.cancel_order", "orig_client_order_id", {}),
    ("trade.get_open_order", "order_id", {}),
    ("trade.cancel_orders", "order_id_list", {}),
    ("trade.get_account_trades", "from_id", {"from_id": 1, "start_time": 1_795_046_400_000}),
]

Refused = Callable[[str, dict[str, Any]], str]


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    """One mock exchange for all tests."""
    with Mock(ASTER.name, remembers=False) as mock:
        yield mock


@pytest.fixture
def refused(mock: Mock) -> Refused:
    """Call what both the client and the mock exchange must refuse; return what the client says."""

    def call(full_name: str, arguments: dict[str, Any]) -> str:
        operation = BY_NAME[full_name]
        with client(ASTER, mock) as caller, pytest.raises(errors.InvalidRequest) as found:
            caller.call(operation, **arguments)
        with client(ASTER, mock, validate=False) as careless, pytest.raises(errors.InvalidParameter):
            careless.call(operation, **arguments)
        return str(found.value)

    return call


@pytest.mark.parametrize("kind", NEEDED)
def test_each_order_type_takes_what_it_needs(mock: Mock, kind: str) -> None:
    """An order with all that its type demands is accepted by both."""
    with client(ASTER, mock) as caller:
        caller.call(BY_NAME["trade.place_order"], **ORDER, type=kind, **NEEDED[kind])
    assert "accepted" == mock.requests[-1].verdict


@pytest.mark.parametrize(("kind", "missing"), [(kind, name) for kind, needed in NEEDED.items() for name in needed])
def test_each_order_type_demands_what_it_needs(refused: Refused, kind: str, missing: str) -> None:
    """Without one of them it is refused, and the message names what is missing."""
    needed = {name: value for name, value in NEEDED[kind].items() if name != missing}
    assert missing in refused("trade.place_order", {**ORDER, "type": kind, **needed})


@pytest.mark.parametrize(("named", "arguments"), TOGETHER)
def test_what_cannot_be_sent_together(refused: Refused, named: str, arguments: dict[str, Any]) -> None:
    """What does not go with the rest of an order is refused by name."""
    assert named in refused("trade.place_order", ORDER | arguments)


@pytest.mark.parametrize(("full_name", "named", "arguments"), OUTSIDE)
def test_what_lies_outside(refused: Refused, full_name: str, named: str, arguments: dict[str, Any]) -> None:
    """Ranges, patterns, sizes of lists, either-or ids and what excludes each other are kept by both."""
    names = {param.name for param in BY_NAME[full_name].params}
    assert named in refused(full_name, {name: value for name, value in ORDER.items() if name in names} | arguments)


@pytest.mark.parametrize(("api", "operation", "rule"), WINDOWS, ids=label)
def test_windows_are_kept(api: Api, operation: Operation[Any], rule: Rule) -> None:
    """Two times may be as far apart as an operation allows, not a moment more, and never in the wrong order."""
    params = {param.wire: param for param in operation.params}
    start, end = (params[wire] for wire in rule.wires)
    unit = 1000 if start.kind == "timestamp_s" else 1
    first = 1_795_000_000_000 // unit
    limited = rule.within is not None
    longest = (10**12 if rule.within is None else rule.within) // unit - rule.under
    made: Any = api.client
    with made(**Mock(api.name, remembers=False).credentials) as caller:
        both = api.arguments(operation) | {start.name: first}
        caller.prepare(operation, **both | {end.name: first + longest})
        for length, words in (*[(longest + 1, "apart")] * limited, (-1, "lies after")):
            with pytest.raises(errors.InvalidRequest, match=words):
                caller.prepare(operation, **both | {end.name: first + length})


def test_a_window_says_its_length(mock: Mock) -> None:
    """The message has the length in a unit that people use, and tells less than from at most."""
    said = []
    for full_name in ("market.get_aggregate_trades", "trade.get_account_trades"):
        arguments = {"symbol": "BTCUSDT", "start_time": 1_795_000_000_000, "end_time": 1_796_000_000_000}
        with client(ASTER, mock) as caller, pytest.raises(errors.InvalidRequest) as found:
            caller.prepare(BY_NAME[full_name], **arguments)
        said.append(str(found.value))
    assert "start_time and end_time may be less than 1 hour apart" in said[0]
    assert "start_time and end_time may be at most 7 days apart" in said[1]
