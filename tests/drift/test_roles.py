"""A table's role comes from its columns and from the request beside it; each sample of an operation counts."""

from __future__ import annotations

import pytest

from tests.drift.reading import changed, names, read

ROWS = "| {first} | Type | Required | Description |\n|---|---|---|---|\n| lamp | String | Yes | Which lamp. |\n"


@pytest.mark.parametrize("first", ["Field", "Name", "Return parameters"])
def test_what_is_marked_before_the_answer_is_asked_for(first: str) -> None:
    """The heading of the first column does not make parameters out of an answer, nor the other way round."""
    text = "## Light\n\nPUT /lamps/light?lamp=<lamp>\n\n" + ROWS.format(first=first) + '\n```json\n{"lit": true}\n```\n'
    facts = read(text)
    assert {"lamp": True} == names(facts, "param", "PUT /lamps/light")
    assert ["lit"] == list(names(facts, "sample", "PUT /lamps/light"))


@pytest.mark.parametrize("gap", ["<{}>", "{{{}}}", "[{}]", ":{}"])
def test_a_query_with_gaps_names_parameters(gap: str) -> None:
    """An address that shows where values go says what is asked for, also where no table does."""
    text = f"## Light\n\n`GET /lamps?lamp={gap.format('lamp')}&depth={gap.format('depth')}`\n"
    assert {"lamp": None, "depth": None} == names(read(text), "param", "GET /lamps")


def test_a_worked_query_names_no_parameters() -> None:
    """Values of an example say nothing that a table does not say better."""
    assert {} == names(read("## Light\n\n`GET /lamps?lamp=7`\n"), "param", "GET /lamps")


def test_the_table_says_more_of_what_the_query_names() -> None:
    """A parameter that has both keeps its type and mark."""
    text = "## Light\n\n`GET /lamps?lamp=<lamp>`\n\n" + ROWS.format(first="Field")
    fact = read(text).facts["GET /lamps", "param", "lamp"]
    assert ("String", True) == (fact.value, fact.required)


@pytest.mark.parametrize("word", ["None", "none", "N/A", "No parameters", "无"])
def test_a_row_that_says_nothing_is_no_parameter(word: str) -> None:
    """A table with one row that says so has no parameters, and nothing is missed."""
    facts = read(
        f"## Light\n\nGET /lamps\n\n**Parameters:**\n\n| Name | Type | Required |\n|---|---|---|\n| {word} | | |\n"
    )
    assert ({}, []) == (names(facts, "param", "GET /lamps"), facts.notes)


def sampled(*samples: str) -> str:
    shown = "".join(
        f"**Response {kind}:**\n\n```json\n{text}\n```\n\n" for kind, text in zip("ABC", samples, strict=False)
    )
    return "## Light\n\nPOST /lamps\n\n**Parameters:**\n\n" + ROWS.format(first="Name") + "\n" + shown


def test_every_sample_of_an_operation_counts() -> None:
    """What only the second or third sample shows is told when it comes and when it goes."""
    before = sampled('{"id": 1}', '{"id": 1, "old": 2}', '{"id": 1, "rings": [{"size": 1}]}')
    after = sampled('{"id": 1}', '{"id": 1, "new": 2}', '{"id": 1, "rings": [{"size": 1, "ring": 2}]}')
    found = {(change.id, change.name) for change in changed(before, after)}
    gone, come = ("response-field-removed", "old"), ("response-field-added", "new")
    assert {gone, come, ("response-field-added", "rings[].ring")} == found


def test_a_refusal_among_the_samples_adds_no_fields() -> None:
    """A code and a message are the answer to a call that failed."""
    facts = read(sampled('{"id": 1}', '{"code": -1, "msg": "No lamp."}'))
    assert ["id"] == list(names(facts, "sample", "POST /lamps"))


def test_example_values_are_no_enumeration() -> None:
    """A table of names with one value each shows an example."""
    text = "## Signing\n\n| Parameter | Value |\n|---|---|\n| lamp | {} |\n| side | LEFT |\n"
    assert [] == changed(text.format("RED"), text.format("BLUE"))


def test_a_table_of_several_values_a_name_is_an_enumeration() -> None:
    """Names with all of their values list what is valid."""
    facts = read("## Enums\n\n| Name | Value |\n|---|---|\n| side | `LEFT`, `RIGHT` |\n| lamp | RED/BLUE |\n")
    assert ["LEFT", "RIGHT"] == list(names(facts, "value", "enum side"))


BODY = '```json\nPUT /lamps/light\n\n{\n  "lamp": "north",\n  "mode": "calm/storm",\n}\n```\n'


def test_json_below_the_request_line_is_its_body() -> None:
    """A table of what is asked for still says what is required, and is no table of an answer."""
    rows = "| Field | Type | Required | Possible values |\n|---|---|---|---|\n| lamp | String | Yes | |\n| mode | Enum | No | calm, storm |\n"
    facts = read(f"## Light\n\n{BODY}\n{rows}\nAnswer\n\n```json\n" + '{"lit": true}\n```\n')
    assert {"lamp": True, "mode": False} == names(facts, "param", "PUT /lamps/light")
    assert ["lit"] == list(names(facts, "sample", "PUT /lamps/light"))
    assert ["mode=calm", "mode=storm"] == list(names(facts, "value", "PUT /lamps/light"))


def test_json_below_a_get_is_its_answer() -> None:
    """Nothing is sent with it."""
    facts = read('## Light\n\nSample:\n\n```json\nGET /lamps?lamp=7\n\n{"lit": true}\n```\n')
    assert ["lit"] == list(names(facts, "sample", "GET /lamps"))
