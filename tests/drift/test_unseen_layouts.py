"""Kinds of layout that documentation of unseen exchanges has: nothing asked for is lost, nothing is invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.drift.places import texts
from tests.drift.reading import names, read
from tests.drift.test_draft import drafted

BODY = '{"lamp": "7", "side": "left"}'
ANSWER = '{"id": 1}'
MARKED = "| Field | Type | Required | Description |\n|---|---|---|---|\n| lamp | String | Yes | Which one |\n"
LIGHT = {
    "openapi": "3.0.0",
    "paths": {
        "/light": {
            "post": {
                "parameters": [
                    {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
                    for name in ("X-API-KEY", "x-api-signature", "OK-ACCESS-PASSPHRASE", "X-CH-TS", "X-ROOM")
                ]
            }
        }
    },
}


def test_headers_that_sign_are_no_parameters() -> None:
    """A document may declare them at each operation; a header of another kind stays."""
    assert {"X-ROOM": True} == names(read(json.dumps(LIGHT), "lamps.json"), "param", "POST /light")
    tag = '{% swagger-parameter in="header" name="X-CH-TS" type="integer" required="true" %}\nTime\n'
    text = f'## Light\n\n{{% swagger path="/light" method="post" %}}\n{tag}\n'
    assert {} == names(read(text), "param", "POST /light")


def test_a_body_behind_its_request_is_no_answer() -> None:
    """Of a call that changes something, JSON below the request is what is sent; the table says more of it."""
    facts = read(f"## Light\n\n```\nPOST /light\n{BODY}\n```\n\n{MARKED}\n* HTTP Response:\n\n```\n{ANSWER}\n```\n")
    assert ({"lamp": True, "side": None}, ["id"]) == (
        names(facts, "param", "POST /light"),
        list(names(facts, "sample", "POST /light")),
    )
    alone = read(f"## Light\n\n```\nPOST /light\n{BODY}\n```\n")
    assert {"lamp": None, "side": None} == names(alone, "param", "POST /light")


def test_a_block_may_show_a_request_and_its_answer() -> None:
    """What stands below the line that announces it is the answer, and nothing above it."""
    facts = read(
        f"## Light\n\n```json\n# Request\nPOST https://api.example.com/light\n\n{BODY}\n\n# Response\n{ANSWER}\n```\n"
    )
    assert ["id"] == list(names(facts, "sample", "POST /light"))


def test_a_tab_with_a_status_holds_the_answer() -> None:
    """A title behind the status changes nothing, and what refuses the call is no answer of it."""
    asked = "#### Request Body\n\n| Name | Type | Description |\n|---|---|---|\n| lamp | string | Which |\n\n"
    tabs = f'**200 Switched on**\n\n```\n{ANSWER}\n```\n\n**400 Bad request**\n\n```\n{{"why": 1}}\n```\n'
    facts = read(f"## Light\n\n`POST /light`\n\n{asked}{tabs}")
    assert ["lamp"] == list(names(facts, "param", "POST /light"))
    assert ["id"] == list(names(facts, "sample", "POST /light"))


@pytest.mark.parametrize(
    ("lines", "owner"),
    [
        ("**Request path: /light/on**\n\n**Request Protocol: GET/POST**", "POST /light/on"),
        ("URL: https://api.example.com/light/on\n\nMethod: GET", "GET /light/on"),
        (
            "```bash\ncurl --request POST \\\n  --url https://api.example.com/light/on \\\n  --data '{}'\n```",
            "POST /light/on",
        ),
    ],
)
def test_a_request_may_be_written_in_pieces(lines: str, owner: str) -> None:
    """Path and method on lines of their own, or only in a command; of two methods, the one that may change something."""
    assert [owner] == read(f"## Light\n\n{lines}\n\n**Parameters**\n\n{MARKED}").owners()


def test_a_path_as_heading_gets_its_method_from_the_command_below() -> None:
    """A heading without any method is noted, since nothing says how to call it."""
    command = '```shell\ncurl -X GET "https://example.com/api/light/on?lamp=7"\n```'
    facts = read(f"## /light/on\n\n{command}\n\n## /light/off\n\nSwitches off.\n")
    assert ["GET /api/light/on"] == facts.owners()
    assert any("`/light/off` has no method" in note.what for note in facts.notes)


def test_headings_that_state_something_end_no_section() -> None:
    """The limit above them stays with the call, and its title is the heading above them all."""
    lines = "#### Rate Limit: 60 requests per 2 seconds\n\n#### Permission: Trade\n\nSee the limits of all.\n\n"
    facts = read(f"### Light\n\n{lines}#### HTTP Request\n\n`POST /light`\n\n{MARKED}")
    assert "60/2s" == facts.facts["POST /light", "limit", ""].value
    assert "Light" == facts.facts["POST /light", "operation", ""].title


def test_a_limit_may_stand_in_a_sentence() -> None:
    """Behind its own words, so that other figures are none."""
    facts = read("## Light\n\n**POST /light**\n\nFor each account, the request rate limit is **45 times/3s**.\n")
    assert "45/3s" == facts.facts["POST /light", "limit", ""].value


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ("lamp | Array of objects | No | Hall/Yard lamps", []),
        ("lamp | String | No | Only applicable to `a`, `b`, `c` rooms.", []),
        ("lamp | String | No | How bright: CN, CO, CB or DC", ["CB", "CN", "CO", "DC"]),
    ],
)
def test_values_are_neither_invented_nor_lost(cells: str, values: list[str]) -> None:
    """What a list of objects is about, or where something applies, is no value; the one behind `or` is."""
    table = f"| Name | Type | Required | Description |\n|---|---|---|---|\n| {cells} |\n"
    found = names(read(f"## Light\n\n`POST /light`\n\n{table}"), "value", "POST /light")
    assert values == sorted(name.removeprefix("lamp=") for name in found)


@pytest.mark.parametrize(
    ("heading", "cell", "values"),
    [
        ("Value Range", "hall-on, hall-off", ["hall-off", "hall-on"]),
        ("Enum", "`on` `off`", ["off", "on"]),
        ("Possible values", "[0, 200]", []),
        ("Value Range", "NA", []),
    ],
)
def test_a_column_of_values_lists_them(heading: str, cell: str, values: list[str]) -> None:
    """A range or a dash in it lists none."""
    table = f"| Name | Required | Type | {heading} | Description |\n|---|---|---|---|---|\n| lamp | Yes | string | {cell} | Which |\n"
    found = names(read(f"## Light\n\n`POST /light`\n\n{table}"), "value", "POST /light")
    assert values == sorted(name.removeprefix("lamp=") for name in found)


def test_a_column_may_name_the_parent() -> None:
    """Members lie in what that column names, at any depth."""
    table = "| Name | Parent node | Description | Type |\n|---|---|---|---|\n"
    table += "| rows | data | All | array |\n| lamp | rows | One | string |\n| total | None | Count | long |\n"
    facts = read(f"## Light\n\n`GET /light`\n\n**Response data**\n\n{table}")
    assert ["rows", "rows[].lamp", "total"] == list(names(facts, "field", "GET /light"))


def test_a_numbered_table_says_what_arrays_hold() -> None:
    """Its words are those of the positions of the answer's rows."""
    rows = "| Index | Description |\n|---|---|\n| 0 | Open time |\n| 1 | Bright |\n"
    facts = read(f'## Light\n\n```json\n[[164, "4"]]\n```\n\n`GET /light`\n\n**Response**\n\n{rows}')
    assert ["Open time", "Bright"] == [fact.text for fact in facts.rows["GET /light", ""].values()]


def test_a_column_of_unknown_heading_has_the_names_that_the_sample_shows() -> None:
    """Where the label above announces an answer; a table of values keeps being one."""
    table = "| Filled in | Description |\n|---|---|\n| lamp | Which |\n| bright | How |\n"
    sample = '```json\n{"lamp": 1, "bright": 2}\n```\n\n'
    facts = read(f"## Light\n\n`GET /light`\n\n{sample}**Return Values**\n\n{table}")
    assert ["lamp", "bright"] == list(names(facts, "field", "GET /light"))


def test_a_page_without_a_charset_is_no_latin() -> None:
    """A page that says nothing of its encoding keeps its letters."""
    html = "<html><body><h2>Licht</h2><p>GET /light</p><table><tr><th>Name</th><th>Type</th><th>Description</th></tr>"
    facts = read(f"{html}<tr><td>lamp</td><td>string</td><td>grün；blau</td></tr></table></body></html>", "light.html")
    assert any("grün；blau" in fact.text for fact in facts.facts.values())


def test_a_draft_reads_methods_in_brackets(tmp_path: Path) -> None:
    """`[POST] /light/on` is a request, alone in a block of code."""
    path = tmp_path / "lamps.md"
    path.write_text(f"## Light\n\n```\n[POST] /light/on\n```\n\n**Parameters**\n\n{MARKED}", "utf-8")
    assert "request: POST /light/on" in "\n".join(texts(drafted(path.parent, path)[0]).values())


def test_a_call_of_json_rpc_is_no_answer() -> None:
    """A method with parameters is what is sent, wherever it stands."""
    call = '{"jsonrpc": "2.0", "method": "light", "params": {"lamp": 7}}'
    facts = read(f'## Light\n\n`GET /light`\n\n```json\n{call}\n```\n\n```json\n{{"result": {ANSWER}}}\n```\n')
    assert ["result", "result.id"] == list(names(facts, "sample", "GET /light"))


def test_marks_of_depth_may_have_spaces_between_them() -> None:
    """As where each level is moved to the right."""
    table = "| Name | Type | Description |\n|---|---|---|\n| result | object | |\n"
    table += "|&nbsp;&nbsp;&rsaquo;&nbsp;&nbsp;lamp|object| |\n|&nbsp;&nbsp;&rsaquo;&nbsp;&nbsp;&nbsp;&nbsp;&rsaquo;&nbsp;&nbsp;id|string| |\n"
    facts = read(f"## Light\n\n`GET /light`\n\n**Response**\n\n{table}")
    assert ["result", "result.lamp", "result.lamp.id"] == list(names(facts, "field", "GET /light"))


def test_a_star_says_that_the_other_rows_are_optional() -> None:
    """Without one, nothing is said."""
    table = "| Name | Type | Description |\n|---|---|---|\n| lamp{} | string | Which |\n| side | string | Where |\n"
    text = "## Light\n\n`POST /light`\n\n**Parameters**\n\n" + table
    assert {"lamp": True, "side": False} == names(read(text.format("\\*")), "param", "POST /light")
    assert {"lamp": None, "side": None} == names(read(text.format("")), "param", "POST /light")


def test_words_may_be_codes() -> None:
    """In a table of errors, a word with its parts joined is a code."""
    table = "| Error Code | Description |\n|---|---|\n| lamp-not-found | No lamp |\n| NO_LIGHT | Dark |\n"
    assert ["lamp-not-found", "NO_LIGHT"] == list(names(read(f"# Errors\n\n{table}"), "code", "errors"))


def test_a_draft_asks_what_no_page_marks(tmp_path: Path) -> None:
    """A parameter of which nothing says that it is required may be left out, and that is a question."""
    path = tmp_path / "lamps.md"
    path.write_text(
        "## Light\n\nPOST /light\n\n**Parameters**\n\n| Name | Type |\n|---|---|\n| lamp | string |\n", "utf-8"
    )
    assert "that `lamp` may be left out (the page does not say it)" in "\n".join(
        texts(drafted(tmp_path, path)[0]).values()
    )


def test_objects_with_any_keys_are_maps(tmp_path: Path) -> None:
    """What a schema calls additional properties has no names."""
    lamp = {"type": "object", "properties": {"bright": {"type": "string"}}}
    answer = {"content": {"application/json": {"schema": {"type": "object", "additionalProperties": lamp}}}}
    path = tmp_path / "lamps.json"
    paths = {"/lamps": {"get": {"responses": {"200": answer}}}, "/light": {"get": {}}}
    path.write_text(json.dumps({"openapi": "3.0.0", "paths": paths}), "utf-8")
    assert 'returns: "map[Lamp' in "\n".join(texts(drafted(tmp_path, path)[0]).values())


def test_a_second_table_under_a_heading_of_its_own_holds_for_some_calls() -> None:
    """What is not marked in it is not taken as required, though the page marks what is optional."""
    table = "| Param | Type | Description |\n|---|---|---|\n| {} | string | {} |\n\n"
    first, second = table.format("lamp", "Which") + table.format("side", "*[Optional]* Where"), table.format(
        "bright", "How"
    )
    facts = read(f"## Light\n\n**POST /light**\n\n### PARAMETERS\n\n{first}#### DIM LIGHT PARAMETERS\n\n{second}")
    assert {"lamp": True, "side": False, "bright": None} == names(facts, "param", "POST /light")


def test_members_below_an_empty_list_are_those_of_its_items(tmp_path: Path) -> None:
    """A sample may show a list without items; a table says what they are, inside the data of the envelope."""
    sample = '```\n{"code": "0", "msg": "", "data": [{"id": "7", "rings": []}]}\n```\n'
    table = "| Name | Type | Description |\n|---|---|---|\n| id | String | - |\n| rings | Array of objects | - |\n| > size | String | - |\n"
    path = tmp_path / "lamps.md"
    path.write_text(
        f"## Light\n\nGET /light\n\n**Response Example**\n\n{sample}\n**Response Parameters**\n\n{table}", "utf-8"
    )
    assert 'rings: {type: "list[Ring]"' in "\n".join(texts(drafted(tmp_path, path)[0]).values())


def test_a_topic_of_several_is_one_of_each(tmp_path: Path) -> None:
    """A list of gaps in a topic is one gap: a subscription may have one entry."""
    sample = '```json\n{"topic": "/lamps:north", "data": {"bright": "1"}}\n```\n'
    path = tmp_path / "lamps.md"
    path.write_text(
        f"## Light\n\nGET /light\n\n## Lamps\n\nTopic: **/lamps:{{lamp}},{{lamp}}...**\n\n{sample}", "utf-8"
    )
    assert 'topic: "/lamps:{lamp}"' in "\n".join(texts(drafted(tmp_path, path)[0]).values())


def test_a_deprecated_parameter_of_a_description_says_so() -> None:
    """The mark is part of its words, so that a draft shows it and a change of it is told."""
    param = {"name": "lamp", "in": "query", "deprecated": True, "schema": {"type": "string"}}
    text = json.dumps({"openapi": "3.0.0", "paths": {"/light": {"get": {"parameters": [param]}}}})
    assert "Deprecated." in read(text, "lamps.json").facts["GET /light", "param", "lamp"].text


def test_a_name_in_bold_with_its_type_is_a_parameter() -> None:
    """As exports of ReadMe have it: name, type and mark in a line, and the meaning in the next."""
    rows = "**lamp** string required\nWhich one\n\n**side** string enum\nWhere\nAllowed: `left` `right`\n"
    facts = read(f"# Light\n\npost https://api.example.com/light\n\n## Body Params\n\n{rows}")
    assert {"lamp": True, "side": None} == names(facts, "param", "POST /light")
    assert {"side=left", "side=right"} == set(names(facts, "value", "POST /light"))


def test_whole_numbers_by_their_format_are_integers() -> None:
    """JSON has one kind of number."""
    params = [{"name": "count", "in": "query", "type": "number", "format": "int32"}]
    text = json.dumps({"swagger": "2.0", "paths": {"/lamps": {"get": {"parameters": params}}}})
    assert "integer" == read(text, "lamps.json").facts["GET /lamps", "param", "count"].value


SOCKET = """\
# Lamps by socket

### Rooms

#### Query

##### :arrow_up: Request:

```json
{"id": 1, "method": "room_query", "params": ["hall"]}
```

##### 💡 Response:

```json
{"id": 1, "result": {"lit": true}}
```

#### Subscribe

##### Update events:

```json
{"id": null, "method": "room_update", "params": [{"lit": true, "watts": 3}]}
```

### Lamps

#### Query

##### :arrow_down: Response:

```json
{"id": 2, "result": {"hue": "red"}}
```
"""


def test_a_message_that_nobody_asked_for_is_a_push() -> None:
    """As JSON-RPC has it: a method without an id names a channel."""
    facts = read(SOCKET)
    assert ["stream room_update"] == facts.owners("channel")
    assert {"params[].lit", "params[].watts"} <= set(names(facts, "sample", "stream room_update"))


def test_headings_that_repeat_go_by_the_one_above() -> None:
    """`Query` stands below each topic; pictures beside a label change nothing of it."""
    facts = read(SOCKET)
    assert "result.lit" in names(facts, "sample", "section Rooms Query")
    assert {"id", "result", "result.hue"} == set(names(facts, "sample", "section Lamps Query"))


BALANCES = """\
### Balances

POST /v1/lamps

**Parameters:**

| Name | Type | Required |
|---|---|---|
| oil | string | no |

**Request body raw:**

```json
{{"nonce": "{{{{nonce}}}}"}}
```

**Response:**

```json
{sample}
```

<details>
<summary><b>Errors:</b></summary>

```json
{{"message": "No such oil"}}
```

</details>
"""
KEYED = '{"...": {...}, "OIL": {"left": "1", "used": "2"}, "...": {...}, "GAS": {"left": "3", "used": "4"}}'


def test_an_object_by_coins_is_a_map_without_a_table() -> None:
    """Its keys are data: dots stand between them, or all of them hold the same."""
    for sample in (KEYED, KEYED.replace('"...": {...}, ', "")):
        facts = read(BALANCES.format(sample=sample))
        assert ["*", "*.left", "*.used"] == list(names(facts, "sample", "POST /v1/lamps"))
    sides = read(
        BALANCES.format(sample=KEYED.replace('"...": {...}, ', "").replace("OIL", "LONG").replace("GAS", "SHORT"))
    )
    assert "LONG.left" in names(sides, "sample", "POST /v1/lamps")


def test_what_refuses_a_call_is_no_answer_and_what_signs_it_no_parameter() -> None:
    """Below a label `Errors`, and where a body holds gaps alone; nothing of it is missed."""
    facts = read(BALANCES.format(sample=KEYED))
    assert "message" not in names(facts, "sample", "POST /v1/lamps")
    assert ([], {"oil": False}) == (facts.notes, names(facts, "param", "POST /v1/lamps"))


def test_a_component_states_a_limit() -> None:
    """With the calls and the time as attributes; what a page loads is no word of it."""
    page = "import {{ RateLimit }} from '/parts/RateLimit.jsx';\n\n# Light\n\n`POST /v1/lamps`\n\n{}\n"
    facts = read(page.format('<RestRateLimit requests={30} period="10 seconds" />'), "page.mdx")
    assert "30/10s" == facts.facts["POST /v1/lamps", "limit", ""].value
    assert all("import" not in fact.text for fact in facts.facts.values())


LABELLED = """\
# Light

- **Request type:** POST
- **Request url:** https://lamps.example.com/v1/lamps

- **Request parameter:**

  | name | type | required | description |
  | :--- | :--- | :--- | :--- |
  | lamp | String | yes | Which |
  | hue | String | no | The light, WARM: like fire, COLD: like ice, default is WARM |

- **Return value description:**

  | name | type | description |
  | :--- | :--- | :--- |
  | glow | String | How bright |
"""


def test_a_label_that_promises_descriptions_is_one() -> None:
    """`Return value description` is above what is answered, not what is sent."""
    facts = read(LABELLED)
    assert ["glow"] == list(names(facts, "field", "POST /v1/lamps"))
    assert {"hue=WARM", "hue=COLD"} == set(names(facts, "value", "POST /v1/lamps"))


def test_the_channels_of_a_table_may_stand_in_a_later_column() -> None:
    """As single words; a channel among words is the subject of a sentence."""
    table = "# Lamps\n\n| Name | Event | Channel |\n|---|---|---|\n| Lit | on | lit_[room] |\n| Dim | off | {} |\n"
    assert ["stream lit_[room]", "stream dim_[room]"] == read(table.format("dim_[room]")).owners("channel")
    assert [] == read(table.format("the one above")).owners("channel")
