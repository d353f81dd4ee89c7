"""What a page says of a cursor, a page number, and the longest span of a list is in a draft as `paging`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drift.test_draft_limits import draft

PAGE = """\
# Pond API

## List fish

GET /v1/fish

### Request Parameters

| Name | Type | Required | Description |
|---|---|---|---|
{rows}

### Response

```json
{{"items": [{{"name": "carp", "caughtAt": 1717200000000}}], "followingCursor": "abc"}}
```
"""
LIMIT = "| limit | integer | no | Of a page. [`1`, `200`]. Default: `20` |"
CURSOR = "| cursor | string | no | Send the `followingCursor` of the last answer |"
ENDS = (
    "| startTime | long | no | From when (ms) <li>If both are given, endTime - startTime <= 7 days</li> |\n"
    "| endTime | long | no | Until when (ms) |"
)


@pytest.mark.parametrize(
    ("rows", "paging"),
    [
        ([CURSOR, LIMIT], "{by: cursor, from: cursor, next: followingCursor, limit: limit}"),
        (
            [ENDS, CURSOR, LIMIT],
            "{by: cursor, from: cursor, next: followingCursor, limit: limit, within: [startTime, endTime], window: 7d, time: caughtAt}",
        ),
        (["| page | integer | no | Which. Default: 1 |", LIMIT], "{by: page, from: page, first: 1, limit: limit}"),
        ([LIMIT], '{unsaid: "Takes a page size, and no parameter that leads to the next page."}'),
    ],
)
def test_paging_is_what_the_page_states(tmp_path: Path, rows: list[str], paging: str) -> None:
    """None of it is a guess, so nothing is asked."""
    found = draft(tmp_path, PAGE.format(rows="\n".join(rows)))
    assert f"paging: {paging}" in found
    assert "guessed" not in found
    assert LIMIT not in rows or "default: 20, min: 1, max: 200" in found


def test_a_page_number_without_the_first_one_is_asked(tmp_path: Path) -> None:
    """A list that began with the wrong number would lack its first page."""
    found = draft(tmp_path, PAGE.format(rows="| page | integer | no | Which |"))
    assert 'paging: {unsaid: "TODO: say how the pages are asked for' in found


TIMES = "| startTime | long | no | From when (ms) |\n| endTime | long | no | Until when (ms) |"


@pytest.mark.parametrize(
    ("rows", "item", "paging"),
    [
        (
            [TIMES, LIMIT],
            '"name": "carp", "caughtAt": 1717200000000',
            "{by: time, from: startTime, to: endTime, limit: limit, time: caughtAt}",
        ),
        (
            [TIMES, "| fromId | long | no | First |", LIMIT],
            '"id": 7, "caughtAt": 1717200000000',
            "{by: time, from: startTime, to: endTime, limit: limit, time: caughtAt, without: [fromId]}",
        ),
        (
            ["| lastFishId | long | no | First |", LIMIT],
            '"fishId": 7',
            "{by: id, from: lastFishId, limit: limit, key: [fishId]}",
        ),
        (
            ["| after | string | no | Records earlier than the requested `fishId` |", LIMIT],
            '"fishId": "7"',
            "{by: id, from: after, goes: down, limit: limit, key: [fishId]}",
        ),
    ],
)
def test_pages_by_time_and_id_are_proposed_and_asked(tmp_path: Path, rows: list[str], item: str, paging: str) -> None:
    """Their parameters and the item's only time or its id suggest them; that nothing is left out is a question."""
    page = PAGE.format(rows="\n".join(rows)).replace('"name": "carp", "caughtAt": 1717200000000', item)
    found = draft(tmp_path, page.replace(', "followingCursor": "abc"', ""))
    assert f"paging: {paging}" in found
    assert "with nothing left out between two pages" in found


def test_an_item_with_two_times_has_no_pages_by_time(tmp_path: Path) -> None:
    """Nothing says which of them a window means."""
    page = PAGE.format(rows=f"{TIMES}\n{LIMIT}").replace('"name": "carp"', '"soldAt": 1717200000001')
    assert "by: time" not in draft(tmp_path, page.replace(', "followingCursor": "abc"', ""))


def test_a_sentence_about_both_ends_states_the_span(tmp_path: Path) -> None:
    """It need not stand in a cell."""
    said = "GET /v1/fish\n\nOld fish go. The time between startTime and endTime can't be longer than 24 hours.\n"
    page = PAGE.format(rows=f"{TIMES}\n{LIMIT}").replace("GET /v1/fish\n", said)
    assert "window: 24h" in draft(tmp_path, page.replace(', "followingCursor": "abc"', ""))
