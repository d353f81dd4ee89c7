# Edited in templates/venues/core/streams/websocket.py; the copy in generated/ is imported.
"""One open WebSocket, by aiohttp: frames in, frames out, and errors that show no address."""

from __future__ import annotations

import os
import weakref
import zlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from inspect import signature
from typing import Any

import aiohttp
from aiohttp import WSMsgType
from yarl import URL

from venues.core.http.network import DIRECT, Network
from venues.core.http.with_aiohttp import by_proxy, connecting_by, read_small_pieces
from venues.core.values.interruption import is_of_program
from venues.errors import ConnectionFailed, ConnectionLost, TransportError, retry_after

LARGEST = 1 << 24
"""Bytes of the largest frame, unpacked."""
TOO_MANY = (418, 429)
"""Statuses that say nothing about the address: only that there were too many requests."""
GZIP = 31
"""What zlib calls a stream with a gzip header."""
CONNECTING = 5.0
"""Seconds within which a connection is made, TLS included, or never; waiting for an answer is another matter, and has
the client's time-out."""
UNDECODED: Mapping[str, Any] = (
    {"decode_text": False} if "decode_text" in signature(aiohttp.ClientSession.ws_connect).parameters else {}
)
"""Leaves texts as bytes, for they are decoded as JSON; before 3.14 aiohttp can't."""
PLAIN = WSMsgType.TEXT if UNDECODED else None
"""The type of messages whose data is a frame as it is."""
CLOSING = 0.5
"""Seconds to wait for the other side's close frame; a dead one sends none."""


class HandshakeRefused(ConnectionFailed):
    """The server answered the handshake with an error."""

    def __init__(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.blames_us: bool = 400 <= status < 500 and status not in TOO_MANY
        """Whether it says that the address is wrong, as with a listen key that has expired."""
        self.retry_after: float | None = retry_after(headers) if headers is not None else None
        """Seconds for which it asks to be left alone."""
        asks = f", and asks for {self.retry_after:g} s of patience" if self.retry_after else ""
        super().__init__(f"the server refused the connection with HTTP {status}{asks}")


def open_http(
    on_date: Callable[[str | None], None], timeout: float, network: Network = DIRECT
) -> aiohttp.ClientSession:
    """Return what opens connections: without cookies, and following no redirect, for an address may hold a key.

    Args:
        on_date: Called with the Date header of each handshake.
        timeout: Seconds that an answer may take; making a connection may take less.
        network: How the exchange is reached.
    """

    async def hear_date(_: aiohttp.ClientSession, __: object, end: aiohttp.TraceRequestEndParams) -> None:
        on_date(end.response.headers.get("Date"))

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(hear_date)
    trace.on_request_redirect.append(_refuse_redirect)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(**connecting_by(network)),
        headers={"User-Agent": network.user_agent} if network.user_agent else None,
        cookie_jar=aiohttp.DummyCookieJar(),
        trace_configs=[trace],
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=min(timeout, CONNECTING)),
    )


async def _refuse_redirect(_: aiohttp.ClientSession, __: object, redirect: aiohttp.TraceRequestRedirectParams) -> None:
    raise HandshakeRefused(redirect.response.status)


class WebSocket:
    """An open connection."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse, *, gzip: bool) -> None:
        self._ws = ws
        self._gzip = gzip
        self.last_pong: bytes = b""
        """What the last pong of the WebSocket protocol held: that of the ping which it answers."""
        self.receive: Callable[[], Coroutine[Any, Any, aiohttp.WSMessage]] = ws.receive
        """Returns the next message: aiohttp's own method, for to begin another coroutine for each takes time."""
        _open_sockets.add(self)

    @classmethod
    async def connect(
        cls, session: aiohttp.ClientSession, url: str, *, gzip: bool, network: Network = DIRECT
    ) -> WebSocket:
        """Open a connection.

        Raises:
            ConnectionFailed: if that can't be done.
        """
        failure: TransportError
        try:
            ws = await session.ws_connect(
                URL(url, encoded=True),
                # Pings are answered in `hear`, which reports them to the heartbeat.
                autoping=False,
                max_msg_size=LARGEST,
                **UNDECODED,
                timeout=aiohttp.ClientWSTimeout(ws_receive=None, ws_close=CLOSING),  # pyright: ignore[reportCallIssue]
                **by_proxy(network),
            )
        except aiohttp.WSServerHandshakeError as error:
            failure = HandshakeRefused(error.status, error.headers)
        except HandshakeRefused as redirected:
            failure = HandshakeRefused(redirected.status)
        except TimeoutError as error:
            if is_of_program(error):
                raise
            failure = ConnectionFailed("no connection was made in time")
        except (aiohttp.ClientError, OSError) as error:
            if is_of_program(error):
                raise
            failure = ConnectionFailed(f"no connection was made: {_reason(error)}")
        else:
            connection = ws._response.connection
            if connection is not None:
                read_small_pieces(connection.transport)
            return cls(ws, gzip=gzip)
        failure.operation, failure.address = "streams.connect", str(URL(url, encoded=True).origin())
        raise failure  # out here, so that it carries no frame that holds the address

    def leave_to_parent(self) -> None:
        """Cut this copy, in a forked child, off from the connection, which goes on for the parent.

        Whatever the child does then (garbage collection, the end of its event loop, closing) would otherwise send
        frames, or read what was meant for the parent.
        """
        transport = self._ws.get_extra_info("socket")
        if transport is None or transport.fileno() < 0:
            return
        nothing = os.open(os.devnull, os.O_RDWR)
        # The number stays valid for whatever uses it, but leads to nothing.
        os.dup2(nothing, transport.fileno())
        os.close(nothing)

    def data_of(self, message: aiohttp.WSMessage) -> bytes | None:
        """Return the data that a message holds, unpacked; None where it holds none."""
        kind = message.type
        if kind is WSMsgType.TEXT:
            text: str | bytes = message.data
            return text if isinstance(text, bytes) else text.encode()
        return self._unpack(message.data) if kind is WSMsgType.BINARY else None

    async def hear(self, message: aiohttp.WSMessage) -> None:
        """Answer a ping of the WebSocket protocol, and keep what a pong holds.

        Raises:
            ConnectionLost: if it is neither: then no message comes any more.
        """
        if message.type is WSMsgType.PING:
            await self._ws.pong(message.data)
        elif message.type is WSMsgType.PONG:
            self.last_pong = bytes(message.data)
        else:
            code = f" with code {self._ws.close_code}" if self._ws.close_code else ""
            raise ConnectionLost(f"the server closed the connection{code}")

    def _unpack(self, data: bytes) -> bytes:
        if not self._gzip:
            return data
        try:
            # Bounded: a small packed frame can unpack to gigabytes.
            return zlib.decompressobj(GZIP).decompress(data, LARGEST)
        except zlib.error:
            return data

    async def send(self, text: str) -> None:
        """Send a text frame.

        Raises:
            ConnectionLost: if that can't be done.
        """
        await self._write(self._ws.send_str(text))

    async def ping(self, message: bytes = b"") -> None:
        """Send a ping of the protocol, which the other side answers with the same message."""
        await self._write(self._ws.ping(message))

    async def _write(self, writing: Awaitable[None]) -> None:
        try:
            await writing
        except (aiohttp.ClientError, OSError, RuntimeError) as error:
            if is_of_program(error):
                raise
            reason = _reason(error)
        else:
            return
        raise ConnectionLost(f"the connection broke: {reason}")

    async def close(self) -> None:
        """Close the connection."""
        try:
            await self._ws.close()
        finally:
            self.drop()  # aiohttp keeps the connection where it was lost, or where this is canceled

    def drop(self) -> None:
        """Drop the connection without a close frame."""
        # aiohttp has no public way to do that; a test fails if this one stops working.
        self._ws._response.close()


_open_sockets: weakref.WeakSet[WebSocket] = weakref.WeakSet()


def _leave_all_to_parent() -> None:
    for socket in list(_open_sockets):
        socket.leave_to_parent()


if hasattr(os, "register_at_fork"):  # not on Windows, which can't fork
    os.register_at_fork(after_in_child=_leave_all_to_parent)


def _reason(error: Exception) -> str:
    """Name the cause without the address, which may hold a key."""
    found = getattr(error, "os_error", None) or error
    return getattr(found, "strerror", None) or type(found).__name__
