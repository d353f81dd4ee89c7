"""Runs everything, interleaved, and prints a table with medians, minima and ratios.

    python -m tests.bench --peers PYTHON [--parts PART…] [--keep]

`make bench` builds the environment of the peers and calls this with --keep, which writes the figures to
tests/bench/figures.json and the README. It needs Linux, whose /proc tells what a process held.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from tests.bench import decoding, generation, living_mock, stream_pushes
from tests.bench.calls import ANSWER
from tests.bench.comparisons import Row, compared, summary, table
from tests.bench.subjects import OURS, PEERS
from tests.support.certificates import certificate_file

ROOT = Path(__file__).parent.parent.parent
FIGURES = Path(__file__).parent / "figures.json"
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- figures -->\n).*?(<!-- end of figures -->)", re.DOTALL)
PASSES = 3
CLIENT = "from venues.bitget_margin import BitgetMargin as C; C(api_key='k', api_secret='s', passphrase='p')"
SDK = "binance_sdk_derivatives_trading_usds_futures.derivatives_trading_usds_futures"
IMPORTS = {
    "venues": "import venues.bitget_margin",
    "ready venues": f"{CLIENT}.isolated; import urllib3",  # all that the first call loads
    "ccxt": "import ccxt",
    "ready ccxt": "import ccxt; ccxt.bitget({'apiKey': 'k', 'secret': 's', 'password': 'p'})",
    "ccxt async": "import ccxt.async_support",
    "binance": f"import {SDK}",
    "pybit": "import pybit.unified_trading",
}
IMPORTER = """
import sys, time
began = time.perf_counter(); exec(sys.argv[1]); took = (time.perf_counter() - began) * 1e3
status = open("/proc/self/status").read()  # what getrusage says is at least what the parent held when it forked
print(took, int(status.partition("VmHWM:")[2].split()[0]) / 1024)
"""


class Bench:
    """Runs subjects and keeps their figures."""

    def __init__(self, peers: str) -> None:
        self._peers = peers
        self._paths = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "generated")))}
        self.figures: dict[str, list[float]] = {}
        self.rows: list[Row] = []
        self.daily: dict[str, float] = {}
        """What a maintainer waits for: of the five APIs, cold, unchanged and edited."""

    def subjects(self, wanted: Callable[[str], bool], where: str, certificate: Path | None = None) -> None:
        """Time subjects, all in turn, several times; they trust a certificate."""
        for _ in range(PASSES):
            for python, names in ((sys.executable, OURS), (self._peers, PEERS)):
                for name in filter(wanted, names):
                    command = [python, "-m", "tests.bench.subjects", name, where]
                    self._keep(name, json.loads(self._run(command, certificate)))

    def imports(self) -> None:
        """Time imports in fresh processes, all in turn, several times."""
        for _ in range(PASSES * 3):
            for name, code in IMPORTS.items():
                python = sys.executable if "venues" in name else self._peers
                milliseconds, megabytes = map(float, self._run([python, "-c", IMPORTER, code]).split())
                self._keep(f"import:{name}", [milliseconds])
                self._keep(f"memory:{name}", [megabytes])

    def _run(self, command: list[str], certificate: Path | None = None) -> str:
        """Return the last line that a command prints."""
        trusted = {} if certificate is None else {"SSL_CERT_FILE": str(certificate)}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=self._paths | trusted)
        return done.stdout.splitlines()[-1]

    def pushes(self) -> None:
        """Time pushes through a stream, all subjects in turn, several times."""
        for name, values in stream_pushes.measure(self._peers).items():
            self._keep(name, values)

    def mock(self) -> None:
        """Take the processor time of a mock exchange, and of a bare server, in turn, several times."""
        for name, values in living_mock.measure().items():
            self._keep(name, values)

    def generation(self) -> None:
        """Time the generator, on the five APIs and on specs of many sizes."""
        figures, rows = generation.run(Path(self._peers).parent.absolute(), generation.SIZES, PASSES)
        print(generation.daily_table(figures))
        self.daily = {name: round(median(values), 2) for name, values in figures.values.items() if name[0].isalpha()}
        self.rows += rows

    def _keep(self, name: str, values: list[float]) -> None:
        self.figures.setdefault(name, []).extend(values)


@contextmanager
def file_of(content: bytes) -> Iterator[str]:
    """Yield the path of a file that holds this."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(content)
        file.flush()
        yield file.name


@contextmanager
def server(certificate: Path | None = None) -> Iterator[str]:
    """Yield the address of a server that answers at once, always the same."""
    with file_of(ANSWER) as path:
        given = [path] if certificate is None else [path, str(certificate)]
        command = [sys.executable, str(Path(__file__).with_name("server.py")), *given]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            where = "http://127.0.0.1" if certificate is None else "https://localhost"
            yield f"{where}:{running.stdout.readline().strip()}"
            running.terminate()


def calls(bench: Bench) -> None:
    """Time calls over a real socket."""
    with server() as address:
        bench.subjects(lambda name: not name.startswith(("decode:", "tls")), address)


def encrypted(bench: Bench) -> None:
    """Time calls over a real socket with TLS, as they go to an exchange."""
    with tempfile.TemporaryDirectory() as folder:
        certificate = certificate_file(Path(folder) / "tls.pem", datetime.now(UTC) + timedelta(days=1))
        with server(certificate) as address:
            bench.subjects(lambda name: name.startswith("tls"), address, certificate)


def decodings(bench: Bench) -> None:
    """Time decoding."""
    with file_of(decoding.orders()) as path:
        bench.subjects(lambda name: name.startswith("decode:"), path)


PARTS: dict[str, Callable[[Bench], None]] = {
    "imports": Bench.imports,
    "calls": calls,
    "tls": encrypted,
    "decoding": decodings,
    "streams": Bench.pushes,
    "mock": Bench.mock,
    "generation": Bench.generation,
}


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", required=True, help="The Python that has the peers installed.")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="What is measured.")
    parser.add_argument("--keep", action="store_true", help="Write the figures to their file and to the README.")
    chosen = parser.parse_args()
    compileall.compile_dir(ROOT / "generated" / "venues", quiet=1)
    bench = Bench(chosen.peers)
    for part in chosen.parts:
        PARTS[part](bench)
    rows = compared(bench.figures) + bench.rows
    print(table(rows))
    if chosen.keep:
        keep(rows, bench.daily)


def keep(rows: list[Row], daily: dict[str, float]) -> None:
    """Write the figures where readers find them; parts that were not measured keep theirs."""
    machine = {"python": platform.python_version(), "processor": platform.machine(), "cores": os.cpu_count()}
    before = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {"daily": {}, "rows": []}
    measured = {(row["title"], row["against"]): row for row in [*before["rows"], *rows]}
    rows = list(measured.values())
    figures = {"machine": machine, "daily": {**before["daily"], **daily}, "rows": rows}
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    README.write_text(
        BLOCK.sub(lambda found: f"{found[1]}{summary(rows)}\n{found[2]}", README.read_text("utf-8")), "utf-8"
    )


if __name__ == "__main__":
    main()
