"""What an exchange refuses: its own envelope is answered, and the right error is raised."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import pytest

from tests.support.apis import APIS, Api, label
from tests.support.mocks import client, once, read
from venues import errors
from venues.core.operation import Operation
from venues.core.params import ListOf, Param
from venues.mock import Mock
from venues.mock.declared import declared

HOUR = 3_600_000


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, Mock]]:
    """One mock exchange an API."""
    with ExitStack() as stack:
        yield {api.name: stack.enter_context(Mock(api.name)) for api in APIS}


@pytest.fixture
def mock(api: Api, served: dict[str, Mock]) -> Mock:
    """The API's mock exchange, as good as new."""
    served[api.name].forget()
    return served[api.name]


def refused(
    api: Api, mock: Mock, operation: Operation[Any], arguments: dict[str, Any], **options: Any
) -> errors.ApiError:
    """Return the error of a call."""
    with client(api, mock, **options) as caller, pytest.raises(errors.VenueError) as caught:
        caller.call(operation, **arguments)
    error = caught.value.__cause__ if isinstance(caught.value, errors.ExecutionUnknown) else caught.value
    assert isinstance(error, errors.ApiError)
    return error


def check(api: Api, mock: Mock, error: errors.ApiError, failure: str) -> None:
    """Hold an error against what the specification says of a failure."""
    spec = declared(api.name)
    code = spec.failures[failure]
    body = json.loads(error.body)
    assert (code, api.module.ERRORS[code].error) == (error.code, type(error))
    assert (int(code) if spec.envelope.base == "integer" else code) == body[spec.envelope.code]
    assert spec.errors[code].message.rstrip(".") in body[spec.envelope.message[0]]
    assert spec.errors[code].http == error.status
    assert failure in [request.verdict for request in mock.requests if request.operation == error.operation]
    assert [] == mock.executed


@pytest.mark.parametrize("api", APIS, ids=label)
def test_wrong_secret(api: Api, mock: Mock) -> None:
    """A signature made with another secret is refused."""
    operation = once(api)
    error = refused(api, mock, operation, api.arguments(operation), api_secret="another")
    check(api, mock, error, "wrong_signature")


@pytest.mark.parametrize("api", APIS, ids=label)
def test_unknown_key(api: Api, mock: Mock) -> None:
    """A key that the exchange never gave out is refused."""
    operation = once(api)
    error = refused(api, mock, operation, api.arguments(operation), api_key="another")
    check(api, mock, error, "unknown_key")


@pytest.mark.parametrize("api", APIS, ids=label)
def test_stale_timestamp(api: Api, mock: Mock) -> None:
    """A request that is hours old is refused, and remains so if the clock can't be set right."""
    ever_later = itertools.count(1)
    operation = once(api)
    error = refused(api, mock, operation, api.arguments(operation), clock=lambda: mock.now() - next(ever_later) * HOUR)
    check(api, mock, error, "wrong_time")


@pytest.mark.parametrize("api", APIS, ids=label)
def test_missing_parameter(api: Api, mock: Mock) -> None:
    """A mandatory parameter that is not sent is missed."""
    operation = once(api)
    arguments = api.arguments(operation)
    del arguments[operation.required[0].name]
    check(api, mock, refused(api, mock, operation, arguments, validate=False), "missing_param")


@pytest.mark.parametrize("api", APIS, ids=label)
def test_value_out_of_range(api: Api, mock: Mock) -> None:
    """A value that no declaration allows is refused."""
    operation, name, value = next(filter(None, map(outside, api.operations)))
    error = refused(api, mock, operation, api.arguments(operation) | {name: value}, validate=False)
    check(api, mock, error, "wrong_param")


def outside(operation: Operation[Any]) -> tuple[Operation[Any], str, object] | None:
    """Find a parameter with bounds, and a value beyond them."""
    for param in operation.params:
        value = beyond(param)
        if value is not None and not operation.schemes:
            return operation, param.name, value
    return None


def beyond(param: Param) -> object:
    if param.maximum is not None:
        return int(param.maximum) + 1
    if param.minimum is not None:
        return param.minimum - Decimal(1)
    if param.max_items is not None and isinstance(param.kind, ListOf) and param.kind.item == "string":
        return ["1"] * (param.max_items + 1)
    return "?" if param.pattern is not None and param.kind == "string" else None


@pytest.mark.parametrize("api", APIS, ids=label)
def test_unknown_symbol(api: Api, mock: Mock) -> None:
    """A pair that is not offered is refused with the code that the specification names for it."""
    operation = read(api)
    code = declared(api.name).failures["unknown_symbol"]
    mock.fail(operation.full_name, code)
    error = refused(api, mock, operation, api.arguments(operation))
    assert (code, api.module.ERRORS[code].error) == (error.code, type(error))


@pytest.mark.parametrize("api", APIS, ids=label)
def test_unknown_code(api: Api, mock: Mock) -> None:
    """A code that the specification does not list arrives whole, as an unknown error."""
    operation = read(api)
    mock.fail(operation.full_name, 987654, "Mercury is in retrograde")
    error = refused(api, mock, operation, api.arguments(operation))
    assert (errors.UnknownError, "987654", "Mercury is in retrograde") == (type(error), error.code, error.message)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_nothing_is_sent_without_credentials(api: Api, mock: Mock) -> None:
    """A call that needs a signature fails before it is sent, and says what it needs."""
    operation = read(api)
    nothing = dict.fromkeys(mock.credentials)
    with client(api, mock, **nothing) as caller, pytest.raises(errors.InvalidRequest, match="needs credentials"):
        caller.call(operation, **api.arguments(operation))
    assert [] == mock.requests
