"""Every fault on demand: what the caller sees, and what was executed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from http.client import IncompleteRead
from typing import Any

import pytest
import urllib3
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from tests.support.apis import APIS, Api, label
from tests.support.mocks import once, read, wait_for_requests
from tests.support.waiting import PATIENCE
from venues.core.request.messages import Request
from venues.core.request.operation import Operation
from venues.mock import Fault, Mock
from venues.mock.declared.api import load_api

SEEN = {
    Fault.BEFORE: ("closed", 0),
    Fault.AFTER: ("closed", 1),
    Fault.TIMEOUT_BEFORE: ("silent", 0),
    Fault.TIMEOUT_AFTER: ("silent", 1),
    Fault.SLOW: ("200 json", 1),
    Fault.CUT: ("cut", 1),
    Fault.MALFORMED: ("200 broken", 1),
    Fault.WRONG_TYPE: ("200 page", 1),
    Fault.EMPTY: ("200 nothing", 1),
    Fault.RATE_LIMITED: ("429 wait 1", 0),
    Fault.BANNED: ("418 wait 1", 0),
    Fault.UNAVAILABLE: ("503 page", 0),
    Fault.UNAVAILABLE_AFTER: ("503 nothing", 1),
    Fault.SERVER_ERROR: ("500 text", 0),
    Fault.UNKNOWN_ENUM: ("200 json", 1),
    Fault.EMPTY_STRINGS: ("200 json", 1),
}


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, Mock]]:
    """One mock exchange an API."""
    with ExitStack() as stack:
        yield {api.name: stack.enter_context(Mock(api.name, remembers=False)) for api in APIS}


@pytest.fixture
def mock(api: Api, served: dict[str, Mock]) -> Mock:
    """The API's mock exchange, as good as new."""
    served[api.name].forget()
    return served[api.name]


@pytest.fixture(scope="module")
def http() -> Iterator[urllib3.PoolManager]:
    """Plain HTTP."""
    with urllib3.PoolManager(retries=False) as pool:
        yield pool


def prepared(api: Api, mock: Mock, operation: Operation[Any]) -> Request:
    """Return a signed request."""
    client: Any = api.client
    with client(**mock.credentials, base_url=mock.url) as caller:
        request: Request = caller.prepare(operation, **api.arguments(operation))
    return request


def sent(
    http: urllib3.PoolManager, request: Request, timeout: float = PATIENCE, fault: str | None = None
) -> urllib3.BaseHTTPResponse:
    """Send a request once, perhaps with a wish for a fault."""
    every = request.headers if fault is None else {**request.headers, "X-Mock-Fault": fault}
    body = request.body or None
    return http.request(request.method, request.url, body=body, headers=every, retries=False, timeout=timeout)


def seen(http: urllib3.PoolManager, request: Request, timeout: float = PATIENCE) -> str:
    """Say what comes back."""
    try:
        answer = sent(http, request, timeout)
    except ReadTimeoutError:
        return "silent"
    except ProtocolError as error:
        return "cut" if isinstance(error.args[1], IncompleteRead) else "closed"
    return f"{answer.status} {kind(answer)}"


def seen_soon(mock: Mock, http: urllib3.PoolManager, request: Request) -> str:
    """Say what comes back to somebody who gives up soon, and wait until the exchange has the request."""
    before = len(mock.requests)
    found = seen(http, request, 0.1)
    wait_for_requests(mock, before + 1)
    return found


def kind(answer: urllib3.BaseHTTPResponse) -> str:
    if "Retry-After" in answer.headers:
        return f"wait {answer.headers['Retry-After']}"
    if not answer.data:
        return "nothing"
    if not answer.headers["Content-Type"].endswith("json"):
        return {"text/html": "page", "text/plain": "text"}[answer.headers["Content-Type"]]
    try:
        json.loads(answer.data)
    except ValueError:
        return "broken"
    return "json"


@pytest.mark.parametrize("fault", SEEN, ids=lambda fault: fault.value)
@pytest.mark.parametrize("api", APIS, ids=label)
def test_fault(api: Api, fault: Fault, mock: Mock, http: urllib3.PoolManager) -> None:
    """A fault looks as its name says, executes or does not, and is over after its time."""
    operation = once(api)
    request = prepared(api, mock, operation)
    mock.fault(operation.full_name, fault)
    silent = fault in (Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER)
    found = seen_soon(mock, http, request) if silent else seen(http, request)
    assert SEEN[fault] == (found, mock.count(operation.full_name))
    assert fault.value == mock.requests[-1].fault
    assert "200 json" == seen(http, request)
    assert SEEN[fault][1] + 1 == mock.count()


@pytest.mark.parametrize("api", APIS[:1], ids=label)
def test_slow(api: Api, mock: Mock, http: urllib3.PoolManager) -> None:
    """A slow answer comes as late as asked for, and who has less patience sees nothing."""
    request = prepared(api, mock, once(api))
    mock.fault("*", Fault.SLOW, delay=60)
    mock.fault("*", Fault.SLOW, delay=0.01)
    assert ["silent", "200 json"] == [seen_soon(mock, http, request), seen(http, request)]
    assert 2 == mock.count()


@pytest.mark.parametrize("api", APIS, ids=label)
def test_skewed(api: Api, mock: Mock, http: urllib3.PoolManager) -> None:
    """A skewed clock is played with the code that the specification names for it."""
    mock.fault("*", Fault.SKEWED)
    answer = sent(http, prepared(api, mock, once(api)))
    spec = load_api(api.name)
    assert spec.failures["wrong_time"] == str(json.loads(answer.data)[spec.envelope.code])
    assert 0 == mock.count()


@pytest.mark.parametrize("api", APIS, ids=label)
def test_unknown_enum(api: Api, mock: Mock, http: urllib3.PoolManager) -> None:
    """Wherever the example has a value of an enum, one stands that no specification knows."""
    operation = next(o for o in api.operations if load_api(api.name).by_name[o.full_name].places.enums)
    mock.fault(operation.full_name, Fault.UNKNOWN_ENUM)
    answer = json.loads(sent(http, prepared(api, mock, operation)).data)
    for path in load_api(api.name).by_name[operation.full_name].places.enums:
        assert value_at(answer, path) in ("NEVER_SEEN", 987654)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_empty_strings(api: Api, mock: Mock, http: urllib3.PoolManager) -> None:
    """Numbers and inner objects are empty texts."""
    operation = next(o for o in api.operations if load_api(api.name).by_name[o.full_name].places.blanks)
    mock.fault(operation.full_name, Fault.EMPTY_STRINGS)
    answer = json.loads(sent(http, prepared(api, mock, operation)).data)
    for path in load_api(api.name).by_name[operation.full_name].places.blanks:
        assert "" == value_at(answer, path)


def value_at(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


@pytest.mark.parametrize("api", APIS[:1], ids=label)
def test_options_of_faults(api: Api, mock: Mock, http: urllib3.PoolManager) -> None:
    """A test may say whether it is executed, which status it has, and how long to wait."""
    request = prepared(api, mock, once(api))
    mock.fault("*", Fault.SERVER_ERROR, executed=True, status=502)
    mock.fault("*", Fault.RATE_LIMITED, retry_after=7)
    mock.fault("*", Fault.WRONG_TYPE, executed=False)
    mock.fault("*", Fault.BEFORE, status=504)
    assert ["502 text", "429 wait 7", "200 page", "504 text"] == [seen(http, request) for _ in range(4)]
    assert 1 == mock.count()


@pytest.mark.parametrize("api", APIS[:1], ids=label)
def test_fault_by_header(api: Api, mock: Mock, http: urllib3.PoolManager) -> None:
    """A single request may ask for its own fault."""
    request = prepared(api, mock, read(api))
    assert 503 == sent(http, request, fault="unavailable").status
    assert 400 == sent(http, request, fault="no such fault").status
    assert 200 == sent(http, request, fault="").status
    assert 200 == sent(http, request).status


@pytest.mark.parametrize("api", APIS[:1], ids=label)
def test_order_of_faults(api: Api, mock: Mock, http: urllib3.PoolManager) -> None:
    """Counted faults come in their order, those of the operation before those of any, a standing one in between never."""
    request = prepared(api, mock, once(api))
    mock.fault("*", Fault.EMPTY, times=None)
    mock.fault("*", Fault.UNAVAILABLE)
    mock.fault(once(api).full_name, Fault.SERVER_ERROR, times=2)
    expected = ["500 text", "500 text", "503 page", "200 nothing", "200 nothing"]
    assert expected == [seen(http, request) for _ in expected]


@pytest.mark.parametrize("times", [0, -1])
def test_a_plan_is_for_one_request_at_least(times: int) -> None:
    """A plan for no request, which would do nothing unnoticed, is refused with what to write."""
    mock = Mock(APIS[0].name)
    said = rf"times={times}: write how many requests, 1 or more"
    with pytest.raises(ValueError, match=said):
        mock.fault("*", Fault.AFTER, times=times)
    with pytest.raises(ValueError, match=said):
        mock.fail("*", "1", times=times)
    with pytest.raises(ValueError, match=said):
        mock.answer("*", {}, times=times)


@pytest.mark.parametrize("api", APIS[:1], ids=label)
def test_what_is_refused_is_never_executed(api: Api, mock: Mock, http: urllib3.PoolManager) -> None:
    """A fault after execution does not execute what the exchange would have refused."""
    request = prepared(api, mock, once(api))
    mock.fault("*", Fault.AFTER)
    assert ("closed", 0) == (seen(http, replace(request, body=b"{}")), mock.count())
