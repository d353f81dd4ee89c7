"""Mock exchanges and the clients that talk to them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, get_args, get_origin
from urllib.parse import urlsplit

from multidict import CIMultiDict

from tests.support.apis import Api
from tests.support.waiting import PATIENCE
from venues.core.answer.models import ArrayModel, Model
from venues.core.async_client import AsyncCore
from venues.core.client import SyncCore
from venues.core.request.messages import Request
from venues.core.request.operation import Operation
from venues.hooks import Hooks
from venues.mock import Mock, Received
from venues.retry import NEVER


class Deviations(Hooks):
    """Collects what had to be mended."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def on_deviation(self, operation: str, path: str, what: str) -> None:
        self.found.append((operation, path, what))


def client(api: Api, mock: Mock, **options: Any) -> SyncCore:
    """Return a client that sends once and waits for no limit."""
    made: Any = api.client
    client: SyncCore = made(**_options(mock, options))
    return client


def async_client(api: Api, mock: Mock, **options: Any) -> AsyncCore:
    """Return the async twin."""
    made: Any = api.async_client
    client: AsyncCore = made(**_options(mock, options))
    return client


def _options(mock: Mock, options: dict[str, Any]) -> dict[str, Any]:
    usual = {"base_url": mock.url, "limiter": "off", "retry": NEVER, "timeout": PATIENCE}
    return {**mock.credentials, **usual, **options}


def is_what_was_promised(value: object, promised: Any) -> bool:
    """Whether the outer shape of a payload is that of its type; the decoder has seen to the inner."""
    origin = get_origin(promised)
    if promised is Any or promised is None:
        return promised is Any or value is None
    if origin is list:
        return isinstance(value, list) and all(is_what_was_promised(one, get_args(promised)[0]) for one in value)
    if origin is dict:
        return isinstance(value, dict)
    if isinstance(promised, type) and issubclass(promised, (Model, ArrayModel)):
        return type(value) is promised
    return isinstance(value, getattr(promised, "__supertype__", promised))


def once(api: Api) -> Operation[Any]:
    """Return an operation that must happen once: one that places an order under an id of the caller's own, if any."""
    operations = [
        operation for operation in api.operations if operation.effect == "once" and operation.auth == "signed"
    ]
    return next((operation for operation in operations if operation.client_id), operations[0])


def read(api: Api) -> Operation[Any]:
    """Return an operation that needs a signature and changes nothing."""
    return next(o for o in api.operations if o.effect == "read" and o.auth == "signed" and not o.schemes)


def arrived(request: Request, **changes: Any) -> Received:
    """Return a request as a mock exchange would receive it, perhaps changed on the way."""
    parts = urlsplit(request.url)
    made = Received(request.method, parts.path, parts.query, CIMultiDict(request.headers), request.body)
    return replace(made, **changes)


def wait_for_requests(mock: Mock, count: int) -> None:
    """Wait until a mock exchange has seen so many; what a client gave up on may arrive late."""
    end = time.monotonic() + PATIENCE
    while len(mock.requests) < count:
        if time.monotonic() > end:
            raise AssertionError(f"in vain waited for {count} requests; there came {mock.requests}")
        time.sleep(0.001)


def without(received: Received, name: str) -> Received:
    """Return a request without a header or parameter."""
    headers = {key: value for key, value in received.headers.items() if key != name}
    query, body = (_dropped(text, name) for text in (received.query, received.body.decode()))
    return replace(received, headers=CIMultiDict(headers), query=query, body=body.encode())


def _dropped(pairs: str, name: str) -> str:
    return "&".join(pair for pair in pairs.split("&") if not pair.startswith(f"{name}="))
