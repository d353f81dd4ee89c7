# Edited in templates/venues/core/http/with_aiohttp.py; the copy in generated/ is imported.
"""HTTP by aiohttp: its connections, TLS, proxies and parser of answers; `head` writes the requests.

A session of the library copies each header twice, adds others, and before Python 3.12 sends a body in a task of its own,
for which the loop goes round once more. What is signed already needs none of it.
"""

from __future__ import annotations

import asyncio
import select
import sys
from functools import lru_cache
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.streams import StreamReader
from multidict import CIMultiDict
from yarl import URL

from venues.core.http.head import path_at, write_request
from venues.core.http.network import Network
from venues.core.http.transport import LARGEST, TrustedTransport, running_loop
from venues.core.request.messages import Reply, Request
from venues.core.values.interruption import passed_through
from venues.errors import ConnectionFailed, ConnectionLost, InvalidRequest, RequestTimeout

LINE = 1 << 16
"""Bytes of the longest line in the head of an answer; the library's own bound is 8 KB."""
FINAL = 200
"""The lowest status of an answer; the library takes 101 for one, though no other protocol was requested."""
PIECE = 1 << 16
"""Bytes that are read from a socket at once; asyncio's own bound is four times as large, see `read_small_pieces`."""
SWITCH = 101
"""The status that ends HTTP on a connection."""
NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)
"""What proves that nothing was sent to the exchange; the last one is a proxy that opens no tunnel."""


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
    if transport is not None and hasattr(transport, "max_size"):  # the loops of other libraries have no such bound
        transport.max_size = PIECE  # pyright: ignore[reportAttributeAccessIssue]  # those of asyncio have it


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


class _Route:
    """The way to a host: what the pool is asked with for a connection, and what each request on it says beside its own."""

    def __init__(self, origin: str, network: Network, loop: asyncio.AbstractEventLoop | None) -> None:
        proxy = network.proxy
        self.asked = aiohttp.ClientRequest(
            "GET",
            URL(origin, encoded=True),
            loop=loop,
            proxy=None if proxy is None else URL(proxy.address),
            proxy_headers=None if proxy is None else CIMultiDict(proxy.headers),
        )
        # Beside the host it is what the library can unpack, which differs with what is installed.
        self._own = (("Host", self.asked.headers["Host"]), *aiohttp.ClientRequest.DEFAULT_HEADERS.items())
        # For TLS, a proxy opens a tunnel, and reads nothing of what goes through.
        self._to_proxy = proxy is not None and not self.asked.is_ssl()

    def message_of(self, request: Request) -> bytes:
        """Return a request as it is sent; see `write_request`."""
        return write_request(request, self._own, to_proxy=self._to_proxy)


class AiohttpTransport(TrustedTransport):
    """Keeps connections open and reuses them; its pool is made by the first request."""

    def __init__(self, connections: int = 100) -> None:
        self._connections = connections
        self._connector: _Connector | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._routes: dict[str, _Route] = {}
        """By the address of a host."""

    @property
    def is_open(self) -> bool:
        """Whether it may have connections."""
        return self._connector is not None

    def _open(self) -> _Connector:
        loop = running_loop()
        if self._connector is None:
            self._connector = _Connector(limit=self._connections, **connecting_by(self.network))
            self._loop = loop
            self._routes.clear()
        elif self._loop is not loop:
            raise InvalidRequest(
                "this client was used in another event loop, and nothing was sent; make a client in each asyncio.run()"
            )
        return self._connector

    async def send(self, request: Request, timeout: float) -> Reply:
        """Send a request once; see `Transport.send`."""
        handled = sys.exception()
        connector = self._open()
        try:
            route = self._route_of(request)
            return await _exchange(connector, route.asked, route.message_of(request), timeout)
        except BaseException as error:
            failure = _translated(error, handled)
        raise failure  # out here, so that it carries no frame that holds the request's headers

    def _route_of(self, request: Request) -> _Route:
        """Return the way to the host of a request."""
        origin = request.url[: path_at(request)]
        route = self._routes.get(origin)
        if route is None:
            route = self._routes[origin] = _Route(origin, self.network, self._loop)
        return route

    def forget_connections(self) -> None:
        """Use none of the present connections for another call; see `KeepsConnections`."""
        if self._connector is not None:
            self._connector.generation += 1

    async def close(self) -> None:
        """Close all connections."""
        connector, self._connector = self._connector, None
        if connector is not None:
            await connector.close()


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


async def _exchange(connector: _Connector, asked: aiohttp.ClientRequest, message: bytes, timeout: float) -> Reply:
    """Send a request, and read the answer; the connection is kept if nothing speaks against that."""
    connection = await _connect(connector, asked, timeout)
    try:
        protocol, transport = connection.protocol, connection.transport
        if protocol is None or not isinstance(transport, asyncio.WriteTransport) or transport.is_closing():
            raise ConnectionFailed("the connection broke before anything was sent")
        protocol.set_response_params(read_until_eof=True, max_line_size=LINE, max_field_size=LINE)
        async with asyncio.timeout(timeout):
            transport.write(message)
            reply = await _read_answer(protocol)
        is_whole = not transport.get_write_buffer_size()
    except BaseException:
        connection.close()
        raise
    if is_whole:
        connection.release()
    else:
        connection.close()  # the rest of this request would be the beginning of the next one
    return reply


async def _connect(connector: _Connector, asked: aiohttp.ClientRequest, timeout: float) -> Connection:
    try:
        return await connector.connect(asked, traces=[], timeout=_connecting(timeout))
    except TimeoutError as error:
        raise aiohttp.ConnectionTimeoutError("no connection was made in time") from error


async def _read_answer(protocol: ResponseHandler) -> Reply:
    """Read an answer; what says only that one will come is skipped."""
    head, body = await protocol.read()
    while 100 <= head.code < FINAL and head.code != SWITCH:
        head, body = await protocol.read()
    if head.code < FINAL:
        raise ConnectionLost("the exchange changed to another protocol")  # whatever comes next is no HTTP
    return Reply(head.code, head.headers, await _read_body(body))


async def _read_body(content: StreamReader) -> bytes:
    """Return the body, unpacked."""
    if content.is_eof() and content.total_bytes <= LARGEST:  # it came with the head, as nearly always
        return content.read_nowait()
    pieces, size = [], 0
    async for piece in content.iter_any():
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
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
