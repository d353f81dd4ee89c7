"""Tells hooks what happens to a call; nothing that they are told holds a secret, nothing that they raise breaks it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any, ClassVar

from venues.core.outcome.course import Course
from venues.core.profile import Profile
from venues.core.request.operation import Operation, Reply, Request
from venues.core.values.secrets import MASK
from venues.errors import DecodeError, ExecutionUnknown, VenueError
from venues.hooks import Hooks, Received, Sent, logger, tell

PLACES = 10_000
"""How many deviations are remembered, and told; an answer that makes up members must not fill the memory."""


class Telling:
    """The part of a client that tells."""

    PROFILE: ClassVar[Profile]
    _hooks: Hooks
    _lock: threading.Lock
    _told: set[tuple[str, str, str]]

    def _deviation(self, operation: str, path: str, what: str) -> None:
        place = (operation, path, what)
        with self._lock:
            if place in self._told or len(self._told) >= PLACES:
                return
            self._told.add(place)
        tell(self.PROFILE.name, lambda: self._hooks.on_deviation(operation, path, what))

    def _watched(self) -> bool:
        """Whether anybody looks at requests and answers; masking them costs time."""
        return type(self._hooks) is not Hooks or logger.isEnabledFor(logging.DEBUG)

    def _shown(self, operation: Operation[Any], request: Request, attempt: int) -> Sent:
        return Sent(
            self.PROFILE.name,
            operation.full_name,
            request.method,
            request.masked_url,
            request.masked_headers,
            request.client_id,
            attempt,
        )

    def _announce(self, operation: Operation[Any], request: Request, attempt: int) -> Sent | None:
        """Tell that a request is about to be sent, if anybody looks."""
        if not self._watched():
            return None
        sent = self._shown(operation, request, attempt)
        tell(self.PROFILE.name, lambda: self._hooks.on_request(sent))
        return sent

    def _arrived(self, sent: Sent, reply: Reply, headers: Mapping[str, str], elapsed: float) -> None:
        """Tell that an answer came; of its headers, those without secrets."""
        shown = {name: MASK if name.lower() == "set-cookie" else value for name, value in headers.items()}
        received = Received(reply.status, shown, len(reply.body), elapsed)
        tell(self.PROFILE.name, lambda: self._hooks.on_response(sent, received))

    def _retrying(self, course: Course, pause: float) -> None:
        """Tell that a request will be sent again."""
        assert course.request is not None
        shown = self._shown(course.operation, course.request, course.attempt)
        tell(self.PROFILE.name, lambda: self._hooks.on_retry(shown, course.error, pause))

    def _final(self, course: Course) -> Exception:
        """Return what is to be raised; tell if nobody knows what became of the call."""
        error = course.final()
        if isinstance(error, ExecutionUnknown):
            tell(self.PROFILE.name, lambda: self._hooks.on_unknown(self.PROFILE.name, error))
        return error

    def _stopped(self, course: Course, stop: BaseException) -> None:
        """Add to whatever ends a call what is known of the order."""
        if isinstance(stop, DecodeError):
            course.describe(stop)
        elif course.operation.effect == "once" and not isinstance(stop, VenueError):
            lost = course.lost(f"interrupted by {type(stop).__name__}")
            stop.__cause__ = lost
            stop.add_note(str(lost))
            tell(self.PROFILE.name, lambda: self._hooks.on_unknown(self.PROFILE.name, lost))
