"""The end of a parameter, a member or a value is a fact of its own, with date and successor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.drift.compare.compare import compare
from generator.drift.facts.deprecation import end_of_member, ends_of_values
from tests.drift.places import run, texts
from tests.drift.reading import changed, read
from tests.drift.test_draft import drafted

PAGE = """\
## Light a lamp

`POST /v1/lamp`

### Parameters

| Name | Type | Required | Description |
|---|---|---|---|
| lamp | string | yes | Deprecated since 2030-03-01, use `lampId` instead. |
| ~~glow~~ | int | no | How bright. |
| mode | string | no | `DIM`, `DARK` (deprecated, use `OFF`), `OFF` |
| room | string | no | Where. |

### Response

| Field | Type | Description |
|---|---|---|
| lamp | string | Which one. This field will be removed on March 1, 2031. |

## Enums

**Room (room):**

* NORTH
* SOUTH (deprecated, use NORTH)
"""
ENDS = {
    ("POST /v1/lamp", "param lamp"): "deprecated 2030-03-01 lampId",
    ("POST /v1/lamp", "param glow"): "deprecated",
    ("POST /v1/lamp", "value mode=DARK"): "deprecated OFF",
    ("POST /v1/lamp", "field lamp"): "deprecated March-1-2031",
    ("enum room", "value SOUTH"): "deprecated NORTH",
}


def test_ends_are_facts() -> None:
    """Of what has them; the rest of the page goes on."""
    assert ENDS == {(key[0], key[2]): fact.value for key, fact in read(PAGE).of("deprecated")}


def test_a_line_through_a_name_of_html_is_an_end() -> None:
    """As Markdown has it with tildes."""
    head = "<tr><th>Name</th><th>Type</th><th>Required</th></tr>"
    rows = "<tr><td><del>glow</del></td><td>int</td><td>no</td></tr><tr><td>lamp</td><td>int</td><td>no</td></tr>"
    facts = read(f"<h2>Light</h2><p>POST /lamps</p><table>{head}{rows}</table>", "page.html")
    assert ["param glow"] == [key[2] for key, _ in facts.of("deprecated")]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("DEPRECATED: always `0`.", "deprecated"),
        ("How bright, **deprecated** because nobody looked", "deprecated"),
        ("`lamp` is deprecated, see `POST /v2/lamp/on`", "deprecated /v2/lamp/on"),
        ("No longer supported, replaced by lampId", "deprecated lampId"),
        ("已废弃，灯", "deprecated"),
        ("Deprecated lamps are listed, too", ""),
        ("Whether to list deprecated lamps", ""),
        ("`glow` is deprecated", ""),
        ("Not deprecated", ""),
        ("Reason why the lamp was removed", ""),
    ],
)
def test_an_end_is_that_of_what_is_described(text: str, end: str) -> None:
    """What a description only mentions does not end it."""
    assert end == end_of_member(text, "lamp")


@pytest.mark.parametrize(
    ("text", "ended", "rest"),
    [
        ("`DIM` is deprecated, `DARK`", ["DIM"], ""),
        ("DIM: as usual, DARK: deprecated. This field is deprecated.", ["DARK"], "deprecated"),
        ("`DIM`, `DARK`. Deprecated.", [], "deprecated"),
    ],
)
def test_a_value_ends_by_its_own_words(text: str, ended: list[str], rest: str) -> None:
    """Up to the next value, or to the end of the sentence; what is left may end the parameter."""
    ends, words = ends_of_values(text, ["DIM", "DARK"])
    assert (ended, rest) == (list(ends), end_of_member(words, "mode"))


def test_an_end_that_is_called_off_is_told() -> None:
    """As one that is announced."""
    before, after = PAGE.replace("Deprecated since 2030-03-01, use `lampId` instead.", "Which one."), PAGE
    assert {("", "deprecated 2030-03-01 lampId")} == _ends(before, after)
    assert {("deprecated 2030-03-01 lampId", "")} == _ends(after, before)


def _ends(old: str, new: str) -> set[tuple[str, str]]:
    return {(c.before, c.after) for c in changed(old, new) if c.id == "param-deprecated"}


def test_a_reading_of_an_earlier_version_announces_nothing() -> None:
    """It has no ends, and the words of the page are the same."""
    old, new = read(PAGE), read(PAGE)
    for key, _ in list(old.of("deprecated")):
        del old.facts[key]
    assert [] == compare(old, new)


def test_an_openapi_document_marks_ends() -> None:
    """Of parameters, members and, by a key of ours, values."""
    lamp = {"type": "object", "properties": {"glow": {"type": "string", "deprecated": True}}}
    params = [
        {"name": "lamp", "in": "query", "deprecated": True, "schema": {"type": "string"}},
        {"name": "mode", "in": "query", "schema": {"enum": ["DIM", "DARK"], "x-deprecated-values": ["DARK"]}},
    ]
    answer = {"200": {"content": {"application/json": {"schema": lamp}}}}
    text = json.dumps({"openapi": "3.1.0", "paths": {"/light": {"get": {"parameters": params, "responses": answer}}}})
    found = {key[2] for key, _ in read(text, "lamps.json").of("deprecated")}
    assert {"param lamp", "field glow", "value mode=DARK"} == found


def test_a_draft_carries_ends_over(tmp_path: Path) -> None:
    """As questions with what the page states; then drift has nothing to say about them."""
    path = tmp_path / "page.md"
    path.write_text(PAGE, "utf-8")
    specs, _ = drafted(tmp_path, path)
    whole = "\n".join(texts(specs).values())
    for end in ENDS.values():
        assert f"TODO: say why, and what to use instead ({end})." in whole
    result = run("drift", specs.name, "--specs", specs.parent, "--docs", path)
    assert "no changes against the spec" in result.output
