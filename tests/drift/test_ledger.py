"""A change that was told stays open until somebody has dealt with it."""

from __future__ import annotations

import pytest

from generator.drift.compare.changes import Change
from generator.drift.compare.ledger import still_open
from generator.drift.facts.facts import Fact
from generator.drift.facts.observed import dump, load_open
from generator.drift.facts.profile import default_profile
from generator.drift.pages.escape import printable
from tests.drift.reading import made, profile

SIGNING = Change("signing-changed", "section Signing", "signing", "hex", "base64", "breaking")
PARAM = Change("param-added", "POST /lamps", "depth", "", "int", "breaking")
COMMON = default_profile()


def test_what_the_spec_cannot_show_stays_open() -> None:
    """A change of signing is told again every time, also when nothing else changed."""
    first = still_open([], [SIGNING], [], COMMON)
    assert ([SIGNING], [SIGNING]) == (first, still_open(first, [], [], COMMON))


def test_what_the_spec_lacks_stays_open_until_the_spec_has_it() -> None:
    """The comparison with the spec says whether it is done."""
    assert ([PARAM], []) == (still_open([PARAM], [], [PARAM], COMMON), still_open([PARAM], [], [], COMMON))


@pytest.mark.parametrize(
    "back",
    [
        Change("signing-changed", "section Signing", "signing", "base64", "hex", "breaking"),
    ],
)
def test_what_the_page_takes_back_is_closed(back: Change) -> None:
    """Neither the change nor its undoing is left."""
    assert [] == still_open([SIGNING], [back], [], COMMON)


def test_what_a_person_wrote_about_is_closed() -> None:
    """`known` names the change and says why."""
    rules = profile(
        "known: [{change: signing-changed, operation: section Signing, why: The page is about the old API.}]"
    )
    assert [] == still_open([SIGNING], [], [], rules)


def test_a_known_of_another_change_closes_nothing() -> None:
    """It has to name this one."""
    rules = profile("known: [{change: signing-changed, operation: section Other, why: The page is about the old API.}]")
    assert [SIGNING] == still_open([SIGNING], [], [], rules)


def test_changes_of_wording_are_not_kept_open() -> None:
    """Nobody has to do anything about them."""
    assert [] == still_open([], [Change("wording-changed", "GET /lamps", level="wording")], [], COMMON)


def test_open_changes_are_kept_beside_the_reading(tmp_path_factory: pytest.TempPathFactory) -> None:
    """observed.json has them, and without any it is as it was."""
    pages, path = {"page": made((("GET /lamps", "operation", ""), Fact()))}, tmp_path_factory.mktemp(
        "a"
    ) / "observed.json"
    path.write_text(dump(pages, [{"id": "signing-changed", "owner": "section Signing"}]), "utf-8")
    assert ("signing-changed", False) == (load_open(path)[0]["id"], "open" in dump(pages))


@pytest.mark.parametrize("hidden", ["\x1b[2K", "\x1b]0;title\x07", "\x9b2K", "\u202e", "\u200f", "\ud800"])
def test_what_a_page_hides_is_printed_escaped(hidden: str) -> None:
    """A page can neither erase a line of a report nor turn it around."""
    shown = printable(f"lamp{hidden}light\n灯")
    assert (True, True) == (hidden[0] not in shown, shown.endswith("light\n灯"))
