"""HTTP by urllib3."""

from __future__ import annotations

import logging
import os
import threading
from functools import lru_cache
from typing import Any

import urllib3
from urllib3 import exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection

from venues.core.request.operation import Reply, Request
from venues.core.values.secrets import MASK
from venues.errors import ConnectionFailed, ConnectionLost, RequestTimeout

NOT_SENT = (
    exceptions.NewConnectionError,
    exceptions.ConnectTimeoutError,
    exceptions.NameResolutionError,
    exceptions.LocationValueError,
)
NEVER = urllib3.Retry(False, redirect=False)
"""What is sent twice is decided by the client alone."""


class _Sending(threading.local):
    """Whether this thread is sending one of our requests."""

    now = False


_sending = _Sending()


class _WithoutQuery(logging.Filter):
    """Takes the query, which may hold key and signature, out of what urllib3 logs of our requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        if _sending.now and isinstance(record.args, tuple):
            record.args = tuple(_masked(arg) if isinstance(arg, str) else arg for arg in record.args)
        return True


def _masked(text: str) -> str:
    return f"{text.partition('?')[0]}?{MASK}" if "?" in text else text


logging.getLogger("urllib3.connectionpool").addFilter(_WithoutQuery())


class _InOnePiece(HTTPConnection):
    """Sends head and body together: one packet where there would be two, and nothing of a request that can't be written."""

    _held: list[bytes] | None = None

    def request(self, *given: Any, **options: Any) -> None:  # Any: passed on as given
        held: list[bytes] = []
        self._held = held
        try:
            super().request(*given, **options)
        finally:
            self._held = None
        self.send(b"".join(held))

    def send(self, data: Any) -> None:  # Any: as in the library; here always bytes
        if self._held is None:
            super().send(data)
        else:
            self._held.append(data)


class _InOnePieceSafely(_InOnePiece, HTTPSConnection):
    """The same over TLS; a handshake that fails counts as a connection that was not made, for nothing was sent."""

    def connect(self) -> None:
        try:
            super().connect()
        except OSError as error:
            raise exceptions.NewConnectionError(self, "the handshake failed") from error


# The library's own connections do not fit its protocols to the letter, either, which only pyright minds.
class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _InOnePiece  # pyright: ignore[reportAssignmentType]


class _SafePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _InOnePieceSafely  # pyright: ignore[reportAssignmentType]


class Urllib3Transport:
    """Keeps connections open and reuses them; a process that was forked off opens its own."""

    def __init__(self, connections: int = 32) -> None:
        self._connections = connections
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._manager = urllib3.PoolManager(maxsize=self._connections)
        self._manager.pool_classes_by_scheme = {"http": _Pool, "https": _SafePool}
        self._pools: dict[str, urllib3.HTTPConnectionPool] = {}

    def send(self, request: Request, timeout: float) -> Reply:
        """Send a request once; see `Transport.send`."""
        _sending.now = True
        try:
            answer = self._pool(request).urlopen(
                request.method,
                request.url[_path_at(request) :],
                redirect=False,
                retries=NEVER,
                headers=request.headers,
                body=request.body or None,
                timeout=_limits(timeout),
                preload_content=True,
            )
            return Reply(answer.status, answer.headers, answer.data)
        except exceptions.HTTPError as error:
            failure = _translated(error)
        finally:
            _sending.now = False
        raise failure  # out here, so that it carries no frame that holds the request's headers

    def _pool(self, request: Request) -> urllib3.HTTPConnectionPool:
        """Return the connections to one server; looking it up by text saves parsing its address for every request."""
        if self._process != os.getpid():
            self._begin()  # two processes on one connection would read each other's answers
        base = request.url[: _path_at(request)]
        found = self._pools.get(base)
        if found is None:
            found = self._pools[base] = self._manager.connection_from_url(base)
        return found

    def close(self) -> None:
        """Close all connections."""
        self._pools.clear()
        self._manager.clear()


def _path_at(request: Request) -> int:
    """Tell where the path begins; no part of it may stand in a variable, for tracebacks show those."""
    return request.url.index("/", len("https://"))


@lru_cache(maxsize=16)
def _limits(timeout: float) -> urllib3.Timeout:
    return urllib3.Timeout(connect=timeout, read=timeout)


def _translated(error: exceptions.HTTPError) -> ConnectionFailed | RequestTimeout | ConnectionLost:
    if isinstance(error, NOT_SENT):
        return ConnectionFailed(f"no connection was made: {_reason(error)}")
    if isinstance(error, exceptions.TimeoutError):
        return RequestTimeout("no answer in time")
    return ConnectionLost(f"the connection broke: {_reason(error)}")


def _reason(error: Exception) -> str:
    """Name the cause without the URL, which may hold a key."""
    cause = error.args[-1] if error.args else None
    found = cause if isinstance(cause, BaseException) else error.__cause__ or error
    if isinstance(found, OSError) and found.strerror:
        return found.strerror
    return type(found).__name__
