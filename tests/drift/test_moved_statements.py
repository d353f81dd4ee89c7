"""What pages state outside of operations may stand elsewhere tomorrow: that is told once, and breaks nobody."""

from __future__ import annotations

import pytest

from generator.drift.compare.changes import Change
from generator.drift.compare.page_names import not_read
from generator.drift.compare.reading import Reading, since
from generator.drift.pages.blocks import Document
from tests.drift.reading import changed, read

INTRO = "# Lamps\n\nLamps of a house.\n"
RULES = """
# Rules

Ask https://lamp.example.com within 5 seconds: older timestamps are refused.

At most 20 calls every 1 second. Sign with HMAC SHA256. Times are in milliseconds.
"""


def pages(old: dict[str, str], new: dict[str, str]) -> list[Change]:
    """What changed from some pages to others."""
    before, after = ({name: read(text, f"{name}.md") for name, text in some.items()} for some in (old, new))
    return since(before, Reading({name: Document(name, f"{name}.md", "") for name in new}, after))


def told(changes: list[Change]) -> list[tuple[str, str, str]]:
    """What was reported, in short."""
    return [(c.id, c.level, c.file) for c in changes]


@pytest.mark.parametrize(
    ("old", "new", "file"),
    [
        ({"a": INTRO + RULES, "b": INTRO}, {"a": INTRO, "b": INTRO + RULES}, "b.md"),
        ({"a": INTRO + RULES}, {"a": INTRO, "rules": RULES}, "rules.md"),
        ({"a": INTRO, "rules": RULES}, {"a": INTRO + RULES}, "a.md"),
    ],
    ids=["to another page", "to a page of its own", "from a page that is gone"],
)
def test_a_section_that_moved_is_told_once(old: dict[str, str], new: dict[str, str], file: str) -> None:
    """Neither as gone nor as new."""
    assert [("statement-moved", "wording", file)] == told(pages(old, new))


def test_a_page_with_another_name_is_no_change() -> None:
    """Neither of its sections nor of what they state; a lower limit on it is one."""
    old = {"a": INTRO, "rules": RULES}
    assert [] == pages(old, {"a": INTRO, "limits": RULES})
    found = pages(old, {"a": INTRO, "limits": RULES.replace("20 calls", "10 calls")})
    assert ("limit-changed", "breaking", "limits.md") in told(found)


def test_a_statement_that_moved_into_other_words_is_told_as_moved() -> None:
    """Its figures are the same, so nobody is refused."""
    old = {"a": f"{INTRO}\nAt most 20 calls every 1 second.\n", "b": RULES.replace("20 calls", "30 calls")}
    new = {"a": INTRO, "b": f"{old['b']}\nEach key: at most 20 calls every 1 second.\n"}
    found = pages(old, new)
    assert [("statement-moved", "limit", "b.md")] == [
        (c.id, c.name, c.file) for c in found if c.id != "wording-changed"
    ]


def test_a_section_that_moved_and_changed_is_told_by_what_changed() -> None:
    """The page that it stands on does not hide a lower limit."""
    found = pages({"a": INTRO + RULES}, {"a": INTRO, "b": RULES.replace("20 calls", "10 calls")})
    assert ("limit-changed", "breaking", "b.md") in told(found)
    assert {"limit-changed", "statement-moved", "wording-changed"} == {c.id for c in found}


def test_sections_with_one_heading_are_told_apart_by_their_pages() -> None:
    """Two pages may lower a limit under the same heading."""
    old = {name: f"# Limits\n\nAt most {count} calls every 1 second.\n" for name, count in (("a", 20), ("b", 30))}
    new = {name: text.replace("0 calls", "1 calls").replace("most 2", "most 1") for name, text in old.items()}
    found = pages(old, new)
    assert [("a.md", "breaking"), ("b.md", "new")] == [(c.file, c.level) for c in found if c.id == "limit-changed"]


@pytest.mark.parametrize(
    ("before", "after", "level"),
    [
        ("", "At most 20 calls every 1 second.", "new"),
        ("At most 20 calls every 1 second.", "", "new"),
        ("At most 20 calls every 1 second.", "At most 30 calls every 1 second.", "new"),
        ("At most 20 calls every 1 second.", "At most 20 calls every 1 minute.", "breaking"),
        ("", "A `recvWindow` above 60000 is refused.", "new"),
        ("A `recvWindow` above 5000 is refused.", "A `recvWindow` above 60000 is refused.", "new"),
        ("A `recvWindow` above 60000 is refused.", "A `recvWindow` above 5000 is refused.", "breaking"),
        ("", "Times are in milliseconds.", "new"),
        ("Times are in milliseconds.", "", "breaking"),
        ("", "Sign with HMAC SHA256.", "new"),
        ("Sign with HMAC SHA256.", "", "breaking"),
        ("", "Ask https://lamp.example.com.", "new"),
        ("Ask https://lamp.example.com.", "", "breaking"),
    ],
)
def test_a_statement_breaks_when_calls_may_fail_that_did_not(before: str, after: str, level: str) -> None:
    """A limit that comes is news, one that becomes tighter breaks; an address that is gone breaks, too."""
    found = changed(*(f"# Lamps\n\nLamps of a house.\n\n{words}\n" for words in (before, after)))
    assert [level] == [c.level for c in found if c.id != "wording-changed"]


def test_an_address_in_the_place_of_another_breaks_though_the_old_one_is_named_elsewhere() -> None:
    """An example that nobody renewed does not keep the old server."""
    example = "\n# First steps\n\nSee https://lamp.example.com/v1.\n"
    found = changed(*(f"# Lamps\n\nAsk https://{host}.example.com.\n{example}" for host in ("lamp", "glow")))
    assert [("breaking", "https://lamp.example.com", "https://glow.example.com")] == [
        (c.level, c.before, c.after) for c in found if c.id == "address-changed"
    ]


def test_a_page_that_is_read_for_the_first_time_repeats_what_is_known_silently() -> None:
    """Only what no page said before is news."""
    more = "# Streams\n\nTimes are in milliseconds. At most 7 subscriptions per 1 hour.\n"
    found = pages({"a": RULES}, {"a": RULES, "b": more})
    assert [("limit-changed", "new", "b.md")] == told(found)


def test_a_page_that_is_not_there_is_named() -> None:
    """It may have been taken down, and its calls with it; one line, however many pages there were."""
    observed = {name: read(INTRO, "a.md") for name in "abcde"}
    assert ["b, c, d, 1 more: read the last time, and not now"] == not_read(observed, {"a": observed["a"]})
    assert [] == not_read(observed, observed)
