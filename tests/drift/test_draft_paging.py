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
