"""Arrays whose positions have meanings become array structs in a draft, named by what the page says of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drift.reading import read
from tests.drift.test_draft_limits import draft

DEPTHS = """\
# Pond API

## Look at depths

`GET /v1/depths`

{table}```json
{sample}
```
"""
COMMENTED = """[
  [
    1717200000000, // Start time of the probe (ms)
    "1.50",        // Highest level
    "0.5",         // Lowest level, or the last one before the rain.
    "x"            // It is what the fish that swim in the pond say
  ],
  [1717200000001, "1", "2", "y"]
]"""
TABLE = """\
Response fields

| Name | Type | Description |
|---|---|---|
| list | array | Probes |
| > list[0]: startTime | string | Start of the probe |
| > list[1]: level | string | Level |

"""


def test_comments_name_the_positions(tmp_path: Path) -> None:
    """The first words of each, and a question where a sentence stands instead."""
    found = draft(tmp_path, DEPTHS.format(table="", sample=COMMENTED))
    assert 'returns: "list[Depth]"' in found
    for line in (
        "array: true",
        'start_time: {type: timestamp_ms, doc: "Start time."}',
        'highest_level: {type: decimal, doc: "Highest level."}',
        'lowest_level: {type: decimal, doc: "Lowest level."}',
        'todo_4: {type: string, doc: "TODO: name it, and say what it means."} # page: It is what the fish',
    ):
        assert line in found, line


def test_rows_of_a_table_name_the_positions(tmp_path: Path) -> None:
    """`list[0]: startTime` is a position, and no row is passed over."""
    page = DEPTHS.format(table=TABLE, sample='{"list": [["1717200000000", "1.5"]]}')
    found = draft(tmp_path, page)
    assert 'start_time: {type: timestamp_ms, written: text, doc: "Start time."}' in found
    assert 'level: {type: decimal, doc: "Level."}' in found
    assert [] == [note for note in read(page).notes if note.kind == "unread"]


def test_both_sides_of_a_book_share_a_struct(tmp_path: Path) -> None:
    """Price and quantity, though no page says so; one struct to name, not two."""
    found = draft(tmp_path, DEPTHS.format(table="", sample='{"bids": [["1.0", "2"]], "asks": [["1.1", "3"]]}'))
    assert 'bids: {type: "list[Bid]"' in found
    assert 'asks: {type: "list[Bid]"' in found
    assert 1 == found.count("array: true")


def test_a_list_of_lists_is_no_array_with_meanings(tmp_path: Path) -> None:
    """Texts of one kind, of which nothing is said."""
    found = draft(tmp_path, DEPTHS.format(table="", sample='{"kinds": [["ROUND", "FLAT"], ["DEEP"]]}'))
    assert 'kinds: {type: "list[list[string]]"' in found


@pytest.mark.parametrize("shape", ['{"a": {"x": 1, "y": "z"}, "b": {"x": 2, "y": "z"}}'])
def test_objects_with_the_same_members_share_a_struct(shape: str, tmp_path: Path) -> None:
    """A person names each shape once."""
    assert 1 == draft(tmp_path, DEPTHS.format(table="", sample=shape)).count("x: {type: integer")
