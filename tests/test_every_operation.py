"""Every operation of every API, called with its example over a socket, sync and async."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.support.apis import APIS, OPERATIONS, Api, label
from tests.support.mocks import Deviations, async_client, client, is_what_was_promised
from venues.core.client import SyncCore
from venues.core.request.messages import Response
from venues.core.request.operation import Operation
from venues.mock import Mock


@pytest.fixture(scope="module")
def mocks() -> Iterator[dict[str, Mock]]:
    """One mock exchange an API."""
    with ExitStack() as stack:
        yield {api.name: stack.enter_context(Mock(api.name, remembers=False)) for api in APIS}


@pytest.fixture(scope="module")
def clients(mocks: dict[str, Mock]) -> Iterator[dict[str, tuple[SyncCore, Deviations]]]:
    """One sync client an API, and what it had to mend."""
    with ExitStack() as stack:
        made = {}
        for api in APIS:
            hooks = Deviations()
            made[api.name] = stack.enter_context(client(api, mocks[api.name], hooks=hooks)), hooks
        yield made


@pytest.mark.parametrize(("api", "operation"), OPERATIONS, ids=label)
def test_answers_typed_data(
    api: Api, operation: Operation[Any], mocks: dict[str, Mock], clients: dict[str, tuple[SyncCore, Deviations]]
) -> None:
    """The example call is accepted, and its answer needs no mending."""
    caller, hooks = clients[api.name]
    answer = caller.call(operation, **api.arguments(operation))
    check(answer, operation, mocks[api.name], hooks)


@pytest.mark.parametrize(("api", "operation"), OPERATIONS, ids=label)
async def test_answers_typed_data_async(api: Api, operation: Operation[Any], mocks: dict[str, Mock]) -> None:
    """The async twin does the same."""
    hooks = Deviations()
    async with async_client(api, mocks[api.name], hooks=hooks) as caller:
        answer = await caller.call(operation, **api.arguments(operation))
    check(answer, operation, mocks[api.name], hooks)


def check(answer: Response[Any], operation: Operation[Any], mock: Mock, hooks: Deviations) -> None:
    assert (operation.full_name, "accepted") == (mock.requests[-1].operation, mock.requests[-1].verdict)
    assert 200 == answer.status
    assert is_what_was_promised(answer.data, operation.returns), answer.data
    assert [] == hooks.found
