# Edited in templates/venues/core/http/with_pyreqwest.py; the copy in generated/ is imported.
"""HTTP by pyreqwest, the extra `fast`, for both kinds of client."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from datetime import timedelta
from functools import lru_cache
from typing import TypeVar

from venues.core.http import foreign_threads
from venues.core.http.legible import Legible
from venues.core.http.network import Network
from venues.core.http.transport import LARGEST, TrustedTransport, running_loop
from venues.core.request.messages import Reply, Request
from venues.core.values.interruption import passed_through
from venues.errors import ConnectionFailed, ConnectionLost, InvalidRequest, RequestTimeout

try:
    from pyreqwest.bytes import Bytes
    from pyreqwest.client import Client, ClientBuilder, SyncClient, SyncClientBuilder
    from pyreqwest.exceptions import PyreqwestError, RequestTimeoutError
    from pyreqwest.proxy import ProxyBuilder
    from pyreqwest.response import ResponseBodyReader, SyncResponseBodyReader
except ModuleNotFoundError as _missing:
    raise ModuleNotFoundError("this needs the extra `fast`: pip install 'venues[fast]'", name=_missing.name) from None

PROOF = "client error (Connect)"
"""The only words in a chain of causes that prove that nothing was sent; a test fails if they change.

The name of the error is none: it is `ConnectTimeoutError` also where the whole time was over and the request was sent.
"""
SHARE = 0.5
"""The part of the time for a call in which its connection must be made.

The library counts its time from the beginning of a call, connecting included, and does not say where it was when that
was over. So connecting has a time of its own, which ends before.
"""
FINAL = 200
"""The lowest status of an answer; the library takes 101 for one, though no other protocol was requested."""
PIECE = 1 << 16
"""Bytes that are asked for at a time, and come unless the body ends before; the largest answer has a whole number of these.

The library reserves what is asked for where the length of a body is not given, and ends the process if it can't.
"""
atexit.register(foreign_threads.let_leave)
B = TypeVar("B", ClientBuilder, SyncClientBuilder)


def _set_up(builder: B, connections: int, timeout: float, network: Network) -> B:
    builder.follow_redirects(False).error_for_status(False).referer(False).no_proxy()
    if network.ssl_context is not None:
        raise InvalidRequest("`fast` can't use an ssl_context, for its TLS is not Python's; pass ca_file")
    if network.ca_file is not None:
        builder.add_root_certificate_pem(network.authorities)
    if network.local_address is not None:
        builder.local_address(network.local_address)
    if network.proxy is not None:
        builder.proxy(ProxyBuilder.all(network.proxy.address).headers(network.proxy.headers))
    return builder.pool_max_idle_per_host(connections).connect_timeout(timedelta(seconds=timeout * SHARE))


class FastTransport(TrustedTransport):
    """Keeps connections open and reuses them; the time-out of the first request sets the time for connecting."""

    def __init__(self, connections: int = 32) -> None:
        self._connections = connections
        self._lock = threading.Lock()
        self._process = 0
        self._client: SyncClient | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may have connections."""
        return self._client is not None

    def _open(self, timeout: float) -> SyncClient:
        client = self._client  # read once: another thread may forget it meanwhile
        if client is None:
            with self._lock:
                client = self._client
                if client is None:
                    self._process = os.getpid()
                    client = self._client = _set_up(
                        SyncClientBuilder(), self._connections, timeout, self.network
                    ).build()  # set last
        _ensure_same(self._process)
        return client

    def send(self, request: Request, timeout: float) -> Reply:
        """Send a request once; see `Transport.send`."""
        handled = sys.exception()
        try:
            return _exchange(self._open(timeout), request, timeout)
        except BaseException as error:
            failure = _translated(error, handled)
        raise failure  # out here, so that it carries no frame that holds the request's headers

    def forget_connections(self) -> None:
        """Use none of the present connections for another call; see `KeepsConnections`."""
        # Not closed: that would end calls under way. It goes when the last of them lets go of it.
        self._client = None

    def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            self._client.close()


class AsyncFastTransport(TrustedTransport):
    """Keeps connections open and reuses them; its client is made by the first request."""

    def __init__(self, connections: int = 100) -> None:
        self._connections = connections
        self._process = 0
        self._client: Client | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may have connections."""
        return self._client is not None

    def _open(self, timeout: float) -> Client:
        running_loop()
        if self._client is None:
            self._process = os.getpid()
            self._client = _set_up(ClientBuilder(), self._connections, timeout, self.network).build()  # set last
        _ensure_same(self._process)
        return self._client

    async def send(self, request: Request, timeout: float) -> Reply:
        """Send a request once; see `Transport.send`."""
        handled = sys.exception()
        try:
            return await _exchange_async(self._open(timeout), request, timeout)
        except BaseException as error:
            failure = _translated(error, handled)
        raise failure  # out here, so that it carries no frame that holds the request's headers

    def forget_connections(self) -> None:
        """Use none of the present connections for another call; see `KeepsConnections`."""
        self._client = None  # not closed, as above

    async def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None


def _exchange(client: SyncClient, request: Request, timeout: float) -> Reply:
    built = client.request(request.method, request.url).headers(request.headers).timeout(_seconds(timeout))
    if request.body:
        built = built.body_bytes(request.body)
    sent = built.build_streamed()
    answer = sent.__enter__()  # no `with`: what was read whole needs no end, which would cost a round of its own
    try:
        return Reply(_final(answer.status), Legible(answer.headers), _body(answer.body_reader))
    except BaseException:
        sent.__exit__(None, None, None)
        raise


async def _exchange_async(client: Client, request: Request, timeout: float) -> Reply:
    built = client.request(request.method, request.url).headers(request.headers).timeout(_seconds(timeout))
    if request.body:
        built = built.body_bytes(request.body)
    sent = built.build_streamed()
    answer = await sent.__aenter__()  # no `async with`, as above
    try:
        return Reply(_final(answer.status), Legible(answer.headers), await _body_async(answer.body_reader))
    except BaseException:
        await sent.__aexit__(None, None, None)
        raise


def _body(reader: SyncResponseBodyReader) -> bytes:
    pieces: list[Bytes] = []
    while _is_more(reader.read(PIECE), pieces):
        pass
    return b"".join(pieces)


async def _body_async(reader: ResponseBodyReader) -> bytes:
    pieces: list[Bytes] = []
    while _is_more(await reader.read(PIECE), pieces):
        pass
    return b"".join(pieces)


def _is_more(piece: Bytes | None, pieces: list[Bytes]) -> bool:
    """Keep a piece of a body, unpacked, and tell whether another may follow."""
    if piece is None:
        return False
    pieces.append(piece)
    if len(pieces) * PIECE > LARGEST:
        raise ConnectionLost(f"the answer is larger than {LARGEST} bytes")
    return len(piece) >= PIECE


@lru_cache(maxsize=16)
def _seconds(timeout: float) -> timedelta:
    return timedelta(seconds=timeout)


def _final(status: int) -> int:
    """Return the status of an answer."""
    if status < FINAL:
        raise ConnectionLost("the exchange changed to another protocol")
    return status


def _ensure_same(process: int) -> None:
    """Refuse to send in a process that was forked off: the runtime of pyreqwest stands still there, for ever."""
    if process != os.getpid():
        raise InvalidRequest(
            "this process was forked off after the client was used, and nothing was sent; "
            "start processes by `spawn`, or use the default transport"
        )


def _translated(error: BaseException, handled: BaseException | None) -> BaseException:
    """Return what is to be raised; only words that prove it count as "not sent", all else is taken for the worse."""
    stop = passed_through(error, handled)
    if stop is not None:
        return stop
    causes = (getattr(error, "details", None) or {}).get("causes") or []
    if isinstance(error, PyreqwestError) and any(PROOF in cause["message"] for cause in causes):
        return ConnectionFailed("no connection was made")
    if isinstance(error, RequestTimeoutError):
        return RequestTimeout("no answer in time")
    return ConnectionLost("the connection broke")
