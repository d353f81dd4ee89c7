"""The signing rules of the field, as data: what is sent is byte for byte what ccxt sends for the same call."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.ground.tree import ROOT
from generator.reference.shell_keys import UNREADABLE
from tests.atlas.cases import PLAIN, Case, cases_of
from tests.atlas.compare import LEFT_OUT, Result
from tests.atlas.entries import Entry, read_entries
from tests.atlas.measure import PEERS, classes_in_ccxt, compare_all, generate_clients, serve_all, sign_all
from tests.atlas.shelled import SECOND, model, run, samples
from tests.atlas.table import as_data, read_rules

ENTRIES = read_entries()
REFUSALS = ("wrong_signature", "missing_key", "unknown_key", "wrong_credential", "wrong_time")
"""What is wrong with who is not who they say; anything else would have been noticed without a signature."""
needs_ccxt = pytest.mark.skipif(not PEERS.is_file(), reason="ccxt is not installed: make .venv-bench/.ready")

needs_shell = pytest.mark.skipif(
    not (shutil.which("sh") and shutil.which("openssl")), reason="sh and openssl are not installed"
)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of all generated clients."""
    return generate_clients(ENTRIES, tmp_path_factory.mktemp("atlas"))


@pytest.fixture(scope="module")
def results(generated: Path) -> Mapping[str, Result]:
    """Return what came of each entry."""
    return {result.entry.name: result for result in compare_all(ENTRIES, generated)}


@needs_ccxt
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_sends_what_ccxt_sends(entry: Entry, results: Mapping[str, Result]) -> None:
    """Address, headers and body of every call are ccxt's, with plain and with hostile values; or ccxt is wrong, and why."""
    assert [] == results[entry.name].differences
    assert results[entry.name].cases > len(entry.calls)


@pytest.fixture(scope="module")
def served(generated: Path) -> Mapping[str, Mapping[str, str]]:
    """Return the verdicts of the mock exchanges."""
    return serve_all(ENTRIES, generated)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_what_is_sent_was_signed(entry: Entry, served: Mapping[str, Mapping[str, str]]) -> None:
    """The mock exchange accepts over a socket what the client sends, whatever characters the arguments have."""
    sent = {place: verdict for place, verdict in served[entry.name].items() if place.endswith("altered: nothing")}
    assert len(sent) > len(entry.calls)
    assert {} == {place: verdict for place, verdict in sent.items() if verdict != "accepted"}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_one_changed_byte_is_refused(entry: Entry, served: Mapping[str, Mapping[str, str]]) -> None:
    """The mock exchange refuses a request with one byte changed in its key, its signature or what is signed."""
    altered = {
        place: verdict for place, verdict in served[entry.name].items() if not place.endswith("altered: nothing")
    }
    assert len(altered) >= len(entry.calls)
    assert {} == {place: verdict for place, verdict in altered.items() if verdict not in REFUSALS}


@pytest.fixture(scope="module")
def at_a_second(generated: Path) -> Mapping[str, list[tuple[Case, Mapping[str, Any]]]]:
    """Return what the clients send for each plain call at a whole second, the finest time that samples for a shell know."""
    cases = [case for entry in ENTRIES for case in cases_of(entry) if case.label == PLAIN]
    credentials = {entry.name: entry.credentials for entry in ENTRIES}
    sent = sign_all(credentials, [{**case.for_ours(), "now": SECOND * 1000} for case in cases], generated)
    paired = list(zip(cases, sent, strict=True))
    return {entry.name: [pair for pair in paired if pair[0].entry is entry] for entry in ENTRIES}


@needs_shell
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_sample_for_a_shell_sends_the_same(
    entry: Entry, generated: Path, at_a_second: Mapping[str, list[tuple[Case, Mapping[str, Any]]]], tmp_path: Path
) -> None:
    """A sample of sh, openssl and curl sends what the client sends; or it says in a line that a shell can't sign."""
    api = model(generated.parent / "specs", entry.name)
    calls = at_a_second[entry.name]
    printed = samples(api, [case for case, _ in calls])
    if any(scheme.secret_form in UNREADABLE for scheme in api.signing.schemes):
        assert all(sample.startswith("# ") and "\n" not in sample for sample in printed)
        return
    for (case, client), sample in zip(calls, printed, strict=True):
        shell = run(sample, entry.name, entry.credentials, tmp_path)
        found = (shell["url"], {name: shell["headers"].get(name) for name in signed(client)}, shell["body"])
        assert (client["url"], signed(client), client["body"]) == found, case.call["name"]


def signed(client: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers that say who asks."""
    return {name: value for name, value in client["headers"].items() if name.lower() not in LEFT_OUT}


@needs_ccxt
def test_table_is_what_was_measured(results: Mapping[str, Result]) -> None:
    """The table that the reference shows is the one that comes out now."""
    assert json.loads((ROOT / "specs" / "atlas.json").read_text("utf-8")) == as_data(list(results.values()))


@needs_ccxt
def test_rules_are_those_of_ccxt() -> None:
    """Every exchange of ccxt stands in rules.yaml once: with a rule, with a wallet, or with the exchange whose rule it has."""
    rules = read_rules()
    own = [name for rule in rules.rules for name in rule] + list(rules.wallet)
    inherited = {name: parent for parent, names in rules.inherits.items() for name in names}
    version, classes = classes_in_ccxt()
    assert version == rules.version
    assert sorted(name for name, parent in classes.items() if name == parent) == sorted(own)
    assert {name: parent for name, parent in classes.items() if name != parent} == inherited


def test_every_rule_is_accounted_for() -> None:
    """Every rule that counts has an entry, or stands in rules.yaml with the reason why it has none."""
    rules = read_rules()
    counted = {name for rule in rules.rules for name in rule}
    compared = {entry.peer["id"] for entry in ENTRIES}
    assert compared <= counted
    assert set(rules.left_out) == {rule[0] for rule in rules.rules if not compared & set(rule)}
