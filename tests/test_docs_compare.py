"""Pages that compare APIs: complete, and by meaning."""

from __future__ import annotations

import re

import pytest

from generator.model.capabilities import OPERATIONS, capabilities
from generator.model.summarize import summary_of
from generator.model.summary import Summary
from generator.reference.compare import comparisons, slug
from generator.reference.offers import offers
from tests.support.docs import DOCS
from tests.support.specs import models

MODELS = models()
COMPARED = [name for name in OPERATIONS if name != "Look up a lost order"]


def page(name: str) -> str:
    """Return the page that compares a deed, as Markdown."""
    return (DOCS / "compare" / f"{slug(name)}.md").read_text("utf-8")


def row(text: str, title: str) -> str:
    """Return the first row of a page with a title."""
    return next(line for line in text.splitlines() if line.startswith(f"| {title} |"))


@pytest.mark.parametrize("name", COMPARED)
def test_a_comparison_leads_to_every_call(name: str) -> None:
    """Whichever API can do it, each of its calls is linked, and each call's page leads back."""
    text = page(name)
    for api in MODELS:
        for path in capabilities(api).get(name, ()):
            assert f"](../{api.name}/{path}.md)" in text
            back = (DOCS / api.name / f"{path}.md").read_text("utf-8")
            assert f"](../../compare/{slug(name)}.md)" in back


def test_what_means_the_same_stands_in_one_row() -> None:
    """The id of the caller's own choice is one row, although every exchange calls it otherwise."""
    found = row(page("Place an order"), "Client order id")
    names = ["new_client_order_id", "client_oid", "order_link_id", "custom_id", "client_order_id"]
    assert names == [name for name in names if f"[`{name}`]" in found]
    assert "–" in found  # where there is none


def test_the_usual_call_is_compared() -> None:
    """Where an API places orders by several calls, a column is about limit orders, and not about rarer ones."""
    found = row(page("Place an order"), "Call")
    assert "`order.open_position`" in found
    assert not re.search("conditional|condition_order|cancel_replace|sor_order", found)


def test_the_table_on_the_first_page_leads_to_the_comparisons() -> None:
    """Whoever sees what APIs can do is one click away from how they do it."""
    text = (DOCS / "index.md").read_text("utf-8")
    assert set() == {name for name in COMPARED if f"| [{name}](compare/{slug(name)}.md) |" not in text}


def test_a_summary_survives_the_cache() -> None:
    """Comparisons are the same whether a summary was made now or read from the cache."""
    made = [summary_of(api, offers(api)) for api in MODELS]
    read = [Summary.from_json(summary.as_json()) for summary in made]
    assert [one.tables for one in comparisons(made)] == [one.tables for one in comparisons(read)]
