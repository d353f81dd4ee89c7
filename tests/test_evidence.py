"""What is believed of an answer: nothing without evidence."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

from tests.support.answers import KINDS, Outcome, Replying, as_number, ask, enveloped, with_code
from tests.support.apis import APIS, Api, label
from tests.support.mocks import Deviations, client
from venues import errors
from venues.core.request.lookups import Echo
from venues.core.request.messages import Reply
from venues.core.request.operation import Operation
from venues.mock import Mock

ONCE = [(api, o) for api in APIS for o in api.operations if o.effect == "once" and not o.schemes]
NAMED = [(api, o) for api, o in ONCE if o.client_id and o.echoes]
"""Calls whose answers name the caller's own id."""
BATCHES = [(api, o) for api, o in ONCE if o.item_ids or o.item_keys]
"""Calls whose answers name each order of a batch."""
LOOKED_UP = [(api, o) for api in APIS for o in api.operations if o.effect != "once" and o.echoes]
PAGE = b"<!doctype html><title>Maintenance</title>"
NOTHING = [b"{}", b'{"success":false,"error":"maintenance"}', b"null", b"[]", b'"ok"', b"7", b"", PAGE]


def is_unknown(found: Outcome) -> bool:
    """Whether a call was sent once, and nobody knows what became of it."""
    return (found.kind, len(found.requests)) == (errors.ExecutionUnknown, 1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("api", "operation"), ONCE, ids=label)
def test_status_that_is_not_final_is_no_answer(api: Api, operation: Operation[Any], kind: str) -> None:
    """A status below 200, or none, says nothing of a call that must happen once, whatever its body says."""
    codes = [with_code(api, code) for code in list(api.module.ERRORS)[:3]]
    cases = product([0, 101, 102, 103, 104, 199], [b"", api.response(operation).encode(), *codes])
    assert [] == [case for case in cases if not is_unknown(ask(api, operation, Reply(case[0], {}, case[1]), kind))]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("api", "operation"), ONCE, ids=label)
def test_nothing_is_no_success(api: Api, operation: Operation[Any], kind: str) -> None:
    """Where 200 brings nothing of what was promised, nobody knows whether an order was placed."""
    assert [] == [body for body in NOTHING if not is_unknown(ask(api, operation, Reply(200, {}, body), kind))]


EMPTY: list[object] = [{}, None, [], {"orders": []}, {"success": False, "error": "maintenance"}]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("api", "operation"), [case for case in ONCE if case[1].returns is not None], ids=label)
def test_empty_payload_is_no_success(api: Api, operation: Operation[Any], kind: str) -> None:
    """A code of success around nothing is no success either, unless a spec says so: mending never invents an order."""
    has_orders = '"orders"' in api.response(operation)
    said: list[object] = [*([{"orders": []}] if has_orders else []), *([{}] if operation.may_be_empty else [])]
    cases = [payload for payload in EMPTY if payload not in said]
    replies = ((payload, Reply(200, {}, enveloped(api, operation, payload))) for payload in cases)
    assert [] == [
        payload for payload, reply in replies if ask(api, operation, reply, kind).kind is not errors.ExecutionUnknown
    ]


READS = [(a, o) for a in APIS for o in a.operations if o.effect == "read" and o.returns is not None and not o.schemes]


def is_nothing_read_as_nothing(api: Api, operation: Operation[Any], body: bytes) -> bool:
    """Whether a body that says nothing is an error, or, where it may be empty, an empty thing."""
    found = ask(api, operation, Reply(200, {}, body), "sync")
    if body == b"[]" and found.data == []:
        return operation.payload == "body" or api.client.PROFILE.envelope.data is None
    if body == b"{}" and operation.may_be_empty:
        return found.data is not None and not any(found.data.to_dict().values())
    return found.kind is errors.DecodeError


@pytest.mark.parametrize(("api", "operation"), READS, ids=label)
def test_nothing_is_no_list_and_no_object(api: Api, operation: Operation[Any]) -> None:
    """No position, balance or list of orders is made of an answer that has none."""
    assert [] == [body for body in NOTHING if not is_nothing_read_as_nothing(api, operation, body)]


LISTS = [(api, o) for api, o in READS if str(o.returns).startswith("list[venues")]


@pytest.mark.parametrize("payload", [{}, None, {"orders": []}, [{}], ["x"], [7]])
@pytest.mark.parametrize(("api", "operation"), LISTS, ids=label)
def test_no_list_has_a_phantom(api: Api, operation: Operation[Any], payload: object) -> None:
    """A list is made of the things in it, never of an object in which no known member stands."""
    found = ask(api, operation, Reply(200, {}, enveloped(api, operation, payload)), "sync")
    if (payload is None and operation.null_is_empty) or (payload == {"orders": []} and operation.unwrap == "orders"):
        assert [] == found.data
    elif payload == {"orders": []} and '"orders"' in api.response(operation):
        assert found.data is None or len(found.data) == 1  # one thing that has such a member
    else:
        assert errors.DecodeError is found.kind


CODES: list[object] = [True, False, [1], {}, {"code": 200}, 1.5, [], [0]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("api", "operation"), ONCE, ids=label)
def test_code_that_is_none_refuses_nothing(api: Api, operation: Operation[Any], kind: str) -> None:
    """What stands where a code should, and is none, is neither success nor refusal."""
    envelope = api.client.PROFILE.envelope
    content = json.loads(api.response(operation))
    bodies = [with_code(api, code) for code in CODES]
    if isinstance(content, dict):
        bodies += [json.dumps({**content, envelope.code: code}).encode() for code in CODES]
    assert [] == [body for body in bodies if not is_unknown(ask(api, operation, Reply(200, {}, body), kind))]


@pytest.mark.parametrize(("api", "operation"), READS, ids=label)
def test_code_that_is_none_is_no_refusal_of_a_read(api: Api, operation: Operation[Any]) -> None:
    """A read whose answer has such a code can't be read."""
    for code in CODES:
        assert errors.DecodeError is ask(api, operation, Reply(200, {}, with_code(api, code)), "sync").kind


def test_decode_error_says_what_is_known() -> None:
    """It speaks of success only where success was proved."""
    proved = errors.DecodeError("a.b", b"{}", "its date is odd", executed=True)
    assert "answered with success" in str(proved)
    open_ = errors.DecodeError("a.b", b"{}", "it is no JSON")
    assert (None, False, True) == (open_.executed, "success" in str(open_), "open" in str(open_))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("api", "operation"), NAMED, ids=label)
def test_answer_to_another_order_is_not_taken(api: Api, operation: Operation[Any], kind: str) -> None:
    """An answer that names another client id than the one sent leaves the order unknown; its own id is believed."""
    assert operation.client_id is not None
    wire = operation.by_wire[operation.client_id].name
    body = api.response(operation).encode()
    own = str(api.arguments(operation)[wire])
    for mine, expected in ((own, None), ("other-7", errors.ExecutionUnknown)):
        given: dict[str, Any] = {wire: mine}
        found = ask(api, operation, Reply(200, {}, body), kind, **given)
        assert (expected, 1) == (found.kind, len(found.requests))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("api", "operation"), LOOKED_UP, ids=label)
def test_answer_about_another_order_is_not_taken(api: Api, operation: Operation[Any], kind: str) -> None:
    """Who asks for one order and gets another is told so."""
    for echo in operation.echoes:
        param = operation.by_wire[echo.param]
        given: dict[str, Any] = {
            p.name: None for p in operation.params if p.wire in {e.param for e in operation.echoes}
        }
        given[param.name] = 987654321 if param.kind == "integer" else "987654321"
        found = ask(api, operation, Reply(200, {}, api.response(operation).encode()), kind, **given)
        assert errors.DecodeError is found.kind
        assert "987654321" in str(found.error)


def refused(found: Outcome) -> bool:
    return isinstance(found.error, errors.ApiError)


@pytest.mark.parametrize("status", [200, 400, 404, 500])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("api", "operation"), ONCE, ids=label)
def test_code_that_nobody_listed_says_nothing(api: Api, operation: Operation[Any], status: int, kind: str) -> None:
    """A code that no page explains leaves an order unknown, and is the cause of the error that says so."""
    found = ask(api, operation, Reply(status, {}, with_code(api, 987654)), kind)
    assert (errors.ExecutionUnknown, 1) == (found.kind, len(found.requests))
    assert found.error is not None
    assert "987654" == getattr(found.error.__cause__, "code", None)


def test_code_that_nobody_listed_ends_a_read() -> None:
    """A call that changes nothing is not sent again for it."""
    for api, operation in READS:
        if operation.auth == "signed":
            found = ask(api, operation, Reply(400, {}, with_code(api, 987654)), "sync")
            assert (errors.UnknownError, 1) == (found.kind, len(found.requests))


STATUSES = [400, 401, 403, 404, 405, 409, 410, 413, 414, 418, 422, 425, 429, 451]


@pytest.mark.parametrize(("api", "operation"), ONCE, ids=label)
def test_status_alone_refuses_where_the_specification_says_so(api: Api, operation: Operation[Any]) -> None:
    """A page with a status says that an order was refused only if the API documents that status."""
    statuses = api.client.PROFILE.errors()[1]
    listed = [status for status in STATUSES if status in statuses and not statuses[status].unknown]
    assert listed == [status for status in STATUSES if refused(ask(api, operation, Reply(status, {}, PAGE), "sync"))]


ODD: dict[str, tuple[bytes, bytes]] = {
    # what is odd: (what the message holds, what stands before the body)
    "a byte order mark": (b"no", b"\xef\xbb\xbf"),
    "UTF-16": (b"utf-16", b""),
    "control characters": (b"no\x01\n\t", b"\x00\x1f "),
    "invalid UTF-8": (b"no \xff\xfe", b""),
    "GBK": ("余额不足".encode("gbk"), b""),
    "Latin-1": ("refusé".encode("latin-1"), b""),
    "half a character": (b"no \\ud800 \\\\ud800", b""),
}


def odd_body(api: Api, code: str, what: str) -> bytes:
    message, before = ODD[what]
    body = with_code(api, int(code) if code.lstrip("-").isdecimal() and code[0] != "0" else code)
    if message == b"utf-16":
        return body.decode().encode("utf-16")
    return before + body.replace(b'"?"', b'"' + message + b'"')


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("api", APIS, ids=label)
def test_one_odd_byte_does_not_lose_a_code(api: Api, what: str, kind: str) -> None:
    """A refusal whose message is not clean JSON is the refusal that its code says, and the oddity is told."""
    operation = next(o for a, o in ONCE if a is api)
    entries = [
        e for e in api.module.ERRORS.values() if e.error and not e.unknown and issubclass(e.error, errors.OrderRejected)
    ]
    code = entries[0].code if entries else next(c for c, e in api.module.ERRORS.items() if e.error and not e.unknown)
    hooks = Deviations()
    found = ask(api, operation, Reply(200, {}, odd_body(api, code, what)), kind, hooks=hooks)
    assert code == getattr(found.error, "code", None)
    assert hooks.found
    str(found.error).encode()  # nothing in it can't be written


@pytest.mark.parametrize("text", [b"NaN", b"-Infinity", b"1e400", b'"a\x02b"', b'"\\udfff"', b'"\xff"'])
@pytest.mark.parametrize(("api", "operation"), NAMED, ids=label)
def test_odd_member_does_not_lose_an_order(api: Api, operation: Operation[Any], text: bytes) -> None:
    """An order whose answer has an odd member that nobody asked for is a placed order."""
    body = api.response(operation).encode()
    at = body.rindex(b"{") + 1
    found = ask(api, operation, Reply(200, {}, body[:at] + b'"oddity":' + text + b"," + body[at:]), "sync")
    assert found.kind is None


@pytest.mark.parametrize(
    "body", [b"[" * 1_000_000, b'{"a":' * 300_000, b'"' + b"\\ud800" * 300_000, b"\xff" * 1_000_000]
)
def test_hostile_answer_is_read_in_bounds(body: bytes) -> None:
    """However deep or long an answer is, it ends as one that can't be read."""
    api, operation = READS[0]
    assert errors.DecodeError is ask(api, operation, Reply(200, {}, body), "sync").kind


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 0)])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("api", APIS, ids=label)
def test_two_codes_in_one_answer_prove_nothing(api: Api, first: int, second: int, kind: str) -> None:
    """An answer that says both success and an error says nothing."""
    operation = next(o for a, o in ONCE if a is api)
    envelope = api.client.PROFILE.envelope
    content = json.loads(api.response(operation))
    codes = [
        json.dumps(next(iter(envelope.success))),
        json.dumps(next(c for c, e in api.module.ERRORS.items() if e.error)),
    ]
    content.pop(envelope.code, None)
    own = ",".join(f'"{envelope.code}":{codes[index]}' for index in (first, second))
    body = "{" + own + "," + json.dumps(content)[1:]
    assert errors.ExecutionUnknown is ask(api, operation, Reply(200, {}, body.encode()), kind).kind


MAKING = [
    (api, o)
    for api, o in ONCE
    if (o.batch is None and (o.needs or o.echoes)) or (o.made_ids and api.response(o).startswith("{"))
]
"""Calls whose answers name what was made, and have room for a code."""


def beside_error(api: Api, operation: Operation[Any], changes: dict[str, object]) -> tuple[str, bytes]:
    """Return a code that refuses, and the answer of a success with this code and changes of its payload."""
    envelope = api.client.PROFILE.envelope
    code = next(c for c, e in api.module.ERRORS.items() if e.error and not e.unknown and not e.messages)
    content = json.loads(api.response(operation))
    inner = content[envelope.data] if envelope.data and operation.payload == "data" else content
    (inner[0] if isinstance(inner, list) else inner).update(changes)
    return code, json.dumps({**content, envelope.code: as_number(code)}).encode()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("api", "operation"), MAKING, ids=label)
def test_error_that_names_what_was_made_proves_nothing(api: Api, operation: Operation[Any], kind: str) -> None:
    """A code that refuses, beside the id of an order that was placed, contradicts itself."""
    _, body = beside_error(api, operation, {})
    found = ask(api, operation, Reply(200, {}, body), kind)
    assert is_unknown(found)
    assert "it contradicts itself" in str(found.error)


@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize(("api", "operation"), [case for case in MAKING if case[1].needs], ids=label)
def test_error_that_only_repeats_what_was_sent_refuses(api: Api, operation: Operation[Any], nothing: object) -> None:
    """Exchanges may repeat the caller's own id in a refusal; nothing was made where there is no id of theirs."""
    code, body = beside_error(api, operation, dict.fromkeys(operation.needs, nothing))
    assert code == getattr(ask(api, operation, Reply(200, {}, body), "sync").error, "code", None)


def without(content: Any, wires: tuple[str, ...], nothing: object) -> Any:
    """Return JSON with nothing in these members, however deep."""
    if isinstance(content, list):
        return [without(each, wires, nothing) for each in content]
    if isinstance(content, dict):
        return {w: nothing if w in wires else without(each, wires, nothing) for w, each in content.items()}
    return content


@pytest.mark.parametrize("nothing", [None, "", [], {}], ids=str)
@pytest.mark.parametrize(("api", "operation"), [case for case in MAKING if case[1].made_ids], ids=label)
def test_error_above_a_batch_that_made_nothing_refuses(api: Api, operation: Operation[Any], nothing: object) -> None:
    """A code that refuses a whole batch is believed where no order of it has an id of the exchange's own."""
    code, body = beside_error(api, operation, {})
    body = json.dumps(without(json.loads(body), operation.made_ids, nothing)).encode()
    assert code == getattr(ask(api, operation, Reply(200, {}, body), "sync").error, "code", None)


def with_ids(api: Api, operation: Operation[Any], ids: list[str | None]) -> dict[str, Any]:
    """Return the argument of a batch whose orders have these ids."""
    assert operation.batch is not None
    wire, member = operation.batch
    name = operation.by_wire[wire].name
    first = {key: value for key, value in api.arguments(operation)[name][0].items() if key != member}
    return {name: [first if own is None else {**first, member: own} for own in ids]}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("api", "operation"), BATCHES, ids=label)
def test_answer_to_another_batch(api: Api, operation: Operation[Any], kind: str) -> None:
    """An answer that names an order which is none of the batch leaves all of it unknown, with the ids that were sent."""
    answer = Reply(200, {}, api.response(operation).encode())
    assert ask(api, operation, answer, kind).kind is None
    found = ask(api, operation, answer, kind, **with_ids(api, operation, ["mine-1", "mine-2"]))
    assert isinstance(found.error, errors.ExecutionUnknown)
    assert (("mine-1", "mine-2"), 1) == (found.error.client_ids, len(found.requests))


@pytest.mark.parametrize(("api", "operation"), BATCHES, ids=label)
def test_order_without_an_id_in_a_batch(api: Api, operation: Operation[Any]) -> None:
    """Where the caller gives an order no id, the exchange makes one up, so a strange id in the answer proves nothing."""
    answer = Reply(200, {}, api.response(operation).encode())
    maker: Any = api.client
    with maker(
        **Mock(api.name, remembers=False).credentials, transport=Replying(lambda _: answer), client_ids=False
    ) as caller:
        assert caller.call(operation, **api.arguments(operation) | with_ids(api, operation, ["mine-1", None]))


@pytest.mark.parametrize("ids", [["mine-1"], [None, None], ["mine-1", "mine-2", "mine-3"]], ids=str)
@pytest.mark.parametrize(("api", "operation"), BATCHES, ids=label)
def test_mock_answers_the_orders_of_a_batch(api: Api, operation: Operation[Any], ids: list[str | None]) -> None:
    """Each result is that of an order which was sent, however many there were."""
    with Mock(api.name, remembers=False) as mock, client(api, mock) as caller:
        answer = caller.call(operation, **api.arguments(operation) | with_ids(api, operation, ids))
    assert ids[0] is None or ids[0] in answer.body.decode()


@pytest.mark.parametrize("remembers", [False, True])
@pytest.mark.parametrize(("api", "operation"), [*NAMED, *LOOKED_UP], ids=label)
def test_mock_repeats_the_ids_that_it_was_sent(api: Api, operation: Operation[Any], remembers: bool) -> None:
    """Played back or remembered, an answer names what the call named, so no test has to look away."""
    with Mock(api.name, remembers=False) as mock, client(api, mock) as caller:
        for echo in operation.echoes:
            arguments = api.arguments(operation)
            param = operation.by_wire[echo.param]
            arguments[param.name] = 987654321 if param.kind == "integer" else "987654321"
            sent = {e.param for e in operation.echoes if e is not echo and e.param != operation.client_id}
            arguments = {
                p.name: arguments[p.name] for p in operation.params if p.name in arguments and p.wire not in sent
            }
            mock.finds_executed = remembers and operation.effect == "once"
            answer = json.loads(caller.call(operation, **arguments).body)
            assert "987654321" in json.dumps(answer)


@pytest.mark.parametrize(
    ("echo", "answered", "expected"),
    [
        (Echo("a", ("b",)), "My-1", True),
        (Echo("a", ("b",)), "my-1", False),
        (Echo("a", ("b",), ids="lower"), "my-1", True),
        (Echo("a", ("b",), prefix="x-"), "x-My-1", True),
        (Echo("a", ("b",), prefix="x-"), "My-1", True),
        (Echo("a", ("b",), prefix="x-"), "y-My-1", False),
        (Echo("a", ("b",), ids="upper", prefix="x-"), "X-MY-1", True),
        (Echo("a", ("b",), ids="upper", prefix="x-"), "X-MY-12", False),
    ],
)
def test_ids_agree_as_the_exchange_writes_them(echo: Echo, answered: str, expected: bool) -> None:
    """Letters and a prefix make no other id where the specification says so, and only there."""
    assert expected is echo.agrees("My-1", answered)
