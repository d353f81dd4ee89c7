"""Whatever is changed on a page is told, with its id and level, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from generator.drift.compare.changes import Change
from generator.drift.compare.compare import compare
from generator.drift.compare.reading import load_profile
from generator.drift.facts.page import read_page
from generator.drift.pages.blocks import Document
from tests.drift.mutations import MUTATIONS, Edit, Row, Told, rows
from tests.drift.places import PAGE, run, toy
from tests.drift.reading import DOCS, PAGES, SOURCES, SPECS, changed, page, read
from tests.drift.test_layouts import LAYOUTS

FULLER = [
    ("aster_futures", "futures-v1.md"),
    ("bingx_swap", "rest-v1.md"),
    ("sixmm", "rest-api-order.mdx"),
    ("sixmm", "error-codes-and-troubleshooting.mdx"),
]
REAL = [*sorted(SOURCES.items()), *FULLER]
EVERY = 3
"""Of the rows of a real page, only so many are changed: all at once would leave no page."""


def told(changes: Iterable[Change]) -> set[Told]:
    return {(change.id, change.level, change.owner, change.name) for change in changes}


def edited(text: str, edits: Iterable[tuple[Row, Edit]]) -> str:
    """A page with some of its rows changed."""
    lines: list[list[str]] = [[line] for line in text.split("\n")]
    for row, (new, _) in edits:
        start = row.fact.line - 1
        lines[start : start + len(row.lines)] = [new, *([] for _ in row.lines[1:])]
    return "\n".join(line for new in lines for line in new)


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_changed_row_is_exactly_one_change(name: str, mutation: str) -> None:
    """In every layout, whichever row of the request it is."""
    before, text = page(name), (PAGES / name).read_text("utf-8")
    for row in rows(before, text):
        edit = MUTATIONS[mutation](row)
        if edit is not None:
            assert edit[1] == told(compare(before, read(edited(text, [(row, edit)]), name))), row


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize(("api", "name"), REAL)
def test_changed_rows_of_a_real_page_are_exactly_those_changes(api: str, name: str, mutation: str) -> None:
    """Many rows of the documentation of an exchange, at once."""
    path = DOCS / api / name
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    profile, text = load_profile(SPECS, SPECS / api), path.read_text("utf-8")
    before = read_page(Document("page", name, text), profile)
    edits, owners = list[tuple[Row, Edit]](), set[str]()
    for row in list(rows(before, text))[::EVERY]:
        edit = MUTATIONS[mutation](row)
        if edit is not None and row.key[0] not in owners:
            edits.append((row, edit))
            owners.add(row.key[0])
    after = read_page(Document("page", name, edited(text, edits)), profile)
    assert {change for _, edit in edits for change in edit[1]} == told(compare(before, after))


SIDES = "## Side\n\n| Value | Description |\n|---|---|\n| BUY | Buys. |\n| SELL | Sells. |\n"
ROWS = list(rows(read(PAGE + SIDES), PAGE + SIDES))


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row.key))
def test_what_was_written_is_told_no_more(row: Row, mutation: str, tmp_path: Path) -> None:
    """After --write, only what it left to a person is a difference from the spec."""
    edit = MUTATIONS[mutation](row)
    if edit is None:
        return
    specs, path = toy(tmp_path, PAGE + SIDES)
    run("drift", "toy", "--specs", specs, "--docs", path, "--write")
    path.write_text(edited(PAGE + SIDES, [(row, edit)]), "utf-8")
    first = json.loads(run("drift", "toy", "--specs", specs, "--docs", path, "--write", "--json").output)[0]
    second = run("drift", "toy", "--specs", specs, "--docs", path, "--json")
    after = json.loads(second.output)[0]
    assert edit[1] == {tuple(c[key] for key in ("change", "level", "owner", "name")) for c in first["since"]}
    assert [] == after["since"]
    left = [f"{c['owner']}: {c['change']}" for c in after["spec"]]
    assert left == [what[: len(line)] for what, line in zip(first["decide"], left, strict=True)]
    assert second.exit_code == bool(left)


@pytest.mark.parametrize("heading", ["# Orders", "## Place order"])
def test_a_heading_that_is_gone_is_at_most_new_wording(heading: str) -> None:
    """The operation below it is found by its path, and the codes that now stand below the operation stay codes."""
    found = changed(f"\n{PAGE}", f"\n{PAGE}".replace(f"\n{heading}\n", "\n"))
    assert {change.id for change in found} <= {"wording-changed"}
