"""Reads answers; loaded when the first one arrives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from venues.core.answer.decode import NotSuccess, Reader
from venues.core.answer.failures import Failures
from venues.core.call.reporter import Reporter
from venues.core.outcome.course import Refusal
from venues.core.profile import Profile
from venues.core.request.operation import Operation, Reply, Request
from venues.core.values.secrets import SHORTEST, Secret, hide
from venues.errors import DecodeError


class AnswerReader:
    """Reads the answers of one client."""

    def __init__(self, profile: Profile, credentials: Mapping[str, Secret], reporter: Reporter) -> None:
        self._profile = profile
        self._credentials = credentials
        self._reporter = reporter
        self._readers: dict[Operation[Any], Reader] = {}

    def read(self, operation: Operation[Any], reply: Reply, request: Request) -> Any:
        """Return the payload.

        Raises:
            Refusal: if the answer is an error.
            DecodeError: if it can't be read.
        """
        reader = self._readers.get(operation)
        if reader is None:
            reader = self._readers[operation] = Reader(operation, self._profile.envelope)
        try:
            return reader.read(
                reply, lambda path, what: self._reporter.report_deviation(operation.full_name, path, what)
            )
        except NotSuccess:
            shown = self._mask(reply, request)
        except DecodeError as error:
            error.body = self._mask(reply, request).body
            raise
        failure = Failures(*self._profile.errors()).failure(operation, shown, reader.head_of(shown))
        raise Refusal(failure.error, unknown=failure.unknown)

    def _mask(self, reply: Reply, request: Request) -> Reply:
        """Return an answer without the secrets of its request; there are servers that repeat what they refuse.

        A redirect repeats the address, signature and all, in a header.
        """
        body = reply.body
        for secret in self._secrets(request):
            body = hide(secret, body)
        return Reply(reply.status, self.mask_headers(reply, request), body)

    def mask_headers(self, reply: Reply, request: Request) -> dict[str, str]:
        """Return the headers of an answer without the secrets of its request."""
        headers = dict(reply.headers)
        for secret in self._secrets(request):
            headers = {name: hide(secret, value.encode()).decode() for name, value in headers.items()}
        return headers

    def _secrets(self, request: Request) -> set[str]:
        """Return what an answer must not repeat."""
        secrets = {*request.hidden_values, *(secret.reveal() for secret in self._credentials.values())}
        return {secret for secret in secrets if len(secret) >= SHORTEST}
