"""What a caller may pass for a parameter, and how it is written."""

from __future__ import annotations

import enum
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.apis import APIS
from venues.core.request.operation import Operation
from venues.core.request.params import Kind, ListOf, MapOf, Param
from venues.core.request.placing import place
from venues.core.request.scalars import EPOCH
from venues.core.request.wire import RequestDraft
from venues.core.values.enums import OpenIntEnum, OpenStrEnum
from venues.errors import InvalidRequest


class Side(OpenStrEnum):
    BUY = "buy"
    SELL = "sell"
    LIQUIDATION = "liquidation"


class Kindness(OpenStrEnum):
    GIFT = "buy"


class Leverage(OpenIntEnum):
    SINGLE = 1
    DOUBLE = 2


def written(kind: Kind, value: object, **more: Any) -> object:
    """Write and check one argument."""
    param = Param("wire", "name", kind, **more)
    made = param.encode(value, "name")
    param.check(made, value)
    return made


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("string", "a b", "a b"),
        ("string", "é", "é"),
        ("string", 5, "5"),
        ("string", Side.BUY, "buy"),
        ("integer", 5, "5"),
        ("integer", "-5", "-5"),
        ("boolean", True, "true"),
        ("boolean", "false", "false"),
        (Side, "buy", "buy"),
        (Side, Side.SELL, "sell"),
        (Side, Side("hold"), "hold"),
        (Leverage, 2, "2"),
        (Leverage, "2", "2"),
        (Leverage, Leverage.SINGLE, "1"),
        (ListOf("integer"), (1, "2"), ["1", "2"]),
        ("timestamp_ms", 1_700_000_000_000, "1700000000000"),
        ("timestamp_s", "1700000000", "1700000000"),
        ("timestamp_s", datetime(2023, 11, 14, 22, 13, 20, 999_999, UTC), "1700000000"),
        ("timestamp_ms", datetime(2023, 11, 14, 23, 13, 20, 1_999, timezone(timedelta(hours=1))), "1700000000001"),
    ],
)
def test_argument_is_written(kind: Kind, value: object, expected: object) -> None:
    """Each kind takes what reads as one of its values."""
    assert expected == written(kind, value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", 1.5),
        ("string", None),
        ("string", True),
        ("string", b"a"),
        ("string", ["a"]),
        ("string", "\ud800"),
        ("integer", "--5"),
        ("integer", "-"),
        ("integer", "٣"),
        ("integer", "5 "),
        ("integer", "1_0"),
        ("integer", 1.0),
        ("integer", True),
        ("integer", Decimal(5)),
        ("integer", 10**5000),
        ("integer", "9" * 5000),
        ("boolean", 1),
        ("boolean", "yes"),
        (Side, "BUY"),
        (Side, 1),
        (Side, True),
        (Side, ["buy"]),
        (Leverage, 10**5000),
        (Leverage, 1.0),
        (ListOf("string"), "abc"),
        (ListOf("string"), b"abc"),
        (ListOf("string"), {"a"}),
        (ListOf("string"), [None]),
        (ListOf("decimal"), ["1", 0.1]),
        (ListOf(ListOf("decimal")), [["1"], [0.1]]),
        (MapOf("decimal"), {"a": 0.1}),
        (MapOf("decimal"), [("a", 1)]),
        ("timestamp_ms", datetime(2024, 1, 1)),
        ("timestamp_ms", 1_700_000_000),
        ("timestamp_s", 1_700_000_000_000),
        ("timestamp_ms", 1.7e12),
        ("timestamp_ms", "²"),
        ("timestamp_ms", 10**5000),
        ("timestamp_ms", True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, int) else ascii(value)[:30],
)
def test_argument_is_refused(kind: Kind, value: object) -> None:
    """What is no value of the kind is refused before sending, in a message of bounded length."""
    with pytest.raises(InvalidRequest, match="name") as caught:
        written(kind, value)
    assert 300 > len(str(caught.value))


def test_member_of_another_enum_is_refused() -> None:
    """Even one whose value happens to fit: it means something else."""
    with pytest.raises(InvalidRequest, match="name is of type Kindness; pass a member of Side: buy, sell, liquidation"):
        written(Side, Kindness.GIFT)


def test_only_values_that_may_be_sent_are_offered() -> None:
    """A parameter that takes some values of an enum names those."""
    with pytest.raises(InvalidRequest, match=r"name is 'hold'; it may be buy, sell$"):
        written(Side, "hold", values=("buy", "sell"))


@pytest.mark.parametrize(
    ("value", "advice"), [("SINGLE", ""), (True, ""), (3, r" \(to send another, pass Leverage\(3\)\)")]
)
def test_numbers_are_offered_with_their_names(value: object, advice: str) -> None:
    """Whoever does not know what a number means is told, and how to send one that is not known if that is possible."""
    with pytest.raises(InvalidRequest, match=rf"; Leverage has 1 \(SINGLE\), 2 \(DOUBLE\){advice}$"):
        written(Leverage, value)


@given(st.datetimes(min_value=datetime(1971, 1, 1), timezones=st.just(UTC)))
def test_times_are_exact(moment: datetime) -> None:
    """A datetime loses nothing but what is less than a millisecond."""
    left = (moment - EPOCH) - timedelta(milliseconds=int(str(written("timestamp_ms", moment))))
    assert timedelta(0) <= left < timedelta(milliseconds=1)


class Colour(enum.Enum):
    RED = "red"


def test_json_is_exact() -> None:
    """Numbers inside free JSON are as exact as elsewhere, and enums are their values."""
    value = {"a": [Decimal("1E-7"), 10, "x", None, True], "b": (Colour.RED,)}
    assert '{"a":[0.0000001,10,"x",null,true],"b":["red"]}' == written("json", value)


@pytest.mark.parametrize("value", [{"a": [0.1]}, [float("nan")], {"a": Decimal("NaN")}, {1, 2}, 1j], ids=ascii)
def test_what_json_has_no_exact_word_for_is_refused(value: object) -> None:
    """Floats at any depth, and objects that JSON does not know."""
    with pytest.raises(InvalidRequest, match="name"):
        written("json", value, write="json")


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "é", "\x00"], ids=ascii)
def test_headers_take_printable_ascii_only(value: str) -> None:
    """A value can't end its header and begin another."""
    with pytest.raises(InvalidRequest, match="request_id is sent in a header"):
        place(RequestDraft("GET", "/", "query"), Param("X-Request-ID", "request_id", "string", place="header"), value)


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_values_do_not_lead_to_another_path(value: str) -> None:
    """A value in the path stays a part of its own."""
    with pytest.raises(InvalidRequest, match=r"id is .* another path"):
        place(RequestDraft("GET", "/orders/{id}", "query"), Param("id", "id", "string", place="path"), value)


def test_slashes_in_a_path_are_escaped() -> None:
    """What is not a name of its own is percent-encoded."""
    draft = RequestDraft("GET", "/orders/{id}", "query")
    place(draft, Param("id", "id", "string", place="path"), "../a?b")
    assert "/orders/..%2Fa%3Fb" == draft.path


def test_required_text_must_not_be_empty() -> None:
    """An empty text is nothing that was given."""
    operation: Operation[Any] = next(
        o for api in APIS for o in api.operations if o.required and o.required[0].kind == "string"
    )
    name = operation.required[0].wire
    with pytest.raises(InvalidRequest, match="must be given"):
        operation.encode({name: ""}, validate=True)


@pytest.mark.parametrize("seconds", [0, -1, None, "5", True, float("nan"), float("inf")])
def test_timeout_is_a_time(seconds: Any) -> None:
    """Every call waits for a while, and for no longer."""
    made: Any = APIS[0].client
    with pytest.raises(InvalidRequest, match="timeout is"):
        made(timeout=seconds)


@pytest.mark.parametrize(
    "value", ["MARKED\n", " MARKED", "MARKED\t", "MARKEDé", "MARKED\ud800", b"MARKED", 5], ids=ascii
)
def test_credential_that_no_header_carries_is_refused(value: Any) -> None:
    """A line break that came from a file is told when the client is made, without showing the credential."""
    made: Any = APIS[0].client
    name = made.PROFILE.credentials[0]
    with pytest.raises(InvalidRequest, match=name) as caught:
        made(**{name: value})
    assert "MARKED" not in str(caught.value)


def test_decimals_inside_json_are_numbers() -> None:
    """A decimal that the exchange wants as a number is printed exactly."""
    assert b"[0.0000001]" == msgspec.json.encode(written(ListOf("decimal"), [Decimal("1E-7")], write="json"))
