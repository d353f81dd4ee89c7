# Edited in templates/venues/core/answer/failures.py; the copy in generated/ is imported.
"""What an answer means that is an error: its class, and whether it proves that nothing was executed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from venues import errors
from venues.core.answer.envelope import ErrorCode
from venues.core.request.messages import Reply
from venues.core.request.operation import Operation

LIMITED: dict[int, type[errors.ApiError]] = {418: errors.Banned, 429: errors.RateLimited}
"""Statuses that ask for silence, whatever the code in the body is."""
OK_FROM, OK_TO, CLIENT_ERROR, SERVER_ERROR = 200, 300, 400, 500
TOO_EARLY = 425
"""The server refuses a request that came as TLS early data, which an attacker could replay."""
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

    def __init__(
        self,
        codes: Mapping[str, ErrorCode],
        statuses: Mapping[int, ErrorCode],
        unlisted: Literal["unknown", "rejected"] = "unknown",
    ) -> None:
        self._codes = codes
        self._statuses = statuses
        self._unlisted = unlisted

    def failure(self, operation: Operation[Any], reply: Reply, head: Head | None) -> Failure:
        """Make the error that an answer is."""
        code = head.code if head is not None else None
        entry = self._codes.get(code) if code is not None else None
        if entry is not None and head is not None:
            entry = entry.with_message(head.message)
        # A code is closer to what happened than a status; only some statuses still count beside an unknown one.
        vague = code is not None and reply.status < SERVER_ERROR and reply.status not in TELLING
        status = None if vague and entry is None else self._statuses.get(reply.status)
        known = entry if entry is not None and entry.error is not None else status
        error = self._kind(known, reply.status)(
            code if code is not None else str(reply.status),
            head.message if head is not None and head.message else _excerpt(reply),
            status=reply.status,
            headers=reply.headers,
            body=reply.body,
            operation=operation.full_name,
            meaning=known.message if known is not None else "",
        )
        return Failure(error, self._is_open(operation, reply.status, code, entry, known))

    def _kind(self, known: ErrorCode | None, status: int) -> type[errors.ApiError]:
        kind = (known.error if known is not None else None) or _usual(status)
        limited = LIMITED.get(status)
        return kind if limited is None or issubclass(kind, limited) else limited

    def _is_open(
        self, operation: Operation[Any], status: int, code: str | None, entry: ErrorCode | None, known: ErrorCode | None
    ) -> bool:
        """Whether an error leaves it open if the request was executed."""
        if status < OK_FROM or status >= SERVER_ERROR or status in LEAVING_OPEN:
            return True  # no final status, or one of a server that does not know itself
        if entry is not None and entry.error is not None:
            return entry.unknown
        if OK_TO <= status < CLIENT_ERROR:
            return True  # a redirect comes from a proxy, and says nothing about the request
        if entry is None and known is not None:
            return known.unknown
        # An unlisted code proves nothing, and neither does a code of success in what is none.
        # It matters for what must happen once; other calls are not sent again for it.
        return operation.effect == "once" and (code is None or entry is not None or self._unlisted == "unknown")


def _usual(status: int) -> type[errors.ApiError]:
    """Return what an HTTP status means where neither code nor specification say it."""
    usual: dict[int, type[errors.ApiError]] = {
        401: errors.AuthenticationFailed,
        403: errors.PermissionDenied,
        TOO_EARLY: errors.ExchangeUnavailable,
        **LIMITED,
    }
    is_server = status >= SERVER_ERROR or status < OK_FROM
    return usual.get(status, errors.ExchangeUnavailable if is_server else errors.UnknownError)


def _excerpt(reply: Reply) -> str:
    """Return the beginning of an answer that is no envelope."""
    text = " ".join(reply.body[:400].decode("utf-8", "replace").split())
    return text[:200] or "empty answer"
