"""Codes, values of enumerations and events are read in the ways in which pages list them."""

from __future__ import annotations

import pytest

from generator.drift.compare.reading import Reading, since
from generator.drift.pages.blocks import Document
from tests.drift.reading import changed, names, read

CODES = {
    "quoted": "## Error Codes\n\n> -7001 LAMP_BROKEN\n\n* The lamp is broken.\n",
    "headings": "# Lamp codes\n\n## 70xx - Lamps\n\n#### -7001 LAMP_BROKEN\n * The lamp is broken.\n",
    "entries": "## Error codes\n\n* `-7001`: The lamp is broken.\n",
    "bold": "## Errors\n\n**-7001 LAMP_BROKEN**\n\nThe lamp is broken.\n",
}


@pytest.mark.parametrize("layout", CODES)
def test_codes_are_read_with_their_meaning(layout: str) -> None:
    """In quotes, headings, lists and bold lines."""
    fact = read(CODES[layout]).facts["errors", "code", "-7001"]
    assert "The lamp is broken." in fact.text


def test_a_code_that_comes_and_one_that_goes_are_told() -> None:
    """Each is a change of its own."""
    old = CODES["quoted"] + "\n> -7002 LAMP_GONE\n\n* It is gone.\n"
    new = CODES["quoted"] + "\n> -7003 LAMP_HOT\n\n* It is hot.\n"
    assert {("error-code-removed", "-7002"), ("error-code-added", "-7003")} == {
        (c.id, c.name) for c in changed(old, new)
    }


def test_codes_that_are_not_read_are_noted() -> None:
    """A heading that promises codes is not passed over in silence."""
    notes = read("## Error codes\n\nThey are in the annex.\n").notes
    assert [(1, "no code was found under `Error codes`")] == [(n.line, n.what) for n in notes]


@pytest.mark.parametrize("name", ["**Shade (lampShade):**", "Shade (lampShade)", "**lampShade**", "lampShade:"])
def test_a_list_under_a_name_is_an_enumeration(name: str) -> None:
    """In a section about enumerations, a bold line or one with a colon names what the list below it holds."""
    facts = read(f"## ENUM definitions\n\n{name}\n\n* RED\n* BLUE (at night)\n* Not a value of it\n")
    assert ["RED", "BLUE"] == list(names(facts, "value", "enum lampShade"))


def test_lists_elsewhere_are_no_enumerations() -> None:
    """A list of points to note holds no values."""
    assert [] == list(read("## Notes\n\n**Mind this:**\n\n* Lamps\n* Light\n").of("value"))


EVENT = '## Event: Lit\n\n> **Payload:**\n\n```json\n{"e": "LIT", "lamp": {"id": 7}}\n```\n'


def test_an_event_and_its_members_are_facts() -> None:
    """What is pushed is told like what is answered."""
    assert {"e", "lamp", "lamp.id"} == set(names(read(EVENT), "sample", "stream Lit"))


def test_a_new_event_and_a_new_member_are_told() -> None:
    """Both are new, and nothing breaks."""
    after = EVENT.replace('"id": 7', '"id": 7, "on": true') + EVENT.replace("Lit", "Dark")
    found = [(c.id, c.owner, c.name, c.level) for c in changed(EVENT, after)]
    come = ("channel-added", "stream Dark", "", "new")
    assert [come, ("response-field-added", "stream Lit", "lamp.on", "new")] == sorted(found)


def test_shared_parameters_are_left_out_when_they_go() -> None:
    """What the profile calls shared is no change of one operation."""
    head = "## Light\n\nPOST /lamps\n\n| Name | Type | Required |\n|---|---|---|\n| lamp | string | yes |\n"
    pages = {"page": read(head + "| timestamp | long | yes |\n")}
    reading = Reading({"page": Document("page", "page.md", "")}, {"page": read(head)})
    assert [] == since(pages, reading, {"timestamp"})


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("**dim**: little light, **dark**: none, **off**: Night/Day", ["dim", "dark", "off"]),
        ("DIM/DARK", ["DIM", "DARK"]),
        ("Valid values: Dim/Dark", ["Dim", "Dark"]),
        ("`DIM`, `DARK`", ["DIM", "DARK"]),
        ("Light: 'dim' / 'dark', the lamp's own", ["dim", "dark"]),
        ("**DIM**, **DARK** or **OFF** (default is **DIM**)", ["DIM", "DARK", "OFF"]),
        ("The light of a lamp by Night/Day", []),
        ("min/max of the day", []),
        ("Used with `shade`, `colour` or `height`", []),
        ("Such as `DIM`, `DARK`", []),
        ("`0`: lit, `10403`: too many lamps, 3000 lamps per house", ["0", "10403"]),
        ("Note: a remark, default: none", []),
    ],
)
def test_values_are_what_a_description_lists_as_such(text: str, values: list[str]) -> None:
    """Words that explain each other, other parameters and examples are no values."""
    facts = read(f"## Lamp\n\n`GET /v1/lamp`\n\n### Response\n\nField | Description\n--- | ---\nlight | {text}\n")
    assert values == [name.removeprefix("light=") for name in names(facts, "value", "GET /v1/lamp")]


def test_a_title_above_lower_headings_says_what_the_page_lists() -> None:
    """Its headings name enumerations, whose values may be followed by any words."""
    page = "---\ntitle: Enums\nslug: enums\n---\n\n### lampState\n\n* `ON`\u2003it shines\n* `OFF`\u2003it does not\n"
    assert ["ON", "OFF"] == list(names(read(page), "value", "enum lampState"))


def test_a_title_is_the_heading_of_the_only_operation() -> None:
    """`HTTP Request` below it is a label."""
    page = "---\ntitle: Light a lamp\n---\n\n### HTTP Request\n\nPOST `/v1/lamp`\n\n### Request Parameters\n\nNone\n"
    assert "Light a lamp" == read(page).facts["POST /v1/lamp", "operation", ""].title


@pytest.mark.parametrize(
    ("line", "topics"),
    [
        ("**Topic:** `lamp.{room}` e.g., lamp.kitchen", ["lamp.{room}"]),
        ("**Stream Name:** \\<room\\>@lamp", ["<room>@lamp"]),
        ("**All-In-One Topic:** `lamp`", ["lamp"]),
        (
            "**Topic:** warm lamps: `lamp.WARM` cold lamps: `lamp.COLD` (**note**: `off` is none)",
            ["lamp.WARM", "lamp.COLD"],
        ),
        ("Topic: `lamp.hot`, `lamp.cold` or `lamp.off`, see `GET /v1/lamp`", ["lamp.hot", "lamp.cold", "lamp.off"]),
        ("Channel: the one on the wall", []),
    ],
)
def test_a_line_names_what_one_subscribes_to(line: str, topics: list[str]) -> None:
    """What it pushes is listed below, and belongs to the first."""
    page = f"## Lamps\n\n{line}\n\nResponse Parameters\n\n| Parameter | Type | Comments |\n|---|---|---|\n| shade | string | How dark |\n"
    facts = read(page)
    assert [f"stream {topic}" for topic in topics] == facts.owners("channel")
    assert (["shade"] if topics else []) == [
        name for topic in topics[:1] for name in names(facts, "field", f"stream {topic}")
    ]


@pytest.mark.parametrize(
    "lines", ["* `lamp.{room}`\n* `lamp.all`", "`lamp.{room}`\n\n`lamp.all`", "```\nlamp.{room}\nlamp.all\n```"]
)
def test_topics_stand_in_lines_below_their_label(lines: str) -> None:
    """One in each, until a line says something else."""
    facts = read(f'## Lamps\n\nTopic:\n\n{lines}\n\nLook at `lamp.1`.\n\n```json\n{{"lit": true}}\n```\n')
    assert ["stream lamp.{room}", "stream lamp.all"] == facts.owners("channel")


TWO_STATES = """\
# Enums

## Lamp state (state)

* `ON`
* `OFF`

## Room state (state)

State | Description
--- | ---
`LIT` | Light comes from it.
`DARK` | Nothing does.
"""


def test_two_lists_with_one_name_stay_apart() -> None:
    """The second one goes by its title; a table below such a heading lists values, whatever its columns are called."""
    facts = read(TWO_STATES)
    assert ["ON", "OFF"] == list(names(facts, "value", "enum state"))
    assert ["LIT", "DARK"] == list(names(facts, "value", "enum Room state"))


LAMPS = """\
# Enums

### lampState

_bright states_
* `ON`&emsp;it shines
* `VERY_ON`it shines a lot

_dark states_
* `OFF`
* default: `NONE`

### lamp.period

* evening: `7`, `8`hours
* `night fall` `day break`&emsp;twice a day
* <a href="https://lamps.example.com">CUSTOM</a>&emsp;see there

### lampLevel

This sets how bright it is, in steps that somebody chose a long time ago.

* No Light
* LEVEL-1

### symbol

* `LAMP1`
* `LAMP2`
"""


def test_a_heading_names_the_list_whatever_groups_its_values() -> None:
    """Lines between them group or explain; several values share an entry; what is called symbol is an example."""
    facts = read(LAMPS)
    found = {key[0] for key, _ in facts.of("value")}
    assert {"enum lampState", "enum lamp.period", "enum lampLevel"} == found
    assert ["ON", "VERY_ON", "OFF", "NONE"] == list(names(facts, "value", "enum lampState"))
    assert ["7", "8", "night fall", "day break", "CUSTOM"] == list(names(facts, "value", "enum lamp.period"))
    assert ["No Light", "LEVEL-1"] == list(names(facts, "value", "enum lampLevel"))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("`DIM`: the `shade` of `lamp` counts, `DARK`: else", ["DIM", "DARK"]),
        ("`1`: new, `2`: used (less than 7 days)", ["1", "2"]),
        ("`0`(default): off, `1`: on", ["0", "1"]),
        ("`DIM`: then it must be `NIGHT` <li>`DARK`: always</li>", ["DIM", "DARK"]),
        ("How it shines <li>`DIM`</li><li>`DARK`</li>", ["DIM", "DARK"]),
        ("Of which `lamp`<br/>`DIM`, `DARK`<br/>`OFF`", ["lamp", "DIM", "DARK", "OFF"]),
        ("The side of `lamp` that shines with `shade` only", []),
    ],
)
def test_words_that_the_sentence_goes_on_from_are_no_values(text: str, values: list[str]) -> None:
    """They are named for another reason."""
    facts = read(f"## Lamp\n\n`GET /v1/lamp`\n\n### Response\n\nField | Description\n--- | ---\nlight | {text}\n")
    assert values == [name.removeprefix("light=") for name in names(facts, "value", "GET /v1/lamp")]


@pytest.mark.parametrize(
    ("heading", "codes"),
    [
        ("-2001 The lamp is hot", ["-2001"]),
        ("Messages of -2001 HOT_LAMP, -2002 NO_LAMP, and -2003 DARK_LAMP", ["-2001", "-2002", "-2003"]),
        ("20 lamps at once", []),
        ("Since 2019 no LAMP_CODE was reused", []),
    ],
)
def test_codes_stand_in_headings(heading: str, codes: list[str]) -> None:
    """One with the words of its message, or several with their names."""
    page = f"# Error codes\n\n## {heading}\n\nWhat it means.\n"
    assert codes == list(names(read(page), "code", "errors"))


PUSH = '| Field | Type |\n|---|---|\n| glow | string |\n| watts | array |\n\n```json\n{"topic": "lamp.1", "glow": "red", "watts": {"now": 4}}\n```\n'


@pytest.mark.parametrize("title", ["### Rules for watching", "#### Rules for watching"])
def test_a_heading_between_a_topic_and_its_members_does_not_part_them(title: str) -> None:
    """Pages explain what to do with pushes before they list them; unrelated sections stay apart."""
    page = (
        f"# Lamps\n\n### Rooms\n\nTopic: `lamp.{{room}}`\n\n{title}\n\nLook closely.\n\n**Response fields**\n\n{PUSH}"
    )
    assert ["glow", "watts"] == list(names(read(page), "field", "stream lamp.{room}"))


def test_a_list_that_was_an_object_all_along_is_one_change() -> None:
    """Only the word for its type is another; none of its members came or went."""
    page = "## Lamps\n\nGET /lamps\n\n**Response fields**\n\n| Field | Type |\n|---|---|\n| rooms | array |\n| > glow | string |\n"
    found = changed(page, page.replace("array", "map"))
    assert [("response-field-type-changed", "rooms")] == [(c.id, c.name) for c in found]


def test_what_a_push_gains_is_told_once() -> None:
    """By its table; the frame that subscribes is no answer, and the sample below it shows the same members again."""
    table = "Topic: `lamp`\n\n### Response fields\n\n| Field | Type |\n|---|---|\n| glow | string |\n{row}"
    frames = '\n### Subscribe example\n\n```json\n{{"op": "go"}}\n```\n\n### Push data\n\n```json\n{{"glow": "red"{more}}}\n```\n'
    old = f"# Lamps\n\n{table}{frames}".format(row="", more="")
    new = f"# Lamps\n\n{table}{frames}".format(row="| watts | int |\n", more=', "watts": 3')
    assert [("response-field-added", "stream lamp", "watts")] == [(c.id, c.owner, c.name) for c in changed(old, new)]


def test_a_line_that_repeats_a_heading_names_an_enumeration() -> None:
    """A table without a known heading lists values, if the line above it is its first heading."""
    rows = "\n\n| lamp mode | what |\n|---|---|\n| Dim | - |\n| Dark | - |\n"
    assert {"Dim", "Dark"} == set(names(read(f"## Words\n\n* Lamp modes{rows}"), "value", "enum lamp mode"))
    assert {} == names(read(f"## Words\n\nWhat lamps did today{rows}"), "value", "enum lamp mode")


def test_an_operation_lists_its_own_codes() -> None:
    """Below a line that says so, entries are codes, however short these are; elsewhere they are not."""
    entries = "\n* `1` - no such lamp\n* `2` - the lamp is lit\n"
    call = "## Light\n\nPOST /lamps\n\n{}:\n" + entries
    assert ["1", "2"] == list(names(read(call.format("Error codes")), "code", "errors"))
    assert [] == list(names(read(call.format("Steps")), "code", "errors"))


def test_a_push_is_known_by_the_kind_that_it_names() -> None:
    """A section that shows one needs no topic, and a new one is reported."""
    push = '## {0}\n\n```json\n{{"id": 1, "event": {{"e": "{0}", "E": 1, "lamp": "north"}}}}\n```\n'
    old = f"# Lamps\n\nWords.\n\n{push.format('lampLit')}"
    found = changed(old, old + "\n" + push.format("lampDim"))
    assert [("new", "channel-added", "stream lampDim")] == [(c.level, c.id, c.owner) for c in found]
    assert "event.lamp" in names(read(old), "sample", "stream lampLit")


def test_the_last_of_marked_values_is_one_of_them() -> None:
    """`A`, `B`, or `C`; what follows the sentence is something else."""
    text = "The light. `DIM`, `DARK`, or `OFF`; `NORTH` and `SOUTH` lamps default to `DIM`."
    facts = read(f"## Lamp\n\n`GET /v1/lamp`\n\n### Response\n\nField | Description\n--- | ---\nlight | {text}\n")
    assert ["light=DIM", "light=DARK", "light=OFF"] == list(names(facts, "value", "GET /v1/lamp"))


def test_a_title_beside_the_wire_name_is_no_name() -> None:
    """Of the columns `Field` and `Name`, the first one has what is sent."""
    facts = read(
        "## Lamp\n\n`GET /v1/lamp`\n\n### Response\n\nField | Name | Description\n--- | --- | ---\nlt | Light | How\n"
    )
    assert ["lt"] == list(names(facts, "field", "GET /v1/lamp"))


SUBSCRIBED = """## WS / Lamps

#### Request Example: single

```json
{"op": "subscribe", "args": [{"channel": "lamps"}]}
```

#### Push Data Example: single

```json
{"arg": {"channel": "lamps"}, "data": [{"lit": true}]}
```

#### Push data parameters

| Parameter | Type | Description |
|---|---|---|
| data | Array of objects | Lamps |
| > lit | Boolean | Whether it is lit |
"""


def test_a_channel_is_known_by_how_one_subscribes_to_it() -> None:
    """What a page shows of the subscription names the channel of what is pushed below."""
    facts = read(SUBSCRIBED)
    assert ["stream lamps"] == facts.owners("channel")
    assert ["data", "data[].lit"] == list(names(facts, "field", "stream lamps"))
    assert ["arg", "arg.channel"] == list(names(facts, "sample", "stream lamps"))
    new = SUBSCRIBED.replace("| > lit", "| > hue | String | Colour |\n| > lit")
    assert ["response-field-added"] == [c.id for c in changed(SUBSCRIBED, new)]


def test_values_below_an_operation_are_those_of_its_parameter() -> None:
    """Two operations may have a parameter of one name, with different values."""
    call = "## {0}\n\nPOST /{0}\n\n**Parameters**\n\n|Name|In|Type|Required|\n|---|---|---|---|\n|body|body|[Lamp](#l)|true|\n|» mode|body|string|true|\n\n"
    call += "**Enumerated Values**\n\n|Parameter|Value|\n|---|---|\n|» mode|{1}|\n|» mode|DARK|\n\n"
    old, new = (f"{call.format('light', 'DIM')}{call.format('glow', value)}" for value in ("DIM", "RED"))
    assert {"mode": True} == names(read(old), "param", "POST /glow")
    found = {(c.id, c.owner, c.name) for c in changed(old, new)}
    assert {
        ("enum-value-removed", "POST /glow", "mode=DIM"),
        ("enum-value-added", "POST /glow", "mode=RED"),
    } == found


def test_capitals_say_what_an_object_is_for() -> None:
    """`DIM/DARK lamps` beside a list are no values of it."""
    rows = "Field | Type | Description\n--- | --- | ---\nlamps | Array of object | DIM/DARK lamps\n"
    assert {} == names(read(f"## Lamp\n\n`GET /v1/lamp`\n\n### Response\n\n{rows}"), "value", "GET /v1/lamp")


def test_codes_below_lower_headings_are_found() -> None:
    """A heading above the groups of codes has none itself, and nothing is missed."""
    text = "# Error code\n\n## General\n\n| Error code | Message |\n|---|---|\n| 50001 | No lamp |\n"
    assert ({"50001": None}, []) == (names(read(text), "code", "errors"), read(text).notes)
