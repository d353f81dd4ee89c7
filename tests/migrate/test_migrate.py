"""Specs of the first edition become specs of the second, and nothing but the words changes."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.migrate.moves import MOVES
from generator.migrate.run import migrate, rewrite
from generator.migrate.texts import Text, pairs
from generator.source.editions import SHAPES, WORDS, old_word
from generator.source.schema import schema_of
from tests.support.made import problems_of

HERE = Path(__file__).parent
FIRST, SECOND = HERE / "first", HERE / "second"


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """Return a copy of the specs of the first edition."""
    return Path(shutil.copytree(FIRST, tmp_path / "specs"))


def files(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.yaml"))}


def comments(text: str) -> Counter[str]:
    return Counter(re.findall(r"(?m)(?:^| )(#.*)$", text))


def test_the_first_edition_becomes_the_second(specs: Path) -> None:
    """Every old word is rewritten, in blocks and in braces, and every other line stays."""
    assert [] == migrate(specs).problems
    assert files(SECOND) == files(specs)


def test_the_second_edition_stays(specs: Path) -> None:
    """What was migrated once is left alone by a second run."""
    migrate(specs)
    again = migrate(specs)
    assert ([], []) == (again.changed, again.problems)


def test_no_comment_is_lost(specs: Path) -> None:
    """Comments go where their line goes, or stay where it was."""
    before = {name: comments(text) for name, text in files(specs).items()}
    migrate(specs)
    assert before == {name: comments(text) for name, text in files(specs).items()}


def test_what_was_migrated_is_a_spec(specs: Path, cache: Path) -> None:
    """The generator finds nothing wrong with it but the mistake that it had before: signatures of one second are alike."""
    migrate(specs)
    (problem,) = problems_of(specs, cache)
    assert "whole seconds can't make each signature different" in problem


def test_the_first_edition_is_explained(cache: Path) -> None:
    """Whoever generates from an old spec reads what each word is called now, and which command rewrites it."""
    problems = problems_of(FIRST, cache)
    assert problems
    assert [] == [problem for problem in problems if "python -m generator migrate" not in problem]


def test_every_old_word_is_in_the_example() -> None:
    """A word that the example lacks would be rewritten untried."""
    found = set()
    for path in FIRST.rglob("*.yaml"):
        schema = schema_of(path.relative_to(FIRST / "demo").as_posix()) or ""
        for place, mapping in Text(path.read_text("utf-8")).mappings():
            found |= {old.word for pair in pairs(mapping) if (old := old_word(schema, place, pair.name))}
    assert {old.word for old in WORDS} == found


def test_what_moves_has_a_move() -> None:
    """A word of the table that is not only renamed needs a function of its own."""
    assert {old.word for old in WORDS if not old.renamed} | {shape.place[-1] for shape in SHAPES} == MOVES.keys()


@pytest.mark.parametrize(
    ("schema", "text", "line", "what"),
    [
        ("api.json", "title: T\ntime: {}\nserver_time: {}\n", 2, "remove one"),
        ("api.json", "carriers: {GET: query}\nrequests: {GET: json}\n", 1, "by hand"),
        ("api.json", "limits:\n  default_none: {}\ndefault_limit:\n  none: {by: ip}\n", 3, "into `limits`"),
        ("api.json", "mock: {failures: {}}\nsigning:\n  failures: {x: 1}\n  schemes: {}\n", 3, "`mock`"),
        ("rest.json", "operations:\n  - name: a\n    conclusive: true\n", 3, "lookups"),
        ("rest.json", "operations:\n  - name: a\n    returns: {doc: D}\n", 3, "without a name"),
    ],
)
def test_what_cannot_be_decided_is_named_with_its_line(schema: str, text: str, line: int, what: str) -> None:
    """A person decides; the text stays as it is."""
    found, undecided = rewrite(text, schema)
    assert text == found
    assert [line] == [error.line for _, error in undecided]
    assert what in undecided[0][1].what


def test_line_breaks_and_marks_of_other_systems_stay() -> None:
    """A file that was saved on Windows keeps its line breaks and its byte order mark."""
    assert ("\ufeffserver_time: {}\r\nnames: {}\r\n", []) == rewrite("\ufefftime: {}\r\nwords: {}\r\n", "api.json")


def test_a_file_that_is_no_yaml_is_named_and_left(specs: Path) -> None:
    """The others are rewritten; the command says which one was not, and fails."""
    broken = specs / "demo" / "types.yaml"
    broken.write_text("structs:\n\tOrder: {wire: text}\n", "utf-8")
    result = CliRunner().invoke(main, ["migrate", "--specs", str(specs)])
    assert 1 == result.exit_code
    assert "specs/demo/types.yaml:2  YAML: " in result.output
    assert "wrote  specs/demo/api.yaml" in result.output
    assert "structs:\n\tOrder: {wire: text}\n" == broken.read_text("utf-8")


def test_the_command_says_what_it_wrote(specs: Path) -> None:
    """One line for each file, and success."""
    result = CliRunner().invoke(main, ["migrate", "--specs", str(specs)])
    assert 0 == result.exit_code
    assert "wrote  specs/demo/streams.yaml" in result.output
    assert "5 files rewritten" in result.output
