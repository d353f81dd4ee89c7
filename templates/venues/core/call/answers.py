# Edited in templates/venues/core/call/answers.py; the copy in generated/ is imported.
"""Reads answers; loaded when the first one arrives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from venues.core.answer.body import UNREADABLE
from venues.core.answer.decode import NotSuccess, Reader
from venues.core.answer.failures import Failures
from venues.core.answer.mend import Report
from venues.core.call.plan import Plan, unread
from venues.core.outcome.course import Course, Refusal
from venues.core.profile import Profile
from venues.core.request.messages import Reply, Request
from venues.core.request.operation import Operation
from venues.core.values.masking import Masker
from venues.core.values.secrets import Secret
from venues.errors import DecodeError

T = TypeVar("T")


class AnswerReader:
    """Reads the answers of one client."""

    def __init__(self, profile: Profile, credentials: Mapping[str, Secret]) -> None:
        self._profile = profile
        self._credentials = credentials
        self._readers: dict[Operation[Any], Reader] = {}

    def read(self, plan: Plan[T], reply: Reply, course: Course) -> T:
        """Return the payload of an answer that the plan's straight line did not read.

        Args:
            plan: Of the operation; from its first answer on, it knows the line.
            reply: What came.
            course: Of the call.

        Raises:
            Refusal: if the answer is an error.
            DecodeError: if it can't be read, or proves no success.
        """
        request, reader, operation = course.request, self.reader(plan.operation), plan.operation
        assert request is not None
        was_tried, plan.read = plan.read is not unread, reader.line or unread
        read = reader.read_as_declared if was_tried else reader.read
        failure: Refusal | DecodeError
        try:
            data: T = read(reply, plan.report, course.sent, course.items if operation.batch else ())
            return data
        except NotSuccess:
            failure = self._refusal(operation, reader, self._mask(reply, request), plan.report)
        except DecodeError as error:
            failure = self._without_secrets(error, request)
        if isinstance(failure, Refusal) and course.earlier_attempts and failure.error.code in operation.done:
            data = reader.read_refusal(reply)
            if data is not UNREADABLE:
                return data
            failure.error.done = True
        raise failure  # out here, so that it carries no frame and no other error that holds the answer

    def reader(self, operation: Operation[Any]) -> Reader:
        """Return what reads the answers of an operation."""
        # Built at the first answer: a decoder takes time to build, and most operations are never used.
        reader = self._readers.get(operation)
        if reader is None:
            reader = self._readers[operation] = Reader(operation, self._profile.envelope)
        return reader

    def _refusal(self, operation: Operation[Any], reader: Reader, shown: Reply, report: Report) -> Refusal:
        failures = Failures(*self._profile.errors(), self._profile.envelope.unlisted)
        failure = failures.failure(operation, shown, reader.head_of(shown, report))
        return Refusal(failure.error, unknown=failure.unknown)

    def _without_secrets(self, error: DecodeError, request: Request) -> DecodeError:
        masker = self._masker(request)
        reason, body = masker.text(error.reason), masker.body(error.body)
        return DecodeError(error.operation, body, reason, executed=error.executed)

    def _mask(self, reply: Reply, request: Request) -> Reply:
        """Return an answer without the secrets of its request; there are servers that repeat what they refuse."""
        masker = self._masker(request)
        return Reply(reply.status, masker.headers(reply.headers), masker.body(reply.body))

    def _masker(self, request: Request) -> Masker:
        return Masker({*request.hidden_values, *(secret.reveal() for secret in self._credentials.values())})

    def shown_headers(self, reply: Reply, request: Request) -> dict[str, str]:
        """Return the headers of an answer without the secrets of its request."""
        return self._masker(request).headers(reply.headers)
