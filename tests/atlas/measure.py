"""Generates all entries at once, signs every case on both sides, and compares."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.ground.tree import ROOT
from generator.output.write import write
from generator.pipeline.folders import Folders
from generator.pipeline.run import generate
from generator.pipeline.timings import Timings
from tests.atlas.cases import cases_of
from tests.atlas.compare import Result
from tests.atlas.entries import Entry, write_specs

PEERS = ROOT / ".venv-bench" / "bin" / "python"
"""The Python of ccxt's environment."""
HERE = Path(__file__).parent
UUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def generate_clients(entries: Sequence[Entry], folder: Path) -> Path:
    """Generate the clients of all entries; return the folder to import them from.

    Raises:
        SpecError: if an entry is no spec.
    """
    specs, templates, output = folder / "specs", folder / "templates", folder / "generated"
    write_specs(list(entries), specs)
    shutil.copytree(ROOT / "templates" / "venues", templates / "venues")  # clients alone: no pages, no documents
    write(generate(Folders(specs, templates, ROOT / ".cache" / "atlas"), Timings()).texts, output)
    return output


def compare_all(entries: Sequence[Entry], generated: Path, peers: Path = PEERS) -> list[Result]:
    """Sign every case with the generated clients and with ccxt."""
    cases = [case for entry in entries for case in cases_of(entry)]
    setup = {"uuid": UUID, "credentials": _credentials(entries), "peers": {one.name: one.peer for one in entries}}
    ours = sign_all(_credentials(entries), [case.for_ours() for case in cases], generated)
    theirs = _answers([str(peers), str(HERE / "theirs.py")], setup, [case.for_theirs() for case in cases])
    results = {entry.name: Result(entry) for entry in entries}
    for case, mine, other in zip(cases, ours, theirs, strict=True):
        results[case.entry.name].add(case, mine, other)
    return list(results.values())


def sign_all(credentials: Mapping[str, Mapping[str, str]], cases: Iterable[object], generated: Path) -> list[Any]:
    """Return what the generated clients send for each case."""
    setup = {"uuid": UUID, "credentials": credentials}
    return _answers([sys.executable, "-m", "tests.atlas.ours"], setup, cases, generated)


def serve_all(entries: Sequence[Entry], generated: Path) -> dict[str, dict[str, str]]:
    """Send every case to a mock exchange, and plain ones altered, too; return exchange → case and what was altered → verdict."""
    cases = [case for entry in entries for case in cases_of(entry)]
    command = [sys.executable, "-m", "tests.atlas.served"]
    found = _answers(command, _credentials(entries), [case.for_served() for case in cases], generated)
    verdicts: dict[str, dict[str, str]] = {entry.name: {} for entry in entries}
    for case, one in zip(cases, found, strict=True):
        place = f"{case.call['name']} ({case.label})"
        verdicts[case.entry.name] |= {f"{place}, altered: {what}": verdict for what, verdict in one.items()}
    return verdicts


def _credentials(entries: Sequence[Entry]) -> dict[str, dict[str, str]]:
    return {entry.name: entry.credentials for entry in entries}


def classes_in_ccxt(peers: Path = PEERS) -> tuple[str, dict[str, str]]:
    """Return ccxt's version, and each of its exchanges → the one whose rule it takes over, or itself."""
    done = subprocess.run([peers, HERE / "theirs.py", "--classes"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return found["version"], found["classes"]


def _answers(command: list[str], setup: object, cases: Iterable[object], generated: Path | None = None) -> list[Any]:
    """Run one side over all cases; `generated` is where it imports the clients from."""
    lines = "\n".join(map(json.dumps, (setup, *cases))) + "\n"
    path = os.pathsep.join(map(str, (generated, ROOT))) if generated else ""
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(command, input=lines, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[1:]} failed:\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]
