"""What the mock exchange answers: examples, a test's own payloads, and errors in the exchange's own envelope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from http import HTTPStatus
from typing import Literal

from venues.mock.declared.api import Api, Find, Operation
from venues.mock.exact import Json, Path, at, compact, parse, put
from venues.mock.ledger import Executed
from venues.mock.request.received import Refused, text_of

Delivery = Literal["whole", "cut", "closed", "silent"]
Changes = Iterable[tuple[Path, Json]]

STATUS = {
    "missing_param": 400,
    "wrong_param": 400,
    "unknown_symbol": 400,
    "wrong_time": 400,
    "unknown_path": 404,
    "too_many": 429,
}
"""HTTP statuses of failures for which the specification names no code; the others are 401."""


@dataclass(frozen=True)
class Answer:
    """What is sent back, and how."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    delivery: Delivery = "whole"
    delay: float = 0.0
    """Seconds after which it is sent."""


class Answers:
    """Writes the answers of one API."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def example(self, operation: Operation, arguments: Mapping[str, Json], now: int) -> Answer:
        """Answer an operation's example; the caller's own id is echoed, and the server's time is `now`."""
        changes: list[tuple[Path, Json]] = []
        own = operation.client_id
        if own is not None and own in arguments:
            changes += [(path, arguments[own]) for path in operation.places.client_id]
        clock = self._api.clock
        if clock is not None and clock.operation == operation.full_name:
            changes.append((self._within(operation, clock.field), now if clock.unit == "ms" else now // 1000))
        return Answer(changed(operation.response.encode(), changes))

    def found(self, operation: Operation, find: Find, made: Executed) -> Answer:
        """Answer a lookup that finds what was made: the example, with the ids, the time and the sizes of the call."""
        changes: list[tuple[Path, Json]] = [(path, made.client_id) for path in find.client_id]
        changes += [(path, made.at) for path in find.made]
        changes += [(path, made.arguments[wire]) for wire, path in find.echoes if wire in made.arguments]
        example = parse(operation.response)
        written = [(path, _as_written(value, at(example, path))) for path, value in changes]
        return Answer(changed(operation.response.encode(), written))

    def absent(self, operation: Operation, find: Find) -> Answer:
        """Answer a lookup that finds nothing: by a code, or by empty lists."""
        if find.absent:
            return self.code(find.absent[0])
        return Answer(changed(operation.response.encode(), [(path, []) for path in find.lists]))

    def payload(self, operation: Operation, payload: Json) -> Answer:
        """Answer a payload of the test's own, in the envelope if the operation has one."""
        data = self._api.envelope.data
        if data is None or operation.payload == "body":
            return Answer(compact(payload).encode())
        return Answer(compact({**self._api.envelope.example, data: payload}).encode())

    def code(self, code: str, detail: str = "", *, message: str | None = None, status: int | None = None) -> Answer:
        """Answer an error code in the exchange's envelope."""
        known = self._api.errors.get(code)
        meant = message or (known.message if known else "Something went wrong.")
        text = f"{meant.rstrip('.')} ({detail})." if detail else meant
        usual = known.http if known else self._api.usual_status
        return Answer(self._enveloped(code, text), usual if status is None else status)

    def refusal(self, refused: Refused) -> Answer:
        """Answer a refusal with the code that the specification names for it, or with a bare HTTP status."""
        code = refused.code or self._api.failures.get(refused.failure)
        answer = self.code(code, refused.detail) if code else bare(STATUS.get(refused.failure, 401))
        return answer if refused.wait is None else replace(answer, headers={"Retry-After": str(refused.wait)})

    def _within(self, operation: Operation, name: str) -> Path:
        data = self._api.envelope.data
        return (data, name) if data is not None and operation.payload == "data" else (name,)

    def _enveloped(self, code: str, message: str) -> bytes:
        envelope = self._api.envelope
        own = int(code) if envelope.base == "integer" and code.lstrip("-").isdecimal() else code
        body = {**envelope.example, envelope.code: own, envelope.message[0]: message}
        if envelope.data is not None:
            body[envelope.data] = None
        return compact(body).encode(errors="replace")  # half a character, where a request is repeated


def bare(status: int) -> Answer:
    """Answer a status in words, without envelope."""
    words = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
    return Answer(words.encode(), status, content_type="text/plain")


def _as_written(value: Json, example: Json) -> Json:
    """Write a value as the example has it: a form sends all as text, and an answer may hold numbers."""
    if isinstance(example, str) and not isinstance(value, (list, dict)) and value is not None:
        return text_of(value)
    if isinstance(value, str) and isinstance(example, (int, Decimal)) and not isinstance(example, bool):
        number = Decimal(value)
        return int(number) if isinstance(example, int) and number == int(number) else number
    return value


def changed(body: bytes, changes: Changes) -> bytes:
    """Put values into a JSON text; without changes it stays byte for byte what it was, as does what is no JSON."""
    pending = list(changes)
    if not pending:
        return body
    try:
        document = parse(body)
    except ValueError:
        return body
    for path, value in pending:
        put(document, path, value)
    return compact(document).encode()
