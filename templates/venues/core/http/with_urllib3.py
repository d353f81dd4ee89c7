# Edited in templates/venues/core/http/with_urllib3.py; the copy in generated/ is imported.
"""HTTP by the connections of urllib3.

Its pool is not used. It hands on what is left of a failed answer, holds a lock in which Ctrl-C can land, and its frames
hold the request while they wait.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from http.client import HTTPResponse, IncompleteRead
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3 import HTTPHeaderDict
from urllib3.util.ssl_ import create_urllib3_context

from venues.core.http.head import path_at
from venues.core.http.line import Line, SafeLine
from venues.core.http.transport import LARGEST, TrustedTransport
from venues.core.request.messages import Reply, Request
from venues.core.values.interruption import is_of_program, origin, passed_through
from venues.errors import ConnectionFailed, ConnectionLost, RequestTimeout

PIECE = 1 << 16
"""Bytes that are unpacked at a time; they grow at most a thousandfold."""


class Urllib3Transport(TrustedTransport):
    """Keeps connections open and reuses them; a process that was forked off opens its own."""

    def __init__(self, connections: int = 32) -> None:
        self._connections = connections
        self._context: Any = None  # ssl.SSLContext; Python may be built without it
        self._forked = threading.Lock()
        self._idle: dict[str, deque[Line]] = {}
        self._process = os.getpid()

    @property
    def is_open(self) -> bool:
        """Whether it may have connections."""
        return bool(self._idle)

    def _begin_anew(self) -> None:
        """Leave the connections of the parent, whose answers would get crossed with those of this process."""
        with self._forked:
            if self._process == os.getpid():
                return
            self.close()  # the exchange does not notice; the parent still has them
            # Set last: a thread that sees this process here must find its connections, not those of the parent.
            self._process = os.getpid()

    def send(self, request: Request, timeout: float) -> Reply:
        """Send a request once; see `Transport.send`."""
        handled = sys.exception()
        try:
            return self._exchange(request, timeout)
        except BaseException as error:
            failure = _translated(error, handled)
        raise failure  # out here, so that it carries no frame that holds the request's headers

    def _exchange(self, request: Request, timeout: float) -> Reply:
        base = request.url[: path_at(request)]
        idle = self._lines(base)
        line = _pop_usable(idle) or self._new_line(base)
        try:
            data = line.write(request)
            line.timeout = timeout
            if line.sock is None:
                _connect(line)
            line.deadline = time.monotonic() + timeout
            line.send_now(data)
            answer = line.answer(request.method)
            headers = HTTPHeaderDict(answer.msg.items())
            reply = Reply(answer.status, headers, _body_of(answer, headers, request.method))
        except BaseException:
            line.break_off()
            raise
        if answer.isclosed() and line.is_usable and idle is self._idle.get(base) and len(idle) < self._connections:
            idle.append(line)
        else:
            line.break_off()
        return reply

    def _lines(self, base: str) -> deque[Line]:
        """Return the idle connections to one server."""
        if self._process != os.getpid():
            self._begin_anew()
        return self._idle.setdefault(base, deque())

    def _new_line(self, base: str) -> Line:
        """Return a connection that is not yet open."""
        parts = urlsplit(base)
        proxy, is_safe = self.network.proxy, parts.scheme == "https"
        host, port = parts.hostname or "", parts.port
        at = (host, port) if proxy is None else (proxy.host, proxy.port)
        line = SafeLine(*at, ssl_context=self._trust()) if is_safe else Line(*at)
        line.network = self.network
        if proxy is not None:
            line.set_tunnel(host, port or (443 if is_safe else 80))
        return line

    def _trust(self) -> Any:  # Any: as above
        """Return whom TLS trusts."""
        if self.network.context is not None:
            return self.network.context
        if self._context is None:
            context = create_urllib3_context()
            context.load_default_certs()
            self._context = context  # reading the certificates takes longer than a handshake
        return self._context

    def close(self) -> None:
        """Close all connections."""
        self.forget_connections()

    def forget_connections(self) -> None:
        """Use none of the present connections for another call; see `KeepsConnections`."""
        # Those of calls under way are not in the new collection, so they are closed when their calls end.
        closing, self._idle = self._idle, {}
        for line in [line for lines in closing.values() for line in lines]:
            line.close()


def _pop_usable(idle: deque[Line]) -> Line | None:
    """Return a kept connection, the youngest first; close those that can't be used any more."""
    while idle:
        try:
            line = idle.pop()
        except IndexError:  # another thread was faster
            break
        if line.is_usable:
            return line
        line.close()
    return None


def _connect(line: Line) -> None:
    """Open a connection; whatever fails until then, nothing was sent."""
    handled = sys.exception()
    try:
        line.connect()
    except Exception as error:
        first = origin(error, handled)
        if is_of_program(first):
            raise
        reason = _reason(first)
    else:
        return
    raise ConnectionFailed(f"no connection was made: {reason}")


def _body_of(answer: HTTPResponse, headers: HTTPHeaderDict, method: str) -> bytes:
    """Return the body, unpacked."""
    length = answer.length
    # Nearly always it comes as it is, and its length is said once; what else may come, the library knows to read.
    is_simple = length is not None and length <= LARGEST and headers.get("Content-Length") == str(length)
    if not is_simple or "Content-Encoding" in headers:
        return _unpacked(answer, headers, method)
    body = answer.read(length)
    if answer.length:
        raise IncompleteRead(b"", answer.length)
    return body


def _unpacked(answer: HTTPResponse, headers: HTTPHeaderDict, method: str) -> bytes:
    """Return the body as the library reads it."""
    packed = urllib3.HTTPResponse(
        answer,
        headers,
        answer.status,
        answer.version,
        reason=answer.reason,
        preload_content=False,
        original_response=answer,
        request_method=method,
    )
    pieces, size = [], 0
    while piece := packed.read(PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise ConnectionLost(f"the answer is larger than {LARGEST} bytes")
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _translated(error: BaseException, handled: BaseException | None) -> BaseException:
    """Return what is to be raised: an error of `Transport`, or what the program itself raised in the middle."""
    stop = passed_through(error, handled)
    if stop is not None:
        return stop
    first = origin(error, handled)
    if isinstance(first, TimeoutError):
        return RequestTimeout("no answer in time")
    return ConnectionLost(f"the connection broke: {_reason(first)}")


def _reason(error: BaseException) -> str:
    """Name a cause without the address, which may hold a key."""
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__
