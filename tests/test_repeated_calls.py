"""Calls that may be repeated: what a refusal of the second attempt says of the first."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from tests.support.answers import KINDS, Answer, as_number, ask, with_code
from tests.support.apis import APIS, Api, label
from venues import errors
from venues.core.answer.envelope import ErrorCode
from venues.core.request.messages import Reply, Request
from venues.core.request.operation import Operation

REPEATABLE = [
    (api, next(o for o in api.operations if o.effect == "repeatable" and o.auth == "signed" and not o.schemes))
    for api in APIS
]
DONE = [(api, o, code) for api in APIS for o in api.operations for code in sorted(o.done)]


def refusal(api: Api) -> str:
    """Return a code that refuses for certain."""
    suspects = api.client.PROFILE.suspects
    codes: dict[str, ErrorCode] = api.module.ERRORS
    return next(c for c, e in codes.items() if e.kind == "InvalidParameter" and c not in suspects)


def after(first: Reply | Exception, then: Reply) -> Answer:
    """Answer the first request by one thing, and all others by another."""
    outcomes = [first]

    def answer(_: Request) -> Reply:
        outcome = outcomes.pop() if outcomes else then
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return answer


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("api", "operation"), REPEATABLE, ids=label)
def test_refusal_of_a_second_attempt_says_that_there_was_a_first(
    api: Api, operation: Operation[Any], kind: str
) -> None:
    """Whoever cancels twice learns that the first time may be why there is nothing left to cancel."""
    then = Reply(200, {}, with_code(api, as_number(refusal(api))))
    for first in (errors.ConnectionLost("broken"), Reply(500, {}, b"")):
        found = ask(api, operation, after(first, then), kind)
        assert isinstance(found.error, errors.ApiError)
        assert (1, 2) == (found.error.earlier_attempts, len(found.requests))
        assert "an earlier attempt of this call may have been executed" in str(pickle.loads(pickle.dumps(found.error)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("api", "operation"), REPEATABLE, ids=label)
def test_attempt_that_was_not_executed_is_not_mentioned(api: Api, operation: Operation[Any], kind: str) -> None:
    """A connection that was never made, a limit, and a first attempt explain nothing."""
    then = Reply(200, {}, with_code(api, as_number(refusal(api))))
    for first in (errors.ConnectionFailed("no"), Reply(429, {"Retry-After": "0"}, b""), then):
        found = ask(api, operation, after(first, then), kind)
        assert isinstance(found.error, errors.ApiError)
        assert (0, False) == (found.error.earlier_attempts, "earlier attempt" in str(found.error))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("api", "operation", "code"), DONE, ids=label)
def test_nothing_left_to_do_is_done(api: Api, operation: Operation[Any], code: str, kind: str) -> None:
    """A code that means "so it is already" ends a repeated call as done; a first attempt is refused by it."""
    answer = Reply(400, {}, with_code(api, as_number(code)))
    found = ask(api, operation, after(errors.ConnectionLost("broken"), answer), kind)
    assert (None, 2) == (found.kind, len(found.requests))
    assert isinstance(ask(api, operation, answer, kind).error, errors.ApiError)


def test_some_operation_says_what_done_means() -> None:
    """The promise above is tried."""
    assert DONE
