# Edited in templates/venues/mock/front.py; the copy in generated/ is imported.
"""The server's side of one connection: answers usual requests at once, and hands all others over to aiohttp.

aiohttp makes a request, a response and a task for each call, which takes as long as all that the exchange does for it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, cast

from multidict import CIMultiDict, CIMultiDictProxy

from venues.mock.answer.delivery import whole
from venues.mock.answer.sent import Answer
from venues.mock.request.received import Received

Take = Callable[[Received], Answer]
"""Carries out a request."""
Later = Callable[[asyncio.Transport, Answer], None]
"""Keeps the answer to a request that was carried out already, for aiohttp to send on the same connection."""

END = b"\r\n\r\n"
START = re.compile(r"(GET|POST|PUT|DELETE|PATCH) (/[!-\"$-~]*) HTTP/1\.1")
LINES = re.compile(r"(?:[A-Za-z0-9_-]+:[ -~]*\r\n)*")
"""A head that can be understood in one way only; what is written otherwise is aiohttp's to judge."""
SPECIAL = ("Upgrade", "Transfer-Encoding", "Expect", "Content-Encoding")
"""Headers that ask for more than an answer, or say that the body is not sent as it is."""
LONGEST = 1 << 16
"""How many bytes a body may have that is waited for here."""


class Head(NamedTuple):
    """The head of a usual request."""

    method: str
    target: str
    headers: CIMultiDictProxy[str]
    length: int
    """Of the body, in bytes."""


class Front(asyncio.Protocol):
    """One connection, until something unusual comes: from then on it is aiohttp's."""

    def __init__(self, take: Take, later: Later, other: Callable[[], asyncio.Protocol]) -> None:
        self._take, self._later, self._other = take, later, other
        self._pending = b""
        """What has arrived of the next request."""
        self._is_full = False
        """Whether the caller does not read its answers."""
        self.transport: asyncio.Transport | None = None
        """None once another part has taken it over, or it is closed."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to listen."""
        # Not asserted: the transports of other event loops, such as uvloop's, are no subclasses.
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.transport = None

    def leave(self) -> None:
        """Close the connection, unless another part has taken it over."""
        if self.transport is not None:
            self.transport.close()

    def pause_writing(self) -> None:
        """Note that the caller does not read its answers."""
        self._is_full = True

    def resume_writing(self) -> None:
        """Note that it reads them again."""
        self._is_full = False

    def data_received(self, data: bytes) -> None:
        """Answer the requests that have arrived whole, one after the other."""
        self._pending += data
        while self._pending and self.transport is not None and self._answer(self.transport):
            pass

    def _answer(self, transport: asyncio.Transport) -> bool:
        """Answer the first request; return False if it is not complete yet, or another part has taken it over."""
        data = self._pending
        end = data.find(END)
        head = usual_head(data[:end]) if end >= 0 and not self._is_full else None
        if head is None:
            self._hand_over(transport)
            return False
        start = end + len(END)
        body = data[start : start + head.length]
        if len(body) < head.length:
            return False
        path, _, query = head.target.partition("?")
        answer = self._take(Received.arrived(head.method, path, query, head.headers, body))
        sent = whole(answer)
        if sent is None:
            self._later(transport, answer)
            self._hand_over(transport)
            return False
        self._pending = data[start + head.length :]
        transport.write(sent)
        return True

    def _hand_over(self, transport: asyncio.Transport) -> None:
        """Hand the connection over to aiohttp, with what has arrived on it."""
        other, pending = self._other(), self._pending
        self.transport, self._pending = None, b""
        transport.set_protocol(other)
        other.connection_made(transport)
        if self._is_full:
            other.pause_writing()
        other.data_received(pending)


def usual_head(data: bytes) -> Head | None:
    """Read the head of a request; return None unless it is a usual one, on a connection that stays open."""
    first, _, lines = data.decode("latin-1").partition("\r\n")
    start, headers = START.fullmatch(first), _usual_headers(lines)
    return Head(start[1], start[2], *headers) if start is not None and headers is not None else None


@lru_cache(maxsize=64)
def _usual_headers(lines: str) -> tuple[CIMultiDictProxy[str], int] | None:
    """Return headers, and the length of the body; None where there is anything unusual in them."""
    # Kept, for where the query is signed, all calls of a client have the same headers.
    if LINES.fullmatch(f"{lines}\r\n") is None:
        return None
    split = [line.partition(":") for line in lines.split("\r\n")]
    headers = CIMultiDict([(name, value.strip(" ")) for name, _, value in split])
    lengths = headers.getall("Content-Length", ["0"])
    length = int(lengths[0]) if lengths[0].isdecimal() and len(lengths) == 1 else LONGEST + 1
    stays = headers.get("Connection", "keep-alive").lower() == "keep-alive"
    is_usual = stays and length <= LONGEST and len(headers.getall("Host", ())) == 1
    return (CIMultiDictProxy(headers), length) if is_usual and not any(map(headers.__contains__, SPECIAL)) else None
