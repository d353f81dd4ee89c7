"""The straight lines that answers are read by, held against the declared way."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.apis import OPERATIONS, Api, label
from tests.support.payloads import changed
from venues import errors
from venues.core.answer.decode import NotSuccess, Reader
from venues.core.answer.straight import Doubt, print_line
from venues.core.request.messages import Reply
from venues.core.request.operation import Operation

ODD: list[Any] = [None, "", "BRAND_NEW", "NaN", "Infinity", -1, 0, 10**30, True, "1", {}, [], ["x"], [{}], {"code": 1}]
"""What may stand where something else was promised."""
USUAL = [
    (api, operation) for api, operation in OPERATIONS if Reader(operation, api.client.PROFILE.envelope).line is not None
]


def sent(api: Api, operation: Operation[Any]) -> dict[str, object]:
    return operation.encode(operation.to_wire(api.arguments(operation)), validate=False)


def outcome(reader: Reader, reply: Reply, sent: dict[str, object]) -> object:
    """Return what the declared way makes of an answer: the payload and what it reports, or what it raises."""
    seen: list[tuple[str, str]] = []
    try:
        return reader.read_as_declared(reply, lambda path, what: seen.append((path, what)), sent), seen
    except (NotSuccess, errors.DecodeError) as error:
        return type(error), str(error)


def differs(reader: Reader, reply: Reply, sent: dict[str, object]) -> bool:
    """Whether the straight line takes an answer and makes anything else of it than the declared way."""
    seen: list[tuple[str, str]] = []
    assert reader.line is not None
    try:
        data = reader.line(reply, sent, lambda path, what: seen.append((path, what)))
    except Exception:  # it has no doubt, or gives up: why does not count
        return False
    return repr(outcome(reader, reply, sent)) != repr((data, seen))


def bodies(api: Api, operation: Operation[Any]) -> Iterator[bytes]:
    """Yield the example of an answer, and others in which one thing is odd."""
    example = api.response(operation).encode()
    envelope = api.client.PROFILE.envelope
    yield example
    for name in (envelope.code, envelope.data or "data"):
        for value in (b"0", b"1", b'"x"', b"null", b"true", b"false", b"{}"):
            member = b'"%s":%s' % (name.encode(), value)
            yield example.replace(b"{", b"{%s," % member, 1)  # beside what is there, and before it
            yield b"{%s}" % member
    yield from (b"", b" ", b"{}", b"[]", b"null", b"[{}]", b"[null]", b"\xff", b'{"data":{}}')
    for odd in ODD:
        yield changed(api, operation, partial(instead, odd))
    for name in members(api, operation):
        for odd in ODD:
            yield changed(api, operation, partial(with_member, name, odd))
        yield changed(api, operation, partial(with_member, name, None, left_out=True))


def members(api: Api, operation: Operation[Any]) -> list[str]:
    """Return the members of what an answer holds, or of the first item of its list."""
    found: list[str] = []

    def note(payload: Any) -> Any:
        first = payload[0] if isinstance(payload, list) and payload else payload
        found.extend(first if isinstance(first, dict) else ())
        return payload

    changed(api, operation, note)
    return found


def instead(odd: object, _: Any) -> object:
    return odd


def with_member(name: str, value: object, payload: Any, *, left_out: bool = False) -> Any:
    if isinstance(payload, list):
        return [with_member(name, value, payload[0], left_out=left_out), *payload[1:]]
    kept = {key: member for key, member in payload.items() if key != name or not left_out}
    return kept if left_out else {**kept, name: value}


@pytest.mark.parametrize(("api", "operation"), USUAL, ids=label)
def test_line_reads_as_declared(api: Api, operation: Operation[Any]) -> None:
    """Of an answer in which anything is odd, the line returns and reports what the declared way does, or gives up."""
    reader = Reader(operation, api.client.PROFILE.envelope)
    given = sent(api, operation)
    for body in bodies(api, operation):
        assert not differs(reader, Reply(200, {}, body), given), body
    example = api.response(operation).encode()
    for status in (100, 199, 201, 204, 299, 302, 400, 503):
        assert not differs(reader, Reply(status, {}, example), given), status
    for echo in operation.echoes:
        for own in ("another", "", 0, 10**30, None):
            assert not differs(reader, Reply(200, {}, example), {**given, echo.param: own}), own


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(USUAL), st.data())
def test_line_takes_no_broken_answer_otherwise(one: tuple[Api, Operation[Any]], data: st.DataObject) -> None:
    """Of an answer with some bytes changed, doubled or lost, it returns what the declared way does, or gives up."""
    api, operation = one
    example = api.response(operation).encode()
    begin = data.draw(st.integers(0, len(example)))
    end = data.draw(st.integers(begin, min(len(example), begin + 20)))
    put = data.draw(st.sampled_from([b"", b"0", b'"', b",", b"}", b'"code":1,', b"NaN", b"  ", example[begin:end] * 2]))
    body = example[:begin] + put + example[end:]
    assert not differs(Reader(operation, api.client.PROFILE.envelope), Reply(200, {}, body), sent(api, operation))


def test_usual_answer_gives_rise_to_no_doubt() -> None:
    """The line reads each example by itself, unless it names a code that no envelope promises."""
    for api, operation in USUAL:
        line, example = Reader(operation, api.client.PROFILE.envelope).line, api.response(operation).encode()
        assert line is not None
        try:
            line(Reply(200, {}, example), sent(api, operation), lambda _path, _what: None)
        except Doubt:
            assert f'"{api.client.PROFILE.envelope.code}":'.encode() in example, operation


def test_nearly_every_answer_has_a_line() -> None:
    """Only answers to batches, of two lists in one, inside another member, or of nothing at all are read as declared."""
    without = [operation for one in OPERATIONS if one not in USUAL for operation in one[1:]]
    assert all(one.batch or one.joins or one.unwrap or one.list_of or one.returns is None for one in without)


def test_line_reads_as_a_person_would_write_it() -> None:
    """An order is decoded in one step, and its id is held against the one that was sent."""
    api, operation = next(
        (api, operation) for api, operation in USUAL if (api.name, operation.name) == ("aster_futures", "place_order")
    )
    reader = Reader(operation, api.client.PROFILE.envelope)
    assert LINE == print_line(reader._evidence, api.client.PROFILE.envelope, is_bare=True)[0]


LINE = """\
def read(reply, sent, report):
    body = reply.body
    if reply.status != 200 or body.rfind(b"NaN") != body.rfind(b"Inf") or body.rfind(b'"code"') != -1:
        raise Doubt
    before = newest.member
    data = decode(body)
    own = sent.get('newClientOrderId')
    if own is not None:
        answered = data.client_order_id
        if answered != own and answered not in MISSING and not agrees_0(Text(own), Text(answered)):
            raise Doubt
    if newest.member is not before:
        report_unknown(data, report)
    return data"""
