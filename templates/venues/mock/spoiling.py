"""What faults do to answers."""

from __future__ import annotations

from dataclasses import replace

from venues.mock.answers import Answer, Answers, bare, changed
from venues.mock.declared import Operation
from venues.mock.exact import Json, Path, at, parse
from venues.mock.faults import Fault, Trouble
from venues.mock.received import Refused

PAGE = b"<!doctype html><title>Sorry</title><h1>Something went wrong</h1>"
NEVER_SEEN_TEXT, NEVER_SEEN_NUMBER = "NEVER_SEEN", 987654
"""Values that no enum has."""


def spoiled(answer: Answer, operation: Operation | None, trouble: Trouble, answers: Answers) -> Answer:
    """Return what is sent in place of an answer."""
    match trouble.fault:
        case Fault.BEFORE | Fault.AFTER if trouble.status is None:
            return replace(answer, delivery="closed")
        case Fault.TIMEOUT_BEFORE | Fault.TIMEOUT_AFTER:
            return replace(answer, delivery="silent")
        case Fault.CUT:
            return replace(answer, delivery="cut")
        case Fault.MALFORMED:
            return replace(answer, body=answer.body[:-1] + b",,")
        case Fault.UNKNOWN_ENUM if operation is not None:
            return replace(answer, body=changed(answer.body, _never_seen(answer.body, operation)))
        case Fault.EMPTY_STRINGS if operation is not None:
            return replace(answer, body=changed(answer.body, [(path, "") for path in operation.places.blanks]))
        case _:
            return _replaced(answer, trouble, answers)


def _replaced(answer: Answer, trouble: Trouble, answers: Answers) -> Answer:
    status, wait = trouble.status, trouble.retry_after
    match trouble.fault:
        case Fault.RATE_LIMITED:
            return replace(answers.refusal(Refused("too_many", "", wait=wait)), status=status or 429)
        case Fault.BANNED:
            return replace(answers.refusal(Refused("too_many", "", wait=wait)), status=status or 418)
        case Fault.SKEWED:
            return answers.refusal(Refused("wrong_time", "the clocks differ"))
        case Fault.WRONG_TYPE:
            return Answer(PAGE, status or 200, content_type="text/html")
        case Fault.EMPTY:
            return Answer(b"", status or 200)
        case Fault.UNAVAILABLE:
            return Answer(PAGE, status or 503, content_type="text/html")
        case Fault.UNAVAILABLE_AFTER:
            return Answer(b"", status or 503)
        case Fault.UNKNOWN_ENUM | Fault.EMPTY_STRINGS:
            return answer
        case _:
            return bare(status or 500)


def _never_seen(body: bytes, operation: Operation) -> list[tuple[Path, Json]]:
    try:
        document = parse(body)
    except ValueError:
        return []
    return [(path, _stranger(at(document, path))) for path in operation.places.enums]


def _stranger(value: Json) -> Json:
    return NEVER_SEEN_NUMBER if isinstance(value, int) else NEVER_SEEN_TEXT
