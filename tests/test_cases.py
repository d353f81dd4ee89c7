"""Every folder of `tests/cases` is one promise: a small spec, and its exact problems or the files that matter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.made import problems_of, texts_of

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, cache: Path, update: bool) -> None:
    """A spec makes the problems, or the files, that its folder holds."""
    wanted = case / "problems.txt"
    problems = "".join(f"{line}\n" for line in problems_of(case / "specs", cache))
    if update:
        rewrite(case, problems, cache)
    assert (wanted.read_text("utf-8") if wanted.is_file() else "") == problems
    made = {} if problems else texts_of(case / "specs", cache)
    for path, expected in expected_files(case).items():
        assert expected == made[path], f"{case.name}/expected/{path}"


def expected_files(case: Path) -> dict[str, str]:
    """Return the files that matter; to add one, make an empty file and update."""
    folder = case / "expected"
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def rewrite(case: Path, problems: str, cache: Path) -> None:
    """Make the expected files what the generator makes now."""
    (case / "problems.txt").unlink(missing_ok=True)
    if problems:
        (case / "problems.txt").write_text(problems, "utf-8")
        return
    made = texts_of(case / "specs", cache)
    for path in expected_files(case):
        (case / "expected" / path).write_text(made[path], "utf-8")


def test_every_case_expects_something() -> None:
    """A case without expectations would pass whatever happens."""
    assert [] == [case.name for case in CASES if not (case / "problems.txt").is_file() and not expected_files(case)]
