"""`drift --write` edits the specs in place, and records what it saw."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from generator.drift.compare.changes import APPLICABLE
from generator.drift.compare.reading import load_profile, read_pages
from generator.drift.edit.files import SpecFiles
from generator.drift.edit.patch import Patch
from generator.drift.edit.yaml_edit import Editor, merged
from generator.drift.facts.facts import Facts
from generator.drift.fetching.fetch import Fetcher
from generator.drift.run import api_of
from generator.ground.problems import SpecError
from generator.pipeline.validate import model_of
from generator.source.folder import read_source
from tests.drift.places import ERRORS, ORDERS, PAGE, TYPES, copied, run, texts, toy
from tests.drift.reading import APIS, SPECS, folder_of

ROW = "| side | string | Yes | `BUY` / `SELL` |\n"


def written(tmp_path: Path, page: str, *more: str) -> dict[str, str]:
    """The files of the toy spec after a page was written into it."""
    specs, path = toy(tmp_path, page)
    result = run("drift", "toy", "--specs", specs, "--docs", path, "--write", "--today", "2026-11-21", *more)
    assert result.exit_code in (0, 1), result.output
    return texts(specs / "toy")


def problems(specs: Path, api: str) -> list[str]:
    try:
        model_of(read_source(specs, specs / api), specs)
    except SpecError as error:
        return [problem.what for problem in error.problems]
    return []


def test_a_new_parameter_is_added_below_the_others(tmp_path: Path) -> None:
    """Comments and all other lines stay as they were; a person is asked for its meaning."""
    found = written(tmp_path, PAGE.replace(ROW, ROW + "| price | decimal | No | The price. |\n"))["rest/orders.yaml"]
    line = '      price: {type: decimal, doc: "TODO: say what it means, and check the type."}\n'
    assert ORDERS.replace("    returns:", line + "    returns:") == found


def test_a_new_required_parameter_enters_the_example(tmp_path: Path) -> None:
    """The example stays one that the mock accepts."""
    found = written(tmp_path, PAGE.replace(ROW, ROW + "| price | decimal | Yes | The price. |\n"))["rest/orders.yaml"]
    assert "params: {symbol: BTCUSDT, side: BUY, price: " in found


def test_a_new_required_member_enters_every_object_of_the_example(tmp_path: Path) -> None:
    """A batch of two orders gets it twice, so that the mock still accepts the example."""
    nested = "".join(f"| legs[].{name} | string | Yes | A leg. |\n" for name in ("coin", "amount"))
    specs, path = toy(tmp_path, PAGE.replace(ROW, f"{ROW}| legs | array | No | The legs. |\n{nested}"))
    legs = "        legs: [{coin: BTC}, {coin: ETH}]\n      response"
    orders = ORDERS.replace("    returns:", "      legs: {type: 'list[Leg]', doc: The legs.}\n    returns:")
    orders = orders.replace(
        "{symbol: BTCUSDT, side: BUY}\n      response", f"\n        symbol: BTCUSDT\n        side: BUY\n{legs}"
    )
    (specs / "toy/rest/orders.yaml").write_text(orders, "utf-8")
    leg = "  Leg:\n    doc: A leg.\n    fields:\n      coin: {type: string, doc: The coin.}\n"
    (specs / "toy/types.yaml").write_text(TYPES + leg, "utf-8")
    run("drift", "toy", "--specs", specs, "--docs", path, "--write")
    assert [] == [what for what in problems(specs, "toy") if not what.startswith("a person must decide")]
    assert 2 == texts(specs)["toy/rest/orders.yaml"].count('amount: "1"')


def test_a_new_code_stands_in_its_place(tmp_path: Path) -> None:
    """Lists in order stay in order."""
    found = written(tmp_path, PAGE.replace("| 1003 |", "| 1002 | Bad sign |\n| 1003 |"))["errors.yaml"]
    line = '  - {code: 1002, kind: UnknownError, message: "TODO: say what this code means."}\n'
    assert ERRORS.replace("  - {code: 1003", line + "  - {code: 1003") == found


def test_a_new_value_is_added_to_its_enum(tmp_path: Path) -> None:
    """The member is named after the value."""
    found = written(tmp_path, PAGE.replace("`SELL`", "`SELL` / `SHORT`"))["types.yaml"]
    line = '      - {name: SHORT, value: SHORT, doc: "TODO: say what this value means."}\n'
    assert TYPES.replace("structs:", line + "structs:") == found


def test_a_new_field_is_added_to_its_struct(tmp_path: Path) -> None:
    """It is optional until somebody knows better."""
    page = PAGE.replace(
        "| orderId | string | The id. |\n", "| orderId | string | The id. |\n| fee | string | The fee. |\n"
    )
    assert '      fee: {type: decimal, optional: true, doc: "TODO:' in written(tmp_path, page)["types.yaml"]


def test_a_changed_limit_is_updated(tmp_path: Path) -> None:
    """Figures need no person."""
    found = written(tmp_path, PAGE.replace("10 requests / 1s", "5 requests / 2s"))["rest/orders.yaml"]
    assert ORDERS.replace("{calls: 10, per: 1s, by: uid}", "{calls: 5, per: 2s, by: uid}") == found


def test_a_new_operation_is_added_to_the_nearest_group(tmp_path: Path) -> None:
    """With its parameters, an example and where it is documented; texts are left to a person."""
    page = PAGE.replace(
        "## Errors",
        "## Cancel order\n\nPOST /v1/order/cancel\n\n| Parameter | Type | Required |\n|---|---|---|\n"
        "| symbol | string | Yes |\n| orderId | string | Yes |\n\n## Errors",
    )
    found = written(tmp_path, page)["rest/orders.yaml"]
    assert found.startswith(ORDERS.rstrip("\n"))
    assert "\n\n  - name: cancel_order\n" in found  # the verb, then what stands before it in the path
    assert "    request: POST /v1/order/cancel\n" in found
    assert "      symbol: {type: string, required: true, doc: Trading pair.}\n" in found
    assert "    source: {page: orders, heading: Cancel order}\n" in found


@pytest.mark.parametrize(
    ("id", "page", "gone"),
    [
        ("param-removed", PAGE.replace(ROW, ""), "      side: {type: Side"),
        ("error-code-removed", PAGE.replace("| 1003 | Wrong time |\n", ""), "code: 1003"),
    ],
)
def test_nothing_is_deleted_without_being_told(tmp_path: Path, id: str, page: str, gone: str) -> None:
    """What is gone from the page stays in the spec, until --also names the change."""
    kept = "".join(written(tmp_path / "1", page).values())
    told = "".join(text for name, text in written(tmp_path / "2", page, "--also", id).items() if name.endswith(".yaml"))
    assert gone in kept
    assert gone not in told.replace("history", "")


def test_nothing_is_retyped_without_being_told(tmp_path: Path) -> None:
    """A changed mark is told with what would apply it."""
    specs, path = toy(tmp_path, PAGE.replace("| side | string | Yes |", "| side | string | No |"))
    result = run("drift", "toy", "--specs", specs, "--docs", path, "--write")
    assert ORDERS == texts(specs / "toy")["rest/orders.yaml"]
    assert "param-became-optional side required → optional; --also param-became-optional applies it" in result.output


def test_a_renamed_parameter_keeps_its_place(tmp_path: Path) -> None:
    """--also renames it, in the example too, with the comment above it."""
    page = PAGE.replace("| symbol |", "| Symbol |")
    found = written(tmp_path, page, "--also", "param-renamed")["rest/orders.yaml"]
    expected = ORDERS.replace("      symbol: {type", "      Symbol: {type").replace("{symbol: BTC", "{Symbol: BTC")
    assert expected == found


def test_an_operation_that_moved_keeps_its_entry(tmp_path: Path) -> None:
    """--also changes its path, and nothing else."""
    page = PAGE.replace("POST /v1/order", "POST /v2/order")
    found = written(tmp_path, page, "--also", "operation-moved")["rest/orders.yaml"]
    assert ORDERS.replace("POST /v1/order", "POST /v2/order") == found


def test_changes_are_recorded_in_the_history(tmp_path: Path) -> None:
    """The reference can show what changed, and when it was seen; the model has it."""
    specs, path = toy(tmp_path)
    run("drift", "toy", "--specs", specs, "--docs", path, "--write")
    path.write_text(PAGE.replace("10 requests / 1s", "5 requests / 1s"), "utf-8")
    run("drift", "toy", "--specs", specs, "--docs", path, "--write", "--today", "2026-11-21")
    api = model_of(read_source(specs, specs / "toy"), specs)
    assert [("2026-11-21", ["limit-changed"])] == [(r.seen, [c.change for c in r.changes]) for r in api.history]


def test_the_newest_history_comes_first(tmp_path: Path) -> None:
    """Two runs, two entries."""
    specs, path = toy(tmp_path)
    for day, page in (("20", PAGE), ("21", PAGE.replace("10 req", "5 req")), ("22", PAGE.replace("10 req", "4 req"))):
        path.write_text(page, "utf-8")
        run("drift", "toy", "--specs", specs, "--docs", path, "--write", "--today", f"2026-11-{day}")
    api = model_of(read_source(specs, specs / "toy"), specs)
    assert ["2026-11-22", "2026-11-21"] == [revision.seen for revision in api.history]


def test_writing_twice_changes_nothing_more(tmp_path: Path) -> None:
    """The second run finds what the first wrote."""
    page = PAGE.replace(ROW, ROW + "| price | decimal | No | The price. |\n")
    specs, path = toy(tmp_path, page)
    run("drift", "toy", "--specs", specs, "--docs", path, "--write")
    once = texts(specs)
    result = run("drift", "toy", "--specs", specs, "--docs", path, "--write")
    assert 0 == result.exit_code, result.output
    assert once == texts(specs)


def test_what_is_left_open_is_told_by_generate(tmp_path: Path) -> None:
    """After --write the spec is right but for what a person must decide."""
    specs, path = toy(tmp_path, PAGE.replace("| 1003 |", "| 1002 | Bad sign |\n| 1003 |"))
    run("drift", "toy", "--specs", specs, "--docs", path, "--write")
    assert ["a person must decide: say what this code means."] == problems(specs, "toy")


def test_only_touched_lines_change_their_layout() -> None:
    """A printer's layout reaches only the lines in which something changed."""
    original, before = "a: {b: 1,\n    c: 2}\nd: 1\n", "a: {b: 1, c: 2}\nd: 1\n"
    assert "a: {b: 1,\n    c: 2}\nd: 2\n" == merged(original, before, "a: {b: 1, c: 2}\nd: 2\n")


def _damage(folder: Path, facts: Facts) -> set[str]:
    """Take documented operations, parameters, values and codes out of a spec; returns what was taken."""
    taken, documented = set[str](), facts.owners()
    for file in sorted((folder / "rest").glob("*.yaml")):
        editor = Editor(file)
        operations = editor.doc["operations"]
        for entry in [entry for entry in operations if entry["request"] in documented][3::4]:
            operations.remove(entry)
            taken.add(str(entry["request"]))
        for entry in list(operations)[::2]:
            taken |= _without_a_param(entry, facts)
        file.write_text(editor.text(), "utf-8")
    return taken | _damage_lists(folder, facts)


def _without_a_param(entry: Any, facts: Facts) -> set[str]:  # Any: YAML
    owner, params = str(entry["request"]), entry.get("params") or {}
    known = [name for name, p in params.items() if not p.get("required") and (owner, "param", name) in facts.facts]
    if not known or entry.get("rules") or "lookup" in entry or entry.get("client_id") == known[0]:
        return set()
    del params[known[0]]
    entry["example"]["params"].pop(known[0], None)
    return {f"{owner} {known[0]}"}


def _damage_lists(folder: Path, facts: Facts) -> set[str]:
    taken, editor = set[str](), Editor(folder / "errors.yaml")
    for entry in list(editor.doc["codes"])[5::9]:
        if ("errors", "code", str(entry["code"])) in facts.facts:
            editor.doc["codes"].remove(entry)
            taken.add(f"code {entry['code']}")
    (folder / "errors.yaml").write_text(editor.text(), "utf-8")
    editor = Editor(folder / "types.yaml")
    for name, enum in editor.doc["enums"].items():
        if name in ("OrderSource", "IncomeType", "TimeInForce") and len(enum["members"]) > 2:
            taken.add(f"{name} {enum['members'].pop()['value']}")
    (folder / "types.yaml").write_text(editor.text(), "utf-8")
    return taken


def stated(api: str, documents: Path) -> Facts:
    fetcher = Fetcher(documents / "no-cache")
    return read_pages(fetcher.documents([str(documents)]), load_profile(SPECS, SPECS / api)).all


@dataclass(frozen=True)
class Restored:
    """A spec from which things were taken out, and into which drift wrote them again."""

    api: str
    specs: Path
    taken: set[str]
    told: int
    """How drift ended before it wrote."""


@pytest.fixture(scope="module", params=APIS)
def restored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Restored:
    """Restore a damaged spec; the tests of one API share it, for it reads all its documentation three times."""
    api = str(request.param)
    documents, specs = folder_of(api), copied(api, tmp_path_factory.mktemp(api))
    taken = _damage(specs / api, stated(api, documents))
    told = run("drift", api, "--specs", specs, "--docs", documents).exit_code
    run("drift", api, "--specs", specs, "--docs", documents, "--write")
    return Restored(api, specs, taken, told)


def test_what_was_taken_out_of_a_spec_is_restored(restored: Restored) -> None:
    """Operations, parameters, values and codes come back from the documentation, and nothing is left to tell."""
    after = run("drift", restored.api, "--specs", restored.specs, "--docs", folder_of(restored.api), "--json")
    assert len(restored.taken) > 4
    assert 1 == restored.told
    # What a call costs in more than two cases, a person must read.
    open_ones = [c for c in json.loads(after.output)[0]["spec"] if c["after"].count("|") < 2]
    assert [] == open_ones


def test_a_restored_spec_says_exactly_what_a_person_must_decide(restored: Restored) -> None:
    """Apart from TODOs, nothing that the machine wrote is wrong."""
    found = problems(restored.specs, restored.api)
    wrong = [what for what in found if not what.startswith("a person must decide")]
    # What the spec said of a thing by its name, or of a parameter in a rule or for the mock exchange, went with what was taken out.
    torn = ("is not used; use it", "no operation `", "no parameter `", "no parameter of ", "no code `")
    assert [] == [what for what in wrong if not what.startswith(torn)], restored.taken


def test_the_end_of_an_operation_is_written(tmp_path: Path) -> None:
    """With the date and the successor that the page names; the rest is for a person."""
    page = PAGE.replace("POST /v1/order", "POST /v1/order\n\nDeprecated; use `POST /v2/order` from 2030-03-01.", 1)
    found = written(tmp_path, page)["rest/orders.yaml"]
    line = '    deprecated: "TODO: say why, and what to use instead (deprecated 2030-03-01 /v2/order)."\n'
    assert ORDERS.replace("    source:", line + "    source:", 1) == found


def test_the_end_of_a_parameter_is_written(tmp_path: Path) -> None:
    """Below its other keys, with what the page names instead; the reason is for a person."""
    ended = ROW.replace("`BUY` / `SELL`", "Deprecated, use `way`. `BUY` / `SELL`")
    found = written(tmp_path, PAGE.replace(ROW, ended))["rest/orders.yaml"]
    assert 'deprecated: "TODO: say why, and what to use instead (deprecated way)."}' in found


def test_a_new_operation_cites_the_page_on_which_it_stands(tmp_path: Path) -> None:
    """Not that of the operation beside which it is put."""
    specs, path = toy(tmp_path)
    api = specs / "toy" / "api.yaml"
    more = '  more: {url: "https://docs.example.com/more", read_on: 2026-11-20}\n'
    api.write_text(api.read_text("utf-8") + more, "utf-8")
    other = path.with_name("more.md")
    other.write_text(PAGE.replace("/v1/order", "/v1/more"), "utf-8")
    run("drift", "toy", "--specs", specs, "--docs", path, "--docs", other, "--write")
    assert "request: POST /v1/more" in texts(specs / "toy")["rest/orders.yaml"]
    assert "source: {page: more, " in texts(specs / "toy")["rest/orders.yaml"]


def test_whatever_also_takes_can_be_done(tmp_path: Path) -> None:
    """A change that no step applies is not offered."""
    specs, _ = toy(tmp_path)
    patch = Patch(
        SpecFiles(specs / "toy"), api_of(specs, specs / "toy"), Facts(), load_profile(specs, specs / "toy"), ()
    )
    assert set(APPLICABLE) == set(patch._steps)
    assert 2 == run("drift", "toy", "--specs", specs, "--also", "wording-changed").exit_code
