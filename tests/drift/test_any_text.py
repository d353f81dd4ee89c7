"""Whatever a page holds, reading it ends without a traceback, and reads the same twice."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from generator.drift.facts.profile import FINDERS
from generator.drift.facts.samples import read_sample
from generator.drift.facts.values import values_in
from tests.drift.reading import read

PIECES = st.sampled_from(
    [
        "GET /v1/a", "POST /v1/b", "Name", "Type", "Required", "Description", "symbol", "string", "Yes", "No", "{", "}", "[",
        "]", '"a":1,', "// x", "|", "---|---", "Name | Type | Required |", "a | int | Yes |", "> b | int | No |", "\n", "\n\n",
        "# A", "## B", "```", "<table>", "<tr><td>", "</table>", "<h2>", "<pre>", "Response", "Parameters:", "Weight: 5",
        "FieldTypeDescription", "aintThe a", "1GET /v1/c", "- item", "1: a, 2: b", "curl -X GET 'x'", "-d '{", "\\", "\u200b",
    ]
)  # fmt: skip
PAGES = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=60).map("\n".join)


@given(PAGES, st.sampled_from(["page.md", "page.html", "page.txt"]))
def test_any_page_is_read(text: str, name: str) -> None:
    """Pieces of documentation in any order and mixture are no trouble, and positions lie on the page."""
    facts = read(text, name)
    assert facts.facts == read(text, name).facts
    assert all(fact.line >= 1 for fact in facts.facts.values())


@example("{.:1")
@example('{"": 1}')
@given(st.text(alphabet="{}[],:\"'/*# \nab1.", max_size=200))
def test_any_sample_is_read(text: str) -> None:
    """A sample of rubbish has members or has none."""
    assert all(member.path for member in read_sample(text).members if member.type)


@given(st.text(max_size=200))
def test_any_description_lists_at_least_two_values_or_none(text: str) -> None:
    """One value is no list."""
    assert 1 != len(values_in(text, FINDERS))
