"""What pages state of limits and weights is in a draft: of one call, by cases, and in tables of all calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drift.places import run, texts
from tests.drift.test_draft import drafted, undecided

PAGE = """\
# Pond API

At most 2,400 request weight per minute; `X-POND-USED-WEIGHT` reports what is used.

## Look at ponds

`GET /v1/ponds`

**Weight:** {weight}

| Name | Type | Required | Description |
|---|---|---|---|
| pondId | STRING | NO | Which one |
| symbol | STRING | NO | What lives in it |
| limit | INT | NO | How many |

```json
{{"ponds": [{{"pondId": "7"}}]}}
```
"""
LIMITS = """\
# Pond API

| Method | Path | Spring | Autumn | Note |
|---|---|---|---|---|
| GET | /v1/ponds | 10/s | 20 req/s | deep |
| POST | /v1/stones | 60 requests per minute | 60/min | wet |
"""


def draft(tmp_path: Path, page: str) -> str:
    """The text of all files of a draft; `drift` has nothing to say about it, and no file has mistakes."""
    path = tmp_path / "ponds.md"
    path.write_text(page, "utf-8")
    folder, _ = drafted(tmp_path, path)
    assert [] == undecided(folder)[1]
    found = run("drift", "newexchange", "--specs", folder.parent, "--docs", path)
    assert 0 == found.exit_code, found.output
    return "\n".join(texts(folder).values())


@pytest.mark.parametrize(
    ("weight", "cost"),
    [
        ("5", "5"),
        (
            "1 for a single symbol, 40 when the symbol is omitted",
            "[{when: {symbol: {present: true}}, is: 1}, {is: 40}]",
        ),
        (
            "\n\n| Limit | Weight |\n|---|---|\n| 1-100 | 5 |\n| 101-500 | 25 |\n| 501-1000 | 50 |",
            "[{when: {limit: {max: 100}}, is: 5}, {when: {limit: {max: 500}}, is: 25}, {is: 50}]",
        ),
        (
            "\n\n| Limit | Weight |\n|---|---|\n| [1, 100) | 1 |\n| [100, 500) | 2 |",
            "[{when: {limit: {max: 99}}, is: 1}, {is: 2}]",
        ),
        (
            "\n\n| Case | Weight |\n|---|---|\n| Without `pondId` | 20 |\n| With `pondId` | 5 |",
            "[{when: {pondId: {present: true}}, is: 5}, {is: 20}]",
        ),
        (
            "\n\n| Parameter | How many | Weight |\n|---|---|---|\n| symbol | 1 | 2 |\n| symbol | symbol is omitted | 80 |\n"
            "| limit | 1-20 | 4 |\n| limit | 21 or more | 80 |",
            "[{when: {symbol: {present: true}}, is: 2}, {when: {limit: {max: 20}}, is: 4}, {is: 80}]",
        ),
    ],
)
def test_a_call_costs_what_its_page_states(weight: str, cost: str, tmp_path: Path) -> None:
    """One weight, or cases that can be said in the spec language."""
    assert f"cost: {{weight: {cost}}}" in draft(tmp_path, PAGE.format(weight=weight))


def test_the_shared_weight_is_read_with_its_header(tmp_path: Path) -> None:
    """The total and the header stand in the text, and a person confirms them."""
    found = draft(tmp_path, PAGE.format(weight="5"))
    assert 'weight: {weight: 2400, per: 1m, by: ip, header: X-POND-USED-WEIGHT, doc: "TODO: check' in found


def test_a_total_that_no_page_states_is_no_claim(tmp_path: Path) -> None:
    """The place is kept, and the question says so."""
    found = draft(tmp_path, PAGE.format(weight="5").replace("2,400 request weight", "some requests"))
    assert "the pages state no total, and 1000 only keeps the place" in found


def test_cases_that_cannot_be_said_are_asked(tmp_path: Path) -> None:
    """No cost is written where nobody knows when which weight holds."""
    found = draft(tmp_path, PAGE.format(weight="\n\n| When | Weight |\n|---|---|\n| By day | 2 |\n| By night | 9 |"))
    assert "cost:" not in found
    assert "say when it is 2 and when 9" in found


def test_a_table_of_limits_gives_each_call_its_own(tmp_path: Path) -> None:
    """Rates that differ by product become the smallest, and whom they count is asked."""
    found = draft(tmp_path, LIMITS)
    assert "limit: {calls: 10, per: 1s, by: key}" in found
    assert "limit (what it counts, and the smallest of 10/1s, 20/1s)" in found
    assert "limit: {calls: 60, per: 1m, by: key}" in found


@pytest.mark.parametrize(
    "said", ["10 requests per second", "10 times/s", "10/1s", "10 per sec", "10 requests every second"]
)
def test_a_rate_in_words_is_a_limit(said: str, tmp_path: Path) -> None:
    """Whatever the second is called."""
    page = PAGE.format(weight="5").replace("**Weight:** 5", f"Rate limit: {said}")
    assert "limit: {calls: 10, per: 1s, by: key}" in draft(tmp_path, page)
