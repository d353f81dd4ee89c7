"""Clients whose exchange is a function: it is asked once a request, and what it returns is the answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from tests.support.apis import Api
from venues.core.request.messages import Reply, Request, Response
from venues.core.request.operation import Operation
from venues.errors import ApiError, VenueError
from venues.hooks import Hooks
from venues.retry import Retry

KINDS = ("sync", "async")
Answer = Callable[[Request], Reply]
QUICK = Retry(attempts=3, first=0.0)


def is_refused_with(error: ApiError, declared: str | None) -> bool:
    """Whether an error has a code; where a code means several things, its message follows: `-2010 Duplicate order sent.`."""
    code, _, says = (declared or "").partition(" ")
    return code == error.code and says in error.message


class Replying:
    """A transport of a sync client."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.requests: list[Request] = []

    def send(self, request: Request, timeout: float) -> Reply:
        self.requests.append(request)
        return self._answer(request)

    def close(self) -> None:
        pass


class AsyncReplying(Replying):
    """Its twin."""

    async def send(self, request: Request, timeout: float) -> Reply:  # type: ignore[override]
        return super().send(request, timeout)

    async def close(self) -> None:  # type: ignore[override]
        pass


class Outcome:
    """What came of one call: what it returned or raised, and how often it was sent."""

    def __init__(self, answer: Response[Any] | None, error: VenueError | None, requests: list[Request]) -> None:
        self.data = answer.data if answer is not None else None
        self.error = error
        self.requests = requests

    @property
    def kind(self) -> type[VenueError] | None:
        return type(self.error) if self.error is not None else None


def ask(
    api: Api, operation: Operation[Any], answer: Answer | Reply, kind: str, *, hooks: Hooks | None = None, **given: Any
) -> Outcome:
    """Call an operation with its example (some arguments changed) by a client of either kind."""
    respond: Answer = answer if callable(answer) else lambda request: answer
    transport = Replying(respond) if kind == "sync" else AsyncReplying(respond)
    maker: Any = api.client if kind == "sync" else api.async_client
    credentials = dict.fromkeys(next(iter(api.client.PROFILE.signers())).credentials, "mock-credential")
    client = maker(**credentials, transport=transport, retry=QUICK, limiter="off", hooks=hooks)
    arguments = {**api.arguments(operation), **given}
    try:
        called = client.call(operation, **arguments)
        found = called if kind == "sync" else asyncio.run(_awaited(called))
    except VenueError as error:
        return Outcome(None, error, transport.requests)
    return Outcome(found, None, transport.requests)


async def _awaited(called: Any) -> Response[Any]:
    found: Response[Any] = await called
    return found


def enveloped(api: Api, operation: Operation[Any], payload: object) -> bytes:
    """Return the body that answers a payload with success."""
    envelope = api.client.PROFILE.envelope
    if envelope.data is None or operation.payload == "body":
        return json.dumps(payload).encode()
    example = json.loads(api.response(operation))
    return json.dumps({**example, envelope.data: payload}).encode()


def with_code(api: Api, code: object, message: str = "?") -> bytes:
    """Return the body of an error."""
    envelope = api.client.PROFILE.envelope
    return json.dumps({envelope.code: code, envelope.messages[0]: message}).encode()


def as_number(code: str) -> object:
    """Return a code as the exchanges write it that have numbers."""
    return int(code) if code.lstrip("-").isdecimal() and code == str(int(code)) else code
