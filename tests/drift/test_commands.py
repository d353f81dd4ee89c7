"""What `drift` and `facts` print, and how they exit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from generator.ground.problems import SpecError
from generator.ground.tree import ROOT
from generator.pipeline.validate import model_of
from generator.source.folder import read_source
from tests.drift.places import PAGE, copied, run, texts, toy
from tests.drift.reading import APIS, EVERY, SPECS, folder_of


def test_a_first_reading_of_an_equal_spec_exits_0(tmp_path: Path) -> None:
    """Documentation and spec say the same: nothing to tell."""
    specs, page = toy(tmp_path)
    result = run("drift", "toy", "--specs", specs, "--docs", page)
    assert 0 == result.exit_code, result.output
    assert "toy: no changes against the spec" in result.output


def test_a_difference_exits_1_with_its_place(tmp_path: Path) -> None:
    """What the spec misses is told with the line on the page."""
    specs, page = toy(tmp_path, PAGE.replace("| side |", "| price | decimal | No | The price. |\n| side |"))
    result = run("drift", "toy", "--specs", specs, "--docs", page)
    assert 1 == result.exit_code
    assert f"    new       param-added price – → decimal  {page}:12" in result.output


def test_changes_since_the_last_reading_are_told(tmp_path: Path) -> None:
    """observed.json is what the next reading is compared with."""
    specs, page = toy(tmp_path)
    run("drift", "toy", "--specs", specs, "--docs", page, "--write")
    page.write_text(PAGE.replace("| side | string | Yes", "| side | string | No"), "utf-8")
    result = run("drift", "toy", "--specs", specs, "--docs", page)
    assert "toy: 1 changes (1 new) since the last reading" in result.output
    assert "param-became-optional side required → optional" in result.output


def test_the_most_severe_change_comes_first(tmp_path: Path) -> None:
    """Within an operation, what breaks callers stands above what is new."""
    changed = PAGE.replace("| side |", "| aaa | string | No | New. |\n| zzz | string | Yes | New. |\n| side |")
    specs, page = toy(tmp_path, changed)
    lines = run("drift", "toy", "--specs", specs, "--docs", page).output.splitlines()
    assert ["breaking", "new"] == [line.split()[0] for line in lines if "param-added" in line]


def test_json_has_everything(tmp_path: Path) -> None:
    """Programs get the same changes, with ids, levels and places."""
    specs, page = toy(tmp_path, PAGE.replace("| 1003 |", "| 1002 | New |\n| 1003 |"))
    report = json.loads(run("drift", "toy", "--specs", specs, "--docs", page, "--json").output)[0]
    change = report["spec"][0]
    assert ("error-code-added", "new", "errors", "1002", 25) == tuple(
        change[key] for key in ("change", "level", "owner", "name", "line")
    )
    assert "minor" == report["bump"]


def test_a_changelog_entry_suggests_a_version_bump(tmp_path: Path) -> None:
    """Markdown, by level."""
    specs, page = toy(tmp_path, PAGE.replace("| side | string | Yes | `BUY` / `SELL` |\n", ""))
    output = run("drift", "toy", "--specs", specs, "--docs", page, "--changelog").output
    assert "Suggested version bump: **major**." in output
    assert "- `POST /v1/order`: param-removed side" in output


def test_facts_prints_what_was_read(tmp_path: Path) -> None:
    """Looking into a profile needs no comparison."""
    specs, page = toy(tmp_path)
    found = json.loads(run("facts", "toy", "--specs", specs, "--docs", page, "--json").output)
    assert ["POST /v1/order", "param", "symbol"] in [fact[:3] for fact in found["orders"]["facts"]]


def test_an_unknown_api_is_told_with_a_suggestion(tmp_path: Path) -> None:
    """A typing error costs one look."""
    specs, page = toy(tmp_path)
    result = run("drift", "toyy", "--specs", specs, "--docs", page)
    assert 2 == result.exit_code
    assert "did you mean `toy`?" in result.output


@pytest.mark.parametrize("api", EVERY)
def test_the_specs_equal_their_documentation(api: str) -> None:
    """Nothing drifted since observed.json was written, and every difference from the spec is explained."""
    result = run("drift", api, "--docs", folder_of(api))
    assert 0 == result.exit_code, result.output


@pytest.mark.parametrize("api", EVERY)
def test_no_sentence_of_the_documentation_is_kept(api: str) -> None:
    """observed.json holds names, types, figures and hashes: no value is longer than a type's name."""
    pages = json.loads((SPECS / api / "observed.json").read_text("utf-8"))["pages"]
    facts = [
        (name, *fact)
        for page in pages.values()
        for kinds in page.values()
        for k in kinds.values()
        for name, fact in k.items()
    ]
    assert [] == [name for name, *_ in facts if len(name.split()) > 2]
    assert [] == [value for _, value, _, _ in facts if len(value.split()) > 3]


@pytest.mark.parametrize("api", APIS)
def test_profiles_have_the_right_shape(api: str) -> None:
    """docs.yaml fits its schema, patterns compile."""
    from generator.drift.compare.reading import load_profile

    assert load_profile(SPECS, SPECS / api)


def test_a_mistake_in_a_profile_is_told_with_its_line(tmp_path: Path) -> None:
    """A key that is no key is named, and the run exits 2."""
    specs, page = toy(tmp_path)
    (specs / "toy" / "docs.yaml").write_text("labels:\n  parms: [x]\n", "utf-8")
    result = run("drift", "toy", "--specs", specs, "--docs", page)
    assert 2 == result.exit_code
    assert "specs/toy/docs.yaml:2  labels: unknown key `parms`; did you mean `params`?" in result.output


def test_a_pattern_that_does_not_compile_is_told(tmp_path: Path) -> None:
    """No traceback for a regular expression with a typing error."""
    specs, page = toy(tmp_path)
    (specs / "toy" / "docs.yaml").write_text("skip: ['(']\n", "utf-8")
    result = run("drift", "toy", "--specs", specs, "--docs", page)
    assert 2 == result.exit_code
    assert "docs.yaml:1" in result.output


def test_generate_and_check_do_not_import_drift() -> None:
    """Making clients needs no HTML parser, and starts as fast as before."""
    code = (
        "import sys; from click.testing import CliRunner; from generator.cli import main; "
        "CliRunner().invoke(main, ['check']); print([m for m in sys.modules if 'drift' in m or m in ('lxml', 'ruamel')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "[]" == done.stdout.strip()


def test_a_quirk_explains_a_difference(tmp_path: Path) -> None:
    """What a quirk names, where it stands, is no drift."""
    specs, page = toy(tmp_path, PAGE.replace("| side |", "| ghost | string | No | Nothing. |\n| side |"))
    path = specs / "toy" / "rest" / "orders.yaml"
    quirk = "    quirks:\n      - {what: The page lists `ghost`., why: The exchange refuses it.}\n"
    path.write_text(path.read_text("utf-8").replace("    source:", quirk + "    source:"), "utf-8")
    result = run("drift", "toy", "--specs", specs, "--docs", page)
    assert 0 == result.exit_code
    assert "1 more are explained by quirks" in result.output


def test_todo_is_a_problem_of_the_spec(tmp_path: Path) -> None:
    """What a machine left open cannot be generated from, and is told with its line."""
    specs, _ = toy(tmp_path)
    path = specs / "toy" / "errors.yaml"
    path.write_text(path.read_text("utf-8").replace("The time is wrong.", '"TODO: say what it means."'), "utf-8")
    with pytest.raises(SpecError) as caught:
        model_of(read_source(specs, specs / "toy"), specs)
    assert ["specs/toy/errors.yaml:4  codes.1003.message: a person must decide: say what it means."] == [
        str(problem) for problem in caught.value.problems
    ]


def test_nothing_is_written_without_being_told(tmp_path: Path) -> None:
    """Looking changes no file."""
    specs, page = toy(tmp_path, PAGE.replace("| 1003 |", "| 1002 | New |\n| 1003 |"))
    before = texts(specs)
    run("drift", "toy", "--specs", specs, "--docs", page)
    assert before == texts(specs)


def test_a_copy_of_a_spec_can_be_compared(tmp_path: Path) -> None:
    """--specs works on any folder."""
    specs = copied("bingx_swap", tmp_path)
    assert 0 == run("drift", "bingx_swap", "--specs", specs, "--docs", folder_of("bingx_swap")).exit_code


def test_a_quirk_about_something_else_explains_no_mark(tmp_path: Path) -> None:
    """That a parameter is named by a quirk does not hide that it need not be given any more."""
    specs, page = toy(tmp_path, PAGE.replace("| side | string | Yes |", "| side | string | No |"))
    path = specs / "toy" / "rest" / "orders.yaml"
    quirk = "    quirks:\n      - {what: The sample has `side` in lower case., why: The table has capitals.}\n"
    path.write_text(path.read_text("utf-8").replace("    source:", quirk + "    source:"), "utf-8")
    assert "param-became-optional side" in run("drift", "toy", "--specs", specs, "--docs", page).output


def test_the_nightly_workflow_is_readable() -> None:
    """It writes and generates where nothing may be written to the repository, and proposes what came of it."""
    import yaml

    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "drift.yml").read_text("utf-8"))["jobs"]
    scripts = {name: "\n".join(step.get("run", "") for step in job["steps"]) for name, job in jobs.items()}
    found = (
        "generator drift --write" in scripts["read"],
        "make generate" in scripts["read"],
        "gh pr create" in scripts["propose"],
    )
    assert (True, True, True) == found


def against_spec(tmp_path: Path, page: str) -> list[tuple[str, str, str, str]]:
    """Id, owner, name and what was before, of each change against the toy spec."""
    specs, path = toy(tmp_path, page)
    report = json.loads(run("drift", "toy", "--specs", specs, "--docs", path, "--json").output)[0]
    return [(c["change"], c["owner"], c["name"], c["before"]) for c in report["spec"]]


def test_an_operation_with_another_path_moved(tmp_path: Path) -> None:
    """Held against the spec too, it is one change and not two."""
    found = against_spec(tmp_path, PAGE.replace("POST /v1/order", "POST /v2/order"))
    assert [("operation-moved", "POST /v1/order", "", "POST /v1/order")] == found


def test_a_parameter_in_another_case_was_renamed(tmp_path: Path) -> None:
    """Held against the spec too, the same letters are the same parameter."""
    found = against_spec(tmp_path, PAGE.replace("| symbol |", "| Symbol |"))
    assert [("param-renamed", "POST /v1/order", "Symbol", "symbol")] == found


def test_a_list_of_values_that_no_enum_has_is_told(tmp_path: Path) -> None:
    """An enum that is new in the documentation is missing in the spec."""
    page = PAGE + "\n## Mode\n\n| Value | Description |\n|---|---|\n| dark | Dark. |\n| light | Light. |\n"
    assert [("enum-value-added", "enum Mode", name, "") for name in ("dark", "light")] == against_spec(tmp_path, page)


@pytest.mark.parametrize("words", ["A limit order needs its price.", "The limit is 20 in other places."])
def test_a_quirk_that_speaks_of_limits_hides_no_other_figure(tmp_path: Path, words: str) -> None:
    """Only a quirk with the documented figure explains it."""
    specs, page = toy(tmp_path, PAGE.replace("10 requests", "5 requests"))
    path = specs / "toy" / "rest" / "orders.yaml"
    quirk = f"    quirks:\n      - {{what: {words}, why: So it is.}}\n"
    path.write_text(path.read_text("utf-8").replace("    source:", quirk + "    source:"), "utf-8")
    assert "limit-changed limit 10/1s uid → 5/1s" in run("drift", "toy", "--specs", specs, "--docs", page).output


def test_a_quirk_of_the_whole_api_hides_no_member_of_an_operation(tmp_path: Path) -> None:
    """It names members in passing."""
    specs, page = toy(tmp_path, PAGE.replace("| symbol | string | Yes | Trading pair. |\n", ""))
    with (specs / "toy" / "api.yaml").open("a", encoding="utf-8") as file:
        file.write("quirks:\n  - {what: Samples write `symbol` in two ways., why: Both are read.}\n")
    assert "param-removed symbol" in run("drift", "toy", "--specs", specs, "--docs", page).output


def test_a_sentence_in_the_place_of_a_name_is_not_kept(tmp_path: Path) -> None:
    """A type or a list's title that is a sentence leaves its first word and a hash in observed.json."""
    sentence = "string that the exchange makes up for each new order"
    values = f"\n{sentence}:\n\n| Value | Description |\n|---|---|\n| dark | Dark. |\n"
    specs, page = toy(tmp_path, PAGE.replace("| symbol | string |", f"| symbol | {sentence} |") + values)
    run("drift", "toy", "--specs", specs, "--docs", page, "--write")
    kept = (specs / "toy" / "observed.json").read_text("utf-8")
    assert "symbol" in kept
    assert "the exchange makes" not in kept
