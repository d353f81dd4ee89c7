# Edited in templates/venues/mock/answer/delivery.py; the copy in generated/ is imported.
"""Sends an answer: whole, late, in part, or not at all."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus

from aiohttp import web
from aiohttp.http import SERVER_SOFTWARE

from venues.mock.answer.sent import Answer

STATUSES = frozenset(status for status in HTTPStatus if status >= HTTPStatus.OK) - {
    HTTPStatus.NO_CONTENT,
    HTTPStatus.NOT_MODIFIED,
}
"""Statuses of answers with a body."""
TAIL = f"Server: {SERVER_SOFTWARE}\r\n\r\n".encode()
DATED = {"Date"}
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
    return web.Response(
        body=answer.body, status=answer.status, headers={"Content-Type": answer.content_type, **answer.headers}
    )


def whole(answer: Answer) -> bytes | None:
    """Return all that is sent for an answer on a connection that stays open; None where there is more to it than that.

    The bytes are those of aiohttp's own response.
    """
    if (
        answer.delivery != "whole"
        or answer.delay
        or answer.status not in STATUSES
        or len(answer.body) >= LARGE
        or answer.headers.keys() != DATED
    ):
        return None
    head = _head(answer.status, answer.content_type, answer.headers["Date"])
    return b"%b%d\r\n%b%b" % (head, len(answer.body), TAIL, answer.body)


@lru_cache(maxsize=8)
def _head(status: int, content_type: str, date: str) -> bytes:
    """Return the head of an answer up to the length of its body; many have the same."""
    reason = HTTPStatus(status).phrase
    return f"HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\nDate: {date}\r\nContent-Length: ".encode()


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
