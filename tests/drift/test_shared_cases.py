"""The small cases beside the repository: pages with a later state, and what is right about them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.drift.compare.reading import Reading, read_pages, since
from generator.drift.pages.blocks import Document
from generator.ground.tree import ROOT
from tests.drift.places import run
from tests.drift.reading import SPECS, profile

CASES = ROOT.parent / "shared" / "cases" / "drift"
NAMES = sorted(path.name for path in CASES.iterdir()) if CASES.is_dir() else []
CHANGES = {
    "codes": {("error-code-added", "-2003"), ("error-code-removed", "-2002")},
    "depr": {("operation-deprecated", ""), ("param-type-changed", "pebbleId")},
    "enums": {("enum-value-added", "HIDDEN")},
    "env": {("response-field-added", "unit")},
    "general": {
        ("address-changed", "address"),
        ("limit-changed", "limit"),
        ("operation-deprecated", ""),
        ("signing-changed", "signing"),
        ("unit-changed", "unit"),
    },
    "query": {("param-added", "angle"), ("param-became-required", "depth")},
    "second": {("response-field-added", "rings[].ringId"), ("response-field-removed", "depth")},
    "stream": {("channel-added", ""), ("response-field-added", "p.f")},
}
"""What changed, beside wording; nothing in the other cases."""
BREAKING = {"general": 4, "query": 2, "second": 1}
OPERATIONS = {"mdx": 1, "slash": 3}


def rules(case: str) -> str:
    """The profile of a case; an empty one where it has none."""
    path = CASES / case / "docs.yaml"
    return path.read_text("utf-8") if path.is_file() else "{}\n"


def reading(case: str, state: str) -> Reading:
    """One state of a case, read."""
    path = CASES / case / state
    return read_pages([Document("page", path.name, path.read_text("utf-8"))], profile(rules(case)))


@pytest.mark.parametrize("case", [name for name in NAMES if (CASES / name / "after.md").is_file()])
def test_a_later_state_is_reported_as_it_is(case: str) -> None:
    """Nothing lost, nothing invented, and what breaks is called so."""
    known = profile(rules(case))
    found = [
        change
        for change in since(reading(case, "before.md").facts, reading(case, "after.md"), known.shared)
        if change.id != "wording-changed"
    ]
    assert CHANGES.get(case, set()) == {(change.id, change.name) for change in found}
    assert BREAKING.get(case, 0) == sum(change.level == "breaking" for change in found)


@pytest.mark.parametrize("case", [name for name in NAMES if reading(name, "before.md").all.owners()])
def test_drift_is_silent_about_a_fresh_draft_of_a_case(case: str, tmp_path: Path) -> None:
    """What `draft` made from a page, `drift` on the same page has nothing to say about."""
    specs = tmp_path / "specs"
    (specs / "pond").mkdir(parents=True)
    (specs / "schema").symlink_to(SPECS / "schema")
    if (CASES / case / "docs.yaml").is_file():
        shutil.copy(CASES / case / "docs.yaml", specs / "pond" / "docs.yaml")
    page = CASES / case / "before.md"
    made = run("draft", "pond", "--specs", specs, "--docs", page)
    assert 0 == made.exit_code, made.output
    found = run("drift", "pond", "--specs", specs, "--docs", page)
    assert 0 == found.exit_code, found.output


@pytest.mark.parametrize("case", sorted(set(OPERATIONS) & set(NAMES)))
def test_all_operations_of_a_case_are_read(case: str) -> None:
    """With and without a slash before the path, and in a component."""
    assert OPERATIONS[case] == len(reading(case, "before.md").all.owners())
