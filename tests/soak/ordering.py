"""Places orders over each transport, several at a time, and asks what became of those that were lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

from tests.soak.judging import Case
from tests.soak.wild_exchange import VISIBLE_MS, WildExchange
from tests.support.apis import Api
from venues.core.async_client import AsyncCore
from venues.core.client import SyncCore
from venues.core.request.messages import Response
from venues.core.request.operation import Operation
from venues.errors import DecodeError, ExecutionUnknown
from venues.fast import AsyncFastTransport, FastTransport
from venues.outcome import Outcome
from venues.retry import Retry

TRANSPORTS: dict[str, Callable[[], Any]] = {
    "urllib3": lambda: None,
    "aiohttp": lambda: None,
    "fast": FastTransport,
    "fast async": AsyncFastTransport,
}
"""Transports by name; None is the default of its client."""
QUICK = Retry(attempts=3, first=0.0)


class Orderer:
    """A client of either kind, and the orders that it places."""

    def __init__(self, api: Api, operation: Operation[Any], transport: str, exchange: WildExchange) -> None:
        self._operation, self._exchange = operation, exchange
        self._arguments = api.arguments(operation)
        self._own = operation.by_wire[str(operation.client_id)].name
        made: Any = api.async_client if transport in ("aiohttp", "fast async") else api.client
        options: dict[str, Any] = {"base_url": exchange.url, "timeout": exchange.timeout, "clock": exchange.clock}
        self._client: SyncCore | AsyncCore = made(
            **exchange.credentials, **options, retry=QUICK, limiter="off", transport=TRANSPORTS[transport]()
        )
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        closing = self._client.close()
        if closing is not None:
            self._runner.run(closing)
        self._runner.close()

    def place(self, client_ids: Sequence[str]) -> list[Case]:
        """Place orders at the same time, and reconcile those whose outcome is unknown, one after the other."""
        truths = [self._exchange.expect(client_id) for client_id in client_ids]
        if isinstance(self._client, SyncCore):
            with ThreadPoolExecutor(len(client_ids)) as threads:
                answers = list(threads.map(self._order, client_ids))
        else:
            answers = self._runner.run(self._order_all(client_ids))
        self._exchange.wait_until_quiet()
        cases = [Case(own, truth, *said) for own, truth, said in zip(client_ids, truths, answers, strict=True)]
        lost = [case for case in cases if isinstance(case.answer, (ExecutionUnknown, DecodeError))]
        for case in lost:
            case.outcomes = (self._reconcile(case),)
        self._exchange.clock.skip(VISIBLE_MS)
        for case in lost:
            case.outcomes += (self._reconcile(case),)
        return cases

    def _order(self, client_id: str) -> tuple[Response[object] | BaseException, float]:
        begun = time.monotonic()
        try:
            answer: Any = self._client.call(self._operation, **{**self._arguments, self._own: client_id})
        except Exception as error:  # whatever it is, it is judged
            answer = error
        return answer, time.monotonic() - begun

    async def _order_all(self, client_ids: Sequence[str]) -> list[tuple[Response[object] | BaseException, float]]:
        return await asyncio.gather(*(self._order_async(client_id) for client_id in client_ids))

    async def _order_async(self, client_id: str) -> tuple[Response[object] | BaseException, float]:
        begun = time.monotonic()
        try:
            called: Any = self._client.call(self._operation, **{**self._arguments, self._own: client_id})
            answer: Response[object] | BaseException = await called
        except Exception as error:  # whatever it is, it is judged
            answer = error
        return answer, time.monotonic() - begun

    def _reconcile(self, case: Case) -> Outcome[object]:
        assert isinstance(case.answer, (ExecutionUnknown, DecodeError))
        self._exchange.asked_about = case.client_id
        asked: Any = self._client.reconcile(case.answer, settle=0)
        outcome: Outcome[object] = asked if isinstance(asked, Outcome) else self._runner.run(asked)
        return outcome
