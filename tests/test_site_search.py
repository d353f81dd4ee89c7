"""The search index of the site, made from the pages alone."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from generator.site.build import SEPARATOR, strip_indentation
from generator.site.search import Page as Read
from generator.site.search import index, items, read_pages
from tests.support.docs import DOCS, PAGES


@cache
def entries() -> list[dict[str, Any]]:
    return index(read_pages(DOCS))


def test_every_entry_leads_to_a_place() -> None:
    """Every result of a search leads to a page and an anchor that exist."""
    places = {
        f"{page.name.removesuffix('.md')}.html{end}"
        for page in PAGES
        for end in ["", *(f"#{a}" for a in page.anchors())]
    }
    assert set() == {entry["location"] for entry in entries()} - places


def test_every_code_has_an_entry_of_its_own() -> None:
    """A code is found as itself, whatever else is on its page."""
    expected = sum(len(re.findall(r'<a id="code-', page.text)) for page in PAGES)
    assert expected == sum("#code-" in entry["location"] for entry in entries())


def test_what_calls_share_is_one_entry() -> None:
    """A parameter that several calls have alike is found once, and names them all."""
    pages = [Read(f"demo/group/{name}.md", f"group.{name}", LINES, ["Demo"]) for name in ("one", "two")]
    found = [entry for entry in index(pages) if "#param-" in entry["location"]]
    assert [("client_oid (clientOid)", "parameter of group.one, group.two: string — Your own id.")] == [
        (entry["title"], entry["text"]) for entry in found
    ]


LINES = [
    "Text.",
    '- <a id="param-clientOid"></a>[`client_oid`](#param-clientOid) · `clientOid` *string* — Your own id.',
]


def test_nothing_in_a_page_becomes_html() -> None:
    """The index is shown as HTML, so texts are escaped in it."""
    row = '| <a id="code-1"></a>`1` | `Kind` | &lt;b>x\\|y | rejected |'
    (found,) = items(Read("demo/errors.md", "<i>Errors", [row], ["<i>Demo"]))
    assert "&lt;b&gt;x|y" in found["text"]
    assert ["&lt;i&gt;Demo", "&lt;i&gt;Errors"] == found["path"]


def test_questions_may_be_asked() -> None:
    """Of a question only the words that matter are looked for; negative codes stay whole."""
    assert ["43012"] == [word for word in re.split(SEPARATOR, "what does 43012 mean?") if word]
    assert ["ExecutionUnknown"] == [word for word in re.split(SEPARATOR, "What to do after ExecutionUnknown") if word]
    assert ["base", "quantity", "-2018"] == [word for word in re.split(SEPARATOR, "base_quantity -2018") if word]


def test_blanks_matter_in_code() -> None:
    """Pages are made smaller, samples are left as they are."""
    assert "<p>\n<b>x</b>\n<pre>  a\n\n  b</pre>\n" == strip_indentation("<p>\n    <b>x</b>\n\n<pre>  a\n\n  b</pre>\n")
