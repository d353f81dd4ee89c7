"""The lowest versions that pyproject.toml allows are those that `make lowest` tests."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from generator.ground.tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = [text for extra in PROJECT["optional-dependencies"].values() for text in extra]
LOCKED = dict(re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / "tests/tools/lowest.lock").read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("text", [*PROJECT["dependencies"], *EXTRAS])
def test_each_floor_is_what_is_tested(text: str) -> None:
    """A dependency's floor in pyproject.toml is the version in the lock; else run `make lock`."""
    wanted = Requirement(text)
    floor = next(iter(wanted.specifier)).version
    assert Version(floor) == Version(LOCKED[wanted.name])
