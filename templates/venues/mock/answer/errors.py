# Edited in templates/venues/mock/answer/errors.py; the copy in generated/ is imported.
"""Errors in the exchange's envelope: codes, and refusals with their codes."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from venues.mock.answer.sent import Answer, bare_answer
from venues.mock.declared.api import Api
from venues.mock.exact import Json, compact, parse
from venues.mock.request.received import RequestRefused

STATUS = {
    "missing_param": 400,
    "wrong_param": 400,
    "unknown_symbol": 400,
    "wrong_time": 400,
    "unknown_path": 404,
    "too_many": 429,
}
"""HTTP statuses of refusals for which the specification has no code; for the others it is 401."""


class Errors:
    """Writes the errors of one API."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def code(
        self,
        code: str,
        detail: str = "",
        *,
        message: str | None = None,
        status: int | None = None,
        now: int | None = None,
    ) -> Answer:
        """Answer an error code in the exchange's envelope; its time is `now`, or stays as in the example."""
        known = self._api.errors.get(code)
        # A test may use a code that no specification lists, to see what its program does then.
        meant = message or (known.message if known else "Something went wrong.")
        text = f"{meant.rstrip('.')} ({detail})." if detail else meant
        usual = known.http if known else self._api.usual_status
        return Answer(self._error_body(code, text, now), usual if status is None else status)

    def refusal(self, refused: RequestRefused, now: int | None = None) -> Answer:
        """Answer a refusal with its code, or with an HTTP status alone where the specification has no code."""
        code = refused.code or self._api.failures.get(refused.failure)
        answer = self._refusal(code, refused.detail, now) if code else bare_answer(STATUS.get(refused.failure, 401))
        answer = self.beside(answer, refused.more)
        return answer if refused.wait is None else replace(answer, headers={"Retry-After": str(refused.wait)})

    def _refusal(self, code: str, detail: str, now: int | None) -> Answer:
        # The exchange's own words decide what such a code means, so nothing is added to them.
        return self.code(code, "" if " " in code else detail, now=now)

    def beside(self, answer: Answer, more: Mapping[str, Json]) -> Answer:
        """Return an error that says more than a code and a message."""
        return replace(answer, body=compact(parse(answer.body) | more).encode()) if more else answer

    def _error_body(self, code: str, message: str, now: int | None) -> bytes:
        envelope = self._api.envelope
        # A code that means several things stands before the message that narrows it: `-2010 Duplicate order sent.`.
        code = code.partition(" ")[0]
        own = int(code) if envelope.base == "integer" and code.lstrip("-").isdecimal() else code
        # A message repeats what was sent, and that may hold half a character, which cannot be encoded.
        body = {**envelope.example, envelope.code: own, envelope.message[0]: message}
        if envelope.data is not None:
            body[envelope.data] = None
        if envelope.time is not None and now is not None:
            body[envelope.time] = now
        return compact(body).encode(errors="replace")
