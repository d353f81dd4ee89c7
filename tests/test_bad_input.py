"""What an exchange refuses: its own envelope is answered, and the right error is raised."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import pytest

from tests.support.apis import APIS, Api, label
from tests.support.mocks import async_client, client, once, read
from venues import errors
from venues.core.request.operation import Operation
from venues.core.request.params import ListOf, Param
from venues.errors import VenueError
from venues.mock import Mock
from venues.mock.declared.api import load_api

HOUR = 3_600_000
Refuse = Callable[..., VenueError]


def sync_error(
    api: Api, mock: Mock, operation: Operation[Any], arguments: dict[str, Any], **options: Any
) -> VenueError:
    with client(api, mock, **options) as caller, pytest.raises(VenueError) as caught:
        caller.call(operation, **arguments)
    return caught.value


def async_error(
    api: Api, mock: Mock, operation: Operation[Any], arguments: dict[str, Any], **options: Any
) -> VenueError:
    async def call() -> VenueError:
        async with async_client(api, mock, **options) as caller:
            with pytest.raises(VenueError) as caught:
                await caller.call(operation, **arguments)
        return caught.value

    return asyncio.run(call())


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


@pytest.fixture(params=[sync_error, async_error], ids=["sync", "async"])
def error_of(request: pytest.FixtureRequest) -> Refuse:
    """How to call: returns the error of a call that fails."""
    how: Refuse = request.param
    return how


def refusal(error: VenueError) -> errors.ApiError:
    """Return what the exchange said."""
    found = error.__cause__ if isinstance(error, errors.ExecutionUnknown) else error
    assert isinstance(found, errors.ApiError)
    return found


def check(api: Api, mock: Mock, raised: VenueError, failure: str, code: str | None = None) -> None:
    """Hold an error against what the specification says of a failure."""
    spec, error = load_api(api.name), refusal(raised)
    code = code or spec.failures[failure]
    body = json.loads(error.body)
    assert (code, api.module.ERRORS[code].error) == (error.code, type(error))
    assert (int(code) if spec.envelope.base == "integer" else code) == body[spec.envelope.code]
    assert spec.errors[code].message.rstrip(".") in body[spec.envelope.message[0]]
    assert spec.errors[code].http == error.status
    assert failure in [request.verdict for request in mock.requests if request.operation == error.operation]
    assert [] == mock.executed


@pytest.mark.parametrize("api", APIS, ids=label)
def test_wrong_secret(api: Api, mock: Mock, error_of: Refuse) -> None:
    """A signature made with another secret is refused."""
    operation = once(api)
    error = error_of(api, mock, operation, api.arguments(operation), api_secret="another")
    check(api, mock, error, "wrong_signature")


@pytest.mark.parametrize("api", APIS, ids=label)
def test_unknown_key(api: Api, mock: Mock, error_of: Refuse) -> None:
    """A key that the exchange never gave out is refused."""
    operation = once(api)
    error = error_of(api, mock, operation, api.arguments(operation), api_key="another")
    check(api, mock, error, "unknown_key")


@pytest.mark.parametrize("api", APIS, ids=label)
def test_stale_timestamp(api: Api, mock: Mock, error_of: Refuse) -> None:
    """A request that is hours old is refused, and remains so if the clock can't be set right."""
    ever_later = itertools.count(1)
    operation = once(api)
    error = error_of(api, mock, operation, api.arguments(operation), clock=lambda: mock.now() - next(ever_later) * HOUR)
    check(api, mock, error, "wrong_time")


@pytest.mark.parametrize("api", APIS, ids=label)
def test_missing_parameter(api: Api, mock: Mock, error_of: Refuse) -> None:
    """A mandatory parameter that is not sent is missed."""
    operation = once(api)
    arguments = api.arguments(operation)
    # The client makes an id where none is given.
    del arguments[next(param.name for param in operation.required if param.wire != operation.client_id)]
    check(api, mock, error_of(api, mock, operation, arguments, validate=False), "missing_param")


@pytest.mark.parametrize("api", APIS, ids=label)
def test_value_out_of_range(api: Api, mock: Mock, error_of: Refuse) -> None:
    """A value that no declaration allows is refused."""
    operation, name, value = next(filter(None, map(outside, api.operations)))
    error = error_of(api, mock, operation, api.arguments(operation) | {name: value}, validate=False)
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
def test_unknown_symbol(api: Api, mock: Mock, error_of: Refuse) -> None:
    """A pair that the exchange does not offer is refused, with the code that the operation names for it, if any."""
    operation, name = next((o, p.name) for o in api.operations for p in o.params if p.wire == "symbol" and p.required)
    symbol = api.arguments(operation)[name]
    unknown = symbol.replace("BTC", "NOPE").replace("btc", "nope")
    error = error_of(api, mock, operation, api.arguments(operation) | {name: unknown})
    check(api, mock, error, "unknown_symbol", own_code(api, operation))


def own_code(api: Api, operation: Operation[Any]) -> str | None:
    """Return the code with which an operation says that there is no such symbol, if it has one."""
    codes = load_api(api.name).by_name[operation.full_name].errors
    return next((code for code in codes if api.module.ERRORS[code].error is errors.SymbolNotFound), None)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_any_symbol(api: Api, mock: Mock) -> None:
    """Who trades what the specification has not heard of says so, and every symbol is offered."""
    operation, name = next((o, p.name) for o in api.operations for p in o.params if p.wire == "symbol" and p.required)
    unknown = api.arguments(operation)[name].replace("BTC", "NOPE").replace("btc", "nope")
    mock.any_symbol = True
    try:
        with client(api, mock) as caller:
            caller.call(operation, **api.arguments(operation) | {name: unknown})
    finally:
        mock.any_symbol = False
    assert "accepted" == mock.requests[-1].verdict


@pytest.mark.parametrize("api", APIS, ids=label)
def test_unknown_code(api: Api, mock: Mock, error_of: Refuse) -> None:
    """A code that the specification does not list arrives whole, as an unknown error."""
    operation = read(api)
    mock.fail(operation.full_name, 987654, "Mercury is in retrograde")
    error = refusal(error_of(api, mock, operation, api.arguments(operation)))
    assert (errors.UnknownError, "987654", "Mercury is in retrograde") == (type(error), error.code, error.message)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_nothing_is_sent_without_credentials(api: Api, mock: Mock, error_of: Refuse) -> None:
    """A call that needs a signature fails before it is sent, and says what it needs."""
    operation = read(api)
    nothing = dict.fromkeys(mock.credentials)
    with client(api, mock, **nothing) as caller, pytest.raises(errors.InvalidRequest, match="needs credentials"):
        caller.call(operation, **api.arguments(operation))
    assert [] == mock.requests


AUTHENTICATION, TIME, PARAMETER = errors.AuthenticationFailed, errors.ClockSkew, errors.InvalidParameter
REJECTED = errors.OrderRejected
MEANT: dict[str, tuple[type[errors.ApiError], ...]] = {
    "missing_key": (AUTHENTICATION,),
    "unknown_key": (AUTHENTICATION,),
    "wrong_signature": (AUTHENTICATION,),
    "missing_signature": (AUTHENTICATION, PARAMETER),
    "missing_time": (TIME, PARAMETER),
    "wrong_time": (TIME, PARAMETER, AUTHENTICATION),
    "missing_param": (PARAMETER,),
    "wrong_param": (PARAMETER,),
    "unknown_path": (PARAMETER,),
    "unknown_symbol": (errors.SymbolNotFound, PARAMETER),
    "too_many": (errors.RateLimited,),
    "replayed": (AUTHENTICATION,),
    "insufficient_balance": (errors.InsufficientBalance, REJECTED),
    **dict.fromkeys(("off_tick", "off_step", "price_too_low", "price_too_high"), (PARAMETER,)),
    **dict.fromkeys(("quantity_too_low", "quantity_too_high", "value_too_low", "value_too_high"), (PARAMETER,)),
    "too_many_orders": (errors.RiskLimitExceeded, PARAMETER),
    "no_position": (REJECTED, errors.OrderNotFound),
    "wrong_position_side": (PARAMETER,),
    **dict.fromkeys(("would_trigger", "would_take", "no_market"), (REJECTED,)),
}
"""What may be raised: where an exchange has no code of its own for a failure, that of the next wider one."""


def meant_by(api: Api, named: str) -> type[errors.ApiError] | None:
    """Return what is raised for a code, or for a code and the message that narrows it."""
    code, _, message = named.partition(" ")
    found: type[errors.ApiError] | None = api.module.ERRORS[code].with_message(message).error
    return found


@pytest.mark.parametrize("api", APIS, ids=label)
def test_failures_are_raised_as_what_they_are(api: Api) -> None:
    """Each failure that an exchange names has the class of its kind, and the common ones are all named."""
    raised = {failure: meant_by(api, named) for failure, named in load_api(api.name).failures.items()}
    assert {} == {failure: error for failure, error in raised.items() if error not in MEANT[failure]}
    common = {"unknown_key", "wrong_signature", "wrong_time", "missing_param", "wrong_param", "unknown_symbol"}
    assert set() == common - raised.keys()
    companions = {api.module.ERRORS[code].error for code in load_api(api.name).wrong_credentials.values()}
    assert companions <= {AUTHENTICATION}
