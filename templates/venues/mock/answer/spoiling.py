# Edited in templates/venues/mock/answer/spoiling.py; the copy in generated/ is imported.
"""Turns the answer that was due into the one that a fault sends."""

from __future__ import annotations

from msgspec.structs import replace

from venues.mock.answer.build import Answers, replace_values
from venues.mock.answer.faults import Fault, PlannedFault
from venues.mock.answer.sent import Answer, bare_answer
from venues.mock.declared.operations import Operation
from venues.mock.exact import Json, Path, parse, value_at
from venues.mock.request.received import RequestRefused

PAGE = b"<!doctype html><title>Sorry</title><h1>Something went wrong</h1>"
NEVER_SEEN_TEXT, NEVER_SEEN_NUMBER = "NEVER_SEEN", 987654
"""Values that no enum of any exchange has."""


def spoil(answer: Answer, operation: Operation | None, trouble: PlannedFault, answers: Answers) -> Answer:
    """Return the answer as a fault sends it."""
    match trouble.fault:
        case Fault.BEFORE | Fault.AFTER:
            made = bare_answer(trouble.status) if trouble.status else replace(answer, delivery="closed")
        case Fault.TIMEOUT_BEFORE | Fault.TIMEOUT_AFTER:
            made = replace(answer, delivery="silent")
        case Fault.SLOW:
            made = replace(answer, delay=trouble.delay)
        case Fault.CUT:
            made = replace(answer, delivery="cut")
        case Fault.MALFORMED:
            # Without its last byte and with two commas, it is not JSON, whatever it was.
            made = replace(answer, body=answer.body[:-1] + b",,")
        case Fault.UNKNOWN_ENUM:
            made = replace(answer, body=replace_values(answer.body, _unknown_values(answer.body, operation)))
        case Fault.EMPTY_STRINGS:
            blanks = operation.places.blanks if operation else ()
            made = replace(answer, body=replace_values(answer.body, [(path, "") for path in blanks]))
        case _:
            made = _replacement(trouble, answers)
    return made


def _replacement(trouble: PlannedFault, answers: Answers) -> Answer:
    """Return the answer of a fault that sends nothing of the one that was due."""
    status, wait = trouble.status, trouble.retry_after
    match trouble.fault:
        case Fault.RATE_LIMITED | Fault.BANNED:
            usual = 429 if trouble.fault is Fault.RATE_LIMITED else 418
            # With the exchange's own code and body, so that a client is tested with what it would really read.
            made = replace(answers.refusal(RequestRefused("too_many", "", wait=wait)), status=status or usual)
        case Fault.SKEWED:
            made = answers.refusal(RequestRefused("wrong_time", "the clocks differ"))
        case Fault.WRONG_TYPE:
            made = Answer(PAGE, status or 200, content_type="text/html")
        case Fault.EMPTY:
            made = Answer(b"", status or 200)
        case Fault.UNAVAILABLE:
            made = Answer(PAGE, status or 503, content_type="text/html")
        case Fault.UNAVAILABLE_AFTER:
            made = Answer(b"", status or 503)
        case _:
            made = bare_answer(status or 500)
    return made


def _unknown_values(body: bytes, operation: Operation | None) -> list[tuple[Path, Json]]:
    try:
        document = parse(body)
    except ValueError:
        return []
    return [(path, _unknown_value(value_at(document, path))) for path in operation.places.enums] if operation else []


def _unknown_value(value: Json) -> Json:
    return NEVER_SEEN_NUMBER if isinstance(value, int) else NEVER_SEEN_TEXT
