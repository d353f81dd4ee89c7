"""Every listed code, at every operation of its API: what is raised, and what is then known."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.answers import KINDS, as_number, ask, with_code
from tests.support.apis import APIS, Api, label
from venues import errors
from venues.core.answer.decode import NotSuccess, Reader
from venues.core.answer.envelope import ErrorCode
from venues.core.answer.failures import Failures
from venues.core.request.messages import Reply
from venues.core.request.operation import Operation

ONCE = [(api, o) for api in APIS for o in api.operations if o.effect == "once" and o.auth == "signed" and not o.schemes]
SAMPLES = [next(case for case in ONCE if case[0] is api) for api in APIS]
STATUSES = (200, 400)


def listed(api: Api) -> list[ErrorCode]:
    """Return the codes that mean an error."""
    return [entry for entry in api.module.ERRORS.values() if entry.error is not None]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("api", APIS, ids=label)
def test_every_code_means_the_same_at_every_operation(api: Api, status: int) -> None:
    """Its class and its outcome are those of errors.yaml, whichever call it answers."""
    profile = api.client.PROFILE
    failures = Failures(*profile.errors(), profile.envelope.unlisted)
    replies = [(entry, Reply(status, {}, with_code(api, as_number(entry.code)))) for entry in listed(api)]
    for operation in api.operations:
        reader = Reader(operation, profile.envelope)
        for entry, reply in replies:
            with pytest.raises(NotSuccess):
                reader.read(reply, ignore)
            found = failures.failure(operation, reply, reader.head_of(reply, ignore))
            expected = (entry.error, entry.code, entry.message, entry.unknown)
            assert expected == (type(found.error), found.error.code, found.error.meaning, found.unknown)


def ignore(path: str, what: str) -> None:
    """Take no note of a deviation."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("api", "operation"), SAMPLES, ids=label)
def test_order_is_refused_or_unknown_as_its_code_says(api: Api, operation: Operation[Any], kind: str) -> None:
    """A code with outcome `rejected` raises its own class, one with `unknown` ExecutionUnknown caused by it."""
    for entry in listed(api):
        found = ask(api, operation, Reply(200, {}, with_code(api, as_number(entry.code))), kind)
        assert found.error is not None
        told = found.error.__cause__ if entry.unknown else found.error
        assert (errors.ExecutionUnknown if entry.unknown else entry.error) is found.kind
        assert (entry.error, entry.code) == (type(told), getattr(told, "code", None))


@pytest.mark.parametrize(("api", "operation"), SAMPLES, ids=label)
def test_api_may_promise_that_other_codes_refuse(api: Api, operation: Operation[Any]) -> None:
    """`unlisted: rejected` makes a code that is not listed a refusal, and only a code."""
    failures = Failures(*api.client.PROFILE.errors(), "rejected")
    reader = Reader(operation, api.client.PROFILE.envelope)
    for body, is_open in ((with_code(api, 987654), False), (b"<html>", True)):
        reply = Reply(409, {}, body)
        assert is_open is failures.failure(operation, reply, reader.head_of(reply, ignore)).unknown
