"""The order of the rooms, as the contracts in pyproject.toml say it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.ground.tree import ROOT
from tests.support.floor_plan import BEGIN, END, floor_plan

LINTER = Path(sys.executable).with_name("lint-imports")


def broken(checkout: Path) -> str:
    """Return what the linter says of a checkout, or nothing where all contracts are kept."""
    command = [str(LINTER), "--no-cache", "--no-logo", "pyproject.toml"]
    paths = {"PYTHONPATH": f"{checkout}:{checkout / 'generated'}", "PATH": ""}
    done = subprocess.run(command, cwd=checkout, env=paths, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode else ""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy what the contracts are about."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    skipped = shutil.ignore_patterns("__pycache__", "docs", "openapi", "asyncapi")
    for folder in ("generator", "generated"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=skipped)
    return tmp_path


def test_the_rooms_keep_their_order(checkout: Path) -> None:
    """No import points upwards, and no modules form a circle."""
    assert "" == broken(checkout)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("generator/ground/naming.py", "from generator.model import api"),
        ("generator/build/types.py", "from generator.check import names"),
        ("generator/python/limits.py", "from generator.documents import openapi"),
        ("generator/drift/pages/words.py", "from generator.drift.facts import profile"),
        ("generator/words/markdown.py", "from generator.words import phrases"),
    ],
)
def test_a_forbidden_import_is_refused(checkout: Path, file: str, line: str) -> None:
    """An arrow upwards, one between printers, and a circle inside a room each break a contract."""
    with (checkout / file).open("a") as module:
        module.write(f"\n{line}\n")
    assert "BROKEN" in broken(checkout)


def test_contributing_draws_the_rooms(update: bool) -> None:
    """The picture in CONTRIBUTING.md is that of the contracts."""
    path = ROOT / "CONTRIBUTING.md"
    before, begin, rest = path.read_text("utf-8").partition(BEGIN)
    drawn, end, after = rest.partition(END)
    assert begin
    assert end
    if update:
        path.write_text(before + BEGIN + floor_plan() + END + after, "utf-8")
    else:
        assert floor_plan() == drawn
