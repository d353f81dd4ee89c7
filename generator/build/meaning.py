"""Reads what structs, members, parameters and calls are about: `is`, `means`, `does` and what goes with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast

from generator.model.deeds import Deed, Forgets, Leg, Shelf
from generator.model.types import Condition, Meaning, Phrase, Thing
from generator.source import reading as read
from generator.source.load import Map

Conditions = Callable[[Map], tuple[Condition, ...]]
"""Builds the conditions of a case."""

Pairs = Literal["order", "client_id", "id"]
Of = Literal["open", "closed", "all", "some"]


def things(at: Map, conditions: Conditions) -> tuple[Thing, ...]:
    """Return what a struct is."""
    one = at.get("is")
    if isinstance(one, str):
        return (Thing(one),)
    return tuple(Thing(str(case["is"]), conditions(case)) for case in read.maps(at, "is"))


def meaning(at: Map, conditions: Conditions) -> Meaning | None:
    """Return what a member or parameter is said to be; None where nothing is said."""
    if "means" not in at:
        return None
    said = at["means"]
    cases = (
        (Phrase(said),) if isinstance(said, str) else tuple(_case(case, conditions) for case in read.maps(at, "means"))
    )
    values = read.mapping(at, "reads")
    return Meaning(
        cases, {value: words(values, value) for value in values}, read.flag(at, "signed"), read.flag(at, "negative")
    )


def _case(at: Map, conditions: Conditions) -> Phrase:
    return Phrase(str(at["is"]), conditions(at), at.get("for") == "market", at.get("for") == "limit")


def words(at: Map, key: str) -> tuple[str, ...]:
    """Return what a value says: one word, several, or none for nothing special."""
    said = at.get(key)
    return (said,) if isinstance(said, str) else read.texts(at, key)


def deeds(at: Map) -> tuple[Deed, ...]:
    """Return what a call does."""
    return tuple(_deed(said.split()) for said in words(at, "does"))


def _deed(said: list[str]) -> Deed:
    return Deed(cast(Literal["place"], said[0]), said[-1], "all" in said)


def of(at: Map) -> Of:
    """Return which things a call finds; of several cases, the one without conditions."""
    said = at.get("of", "some")
    always = (case.get("is") for case in read.maps(at, "of") if "when" not in case)
    return cast(Of, said if isinstance(said, str) else next(always, "some"))


def of_cases(at: Map, conditions: Conditions) -> tuple[tuple[str, tuple[Condition, ...]], ...]:
    """Return which things a call finds under which conditions."""
    return tuple((str(case["is"]), conditions(case)) for case in read.maps(at, "of") if "when" in case)


def legs(at: Map) -> tuple[Leg, ...]:
    """Return the orders of a group that a call places."""
    return tuple(
        Leg(str(leg["name"]), read.pairs(leg, "sent"), read.maybe_text(leg, "after"), words(leg, "kind"))
        for leg in read.maps(at, "legs")
    )


def forgets(at: Map) -> Forgets | None:
    """Return how long things can be found after their end."""
    if "forgets" not in at:
        return None
    spans = read.mapping(at, "forgets")
    if spans:
        return Forgets(read.maybe_span(spans, "unfilled"), read.maybe_span(spans, "else"))
    return Forgets(read.maybe_span(at, "forgets"), read.maybe_span(at, "forgets"))


def shelf(at: Map, group: Map) -> Shelf:
    """Return the shelf of an operation: its own, else the group's."""
    said = at.get("shelf", group.get("shelf"))
    if isinstance(said, Map):
        return Shelf(by=read.texts(said, "by"))
    return Shelf("" if said is None else str(said))
