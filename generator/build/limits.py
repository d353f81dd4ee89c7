"""Builds limits, and what calls take from those that they share."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, cast

from generator.build.rules import ParamRules
from generator.model.limits import Case, Cost, Limit
from generator.model.types import Param
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes


def limit(name: str, at: Map) -> Limit:
    """Build a limit."""
    unit: Literal["calls", "weight"] = "calls" if "calls" in at else "weight"
    per = str(at["per"])
    by = cast(Literal["ip", "uid", "key"], at["by"])
    return Limit(
        name,
        unit,
        read.integer(at, unit) or 1,
        read.span(per),
        per,
        by,
        read.exact(at, "header"),
        read.maybe_text(at, "doc"),
        read.exact(at, "left"),
    )


def default_limits(at: Map, notes: Notes) -> dict[str, Limit]:
    """Return the limits of operations that name none, by `auth`."""
    found: dict[str, Limit] = {}
    limits = read.mapping(at, "limits")
    for name, b in read.entries(at, "limits"):
        auth = str(b.get("each", ""))
        if auth in found:
            what = f"`{found[auth].name}` also has `each: {auth}`; an operation has one default limit"
            notes.add(b, "each", f"limits.{name}", what)
        elif auth:
            found[auth] = limit(name, read.mapping(limits, name))
    return found


class Costs:
    """Builds what the calls of one API take from its limits, and notes mistakes in it."""

    def __init__(self, notes: Notes, rules: ParamRules, limits: Collection[str]) -> None:
        self._notes = notes
        self._rules = rules
        self._limits = limits

    def of(self, at: Map, name: str, params: dict[str, Param]) -> tuple[Cost, ...]:
        """Build what one call takes."""
        costs = []
        for limit_name, value in read.mapping(at, "cost").items():
            self._notes.check_known(
                read.mapping(at, "cost"), limit_name, f"{name}.cost", limit_name, self._limits, "limit"
            )
            costs.append(Cost(limit_name, self._cases(value, read.mapping(at, "cost"), limit_name, name, params)))
        return tuple(costs)

    def _cases(self, value: object, at: Map, limit_name: str, name: str, params: dict[str, Param]) -> tuple[Case, ...]:
        if isinstance(value, int):  # `cost: {weight: 5}` is short for one case without a condition
            return (Case(value),)
        cases = read.maps(at, limit_name)
        return tuple(self._case(case, name, params) for case in cases)

    def _case(self, at: Map, name: str, params: dict[str, Param]) -> Case:
        per = read.maybe_text(at, "per")
        if per is not None and self._rules.check_param(at, "per", f"{name}.cost", per, params):
            kind = params[per].type.kind
            if kind != "list":
                self._notes.add(at, "per", f"{name}.cost", f"`{per}` is no list but {kind}; only members are counted")
        conditions = self._rules.conditions(at, f"{name}.cost", params)
        return Case(read.integer(at, "is") or 0, conditions, per, read.integer(at, "most"))
