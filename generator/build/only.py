"""Builds `only`: parameters and members that exist in some cases, such as one category of products."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.model.fitting import wire_text
from generator.model.types import Condition, Param, Rule, Scalar
from generator.source import reading as read
from generator.source.load import Map


def doc_of(at: Map) -> str:
    """Return the description of a parameter or member, with the case in which it exists, and what is said of its end."""
    cases, ended = read.mapping(at, "only"), read.maybe_text(at, "deprecated")
    said = " and ".join(f"`{wire}` is {_either(read.scalars(cases, wire))}" for wire in cases)
    more = ([f"Only where {said}."] if said else []) + ([f"Deprecated: {ended}"] if ended else [])
    return " ".join([read.text(at, "doc"), *more])


def rules_of(members: Map, params: Mapping[str, Param], known: Mapping[str, tuple[Scalar, ...]]) -> Iterator[Rule]:
    """Yield what `only` forbids: a parameter beside another one that has a value of another case.

    Args:
        known: The values of each enum.
    """
    for wire in members:
        at = read.mapping(members, wire)
        cases = read.mapping(at, "only")
        for case in (one for one in cases if one in params):
            values = read.scalars(cases, case)
            everything = params[case].values or known.get(params[case].type.name, ())
            # Only known values are forbidden: one that the exchange adds later may go with the parameter.
            if others := tuple(value for value in everything if value not in values):
                yield Rule("forbid", (wire,), (Condition(case, others),), why=f"Only for {_either(values)}.")


def _either(values: tuple[Scalar, ...]) -> str:
    *most, last = (f"`{wire_text(value)}`" for value in values)
    return f"{', '.join(most)} or {last}" if most else last
