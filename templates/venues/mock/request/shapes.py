# Edited in templates/venues/mock/request/shapes.py; the copy in generated/ is imported.
"""What a call or an object declares of its parameters, made ready once, so that most calls are read and passed quickly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import starmap

from venues.mock.declared.operations import Operation, Param, Struct
from venues.mock.exact import Json
from venues.mock.request.received import Received
from venues.mock.request.rules import MANY, Rules

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
TEXTS = frozenset({str})
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
        self._orders: dict[tuple[str, ...], Sequence[str] | None] = {}
        """Names as they were sent → parameters in the declared order."""

        self._required = frozenset(param.wire for param in params if param.required)
        # An object's members are JSON, of which only strings can be passed by their text.
        in_json = isinstance(declared, Struct) or declared.carrier == "json"
        self._tests = {param.wire: _tests(param, enums, in_json=in_json and param.place == "body") for param in params}
        self._known: dict[tuple[str, ...], Sequence[tuple[str, Test]] | None] = {}
        """Names that were sent → what passes each of their texts; None where it takes a closer look."""

        self._natives = {
            param.wire: (NATIVE[param.type.kind], _text_tests(param, enums))
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
        wires = self._in_order(found)
        if wires is None:
            return None
        values = found.values()
        if None in values or "" in values:
            return {wire: found[wire] for wire in wires if found[wire] not in EMPTY}
        return {wire: found[wire] for wire in wires}

    def _in_order(self, found: Mapping[str, Json]) -> Sequence[str] | None:
        """Return the parameters that were sent, in the declared order; None where a text holds several."""
        names = tuple(found)
        if names in self._orders:
            return self._orders[names]
        wires = sorted(found.keys() & self._order.keys(), key=self._order.__getitem__)
        order = wires if self._in_json or self._nested.isdisjoint(wires) else None
        if len(self._orders) < MANY:
            self._orders[names] = order
        return order

    def is_surely_met(self, arguments: Mapping[str, Json]) -> bool:
        """Whether all arguments are surely right, as most are; what is not is looked at more closely."""
        if TEXTS.issuperset(map(type, arguments.values())):
            names = tuple(arguments)
            tests = self._known[names] if names in self._known else self._learn(names)
            for wire, test in tests or ():
                if not test(arguments[wire]):
                    return False
            return tests is not None
        return arguments.keys() >= self._required and all(starmap(self._is_right, arguments.items()))

    def _learn(self, names: tuple[str, ...]) -> Sequence[tuple[str, Test]] | None:
        """Return what passes the texts under these names, and remember it."""
        tests = [self._tests.get(name, ()) for name in names]
        is_passable = self._required.issubset(names) and None not in tests
        found = [(name, test) for name, each in zip(names, tests, strict=True) for test in each or ()]
        if len(self._known) < MANY:
            self._known[names] = found if is_passable else None
        return found if is_passable else None

    def _is_right(self, wire: str, value: Json) -> bool:
        """Whether a value is surely right: a text, or as JSON has it a number or a boolean, where one is declared."""
        if type(value) is str:
            tests = self._tests.get(wire, ())
            return tests is not None and all(test(value) for test in tests)
        kind, tests = self._natives.get(wire, (None, ()))
        text = str(value).lower()
        return type(value) is kind and all(test(text) for test in tests)


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


def _tests(param: Param, enums: Enums, *, in_json: bool) -> Sequence[Test] | None:
    """Return what passes texts that are surely right; None where none is, as where JSON has a number."""
    kind = param.type.kind
    if kind in NESTED or (in_json and param.write != "text" and kind not in ("string", "enum")):
        return None
    return _text_tests(param, enums)


def _text_tests(param: Param, enums: Enums) -> Sequence[Test]:
    """Return what passes the texts of values that are surely right: all of them must."""
    kind = param.type.kind
    tests: list[Test] = [bool] if kind not in SYNTAX else []  # what is empty was not sent
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
    return tests


def _is_within(text: str, least: Decimal | None, most: Decimal | None) -> bool:
    number = Decimal(text)
    return (least is None or number >= least) and (most is None or number <= most)
