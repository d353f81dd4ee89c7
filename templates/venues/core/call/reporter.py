# Edited in templates/venues/core/call/reporter.py; the copy in generated/ is imported.
"""Reports to hooks what happens to a call; nothing that they get holds a secret, nothing that they raise breaks it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from venues.core.outcome.course import Course
from venues.core.request.limits import Charge
from venues.core.request.messages import Reply, Request
from venues.core.request.operation import Operation
from venues.errors import ExecutionUnknown, TransportError, VenueError
from venues.hooks import Hooks, LimitNote, PageNote, Received, Sent, run_hook

MOST_DEVIATIONS = 10_000
"""How many deviations are remembered and reported: an answer that makes up members must not fill the memory."""


class Reporter:
    """Reports what happens to the calls of one client."""

    def __init__(self, api: str, hooks: Hooks) -> None:
        self.hooks = hooks
        self.is_heard: bool = type(hooks) is not Hooks
        """Whether hooks are called; otherwise only the log is written, if enabled: to mask a request costs time."""
        self._api = api
        self._lock = threading.Lock()
        self._reported: set[tuple[str, str, str]] = set()

    def report_deviation(self, operation: str, path: str, what: str) -> None:
        """Report an answer that differs from the specification; each place once."""
        place = (operation, path, what)
        with self._lock:
            # Once per place: a deviation in each answer would flood the hooks of a program that polls.
            if place in self._reported or len(self._reported) >= MOST_DEVIATIONS:
                return
            self._reported.add(place)
        run_hook(self._api, lambda: self.hooks.on_deviation(operation, path, what))

    def deviations_of(self, operation: Operation[Any]) -> Callable[[str, str], None]:
        """Return what reports deviations of the answers to an operation."""
        return partial(self.report_deviation, operation.full_name)

    def report_request(self, operation: Operation[Any], request: Request, attempt: int) -> Sent:
        """Report that a request is about to be sent."""
        sent = self._describe(operation, request, attempt)
        run_hook(self._api, lambda: self.hooks.on_request(sent))
        return sent

    def report_reply(self, sent: Sent, reply: Reply, headers: Mapping[str, str], elapsed: float) -> None:
        """Report that an answer came, by its headers without their secrets."""
        received = Received(reply.status, headers, len(reply.body), elapsed)
        run_hook(self._api, lambda: self.hooks.on_response(sent, received))

    def report_failure(self, sent: Sent, failure: TransportError, elapsed: float) -> None:
        """Report that no answer came."""
        run_hook(self._api, lambda: self.hooks.on_failure(sent, failure, elapsed))

    def report_retry(self, course: Course, pause: float) -> None:
        """Report that a request will be sent again."""
        assert course.request is not None
        sent = self._describe(course.operation, course.request, course.attempt)
        run_hook(self._api, lambda: self.hooks.on_retry(sent, course.error, pause))

    def report_limit(self, operation: Operation[Any], charges: Sequence[Charge], pause: float, silent: bool) -> None:
        """Report that a call waits before it is sent."""
        names = tuple(charge.limit.name for charge in charges)
        note = LimitNote(operation.full_name, pause, "silence" if silent else "limit", names)
        run_hook(self._api, lambda: self.hooks.on_limit(self._api, note))

    def report_page(self, note: PageNote) -> None:
        """Report a page of a list."""
        run_hook(self._api, lambda: self.hooks.on_page(self._api, note))

    def final_error(self, course: Course) -> Exception:
        """Return what a call raises after its last attempt; report it if its outcome is unknown."""
        error = course.final_error()
        if isinstance(error, ExecutionUnknown):
            run_hook(self._api, lambda: self.hooks.on_unknown(self._api, error))
        return error

    def explain_interruption(self, course: Course, stop: BaseException) -> None:
        """Attach `ExecutionUnknown` to an exception that interrupted a call that must happen once."""
        if course.operation.effect == "once" and not isinstance(stop, VenueError):
            error = course.unknown_outcome(f"interrupted by {type(stop).__name__}")
            # The interruption itself is raised, for the program waits for it; the error travels with it.
            stop.__cause__ = error
            stop.add_note(str(error))
            run_hook(self._api, lambda: self.hooks.on_unknown(self._api, error))

    def _describe(self, operation: Operation[Any], request: Request, attempt: int) -> Sent:
        return Sent(
            self._api,
            operation.full_name,
            request.method,
            request.masked_url,
            request.masked_headers,
            request.client_id,
            attempt,
        )
