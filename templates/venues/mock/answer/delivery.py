# Edited in templates/venues/mock/answer/delivery.py; the copy in generated/ is imported.
"""Sends an answer: whole, late, in part, or not at all."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import web

from venues.mock.answer.build import Answer


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
