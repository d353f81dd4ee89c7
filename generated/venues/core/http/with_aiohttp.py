"""HTTP by aiohttp."""

from __future__ import annotations

import asyncio
from functools import lru_cache

import aiohttp
from aiohttp.connector import Connection
from yarl import URL

from venues.core.request.operation import Reply, Request
from venues.errors import ConnectionFailed, ConnectionLost, InvalidRequest, RequestTimeout, TransportError


class UnaskedAnswer(aiohttp.ClientConnectionError):
    """Something came on a kept connection between two requests; it must not be taken for the answer to the next."""


NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, UnaskedAnswer)


class _Asked(aiohttp.ClientRequest):
    """A request that is only sent where nothing else can be taken for its answer."""

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        if conn.protocol is not None and conn.protocol.should_close:
            raise UnaskedAnswer
        return await super().send(conn)


class _Answer(aiohttp.ClientResponse):
    """An answer that prints without the address, which may hold key and signature."""

    def __repr__(self) -> str:
        return f"<answer {self.status}>"


class AiohttpTransport:
    """Keeps connections open and reuses them; its session is made by the first request."""

    def __init__(self, connections: int = 100) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def _open(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            session = aiohttp.ClientSession(
                connector=connector,
                request_class=_Asked,
                response_class=_Answer,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=True,
            )
            # aiohttp sends GET, PUT and DELETE again when a kept connection turns out to be closed. It has no
            # public switch for that; the conformance tests fail if this one stops working.
            session._retry_connection = False
            self._session, self._loop = session, loop
        elif self._loop is not loop:
            raise InvalidRequest(
                "this client was used in another event loop, and nothing was sent; make a client in each asyncio.run()"
            )
        return self._session

    async def send(self, request: Request, timeout: float) -> Reply:
        """Send a request once; see `Transport.send`."""
        try:
            async with self._open().request(
                request.method,
                URL(request.url, encoded=True),
                data=request.body or None,
                headers=request.headers,
                skip_auto_headers=_unasked(request),
                allow_redirects=False,
                timeout=_limits(timeout),
            ) as answer:
                return Reply(answer.status, answer.headers, await answer.read())
        except NOT_SENT as error:
            failure: TransportError = ConnectionFailed(f"no connection was made: {_reason(error)}")
        except TimeoutError:
            failure = RequestTimeout("no answer in time")
        except (aiohttp.ClientError, OSError) as error:
            failure = ConnectionLost(f"the connection broke: {_reason(error)}")
        raise failure  # out here, so that it carries no frame that holds the request's headers

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _unasked(request: Request) -> tuple[str, ...] | None:
    """Name the headers that aiohttp must not make up; it takes its time to leave some out, so only where it would."""
    headers = request.headers
    complete = "User-Agent" in headers and ("Content-Type" in headers or not request.body)
    return None if complete else ("User-Agent", "Content-Type")


@lru_cache(maxsize=16)
def _limits(timeout: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, connect=timeout, sock_connect=timeout, sock_read=timeout)


def _reason(error: Exception) -> str:
    """Name the cause without the URL, which may hold a key; aiohttp writes it into what it calls `strerror`."""
    found = getattr(error, "os_error", None) or error.__cause__
    return getattr(found, "strerror", None) or type(found or error).__name__
