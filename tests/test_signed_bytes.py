"""Whatever an argument holds, it is signed as it is sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.apis import APIS, Api, label
from tests.support.mocks import arrived
from venues.core.request.operation import Operation
from venues.mock.exchange import Exchange

NOW = 1_795_132_800_000
HOST = "https://exchange.invalid"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
"""Any text that can be encoded; an empty one is not sent."""


def text_params(operation: Operation[Any]) -> list[str]:
    """Return the texts of an operation that go into a query or a body."""
    return [p.name for p in operation.params if p.kind == "string" and p.place not in ("path", "header")]


def signed_operations(api: Api) -> list[Operation[Any]]:
    """Return the signed operations that send a text."""
    return [operation for operation in api.operations if operation.auth == "signed" and text_params(operation)]


@pytest.mark.parametrize("api", APIS, ids=label)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_argument_is_signed_as_it_is_sent(api: Api, data: st.DataObject) -> None:
    """The mock exchange, which reads the raw request and shares no code with the client, finds every signature right."""
    operation = data.draw(st.sampled_from(signed_operations(api)))
    changed = {
        name: data.draw(TEXTS) for name in data.draw(st.sets(st.sampled_from(text_params(operation)), min_size=1))
    }
    exchange = Exchange(api.name, clock=lambda: NOW, remembers=False)
    maker: Any = api.client
    client = maker(**exchange.credentials, base_url=HOST, clock=lambda: NOW, validate=False)
    exchange.receive(arrived(client.prepare(operation, **api.arguments(operation) | changed)))
    assert "signature" not in exchange.requests[-1].verdict
