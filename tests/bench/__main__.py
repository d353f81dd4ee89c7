"""Runs everything, interleaved, and prints a table with medians, minima and ratios.

    python -m tests.bench --peers PYTHON [--json FILE]

`make bench` builds the environment of the peers and calls this.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
BODY = b'{"code":"00000","msg":"success","requestTime":1679382680927,"data":{"orderId":"1","clientOid":"my-1"}}'
PASSES = 3


@dataclass
class Subject:
    """One thing that is measured."""

    name: str
    peer: bool = False
    values: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """Subjects whose figures belong together; the target is the greatest ratio of the first to the other."""

    title: str
    unit: str
    ours: str
    other: str
    target: float


CALLS = ["sync:ours", "sync:ours fast", "sync:transport", "sync:transport fast", "sync:prepare"]
AWAITED = ["async:ours", "async:ours fast", "async:aiohttp", "flight:ours", "flight:ours fast", "flight:aiohttp"]
PEERS = ["sync:ccxt", "sync:binance", "async:ccxt", "flight:ccxt"]
IMPORTS = {
    "venues": "venues.bitget_margin",
    "ccxt": "ccxt",
    "ccxt async": "ccxt.async_support",
    "pybit": "pybit.unified_trading",
}
IMPORTS |= {"binance": "binance_sdk_derivatives_trading_usds_futures.derivatives_trading_usds_futures"}
COMPARISONS = [
    Comparison("signed call, sync", "µs", "sync:ours", "sync:ccxt", 0.48),
    Comparison("signed call, sync", "µs", "sync:ours", "sync:binance", 0.35),
    Comparison("signed call, sync, extra `fast`", "µs", "sync:ours fast", "sync:ccxt", 0.28),
    Comparison("signed call, sync, extra `fast`", "µs", "sync:ours fast", "sync:binance", 0.20),
    Comparison("signed call, 50 in flight", "µs", "flight:ours", "flight:ccxt", 0.65),
    Comparison("signed call, 50 in flight, extra `fast`", "µs", "flight:ours fast", "flight:ccxt", 0.52),
    Comparison("signed call against its transport, sync", "µs", "sync:ours", "sync:transport", 1.15),
    Comparison("signed call against its transport, sync, `fast`", "µs", "sync:ours fast", "sync:transport fast", 1.15),
    Comparison("signed call against its transport, 50 in flight", "µs", "flight:ours", "flight:aiohttp", 1.15),
    Comparison("import", "ms", "import:venues", "import:ccxt", 0.25),
    Comparison("import", "ms", "import:venues", "import:binance", 0.12),
    Comparison("memory after import", "MB", "memory:venues", "memory:ccxt", 0.35),
]
IMPORTER = """
import resource, sys, time
began = time.perf_counter(); __import__(sys.argv[1])
print((time.perf_counter() - began) * 1e3, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


class Bench:
    """Runs subjects and keeps their figures."""

    def __init__(self, peers: str) -> None:
        self._peers = peers
        self._paths = {**os.environ, "PYTHONPATH": str(ROOT / "generated")}
        self.figures: dict[str, list[float]] = {}

    def calls(self, url: str) -> None:
        """Time calls, all subjects in turn, several times."""
        for _ in range(PASSES):
            for name in [*CALLS, *AWAITED]:
                self._keep(name, self._run(sys.executable, name, url))
            for name in PEERS:
                self._keep(name, self._run(self._peers, name, url))

    def imports(self) -> None:
        """Time imports in fresh processes, all in turn, several times."""
        for _ in range(PASSES * 3):
            for name, module in IMPORTS.items():
                python = sys.executable if name == "venues" else self._peers
                done = subprocess.run(
                    [python, "-c", IMPORTER, module], capture_output=True, text=True, check=True, env=self._paths
                )
                milliseconds, megabytes = map(float, done.stdout.split())
                self._keep(f"import:{name}", [milliseconds])
                self._keep(f"memory:{name}", [megabytes])

    def _run(self, python: str, name: str, url: str) -> list[float]:
        command = [python, str(HERE / "subjects.py"), name, url]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=self._paths)
        found: list[float] = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("[")))
        return found

    def _keep(self, name: str, values: list[float]) -> None:
        self.figures.setdefault(name, []).extend(values)

    def rows(self) -> list[dict[str, object]]:
        """Return one row a comparison."""
        return [
            asdict(one) | self._row(one)
            for one in COMPARISONS
            if one.ours in self.figures and one.other in self.figures
        ]

    def _row(self, one: Comparison) -> dict[str, object]:
        ours, other = self.figures[one.ours], self.figures[one.other]
        ratio = median(ours) / median(other)
        return {
            "median": median(ours),
            "least": min(ours),
            "other_median": median(other),
            "other_least": min(other),
            "ratio": ratio,
            "met": ratio <= one.target,
        }


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", required=True, help="The Python that has the peers installed.")
    parser.add_argument("--json", type=Path, default=ROOT / "bench.json", help="Where the figures are written.")
    chosen = parser.parse_args()
    compileall.compile_dir(ROOT / "generated" / "venues", quiet=1)
    bench = Bench(chosen.peers)
    bench.imports()
    with tempfile.NamedTemporaryFile(suffix=".json") as body:
        body.write(BODY)
        body.flush()
        command = [sys.executable, str(HERE / "server.py"), body.name]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            bench.calls(f"http://127.0.0.1:{server.stdout.readline().strip()}")
            server.terminate()
    chosen.json.write_text(json.dumps({"figures": bench.figures, "comparisons": bench.rows()}, indent=1))
    show(bench.rows())


def show(rows: list[dict[str, object]]) -> None:
    """Print the table as Markdown."""
    print("| what | ours | against | theirs | ratio | target | met |\n|---|---|---|---|---|---|---|")
    for row in rows:
        ours, theirs = (
            f"{row['median']:.0f} (≥ {row['least']:.0f}) {row['unit']}",
            f"{row['other_median']:.0f} (≥ {row['other_least']:.0f}) {row['unit']}",
        )
        met = "yes" if row["met"] else "no"
        print(f"| {row['title']} | {ours} | {row['other']} | {theirs} | {row['ratio']:.2f} | {row['target']} | {met} |")


if __name__ == "__main__":
    main()
