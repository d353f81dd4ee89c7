"""`draft` makes a first spec from documentation that nobody has seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.ground.problems import SpecError
from generator.pipeline.validate import model_of
from generator.source.folder import read_source
from tests.drift.places import run, texts
from tests.drift.reading import EVERY, PAGES, SPECS, folder_of

UNSEEN = """\
# Börse API

Basis: https://api.boerse.example.com — headers `X-BOERSE-KEY`, `X-BOERSE-SIGNATURE`

## Kerzen

**Endpunkt**: GET /public/v1/candles/{symbol}

Abfrage

| Feldname | Datentyp | Pflicht | Beschreibung |
|---|---|---|---|
| interval | string | ja | `1m` / `1h` / `1d` |
| limit | integer | nein | Anzahl |

Beispiel

```json
{"code": 0, "msg": "", "data": [{"open": "1.0", "volume": "3", "time": 1717200000000, "trades": [{"id": 1}]}]}
```

## Order

**Endpunkt**: POST /private/v1/order

Abfrage

| Feldname | Datentyp | Pflicht | Beschreibung |
|---|---|---|---|
| symbol | string | ja | Paar |
| class | string | nein | Art |
| price | number | ja | Preis |

Beispiel

```json
{"code": 0, "msg": "", "data": {"orderId": "1", "order_id": "1", "status": "NEW"}}
```

## Fehler

| Fehlercode | Bedeutung |
|---|---|
| 0 | Erfolg |
| 10001 | Schlüssel fehlt |
| 10002 | Signatur falsch |
| 10003 | Zeit falsch |
"""


def drafted(tmp_path: Path, *docs: object, name: str = "newexchange") -> tuple[Path, str]:
    """Draft a spec; returns its folder and what was printed."""
    specs = tmp_path / "specs"
    (specs).mkdir(exist_ok=True)
    if not (specs / "schema").exists():
        (specs / "schema").symlink_to(SPECS / "schema")
    result = run(
        "draft", name, "--specs", specs, *(part for doc in docs for part in ("--docs", doc)), "--today", "2026-11-20"
    )
    assert 0 == result.exit_code, result.output
    return specs / name, result.output


def undecided(folder: Path) -> tuple[list[str], list[str]]:
    """The problems of a draft: those that a person must decide, and others."""
    with pytest.raises(SpecError) as caught:
        model_of(read_source(folder.parent, folder), folder.parent)
    whats = [problem.what for problem in caught.value.problems]
    todo = [what for what in whats if what.startswith("a person must decide")]
    return todo, [str(problem) for problem in caught.value.problems if problem.what not in todo]


@pytest.mark.parametrize("api", EVERY)
def test_a_draft_of_a_known_api_says_what_its_pages_say(api: str, tmp_path: Path) -> None:
    """Without a profile, seven documentations give specs of the right shape, of which `drift` has nothing to say."""
    folder, _ = drafted(tmp_path, folder_of(api))
    todo, wrong = undecided(folder)
    assert [] == wrong
    assert todo
    result = run("drift", "newexchange", "--specs", folder.parent, "--docs", folder_of(api))
    assert 0 == result.exit_code, result.output


def test_a_draft_of_unseen_documentation_validates_apart_from_todos(tmp_path: Path) -> None:
    """A page in another language and layout, with names that make none in Python."""
    path = tmp_path / "kerzen.md"
    path.write_text(UNSEEN, "utf-8")
    folder, _ = drafted(tmp_path, path)
    assert [] == undecided(folder)[1]


def test_a_draft_has_what_the_page_states(tmp_path: Path) -> None:
    """Operations in their groups, parameters with marks, values as enums, codes, addresses and headers."""
    path = tmp_path / "kerzen.md"
    path.write_text(UNSEEN, "utf-8")
    found = "\n".join(texts(drafted(tmp_path, path)[0]).values())
    for line in (
        'request: "GET /public/v1/candles/{symbol}"',
        "request: POST /private/v1/order",
        "in: path",
        "interval: {type: Interval, required: true",
        "price: {type: decimal, required: true",
        'rest: "https://api.boerse.example.com"',
        "header: X-BOERSE-SIGNATURE",
        "success: [0]",
        'code: "0", kind: Success',
        'code: "10002", kind: UnknownError',
    ):
        assert line in found, line


def test_the_guessed_profile_is_printed_and_kept(tmp_path: Path) -> None:
    """A person can read and better what was guessed."""
    path = tmp_path / "kerzen.md"
    path.write_text(UNSEEN, "utf-8")
    folder, output = drafted(tmp_path, path)
    assert "the profile that was used:" in output
    assert "required: [pflicht]" in output
    assert "required: [pflicht]" in (folder / "docs.yaml").read_text("utf-8")


def test_a_given_profile_is_used(tmp_path: Path) -> None:
    """docs.yaml in the new folder is read instead of guessing."""
    (tmp_path / "specs" / "newexchange").mkdir(parents=True)
    (tmp_path / "specs" / "newexchange" / "docs.yaml").write_text("skip: ['^Order$']\n", "utf-8")
    path = tmp_path / "kerzen.md"
    path.write_text(UNSEEN.replace("**Endpunkt**: ", ""), "utf-8")
    assert "request: POST" not in "".join(texts(drafted(tmp_path, path)[0]).values())


@pytest.mark.parametrize(
    "name", ["docusaurus.html", "slate.html", "fern.html", "cells.txt", "spaced_cells.txt", "glued.txt", "pipes.txt"]
)
def test_every_layout_can_be_drafted_from(name: str, tmp_path: Path) -> None:
    """The fictional page gives a spec of the right shape in any layout."""
    folder, _ = drafted(tmp_path, PAGES / name)
    assert [] == undecided(folder)[1]
    assert "request: GET /v1/orders" in "".join(texts(folder).values())


def test_an_existing_spec_is_never_overwritten(tmp_path: Path) -> None:
    """Drafting again is refused."""
    drafted(tmp_path, PAGES / "pipes.md")
    result = run("draft", "newexchange", "--specs", tmp_path / "specs", "--docs", PAGES / "pipes.md")
    assert 2 == result.exit_code
    assert "exists already" in result.output


@pytest.mark.parametrize("name", ["recipe.html", "login.html"])
def test_no_draft_is_made_of_other_pages(name: str, tmp_path: Path) -> None:
    """Nothing is written, and the reason is told."""
    (tmp_path / "specs").mkdir()
    result = run("draft", "newexchange", "--specs", tmp_path / "specs", "--docs", PAGES / name)
    assert 2 == result.exit_code
    assert {} == texts(tmp_path / "specs")


def test_a_folder_that_holds_anything_else_is_left_alone(tmp_path: Path) -> None:
    """The schemas are in a folder beside the APIs, and no draft is put there."""
    (tmp_path / "specs" / "schema").mkdir(parents=True)
    (tmp_path / "specs" / "schema" / "api.json").write_text("{}", "utf-8")
    result = run("draft", "schema", "--specs", tmp_path / "specs", "--docs", PAGES / "pipes.md")
    assert 2 == result.exit_code
    assert {"schema/api.json": "{}"} == texts(tmp_path / "specs")


@pytest.mark.parametrize("name", ["../evil", "class"])
def test_a_bad_name_is_refused(tmp_path: Path, name: str) -> None:
    """An API's name is a package's name."""
    (tmp_path / "specs").mkdir()
    result = run("draft", name, "--specs", tmp_path / "specs", "--docs", PAGES / "pipes.md")
    assert 2 == result.exit_code
    assert "is a Python name in snake case" in result.output


def test_a_draft_equals_its_documentation(tmp_path: Path) -> None:
    """`drift` right after `draft` finds nothing new."""
    folder, _ = drafted(tmp_path, PAGES / "pipes.md")
    result = run("drift", "newexchange", "--specs", folder.parent, "--docs", PAGES / "pipes.md")
    assert 0 == result.exit_code, result.output


PATHS = """\
# API

## Import

`POST /v1/import/{0}`

| Name | Type | Required |
|---|---|---|
| orderId | string | Yes |
| orderSide | string | Yes |

## Order side

| Value | Description |
|---|---|
| BUY | Buys. |
| SELL | Sells. |
"""


@pytest.mark.parametrize("gap", [":orderId", "<orderId>", "{orderId}"])
def test_a_draft_knows_gaps_in_paths_and_lists_by_title(gap: str, tmp_path: Path) -> None:
    """A gap in any form is a path parameter; a group is no word of Python's; a list is the enum of its namesake."""
    path = tmp_path / "import.md"
    path.write_text(PATHS.format(gap), "utf-8")
    folder, _ = drafted(tmp_path, path)
    found = "".join(texts(folder).values())
    assert [] == undecided(folder)[1]
    assert "/v1/import/{orderId}" in found
    assert "in: path" in found
    assert "orderSide: {type: OrderSide, required: true" in found


BARE = """\
# Pond API

## Look at order

`GET /v1/order`

```json
{"orderId": 7, "status": "FILLED"}
```

## Drop pebble

`POST /v1/pebble`

```json
{"pebbleId": 7, "code": "A", "data": "x"}
```

## Look at ponds

`GET /v1/ponds`

```json
{"status": "OPEN", "msg": "x", "ponds": [1]}
```
"""


def test_an_envelope_is_guessed_from_no_status(tmp_path: Path) -> None:
    """What most answers lack is no envelope; the guess says so, and a person must confirm it."""
    path = tmp_path / "pond.md"
    path.write_text(BARE, "utf-8")
    folder, _ = drafted(tmp_path, path)
    found = (folder / "api.yaml").read_text("utf-8")
    assert "envelope: {code: code, message: [msg], success: [0], base: integer" in found
    assert "1 of 3 samples have a code, and the whole body is the data" in found
    assert any("check the envelope" in what for what in undecided(folder)[0])


def test_an_envelope_says_what_it_was_guessed_from(tmp_path: Path) -> None:
    """The reason stands where the guess is."""
    path = tmp_path / "kerzen.md"
    path.write_text(UNSEEN, "utf-8")
    found = (drafted(tmp_path, path)[0] / "api.yaml").read_text("utf-8")
    assert "2 of 2 samples have `code`, with the data in `data`" in found


STATED = """\
# Pond API

## Look at stones

`GET /v1/stones`

| Name | Type | Required | Description |
|---|---|---|---|
| limit | INT | NO | Number of stones. Default: 100; Maximum: 500. |
| depth | INT | NO | How deep. [`1`, `50`]. Default: `20` |
| sunk | BOOLEAN | NO | Sunk ones too. Default `false` |

```json
{"stones": [{"stoneId": 7, "weight": "1"}], "more": [{"stoneId": 7}]}
```

## Errors

| Code | Description |
|---|---|
| -1001 | Execution status unknown. |
| -1021 | The timestamp is outside of the window. |
| -1900 | Odd. |
"""


def test_what_a_page_states_is_carried_over(tmp_path: Path) -> None:
    """Figures become keys, words become comments, and codes get a kind that a person must confirm."""
    path = tmp_path / "stones.md"
    path.write_text(STATED, "utf-8")
    folder, _ = drafted(tmp_path, path)
    found = "\n".join(texts(folder).values())
    for line in (
        'limit: {type: integer, doc: "Limit.", default: 100, max: 500} # page: Number of stones.',
        'depth: {type: integer, doc: "Depth.", default: 20, min: 1, max: 50}',
        'sunk: {type: boolean, doc: "Sunk.", default: false}',
        'code: "-1001", kind: ExchangeUnavailable, message: "TODO: ',
        "outcome: unknown} # page: Execution status unknown.",
        'code: "-1021", kind: ClockSkew, message: "TODO: ',
        'code: "-1900", kind: UnknownError, message: "TODO: ',
    ):
        assert line in found, line


@pytest.mark.parametrize("page", [UNSEEN, BARE, STATED, PATHS.format("{orderId}")])
def test_drift_has_nothing_to_say_about_a_fresh_draft(page: str, tmp_path: Path) -> None:
    """Whatever the page states is in the draft, and nothing that it does not."""
    path = tmp_path / "page.md"
    path.write_text(page, "utf-8")
    folder, _ = drafted(tmp_path, path)
    result = run("drift", "newexchange", "--specs", folder.parent, "--docs", path)
    assert 0 == result.exit_code, result.output
