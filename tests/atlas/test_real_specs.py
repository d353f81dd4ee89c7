"""Entries of the atlas against the specs of the same exchanges."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
SPECS = HERE.parents[1] / "specs"
SAME = [("binance", "binance_spot", "hmac")]
"""Entry, API, and the scheme of its spec that the entry describes."""
SIGNED = ("text", "algorithm", "secret", "encoding", "signature", "timestamp")


def read(path: Path) -> Any:  # YAML
    """Return what a file says."""
    return yaml.safe_load(path.read_text("utf-8"))


def rule(scheme: Any) -> tuple[dict[str, object], list[list[tuple[str, str]]]]:
    """Return how a scheme signs, and what it adds; where among the parameters is for each side to choose."""
    placed = [sorted((word, said) for word, said in each.items() if word != "at") for each in scheme["place"]]
    return {word: scheme.get(word) for word in SIGNED}, sorted(placed)


@pytest.mark.parametrize(("entry", "api", "scheme"), SAME)
def test_entry_and_spec_sign_alike(entry: str, api: str, scheme: str) -> None:
    """Text, algorithm, key, encoding and what is added are the same, and so is where parameters go."""
    ours, theirs = read(SPECS / api / "api.yaml"), read(HERE / f"{entry}.yaml")["api"]
    assert rule(theirs["signing"]["schemes"][scheme]) == rule(ours["signing"]["schemes"][scheme])
    assert theirs["carriers"].items() <= ours["carriers"].items()
    assert theirs["servers"]["production"]["rest"] == ours["servers"]["production"]["rest"]
