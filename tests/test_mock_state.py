"""What a test can make the mock exchange answer, and what the mock exchange remembers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tests.support.apis import APIS, Api, label
from tests.support.mocks import client, once, read
from venues import errors
from venues.binance_spot import BinanceSpot
from venues.bitget_margin.models import PlacedOrder
from venues.core.request.operation import Operation
from venues.mock import Executed, Mock, Received
from venues.mock.declared.api import load_api

KEEPERS = [api for api in APIS if once(api).client_id]
"""APIs with an operation that takes an id of the caller's own."""


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, Mock]]:
    """One mock exchange an API."""
    with ExitStack() as stack:
        yield {api.name: stack.enter_context(Mock(api.name, remembers=False)) for api in APIS}


@pytest.fixture
def mock(api: Api, served: dict[str, Mock]) -> Iterator[Mock]:
    """The API's mock exchange, as good as new."""
    mock = served[api.name]
    yield mock
    mock.forget()
    mock.clock.offset_ms, mock.unique_client_ids, mock.finds_executed, mock.limit = 0, False, False, None


def body_of(api: Api, mock: Mock, operation: Operation[Any], **more: Any) -> str:
    """Return the body that is answered."""
    with client(api, mock) as caller:
        return caller.call(operation, **api.arguments(operation) | more).body.decode()


@pytest.mark.parametrize("api", APIS, ids=label)
def test_a_payload_is_put_into_the_envelope(api: Api, mock: Mock) -> None:
    """A test's payload takes the place of the example's, its numbers exact."""
    operation = read(api)
    mock.answer(operation.full_name, {"n": Decimal("0.00000010"), "large": 10**20})
    with client(api, mock) as caller:
        body = raw(caller, operation, api)
    payload = '{"n":0.00000010,"large":100000000000000000000}'
    data = load_api(api.name).envelope.data
    assert payload == body if data is None else body.endswith(f'"{data}":{payload}}}')


def raw(caller: Any, operation: Operation[Any], api: Api) -> str:
    """Return the body, even if the client can make nothing of it."""
    request = caller.prepare(operation, **api.arguments(operation))
    return str(caller._open().send(request, 5.0).body.decode())


@pytest.mark.parametrize("api", APIS[:1], ids=label)
def test_a_whole_body_is_answered_as_it_is(api: Api, mock: Mock) -> None:
    """Text and bytes are sent as they are, with the status and headers that are wanted."""
    mock.answer("*", "<html>", status=203, headers={"X-Mine": "1"}, times=1)
    with client(api, mock) as caller:
        reply = caller._open().send(caller.prepare(read(api), **api.arguments(read(api))), 5.0)
    assert (203, "1", b"<html>") == (reply.status, reply.headers["X-Mine"], reply.body)


@pytest.mark.parametrize("api", APIS[:1], ids=label)
def test_answers_come_in_their_order(api: Api, mock: Mock) -> None:
    """Counted answers are used up one after the other; then the standing one holds."""
    operation = read(api)
    for body, times in (("3", None), ("1", 1), ("2", 2)):
        mock.answer(operation.full_name, body, times=times)
    with client(api, mock) as caller:
        assert ["1", "2", "2", "3", "3"] == [raw(caller, operation, api) for _ in range(5)]


@pytest.mark.parametrize("api", APIS[:1], ids=label)
def test_an_answer_can_be_made_from_the_request(api: Api, mock: Mock) -> None:
    """A function sees what was received, and what it returns is answered."""

    def told(received: Received) -> str:
        return json.dumps(sorted(received.arguments))

    operation = read(api)
    mock.answer("*", told)
    with client(api, mock) as caller:
        body = raw(caller, operation, api)
    assert sorted(operation.by_name[name].wire for name in api.arguments(operation)) == json.loads(body)


def fail_in_the_test(received: Received) -> str:
    return str(received.arguments["mistyped"])


def refuse_in_the_test(received: Received) -> str:
    return pytest.fail("mistyped")


@pytest.mark.parametrize(
    ("respond", "error"),
    [(fail_in_the_test, KeyError), (refuse_in_the_test, pytest.fail.Exception)],
    ids=["error", "fail"],
)
def test_an_error_of_a_tests_own_function_reaches_the_test_once(
    respond: Callable[[Received], str], error: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    """The caller sees a server error, the test sees its own mistake when it ends, and nothing is logged."""
    api, mock = APIS[0], Mock(APIS[0].name, remembers=False).start()
    mock.answer("*", respond)
    for _ in range(2):
        with client(api, mock) as caller, pytest.raises(errors.VenueError):
            caller.call(read(api), **api.arguments(read(api)))
    assert [read(api).full_name] * 2 == [request.operation for request in mock.requests]
    with pytest.raises(error, match="mistyped"):
        mock.stop()
    mock.stop()
    assert [] == caplog.records


def test_a_mistake_of_the_test_is_shown_before_what_came_of_it() -> None:
    """When a test's function fails and the call that met it fails, too, the first is raised, with the second behind it."""
    api = APIS[0]
    mock = Mock(api.name, remembers=False)
    mock.answer("*", fail_in_the_test)
    with pytest.raises(KeyError) as caught, mock, client(api, mock) as caller:
        caller.call(read(api), **api.arguments(read(api)))
    assert isinstance(caught.value.__context__, errors.VenueError)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_a_failure_is_not_executed(api: Api, mock: Mock) -> None:
    """A code that a test asks for is answered instead of executing, unless it says otherwise."""
    code = load_api(api.name).failures["wrong_param"]
    mock.fail(once(api).full_name, code, times=1)
    mock.fail(once(api).full_name, code, executed=True, times=1)
    counts = []
    for _ in range(2):
        with client(api, mock) as caller, pytest.raises(errors.ApiError) as caught:
            caller.call(once(api), **api.arguments(once(api)))
        executed = [request.executed for request in mock.requests if request.operation == once(api).full_name]
        counts.append((caught.value.code, mock.count(), executed[-1]))
    assert [(code, 0, False), (code, 1, True)] == counts


@pytest.mark.parametrize("api", APIS[:1], ids=label)
def test_wishes_for_unknown_operations(api: Api, mock: Mock) -> None:
    """A typing error in a test does not pass for a wish."""
    name = once(api).full_name
    with pytest.raises(ValueError, match=f"did you mean '{name}'"):
        mock.answer(name[:-1], {})


def test_an_answer_that_is_no_json_is_refused() -> None:
    """A model in place of what the exchange would send fails in the test, not as a failure of the exchange."""
    mock = Mock("bitget_margin", remembers=False)
    for payload in (PlacedOrder(order_id="7"), {"orders": [PlacedOrder(order_id="7")]}):
        with pytest.raises(TypeError, match="PlacedOrder is not JSON; write it as the exchange does, by wire names"):
            mock.answer("cross.place_order", payload)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_executed_is_what_changes_things(api: Api, mock: Mock) -> None:
    """Reading leaves no trace among what was executed; an order does, with all that was sent."""
    body_of(api, mock, read(api))
    assert [] == mock.executed
    body_of(api, mock, once(api))
    operation = once(api)
    sent = [operation.by_name[name].wire for name in api.arguments(operation)]
    sent += [param.wire for param in operation.params if param.always]
    assert [(operation.full_name, sorted(sent))] == [(e.operation, sorted(e.arguments)) for e in mock.executed]
    assert (1, 1) == (mock.count(), mock.count(operation.full_name))


@pytest.mark.parametrize("api", KEEPERS, ids=label)
def test_the_callers_id_is_kept_and_echoed(api: Api, mock: Mock) -> None:
    """An order is remembered by the caller's own id, and answered with it where the answer has a place for it."""
    operation = once(api)
    assert operation.client_id is not None
    name = operation.by_wire[operation.client_id].name
    body = body_of(api, mock, operation, **{name: "mine-77"})
    assert ["mine-77"] == [executed.client_id for executed in mock.executed]
    assert bool(load_api(api.name).by_name[operation.full_name].places.client_id) == ("mine-77" in body)


@pytest.mark.parametrize("api", KEEPERS, ids=label)
def test_ids_may_have_to_be_unique(api: Api, mock: Mock) -> None:
    """Only if the test wants it, an id that was used before is refused."""
    for _ in range(2):
        body_of(api, mock, once(api))
    mock.unique_client_ids = True
    with client(api, mock) as caller, pytest.raises(errors.VenueError):
        caller.call(once(api), **api.arguments(once(api)))
    assert ("duplicate_client_id", 2) == (mock.requests[-1].verdict, mock.count())


FINDS = [
    (api, operation, find)
    for api in APIS
    for operation in api.operations
    for find in load_api(api.name).by_name[operation.full_name].finds
]


@pytest.mark.parametrize(("api", "finder", "find"), FINDS, ids=lambda value: getattr(value, "full_name", ""))
def test_lookups_find_what_was_executed(api: Api, finder: Operation[Any], find: Any, mock: Mock) -> None:
    """With a memory, a lookup by the caller's id finds the order that was made, and nothing before it was."""
    maker = next(o for o in api.operations if o.full_name == find.operation)
    assert maker.client_id is not None
    required = {param.name: api.arguments(finder)[param.name] for param in finder.required}
    known = {**required, finder.by_wire[find.param].name: "mine-77"}
    mock.finds_executed = True
    with client(api, mock) as caller:
        assert not found(caller, finder, known)
        caller.call(maker, **api.arguments(maker) | {maker.by_wire[maker.client_id].name: "mine-77"})
        assert found(caller, finder, known)


def found(caller: Any, finder: Operation[Any], known: dict[str, Any]) -> bool:
    try:
        return "mine-77" in caller.call(finder, **known).body.decode()
    except errors.OrderNotFound:
        return False


@pytest.mark.parametrize("api", [api for api in APIS if load_api(api.name).clock], ids=label)
def test_tells_its_own_time(api: Api, mock: Mock) -> None:
    """The server's time is the mock exchange's, however far off that is."""
    clock = load_api(api.name).clock
    assert clock is not None
    mock.clock.offset_ms = 86_400_000
    operation = next(o for o in api.operations if o.full_name == clock.operation)
    before = mock.now()
    with client(api, mock) as caller:
        data = caller.call(operation).data
    told = msgspec.to_builtins(data)[clock.field]
    told = {"ms": told, "s": told * 1000, "ns": told // 1_000_000}[clock.unit]
    assert before <= told <= mock.now()


@pytest.mark.parametrize("api", APIS, ids=label)
def test_too_many_requests(api: Api, mock: Mock) -> None:
    """With a limit, the request that is one too many is refused, and told how long to wait."""
    mock.limit = (2, 60)
    with client(api, mock) as caller:
        for _ in range(2):
            caller.call(read(api), **api.arguments(read(api)))
        with pytest.raises(errors.RateLimited) as caught:
            caller.call(read(api), **api.arguments(read(api)))
    assert caught.value.retry_after is not None
    assert "too_many" == mock.requests[-1].verdict


@pytest.mark.parametrize("api", APIS[:1], ids=label)
def test_forgets(api: Api, mock: Mock) -> None:
    """Afterwards nothing is left of requests, orders and wishes."""
    mock.fail("*", "1", times=5)
    mock.forget()
    body_of(api, mock, once(api))
    assert (1, 1) == (len(mock.requests), mock.count())
    mock.forget()
    assert ([], [], 0) == (mock.requests, mock.executed, mock.count())


def test_records_show_no_secret() -> None:
    """What is kept of a request prints neither headers nor query nor body."""
    received = Received("GET", "/o", "sign=s3cr3t", {"KEY": "s3cr3t"}, b"s3cr3t")
    assert "s3cr3t" not in repr(received)
    assert "order" in repr(Executed("order", None, {}))


@pytest.mark.parametrize(
    ("api", "operation"),
    [(a, o) for a in APIS for o in a.operations if load_api(a.name).by_name[o.full_name].one_with],
    ids=lambda value: getattr(value, "full_name", getattr(value, "name", "")),
)
def test_one_object_or_a_list_depends_on_what_was_asked(api: Api, operation: Operation[Any], mock: Mock) -> None:
    """With the parameter that picks one, a bare object is answered; without it, a list; and the client reads both."""
    param = load_api(api.name).by_name[operation.full_name].one_with
    assert param is not None
    arguments = {
        name: value for name, value in api.arguments(operation).items() if operation.by_name[name].wire != param
    }
    with client(api, mock) as caller:
        found = {}
        # Where one of two must be given, the other one names several.
        other = next((r.wires for r in operation.rules if r.kind == "one_of" and param in r.wires), ())
        several = {wire: ["BTCUSDT"] for wire in other if wire != param}
        for shape, more in ((dict, {param: "BTCUSDT"}), (list, several)):
            request = caller.prepare(operation, **arguments, **more)
            found[shape] = json.loads(caller._open().send(request, 5.0).body)
            assert isinstance(caller.call(operation, **arguments, **more).data, list)
    assert [dict, list] == [type(answer) for answer in found.values()]


@pytest.mark.parametrize("api", APIS[:1], ids=label)
def test_calls_of_one_operation(api: Api, mock: Mock) -> None:
    """`calls` has the requests of one operation, the oldest first, with what was sent; a mistyped name is told."""
    for _ in range(2):
        body_of(api, mock, read(api))
    body_of(api, mock, once(api))
    found = mock.calls(read(api).full_name)
    assert [(read(api).full_name, "accepted")] * 2 == [(call.operation, call.verdict) for call in found]
    assert [*found, *mock.calls(once(api).full_name)] == mock.calls("*")
    with pytest.raises(ValueError, match="did you mean"):
        mock.calls(f"{read(api).full_name}s")


def test_a_case_of_an_example_holds_for_a_default() -> None:
    """A tested order gets no commission rates unless it asks for them, as the parameter says what is usual."""
    order: dict[str, Any] = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "time_in_force": "GTC"}
    order |= {"quantity": "1", "price": "60000"}
    with Mock("binance_spot") as mock, BinanceSpot(**mock.credentials, base_url=mock.url) as caller:
        for test in (caller.trade.test_order, caller.trade.test_sor_order):
            assert not any(test(**order).to_dict().values())
            assert test(**order, compute_commission_rates=True).standard_commission_for_order is not None
