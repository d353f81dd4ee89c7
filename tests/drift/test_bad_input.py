"""Pages that are not what they should be: a clear message, exit 2, and nothing touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drift.places import PAGE, run, texts, toy
from tests.drift.reading import PAGES, page, read

TABLE = "| Name | Type | Required |\n|---|---|---|\n" + "| a | int | Yes |\n"
BIG = "# Tables\n\n" + TABLE * 200_000
ORDERS = "".join(f"## Op {n}\n\nGET /v1/op{n}\n\n{TABLE}\n" for n in range(12))
ENTITIES = "<!ENTITY e0 'aaaaaaaaaa'>" + "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 10))
KOREAN = (
    PAGE.replace("Parameter", "매개변수").replace("Required", "무엇").replace("Type", "종류").replace("Field", "필드")
)


@pytest.mark.parametrize(
    ("what", "content", "message"),
    [
        ("an empty page", "", "the page is empty"),
        ("blanks", " \n\n ", "the page is empty"),
        ("a login wall", (PAGES / "login.html").read_text("utf-8"), "looks like a login page"),
        ("a recipe", (PAGES / "recipe.html").read_text("utf-8"), "no operation, channel, enum or error code was found"),
        ("a bot check", "<html><title>Just a moment...</title></html>", "looks like a bot check"),
        ("an error page", "<html><h1>404 Not Found</h1></html>", "looks like an error page"),
        (
            "a page made by scripts",
            "<html><body><div id=app></div><script>" + "x()" * 999 + "</script></body></html>",
            "scripts",
        ),
        ("10 MB of tables", BIG * 3, "read its pages one by one"),
        ("a bomb of brackets", "[" * 300_000, "no operation"),
        ("a bomb of tags", "<html>" + "<div>" * 100_000, "no operation"),
        ("a bomb of quotes", ">" * 50_000 + " GET", "no operation"),
        ("a million lines", "x\n" * 1_000_000, "more than 100000 lines; read its pages one by one"),
        (
            "cells that span a thousand rows and columns",
            "<html><table>" + "<tr><td rowspan=999 colspan=999>x</td></tr>" * 999 + "</table>",
            "more than 400000 cells",
        ),
        ("entities that name each other", f"<!DOCTYPE html [{ENTITIES}]><html><p>&e9;</p></html>", "no operation"),
        ("components without an end", "# A\n" + "<A b='" * 30_000 + '{% a "' * 30_000, "no operation"),
        ("binary", "PNG\0\0\0" * 100, "not a text file"),
        ("another exchange", "## Time\n\nGET /v9/other/time\n\nResponse\n\n```\n{}\n```\n" * 2, "belongs to this API"),
    ],
)
def test_a_wrong_page_is_told_and_nothing_is_touched(tmp_path: Path, what: str, content: str, message: str) -> None:
    """Exit 2, what is wrong, and spec and observed.json as they were; never `everything was removed`."""
    specs, path = toy(tmp_path)
    run("drift", "toy", "--specs", specs, "--docs", path, "--write")
    before = texts(specs)
    path.write_text(content, "utf-8")
    result = run("drift", "toy", "--specs", specs, "--docs", path, "--write")
    assert 2 == result.exit_code, what
    assert message in result.output
    assert "removed" not in result.output
    assert before == texts(specs)


def test_a_page_that_lost_most_of_itself_looks_wrong(tmp_path: Path) -> None:
    """Two of twelve operations are left: that is said, instead of ten removals."""
    specs, path = toy(tmp_path, PAGE + ORDERS)
    run("drift", "toy", "--specs", specs, "--docs", path, "--write")
    path.write_text(PAGE + "".join(ORDERS.partition("## Op 1\n")[:1]), "utf-8")
    result = run("drift", "toy", "--specs", specs, "--docs", path)
    assert 2 == result.exit_code
    assert "only 2 of 13 operations are left; the page looks cut off" in result.output


def test_a_page_can_be_believed_all_the_same(tmp_path: Path) -> None:
    """--believe takes the removals for real."""
    specs, path = toy(tmp_path, PAGE + ORDERS)
    run("drift", "toy", "--specs", specs, "--docs", path, "--write")
    path.write_text(PAGE, "utf-8")
    result = run("drift", "toy", "--specs", specs, "--docs", path, "--believe")
    assert 1 == result.exit_code
    assert "toy: 12 changes (12 breaking) since the last reading" in result.output


def test_a_page_in_another_language_looks_wrong(tmp_path: Path) -> None:
    """Endpoints are the same in every language; that their parameters are gone is doubted, not believed."""
    rows = "".join(f"| p{n} | int | No | The p{n}. |\n" for n in range(9))
    specs, path = toy(tmp_path, PAGE.replace("| side |", rows + "| side |"))
    run("drift", "toy", "--specs", specs, "--docs", path, "--write")
    path.write_text(KOREAN, "utf-8")
    result = run("drift", "toy", "--specs", specs, "--docs", path)
    assert 2 == result.exit_code
    assert "parameters are left" in result.output


def test_broken_html_is_read_as_browsers_do() -> None:
    """Tags that were never closed lose nothing."""
    params = [key[2] for key, _ in page("broken.html").of("param")]
    assert ["symbol", "limit", "side"] == params


@pytest.mark.parametrize("name", ["page.md", "page.html", "page.txt"])
@pytest.mark.parametrize(
    "content", ["\ufeff", "\x00\x01\x02", "{" * 5000, "|" * 5000, "#" * 5000, "`" * 5001, "<" * 5000, "1{" * 999]
)
def test_rubbish_is_read_without_a_traceback(name: str, content: str) -> None:
    """Whatever a page holds, reading it ends."""
    assert [] == read(content, name).owners()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A path with a typing error exits 2."""
    specs, _ = toy(tmp_path)
    result = run("drift", "toy", "--specs", specs, "--docs", tmp_path / "nothing.md")
    assert 2 == result.exit_code
    assert "no such file, folder or address" in result.output


def test_a_damaged_observed_file_is_told(tmp_path: Path) -> None:
    """A merge gone wrong in observed.json is no reason to believe that everything is new."""
    specs, path = toy(tmp_path)
    (specs / "toy" / "observed.json").write_text("<<<<<<<", "utf-8")
    result = run("drift", "toy", "--specs", specs, "--docs", path)
    assert 2 == result.exit_code
    assert "observed.json is damaged" in result.output


def test_a_first_reading_is_held_against_the_spec(tmp_path: Path) -> None:
    """Before anything was observed, a page that has a fifth of what the spec has from it is doubted too."""
    specs, path = toy(tmp_path)
    place = PAGE.replace("POST /v1/order", "POST /v1/order{0}")
    orders = (specs / "toy" / "rest" / "orders.yaml").read_text("utf-8")
    head, entry = orders.split("operations:\n")
    many = (entry.replace("place_order", f"place_order_{n}").replace("/v1/order", f"/v1/order{n}") for n in range(9))
    (specs / "toy" / "rest" / "orders.yaml").write_text(f"{head}operations:\n" + "".join(many), "utf-8")
    path.write_text(place.format(0), "utf-8")
    result = run("drift", "toy", "--specs", specs, "--docs", path)
    assert 2 == result.exit_code
    assert "only 1 of 9 operations are left" in result.output


def test_a_page_with_few_codes_removes_no_others(tmp_path: Path) -> None:
    """A page that lists one code of many says nothing of the others."""
    specs, path = toy(tmp_path, PAGE.replace("| 1003 | Wrong time |\n", ""))
    many = "".join(f"  - {{code: {n}, kind: UnknownError, message: Unknown.}}\n" for n in range(2001, 2009))
    with (specs / "toy" / "errors.yaml").open("a", encoding="utf-8") as file:
        file.write(many)
    assert 0 == run("drift", "toy", "--specs", specs, "--docs", path).exit_code


@pytest.mark.parametrize("command", ["drift", "facts"])
def test_a_folder_with_a_file_that_cannot_be_read_is_told(tmp_path: Path, command: str) -> None:
    """A page of the folder that is missing is no page that is empty."""
    specs, page = toy(tmp_path)
    (tmp_path / "docs").mkdir()
    page.rename(tmp_path / "docs" / "orders.md")
    (tmp_path / "docs" / "other.md").symlink_to(tmp_path / "nowhere")
    result = run(command, "toy", "--specs", specs, "--docs", tmp_path / "docs")
    assert 2 == result.exit_code
    assert "other.md: No such file or directory" in result.output


def test_facts_says_why_it_read_nothing(tmp_path: Path) -> None:
    """Looking into a profile shows what is wrong with the page."""
    specs, _ = toy(tmp_path)
    result = run("facts", "toy", "--specs", specs, "--docs", PAGES / "login.html")
    assert 2 == result.exit_code
    assert "looks like a login page" in result.output


def test_a_folder_without_specs_is_told(tmp_path: Path) -> None:
    """No API is nothing to compare, not no drift."""
    result = run("drift", "--specs", tmp_path)
    assert 2 == result.exit_code
    assert "contains no API" in result.output


def test_a_draft_of_nothing_is_told(tmp_path: Path) -> None:
    """Without --docs there is nothing to draft from."""
    result = run("draft", "newexchange", "--specs", tmp_path)
    assert 2 == result.exit_code
    assert "use --docs" in result.output


@pytest.mark.parametrize("option", [("--also", "params-removed"), ("--today", "yesterday")])
def test_typing_errors_in_options_are_told(tmp_path: Path, option: tuple[str, str]) -> None:
    """An id that is none would apply nothing, and a day that is none would be kept in the history."""
    specs, path = toy(tmp_path)
    result = run("drift", "toy", "--specs", specs, "--docs", path, "--write", *option)
    assert 2 == result.exit_code
    assert option[1] in result.output


def test_what_the_disk_refuses_leaves_the_spec_as_it_was(tmp_path: Path) -> None:
    """Either all files of an API are written or none, and the exit says that it failed, not that something differs."""
    specs, path = toy(tmp_path, PAGE.replace("| 1003 |", "| 1002 | New |\n| 1003 |"))
    (specs / "toy" / "observed.json").mkdir()
    before = texts(specs)
    result = run("drift", "toy", "--specs", specs, "--docs", path, "--write")
    assert 2 == result.exit_code
    assert before == texts(specs)


HIDDEN = "\x1b[2K\x9b2K\u202e\u2066"


def test_no_file_and_no_json_has_what_a_page_hides(tmp_path: Path) -> None:
    """Direction marks and control characters are escapes in JSON, and can be seen in what people edit."""
    page = PAGE.replace("| symbol |", f"| lamp{HIDDEN} | string{HIDDEN} | No | Which{HIDDEN}. |\n| symbol |")
    specs, path = toy(tmp_path, page.replace("| 1001 |", f"| 1009 | {HIDDEN}dark |\n| 1001 |"))
    said = run("drift", "toy", "--specs", specs, "--docs", path, "--json", "--write").output
    said += run("draft", "new", "--specs", specs, "--docs", path).output
    written = "".join(text for name, text in texts(specs).items() if not name.startswith("schema"))
    assert not set(HIDDEN) & set("\x1b\x9b\u202e\u2066") & set(said + written)
