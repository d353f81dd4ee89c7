"""Tables of what each case needs are facts, so that a rule that changed is told by its case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.drift.compare.changes import from_entry
from generator.drift.compare.compare import compare
from generator.drift.compare.ledger import still_open
from generator.drift.facts.facts import Fact, Facts
from generator.drift.facts.profile import default_profile
from tests.drift.reading import changed, read

ROOM = (
    "| Name | Type | Required |\n|---|---|---|\n| mode | string | yes |\n| depth | int | no |\n| hue | string | no |\n"
)
PAGE = f"""\
## Light

POST /lamps

{ROOM}
Additional mandatory parameters based on `mode`:

| Mode | Additional mandatory parameters | Notes |
|---|---|---|
| `DIM` | `depth` | slowly |
| `RED/BLUE` | `hue`, `depth` or `glow` |
| `shade` = `A` or `B` | `north` and/or `south` and `east` |
"""
LIGHT = "POST /lamps"


def rules(page: str) -> dict[str, str]:
    return {key[2]: fact.value for key, fact in read(page).of("rule", LIGHT)}


def test_each_case_is_a_fact() -> None:
    """Of several parameters between which one may choose, one is enough."""
    assert {
        "mode=DIM": "depth",
        "mode=RED": "depth/glow|hue",
        "mode=BLUE": "depth/glow|hue",
        "shade=A": "east|north/south",
        "shade=B": "east|north/south",
    } == rules(PAGE)


def test_the_heading_names_the_parameter_where_no_line_does() -> None:
    """`Mode` is `mode`."""
    assert "mode=DIM" in rules(PAGE.replace("Additional mandatory parameters based on `mode`:", "Mind this."))


@pytest.mark.parametrize(
    ("old", "new", "level"), [("| `depth` |", "| `depth`, `hue` |", "breaking"), ("`hue`, `depth`", "`depth`", "new")]
)
def test_a_case_that_needs_more_breaks_calls(old: str, new: str, level: str) -> None:
    """One that needs less does not."""
    found = [c for c in changed(PAGE, PAGE.replace(old, new)) if c.id != "wording-changed"]
    assert {("rule-changed", level)} == {(c.id, c.level) for c in found}


def test_a_reading_of_an_earlier_version_has_no_rules() -> None:
    """It says nothing, because the words are the same."""
    old = read(PAGE)
    for key, _ in list(old.of("rule")):
        del old.facts[key]
    assert [] == compare(old, read(PAGE))


def test_a_rule_stays_open_until_the_spec_has_it() -> None:
    """Then nobody is asked again."""
    entry = {"id": "rule-changed", "owner": LIGHT, "name": "mode=DIM", "before": "depth", "after": "depth|hue"}
    change = from_entry(entry | {"level": "breaking"})
    assert change is not None
    ours = Facts({(LIGHT, "rule", "mode=DIM"): Fact("depth")})
    kept = still_open([], [change], [], default_profile(), ours)
    assert [replace(change, ours="mode=DIM depth")] == kept
    ours.facts[LIGHT, "rule", "mode=DIM"] = Fact("depth|hue")
    assert [] == still_open(kept, [], [], default_profile(), ours)
