"""The mock exchange holds what was sent against the declared parameters."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from venues.mock import Received
from venues.mock.declared.api import Api
from venues.mock.declared.operations import Operation
from venues.mock.exact import compact, encoded, parse
from venues.mock.request.parameters import CONTENT, Parameters
from venues.mock.request.received import RequestRefused
from venues.mock.request.symbols import SymbolCheck

ENVELOPE = {"code": "code", "message": ["msg"], "success": ["0"]}
ENUMS = {"Side": ["buy", "sell"], "Level": ["1", "2"]}
MEMBERS = [
    {"wire": "side", "type": {"kind": "enum", "name": "Side"}, "required": True, "place": "body", "write": "text"},
    {"wire": "size", "type": {"kind": "decimal"}, "place": "body", "write": "text"},
]
STRUCTS = {
    "Order": {
        "params": MEMBERS,
        "rules": [{"kind": "require", "wires": ["size"], "when": [{"wire": "side", "values": ["sell"]}]}],
    }
}
OK = "accepted"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
DEEP = b'{"x":' + b"[" * 900 + b"]" * 900 + b"}"


def verdict(
    carrier: str, params: list[dict[str, Any]], sent: Received, rules: list[dict[str, Any]] | None = None
) -> str:
    """Say what becomes of a request; `list` is JSON whose body is a bare list."""
    is_bare, carrier = carrier == "list", "json" if carrier == "list" else carrier
    operation = {
        "group": "g",
        "name": "o",
        "method": "POST",
        "path": "/o/{p}",
        "auth": "none",
        "effect": "once",
        "carrier": carrier,
        "bare": is_bare,
        "response": "{}",
        "params": params,
        "rules": rules or [],
    }
    api = {
        "name": "a",
        "title": "A",
        "envelope": ENVELOPE,
        "operations": [operation],
        "enums": ENUMS,
        "structs": STRUCTS,
    }
    declared = msgspec.convert(api, Api)
    if "Content-Type" not in sent.headers:
        sent = replace(sent, headers={"Content-Type": CONTENT.get(carrier, ""), **sent.headers})
    found = declared.find(sent.method, sent.path)
    assert found is not None
    try:
        checked(declared, *found, sent)
    except RequestRefused as refused:
        return refused.failure
    return OK


def checked(api: Api, operation: Operation, in_path: Any, sent: Received) -> None:
    parameters = Parameters(api)
    parameters.check(operation, parameters.read(operation, sent, in_path))


def request(query: str = "", body: bytes = b"", path: str = "/o/1", **headers: str) -> Received:
    return Received("POST", path, query, CIMultiDict(headers), body)


def one(kind: str | dict[str, Any], place: str, write: str = "text", **more: Any) -> list[dict[str, Any]]:
    typed = {"kind": kind} if isinstance(kind, str) else kind
    return [{"wire": "x", "type": typed, "place": place, "write": write, **more}]


SIDE = {"kind": "enum", "name": "Side"}
ORDER = {"kind": "struct", "name": "Order"}


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("integer", ["5", "-5", "05"], ["5.0", "five", "1e3", "５"]),
        ("decimal", ["5", "0.10", "-0.5"], [".5", "5.", "1E-7", "NaN", "Infinity", "0x1"]),
        ("boolean", ["true", "false"], ["True", "1", "yes"]),
        ("timestamp_ms", ["1795132800000", "0"], ["1795132800", "now"]),
        ("timestamp_s", ["1795132800"], ["1795132800000", "-1"]),
        (SIDE, ["buy"], ["BUY", "hold"]),
        ("string", ["anything", "a\nb"], []),
    ],
    ids=str,
)
def test_types_in_a_query(kind: Any, good: list[str], bad: list[str]) -> None:
    """A text is read as the type that was declared, and numbers are in plain notation."""
    assert dict.fromkeys(good, OK) == {text: in_query(one(kind, "query"), text) for text in good}
    assert dict.fromkeys(bad, "wrong_param") == {text: in_query(one(kind, "query"), text) for text in bad}


def in_query(params: list[dict[str, Any]], text: str) -> str:
    return verdict("query", params, request(f"x={quote(text, safe='')}"))


@pytest.mark.parametrize(
    ("kind", "write", "good", "bad"),
    [
        ("decimal", "text", ["0.1"], [Decimal("0.1"), 1, True]),
        ("decimal", "number", [Decimal("0.1"), 1], ["0.1", True]),
        ("integer", "number", [5], ["5", Decimal("5.5"), True]),
        ("boolean", "json", [True], ["true", 1]),
        ("boolean", "text", ["true"], [True, "True"]),
        (SIDE, "text", ["buy"], ["hold", 1]),
        ({"kind": "enum", "name": "Level"}, "number", [1, "1"], [3, True]),
        ({"kind": "list", "item": {"kind": "string"}}, "json", [["a"], []], ["a", {"a": 1}, [1], '["a"]']),
        ({"kind": "list", "item": {"kind": "integer"}}, "json", [[1]], [["1"], [[1]]]),
        ({"kind": "map", "item": {"kind": "integer"}}, "json", [{"a": 1}], [[1], {"a": "1"}]),
        (
            ORDER,
            "json",
            [{"side": "buy"}, {"side": "sell", "size": "1"}],
            [{"side": "hold"}, {"side": "buy", "size": 1}],
        ),
        ("json", "json", [1, "a", [None]], []),
    ],
    ids=str,
)
def test_types_in_json(kind: Any, write: str, good: list[Any], bad: list[Any]) -> None:
    """In JSON, texts, numbers and booleans are told apart."""
    params = one(kind, "body", write)
    assert [OK] * len(good) == [verdict("json", params, request(body=compact({"x": value}).encode())) for value in good]
    found = [verdict("json", params, request(body=compact({"x": value}).encode())) for value in bad]
    assert ["wrong_param"] * len(bad) == found


@pytest.mark.parametrize(
    "body", [b"{", b"[1]", b'{"x": 1e3}', b'{"x": NaN}', b"\xff", b"[" * 100_000, DEEP], ids=range(7)
)
def test_a_body_that_is_no_json_object(body: bytes) -> None:
    """What can't be read is refused, however it is broken."""
    assert "wrong_param" == verdict("json", one("decimal", "body", "number"), request(body=body))


def test_bodies_name_their_type() -> None:
    """A body is read only as what it says to be."""
    params = one("integer", "body")
    assert OK == verdict("form", params, replace(request(body=b"x=1"), headers={"Content-Type": CONTENT["form"]}))
    assert "wrong_param" == verdict(
        "form", params, replace(request(body=b"x=1"), headers={"Content-Type": "text/plain"})
    )


def test_lists_in_a_query() -> None:
    """Lists arrive comma-joined, repeated, or as JSON, as declared."""
    numbers = {"kind": "list", "item": {"kind": "integer"}}
    assert OK == verdict("query", one(numbers, "query", "comma", max_items=2), request("x=1,2"))
    assert "wrong_param" == verdict("query", one(numbers, "query", "comma", max_items=2), request("x=1,2,3"))
    assert OK == verdict("query", one(numbers, "query", "repeat", min_items=2), request("x=1&x=2"))
    assert "wrong_param" == verdict("query", one(numbers, "query", "repeat", min_items=2), request("x=1"))
    assert OK == verdict("query", one(numbers, "query", "json"), request("x=%5B1%2C2%5D"))
    assert "wrong_param" == verdict("query", one(numbers, "query", "json"), request("x=1,2"))


@pytest.mark.parametrize(
    ("limits", "good", "bad"),
    [
        ({"minimum": 1, "maximum": 3}, ["1", "3"], ["0", "4"]),
        ({"min_length": 2, "max_length": 3}, ["10", "100"], ["1", "1000"]),
        ({"pattern": "[0-9]{2}"}, ["10"], ["1", "100"]),
        ({"values": ["1", "2"]}, ["1"], ["3"]),
    ],
    ids=str,
)
def test_bounds(limits: dict[str, Any], good: list[str], bad: list[str]) -> None:
    """Ranges, lengths, patterns and lists of values are kept, their ends included."""
    params = one("integer", "query", **limits)
    assert [OK] * len(good) == [in_query(params, text) for text in good]
    assert ["wrong_param"] * len(bad) == [in_query(params, text) for text in bad]


@pytest.mark.parametrize(
    ("place", "sent"),
    [
        ("query", request("x=7")),
        ("header", request(x="7")),
        ("path", request(path="/o/7")),
    ],
    ids=["query", "header", "path"],
)
def test_places(place: str, sent: Received) -> None:
    """A mandatory parameter is looked for where it belongs, and missed elsewhere."""
    params = one("integer", place, required=True, minimum=7)
    params[0]["wire"] = "p" if place == "path" else "x"
    assert OK == verdict("query", params, sent)
    assert OK != verdict("query", params, request())


def test_forms_may_be_sent_in_the_query() -> None:
    """Where a form is expected, the query does as well."""
    params = one("integer", "body", required=True)
    assert OK == verdict("form", params, request(body=b"x=1"))
    assert OK == verdict("form", params, request("x=1"))
    assert "missing_param" == verdict("form", params, request("y=1"))


def test_nothing_counts_as_missing() -> None:
    """An empty text and null are as good as nothing; unknown parameters are ignored."""
    params = one("string", "body", required=True)
    assert "missing_param" == verdict("json", params, request(body=b'{"x":""}'))
    assert "missing_param" == verdict("json", params, request(body=b'{"x":null,"y":1}'))
    assert OK == verdict("json", params, request(body=b'{"x":"1","y":1}'))


@pytest.mark.parametrize(
    ("rule", "outcomes"),
    [
        ({"kind": "require", "wires": ["a", "b"]}, {"a=1&b=1": OK, "a=1": "missing_param"}),
        ({"kind": "forbid", "wires": ["a"]}, {"b=1": OK, "a=1": "wrong_param"}),
        ({"kind": "one_of", "wires": ["a", "b"]}, {"a=1": OK, "": "missing_param", "a=1&b=1": "wrong_param"}),
        ({"kind": "at_least_one_of", "wires": ["a", "b"]}, {"a=1&b=1": OK, "": "missing_param"}),
        ({"kind": "at_most_one_of", "wires": ["a", "b"]}, {"": OK, "a=1": OK, "a=1&b=1": "wrong_param"}),
        (
            {"kind": "window", "wires": ["a", "b"], "within_ms": 5},
            {"a=1&b=6": OK, "a=1": OK, "a=1&b=7": "wrong_param", "a=2&b=1": "wrong_param"},
        ),
        (
            {"kind": "window", "wires": ["a", "b"], "within_ms": 5, "under": True},
            {"a=1&b=5": OK, "a=1&b=6": "wrong_param"},
        ),
        (
            {"kind": "window", "wires": ["a", "b"]},
            {"a=1&b=99": OK, "a=1&b=1": OK, "b=1": OK, "a=2&b=1": "wrong_param"},
        ),
        (
            {"kind": "require", "wires": ["b"], "when": [{"wire": "a", "values": ["1"]}]},
            {"a=2": OK, "a=1": "missing_param"},
        ),
        (
            {"kind": "require", "wires": ["b"], "when": [{"wire": "a", "present": True}]},
            {"": OK, "a=9": "missing_param"},
        ),
        (
            {"kind": "require", "wires": ["b"], "when": [{"wire": "a", "present": False}]},
            {"a=9": OK, "": "missing_param"},
        ),
        (
            {"kind": "require", "wires": ["b"], "when": [{"wire": "a", "minimum": 3, "maximum": 4}]},
            {"a=5": OK, "a=3": "missing_param"},
        ),
        (
            {"kind": "require", "wires": ["b"], "when": [{"wire": "c", "values": ["8"]}]},
            {"c=9": OK, "": "missing_param"},
        ),
    ],
    ids=str,
)
def test_rules(rule: dict[str, Any], outcomes: dict[str, str]) -> None:
    """Every kind of rule is enforced; a default counts where nothing was sent."""
    params = [{"wire": w, "type": {"kind": "integer"}, "place": "query", "write": "text"} for w in ("a", "b", "c")]
    params[2]["default"] = "8"
    assert outcomes == {query: verdict("query", params, request(query), [rule]) for query in outcomes}


def test_rules_inside_objects() -> None:
    """Objects that are sent are held against their own requirements and rules."""
    params = one({"kind": "list", "item": ORDER}, "body", "json")
    assert "missing_param" == verdict("json", params, request(body=b'{"x":[{"side":"sell"}]}'))
    assert "missing_param" == verdict("json", params, request(body=b'{"x":[{"size":"1"}]}'))


STRINGS = {"kind": "list", "item": {"kind": "string"}}


@pytest.mark.parametrize(
    ("carrier", "params", "sent"),
    [
        ("query", one("string", "query", required=True), request("x=")),
        ("query", one(STRINGS, "query", "comma", required=True), request("x=")),
        ("query", one(STRINGS, "query", "repeat", required=True), request("x=&x=")),
        ("form", one("string", "body", required=True), request(body=b"x=")),
        ("json", one("string", "body", required=True), request(body=b'{"x":""}')),
        ("json", one(ORDER, "body", "json", required=True), request(body=b'{"x":{"side":""}}')),
        ("query", one("string", "header", required=True), request(x="")),
    ],
    ids=["query", "comma", "repeat", "form", "json", "nested", "header"],
)
def test_an_empty_string_is_not_given(carrier: str, params: list[dict[str, Any]], sent: Received) -> None:
    """A required parameter that is empty is missing, wherever it stands."""
    assert "missing_param" == verdict(carrier, params, sent)


def test_a_bare_list_is_the_whole_body() -> None:
    """Where the body is a bare list, its items are checked, and an object with that list is refused."""
    params = one(STRINGS, "body", "json", required=True)
    assert OK == verdict("list", params, request(body=b'["a"]'))
    assert "wrong_param" == verdict("list", params, request(body=b"[1]"))
    assert "wrong_param" == verdict("list", params, request(body=b'{"x":["a"]}'))
    assert "wrong_param" == verdict("list", params, request(body=b'["a"'))
    assert "missing_param" == verdict("list", params, request())


def test_what_was_given_counts_beside_an_empty_string() -> None:
    """A name that comes twice, once empty, has the value that was given."""
    assert OK == verdict("query", one("integer", "query", required=True), request("x=1&x="))


def test_a_rule_sees_no_empty_string() -> None:
    """An empty parameter is not there for a rule, whether the rule wants it or forbids it."""
    params = [*one("string", "query"), one("string", "query")[0] | {"wire": "y"}]
    either = [{"kind": "one_of", "wires": ["x", "y"]}]
    assert OK == verdict("query", params, request("x=1&y="), either)
    assert "missing_param" == verdict("query", params, request("x=&y="), either)


def test_an_empty_symbol_is_no_unknown_symbol() -> None:
    """An optional symbol that is empty, even inside an object, is not looked up."""
    symbols = {"params": ["symbol"], "offered": "BTCUSDT"}
    api = msgspec.convert({"name": "a", "title": "A", "envelope": ENVELOPE, "operations": [], "symbols": symbols}, Api)
    operation = msgspec.convert(
        {"group": "g", "name": "o", "method": "POST", "path": "/o", "auth": "none", "effect": "once"}
        | {"carrier": "json", "response": "{}"},
        Operation,
    )
    SymbolCheck(api).check(operation, {"order": {"symbol": ""}})
    with pytest.raises(RequestRefused, match="DOGE does not exist"):
        SymbolCheck(api).check(operation, {"order": {"symbol": "DOGE"}})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | TEXTS,
        lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    )
)
def test_the_fast_writer_writes_what_the_exact_one_does(value: Any) -> None:
    """Answers of the books have no exponent, whatever numbers and texts are in them."""
    assert parse(compact(value)) == parse(encoded(value))
    assert not re.search(r"[0-9][eE]", re.sub(r'"(?:[^"\\]|\\.)*"', "", encoded(value).decode()))
