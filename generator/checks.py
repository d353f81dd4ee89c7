"""Holds examples against their types and rules."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from generator import reading as read
from generator.load import Map
from generator.model import Condition, Enum, Json, Operation, Param, Rule, Struct, Type
from generator.reading import Notes

_INTEGER = re.compile(r"-?[0-9]+\Z")
MISSING = object()


class Checker:
    """Knows the enums and structs of one API."""

    def __init__(self, enums: tuple[Enum, ...], structs: tuple[Struct, ...], notes: Notes) -> None:
        self._enums = {enum.name: enum for enum in enums}
        self._structs = {struct.name: struct for struct in structs}
        self._notes = notes

    def lax(self, typed: Type) -> bool:
        """Whether numbers or booleans arrive inside strings, somewhere in a type."""
        return any(
            field.text
            for name in self.reachable(typed)
            if name in self._structs
            for field in self._structs[name].fields
        )

    def reachable(self, typed: Type) -> set[str]:
        """Return the enums and structs in a type, however deep."""
        found: set[str] = set()
        todo = list(typed.names)
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                fields = self._structs[name].fields if name in self._structs else ()
                todo.extend(inner for field in fields for inner in field.type.names)
        return found

    def check(self, operation: Operation, at: Map) -> None:
        """Note where an example contradicts its operation."""
        example = read.mapping(at, "example")
        self._request(operation, read.mapping(example, "params"))
        if operation.returns is not None and "response" not in example:
            self._notes.add(
                example, "response", f"{operation.name}.example", "`response` is missing, though something is returned"
            )
        if operation.returns is not None and "response" in example:
            for where, what in self._answer(operation, read.json(example["response"])):
                self._notes.add(example, "response", f"{operation.name}.example.response{where}", what)

    def _answer(self, operation: Operation, payload: Json) -> list[tuple[str, str]]:
        assert operation.returns is not None
        if operation.unwrap and isinstance(payload, dict) and operation.unwrap in payload:
            payload = payload[operation.unwrap]
        if operation.single and not isinstance(payload, list):
            payload = [payload]
        return self._mismatches(operation.returns, payload, False)

    def _request(self, operation: Operation, at: Map) -> None:
        where = f"{operation.name}.example"
        params = {param.wire: param for param in operation.params}
        for wire in at:
            if wire not in params:
                self._notes.add(at, wire, where, f"no parameter `{wire}`")
        for param in operation.params:
            if param.wire in at:
                for inner, what in self._value(param, read.json(at[param.wire])):
                    self._notes.add(at, param.wire, f"{where}.{param.wire}{inner}", what)
            elif param.required:
                self._notes.add(at, param.wire, where, f"the required `{param.wire}` is missing")
        given = {wire: read.json(value) for wire, value in at.items()}
        for rule in operation.rules:
            if not holds(rule, given, params):
                self._notes.add(at, "", where, f"breaks the rule {rule.kind} {', '.join(rule.wires)}")

    def _value(self, param: Param, value: Json) -> list[tuple[str, str]]:
        found = self._mismatches(param.type, value, True)
        return found or [("", what) for what in _out_of_range(param, value)]

    def _mismatches(self, typed: Type, value: Json, sent: bool) -> list[tuple[str, str]]:
        """Return (where, what) for each place at which a value does not fit a type."""
        if typed.kind == "list":
            return self._list(typed, value, sent)
        if typed.kind == "map":
            return self._map(typed, value, sent)
        if typed.kind == "struct":
            return self._struct(self._structs[typed.name], value, sent)
        if typed.kind == "enum":
            return self._enum(self._enums[typed.name], value)
        return [] if _fits(typed.kind, value) else [("", f"{_shown(value)} is no {typed.kind}")]

    def _list(self, typed: Type, value: Json, sent: bool) -> list[tuple[str, str]]:
        assert typed.item is not None
        if not isinstance(value, list):
            return [("", f"{_shown(value)} is no {typed.spec}")]
        return [(f"[{i}]{w}", what) for i, v in enumerate(value) for w, what in self._mismatches(typed.item, v, sent)]

    def _map(self, typed: Type, value: Json, sent: bool) -> list[tuple[str, str]]:
        assert typed.item is not None
        if not isinstance(value, dict):
            return [("", f"{_shown(value)} is no {typed.spec}")]
        return [(f".{k}{w}", what) for k, v in value.items() for w, what in self._mismatches(typed.item, v, sent)]

    def _enum(self, enum: Enum, value: Json) -> list[tuple[str, str]]:
        known = [member.value for member in enum.members]
        fits = value in known or (isinstance(value, str) and value in map(str, known))
        return [] if fits else [("", f"{_shown(value)} is no value of {enum.name}")]

    def _struct(self, struct: Struct, value: Json, sent: bool) -> list[tuple[str, str]]:
        if struct.array and isinstance(value, list):
            value = {field.wire: member for field, member in zip(struct.fields, value, strict=False)}
        if not isinstance(value, dict):
            return [("", f"{_shown(value)} is no {struct.name}")]
        found = [
            (f".{wire}", f"{struct.name} has no member `{wire}`")
            for wire in value
            if wire not in {f.wire for f in struct.fields}
        ]
        for field in struct.fields:
            member = value.get(field.wire, MISSING)
            if member is MISSING or member is None:
                if not field.optional:
                    found.append((f".{field.wire}", f"is missing, though {struct.name} does not say `optional`"))
                continue
            if field.text and not isinstance(member, str) and not sent:
                found.append((f".{field.wire}", f"{_shown(member)} is no string, though `wire: text` is said"))
            elif (
                not field.text
                and isinstance(member, str)
                and field.type.kind in ("integer", "boolean", "timestamp_ms", "timestamp_s")
                and not sent
            ):
                found.append((f".{field.wire}", f"{_shown(member)} is a string; say `wire: text`"))
            found += [(f".{field.wire}{w}", what) for w, what in self._mismatches(field.type, member, sent)]
        return found


def _shown(value: Json) -> str:
    text = repr(value) if not isinstance(value, Decimal) else str(value)
    return text if len(text) < 60 else text[:60] + "…"


def _fits(kind: str, value: Json) -> bool:
    if kind == "json":
        return True
    if kind == "string":
        return isinstance(value, str)
    if kind == "boolean":
        return isinstance(value, bool) or value in ("true", "false")
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        return False
    if kind == "decimal":
        return _decimal(value) is not None
    return bool(_INTEGER.match(str(value)))


def _decimal(value: Json) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _out_of_range(param: Param, value: Json) -> list[str]:
    found = []
    number = _decimal(value) if isinstance(value, (int, Decimal, str)) else None
    if number is not None and param.minimum is not None and number < param.minimum:
        found.append(f"{number} is less than {param.minimum}")
    if number is not None and param.maximum is not None and number > param.maximum:
        found.append(f"{number} is more than {param.maximum}")
    if param.pattern is not None and not re.fullmatch(param.pattern, str(value)):
        found.append(f"{_shown(value)} does not fit {param.pattern}")
    if isinstance(value, list) and param.max_items is not None and len(value) > param.max_items:
        found.append(f"more than {param.max_items} members")
    if param.values and str(value) not in map(str, param.values):
        found.append(f"{_shown(value)} is none of {', '.join(map(str, param.values))}")
    return found


def holds(rule: Rule, given: dict[str, Json], params: dict[str, Param]) -> bool:
    """Whether a call with these parameters keeps a rule."""
    if not all(_meets(condition, given, params) for condition in rule.when):
        return True
    present = [wire for wire in rule.wires if given.get(wire) is not None]
    if rule.kind == "window":
        ends = [_decimal(given[wire]) for wire in present]
        return len(ends) < 2 or ends[0] is None or ends[1] is None or 0 <= ends[1] - ends[0]
    return {
        "require": len(present) == len(rule.wires),
        "forbid": not present,
        "one_of": len(present) == 1,
        "at_least_one_of": len(present) >= 1,
        "at_most_one_of": len(present) <= 1,
    }[rule.kind]


def _meets(condition: Condition, given: dict[str, Json], params: dict[str, Param]) -> bool:
    value = given.get(condition.wire)
    if condition.present is not None:
        return (value is not None) == condition.present
    if value is None and condition.wire in params:
        value = params[condition.wire].default
    if value is None:
        return False
    if condition.values:
        return _text(value) in map(_text, condition.values)
    number = _decimal(value)
    low, high = condition.minimum, condition.maximum
    return number is not None and (low is None or number >= low) and (high is None or number <= high)


def _text(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
