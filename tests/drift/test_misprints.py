"""Pages with mistakes that a reader does not see: they are read as a browser shows them."""

from __future__ import annotations

from tests.drift.reading import names, read

HEAD = "## Lamps\n\nGET /v1/lamps\n\n"


def test_a_rule_with_another_number_of_cells_begins_a_table() -> None:
    """The heading of a column that is always empty, without a cell in the line below it."""
    page = "## Error codes\n\n|Code |Meaning | |\n|:--|:--|\n| 20017 | No such lamp |\n| 20018 | The lamp is hot |\n"
    assert ["20017", "20018"] == list(names(read(page), "code", "errors"))


def test_cells_between_two_rows_are_a_row() -> None:
    """Somebody wrote the cells before the row that should hold them."""
    row = "<tr><td>{0}</td><td>string</td></tr>\n"
    loose = "<td>shade</td><td>string</td>\n<tr></tr>\n"
    table = f"<table>\n<tr><th>Field</th><th>Type</th></tr>\n{row.format('lamp')}{loose}{row.format('room')}</table>\n"
    fields = read(f"<h2>Lamps</h2><p>GET /v1/lamps</p><h3>Response</h3>{table}", "page.html")
    assert ["lamp", "shade", "room"] == list(names(fields, "field", "GET /v1/lamps"))
    assert 4 == fields.facts["GET /v1/lamps", "field", "shade"].line


def test_tables_in_components_may_be_indented() -> None:
    """Each tab holds one, indented like the component; it is no sample, and no line of text."""
    table = "    <table>\n        <tr>\n            <th>Field</th><th>Type</th>\n        </tr>\n        <tr>\n            <td>{}</td><td>string</td>\n        </tr>\n    </table>\n"
    tab = '<TabItem value="{0}" label="{0}">\n' + table.replace("{}", "{1}") + "</TabItem>\n\n"
    page = f"{HEAD}### Response\n\n<Tabs>\n{tab.format('indoors', 'shade')}{tab.format('outdoors', 'pole')}</Tabs>\n"
    assert ["shade", "pole"] == list(names(read(page, "page.mdx"), "field", "GET /v1/lamps"))


def test_a_table_without_headings_continues_the_one_before_it() -> None:
    """Rows that unfold are a table of their own in the text of the page."""
    row = "<tr><td>{}</td><td>no</td><td>string</td><td>Of the lamp</td></tr>\n"
    page = (
        f"{HEAD}### Request Parameters\n\n|Name|Required|Type|Comments|\n|---|---|---|---|\n|lamp|yes|string|Which|\n"
        f"<table>\n<details><summary>\n{row.format('owner')}</summary>\n{row.format('> town')}</details>\n</table>\n"
    )
    assert ["lamp", "owner", "owner.town"] == list(names(read(page, "page.mdx"), "param", "GET /v1/lamps"))


def test_codes_that_are_struck_out_are_codes() -> None:
    """They no longer come, but whoever meets one finds out what it meant."""
    page = "## Error codes\n\n|Code|Message|\n|---|---|\n|20017|No lamp|\n|~~20018~~|~~Too dark~~|\n"
    assert ["20017", "20018"] == list(names(read(page), "code", "errors"))


def test_statuses_of_http_are_no_codes_of_the_exchange() -> None:
    """A table below a heading with HTTP in it, in which every number may be a status."""
    table = "|Code|Description|\n|---|---|\n|{}|One thing|\n|{}|Another thing|\n\n"
    page = f"## HTTP codes\n\n{table.format(400, 503)}## Codes in bodies\n\n{table.format(400, 20017)}"
    assert ["400", "20017"] == list(names(read(page), "code", "errors"))


def test_codes_below_a_heading_about_sockets_are_those_of_streams() -> None:
    """The same number may mean something else there."""
    table = "|Code|Description|\n|---|---|\n|20017|{}|\n\n"
    facts = read(f"## WebSocket codes\n\n{table.format('Too many')}## Codes\n\n{table.format('No lamp')}")
    assert "Too many" == facts.facts["stream errors", "code", "20017"].text
    assert "No lamp" == facts.facts["errors", "code", "20017"].text
