"""HTTP by the connections of urllib3.

Its pool is not used. It hands on what is left of a failed answer, holds a lock in which Ctrl-C can land, and its frames
hold the request while they wait.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import time
from collections import deque
from typing import Any
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import BaseHTTPResponse
from urllib3.util.connection import allowed_gai_family
from urllib3.util.ssl_ import create_urllib3_context

from venues.core.http.incoming import FinalAnswer, Opener, Source, left
from venues.core.http.transport import LARGEST, TrustedTransport
from venues.core.request.operation import Reply, Request
from venues.core.values.interruption import bare, is_of_program, origin
from venues.core.values.secrets import MASK
from venues.errors import ConnectionFailed, ConnectionLost, InvalidRequest, RequestTimeout, VenueError

CODINGS = "gzip, deflate"
"""How answers may be packed: what Python unpacks by itself."""
PIECE = 1 << 16
"""Bytes that are unpacked at a time; a thousandfold of it is the most that becomes of them."""


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


# It warns of headers that it can't read, and names the address.
logging.getLogger("urllib3.connection").addFilter(_WithoutQuery())


class _Line(HTTPConnection):
    """A connection: sends head and body in one piece, and reads nothing but the answer."""

    deadline = 0.0
    has_surplus = False
    _held: list[bytes] | None = None
    _source: Source | None = None

    def response_class(  # type: ignore[override]  # called like the class that it is there
        self, sock: socket.socket, **options: Any  # Any: passed on as given
    ) -> FinalAnswer:
        """Return what reads an answer."""
        source = self._source = Source(sock, self)
        opener: Any = Opener(source)
        return FinalAnswer(opener, **options)

    def _new_conn(self) -> socket.socket:
        """Connect within one time for all addresses of the host: each has its share, and leaves the rest to the next."""
        until = time.monotonic() + float(self.timeout or 0)
        host = self._dns_host.strip("[]")
        addresses = socket.getaddrinfo(host, self.port, allowed_gai_family(), socket.SOCK_STREAM)
        failure: OSError = OSError("the host has no address")
        for index, (family, kind, protocol, _, address) in enumerate(addresses):
            sock = socket.socket(family, kind, protocol)
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.settimeout(left(until) / (len(addresses) - index))
                sock.connect(address)
                sock.settimeout(left(until))  # for the handshake
            except BaseException as error:
                sock.close()
                if not isinstance(error, OSError) or is_of_program(error):
                    raise
                failure = error
            else:
                return sock
        raise failure

    @property
    def is_usable(self) -> bool:
        """Whether nothing has come on a kept connection, not even its end: it would be taken for the next answer."""
        pending = getattr(self.sock, "pending", None)  # of TLS: what was unpacked and not read
        return not (self.has_surplus or (pending and pending())) and self.is_connected

    def break_off(self) -> None:
        """Close the connection, and what reads it; else that would keep the socket open until it is collected."""
        if self._source is not None:
            self._source.close()
        self.close()

    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        """Begin a request; the library would say that an answer must not be packed."""
        super().putrequest(method, url, skip_host, skip_accept_encoding=True)
        if not skip_accept_encoding:
            self.putheader("Accept-Encoding", CODINGS)

    def write(self, request: Request) -> bytes:
        """Return a request as it is sent."""
        self._held = []
        try:
            target = slice(_path_at(request), None)
            self.request(
                request.method, request.url[target], request.body or None, request.headers, preload_content=False
            )
            return b"".join(self._held)
        finally:
            self._held = None

    def send(self, data: Any) -> None:  # Any: as in the library; here always bytes
        """Hold what the library wants to send, so that head and body travel in one packet."""
        assert self._held is not None
        self._held.append(data)

    def send_now(self, data: bytes) -> None:
        """Send a whole request."""
        rest = memoryview(data)
        while rest:
            self.sock.settimeout(left(self.deadline))
            rest = rest[self.sock.send(rest) :]


class _SafeLine(_Line, HTTPSConnection):
    """The same over TLS."""


class Urllib3Transport(TrustedTransport):
    """Keeps connections open and reuses them; a process that was forked off opens its own."""

    def __init__(self, connections: int = 32) -> None:
        self._connections = connections
        self._context: Any = None  # ssl.SSLContext; Python may be built without it
        self._forked = threading.Lock()
        self._idle: dict[str, deque[_Line]] = {}
        self._process = os.getpid()

    def _begin_anew(self) -> None:
        """Leave the connections of the parent, whose answers would get crossed with those of this process."""
        with self._forked:
            if self._process == os.getpid():
                return
            self.close()  # which tells the exchange nothing; the parent still has them
            # Set last: whoever sees this process here must find its connections, not those of the parent.
            self._process = os.getpid()

    def send(self, request: Request, timeout: float) -> Reply:
        """Send a request once; see `Transport.send`."""
        handled = sys.exception()
        _sending.now = True
        try:
            return self._exchange(request, timeout)
        except BaseException as error:
            failure = _translated(error, handled)
        finally:
            _sending.now = False
        raise failure  # out here, so that it carries no frame that holds the request's headers

    def _exchange(self, request: Request, timeout: float) -> Reply:
        base = request.url[: _path_at(request)]
        idle = self._lines(base)
        line = _pop_usable(idle) or self._new_line(base)
        try:
            data = _written(line, request)
            line.timeout = timeout
            if line.sock is None:
                _connect(line)
            line.deadline = time.monotonic() + timeout
            line.send_now(data)
            answer = line.getresponse()
            reply = Reply(answer.status, answer.headers, _body_of(answer))
        except BaseException:
            line.break_off()
            raise
        if answer.closed and line.is_usable and idle is self._idle.get(base) and len(idle) < self._connections:
            idle.append(line)
        else:
            line.break_off()
        return reply

    def _lines(self, base: str) -> deque[_Line]:
        """Return the idle connections to one server."""
        if self._process != os.getpid():
            self._begin_anew()
        return self._idle.setdefault(base, deque())

    def _new_line(self, base: str) -> _Line:
        """Return a connection that is not yet open."""
        parts = urlsplit(base)
        host = parts.hostname or ""
        if parts.scheme == "http":
            return _Line(host, parts.port)
        if self._context is None:
            context = create_urllib3_context()
            context.load_default_certs()
            self._context = context  # reading the certificates takes longer than a handshake
        return _SafeLine(host, parts.port, ssl_context=self._context)

    def close(self) -> None:
        """Close all connections."""
        closing, self._idle = self._idle, {}
        for line in [line for lines in closing.values() for line in lines]:
            line.close()


def _path_at(request: Request) -> int:
    """Tell where the path begins; no part of it may stand in a variable, for tracebacks show those."""
    return request.url.index("/", len("https://"))


def _pop_usable(idle: deque[_Line]) -> _Line | None:
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


def _written(line: _Line, request: Request) -> bytes:
    """Return a request as it is sent.

    Raises:
        InvalidRequest: if something in it can't be written; the library's own error would show it.
    """
    try:
        return line.write(request)
    except ValueError as error:
        if is_of_program(error):
            raise
        reason = type(error).__name__
    raise InvalidRequest(f"the request can't be written as HTTP ({reason}); nothing was sent")


def _connect(line: _Line) -> None:
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


def _body_of(answer: BaseHTTPResponse) -> bytes:
    """Return the body, unpacked."""
    pieces, size = [], 0
    while piece := answer.read(PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise ConnectionLost(f"the answer is larger than {LARGEST} bytes")
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _translated(error: BaseException, handled: BaseException | None) -> BaseException:
    """Return what is to be raised: an error of `Transport`, or what the program itself raised in the middle."""
    first = origin(error, handled)
    if not isinstance(error, Exception) or isinstance(error, VenueError):
        return bare(error, handled)
    if is_of_program(first):
        return bare(first, handled)
    if isinstance(first, TimeoutError):
        return RequestTimeout("no answer in time")
    return ConnectionLost(f"the connection broke: {_reason(first)}")


def _reason(error: BaseException) -> str:
    """Name a cause without the address, which may hold a key."""
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__
