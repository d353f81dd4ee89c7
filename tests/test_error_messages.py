"""Codes that mean several things: the exchange's message decides."""

from __future__ import annotations

import json

import pytest

from tests.support.answers import KINDS, as_number, ask
from tests.support.apis import APIS, Api, label
from tests.support.mocks import client
from venues import errors
from venues.core.answer.envelope import ErrorCode
from venues.core.request.messages import Reply
from venues.mock import Mock

SEVERAL = [api for api in APIS if any(entry.messages for entry in api.module.ERRORS.values())]
MEANT = [(api, says, meant) for api in SEVERAL for e in api.module.ERRORS.values() for says, meant in e.messages]


def refused(api: Api, code: str, message: str) -> Reply:
    """Return an answer with a code and a message."""
    envelope = api.client.PROFILE.envelope
    return Reply(400, {}, json.dumps({envelope.code: as_number(code), envelope.messages[0]: message}).encode())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("api", SEVERAL, ids=label)
def test_the_message_decides(api: Api, kind: str) -> None:
    """A code raises what its message says, whatever stands around it, and in upper or lower case."""
    operation = next(o for o in api.operations if o.effect == "once" and o.auth == "signed")
    for _, says, meant in (case for case in MEANT if case[0] is api):
        for message in (says, f"{says}.", f"Error: {says.upper()}!"):
            found = ask(api, operation, refused(api, meant.code, message), kind)
            told = found.error.__cause__ if meant.unknown and found.error else found.error
            assert (meant.error, meant.message) == (type(told), getattr(told, "meaning", None)), message


@pytest.mark.parametrize("api", SEVERAL, ids=label)
def test_another_message_leaves_the_code_as_it_is(api: Api) -> None:
    """With a message that nobody listed, the code's own kind and outcome hold."""
    operation = next(o for o in api.operations if o.effect == "once" and o.auth == "signed")
    for entry in (each for each in api.module.ERRORS.values() if each.messages):
        found = ask(api, operation, refused(api, entry.code, "Something new."), "sync")
        assert (errors.ExecutionUnknown if entry.unknown else entry.error) is found.kind


@pytest.mark.parametrize(("api", "says", "meant"), MEANT[:1], ids=label)
def test_the_mock_exchange_says_it(api: Api, says: str, meant: ErrorCode) -> None:
    """A test that names code and message gets both from the mock exchange."""
    operation = next(o for o in api.operations if o.auth == "signed")
    with Mock(api.name, remembers=False) as mock, client(api, mock) as caller:
        mock.fail(operation.full_name, code=f"{meant.code} {says}")
        with pytest.raises(errors.ApiError) as caught:
            caller.call(operation, **api.arguments(operation))
    assert (meant.error, meant.code) == (type(caught.value), caught.value.code)
    assert says in caught.value.message


def test_an_error_prints_one_line() -> None:
    """Line breaks and escape sequences forge no line of a log, and megabytes fill none; `message` is unchanged."""
    message = "no\x1b[31m\n2026-11-29 ERROR all lost " + "x" * 3_000_000
    error = errors.OrderRejected("-2010", message, status=400, headers={}, body=b"", operation="trade.place_order")
    assert str(error).startswith("trade.place_order: -2010 no [31m 2026-11-29 ERROR all lost xxx")
    assert (True, True) == (str(error).isprintable(), len(str(error)) < 600)
    assert message == error.message
