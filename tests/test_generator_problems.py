"""Which mistakes are shown beside misshapen parts: decided by what a problem is, not by how it is worded."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from generator.build.api import build
from generator.check.api import check
from generator.ground.problems import Problem
from generator.source.folder import read_source
from generator.source.salvage import salvage, still_true
from tests.support.made import problems_of

CASE = Path(__file__).parent / "cases" / "misshapen_and_contradicting_parts" / "specs"


def places(problems: list[Problem]) -> list[tuple[str, int, str]]:
    """Return where problems are."""
    return sorted((problem.file, problem.line, problem.where) for problem in problems)


def test_another_wording_shows_the_same_problems() -> None:
    """A message may be rewritten freely: whether it is shown beside a misshapen part stays."""
    source = read_source(CASE, CASE / "demo")
    removed = salvage(source)
    assert removed is not None
    found = check(build(source))
    reworded = [replace(problem, what="`get_last` says: nothing uses it") for problem in found]
    assert places([*still_true(found, removed)]) == places([*still_true(reworded, removed)]) != []


@pytest.mark.parametrize(
    "line",
    [
        "names: {inside: in_side}",
        "symbols: {named_by: [inside]}",
    ],
)
def test_what_only_a_misshapen_part_has_is_not_missed(line: str, tmp_path: Path) -> None:
    """A parameter that was removed with its misshapen operation may be named elsewhere."""
    shutil.copytree(CASE, tmp_path / "specs")
    before = problems_of(tmp_path / "specs", tmp_path / "cache")
    with (tmp_path / "specs" / "demo" / "api.yaml").open("a") as file:
        file.write(f"{line}\n")
    market = tmp_path / "specs" / "demo" / "rest" / "market.yaml"
    market.write_text(
        market.read_text().replace("GET last\n", "GET last\n    params: {inside: {type: string, doc: It.}}\n")
    )
    after = problems_of(tmp_path / "specs", tmp_path / "cache")
    assert [] == [problem for problem in after if "inside" in problem]
    assert len(before) == len(after)
