"""An empty string is "not given": it is not sent, satisfies no rule, and is no id and no credential."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.support.apis import APIS, OPERATIONS, Api, label
from venues.core.request.operation import Operation
from venues.core.request.params import Fields, ListOf, Param
from venues.core.request.rules import Rule
from venues.errors import InvalidRequest


@pytest.mark.parametrize(("api", "operation"), OPERATIONS, ids=label)
def test_empty_string_is_not_sent(api: Api, operation: Operation[Any]) -> None:
    """Each optional parameter given as "" makes the request that it makes when it is left out."""
    given = operation.to_wire(api.arguments(operation))
    for param in operation.params:
        if not param.required:
            without = {wire: value for wire, value in given.items() if wire != param.wire}
            assert encoded(operation, without) == encoded(operation, {**without, param.wire: ""})


def encoded(operation: Operation[Any], given: dict[str, object]) -> dict[str, object] | str:
    try:
        return operation.encode(given, validate=True)
    except InvalidRequest as error:
        return str(error)


@pytest.mark.parametrize(("api", "operation"), OPERATIONS, ids=label)
def test_empty_string_is_missing_where_something_must_be_given(api: Api, operation: Operation[Any]) -> None:
    """A required parameter given as "" is missing."""
    given = operation.to_wire(api.arguments(operation))
    for param in operation.required:
        with pytest.raises(InvalidRequest, match=f"{param.name}.* must be given"):
            operation.encode({**given, param.wire: ""}, validate=True)


PAIR = (Param("a", "a", "string"), Param("b", "b", "string"))


@pytest.mark.parametrize("value", [None, ""])
def test_empty_string_satisfies_no_rule(value: object) -> None:
    """Neither does it break one."""
    one = Operation[Any]("g", "o", "GET", "/", "none", "read", None, params=PAIR, rules=(Rule("one_of", ("a", "b")),))
    with pytest.raises(InvalidRequest, match="exactly one"):
        one.encode({"a": value}, validate=True)
    assert {"b": "x"} == one.encode({"a": value, "b": "x"}, validate=True)


def test_empty_string_inside_an_object_is_not_sent() -> None:
    """Members of what is sent are given or not as parameters are."""
    order = Fields("Order", (Param("id", "id", "string"), Param("size", "size", "decimal", required=True)))
    orders = Param("orders", "orders", ListOf(order), write="json")
    call = Operation[Any]("g", "o", "POST", "/", "none", "once", None, carrier="json", params=(orders,))
    sent = call.encode({"orders": [{"id": "", "size": Decimal(1)}]}, validate=True)
    assert "id" not in str(sent)
    with pytest.raises(InvalidRequest, match="size must be given"):
        call.encode({"orders": [{"id": "x", "size": ""}]}, validate=True)


def test_list_that_would_be_sent_as_an_empty_string_is_refused() -> None:
    """A list of ids that turned out empty must not become "all"."""
    ids = Param("ids", "ids", ListOf("string"), write="comma")
    call = Operation[Any]("g", "o", "POST", "/", "none", "once", None, params=(ids,))
    with pytest.raises(InvalidRequest, match="ids is empty"):
        call.encode({"ids": []}, validate=False)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_empty_credential_is_none(api: Api) -> None:
    """A client whose key is "" has no key, and says so before anything is sent."""
    maker: Any = api.client
    signed = next(o for o in api.operations if o.auth == "signed" and not o.schemes)
    client = maker(**dict.fromkeys(api.client.PROFILE.credentials, ""))
    with pytest.raises(InvalidRequest, match="needs credentials"):
        client.call(signed, **api.arguments(signed))


def test_json_keeps_its_empty_strings() -> None:
    """What is free JSON by its type is sent as it is, below the top."""
    free = Param("free", "free", "json", write="json")
    call = Operation[Any]("g", "o", "POST", "/", "none", "once", None, carrier="json", params=(free,))
    assert {"free": {"a": ""}} == json.loads(json.dumps(call.encode({"free": {"a": ""}}, validate=True)))
