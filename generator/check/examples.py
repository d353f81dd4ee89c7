"""Checks examples against their types and rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from generator.ground.problems import suggest
from generator.model.fitting import fits, holds, out_of_range, short_repr, wire_text
from generator.model.operations import Operation
from generator.model.types import INTEGERS, Condition, Enum, Field, Json, Param, Rule, Struct, Type
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes, Path

INSIDE_TEXT = INTEGERS | {"boolean"}
"""Kinds that some exchanges quote in JSON. A quoted number must be declared, since decoding is strict; decimals are
read from both forms."""

Misfit = tuple[Path, str]
"""Where inside the value, and what is wrong there."""

Members = Callable[[Struct, Mapping[str, Json]], Iterator[Misfit]]
"""How the members of a struct are checked: as sent, or as received."""


class Checker:
    """Checks values against the types of one API."""

    def __init__(
        self, enums: tuple[Enum, ...], structs: tuple[Struct, ...], notes: Notes, *, empty_is_missing: bool
    ) -> None:
        self._enums = {enum.name: enum for enum in enums}
        self.structs = {struct.name: struct for struct in structs}
        self._notes = notes
        self._missing = (None, "") if empty_is_missing else (None,)

    def check(self, operation: Operation, at: Map) -> None:
        """Note where an example contradicts its operation."""
        where = f"{operation.name}.example"
        example = read.mapping(at, "example")
        self.note(example, "params", where, self._call_misfits(operation, read.json_map(example, "params")))
        if operation.returns is not None and "response" not in example:
            self._notes.add(example, "", where, "`response` is missing, but the operation has `returns`")
        if operation.returns is None and isinstance(example.get("response"), (dict, list)) and example["response"]:
            self._notes.add(example, "response", where, "has a payload, but the operation has no `returns`")
        if operation.returns is not None and "response" in example:
            answer = self._answer_misfits(operation, operation.returns, read.json(example["response"]))
            self.note(example, "response", f"{where}.response", answer)
        if operation.returns is not None:
            for case in read.maps(example, "cases"):
                answer = self._answer_misfits(operation, operation.returns, read.json(case["response"]))
                self.note(case, "response", f"{where}.cases", answer)

    def push_misfits(self, typed: Type, payload: Json) -> Iterator[Misfit]:
        """Yield where the payload of a push does not fit its type."""
        return self._type_misfits(typed, payload, self._received_members)

    def param_misfits(self, params: tuple[Param, ...], given: Mapping[str, Json]) -> Iterator[Misfit]:
        """Yield where the parameters of a channel do not fit."""
        wires = [param.wire for param in params]
        yield from (((wire,), f"no parameter `{wire}`{suggest(wire, wires)}") for wire in given if wire not in wires)
        yield from self._member_misfits(params, (), given)

    def note(self, at: Map, key: str, where: str, misfits: Iterable[Misfit]) -> None:
        """Note misfits inside the value at a key, each with its line."""
        for path, what in misfits:
            words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
            self._notes.add_inside(at, key, path, f"{where}{words}", what)

    def contradictions(self, param: Param) -> Iterator[tuple[str, str]]:
        """Yield (key, what) for each value in the description of a parameter that contradicts the rest of it."""
        defaults = [("default", value) for value in (param.default, *(value for value, _ in param.default_cases))]
        for key, value in (("example", param.example), *defaults):
            if value is not None:
                yield from ((key, what) for _, what in self._value_misfits(param, value))
        if param.always and param.default is None:
            yield "always", "needs a `default`, which is what is sent"
        for value in param.values:
            yield from (("values", what) for _, what in self._type_misfits(param.type, value, self._sent_members))

    def _answer_misfits(self, operation: Operation, returns: Type, payload: Json) -> Iterator[Misfit]:
        if operation.unwrap and isinstance(payload, dict) and operation.unwrap in payload:
            payload = payload[operation.unwrap]
        if operation.single and not isinstance(payload, list):
            payload = [payload]
        return self._type_misfits(returns, payload, self._received_members)

    def _call_misfits(self, operation: Operation, given: Mapping[str, Json]) -> Iterator[Misfit]:
        wires = [param.wire for param in operation.params]
        for wire in given:
            if wire not in wires:
                yield (wire,), f"no parameter `{wire}`{suggest(wire, wires)}"
        yield from self._member_misfits(operation.params, operation.rules, given)

    def _member_misfits(
        self, params: tuple[Param, ...], rules: tuple[Rule, ...], given: Mapping[str, Json]
    ) -> Iterator[Misfit]:
        """Check what is sent against ranges, required parameters and rules."""
        for param in params:
            value = given.get(param.wire)
            if value is not None:
                yield from (((param.wire, *path), what) for path, what in self._value_misfits(param, value))
            elif param.required:
                yield (), f"the required `{param.wire}` is missing"
        by_wire = {param.wire: param for param in params}
        # A rule about an unknown parameter has been reported, and can't be evaluated.
        sound = [rule for rule in rules if {*rule.wires, *(c.wire for c in rule.when)} <= by_wire.keys()]
        yield from (((), f"breaks the rule {_rule_words(rule)}") for rule in sound if not holds(rule, given, by_wire))

    def _value_misfits(self, param: Param, value: Json) -> Iterator[Misfit]:
        misfits = list(self._type_misfits(param.type, value, self._sent_members))
        yield from misfits
        if not misfits:  # a value of the wrong type has no range
            yield from (((), what) for what in out_of_range(param, value))

    def _type_misfits(self, typed: Type, value: Json, members: Members) -> Iterator[Misfit]:
        """Yield (where, what) for each place at which a value does not fit a type."""
        if typed.kind == "struct":
            yield from self._struct_misfits(self.structs[typed.name], value, members)
        elif typed.kind == "enum":
            yield from self._enum_misfits(self._enums[typed.name], value)
        elif typed.item is None:
            yield from () if fits(typed.kind, value) else [((), f"{short_repr(value)} is not of type {typed.kind}")]
        elif not isinstance(value, list if typed.kind == "list" else dict):
            yield (), f"{short_repr(value)} is not of type {typed.spec}"
        else:
            for step, member in value.items() if isinstance(value, dict) else enumerate(value):
                yield from (((step, *path), what) for path, what in self._type_misfits(typed.item, member, members))

    @staticmethod
    def _enum_misfits(enum: Enum, value: Json) -> Iterator[Misfit]:
        known = [member.value for member in enum.members]
        # Some exchanges write integer enums as strings in answers; the client reads both.
        inside_text = isinstance(value, str) and value in map(str, known)
        # In Python `True == 1`, so a boolean would pass for a member of an integer enum.
        if isinstance(value, bool) or not (value in known or inside_text):
            yield (), f"{short_repr(value)} is not a value of {enum.name}{suggest(str(value), map(str, known))}"

    def _struct_misfits(self, struct: Struct, value: Json, members: Members) -> Iterator[Misfit]:
        if struct.array and isinstance(value, list):
            if len(value) > len(struct.fields):
                yield (), f"has {len(value)} members, but {struct.name} has {len(struct.fields)}"
            value = {field.wire: member for field, member in zip(struct.fields, value, strict=False)}
        if not isinstance(value, dict):
            yield (), f"{short_repr(value)} is not of type {struct.name}"
            return
        wires = [field.wire for field in struct.fields]
        for wire in value:
            if wire not in wires:
                yield (wire,), f"{struct.name} has no member `{wire}`{suggest(wire, wires)}"
        yield from members(struct, value)

    def _sent_members(self, struct: Struct, value: Mapping[str, Json]) -> Iterator[Misfit]:
        return self._member_misfits(struct.params, struct.rules, value)

    def _received_members(self, struct: Struct, value: Mapping[str, Json]) -> Iterator[Misfit]:
        for field in struct.fields:
            member = value.get(field.wire)
            if member is not None and not (field.optional and member in self._missing):
                yield from (((field.wire, *path), what) for path, what in self._field_misfits(field, member))
            elif not field.optional:
                yield (), f"`{field.wire}` is missing, but is not `optional` in {struct.name}"

    def _field_misfits(self, field: Field, value: Json) -> Iterator[Misfit]:
        if field.text and not isinstance(value, str):
            yield (), f"{short_repr(value)} is not a string, but the field has `written: text`"
        elif not field.text and isinstance(value, str) and field.type.kind in INSIDE_TEXT:
            yield (), f"{short_repr(value)} is a string; add `written: text` to the field"
        if field.flat and isinstance(value, list):
            value = self._unflatten(field, value)
        yield from self._type_misfits(field.type, value, self._received_members)

    def _unflatten(self, field: Field, value: list[Json]) -> Json:
        """Take a flat list apart: [price, quantity, price, quantity] → [[price, quantity], [price, quantity]]."""
        item = field.type.item
        struct = self.structs.get(item.name) if item is not None else None
        size = len(struct.fields) if struct is not None else 1
        return [value[start : start + size] for start in range(0, len(value), size)]


def _rule_words(rule: Rule) -> str:
    when = " and ".join(map(_condition_words, rule.when))
    kind = "span" if rule.kind == "window" else rule.kind  # the spec language says span
    return f"{kind} {', '.join(rule.wires)}{f' when {when}' if when else ''}"


def _condition_words(condition: Condition) -> str:
    if condition.present is not None:
        return f"{condition.wire} is {'sent' if condition.present else 'not sent'}"
    if condition.values:
        return f"{condition.wire} is {' or '.join(map(wire_text, condition.values))}"
    bounds = (("at least", condition.minimum), ("at most", condition.maximum))
    said = " and ".join(f"{words} {bound}" for words, bound in bounds if bound is not None)
    return f"{condition.wire} has {said} items" if condition.counts else f"{condition.wire} is {said}"
