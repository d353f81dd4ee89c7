"""An answer that was a list and is an object now, or the other way round, is one change that breaks."""

from __future__ import annotations

import pytest

from tests.drift.reading import changed

CALL = "# Lamps\n\n## Hours\n\nGET /v1/hours\n\n**Response**\n\n```json\n{}\n```\n"
LIST, ROWS, ONE = '[{"id": 1, "lit": true}]', '{"rows": [{"id": 1, "lit": true}]}', '{"id": 1, "lit": true}'
TO_OBJECT = ("response-field-type-changed", "breaking", "", "array", "object")
TO_LIST = ("response-field-type-changed", "breaking", "", "object", "array")


def told(before: str, after: str) -> list[tuple[str, str, str, str, str]]:
    """What is reported of two answers."""
    return [(c.id, c.level, c.name, c.before, c.after) for c in changed(CALL.format(before), CALL.format(after))]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(LIST, ROWS, TO_OBJECT), (ROWS, LIST, TO_LIST), (LIST, ONE, TO_OBJECT), (ONE, LIST, TO_LIST)],
)
def test_an_answer_of_another_shape_is_one_change(before: str, after: str, expected: tuple[str, ...]) -> None:
    """Its members are what they were."""
    assert [expected] == told(before, after)


def test_what_stands_beside_the_list_is_new() -> None:
    """And so is a member that the list did not have."""
    found = told(LIST, '{"total": 1, "rows": [{"id": 1, "lit": true, "watts": 3}]}')
    assert [TO_OBJECT, *(("response-field-added", "new", name, "", "int") for name in ("total", "watts"))] == found


def test_a_table_that_lists_the_members_now_is_no_other_shape() -> None:
    """Tables have no words for the list around them."""
    table = "\nResponse fields\n\n| Field | Type | Description |\n|---|---|---|\n| id | int | Id. |\n| lit | bool | Lit. |\n"
    assert [] == [c for c in changed(CALL.format(LIST), CALL.format(LIST) + table) if c.level == "breaking"]
