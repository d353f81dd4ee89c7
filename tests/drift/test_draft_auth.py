"""A draft takes what a document or a page says of a call's authentication before it guesses."""

from __future__ import annotations

import json

import pytest

from generator.drift.draft.auth import auth_of
from tests.drift.reading import read

CALL = "## {title}\n\nGET /public/lamps\n\n{said}\n\n**Response**\n\n```json\n{{}}\n```\n"


@pytest.mark.parametrize(
    ("title", "said", "auth"),
    [
        ("Lamps", 'This endpoint requires the **"Trade"** permission.', "signed"),
        ("Lamps (USER_DATA)", "Lists them.", "signed"),
        ("Lamps", "**API signature: Yes**", "signed"),
        ("Lamps", "**API signature: No**", "none"),
        ("Lamps", "Does not need authentication.", "none"),
        ("Lamps", "Lists them.", "none"),
    ],
)
def test_the_words_of_a_page_come_before_its_path(title: str, said: str, auth: str) -> None:
    """A call on a public path may need a signature all the same."""
    assert auth == auth_of(read(CALL.format(title=title, said=said)), "GET /public/lamps")[0]


def test_a_document_that_secures_some_calls_says_which_are_public() -> None:
    """One that never speaks of it says nothing, and the path is the guess."""
    light: dict[str, object] = {"security": [{"key": []}]}
    paths = {"/light": {"post": light}, "/lamps": {"get": {}}}
    found = read(json.dumps({"openapi": "3.0.0", "paths": paths}), "lamps.json")
    assert ["signed", "none"] == [auth_of(found, owner)[0] for owner in ("POST /light", "GET /lamps")]
    del light["security"]
    assert "signed" == auth_of(read(json.dumps({"openapi": "3.0.0", "paths": paths}), "lamps.json"), "GET /lamps")[0]
