"""A change that was told stays open until somebody has dealt with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.drift.compare.changes import Change
from generator.drift.compare.ledger import still_open
from generator.drift.facts.facts import Fact, Facts
from generator.drift.facts.observed import dump, load_open
from generator.drift.facts.profile import default_profile
from generator.drift.pages.escape import printable
from generator.output.swap import swap
from tests.drift.places import PAGE, run, texts, toy
from tests.drift.reading import made, profile

SIGNING = Change("signing-changed", "section Signing", "signing", "hex", "base64", "breaking")
PARAM = Change("param-added", "POST /lamps", "depth", "", "int", "breaking")
COMMON = default_profile()
NONE = Facts()


def test_what_the_spec_cannot_show_stays_open() -> None:
    """A change of signing is told again every time, also when nothing else changed."""
    first = still_open([], [SIGNING], [], COMMON, NONE)
    assert ([SIGNING], [SIGNING]) == (first, still_open(first, [], [], COMMON, NONE))


def test_what_the_spec_lacks_stays_open_until_the_spec_has_it() -> None:
    """The comparison with the spec says whether it is done."""
    assert ([PARAM], []) == (still_open([PARAM], [], [PARAM], COMMON, NONE), still_open([PARAM], [], [], COMMON, NONE))


@pytest.mark.parametrize(
    "back",
    [
        Change("signing-changed", "section Signing", "signing", "base64", "hex", "breaking"),
    ],
)
def test_what_the_page_takes_back_is_closed(back: Change) -> None:
    """Neither the change nor its undoing is left."""
    assert [] == still_open([SIGNING], [back], [], COMMON, NONE)


def test_what_a_person_wrote_about_is_closed() -> None:
    """`known` names the change and says why."""
    rules = profile(
        "known: [{change: signing-changed, operation: section Signing, why: The page is about the old API.}]"
    )
    assert [] == still_open([SIGNING], [], [], rules, NONE)


def test_a_known_of_another_change_closes_nothing() -> None:
    """It has to name this one."""
    rules = profile("known: [{change: signing-changed, operation: section Other, why: The page is about the old API.}]")
    assert [SIGNING] == still_open([SIGNING], [], [], rules, NONE)


def test_changes_of_wording_are_not_kept_open() -> None:
    """Nobody has to do anything about them."""
    assert [] == still_open([], [Change("wording-changed", "GET /lamps", level="wording")], [], COMMON, NONE)


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


def moves(before: str, after: str, id: str = "signing-changed", ours: str = "") -> Change:
    """A change of what a section states, or of a limit."""
    owner, name = ("POST /lamps", "limit") if id == "limit-changed" else ("section Signing", "signing")
    return Change(id, owner, name, before, after, "breaking", ours=ours)


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        (moves("a", "b"), moves("b", "c"), [moves("a", "c")]),
        (moves("a", "c"), moves("c", "a"), []),
        (moves("", "b"), moves("", "c"), [moves("", "b|c")]),
        (moves("", "b|c"), moves("b", ""), [moves("", "c")]),
        (moves("a", "b"), moves("b", "a|d"), [moves("", "d")]),
    ],
)
def test_a_second_change_goes_on_from_the_first(first: Change, second: Change, left: list[Change]) -> None:
    """What is open says how the page differs from where it began, however many readings lie between."""
    assert left == still_open([first], [second], [], COMMON, NONE)


def test_what_the_spec_has_a_word_for_is_closed_when_that_changes() -> None:
    """A limit stays open while the spec has the figure that it had when the page changed."""
    had = Facts({("POST /lamps", "limit", ""): Fact("20/1s uid")})
    has = Facts({("POST /lamps", "limit", ""): Fact("5/1s uid")})
    told = still_open([], [moves("20/1s", "5/1s", "limit-changed")], [], COMMON, had)
    assert [moves("20/1s", "5/1s", "limit-changed", "20/1s uid")] == told
    assert (told, []) == (still_open(told, [], [], COMMON, had), still_open(told, [], [], COMMON, has))


def test_what_the_spec_has_is_not_undone_but_changed_again() -> None:
    """A parameter that was added to the spec, and goes from the page, is a change of its own."""
    gone = Change("param-removed", PARAM.owner, PARAM.name, level="breaking")
    assert [gone] == still_open([PARAM], [gone], [gone], COMMON, NONE)


def test_a_renamed_member_is_open_until_the_spec_has_the_name() -> None:
    """Under the old name, or under the new one, the comparison with the spec still tells it."""
    renamed = Change("response-field-renamed", "GET /lamps", "hue", "colour", "hue", "breaking")
    lacks = Change("response-field-removed", "GET /lamps", "colour", level="breaking")
    assert ([renamed], []) == (
        still_open([renamed], [], [lacks], COMMON, NONE),
        still_open([renamed], [], [], COMMON, NONE),
    )


def test_a_write_that_is_killed_is_done_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever files it still wrote: the reading comes last, so nothing is taken for done that was not."""
    changed = PAGE.replace("| side |", "| price | string | Yes | Price. |\n| side |").replace("10 req", "5 req")
    ends = set[str]()
    for count in range(4):
        specs, page = toy(tmp_path / str(count))
        arguments = ["drift", "toy", "--specs", specs, "--docs", page, "--today", "2026-11-20", "--write"]
        run(*arguments)
        page.write_text(changed, "utf-8")
        with monkeypatch.context() as patch:
            patch.setattr("generator.drift.run.swap", lambda files, to, n=count: swap(dict([*files.items()][:n]), to))
            run(*arguments)
        run(*arguments)
        assert not run(*arguments).exit_code  # what was written is closed by the next reading
        ends.add(str(sorted(texts(specs / "toy").items())))
    assert 1 == len(ends)
