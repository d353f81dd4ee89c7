"""One open WebSocket, by aiohttp: frames in, frames out, and honest errors without addresses in them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

import aiohttp
from aiohttp import WSMsgType
from yarl import URL

from venues.core.streams.protocol import Message
from venues.errors import ConnectionFailed, ConnectionLost, TransportError, retry_after

LARGEST = 1 << 24
"""Bytes of the largest frame, unpacked."""
TOO_MANY = (418, 429)
GZIP = 31
CLOSING = 0.5
"""Seconds to wait for the other side's goodbye; a dead one says none."""
Incoming = bytes | Message
"""A frame of data, or a control frame."""
PING, PONG = Message("protocol", "ping"), Message("protocol", "pong")


class Refused(ConnectionFailed):
    """The server answered the handshake with an error."""

    def __init__(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.blames_us: bool = 400 <= status < 500 and status not in TOO_MANY
        """Whether it says that the address is wrong, as with a listen key that is over."""
        self.retry_after: float | None = retry_after(headers) if headers is not None else None
        """Seconds for which it asks to be left alone."""
        asks = f", and asks for {self.retry_after:g} s of patience" if self.retry_after else ""
        super().__init__(f"the server refused the connection with HTTP {status}{asks}")


def new_session(dated: Callable[[str | None], None]) -> aiohttp.ClientSession:
    """Return what makes connections: without cookies, and following no redirect, for an address may hold a key.

    Args:
        dated: Told the Date header of whoever answers.
    """

    async def answered(_: aiohttp.ClientSession, __: object, end: aiohttp.TraceRequestEndParams) -> None:
        dated(end.response.headers.get("Date"))

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(answered)
    trace.on_request_redirect.append(_redirected)
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trace_configs=[trace])


async def _redirected(_: aiohttp.ClientSession, __: object, answered: aiohttp.TraceRequestRedirectParams) -> None:
    raise Refused(answered.response.status)


class Socket:
    """An open connection."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse, *, gzip: bool) -> None:
        self._ws = ws
        self._gzip = gzip

    @classmethod
    async def connect(cls, session: aiohttp.ClientSession, url: str, *, gzip: bool) -> Socket:
        """Open a connection.

        Raises:
            ConnectionFailed: if that can't be done.
        """
        failure: TransportError
        try:
            ws = await session.ws_connect(
                URL(url, encoded=True),
                autoping=False,
                max_msg_size=LARGEST,
                timeout=aiohttp.ClientWSTimeout(ws_receive=None, ws_close=CLOSING),  # pyright: ignore[reportCallIssue]
            )
        except aiohttp.WSServerHandshakeError as error:
            failure = Refused(error.status, error.headers)
        except Refused as redirected:
            failure = Refused(redirected.status)
        except TimeoutError:
            failure = ConnectionFailed("no connection was made in time")
        except (aiohttp.ClientError, OSError) as error:
            failure = ConnectionFailed(f"no connection was made: {_reason(error)}")
        else:
            return cls(ws, gzip=gzip)
        failure.operation, failure.address = "streams.connect", str(URL(url, encoded=True).origin())
        raise failure  # out here, so that it carries no frame that holds the address

    async def receive(self) -> Incoming:
        """Return the next frame; pings of the protocol are answered already.

        Raises:
            ConnectionLost: if there is none any more.
        """
        message = await self._ws.receive()
        kind = message.type
        if kind is WSMsgType.TEXT:
            return str(message.data).encode()
        if kind is WSMsgType.BINARY:
            return self._unpacked(message.data)
        if kind is WSMsgType.PING:
            await self._ws.pong(message.data)
            return PING
        if kind is WSMsgType.PONG:
            return PONG
        code = f" with code {self._ws.close_code}" if self._ws.close_code else ""
        raise ConnectionLost(f"the server closed the connection{code}")

    def _unpacked(self, data: bytes) -> bytes:
        if not self._gzip:
            return data
        try:
            return zlib.decompressobj(GZIP).decompress(data, LARGEST)
        except zlib.error:
            return data

    async def send(self, text: str) -> None:
        """Send a text frame.

        Raises:
            ConnectionLost: if that can't be done.
        """
        try:
            await self._ws.send_str(text)
        except (aiohttp.ClientError, OSError, RuntimeError) as error:
            reason = _reason(error)
        else:
            return
        raise ConnectionLost(f"the connection broke: {reason}")

    async def ping(self) -> None:
        """Send a ping of the protocol."""
        try:
            await self._ws.ping()
        except (aiohttp.ClientError, OSError, RuntimeError) as error:
            reason = _reason(error)
        else:
            return
        raise ConnectionLost(f"the connection broke: {reason}")

    async def close(self) -> None:
        """Close the connection."""
        try:
            await self._ws.close()
        finally:
            # aiohttp keeps the connection where it was lost, or where this is cancelled. It has no public way to let
            # go of it; a test fails if this one stops working.
            self._ws._response.close()


def _reason(error: Exception) -> str:
    """Name the cause without the address, which may hold a key."""
    found = getattr(error, "os_error", None) or error
    return getattr(found, "strerror", None) or type(found).__name__
