"""An endpoint is read in each of the forms in which pages write its method and path."""

from __future__ import annotations

import pytest

from tests.drift.reading import changed, read

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


@pytest.mark.parametrize(
    "form", ["`POST {}/v1/lamps`", '{{% swagger method="post" path="/v1/lamps" baseUrl="{}" %}}\n{{% endswagger %}}']
)
def test_the_host_before_a_path_is_an_address(form: str) -> None:
    """Many pages name it nowhere else."""
    old, new = (f"## Light\n\n{form.format(f'https://{host}.example.com')}\n" for host in ("lamp", "glow"))
    assert [("breaking", "address-changed")] == [(c.level, c.id) for c in changed(old, new)]


def test_a_figure_below_its_label_is_a_limit() -> None:
    """The words `rate limit` may stand in the heading above."""
    old, new = (
        f"## Light\n\n`POST /lamps`\n\n### Rate limits\n\n{n} requests per second per user.\n" for n in (30, 10)
    )
    assert [("breaking", "limit-changed")] == [(c.level, c.id) for c in changed(old, new)]


def test_components_of_an_answer_are_no_parameters() -> None:
    """They follow those of the request without a label."""
    page = '<ParamField body="lamp" type="string" required>\n  Lamp\n</ParamField>\n\n<ResponseField name="lit" type="boolean">\n  Lit\n</ResponseField>\n'
    facts = read(f"# Light\n\n`POST /lamps`\n\n{page}", "page.mdx")
    assert {("param", "lamp"), ("field", "lit")} == {key[1:] for key in facts.facts if key[1] in ("param", "field")}
