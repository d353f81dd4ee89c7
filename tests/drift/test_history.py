"""What drift writes into the history is read back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from generator.drift.compare.changes import Change
from generator.drift.edit.history import quoted, with_revision

ODD = [
    "-1008",
    "1e5",
    "-2021",
    "1_000",
    "true",
    "No",
    "null",
    "~",
    "2026-11-20",
    "a: b",
    "- a",
    "a#b",
    '"',
    "=",
    "-",
    "_1",
]


@pytest.mark.parametrize("value", [*ODD, "side", "GET /v1/time", "error-code-added"])
def test_a_name_is_read_back_as_the_text_that_it_was(value: str) -> None:
    """Codes of errors look like numbers, and the next run has to read the file."""
    assert {"name": value} == YAML(typ="safe", pure=True).load(f"{{name: {quoted(value)}}}")


def test_wordings_do_not_bury_what_else_changed(tmp_path: Path) -> None:
    """Neither do statements that moved."""
    moved = Change("statement-moved", "section A", "", "section B", "section A", "wording")
    code = Change("error-code-added", "errors", "-1008")
    text = with_revision(tmp_path / "history.yaml", [code, moved], "2026-11-20")
    assert ('name: "-1008"' in text, "statement-moved" in text) == (True, False)
