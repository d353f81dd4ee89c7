"""Whatever is changed in a page's facts comes back as exactly those changes."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from generator.drift.compare.compare import compare
from generator.drift.facts.facts import Fact, Facts, Key

OPERATIONS = [f"{method} /v1/{word}" for method in ("GET", "POST") for word in ("apple", "pear", "plum")]
Change = tuple[str, str, str]


def facts_of_a_page() -> Facts:
    """Six operations, each with members of every kind, two enums and two lists of codes."""
    facts: dict[Key, Fact] = {}
    for number, owner in enumerate(OPERATIONS):
        facts[owner, "operation", ""] = Fact(text=f"Title {owner}")
        facts[owner, "limit", ""] = Fact(f"{number + 1}/1s")
        for letter in "abc":
            facts[owner, "param", f"{letter}{number}"] = Fact("int", letter == "a", f"About {letter} of {owner}")
            facts[owner, "field", f"f{letter}{number}"] = Fact("string", None, f"Field {letter} of {owner}")
            facts[owner, "value", f"a{number}={letter}"] = Fact()
    for value in ("buy", "sell"):
        facts["enum side", "value", value] = Fact(text=f"It {value}s")
    for code in ("1001", "1002", "1003"):
        facts["errors", "code", code] = Fact(text=f"Code {code}")
        facts["stream errors", "code", code] = Fact(text=f"Stream code {code}")
    return Facts(facts)


def _fresh(numbers: "count[int]") -> str:
    """A name that is like no other, so that it is no rename."""
    return f"{'xyz'[next(numbers) % 3]}{next(numbers)}new"


MUTATIONS = ("remove", "add", "retype", "mark", "reword", "limit")


@given(st.data())
def test_mutations_come_back_as_exactly_those_changes(data: st.DataObject) -> None:
    """Remove, add, retype, mark, reword at random: every change is found, and nothing else.

    The values of a parameter that went are no change of their own.
    """
    before, numbers = facts_of_a_page(), count(1)
    after, expected = dict(before.facts), set[Change]()
    members = sorted(key for key in before.facts if key[1] in ("param", "field", "code", "value"))
    for key in data.draw(st.lists(st.sampled_from(members), unique=True, max_size=12)):
        mutation = data.draw(st.sampled_from(MUTATIONS))
        expected |= _mutate(mutation, key, before.facts[key], after, numbers)
    gone = {(owner, name) for change, owner, name in expected if change == "param-removed"}
    told = {c for c in expected if c[0] != "enum-value-removed" or (c[1], c[2].partition("=")[0]) not in gone}
    found = {change.key for change in compare(before, Facts(after))}
    assert told == found


def _mutate(mutation: str, key: Key, fact: Fact, after: dict[Key, Fact], numbers: "count[int]") -> set[Change]:
    owner, kind, name = key
    what = {"param": "param", "field": "response-field", "code": "error-code", "value": "enum-value"}[kind]
    if mutation == "remove":
        del after[key]
        return {(f"{what}-removed", owner, name)}
    if mutation == "add":
        new = _fresh(numbers)
        after[owner, kind, new] = Fact("json", False if kind == "param" else None, f"Something new: {new}")
        return {(f"{what}-added", owner, new)}
    if mutation == "retype" and kind in ("param", "field"):
        after[key] = replace(fact, value="boolean")
        return {(f"{what}-type-changed", owner, name)}
    if mutation == "mark" and kind == "param":
        after[key] = replace(fact, required=not fact.required)
        return {("param-became-optional" if fact.required else "param-became-required", owner, name)}
    if mutation == "reword" and kind != "value":
        after[key] = replace(fact, text=fact.text + ", in other words")
        return {("wording-changed", owner, name)}
    if mutation == "limit" and (owner, "limit", "") in after:
        after[owner, "limit", ""] = Fact("99/1m")
        return {("limit-changed", owner, "limit")}
    return set()


@given(st.sets(st.sampled_from(OPERATIONS)), st.sets(st.integers(0, 5)))
def test_operations_that_went_and_came_are_told_once(gone: set[str], come: set[int]) -> None:
    """A removed operation is one change, not one for each of its members; likewise a new one."""
    before = facts_of_a_page()
    after = {key: fact for key, fact in before.facts.items() if key[0] not in gone}
    for number in come:
        after[f"DELETE /v9/new{number}", "operation", ""] = Fact(text=f"New {number}")
        after[f"DELETE /v9/new{number}", "param", f"n{number}"] = Fact("int", True, f"New {number}")
    expected = {("operation-removed", owner, "") for owner in gone}
    expected |= {("operation-added", f"DELETE /v9/new{number}", "") for number in come}
    assert expected == {change.key for change in compare(before, Facts(after))}


@given(st.permutations(sorted(facts_of_a_page().facts)))
def test_the_order_of_a_page_does_not_matter(keys: list[Key]) -> None:
    """Sections that change places are no change."""
    before = facts_of_a_page()
    assert [] == compare(before, Facts({key: before.facts[key] for key in keys}))
