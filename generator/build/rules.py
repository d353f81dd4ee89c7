"""Builds the rules that parameters obey, and the conditions under which rules, costs and meanings hold."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, cast

from generator.build import only
from generator.ground.problems import suggest
from generator.model.fitting import fits, wire_text
from generator.model.types import Condition, Param, Rule, Scalar
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes

KINDS = ("require", "forbid", "one_of", "at_least_one_of", "at_most_one_of", "span")


class ParamRules:
    """Builds what is said of parameters together, and notes mistakes in it."""

    def __init__(self, types: Map, notes: Notes) -> None:
        self._file = types
        self._notes = notes

    def of(self, at: Map, where: str, params: dict[str, Param]) -> tuple[Rule, ...]:
        """Build the rules of an operation or struct."""
        members = read.mapping(at, "params") or read.mapping(at, "fields")
        self._check_cases(members, where, params)
        written = tuple(self._rule(rule, where, params) for rule in read.maps(at, "rules"))
        return (*written, *only.rules_of(members, params, self._values))

    def conditions(self, at: Map, where: str, params: dict[str, Param]) -> tuple[Condition, ...]:
        """Build conditions on other parameters."""
        conditions = read.mapping(at, "when")
        for wire in conditions:
            self.check_param(conditions, wire, f"{where}.when", wire, params)
        return tuple(self._condition(conditions, wire, where, params.get(wire)) for wire in conditions)

    def values_of(self, param: Param) -> tuple[Scalar, ...]:
        """Return the values that a parameter takes, as far as they are listed."""
        return param.values or self._values.get(param.type.name, ())

    @cached_property
    def _values(self) -> dict[str, tuple[Scalar, ...]]:
        """The values of each enum."""
        # Read from the YAML: building the enums again would report their mistakes twice.
        found = read.entries(self._file, "enums")
        return {name: tuple(cast("Scalar", m["value"]) for m in read.maps(at, "members")) for name, at in found}

    def _check_cases(self, members: Map, where: str, params: dict[str, Param]) -> None:
        for wire in members:
            cases = read.mapping(read.mapping(members, wire), "only")
            for case in cases:
                self._check_values(cases, case, f"{where}.{wire}", params.get(case), read.scalars(cases, case))

    def _rule(self, at: Map, where: str, params: dict[str, Param]) -> Rule:
        kind = next(kind for kind in KINDS if kind in at)
        wires = read.texts(at, kind)
        for wire in wires:
            self.check_param(at, kind, f"{where}.rules", wire, params)
        if "most" in at and "less_than" in at:
            self._notes.add(at, kind, f"{where}.rules", "a span has `most` or `less_than`, not both")
        return Rule(
            cast(Literal["require"], "window" if kind == "span" else kind),
            wires,
            self.conditions(at, f"{where}.rules", params),
            within_ms=read.maybe_span(at, "less_than" if "less_than" in at else "most"),
            under="less_than" in at,
            why=read.maybe_text(at, "why"),
        )

    def _condition(self, at: Map, wire: str, where: str, param: Param | None) -> Condition:
        value = at[wire]
        if isinstance(value, Map):
            present = value.get("present")
            return Condition(
                wire,
                (),
                present if isinstance(present, bool) else None,
                read.number(value, "min"),
                read.number(value, "max"),
                counts=param is not None and param.type.kind == "list",
            )
        values = read.scalars(at, wire) if isinstance(value, list) else (cast(str, value),)
        self._check_values(at, wire, where, param, values)
        return Condition(wire, values)

    def _check_values(self, at: Map, wire: str, where: str, param: Param | None, values: tuple[object, ...]) -> None:
        if param is None:
            return
        members = next((e for n, e in read.entries(self._file, "enums") if n == param.type.name), read.EMPTY)
        known = [str(m.get("value")) for m in read.maps(members, "members")]
        for value in values:
            wrong = str(value) not in known if param.type.kind == "enum" else not fits(param.type.kind, value)
            if wrong:
                what = f"`{wire_text(value)}` is not a value of {param.type.spec}{suggest(wire_text(value), known)}"
                self._notes.add(at, wire, f"{where}.when.{wire}", what)

    def check_param(self, at: Map, key: str, where: str, wire: str, params: dict[str, Param]) -> bool:
        """Note a wire name that is not a parameter; return whether it is one."""
        if wire not in params:
            self._notes.add(at, key, where, f"no parameter `{wire}`{suggest(wire, params)}")
        return wire in params
