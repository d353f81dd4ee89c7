"""Calls a sync or an async client in the same words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.apis import Api
from tests.support.waiting import PATIENCE
from venues.core.async_client import AsyncCore
from venues.core.client import SyncCore
from venues.core.request.messages import Response
from venues.core.request.operation import Operation
from venues.errors import DecodeError, ExecutionUnknown
from venues.mock import Mock
from venues.retry import Retry

QUICK = Retry(attempts=4, first=0.0)
BRIEF = 0.1
"""Seconds that a client waits for a mock exchange that will not answer; whoever has no more must expect it of every call."""


class Caller:
    """A client of either kind."""

    def __init__(self, client: SyncCore | AsyncCore) -> None:
        self.client = client
        self._runner = asyncio.Runner()

    def call(self, operation: Operation[Any], arguments: dict[str, Any]) -> Response[Any]:
        answer = self.client.call(operation, **arguments)
        return answer if isinstance(answer, Response) else self._runner.run(answer)

    def reconcile(self, error: ExecutionUnknown | DecodeError) -> Any:
        if isinstance(self.client, SyncCore):
            return self.client.reconcile(error, settle=0)
        return self._runner.run(self.client.reconcile(error, settle=0))

    def close(self) -> None:
        closing = self.client.close()
        if closing is not None:
            self._runner.run(closing)
        self._runner.close()


@contextmanager
def caller(api: Api, mock: Mock, kind: str, **options: Any) -> Iterator[Caller]:
    """Open a client of an API against a mock exchange."""
    chosen: Any = {"base_url": mock.url, "timeout": PATIENCE, "retry": QUICK, "limiter": "off", **options}
    maker: Any = api.client if kind == "sync" else api.async_client
    made = maker(**mock.credentials, **chosen)
    driver = Caller(made)
    try:
        yield driver
    finally:
        driver.close()
