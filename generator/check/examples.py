"""Holds examples against their types and rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from generator.ground.problems import suggest
from generator.model.fitting import fits, holds, out_of_range, short_repr, wire_text
from generator.model.operations import Operation
from generator.model.types import Condition, Enum, Field, Json, Param, Rule, Struct, Type
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes, Path

INSIDE_TEXT = frozenset({"integer", "boolean", "timestamp_ms", "timestamp_s"})

Misfit = tuple[Path, str]
"""Where inside the value, and what is wrong there."""

Members = Callable[[Struct, Mapping[str, Json]], Iterator[Misfit]]
"""How the members of a struct are looked at: as sent, or as received."""


class Checker:
    """Holds values against the types of one API."""

    def __init__(self, enums: tuple[Enum, ...], structs: tuple[Struct, ...], notes: Notes) -> None:
        self._enums = {enum.name: enum for enum in enums}
        self.structs = {struct.name: struct for struct in structs}
        self._notes = notes

    def check(self, operation: Operation, at: Map) -> None:
        """Note where an example contradicts its operation."""
        where = f"{operation.name}.example"
        example = read.mapping(at, "example")
        self._note(example, "params", where, self._call(operation, read.json_map(example, "params")))
        if operation.returns is not None and "response" not in example:
            self._notes.add(example, "", where, "`response` is missing, though something is returned")
        if operation.returns is None and isinstance(example.get("response"), (dict, list)) and example["response"]:
            self._notes.add(example, "response", where, "answers something, though nothing is said in `returns`")
        if operation.returns is not None and "response" in example:
            answer = self._answer(operation, operation.returns, read.json(example["response"]))
            self._note(example, "response", f"{where}.response", answer)

    def push(self, typed: Type, payload: Json) -> Iterator[Misfit]:
        """Yield where the payload of a push does not fit its type."""
        return self._mismatches(typed, payload, self._received)

    def given(self, params: tuple[Param, ...], given: Mapping[str, Json]) -> Iterator[Misfit]:
        """Yield where the parameters of a channel do not fit."""
        wires = [param.wire for param in params]
        yield from (((wire,), f"no parameter `{wire}`{suggest(wire, wires)}") for wire in given if wire not in wires)
        yield from self._members(params, (), given)

    def note(self, at: Map, key: str, where: str, misfits: Iterable[Misfit]) -> None:
        """Note what does not fit inside the value at a key."""
        self._note(at, key, where, misfits)

    def _note(self, at: Map, key: str, where: str, misfits: Iterable[Misfit]) -> None:
        for path, what in misfits:
            words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
            self._notes.add_inside(at, key, path, f"{where}{words}", what)

    def sayings(self, param: Param) -> Iterator[tuple[str, str]]:
        """Yield (key, what) for each value in the description of a parameter that contradicts the rest of it."""
        for key, value in (("example", param.example), ("default", param.default)):
            if value is not None:
                yield from ((key, what) for _, what in self._value(param, value))
        for value in param.values:
            yield from (("values", what) for _, what in self._mismatches(param.type, value, self._sent))

    def _answer(self, operation: Operation, returns: Type, payload: Json) -> Iterator[Misfit]:
        if operation.unwrap and isinstance(payload, dict) and operation.unwrap in payload:
            payload = payload[operation.unwrap]
        if operation.single and not isinstance(payload, list):
            payload = [payload]
        return self._mismatches(returns, payload, self._received)

    def _call(self, operation: Operation, given: Mapping[str, Json]) -> Iterator[Misfit]:
        wires = [param.wire for param in operation.params]
        for wire in given:
            if wire not in wires:
                yield (wire,), f"no parameter `{wire}`{suggest(wire, wires)}"
        yield from self._members(operation.params, operation.rules, given)

    def _members(
        self, params: tuple[Param, ...], rules: tuple[Rule, ...], given: Mapping[str, Json]
    ) -> Iterator[Misfit]:
        """Hold what is sent against ranges, requirements and rules."""
        for param in params:
            value = given.get(param.wire)
            if value is not None:
                yield from (((param.wire, *path), what) for path, what in self._value(param, value))
            elif param.required:
                yield (), f"the required `{param.wire}` is missing"
        by_wire = {param.wire: param for param in params}
        sound = [rule for rule in rules if {*rule.wires, *(c.wire for c in rule.when)} <= by_wire.keys()]
        yield from (((), f"breaks the rule {_said(rule)}") for rule in sound if not holds(rule, given, by_wire))

    def _value(self, param: Param, value: Json) -> Iterator[Misfit]:
        misfits = list(self._mismatches(param.type, value, self._sent))
        yield from misfits
        if not misfits:
            yield from (((), what) for what in out_of_range(param, value))

    def _mismatches(self, typed: Type, value: Json, members: Members) -> Iterator[Misfit]:
        """Yield (where, what) for each place at which a value does not fit a type."""
        if typed.kind == "struct":
            yield from self._struct(self.structs[typed.name], value, members)
        elif typed.kind == "enum":
            yield from self._enum(self._enums[typed.name], value)
        elif typed.item is None:
            yield from () if fits(typed.kind, value) else [((), f"{short_repr(value)} is no {typed.kind}")]
        elif not isinstance(value, list if typed.kind == "list" else dict):
            yield (), f"{short_repr(value)} is no {typed.spec}"
        else:
            for step, member in value.items() if isinstance(value, dict) else enumerate(value):
                yield from (((step, *path), what) for path, what in self._mismatches(typed.item, member, members))

    @staticmethod
    def _enum(enum: Enum, value: Json) -> Iterator[Misfit]:
        known = [member.value for member in enum.members]
        inside_text = isinstance(value, str) and value in map(str, known)
        if isinstance(value, bool) or not (value in known or inside_text):
            yield (), f"{short_repr(value)} is no value of {enum.name}{suggest(str(value), map(str, known))}"

    def _struct(self, struct: Struct, value: Json, members: Members) -> Iterator[Misfit]:
        if struct.array and isinstance(value, list):
            if len(value) > len(struct.fields):
                yield (), f"has {len(value)} members, and {struct.name} has {len(struct.fields)}"
            value = {field.wire: member for field, member in zip(struct.fields, value, strict=False)}
        if not isinstance(value, dict):
            yield (), f"{short_repr(value)} is no {struct.name}"
            return
        wires = [field.wire for field in struct.fields]
        for wire in value:
            if wire not in wires:
                yield (wire,), f"{struct.name} has no member `{wire}`{suggest(wire, wires)}"
        yield from members(struct, value)

    def _sent(self, struct: Struct, value: Mapping[str, Json]) -> Iterator[Misfit]:
        return self._members(struct.params, struct.rules, value)

    def _received(self, struct: Struct, value: Mapping[str, Json]) -> Iterator[Misfit]:
        for field in struct.fields:
            member = value.get(field.wire)
            if member is not None:
                yield from (((field.wire, *path), what) for path, what in self._field(field, member))
            elif not field.optional:
                yield (), f"`{field.wire}` is missing, though {struct.name} does not say `optional`"

    def _field(self, field: Field, value: Json) -> Iterator[Misfit]:
        if field.text and not isinstance(value, str):
            yield (), f"{short_repr(value)} is no string, though `written: text` is said"
        elif not field.text and isinstance(value, str) and field.type.kind in INSIDE_TEXT:
            yield (), f"{short_repr(value)} is a string; say `written: text`"
        if field.flat and isinstance(value, list):
            value = self._grouped(field, value)
        yield from self._mismatches(field.type, value, self._received)

    def _grouped(self, field: Field, value: list[Json]) -> Json:
        """Take a flat list apart: [price, quantity, price, quantity] → [[price, quantity], [price, quantity]]."""
        item = field.type.item
        struct = self.structs.get(item.name) if item is not None else None
        size = len(struct.fields) if struct is not None else 1
        return [value[start : start + size] for start in range(0, len(value), size)]


def _said(rule: Rule) -> str:
    when = " and ".join(map(_condition, rule.when))
    return f"{rule.kind} {', '.join(rule.wires)}{f' when {when}' if when else ''}"


def _condition(condition: Condition) -> str:
    if condition.present is not None:
        return f"{condition.wire} is {'sent' if condition.present else 'not sent'}"
    if condition.values:
        return f"{condition.wire} is {' or '.join(map(wire_text, condition.values))}"
    return f"{condition.wire} is from {condition.minimum} to {condition.maximum}"
