"""BTC/USDT, where an exchange spells it otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.apis import APIS, Api
from venues.aster_futures.streams import channels
from venues.core.request.operation import Operation
from venues.errors import InvalidRequest


def with_symbol(api: Api) -> list[Operation[Any]]:
    """Return the operations that take one symbol."""
    return [operation for operation in api.operations if "symbol" in operation.by_name]


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_a_slash_is_explained(api: Api) -> None:
    """A call with BTC/USDT says how to find the spelling, before anything is sent."""
    operations = with_symbol(api)
    assert operations
    for operation in operations:
        client: Any = api.client
        with pytest.raises(
            InvalidRequest, match=r"client\.symbols\.find\('BTC/USDT'\) returns the exchange's spelling"
        ):
            client().prepare(operation, **(api.arguments(operation) | {"symbol": "BTC/USDT"}))


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_who_wants_no_checks_gets_none(api: Api) -> None:
    """With `validate=False` the exchange decides."""
    operation = with_symbol(api)[0]
    sent = operation.encode({**operation.to_wire(api.arguments(operation)), "symbol": "BTC/USDT"}, validate=False)
    assert "BTC/USDT" == sent["symbol"]


def test_a_slash_in_a_channel_is_explained() -> None:
    """A subscription to BTC/USDT says so, too."""
    with pytest.raises(InvalidRequest, match=r"client\.symbols\.find"):
        channels.BookTicker(symbol="BTC/USDT")
