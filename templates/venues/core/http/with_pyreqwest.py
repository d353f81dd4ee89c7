"""HTTP by pyreqwest, the extra `fast`, for both kinds of client."""

from __future__ import annotations

import os
from datetime import timedelta

from venues.core.request.operation import Reply, Request
from venues.errors import ConnectionFailed, ConnectionLost, InvalidRequest, RequestTimeout

try:
    from pyreqwest.client import Client, ClientBuilder, SyncClient, SyncClientBuilder
    from pyreqwest.exceptions import PyreqwestError, RequestTimeoutError
except ModuleNotFoundError as _missing:
    raise ModuleNotFoundError("this needs the extra `fast`: pip install 'venues[fast]'", name=_missing.name) from None

PROOF = "client error (Connect)"
"""The only words in a chain of causes that prove that nothing was sent; a test fails if they change."""


class FastTransport:
    """Keeps connections open and reuses them."""

    def __init__(self, connections: int = 32) -> None:
        builder = SyncClientBuilder().follow_redirects(False).error_for_status(False).referer(False).no_proxy()
        self._client: SyncClient = builder.pool_max_idle_per_host(connections).build()
        self._process = os.getpid()

    def send(self, request: Request, timeout: float) -> Reply:
        """Send a request once; see `Transport.send`."""
        _ensure_same(self._process)
        built = self._client.request(request.method, request.url).headers(request.headers)
        if request.body:
            built = built.body_bytes(request.body)
        try:
            answer = built.timeout(timedelta(seconds=timeout)).build().send()
            return Reply(answer.status, answer.headers, bytes(answer.bytes()))
        except PyreqwestError as error:
            failure = _translated(error)
        raise failure  # out here, so that it carries no frame that holds the request's headers

    def close(self) -> None:
        """Close all connections."""
        self._client.close()


class AsyncFastTransport:
    """Keeps connections open and reuses them; its client is made by the first request."""

    def __init__(self, connections: int = 100) -> None:
        self._connections = connections
        self._client: Client | None = None
        self._process = 0

    def _open(self) -> Client:
        if self._client is None:
            builder = ClientBuilder().follow_redirects(False).error_for_status(False).referer(False).no_proxy()
            self._client = builder.pool_max_idle_per_host(self._connections).build()
            self._process = os.getpid()
        _ensure_same(self._process)
        return self._client

    async def send(self, request: Request, timeout: float) -> Reply:
        """Send a request once; see `Transport.send`."""
        built = self._open().request(request.method, request.url).headers(request.headers)
        if request.body:
            built = built.body_bytes(request.body)
        try:
            answer = await built.timeout(timedelta(seconds=timeout)).build().send()
            return Reply(answer.status, answer.headers, bytes(await answer.bytes()))
        except PyreqwestError as error:
            failure = _translated(error)
        raise failure  # out here, so that it carries no frame that holds the request's headers

    async def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None


def _ensure_same(process: int) -> None:
    """Refuse to send in a process that was forked off: the runtime of pyreqwest stands still there, for ever."""
    if process != os.getpid():
        raise InvalidRequest(
            "this process was forked off after the client was used, and nothing was sent; "
            "start processes by `spawn`, or use the default transport"
        )


def _translated(error: PyreqwestError) -> ConnectionFailed | RequestTimeout | ConnectionLost:
    """Only words that prove it count as "not sent"; every other failure is taken for the worse."""
    causes = (getattr(error, "details", None) or {}).get("causes") or []
    words = [cause["message"] for cause in causes]
    if any(PROOF in word for word in words):
        return ConnectionFailed("no connection was made")
    if isinstance(error, RequestTimeoutError):
        return RequestTimeout("no answer in time")
    return ConnectionLost("the connection broke")
