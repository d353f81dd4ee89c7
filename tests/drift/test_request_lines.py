"""An endpoint is read in each of the forms in which pages write its method and path."""

from __future__ import annotations

import pytest

from tests.drift.reading import read

FORMS = [
    "[POST] /v1/lamps",
    "`[POST] /v1/lamps`",
    "(POST) /v1/lamps",
    "**`POST`** `/v1/lamps`",
    "POST – /v1/lamps",
    "POST {{baseUrl}}/v1/lamps",
    "HTTP Request: POST /v1/lamps",
    "**Endpoint:** `POST /v1/lamps`",
    "Request URL: POST https://api.example.com/v1/lamps",
    "POST /v1/lamps HTTP/1.1",
    "`/v1/lamps` (POST)",
    "Method: POST\n\nPath: `/v1/lamps`",
    "Endpoint: /v1/lamps\n\nMethod: POST",
    "- Method: `post`\n- URL: https://api.example.com/v1/lamps",
    "**HTTP Method**: POST\n**URL**: /v1/lamps",
    "### Light a lamp: POST /v1/lamps",
    "### POST /v1/lamps - Light a lamp",
]


@pytest.mark.parametrize("form", FORMS, ids=range(len(FORMS)))
def test_an_endpoint_is_read_in_any_form(form: str) -> None:
    """Brackets, labels, emphasis, two lines and titles beside it do not hide method and path."""
    facts = read(
        f"## Light\n\nLights it.\n\n{form}\n\n| Name | Type | Required |\n|---|---|---|\n| lamp | String | Yes |\n"
    )
    assert ["POST /v1/lamps"] == facts.owners()
    assert [("POST /v1/lamps", "param", "lamp")] == [key for key, _ in facts.of("param")]


@pytest.mark.parametrize(
    "line",
    [
        "Use POST /v1/lamps to light one.",
        "Example: POST /v1/lamps",
        "Method: POST\n\nLimits apply to /v1/lamps",
        "```http\nPOST /v1/lamps HTTP/1.1\nHost: api.example.com\n```",
    ],
)
def test_a_sentence_or_an_example_names_no_endpoint(line: str) -> None:
    """What only mentions an endpoint does not begin one."""
    assert [] == read(f"## Light\n\n{line}\n").owners()
