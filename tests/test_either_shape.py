"""Where documentation and reality tell two shapes of an answer, both are read, and callers see one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.apis import APIS, Api
from tests.support.mocks import Deviations, async_client, client
from venues.core.request.operation import Operation
from venues.mock import Mock

BY_NAME = {api.name: api for api in APIS}
Shape = Callable[[Any], Any]
"""Makes a body of the payload of the example."""

SHAPES: list[tuple[str, str, str, Shape]] = [
    ("bingx_swap", "account.get_balance", "directly under data", lambda data: {"code": 0, "msg": "", "data": data}),
    ("bingx_swap", "account.get_balance", "under account", lambda data: {"code": 0, "data": {"account": data}}),
    ("bingx_swap", "account.get_balance", "message for msg", lambda data: {"code": 0, "message": "", "data": data}),
    ("bingx_swap", "account.get_balance", "its code as text", lambda data: {"code": "0", "msg": "", "data": data}),
    ("bingx_swap", "market.get_contracts", "a bare list", lambda data: {"code": 0, "data": data}),
    ("bingx_swap", "market.get_contracts", "under contracts", lambda data: {"code": 0, "data": {"contracts": data}}),
    ("bingx_swap", "market.get_tickers", "a bare object", lambda data: {"code": 0, "data": data}),
    ("bingx_swap", "market.get_tickers", "a list", lambda data: {"code": 0, "data": [data]}),
    ("bingx_swap", "market.get_tickers", "a list under tickers", lambda data: {"code": 0, "data": {"tickers": [data]}}),
    ("bingx_swap", "trade.get_forced_orders", "a bare object", lambda data: {"code": 0, "data": data}),
    ("bingx_swap", "trade.get_forced_orders", "under orders", lambda data: {"code": 0, "data": {"orders": [data]}}),
    ("aster_futures", "account.get_leverage_brackets", "an object", lambda data: data),
    ("aster_futures", "account.get_leverage_brackets", "a list", lambda data: [data]),
    ("aster_futures", "market.get_tickers", "an object", lambda data: data),
    ("aster_futures", "market.get_tickers", "a list", lambda data: [data]),
    ("aster_futures", "trade.cancel_all_open_orders", "200 as text", lambda data: data | {"code": "200"}),
    ("aster_futures", "trade.cancel_all_open_orders", "200 as a number", lambda data: data | {"code": 200}),
    ("aster_futures", "account.set_margin_type", "200 as a number", lambda data: data | {"code": 200}),
]


def prepared(mock: Mock, api: Api, full_name: str, shape: Shape) -> tuple[Operation[Any], dict[str, Any]]:
    """Let the mock answer the example in a shape; return the operation and what to call it with."""
    operation = next(operation for operation in api.operations if operation.full_name == full_name)
    example = json.loads(api.response(operation))
    bare = isinstance(example, list) or "data" not in example
    mock.answer(full_name, json.dumps(shape(example if bare else example["data"])))
    return operation, api.arguments(operation)


@pytest.mark.parametrize(
    ("name", "full_name", "_", "shape"), SHAPES, ids=lambda value: value if isinstance(value, str) else ""
)
async def test_both_shapes_are_one(name: str, full_name: str, _: str, shape: Shape) -> None:
    """What is answered in either shape is what the example gives, without a deviation, sync and async."""
    api, hooks = BY_NAME[name], Deviations()
    with Mock(name, remembers=False) as mock, client(api, mock, hooks=hooks) as caller:
        operation, arguments = prepared(mock, api, full_name, shape)
        found = caller.call(operation, **arguments).data
        async with async_client(api, mock, hooks=hooks) as twin:
            assert found == (await twin.call(operation, **arguments)).data
        mock.forget()
        assert caller.call(operation, **arguments).data == found
    assert [] == hooks.found


def test_a_list_that_is_null_is_none() -> None:
    """No positions and no orders may arrive as null, where the samples have lists."""
    api = BY_NAME["bingx_swap"]
    with Mock("bingx_swap", remembers=False) as mock, client(api, mock) as caller:
        for full_name, name in (("account.get_positions", "positions"), ("trade.get_pending_orders", "orders")):
            mock.answer(full_name, {name: None})
            operation = next(operation for operation in api.operations if operation.full_name == full_name)
            assert getattr(caller.call(operation).data, name) is None
