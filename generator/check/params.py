"""Finds parameters whose limits don't fit their type, and rules that no call could keep."""

from __future__ import annotations

from collections.abc import Iterator

from generator.build.types import INVALID
from generator.check.examples import Checker
from generator.check.signing import NO_HEADER, TOKEN
from generator.model.types import NUMBERS, TIMES, Param, Rule
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes

PATTERNED = frozenset({"string", "integer", "decimal"})
"""Kinds that are sent as they are printed, so that a pattern can be about their text."""


def check_params(where: str, params: tuple[Param, ...], places: Map, checker: Checker, notes: Notes) -> None:
    """Note values and limits of parameters that contradict each other or their type."""
    for param in params:
        for key, what in [*checker.contradictions(param), *_param_problems(param)]:
            place = read.mapping(places, param.wire)
            notes.add(place, key, f"{where}.{param.wire}.{key}", what)


def _param_problems(param: Param) -> Iterator[tuple[str, str]]:
    """Yield (key, what) for each facet of a parameter that does not apply to its type."""
    if param.type is INVALID:  # the unknown type has been reported; more would only follow from it
        return
    kind = param.type.kind
    ranges = {"min": param.minimum, "max": param.maximum}
    lengths = {"min_length": param.min_length, "max_length": param.max_length}
    patterns = {"pattern": param.pattern}
    lists = {"min_items": param.min_items, "max_items": param.max_items}
    for bounds in (ranges, lengths, lists):
        (key, least), (_, most) = bounds.items()
        if least is not None and most is not None and least > most:
            yield key, f"{least} is above the maximum of {most}"
    for allowed, facets in ((NUMBERS, ranges), ({"string"}, lengths), ({"list"}, lists), (PATTERNED, patterns)):
        if kind not in allowed:
            yield from (
                (key, f"does not apply to {param.type.spec}") for key, value in facets.items() if value is not None
            )
    if param.values and kind in ("list", "map", "struct", "json"):
        yield "values", f"does not apply to {param.type.spec}"
    if param.write in ("comma", "repeat") and kind != "list":
        yield "written", f"`{param.write}` is for lists, but this is {param.type.spec}"
    if param.place == "header" and not TOKEN.fullmatch(param.wire):
        yield "in", NO_HEADER.format(param.wire)


def check_rules(rules: tuple[Rule, ...], params: tuple[Param, ...], at: Map, where: str, notes: Notes) -> None:
    """Note rules of an operation or struct that no call could keep."""
    for rule, place in zip(rules, read.maps(at, "rules"), strict=False):  # those that follow from `only` come last
        for problem in _rule_problems(rule, params):
            notes.add(place, "span" if rule.kind == "window" else rule.kind, f"{where}.rules", problem)


def _rule_problems(rule: Rule, params: tuple[Param, ...]) -> Iterator[str]:
    kinds = {param.wire: param.type.kind for param in params}
    # A condition on the parameter itself leaves values that keep the rule.
    needed = {param.wire for param in params if param.required} - {condition.wire for condition in rule.when}
    for wire in rule.wires:
        # An unknown wire name has been reported by the builder, so it passes here as a timestamp.
        if rule.kind == "window" and kinds.get(wire, "timestamp_ms") not in TIMES:
            yield f"a span needs two timestamps, but `{wire}` is {kinds[wire]}"
        if rule.kind == "forbid" and wire in needed:
            yield f"`{wire}` is required, so every call would break this rule"
    for condition in rule.when:
        ranged = condition.minimum is not None or condition.maximum is not None
        if ranged and kinds.get(condition.wire, "decimal") not in (*NUMBERS, "list"):
            yield f"`min` and `max` are for numbers and lists, but `{condition.wire}` is {kinds[condition.wire]}"
