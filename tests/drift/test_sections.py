"""A section ends where the next endpoint begins; examples of an address and programs add nothing."""

from __future__ import annotations

import pytest

from tests.drift.reading import changed, names, read

ROWS = "| Name | Type | Required |\n|---|---|---|\n| lamp | string | yes |\n"


@pytest.mark.parametrize("level", ["#", "##", "###", "####"])
def test_a_heading_as_deep_as_the_operation_does_not_end_it(level: str) -> None:
    """Its answer belongs to it until another endpoint comes."""
    text = f'{level} Light\n\n`POST /lamps`\n\n**Parameters**\n\n{ROWS}\n#### Needed together\n\nBoth.\n\n**Response**\n\n```json\n{{"lit": true}}\n```\n\n#### Next\n\n`GET /next`\n'
    facts = read(text)
    assert (["lit"], []) == (list(names(facts, "sample", "POST /lamps")), list(names(facts, "sample", "GET /next")))


def test_events_are_no_part_of_the_call_above_them() -> None:
    """What an event shows is not what the operation answers."""
    text = '## Light\n\n`POST /lamps`\n\n## Event: lit\n\n**Payload**\n\n```json\n{"e": 1}\n```\n'
    assert {} == names(read(text), "sample", "POST /lamps")


@pytest.mark.parametrize(
    "value", ["7", "5bd0aa11cc22dd33", "LAMPUSDT", "LAMP-USDT", "0f8fad5b-d9cb-469f-a165-70867728950e"]
)
def test_a_worked_address_is_no_operation(value: str) -> None:
    """A value where the template has a gap makes an example of it, under whatever heading."""
    text = f"## One\n\n`GET /lamps/{{id}}`\n\nAsk like this:\n\n`GET /lamps/{value}`\n"
    assert ["GET /lamps/{id}"] == read(text).owners()


def test_a_word_in_the_place_of_a_gap_is_an_operation() -> None:
    """`/lamps/open` is not an example of `/lamps/{id}`."""
    text = "## One\n\n`GET /lamps/{id}`\n\n## Open\n\n`GET /lamps/open`\n"
    assert ["GET /lamps/{id}", "GET /lamps/open"] == read(text).owners()


@pytest.mark.parametrize(
    "line", ["* **POST** `api/v1/lamp`", "`POST api/v1/lamp`", "POST api/v1/lamp", "**POST** `/api/v1/lamp`"]
)
def test_a_path_needs_no_slash_before_it(line: str) -> None:
    """Both ways of writing name the same operation."""
    assert ["POST /api/v1/lamp"] == read(f"## Light\n\n{line}\n\n{ROWS}").owners()


def test_words_with_a_slash_between_them_are_no_path() -> None:
    """Prose names no endpoint."""
    assert [] == read("## Light\n\nPut and/or get\n\nGet on/off\n").owners()


PROGRAMS = {
    "python": 'import requests\nsetup = {"colour": "red"}',
    "": 'const setup = {"colour": "red"};',
    "go": 'body := map[string]string{"colour": "red"}',
    "javascript": 'var setup = {"colour": "red"}',
    "java": 'client.send(Map.of("colour", new int[]{1}));',
}


@pytest.mark.parametrize("language", PROGRAMS)
def test_code_of_a_programming_language_is_no_answer(language: str) -> None:
    """A program beside the answer changes nothing of the API."""
    answer = '## Light\n\nPOST /lamps\n\n**Response**\n\n```json\n{"lit": true}\n```\n\n'
    program = f"#### Demo ({language})\n\n```{language}\n{PROGRAMS[language]}\n```\n"
    assert [] == changed(answer, answer + program)


def test_a_sample_that_is_called_javascript_is_a_sample() -> None:
    """Many pages call their JSON so."""
    text = '## Light\n\nPOST /lamps\n\n```javascript\n{"lit": true}\n```\n'
    assert ["lit"] == list(names(read(text), "sample", "POST /lamps"))


def test_the_mark_optional_says_that_the_other_rows_are_required() -> None:
    """A page that marks what is optional marks nothing else."""
    old = "## Light\n\nPOST /lamps\n\n### Parameters\n\n| Param | Type | Mandatory | Description |\n|---|---|---|---|\n| lamp | string | Yes | Which. |\n| depth | string | No | How deep. |\n"
    new = "## Light\n\nPOST /lamps\n\n### Parameters\n\n| Param | Type | Description |\n|---|---|---|\n| lamp | string | Which. |\n| depth | string | *[Optional]* How deep. |\n"
    assert [] == changed(old, new)


def test_marks_that_vanish_make_nothing_optional() -> None:
    """A page that says nothing of it any more has not loosened a rule."""
    old = f"## Light\n\nPOST /lamps\n\n**Parameters**\n\n{ROWS}"
    assert [] == changed(
        old, old.replace("| Required |", "|").replace("| yes |", "|").replace("|---|---|---|", "|---|---|")
    )


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("This will be switched off on 1 March. Use `POST /v2/lamps`.", "deprecated 1-March /v2/lamps"),
        ("Deprecated since 2030-03-01.", "deprecated 2030-03-01"),
        ("It is no longer supported; `/v2/lamps` takes its place.", "deprecated /v2/lamps"),
    ],
)
def test_the_end_of_an_operation_is_a_fact(words: str, value: str) -> None:
    """With its date and its successor, where they are named."""
    facts = read(f"## Light\n\nPOST /v1/lamps\n\n{words}\n")
    assert value == facts.facts["POST /v1/lamps", "deprecated", ""].value


@pytest.mark.parametrize(
    ("old", "new", "level"), [("INT", "LONG", "new"), ("LONG", "INT", "breaking"), ("INT", "BOOL", "breaking")]
)
def test_a_wider_type_breaks_nothing(old: str, new: str, level: str) -> None:
    """A number that may be longer takes all that it took."""
    page = "## Light\n\nPOST /lamps\n\n" + ROWS
    assert [level] == [c.level for c in changed(page.replace("string", old), page.replace("string", new))]
