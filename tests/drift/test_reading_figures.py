"""What is read of the seven documentations, against what people found in them by hand."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from generator.drift.compare.reading import load_profile, read_pages
from generator.drift.draft.enums import SIGNS
from generator.drift.draft.guess import Guess
from generator.drift.facts.facts import Facts
from generator.drift.fetching.fetch import Fetcher
from generator.ground.tree import ROOT
from tests.drift.reading import INVENTORY, SPECS, folder_of
from tests.drift.test_inventory_facts import owner, param_path

Figures = dict[str, tuple[int, int]]
"""Kind → how many were read, and how many there are."""
Miss = tuple[str, str, str]
UNSEEN = frozenset({"binance_spot", "bybit"})
"""Read as a draft reads them, with words that are guessed."""
FIGURES: dict[str, Figures] = {
    "aster_futures": {"operations": (27, 27), "parameters": (141, 141), "marks": (141, 141), "fields": (327, 327)},
    # One cell marks `symbol` and `symbols` together as required, of which a call has one.
    "binance_spot": {"operations": (42, 42), "parameters": (282, 282), "marks": (280, 282), "fields": (0, 0)},
    "bingx_swap": {"operations": (2, 2), "parameters": (6, 6), "marks": (6, 6), "fields": (28, 28)},
    "bitget_margin": {"operations": (45, 45), "parameters": (177, 177), "marks": (177, 177), "fields": (309, 309)},
    "bybit": {"operations": (126, 126), "parameters": (486, 486), "marks": (486, 486), "fields": (0, 0)},
    "hibt_futures": {"operations": (23, 23), "parameters": (95, 95), "marks": (95, 95), "fields": (284, 284)},
    "sixmm": {"operations": (13, 13), "parameters": (11, 11), "marks": (11, 11), "fields": (41, 41)},
}
"""What was read, and what there is; the inventories of two list no fields."""


@cache
def read(api: str) -> Facts:
    """What is read of all pages of an API; skips where they are not here."""
    documents = Fetcher(ROOT / ".cache" / "drift", False).documents([str(folder_of(api))])
    profile = Guess(documents).profile(SIGNS)[0] if api in UNSEEN else load_profile(SPECS, SPECS / api)
    return read_pages(documents, profile).all


def inventory(api: str) -> list[dict[str, Any]]:
    """The calls that people found."""
    path = INVENTORY / f"{api}.json"
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    return [entry for entry in json.loads(path.read_text("utf-8")) if entry.get("kind", "rest") == "rest"]


def expected(api: str) -> set[Miss]:
    """Kind, call and name of everything in the inventory; a mark is a parameter that must, or need not, be given."""
    found = set[Miss]()
    for entry in inventory(api):
        found.add(("operations", owner(entry), ""))
        for param in entry["params"]:
            path = param_path(param)
            found |= {("parameters", owner(entry), path), ("marks", owner(entry), f"{path} {param['required']}")}
        found |= {("fields", owner(entry), _leaf(field["path"])) for field in entry.get("response_fields", [])}
    return found


def stated(facts: Facts) -> set[Miss]:
    """The same of what was read."""
    found = set[Miss]()
    for (call, kind, name), fact in facts.facts.items():
        if kind == "operation":
            found.add(("operations", call, ""))
        elif kind == "param":
            found |= {("parameters", call, name), ("marks", call, f"{name} {fact.required}")}
        elif kind in ("field", "sample"):
            found.add(("fields", call, _leaf(name)))
    return found


def _leaf(path: str) -> str:
    return path.rpartition(".")[2].removesuffix("[]")


def lost(api: str) -> list[Miss]:
    """What people found, and reading does not."""
    return sorted(expected(api) - stated(read(api)))


def figures(api: str) -> Figures:
    """Count it by kind."""
    wanted, missing = expected(api), lost(api)
    kinds = ("operations", "parameters", "marks", "fields")
    counts = {kind: sum(one[0] == kind for one in wanted) for kind in kinds}
    return {kind: (counts[kind] - sum(one[0] == kind for one in missing), counts[kind]) for kind in kinds}


@pytest.mark.parametrize("api", sorted(FIGURES))
def test_what_people_found_is_read(api: str) -> None:
    """Calls, parameters with their marks, and fields."""
    assert FIGURES[api] == figures(api), lost(api)[:20]
