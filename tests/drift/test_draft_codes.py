"""Error codes of a draft have the kind and a text that their words suggest."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.drift.draft.kinds import HINTS, USUAL, kind_of
from tests.drift.test_draft_limits import draft

PAGE = """\
# Pond API

## Look at ponds

`GET /v1/ponds`

## Error codes

| Code | Meaning |
|---|---|
| 20001 | That key has no permission |
| 20002 | Available balance is insufficient |
| 20003 | Too many requests |
| 20004 | The fish is asleep |

## WebSocket error codes

| Code | Meaning |
|---|---|
| 20001 | Invalid value of `depth` |
"""


def test_codes_are_asked_once_and_by_themselves_where_it_matters(tmp_path: Path) -> None:
    """What clients repeat, and what no word explains, has a question of its own; the rest is asked at the first code."""
    found = draft(tmp_path, PAGE)
    assert 'kind: PermissionDenied, message: "TODO: check the kinds and texts of all codes' in found
    assert 'code: "20002", kind: InsufficientBalance, message: The balance is too small.}' in found
    assert 'code: "20003", kind: RateLimited, message: "TODO: say what this code means, and check its kind' in found
    assert 'code: "20004", kind: UnknownError, message: "TODO: say what this code means, and choose its kind."' in found
    assert "stream_codes:" in found
    assert "A parameter is missing, malformed or out of range." in found


def test_codes_that_one_word_explains_are_asked_together(tmp_path: Path) -> None:
    """The question stands at the first, and names the others; those have the usual text of their kind."""
    found = draft(tmp_path, PAGE.replace("| 20004", "| 30001 | Order is odd |\n| 30002 | Odd order |\n| 20004"))
    assert 'code: "30001", kind: OrderRejected, message: "TODO: say what this code and 1 more (30002) mean' in found
    assert "check their kind, proposed because of `Order`." in found
    assert 'code: "30002", kind: OrderRejected, message: The order was rejected.}' in found


def test_each_hint_has_a_usual_text() -> None:
    """A kind without one would end a draft with a traceback."""
    assert {kind for kind, _ in HINTS} <= set(USUAL)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Order has been cancelled", "OrderNotFound"),
        ("The signature of the request is not right", "AuthenticationFailed"),
        ("UNKNOWN_SYMBOL", "SymbolNotFound"),
        ("request expired", "ClockSkew"),
        ("Your IP was banned", "Banned"),
        ("POST_ONLY_ORDER_REJECTED", "OrderRejected"),
        ("Something else", "UnknownError"),
    ],
)
def test_words_of_a_code_suggest_its_kind(words: str, kind: str) -> None:
    """Capitals and underscores are words, too."""
    assert kind == kind_of(words).kind
