"""The table of the atlas, as the reference shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.build.atlas import atlas
from generator.ground.problems import SpecError
from generator.ground.tree import ROOT
from tests.atlas.entries import read_entries
from tests.atlas.table import read_rules

TABLE = ROOT / "specs" / "atlas.json"


def test_every_entry_is_in_the_table() -> None:
    """The table that is committed has every entry, and the number of rules there are; `make atlas` writes it."""
    table = atlas(TABLE.parent)
    assert table is not None
    assert [entry.name for entry in read_entries()] == [one.name for one in table.exchanges]
    assert len(read_rules().rules) == table.rules


def test_specs_without_a_table(tmp_path: Path) -> None:
    """Specs of one's own have no table, and need none."""
    assert atlas(tmp_path) is None


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"ccxt": "1", "rules": 1, "said": 1, "left_out": {}, "wallet": [], "exchanges": [{}]}', "1"],
)
def test_broken_table(text: str, tmp_path: Path) -> None:
    """A table that nobody measured is a problem with its file, not a traceback."""
    (tmp_path / "atlas.json").write_text(text, "utf-8")
    with pytest.raises(SpecError) as caught:
        atlas(tmp_path)
    assert ["atlas.json"] == [problem.file.rpartition("/")[2] for problem in caught.value.problems]


def test_table_is_plain_json() -> None:
    """The table can be read without this package."""
    assert {"ccxt", "rules", "said", "left_out", "wallet", "exchanges"} == json.loads(TABLE.read_text("utf-8")).keys()
