"""Answers: strict first, mended once, never lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.apis import OPERATIONS, Api, label
from tests.support.payloads import anchored, changed
from venues.core.answer.decode import NotSuccess, Reader
from venues.core.answer.envelope import Envelope
from venues.core.answer.models import ArrayModel, Model, TimestampMs
from venues.core.request.messages import Reply
from venues.core.request.operation import Operation
from venues.core.streams.payload import PayloadReader
from venues.core.values.enums import OpenStrEnum
from venues.errors import DecodeError


class Side(OpenStrEnum):
    BUY = "buy"


class Order(Model, frozen=True, kw_only=True):
    order_id: str = msgspec.field(name="orderId")
    side: Side
    price: Decimal
    count: int
    live: bool
    note: str | None = None


class Trade(Model, frozen=True, kw_only=True):
    OTHER_NAMES: ClassVar[dict[str, str]] = {"tid": "tradeId", "ctime": "cTime"}

    trade_id: str = msgspec.field(name="tradeId")
    created_time: int | None = msgspec.field(name="cTime", default=None)


class TradePage(Model, frozen=True, kw_only=True):
    OTHER_NAMES: ClassVar[dict[str, str]] = {"fills": "resultList"}

    result_list: list[Trade] = msgspec.field(name="resultList")


class Basket(Model, frozen=True, kw_only=True):
    by_side: dict[str, list[Order]] = msgspec.field(name="bySide")


class Short(Model, frozen=True, kw_only=True):
    event: str = msgspec.field(name="e")
    time: int = msgspec.field(name="t")


class Page(Model, frozen=True, kw_only=True):
    result_list: list[str] = msgspec.field(name="resultList")
    next_id: str | None = msgspec.field(name="minId", default=None)


class Level(ArrayModel, frozen=True, kw_only=True):
    price: Decimal
    amount: Decimal


ENVELOPE = Envelope("code", ("msg", "message"), "data", frozenset({"0"}))
GOOD: dict[str, Any] = {"orderId": "1", "side": "buy", "price": "1.50", "count": 3, "live": True}


def read(
    data: object, returns: Any = Order, *, envelope: Envelope = ENVELOPE, **more: Any
) -> tuple[Any, list[tuple[str, str]]]:
    operation = Operation[Any]("g", "o", "GET", "/", "none", more.pop("effect", "read"), returns, **more)
    seen: list[tuple[str, str]] = []
    body = data if isinstance(data, bytes) else json.dumps({"code": 0, "msg": "", "data": data}).encode()
    return Reader(operation, envelope).read(Reply(200, {}, body), lambda path, what: seen.append((path, what))), seen


def test_answer_as_promised_is_read_without_a_word() -> None:
    """What keeps its promises causes no deviation."""
    assert (Order(order_id="1", side=Side.BUY, price=Decimal("1.50"), count=3, live=True), []) == read(GOOD)


class Details(Model, frozen=True, kw_only=True):
    kind: str | None = None


class Quote(Model, frozen=True, kw_only=True):
    count: int
    details: Details


@pytest.mark.parametrize(("count", "deviations"), [(3, 0), ("3", 1)], ids=["as promised", "mended"])
def test_empty_object_is_a_thing_of_which_nothing_need_be_there(count: object, deviations: int) -> None:
    """An object without members is no deviation where none is promised, whether something else is mended or not."""
    data, seen = read({"count": count, "details": {}}, Quote)
    assert (Quote(count=3, details=Details()), deviations) == (data, len(seen))


OTHERWISE = [
    pytest.param({"fills": [{"tradeId": "1", "cTime": 5}]}, id="a required list"),
    pytest.param({"resultList": [{"tradeId": "1", "ctime": 5}]}, id="an optional member"),
    pytest.param({"resultList": None, "fills": [{"tid": "1", "ctime": 5}]}, id="all at once, beside null"),
    pytest.param({"resultList": [{"tradeId": "1", "tid": "2", "cTime": 5, "ctime": 6}]}, id="both names"),
]


@pytest.mark.parametrize("given", OTHERWISE)
def test_other_name_that_is_known_is_read_without_a_word(given: object) -> None:
    """A member that arrives under another of its names is where callers look for it, and no deviation."""
    expected = TradePage(result_list=[Trade(trade_id="1", created_time=5)])
    assert (expected, []) == read(given, TradePage, also=("ctime", "fills", "tid"))


def test_other_names_are_read_beside_what_has_to_be_mended() -> None:
    """Another name is known in an answer that deviates elsewhere, too."""
    data, seen = read({"fills": [{"tid": 1, "ctime": "5"}]}, TradePage, also=("ctime", "fills", "tid"))
    assert TradePage(result_list=[Trade(trade_id="1", created_time=5)]) == data
    assert ["result_list[].trade_id", "result_list[].created_time"] == [path for path, _ in seen]


@pytest.mark.parametrize("given", [[{"tid": "1"}], {"tid": "1"}], ids=["a list", "one object"])
def test_other_name_proves_as_much(given: object) -> None:
    """An id under another of its names is the id of what was made."""
    data, seen = read(given, list[Trade], also=("tid",), effect="once", needs=("tradeId",), single=True)
    assert ([Trade(trade_id="1")], []) == (data, seen)


def test_number_keeps_its_digits() -> None:
    """1.50 stays 1.50."""
    assert "1.50" == str(read(GOOD)[0].price)


def test_word_that_sounds_like_no_number_is_text() -> None:
    """Only where a number was promised does it matter."""
    data, seen = read({**GOOD, "orderId": "NaN", "note": "Infinity"})
    assert ("NaN", "Infinity", []) == (data.order_id, data.note, seen)


@pytest.mark.parametrize("text", ["NaN", "-Infinity"])
def test_push_of_no_number_is_told(text: str) -> None:
    """Streams read it like answers: nobody trades on a price that compares with nothing."""
    seen: list[tuple[str, str]] = []
    push = json.dumps({**GOOD, "price": text}).encode()
    data = PayloadReader("orders", Order, lax=False).read(push, lambda path, what: seen.append((path, what)))
    assert (None, ["price"]) == (data.price, [path for path, _ in seen])


def test_number_without_quotes_is_exact() -> None:
    """A JSON number never passes through a float."""
    body = b'{"code":0,"data":{"orderId":"1","side":"buy","price":0.1000000000000000055,"count":3,"live":true}}'
    assert Decimal("0.1000000000000000055") == read(body)[0].price


def test_name_in_other_letters_is_found() -> None:
    """A member whose name differs in the case of letters is read, and that is a deviation."""
    order, seen = read({**{k: v for k, v in GOOD.items() if k != "price"}, "Price": "1.50"})
    assert (Decimal("1.50"), [("price", "a member called 'Price'")]) == (order.price, seen)


def test_short_names_are_not_the_same_word() -> None:
    """`e` and `E` are different members, so none stands in for the other."""
    short, seen = read({"e": "1", "T": 3}, Short)
    assert (None, [("time", "nothing")]) == (short.time, seen)


def test_empty_text_is_none_where_nothing_may_be() -> None:
    """ "" for a number that may be missing is None, and no deviation: it is one more way to write that there is none."""
    assert (None, []) == (
        read({"count": ""}, dict[str, int | None])[0]["count"],
        read({"count": ""}, dict[str, int | None])[1],
    )


def test_unknown_enum_value_survives() -> None:
    """A value that the exchange added yesterday reaches the caller."""
    assert "hold" == read({**GOOD, "side": "hold"})[0].side.value


def test_unknown_enum_value_is_told() -> None:
    """A value that the specification lacks is a deviation, and its place is named."""
    assert [("side", "an unknown Side, 'hold',")] == read({**GOOD, "side": "hold"})[1]


def test_unknown_field_is_dropped() -> None:
    """A new member of an answer harms nobody."""
    assert [] == read({**GOOD, "brandNew": {}})[1]


@pytest.mark.parametrize(
    ("member", "value", "name", "expected", "what"),
    [
        ("price", "", "price", None, '""'),
        ("price", None, "price", None, "null"),
        *[("price", text, "price", None, "a text for Decimal") for text in ("NaN", "sNaN", "Infinity", "-Inf")],
        ("count", "3", "count", 3, "a text for int"),
        ("count", 3.0, "count", 3, "a number for int"),
        ("orderId", 1, "order_id", "1", "a number for str"),
        ("live", "true", "live", True, "a text for bool"),
        ("live", 0, "live", False, "a number for bool"),
        ("note", 5, "note", "5", "a number for str"),
        ("side", None, "side", None, "null"),
    ],
)
def test_deviation_is_mended_and_told(member: str, value: object, name: str, expected: object, what: str) -> None:
    """What does not fit becomes None or the right type, and is told with its place."""
    data, seen = read({**GOOD, member: value})
    assert expected == getattr(data, name)
    assert [(name, what)] == seen


@pytest.mark.parametrize(
    ("wrong", "place"),
    [({"price": ""}, "[].by_side.*[].price"), ({"side": "hold"}, "[].by_side.*[].side"), ({}, "[].by_side.*[].count")],
    ids=["mended", "unknown", "missing"],
)
def test_deviation_names_the_member_at_any_depth(wrong: dict[str, Any], place: str) -> None:
    """Lists, objects by key and objects inside them are part of the place."""
    order = {**GOOD, **wrong} if wrong else {name: value for name, value in GOOD.items() if name != "count"}
    _, seen = read([{"bySide": {"long": [order]}}], list[Basket])
    assert [place] == [path for path, _ in seen]


class Fill(Model, frozen=True, kw_only=True):
    order_id: str = msgspec.field(name="orderId")
    side: Side | None = None
    price: Decimal | None = None
    count: int | None = None
    note: str | None = None
    text: Any = None
    legs: list[Fill] | None = None
    by_coin: dict[str, Fill] | None = None


EMPTIES = {"orderId": "", "side": "", "price": "", "count": "", "note": "", "text": "", "legs": ""}


@pytest.mark.parametrize("lax", [False, True])
@pytest.mark.parametrize("broken", [{}, {"note": 5}], ids=["sound", "mended"])
def test_empty_string_is_missing_where_the_exchange_writes_it_so(lax: bool, broken: dict[str, Any]) -> None:
    """It is no number and no enum value, and no deviation, however deep it stands; a string may be empty."""
    item = {**EMPTIES, **broken}
    wanted = Fill(order_id="", note=str(broken.get("note", "")), text="")
    wanted = msgspec.structs.replace(wanted, legs=[wanted], by_coin={"BTC": wanted})
    given = {**item, "legs": [item], "by_coin": {"BTC": item}}
    data, seen = read(given, Fill, envelope=replace(ENVELOPE, empty_is_missing=True), lax=lax)
    assert wanted == data
    assert ("price", '""') not in seen
    assert bool(broken) == bool(seen)


def test_empty_string_for_what_must_be_there_is_told() -> None:
    """Where it stands for a required number, it is a deviation everywhere."""
    assert [("price", '""')] == read({**GOOD, "price": ""}, envelope=replace(ENVELOPE, empty_is_missing=True))[1]


def test_missing_field_is_none() -> None:
    """A member that was promised and is not there becomes None."""
    data, seen = read({key: value for key, value in GOOD.items() if key != "price"})
    assert (None, [("price", "nothing")]) == (data.price, seen)


def test_object_for_a_list_becomes_a_list_of_one() -> None:
    """Where one object comes instead of a list, it is the list's only member."""
    assert 1 == len(read(GOOD, list[Order])[0])


def test_null_for_a_list_is_an_empty_list_where_the_exchange_writes_it_so() -> None:
    """Elsewhere null does not say that there is nothing."""
    assert ([], []) == read(None, list[Order], null_is_empty=True)
    with pytest.raises(DecodeError, match="null where a list was promised"):
        read(None, list[Order])


def test_single_object_is_no_deviation_where_it_is_known() -> None:
    """Where the exchange is known to answer a bare object, callers get a list and nobody is told."""
    data, seen = read(GOOD, list[Order], single=True)
    assert (1, []) == (len(data), seen)


def test_wrapped_payload_is_found() -> None:
    """A payload that lies one level deeper is read all the same."""
    assert "1" == read({"account": GOOD}, unwrap="account")[0].order_id


def test_bare_list_stands_for_the_object_that_has_it() -> None:
    """Where an exchange documents both, callers get the object and nobody is told; elsewhere a list proves nothing."""
    assert (Page(result_list=["7"]), []) == read(["7"], Page, list_of="resultList")
    assert (Page(result_list=["7"], next_id="8"), []) == read(
        {"resultList": ["7"], "minId": "8"}, Page, list_of="resultList"
    )
    with pytest.raises(DecodeError, match="a list where Page was promised"):
        read(["7", "8"], Page)


def test_array_is_an_object() -> None:
    """A JSON array is read by position."""
    assert [Level(price=Decimal("1"), amount=Decimal("2"))] == read([["1", "2"]], list[Level])[0]


def test_long_or_broken_array_is_mended() -> None:
    """A new member at the end is dropped, a bad one becomes None."""
    assert [Level(price=Decimal(1), amount=None)] == read([["1", "", "new"]], list[Level])[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"code":0,"data":{"orderId"', b"\xff\xfe", b"[" * 100_000])
def test_unreadable_success_is_a_decode_error_with_its_body(body: bytes) -> None:
    """An answer that can't be read is handed over whole."""
    with pytest.raises(DecodeError) as caught:
        read(body)
    assert body == caught.value.body


@pytest.mark.parametrize("data", [[], [GOOD, GOOD], [7], 7, "ok", None])
def test_success_without_the_promised_object_is_a_decode_error(data: object) -> None:
    """Who was promised an order gets one or an error that can be looked up, never None."""
    with pytest.raises(DecodeError, match="where Order was promised"):
        read(data)


def test_code_other_than_success_is_an_error() -> None:
    """HTTP 200 with an error code is an error, even if a payload is there."""
    with pytest.raises(NotSuccess):
        read(json.dumps({"code": 7, "msg": "no", "data": GOOD}).encode())


@pytest.mark.parametrize("blanks", [b"", b" ", b"\r\n\t"])
def test_error_without_envelope_is_seen_behind_blanks(blanks: bytes) -> None:
    """Where success has no envelope, a code is an error, whatever blanks an answer begins with."""
    with pytest.raises(NotSuccess):
        read(blanks + b'{"code":7,"msg":"no"}', None, payload="body")


@pytest.mark.parametrize(("api", "operation"), OPERATIONS, ids=label)
def test_every_example_is_read_without_deviation(api: Api, operation: Operation[Any]) -> None:
    """Each example keeps the promises of its struct."""
    seen: list[tuple[str, str]] = []
    reader = Reader(operation, api.client.PROFILE.envelope)
    reader.read(Reply(200, {}, api.response(operation).encode()), lambda path, what: seen.append((path, what)))
    assert [] == seen


def test_members_of_a_map_are_one_place() -> None:
    """A hundred pairs that deviate alike deviate in one place."""
    pairs = {f"COIN{number}": {**GOOD, "count": ""} for number in range(100)}
    found, seen = read(pairs, dict[str, Order])
    assert (100, {("*.count", '""')}) == (len(found), set(seen))


@pytest.mark.parametrize(("code", "zero"), [("00000", 0), ("0", 0), ("0", "0"), ("200", 200)])
def test_code_of_success_may_be_a_number(code: str, zero: object) -> None:
    """A success whose code arrives as a number is one, also if something else in the answer has to be mended."""
    envelope = Envelope("code", ("msg",), "data", frozenset({code}))
    operation = Operation[Any]("g", "o", "POST", "/", "none", "once", Order)
    for data in (GOOD, {**GOOD, "count": ""}):
        body = json.dumps({"code": zero, "data": data}).encode()
        assert "1" == Reader(operation, envelope).read(Reply(200, {}, body), lambda _path, _what: None).order_id


JUNK = st.one_of(
    st.none(),
    st.just(""),
    st.text(max_size=5),
    st.integers(-(10**20), 10**20),
    st.booleans(),
    st.just([]),
    st.just({}),
    st.just(["x"]),
)


def spoil(value: Any, draw: Callable[[st.SearchStrategy[Any]], Any], depth: int = 0) -> Any:
    """Drop, replace or add members at random, below the top."""
    if depth and draw(st.integers(0, 9)) == 0:
        return draw(JUNK)
    if isinstance(value, dict):
        kept = {k: spoil(v, draw, depth + 1) for k, v in value.items() if draw(st.integers(0, 9)) > 0}
        return kept | ({"brandNew": draw(JUNK)} if draw(st.booleans()) else {})
    if isinstance(value, list):
        return [spoil(member, draw, depth + 1) for member in value]
    return value


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_spoilt_answer_hides_what_was_done(data: st.DataObject) -> None:
    """However the payload of a success is spoilt below its id, the call returns and hides nothing behind an error."""
    api, operation = data.draw(st.sampled_from(OPERATIONS), label="operation")
    envelope = api.client.PROFILE.envelope
    body = changed(api, operation, lambda payload: anchored(spoil(payload, data.draw), payload, operation))
    if operation.returns is not None:
        Reader(operation, envelope).read(Reply(200, {}, body), lambda _path, _what: None)


class Switches(Model, frozen=True, kw_only=True):
    live: bool
    count: int
    seen: TimestampMs


@pytest.mark.parametrize("text", ["false", "true"])
def test_scalars_inside_text_are_what_they_mean(text: str) -> None:
    """Where the spec says that scalars arrive as text, "false" is False, and no deviation is noted."""
    wanted = Switches(live=text == "true", count=3, seen=TimestampMs(5))
    assert (wanted, []) == read({"live": text, "count": "3", "seen": "5"}, Switches, lax=True)


def test_scalars_inside_text_stay_no_deviation_where_the_rest_is_mended() -> None:
    """An answer that lacks one member is not blamed for the numbers that the spec announces as text."""
    assert [("count", "nothing")] == read({"live": "false", "seen": "5"}, Switches, lax=True)[1]


def test_each_unknown_value_is_told_with_its_place() -> None:
    """Values deep in lists are found, those that are known are not mentioned."""
    orders = [GOOD, {**GOOD, "side": "hold"}]
    assert [("[].side", "an unknown Side, 'hold',")] == read(orders, list[Order])[1]
