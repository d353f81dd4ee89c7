"""From an answer that is an error to the exception that is raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from venues import errors
from venues.core.answer.envelope import ErrorCode
from venues.core.request.operation import Operation, Reply

LIMITED = {418: errors.Banned, 429: errors.RateLimited}
"""Statuses that prove that nothing was executed, whatever the code in the body is."""
OK_FROM, OK_TO, CLIENT_ERROR, SERVER_ERROR = 200, 300, 400, 500
TOO_EARLY = 425
"""The server refuses a request that came as TLS early data, which somebody could replay: nothing was executed."""
LEAVING_OPEN = frozenset({408, 499})
"""Statuses of proxies that gave up waiting (and all from 500): the exchange may still execute the request."""
TELLING = frozenset({401, 403, 418, 429})
"""Statuses that say what went wrong, even beside a code that the specification lacks."""


@dataclass(frozen=True)
class Failure:
    """An answer that is an error."""

    error: errors.ApiError
    unknown: bool
    """Whether it is open if the request was executed."""


class Head(msgspec.Struct):
    """What an envelope says beside the payload."""

    code: str | None
    message: str


class Failures:
    """Makes errors by what the codes and statuses of one API mean."""

    def __init__(self, codes: Mapping[str, ErrorCode], statuses: Mapping[int, ErrorCode]) -> None:
        self._codes = codes
        self._statuses = statuses

    def failure(self, operation: Operation[Any], reply: Reply, head: Head | None) -> Failure:
        """Make the error that an answer is."""
        code = head.code if head is not None else None
        entry = self._codes.get(code) if code is not None else None
        vague = code is not None and reply.status < SERVER_ERROR and reply.status not in TELLING
        status = None if vague and entry is None else self._statuses.get(reply.status)
        known = entry if entry is not None and entry.error is not None else status
        kind = (known.error if known is not None else None) or _usual(reply.status)
        limited = LIMITED.get(reply.status)
        if limited is not None and not issubclass(kind, limited):
            kind = limited
        error = kind(
            code if code is not None else str(reply.status),
            head.message if head is not None and head.message else _excerpt(reply),
            status=reply.status,
            headers=reply.headers,
            body=reply.body,
            operation=operation.full_name,
            meaning=known.message if known is not None else "",
        )
        is_open = (known is not None and known.unknown) or reply.status >= SERVER_ERROR or reply.status in LEAVING_OPEN
        if entry is None and OK_TO <= reply.status < CLIENT_ERROR:
            is_open = True  # a redirect comes from a proxy, and says nothing about the request
        return Failure(error, is_open and limited is None)


def _usual(status: int) -> type[errors.ApiError]:
    """Return what an HTTP status means where neither code nor specification say it."""
    usual = {
        401: errors.AuthenticationFailed,
        403: errors.PermissionDenied,
        TOO_EARLY: errors.ExchangeUnavailable,
        **LIMITED,
    }
    return usual.get(status, errors.ExchangeUnavailable if status >= SERVER_ERROR else errors.UnknownError)


def _excerpt(reply: Reply) -> str:
    """Return the beginning of an answer that is no envelope."""
    text = " ".join(reply.body[:400].decode("utf-8", "replace").split())
    return text[:200] or "empty answer"
