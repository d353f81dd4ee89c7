# Edited in templates/venues/core/call/answers.py; the copy in generated/ is imported.
"""Reads answers; loaded when the first one arrives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from venues.core.answer.decode import UNREADABLE, NotSuccess, Reader
from venues.core.answer.failures import Failures
from venues.core.answer.mend import Report
from venues.core.call.reporter import Reporter
from venues.core.outcome.course import Refusal
from venues.core.profile import Profile
from venues.core.request.messages import Reply, Request
from venues.core.request.operation import Operation
from venues.core.values.masking import Masker
from venues.core.values.secrets import Secret
from venues.errors import DecodeError


class AnswerReader:
    """Reads the answers of one client."""

    def __init__(self, profile: Profile, credentials: Mapping[str, Secret], reporter: Reporter) -> None:
        self._profile = profile
        self._credentials = credentials
        self._reporter = reporter
        self._readers: dict[Operation[Any], tuple[Reader, Report]] = {}

    def read(
        self,
        operation: Operation[Any],
        reply: Reply,
        request: Request,
        sent: Mapping[str, object],
        earlier_attempts: int = 0,
        items: Collection[str] = (),
    ) -> Any:
        """Return the payload.

        Args:
            operation: What was called.
            reply: What came.
            request: The request that it answers.
            sent: What was sent in it, by wire name.
            earlier_attempts: How many attempts before this one may have been executed.
            items: The caller's ids of all items of a batch, if all have one.

        Raises:
            Refusal: if the answer is an error.
            DecodeError: if it can't be read, or proves no success.
        """
        reader, report = self._readers.get(operation) or self._new_reader(operation)
        failure: Refusal | DecodeError
        try:
            return reader.read(reply, report, sent, items)
        except NotSuccess:
            failure = self._refusal(operation, reader, self._mask(reply, request), report)
        except DecodeError as error:
            failure = self._without_secrets(error, request)
        if isinstance(failure, Refusal) and earlier_attempts and failure.error.code in operation.done:
            data = reader.read_refusal(reply)
            if data is not UNREADABLE:
                return data
            failure.error.done = True
        raise failure  # out here, so that it carries no frame and no other error that holds the answer

    def _new_reader(self, operation: Operation[Any]) -> tuple[Reader, Report]:
        """Return what reads the answers of an operation, and what reports deviations in them."""
        # Built at the first answer: a decoder takes time to build, and most operations are never used.
        reader = Reader(operation, self._profile.envelope)
        self._readers[operation] = reader, partial(self._reporter.report_deviation, operation.full_name)
        return self._readers[operation]

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
