# Edited in templates/venues/mock/answer/delivery.py; the copy in generated/ is imported.
"""Sends an answer: whole, late, in part, or not at all."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import SERVER_SOFTWARE, HttpVersion11

from venues.mock.answer.build import Answer

STATUSES = frozenset(status for status in HTTPStatus if status >= HTTPStatus.OK) - {
    HTTPStatus.NO_CONTENT,
    HTTPStatus.NOT_MODIFIED,
}
"""Statuses of answers with a body."""
TAIL = f"Server: {SERVER_SOFTWARE}\r\n\r\n".encode()
LARGE = 1 << 16
"""From how many bytes on an answer may have to wait for its reader."""


async def deliver(request: web.BaseRequest, answer: Answer, closing: asyncio.Event) -> web.StreamResponse:
    """Send an answer; one that must never arrive waits until the caller leaves or the mock exchange stops."""
    if answer.delay:
        # Not sleep(): a mock exchange that is stopped must not wait for a late answer.
        with suppress(TimeoutError):
            await asyncio.wait_for(closing.wait(), answer.delay)
    if answer.delivery == "silent":
        await closing.wait()
    if answer.delivery == "cut":
        return await _cut(request, answer)
    if answer.delivery != "whole":
        _close(request)
    elif _is_usual(request, answer):
        return UsualResponse(answer)
    return web.Response(
        body=answer.body, status=answer.status, headers={"Content-Type": answer.content_type, **answer.headers}
    )


class UsualResponse(web.StreamResponse):
    """An answer that is sent in one piece on a connection that stays open.

    The bytes are those of aiohttp's own response, which takes twice as long: it is prepared for cookies, compression,
    ranges and chunks.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__(status=answer.status)
        self._answer = answer

    @property
    def keep_alive(self) -> bool:
        """Whether the connection stays open: it does."""
        return True

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send all of it.

        Raises:
            ConnectionResetError: if the caller is gone.
        """
        if request.transport is None:
            raise ConnectionResetError("the caller is gone")
        answer = self._answer
        head = _head(answer.status, answer.content_type, answer.headers["Date"])
        request.transport.write(b"%b%d\r\n%b%b" % (head, len(answer.body), TAIL, answer.body))
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Do nothing, for all is sent already."""


@lru_cache(maxsize=8)
def _head(status: int, content_type: str, date: str) -> bytes:
    """Return the head of an answer up to the length of its body; many have the same."""
    reason = HTTPStatus(status).phrase
    return f"HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\nDate: {date}\r\nContent-Length: ".encode()


def _is_usual(request: web.BaseRequest, answer: Answer) -> bool:
    """Whether an answer has a body of usual size and no headers of its own, and its connection stays open."""
    return (
        request.keep_alive
        and request.version == HttpVersion11
        and request.method != "HEAD"
        and answer.headers.keys() == {"Date"}
        and len(answer.body) < LARGE
        and answer.status in STATUSES
    )


async def _cut(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """Announce the whole body, send half of it, and close the connection."""
    # At least 2: an empty body, cut in half, would be whole.
    length = str(max(len(answer.body), 2))
    headers = {**answer.headers, "Content-Type": answer.content_type, "Content-Length": length}
    response = web.StreamResponse(status=answer.status, headers=headers)
    await response.prepare(request)
    await response.write(answer.body[: len(answer.body) // 2])
    _close(request)
    return response


def _close(request: web.BaseRequest) -> None:
    if request.transport is not None:
        request.transport.close()
