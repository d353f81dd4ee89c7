"""One fictional page in every layout: the same facts, whatever it was written in."""

from __future__ import annotations

import pytest

from generator.drift.pages.blocks import Code, Document, Heading, Paragraph, Table
from generator.drift.pages.document import read_blocks
from generator.drift.pages.words import Words
from tests.drift.reading import PAGES, changed, names, page, read

LAYOUTS = sorted(
    path.name
    for path in PAGES.iterdir()
    if path.stem not in ("login", "recipe", "nested", "scripted") and path.is_file()
)
ORDERS = "GET /v1/orders"


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_tells_the_operation_and_nothing_else(name: str) -> None:
    """Menus, footers, scripts and buttons name endpoints too; only the one of the page is read."""
    assert [ORDERS] == page(name).owners()


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_tells_parameters_in_order(name: str) -> None:
    """Parameters are read from any table, list or run of lines, and `symbol` must be given."""
    params = names(page(name), "param", ORDERS)
    assert ["symbol", "limit", "side"] == [param for param in params if param != "timestamp"]
    assert params["symbol"] is True
    assert not params["limit"]


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_tells_the_answer(name: str) -> None:
    """Members of the answer are read, from a table or from a sample however broken."""
    facts = page(name)
    paths = [*names(facts, "field", ORDERS), *names(facts, "sample", ORDERS)]
    assert {"orderId", "status"} <= {path.rsplit(".", 1)[-1] for path in paths}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_tells_values_and_weight(name: str) -> None:
    """What descriptions list, and figures beside the tables, are read."""
    facts = page(name)
    values = [value.partition("=")[2] for value in names(facts, "value", ORDERS) if value.startswith("side=")]
    assert values in (["BUY", "SELL"], ["1", "2"])
    assert "5" == facts.facts[ORDERS, "weight", ""].value


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_fact_knows_its_line(name: str) -> None:
    """A person can find on the page what a message is about."""
    lines = (PAGES / name).read_text("utf-8").count("\n") + 1
    assert all(0 < fact.line <= lines and fact.file == name for fact in page(name).facts.values())


def test_a_parameter_stands_in_the_line_that_is_told() -> None:
    """Positions are those of the file, front matter and all."""
    facts = page("pipes.md").facts
    assert 20 == facts[ORDERS, "param", "symbol"].line


@pytest.mark.parametrize(
    ("text", "name", "kinds"),
    [
        ("<h2>A</h2><p>b</p><pre>c</pre><table><tr><th>d</th></tr><tr><td>e</td></tr></table>", "p.html", "HPCT"),
        ("## A\n\nb\n\n```\nc\n```\n\n| d |\n|---|\n| e |\n", "p.md", "HPCT"),
        ('# A\nb\n{"c": 1}\nd | e |\n---|---|\nf | g |\n', "p.txt", "HPCT"),
    ],
)
def test_blocks_are_one_sequence(text: str, name: str, kinds: str) -> None:
    """HTML, Markdown and text become the same four kinds of blocks."""
    letters = {Heading: "H", Paragraph: "P", Code: "C", Table: "T"}
    blocks = read_blocks(Document("p", name, text), Words())
    assert kinds == "".join(letters[type(block)] for block in blocks)


def test_a_row_that_was_broken_in_two_is_mended() -> None:
    """A tag that was taken for HTML splits a row; its halves are joined."""
    text = "Name | Type | Required | Description |\n---|---|---|---|\nids | List |\nYES | Up to 100. |\n"
    table = read_blocks(Document("p", "p.txt", text), Words())[0]
    assert isinstance(table, Table)
    assert [("ids", "List", "YES", "Up to 100.")] == [row.cells for row in table.rows]


def test_a_first_parameter_may_have_the_name_of_a_column() -> None:
    """`type` below `Type` begins the first row of a flattened table, and is no fifth heading."""
    text = "A\nGET /v1/a\nParameters:\nName\nType\nMandatory\ntype\n\nINT\n\nYES\n\nlimit\n\nINT\n\nNO\n"
    assert {"type": True, "limit": False} == names(read(text, "a.txt"), "param", "GET /v1/a")


def test_a_row_without_a_name_is_reported() -> None:
    """What cannot be read is told with its line, never silently skipped."""
    text = "## A\n\nGET /v1/a\n\n| Name | Type | Required |\n|---|---|---|\n| see below | – | – |\n| b | int | Yes |\n"
    assert ["page.md:7"] == [str(note).split(" ")[0] for note in read(text).notes if note.kind == "unread"]


def test_a_table_that_is_not_used_is_reported() -> None:
    """A table of something else is told with its headings."""
    notes = read("## Hosts\n\n| Host | Region |\n|---|---|\n| a | eu |\n").notes
    assert ["page.md:3  a table has no owner: its headings are Host, Region"] == [str(note) for note in notes]


def test_nested_rows_lie_below_the_row_above() -> None:
    """A mark before the name says that it is a member of the one before; a list in the sample makes it `[]`."""
    assert ["data", "data[].orderId", "data[].status"] == list(names(page("pipes.txt"), "field", ORDERS))


def test_a_second_table_lies_below_the_parameter_that_announces_it() -> None:
    """`Where orders is a list of:` puts the table's rows below `orders`."""
    head = "| Name | Type | Required |\n|---|---|---|\n"
    text = (
        f"## A\n\nPOST /v1/a\n\n{head}| orders | LIST | YES |\n\nWhere orders holds:\n\n{head}| side | ENUM | YES |\n"
    )
    assert ["orders", "orders[].side"] == list(names(read(text), "param", "POST /v1/a"))


def test_endpoints_listed_in_a_table_are_operations() -> None:
    """An overview page names operations by method and path."""
    text = "| Endpoint | Method | Path |\n|---|---|---|\n| Time | GET | `/v1/time` |\n| Order | POST | `/v1/order` |\n"
    assert ["GET /v1/time", "POST /v1/order"] == read(text).owners()


@pytest.mark.parametrize(("heading", "codes"), [("Errors", {"1001"}), ("Responses", set())])
def test_a_page_of_one_operation_may_list_its_errors(heading: str, codes: set[str]) -> None:
    """Below an operation, a table of codes tells errors where it is announced so; HTTP statuses are none."""
    text = f"# A\n\nGET /v1/a\n\n## {heading}\n\n| Code | Description |\n|---|---|\n| 1001 | Bad key. |\n"
    assert codes == set(names(read(text), "code", "errors"))


def test_a_range_of_codes_is_every_code_in_it() -> None:
    """`3100 - 3102` stands for three codes."""
    text = "## Errors\n\n| Error code | Description |\n|---|---|\n| `3100` - `3102` | Bad condition. |\n"
    assert ["3100", "3101", "3102"] == list(names(read(text), "code", "errors"))


HEAD = "## A\n\nPOST /v1/a\n\nParameters\n\n"


@pytest.mark.parametrize(
    "rows",
    [
        "| Name | Type | Optional | Description |\n|---|---|---|---|\n| x | int | No | The x. |\n| y | int | Yes | The y. |\n",
        "| Name | Type | Optional |\n|---|---|---|\n| x | int | required |\n| y | int | optional |\n",
        "| Name | Type | Required |\n|---|---|---|\n| x | int | ✅ |\n| y | int | ❌ |\n",
        "| Name | Type | M/O | Description |\n|---|---|---|---|\n| x | int | | Required. The x. |\n| y | int | | (optional) The y. |\n",
        "| Name | Type | Description |\n|---|---|---|\n| x | int, required | The x. |\n| y | int (optional) | The y. |\n",
        "| Name | Description |\n|---|---|\n| x (int) | **Required.** The x. |\n| y (int) | Optional. The y. |\n",
        "- `x` (int, required): The x.\n- `y` (int, optional): The y.\n",
        "- x: int, required. The x.\n- y?: int. The y.\n",
        "**x** (int, required)\n\nThe x.\n\n**y** (int, optional)\n\nThe y.\n",
        "#### x `int` required\n\nThe x.\n\n#### y `int` optional\n\nThe y.\n",
        "x\n: (int, required) The x.\n\ny\n: (int, optional) The y.\n",
    ],
)
def test_a_mark_is_read_wherever_it_stands(rows: str) -> None:
    """In a column that asks for either, in another cell, behind the type, or as a sign."""
    facts = read(HEAD + rows)
    assert {"x": True, "y": False} == names(facts, "param", "POST /v1/a")
    assert ["int", "int"] == [fact.value for _, fact in facts.of("param")]


def test_a_table_in_a_cell_lists_members_of_its_row() -> None:
    """Its rows lie below the list in whose cell it stands."""
    head = "<tr><th>Name</th><th>Type</th><th>Required</th></tr>"
    inner = f"<table>{head}<tr><td>side</td><td>string</td><td>Yes</td></tr></table>"
    rows = f"<tr><td>legs</td><td>array {inner}</td><td>Yes</td></tr><tr><td>limit</td><td>int</td><td>No</td></tr>"
    text = f"<h2>A</h2><p>POST /v1/a</p><table>{head}{rows}</table>"
    assert {"legs": True, "legs[].side": True, "limit": False} == names(read(text, "p.html"), "param", "POST /v1/a")


def test_bullets_below_a_bullet_are_its_members() -> None:
    """Lists in lists, as deep as they go."""
    text = (
        HEAD + "- legs (array, required): The legs.\n  - side (string, required)\n  - price (decimal)\n- limit (int)\n"
    )
    assert ["legs", "legs[].side", "legs[].price", "limit"] == list(names(read(text), "param", "POST /v1/a"))


def test_bullets_below_a_parameter_may_be_its_values() -> None:
    """What has no type below a parameter is a value that it takes."""
    text = HEAD + "- side (string, required): Direction.\n  - `BUY`: Buys.\n  - `SELL`: Sells.\n"
    assert ["side=BUY", "side=SELL"] == list(names(read(text), "value", "POST /v1/a"))


def test_prose_is_no_parameter() -> None:
    """A word before a type's name makes no parameter by itself."""
    text = HEAD + "Order number and date are text.\n\n- Note that integer values are rounded.\n- order list\n"
    assert {"order"} >= set(names(read(text), "param", "POST /v1/a"))


def test_a_cell_as_wide_as_the_table_is_no_name() -> None:
    """A title between the rows is told, not taken for a parameter."""
    rows = "<tr><td colspan=3>Paging</td></tr><tr><td>limit</td><td>int</td><td>No</td></tr>"
    text = f"<h2>A</h2><p>GET /v1/a</p><table><tr><th>Name</th><th>Type</th><th>Required</th></tr>{rows}</table>"
    facts = read(text, "p.html")
    assert ["limit"] == list(names(facts, "param", "GET /v1/a"))
    assert ["unread"] == [note.kind for note in facts.notes]


def test_parameters_that_are_announced_but_not_read_are_told() -> None:
    """A layout that nobody knows costs a line in the report, not silence."""
    notes = read(HEAD + "See the picture.\n").notes
    assert ["page.md:5  POST /v1/a: nothing was found under `Parameters`"] == [str(note) for note in notes]


def test_no_parameters_is_an_answer_too() -> None:
    """`None` below the label is all there is to read."""
    assert [] == read(HEAD + "None\n").notes


def test_headers_are_no_parameters() -> None:
    """What signing adds is listed under its own label."""
    text = (
        "## A\n\nPOST /v1/a\n\nHeaders\n\n| Name | Type | Description |\n|---|---|---|\n| X-KEY | string | The key. |\n"
    )
    assert {} == names(read(text), "param", "POST /v1/a")


def test_a_type_in_angle_brackets_stays_a_type() -> None:
    """`LIST<LONG>` is no component of MDX."""
    text = HEAD + "| Name | Type | Required |\n|---|---|---|\n| ids | `LIST<LONG>` | No |\n"
    assert "LIST<LONG>" in str(read(text).facts["POST /v1/a", "param", "ids"].value)


OVER_LINES = """\
# Light up

Rooms get lit.

#### Rate Limit: {calls} requests per 2 seconds

#### Permission: Trade

#### HTTP Request

`POST /lamps`

#### Request parameters

Parameter | Type | Required | Description
---|---|---|---
room | String | Yes | Where.
Any room, lit or not:
`HALL` `ATTIC`
> depth | Integer | {mark} | How deep.
Zero by default.
> glow | String | No | Which colour.

#### Next: nothing
"""


def test_a_cell_goes_on_in_the_lines_below_it() -> None:
    """Programs that turn HTML into Markdown print its line breaks; no row and no value is lost."""
    facts = read(OVER_LINES.format(calls=50, mark="No"))
    owner = "POST /lamps"
    assert {"room": True, "room.depth": False, "room.glow": False} == names(facts, "param", owner)
    assert ["room=HALL", "room=ATTIC"] == list(names(facts, "value", owner))
    assert [] == facts.notes


def test_headings_that_only_state_something_belong_to_the_call_below_them() -> None:
    """A rate limit in a heading of its own is that of the call."""
    found = changed(OVER_LINES.format(calls=50, mark="No"), OVER_LINES.format(calls=20, mark="Yes"))
    assert [("param-became-required", "room.depth"), ("limit-changed", "limit")] == [(c.id, c.name) for c in found]
