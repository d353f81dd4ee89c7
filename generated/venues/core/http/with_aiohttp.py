# Edited in templates/venues/core/http/with_aiohttp.py; the copy in generated/ is imported.
"""HTTP by aiohttp."""

from __future__ import annotations

import asyncio
import select
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.payload import BytesPayload
from multidict import CIMultiDict
from yarl import URL

from venues.core.http.network import Network
from venues.core.http.transport import LARGEST, TrustedTransport, running_loop
from venues.core.request.messages import Reply, Request
from venues.core.values.interruption import passed_through
from venues.errors import ConnectionFailed, ConnectionLost, InvalidRequest, RequestTimeout

LINE = 1 << 16
"""Bytes of the longest line in the head of an answer; the library's own bound is 8 KB."""
FINAL = 200
"""The lowest status of an answer; the library takes 101 for one, though nobody asked for another protocol."""
AT_ONCE = 1 << 15
"""Bytes of a body that are sent with the head in one piece; half of what a transport takes before it asks to wait."""
PIECE = 1 << 16
"""Bytes that are read from a socket at once; asyncio's own bound is four times as large, see `read_small_pieces`."""
UNASKED: CIMultiDict[None] = CIMultiDict([("Content-Type", None), ("User-Agent", None)])
"""Headers that the library would make up, and the exchange did not ask for."""
NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)
"""What proves that nothing was sent to the exchange; the last one is a proxy that opens no tunnel."""


@dataclass(slots=True)
class _Outgoing:
    """What is sent, and how long that may take, from the moment in which it is sent."""

    headers: Mapping[str, str]
    seconds: float
    whole: asyncio.Timeout

    def start(self) -> None:
        """Begin to count; the library's own count includes the time for connecting."""
        self.whole.reschedule(asyncio.get_running_loop().time() + self.seconds)


_under_way: ContextVar[_Outgoing] = ContextVar("under_way")


class _WithBody(asyncio.Transport):
    """Stands for the transport of a connection while a head is written to it, and sends the body behind that."""

    def __init__(self, transport: asyncio.Transport, body: bytes) -> None:
        self._transport = transport
        self._body = body

    def is_closing(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._transport.is_closing()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send head and body in one piece; whatever is written after that goes alone, so that no body is sent twice."""
        body, self._body = self._body, b""
        self._transport.write(b"".join((data, body)))


class _Asked(aiohttp.ClientRequest):
    """A request that begins to count its time when it is sent, and is sent at once.

    The library wraps a body, and before Python 3.12 sends it in a task of its own, for which the loop goes round once
    more. What our requests hold fits into the buffer of a socket.
    """

    _content = b""

    def update_headers(self, headers: object) -> None:
        """Take the headers as they are: the session, which was given none, would copy them twice, one by one."""
        self.headers = CIMultiDict(Host=self.url.host_port_subcomponent or "")
        self.headers.update(_under_way.get().headers)

    def update_auto_headers(self, skip_auto_headers: object) -> None:
        """Say what can be unpacked, and make up no `User-Agent` or `Content-Type`."""
        self._skip_auto_headers = UNASKED
        for name, value in self.DEFAULT_HEADERS.items():
            self.headers.setdefault(name, value)

    def update_body_from_data(self, body: bytes | None, *given: Any, **options: Any) -> None:  # Any: passed on as given
        """Keep the body until the request is sent."""
        if body:
            self._content = body
            self.headers["Content-Length"] = str(len(body))
        else:
            super().update_body_from_data(None, *given, **options)

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        """Send head and body; the body is the library's concern only where sending it may have to wait."""
        _under_way.get().start()
        body, protocol = self._content, conn.protocol
        if not body or protocol is None or protocol.transport is None:
            return await super().send(conn)
        if len(body) > AT_ONCE or protocol.writing_paused or self.proxy is not None:
            self._body = BytesPayload(body)
            return await super().send(conn)
        transport = protocol.transport
        # Nothing waits before it is put back, so nobody else meets it.
        protocol.transport = _WithBody(transport, body)
        try:
            return await super().send(conn)
        finally:
            protocol.transport = transport

    async def write_bytes(self, *given: Any, **options: Any) -> None:  # Any: passed on as given
        """Send the body, in a task of its own: what interrupts that never passes our frames, so it is bared here."""
        try:
            return await super().write_bytes(*given, **options)
        except BaseException as error:
            failure = error.with_traceback(None)
        raise failure


class _Answer(aiohttp.ClientResponse):
    """An answer that prints without the address, which may hold key and signature."""

    async def start(self, connection: Connection) -> Self:
        """Read the head; after a change of protocol nothing else is sent on this connection.

        The library takes 101 for an answer without a body and keeps the connection at once, so that closing the answer
        comes too late: what the server says next would answer the next request.
        """
        protocol = connection.protocol
        await super().start(connection)
        if self.status < FINAL and protocol is not None:
            protocol.force_close()  # it may rest in the pool already; so it is stained
            if protocol.transport is not None:
                protocol.transport.abort()
        return self

    def __repr__(self) -> str:
        return f"<answer {self.status}>"


class _Connector(aiohttp.TCPConnector):
    """Keeps connections, and gives none away on which something came while it rested, or that is to be forgotten."""

    generation = 0
    """Connections of an earlier one are not used again."""

    async def connect(self, *given: Any, **options: Any) -> Connection:  # Any: passed on as given
        """Return a connection on which nothing else can be taken for the next answer."""
        while True:
            connection = await super().connect(*given, **options)
            protocol = connection.protocol
            if protocol is None:
                return connection
            if not hasattr(protocol, "generation"):
                protocol.generation = self.generation  # type: ignore[attr-defined]
                read_small_pieces(protocol.transport)
            if getattr(protocol, "generation", 0) == self.generation and not _is_stained(protocol):
                return connection
            connection.close()

    # There is no public way to see what came between two requests; the conformance tests hold this one.
    def _release(self, key: Any, protocol: ResponseHandler, *, should_close: bool = False) -> None:
        if (should_close or protocol.should_close) and protocol.transport is not None:
            # Not closed: over TLS that waits for the other side's goodbye, which one that drips never says.
            protocol.transport.abort()
        protocol._parser = None  # so that what comes now is kept as it is, and noticed, be it half a line
        protocol.rests = True  # type: ignore[attr-defined]
        super()._release(key, protocol, should_close=should_close)


def read_small_pieces(transport: asyncio.BaseTransport | None) -> None:
    """Let a transport reserve little memory for each piece that it reads.

    asyncio reserves 256 KB and gives back what was not needed. The C library asks the system for so much, maps it, and
    unmaps it again, for every answer and every push: that takes longer than to decode them.
    """
    if hasattr(transport, "max_size"):  # the loops of other libraries have no such bound
        transport.max_size = PIECE


def _is_stained(protocol: ResponseHandler) -> bool:
    """Whether something came on a kept connection, though the loop may have had no time to look."""
    if not getattr(protocol, "rests", False):
        return False  # a new one: over TLS, a server begins by sending tickets
    return protocol.should_close or _has_arrived(protocol.transport)


def _has_arrived(transport: asyncio.BaseTransport | None) -> bool:
    """Whether bytes wait in the socket, or, as half a record of TLS, above it."""
    if transport is None:
        return False
    inner = getattr(transport, "_ssl_protocol", None)
    if inner is not None and inner._incoming.pending:
        return True
    sock = transport.get_extra_info("socket")
    return sock is not None and _is_readable(sock.fileno())


def _is_readable(number: int) -> bool:
    if hasattr(select, "poll"):  # unlike select, it takes numbers above 1023
        waiting = select.poll()
        waiting.register(number, select.POLLIN)
        return bool(waiting.poll(0))
    return bool(select.select([number], [], [], 0)[0])


class AiohttpTransport(TrustedTransport):
    """Keeps connections open and reuses them; its session is made by the first request."""

    def __init__(self, connections: int = 100) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may have connections."""
        return self._session is not None

    def _open(self) -> aiohttp.ClientSession:
        loop = running_loop()
        if self._session is None:
            session = aiohttp.ClientSession(
                connector=_Connector(limit=self._connections, **connecting_by(self.network)),
                request_class=_Asked,
                response_class=_Answer,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=True,
                max_line_size=LINE,
                max_field_size=LINE,
            )
            # aiohttp sends GET, PUT and DELETE again when a kept connection turns out to be closed. It has no
            # public switch for that; the conformance tests fail if this one stops working.
            session._retry_connection = False
            self._loop, self._session = loop, session
        elif self._loop is not loop:
            raise InvalidRequest(
                "this client was used in another event loop, and nothing was sent; make a client in each asyncio.run()"
            )
        return self._session

    async def send(self, request: Request, timeout: float) -> Reply:
        """Send a request once; see `Transport.send`."""
        handled = sys.exception()
        session = self._open()
        try:
            return await _exchange(session, self.network, request, timeout)
        except BaseException as error:
            failure = _translated(error, handled)
        raise failure  # out here, so that it carries no frame that holds the request's headers

    def forget_connections(self) -> None:
        """Use none of the present connections for another call; see `KeepsConnections`."""
        connector = self._session.connector if self._session is not None else None
        if isinstance(connector, _Connector):
            connector.generation += 1

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def connecting_by(network: Network) -> dict[str, Any]:
    """Return the options of a connector that reaches the exchange in this way."""
    options: dict[str, Any] = {}
    if network.context is not None:
        options["ssl"] = network.context
    if network.local_address is not None:
        options["local_addr"] = (network.local_address, 0)
    return options


def by_proxy(network: Network) -> dict[str, Any]:
    """Return the options of a request that goes through a proxy."""
    return {} if network.proxy is None else {"proxy": network.proxy.address, "proxy_headers": network.proxy.headers}


async def _exchange(session: aiohttp.ClientSession, network: Network, request: Request, timeout: float) -> Reply:
    async with asyncio.timeout(None) as whole:
        outgoing = _Outgoing(request.headers, timeout, whole)
        _under_way.set(outgoing)
        try:
            async with session.request(
                request.method,
                URL(request.url, encoded=True),
                data=request.body or None,
                allow_redirects=False,
                timeout=_connecting(timeout),
                **by_proxy(network),
            ) as answer:
                if answer.status < FINAL:
                    answer.close()  # whatever comes next is no HTTP
                    raise ConnectionLost("the exchange changed to another protocol")
                return Reply(answer.status, answer.headers, await _body_of(answer))
        finally:
            # Each timer that was begun meanwhile has a copy of the context, and outlives the call. So nothing may hang on
            # it: not the key, and not the time-out, which knows the task, whose context it is.
            del outgoing.headers, outgoing.whole


async def _body_of(answer: aiohttp.ClientResponse) -> bytes:
    """Return the body, unpacked."""
    content = answer.content
    if content.is_eof() and content.total_bytes <= LARGEST:  # it came with the head, as nearly always
        return content.read_nowait()
    pieces, size = [], 0
    async for piece in content.iter_any():
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            answer.close()
            raise ConnectionLost(f"the answer is larger than {LARGEST} bytes")
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


@lru_cache(maxsize=16)
def _connecting(timeout: float) -> aiohttp.ClientTimeout:
    """Bound the time for a connection; what comes then is bounded as a whole."""
    return aiohttp.ClientTimeout(total=None, connect=timeout, sock_connect=timeout)


def _translated(error: BaseException, handled: BaseException | None) -> BaseException:
    """Return what is to be raised: an error of `Transport`, or what the program itself raised in the middle."""
    stop = passed_through(error, handled)
    if stop is not None:
        return stop
    if isinstance(error, NOT_SENT):
        return ConnectionFailed(f"no connection was made: {_reason(error)}")
    if isinstance(error, TimeoutError):
        return RequestTimeout("no answer in time")
    return ConnectionLost(f"the connection broke: {_reason(error)}")


def _reason(error: BaseException) -> str:
    """Name the cause without the URL, which may hold a key; aiohttp writes it into what it calls `strerror`."""
    found = getattr(error, "os_error", None) or error.__cause__
    return getattr(found, "strerror", None) or type(found or error).__name__
