"""For every change id, the smallest pair of pages that triggers exactly it."""

from __future__ import annotations

import pytest

from generator.drift.compare.changes import IDS, bump
from generator.drift.compare.reading import Reading, since
from generator.drift.pages.blocks import Document
from tests.drift.reading import changed, read

HEAD = "| Name | Type | Required | Description |\n|---|---|---|---|\n"
FIELDS = "| Field | Type | Description |\n|---|---|---|\n"
CODES = "## Errors\n\n| Error code | Message |\n|---|---|\n"
ENUM = "## Side\n\n| Value | Description |\n|---|---|\n"
STREAMS = "## Streams\n\n| Channel | Description |\n|---|---|\n"


def operation(request: str = "GET /v1/a", rows: str = "| x | int | No | The x. |\n", more: str = "") -> str:
    return f"## A\n\n{request}\n\n{HEAD}{rows}\n{more}"


def answer(rows: str) -> str:
    return operation(more=f"Response fields\n\n{FIELDS}{rows}")


def needs(params: str) -> str:
    return f"Parameters needed by `type`:\n\n| Type | Mandatory parameters |\n|---|---|\n| `A` | {params} |\n"


OTHER = "## B\n\nPOST /v1/something/else\n\n" + HEAD + "| q | int | Yes | The q. |\n"
PAIRS = {
    "operation-added": (operation(), operation() + "\n" + OTHER),
    "operation-removed": (operation() + "\n" + OTHER, operation()),
    "operation-moved": (operation(), operation("POST /v1/a")),
    "operation-deprecated": (
        "# Old calls\n\n" + operation(),
        "# Old calls, deprecated\n\n" + operation(),
    ),
    "channel-added": (STREAMS + "| trades | Trades. |\n", STREAMS + "| trades | Trades. |\n| book | The book. |\n"),
    "channel-removed": (STREAMS + "| trades | Trades. |\n| book | The book. |\n", STREAMS + "| trades | Trades. |\n"),
    "param-added": (operation(), operation(rows="| x | int | No | The x. |\n| y | int | No | The y. |\n")),
    "param-removed": (operation(rows="| x | int | No | The x. |\n| y | int | No | The y. |\n"), operation()),
    "param-renamed": (
        operation(rows="| orderId | int | No | The id. |\n"),
        operation(rows="| order_id | int | No | The id. |\n"),
    ),
    "param-became-required": (operation(), operation(rows="| x | int | Yes | The x. |\n")),
    "param-default-changed": (
        operation(rows="| x | int | No | Default 500. |\n"),
        operation(rows="| x | int | No | Default 100. |\n"),
    ),
    "param-range-changed": (
        operation(rows="| x | int | No | Max 1000. |\n"),
        operation(rows="| x | int | No | Max 500. |\n"),
    ),
    "param-became-optional": (operation(rows="| x | int | Yes | The x. |\n"), operation()),
    "param-deprecated": (operation(), operation(rows="| x | int | No | Deprecated: use `y`. |\n")),
    "param-type-changed": (operation(), operation(rows="| x | string | No | The x. |\n")),
    "response-field-added": (answer("| a | int | The a. |\n"), answer("| a | int | The a. |\n| b | int | The b. |\n")),
    "response-field-removed": (
        answer("| a | int | The a. |\n| b | int | The b. |\n"),
        answer("| a | int | The a. |\n"),
    ),
    "response-field-deprecated": (answer("| a | int | The a. |\n"), answer("| a | int | The a, deprecated. |\n")),
    "response-field-renamed": (answer("| cTime | int | When. |\n"), answer("| createdTime | int | When. |\n")),
    "response-field-type-changed": (answer("| a | int | The a. |\n"), answer("| a | string | The a. |\n")),
    "enum-value-added": (ENUM + "| buy | Buys. |\n", ENUM + "| buy | Buys. |\n| sell | Sells. |\n"),
    "enum-value-deprecated": (ENUM + "| buy | Buys. |\n", ENUM + "| buy | Buys (deprecated). |\n"),
    "enum-value-removed": (ENUM + "| buy | Buys. |\n| sell | Sells. |\n", ENUM + "| buy | Buys. |\n"),
    "error-code-added": (CODES + "| 1001 | Bad key. |\n", CODES + "| 1001 | Bad key. |\n| 1002 | Bad sign. |\n"),
    "error-code-removed": (CODES + "| 1001 | Bad key. |\n| 1002 | Bad sign. |\n", CODES + "| 1001 | Bad key. |\n"),
    "limit-changed": (
        operation(more="Rate limit: 10 requests / 1s\n"),
        operation(more="Rate limit: 5 requests / 1s\n"),
    ),
    "rule-changed": (operation(more=needs("`x`")), operation(more=needs("`x`, `y`"))),
    **{
        id: (f"# Terms\n\n{before}\n", f"# Terms\n\n{after}\n")
        for id, before, after in (
            ("address-changed", "Ask **https://lamp.example.com**.", "Ask **https://lamp2.example.com**."),
            ("unit-changed", "Times are in milliseconds.", "Times are in microseconds."),
            ("signing-changed", "Sign = Hex(HMAC(secret, text))", "Sign = Base64(HMAC(secret, text))"),
            ("window-changed", "`recvWindow` is 5000 at most.", "`recvWindow` is 3000 at most."),
        )
    },
    "statement-moved": ("# Terms\n\nTimes are in seconds.\n", "# Units\n\nTimes are in seconds.\n"),
    "wording-changed": (operation(), operation(rows="| x | int | No | What x is. |\n")),
}


def test_every_change_id_has_its_pair() -> None:
    """No kind of change is left untried."""
    assert set(IDS) == set(PAIRS)


STATED = (
    *("address-changed", "unit-changed", "signing-changed", "window-changed"),
    *("param-default-changed", "param-range-changed"),
)
ENDED = ("param-deprecated", "response-field-deprecated", "enum-value-deprecated")


@pytest.mark.parametrize("id", PAIRS)
def test_the_smallest_pair_triggers_exactly_its_change(id: str) -> None:
    """One difference between two pages is one change, with its id and level."""
    found = changed(*PAIRS[id])
    # What a sentence states by name is a change of the sentence, too.
    more = [("wording-changed", "wording")] if id in (*STATED, *ENDED, "rule-changed") else []
    assert [(id, IDS[id]), *more] == [(change.id, change.level) for change in found]


@pytest.mark.parametrize("id", PAIRS)
def test_a_page_does_not_differ_from_itself(id: str) -> None:
    """Reading the same page twice finds nothing."""
    assert [] == changed(PAIRS[id][1], PAIRS[id][1])


def test_a_new_parameter_that_must_be_given_is_breaking() -> None:
    """Calls without it will be refused."""
    found = changed(operation(), operation(rows="| x | int | No | The x. |\n| y | int | Yes | The y. |\n"))
    assert [("param-added", "breaking")] == [(change.id, change.level) for change in found]


def test_another_case_is_a_rename_even_with_new_words() -> None:
    """`clientOid` that becomes `clientOID` is one parameter."""
    rows = "| clientOid | int | No | Your id. |\n", "| clientOID | int | No | Any id of yours. |\n"
    assert ["param-renamed", "wording-changed"] == [change.id for change in changed(*(operation(rows=r) for r in rows))]


def test_members_follow_a_list_that_was_renamed() -> None:
    """What lies below a renamed list is not told again."""
    rows = "| {0} | LIST | No | The orders. |\n| {0}[].price | int | No | The price. |\n"
    found = changed(operation(rows=rows.format("orderList")), operation(rows=rows.format("order_list")))
    assert [("param-renamed", "order_list")] == [(change.id, change.name) for change in found]


def test_unlike_names_are_no_rename() -> None:
    """Without strong evidence one went and another came."""
    rows = "| x | int | No | The x. |\n", "| z | string | No | Something else. |\n"
    assert ["param-removed", "param-added"] == [change.id for change in changed(*(operation(rows=r) for r in rows))]


def test_an_operation_with_a_new_path_and_the_same_members_moved() -> None:
    """Four shared parameters and the same last word of the path are strong evidence."""
    rows = "".join(f"| p{n} | int | No | The p{n}. |\n" for n in range(4))
    found = changed(operation("GET /v1/order/list", rows), operation("GET /v2/order/list", rows))
    assert [("operation-moved", "GET /v1/order/list", "GET /v2/order/list")] == [
        (change.id, change.before, change.after) for change in found
    ]


def test_what_went_to_another_page_is_no_change() -> None:
    """Sections move between pages without anything happening to callers."""
    first, second = read(operation() + "\n" + OTHER, "one.md"), read("# Two\n", "two.md")
    now = {"one": read(operation(), "one.md"), "two": read(OTHER, "two.md")}
    documents = {name: Document(name, f"{name}.md", "") for name in now}
    assert [] == since({"one": first, "two": second}, Reading(documents, now))


RATES = "# Limits\n\nAt most 20 calls every 1 second.\n\n## A\n\nGET /v1/a\n\nRate limit: {} requests / 1s\n"


@pytest.mark.parametrize(("rate", "told"), [(10, []), (5, ["limit-changed"])])
def test_a_page_with_another_name_says_what_it_said(rate: int, told: list[str]) -> None:
    """Nothing of the calls that it names is gone: what they take stands on other pages, as before."""
    pages = {"a": read(operation(), "a.md"), "limits": read(RATES.format(10), "limits.md")}
    now = {"a": read(operation(), "a.md"), "rates": read(RATES.format(rate), "rates.md")}
    found = since(pages, Reading({name: Document(name, f"{name}.md", "") for name in now}, now))
    assert told == [c.id for c in found if c.level != "wording"]


def test_a_page_that_was_not_read_is_not_gone() -> None:
    """Reading one page of several says nothing of the others."""
    observed = {"one": read(operation(), "one.md"), "two": read(OTHER, "two.md")}
    now = {"one": read(operation(), "one.md")}
    assert [] == since(observed, Reading({"one": Document("one", "one.md", "")}, now))


@pytest.mark.parametrize(
    ("id", "expected"), [("param-removed", "major"), ("param-added", "minor"), ("wording-changed", "patch")]
)
def test_the_worst_change_gives_the_version_bump(id: str, expected: str) -> None:
    """Breaking asks for a major version, new things for a minor one."""
    assert expected == bump(changed(*PAIRS[id]))


def test_nothing_changed_asks_for_no_version() -> None:
    """No bump without a change."""
    assert "none" == bump([])


@pytest.mark.parametrize(
    ("before", "after", "level"),
    [
        ("Rate limit: 5 requests / 1s", "Rate limit: 10 requests / 1s", "new"),
        ("Rate limit: 10 requests / 1s", "Rate limit: 10 requests / 1m", "breaking"),
        ("Weight: 5", "Weight: 1", "new"),
        ("Weight: 1", "Weight: 5", "breaking"),
        ("Weight: 1", "Weight: 1 with symbol, 40 without", "breaking"),
    ],
)
def test_a_limit_that_allows_more_breaks_nobody(before: str, after: str, level: str) -> None:
    """Only a tighter limit is breaking; where it cannot be told, it is taken for tighter."""
    found = changed(operation(more=before + "\n"), operation(more=after + "\n"))
    assert [("limit-changed", level)] == [(change.id, change.level) for change in found]


SAMPLE = 'Response\n\n```json\n{"data": {"a": 1, "b": 2}}\n```\n\n'


def test_a_row_that_goes_is_one_change_though_a_sample_shows_the_member() -> None:
    """A sample's member counts only where no table ever named it."""
    rows = "| a | int | The a. |\n", "| b | int | The b. |\n"
    before, after = ("".join(rows), rows[0])
    pages = [operation(more=f"{SAMPLE}Response fields\n\n{FIELDS}{r}") for r in (before, after)]
    assert [("response-field-removed", "b")] == [(change.id, change.name) for change in changed(*pages)]


def test_the_values_of_a_renamed_parameter_go_with_it() -> None:
    """Neither a value that went nor one that came."""
    rows = [f"| {name} | string | No | `BUY` / `SELL` |\n" for name in ("orderSide", "order_side")]
    found = changed(*(operation(rows=row) for row in rows))
    assert [("param-renamed", "order_side")] == [(change.id, change.name) for change in found]


@pytest.mark.parametrize("id", ["param-added", "param-removed"])
def test_the_values_of_a_parameter_come_and_go_with_it(id: str) -> None:
    """A new parameter is one change, whatever values it takes; likewise one that went."""
    pages = [operation(), operation(rows="| x | int | No | The x. |\n| s | string | No | `BUY` / `SELL` |\n")]
    found = changed(*(pages if id == "param-added" else reversed(pages)))
    assert [(id, "s")] == [(change.id, change.name) for change in found]


def test_a_field_of_the_same_name_keeps_no_value_of_a_parameter() -> None:
    """What a parameter takes along is no change, though the answer has a member of its name."""
    rows = "| x | int | No | The x. |\n", "| side | string | No | `BUY` / `SELL` |\n"
    fields = f"Response fields\n\n{FIELDS}| side | string | The side. |\n"
    found = changed(operation(rows="".join(rows), more=fields), operation(rows=rows[0], more=fields))
    assert [("param-removed", "side")] == [(change.id, change.name) for change in found]


def test_a_table_of_values_needs_no_new_name_when_its_parameter_has_one() -> None:
    """The list below the parameters still tells them by the old name, and none of them went."""
    values = "\nkind\n\n| Value | Description |\n|---|---|\n| dark | Dark. |\n"
    rows = [f"| {name} | string | No | The kind. |\n" for name in ("kind", "sort")]
    found = changed(*(operation(rows=row, more=values) for row in rows))
    assert [("param-renamed", "sort")] == [(change.id, change.name) for change in found]
