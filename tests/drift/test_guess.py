"""`draft` guesses the words of a page from its tables and labels, and does not take other tables for such."""

from __future__ import annotations

import pytest

from generator.drift.draft.guess import Guess
from generator.drift.pages.blocks import Document

CALL = "## Look\n\n`GET /v1/pond`\n\n"


def guessed(page: str) -> str:
    """The docs.yaml that is guessed for a page."""
    return Guess([Document("pond", "pond.md", CALL + page)]).profile()[1]


def test_columns_with_types_and_marks_are_known_by_their_cells() -> None:
    """Whatever language the headings are in."""
    page = "| Feldname | Datentyp | Pflicht | Erklärung |\n|---|---|---|---|\n| tiefe | string | ja | Wie tief |\n"
    assert "columns:\n  description: [erklärung]\n  name: [feldname]\n  required: [pflicht]\n  type: [datentyp]\n" == (
        guessed(page)
    )


@pytest.mark.parametrize(
    "table",
    [
        "| Product | Futures | Perpetual |\n|---|---|---|\n| Carp | ✓ | ✗ |\n| Pike | ✓ | ✓ |\n",
        "| Depth | `windowSize` value |\n|---|---|\n| deep | one to two days |\n",
        "| friend | false | Object | Who swims along, if anybody does |\n|---|---|---|---|\n| food | false | string | What it eats |\n",
        "| Shape | Kind=round |\n|---|---|\n| string | as a ball is |\n",
    ],
)
def test_other_tables_give_no_words(table: str) -> None:
    """Comparisons, tables of prose, and rows without headings say nothing about parameters."""
    assert "columns" not in guessed(table)


def test_a_label_of_what_is_sent_is_no_label_of_answers() -> None:
    """Though the same words stand above a sample again and again."""
    page = "Probe {0}\n\n```json\n{{}}\n```\n\n"
    assert "response: [Probe\\ answer]" in guessed(page.format("answer") * 2)
    assert "{}" == guessed(page.format("subscription") * 2).strip()
