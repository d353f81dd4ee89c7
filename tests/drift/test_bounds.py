"""Defaults, ranges and units of parameters: a call that worked may be refused, or mean something else."""

from __future__ import annotations

import pytest

from generator.drift.compare.compare import compare
from generator.drift.compare.ledger import still_open
from generator.drift.facts.facts import Fact, Facts
from generator.drift.facts.profile import default_profile
from tests.drift.reading import changed, read

ROW = "# Lamps\n\n## Hours\n\nGET /v1/hours\n\n| Name | Type | Required | Description |\n|---|---|---|---|\n"
ROW += "| {name} | {type} | No | {words} |\n| limit | int | No | Page size; default 20, max 100. |\n"
Told = list[tuple[str, str, str, str, str]]


def page(words: str, name: str = "size", typed: str = "int") -> str:
    """A page with a parameter of which this is said."""
    return ROW.format(name=name, type=typed, words=words)


def told(before: str, after: str) -> Told:
    """What is reported by name."""
    found = (c for c in changed(before, after) if c.level != "wording")
    return [(c.id, c.level, c.name, c.before, c.after) for c in found]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Default 500; max 1000.", "Default 100; max 1000.", ("param-default-changed", "breaking", "500", "100")),
        ("Default: `a`", "Default: `b`", ("param-default-changed", "breaking", "a", "b")),
        ("How many.", "How many. Default 100.", ("param-default-changed", "new", "", "100")),
        ("[`1`, `1000`]", "[`1`, `500`]", ("param-range-changed", "breaking", "1..1000", "1..500")),
        ("[`1`, `500`]", "[`1`, `1000`]", ("param-range-changed", "new", "1..500", "1..1000")),
        ("min 0.1, max 5", "min 0.5, max 5", ("param-range-changed", "breaking", "0.1..5", "0.5..5")),
        ("max 5", "At most as many.", ("param-range-changed", "new", "..5", "")),
        ("Start (ms).", "Start (s).", ("unit-changed", "breaking", "ms", "s")),
        ("Start in milliseconds.", "Start in microseconds.", ("unit-changed", "breaking", "ms", "us")),
    ],
)
def test_what_a_row_says_of_values_is_told_by_name(before: str, after: str, expected: tuple[str, ...]) -> None:
    """With the figures before and after; only what refuses or changes calls is breaking."""
    id, level, was, now = expected
    assert [(id, level, "size", was, now)] == told(page(before), page(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Default 500.", "The default is 500."),
        ("Start.", "Start (ms)."),
        ("One of [5, 10, 20, 50].", "One of [5, 10, 20, 100]."),
        ("By default, the newest come first.", "By default, the oldest come first."),
    ],
)
def test_other_words_for_it_are_no_change_of_it(before: str, after: str) -> None:
    """Nor are a unit that is named now, a list of figures, or the next word of a sentence."""
    assert set() == {id for id, *_ in told(page(before), page(after))} - {"enum-value-added", "enum-value-removed"}


def test_a_renamed_parameter_keeps_its_default() -> None:
    """The rename is one change; another default is one more."""
    before, after = page("Default 5.", "orderSize"), page("Default 5.", "order_size")
    assert ["param-renamed"] == [id for id, *_ in told(before, after)]
    assert {"param-renamed", "param-default-changed"} == {id for id, *_ in told(before, after.replace("5.", "7."))}


def test_the_unit_of_an_answer_is_told_too() -> None:
    """A time in other units is another time."""
    fields = "\nResponse fields\n\n| Field | Type | Description |\n|---|---|---|\n| time | int | When ({}). |\n"
    found = told(*(page("Size.") + fields.format(unit) for unit in ("ms", "s")))
    assert [("unit-changed", "breaking", "time", "ms", "s")] == found


def test_a_reading_of_an_earlier_version_tells_no_bounds() -> None:
    """Without any, everything would be new."""
    facts = read(page("Default 5."))
    old = Facts({key: fact for key, fact in facts.facts.items() if key[1] not in ("default", "range", "unit")})
    assert [] == compare(old, facts)


def test_a_default_is_open_until_the_spec_has_another_one() -> None:
    """The spec has a word for it."""
    found = [c for c in changed(page("Default 5."), page("Default 7.")) if c.level != "wording"]
    had, has = (Facts({("GET /v1/hours", "default", "size"): Fact(value)}) for value in ("5", "7"))
    kept = still_open([], found, [], default_profile(), had)
    assert (["size 5"], []) == ([c.ours for c in kept], still_open(kept, [], [], default_profile(), has))
