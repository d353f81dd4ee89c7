# Edited in templates/venues/mock/request/shapes.py; the copy in generated/ is imported.
"""What a call or an object declares of its parameters, made ready once, so that most calls are read and passed quickly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from venues.mock.declared.operations import Operation, Param, Struct
from venues.mock.exact import Json
from venues.mock.request.received import Received
from venues.mock.request.rules import Rules

SYNTAX = {
    "integer": re.compile(r"-?[0-9]{1,40}"),
    "decimal": re.compile(r"-?[0-9]+(\.[0-9]+)?"),
    "boolean": re.compile(r"true|false"),
    "timestamp_ms": re.compile(r"0|[0-9]{12,15}"),
    "timestamp_s": re.compile(r"[0-9]{1,11}"),
}
"""How a value is written as text; milliseconds and seconds since 1970 differ in their length."""

NATIVE: dict[str, type] = {"boolean": bool, "integer": int, "enum": int, "timestamp_ms": int, "timestamp_s": int}
"""Of what is not sent as a string, what it most often is in JSON."""

EMPTY = (None, "")
ELSEWHERE = ("header", "path")
NESTED = ("list", "map", "struct", "json")
Enums = Mapping[str, tuple[str, ...]]
Test = Callable[[str], object]
"""Whether a text is surely a right value; one that is not may still be right, and is looked at more closely."""


class Shape:
    """The parameters and rules of one call, or of one object in it."""

    def __init__(self, declared: Operation | Struct, enums: Enums) -> None:
        params = declared.params
        self.params: tuple[Param, ...] = params
        self.rules: Rules = Rules(declared.rules, {param.wire: param for param in params})
        self._order = {param.wire: place for place, param in enumerate(params)}
        self._required = frozenset(param.wire for param in params if param.required)
        # An object's members are JSON, of which only strings can be passed by their text.
        in_json = isinstance(declared, Struct) or declared.carrier == "json"
        self._tests = {param.wire: _test(param, enums, in_json=in_json and param.place == "body") for param in params}
        self._natives = {
            param.wire: (NATIVE[param.type.kind], _text_test(param, enums))
            for param in params
            if in_json and param.place == "body" and param.write != "text" and param.type.kind in NATIVE
        }
        self._nested = frozenset(param.wire for param in params if param.type.kind in NESTED)
        self._in_json = in_json
        self._headers = [param.wire for param in params if param.place == "header"]
        self._source = _source(declared) if isinstance(declared, Operation) else None

    def sent(self, received: Received) -> dict[str, Json] | None:
        """Return what was sent, in the declared order; None where more than one place to look is needed."""
        if self._source is None:
            return None
        found = self._source(received)
        for wire in self._headers:
            value = received.headers.get(wire)
            # What stands beside the header is something else, even under the same name.
            found = {**found, wire: value} if value or wire in found else found
        names = found.keys() & self._order.keys()
        if not self._in_json and not self._nested.isdisjoint(names):
            return None
        return {wire: found[wire] for wire in sorted(names, key=self._order.__getitem__) if found[wire] not in EMPTY}

    def is_surely_met(self, arguments: Mapping[str, Json]) -> bool:
        """Whether all arguments are surely right, as most are; what is not is looked at more closely."""
        if not arguments.keys() >= self._required:
            return False
        tests = self._tests
        for wire, value in arguments.items():
            if type(value) is str:
                test = tests.get(wire, bool)
                if test is None or not test(value):
                    return False
            elif not self._is_native(wire, value):
                return False
        return True

    def _is_native(self, wire: str, value: Json) -> bool:
        """Whether a value is surely right as JSON has it: a number or a boolean, where one is declared."""
        kind, test = self._natives.get(wire, (None, bool))
        return type(value) is kind and bool(test(str(value).lower()))


def _source(operation: Operation) -> Callable[[Received], Mapping[str, Json]] | None:
    """Return what reads all parameters from one place; None where they are in several, or a text holds several."""
    places = {param.place for param in operation.params} - {"header"}
    if operation.bare or any(param.write in ("repeat", "comma") for param in operation.params):
        return None
    if operation.carrier == "json":
        return _of_members if places == {"body"} else None
    if operation.form_or_query and places <= {"query", "body"}:
        return _of_both
    return _of_query if places == {"query"} else _of_both if places == {"body"} else None


def _of_members(received: Received) -> Mapping[str, Json]:
    return received.members


def _of_query(received: Received) -> Mapping[str, str]:
    return received.query_values


def _of_both(received: Received) -> Mapping[str, str]:
    # The query wins.
    return {**received.form_values, **received.query_values} if received.body else received.query_values


def _test(param: Param, enums: Enums, *, in_json: bool) -> Test | None:
    """Return what passes texts that are surely right; None where none is, as where JSON has a number."""
    kind = param.type.kind
    if kind in NESTED or (in_json and param.write != "text" and kind not in ("string", "enum")):
        return None
    return _text_test(param, enums)


def _text_test(param: Param, enums: Enums) -> Test:
    """Return what passes the texts of values that are surely right."""
    kind = param.type.kind
    tests: list[Test] = [bool]  # what is empty was not sent
    if kind == "enum" or param.values:
        known = set(enums[param.type.name]) if kind == "enum" else set(param.values)
        tests = [frozenset(known & set(param.values or known) - {""}).__contains__]
    if kind in SYNTAX:
        tests.append(SYNTAX[kind].fullmatch)
    if param.pattern is not None:
        tests.append(re.compile(param.pattern).fullmatch)
    if (param.minimum, param.maximum) != (None, None):
        tests.append(lambda text: _is_within(text, param.minimum, param.maximum))
    if (param.min_length, param.max_length) != (None, None):
        tests.append(lambda text: (param.min_length or 0) <= len(text) <= (param.max_length or len(text)))
    # One that says all says more than that something was sent.
    tests = tests[1:] if tests[0] is bool and kind in SYNTAX else tests
    if len(tests) == 1:
        return tests[0]
    first, second, *more = tests
    return lambda text: first(text) and second(text) and all(test(text) for test in more)


def _is_within(text: str, least: Decimal | None, most: Decimal | None) -> bool:
    number = Decimal(text)
    return (least is None or number >= least) and (most is None or number <= most)
