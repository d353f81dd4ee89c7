"""Entries of the atlas against the specs of the same exchanges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from generator.ground.tree import ROOT
from tests.atlas.cases import Case, cases_of
from tests.atlas.compare import LEFT_OUT
from tests.atlas.entries import Entry, Yaml, read_entries
from tests.atlas.measure import generate_clients, sign_all

SPECS = ROOT / "specs"


@dataclass(frozen=True)
class Same:
    """An entry and the spec of the same API, with calls that both can say."""

    entry: str
    api: str
    group: str
    calls: tuple[dict[str, Yaml], ...]

    def variant(self) -> Entry:
        """Return the entry with these calls; where among the parameters it puts the time is for each side to choose."""
        written = next(entry for entry in read_entries((self.entry,))).written
        signing = written["api"]["signing"]
        schemes = {name: scheme | {"place": _anywhere(scheme["place"])} for name, scheme in signing["schemes"].items()}
        api = written["api"] | {"signing": signing | {"schemes": schemes}}
        return Entry(self.entry, dict(written) | {"api": api, "calls": list(self.calls)})

    def as_spec(self, case: Case) -> dict[str, Any]:
        """Return what the client of the spec needs to know of a case; its rules would refuse what is hostile."""
        operation = f"{self.group}_{case.call['name']}"
        return {**case.for_ours(), "api": self.api, "operation": operation, "options": {"validate": False}}


def _anywhere(place: list[dict[str, Yaml]]) -> list[dict[str, Yaml]]:
    return [{word: said for word, said in each.items() if word != "at"} for each in place]


def call(name: str, request: str, **values: Yaml) -> dict[str, Yaml]:
    """Return a call with texts, in the order given; what a spec enumerates keeps its value."""
    return {"name": name, "request": request, "values": values, "hostile": {"side": [], "category": []}, "ccxt": {}}


SAME = (
    Same(
        "binance",
        "binance_spot",
        "trade",
        (
            call("get_order", "GET /api/v3/order", symbol="BTCUSDT", origClientOrderId="my-1"),
            call("test_order", "POST /api/v3/order/test", symbol="BTCUSDT", side="BUY", newClientOrderId="my-1"),
            call("cancel_order", "DELETE /api/v3/order", symbol="BTCUSDT", origClientOrderId="my-1"),
        ),
    ),
    Same(
        "bitget",
        "bitget_margin",
        "cross",
        (
            call("get_open_orders", "GET /api/margin/v1/cross/order/openOrders", symbol="BTCUSDT", clientOid="my-1"),
            call("cancel_order", "POST /api/margin/v1/cross/order/cancelOrder", symbol="BTCUSDT", clientOid="my-1"),
        ),
    ),
    Same(
        "bybit",
        "bybit",
        "trade",
        (
            call("get_open_orders", "GET /v5/order/realtime", category="linear", symbol="BTCUSDT", cursor="page%3A1"),
            call("cancel_order", "POST /v5/order/cancel", category="linear", symbol="BTCUSDT", orderLinkId="my-1"),
        ),
    ),
)
OTHERS = {
    "aster_futures": "ccxt signs with a wallet",
    "bingx_swap": "this is v1, which signs method and path, too; the entry is v2",
    "hibt_futures": "no exchange of ccxt",
    "sixmm": "no exchange of ccxt",
}
"""APIs whose rules no entry has, and why."""


@pytest.fixture(scope="module")
def requests(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Case, Any, Any]]]:
    """Return what is sent for each case of each entry: by the entry's client, and by that of the spec."""
    entries = {same.entry: same.variant() for same in SAME}
    generated = generate_clients(list(entries.values()), tmp_path_factory.mktemp("same"))
    return {same.entry: list(_signed(same, entries[same.entry], generated)) for same in SAME}


def _signed(same: Same, entry: Entry, generated: Path) -> Iterator[tuple[Case, Any, Any]]:
    cases = list(cases_of(entry))
    by_entry = sign_all({entry.name: entry.credentials}, [case.for_ours() for case in cases], generated)
    by_spec = sign_all({same.api: entry.credentials}, [same.as_spec(case) for case in cases], ROOT / "generated")
    yield from zip(cases, by_entry, by_spec, strict=True)


@pytest.mark.parametrize("same", SAME, ids=lambda same: same.entry)
def test_entry_and_spec_sign_alike(same: Same, requests: dict[str, list[tuple[Case, Any, Any]]]) -> None:
    """Signed by the entry's rule and by the spec's, the same call is the same address, headers and body, whatever its texts."""
    assert len(requests[same.entry]) > len(same.calls)
    for case, by_entry, by_spec in requests[same.entry]:
        headers = {name: value for name, value in by_entry["headers"].items() if name.lower() not in LEFT_OUT}
        expected = (by_entry["url"], headers, by_entry["body"])
        # What a spec adds beside the rule, such as a language, is its own.
        found = (by_spec["url"], {name: by_spec["headers"].get(name) for name in headers}, by_spec["body"])
        assert expected == found, (case.call["name"], case.label)


def test_every_spec_is_accounted_for() -> None:
    """Every API of this repository is compared with its entry, or has none, and says why."""
    apis = {path.parent.name for path in SPECS.glob("*/api.yaml")}
    assert {same.api for same in SAME} | set(OTHERS) == apis
