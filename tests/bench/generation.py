"""Times the generator: on the specs of this repository, and on specs of 100 to 10,000 operations beside other generators.

    python -m tests.bench.generation --peers PYTHON [--sizes 100,1000,10000] [--rounds 3] [--json FILE]

The peers are given the OpenAPI documents that we export, one after the other.
We print more than they do: pages, documents, two kinds of client, a mock's data; the lines are counted for that.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

from tests.bench.comparisons import Comparison, Row, compared, table
from tests.bench.multiplied import multiplied

ROOT = Path(__file__).parent.parent.parent
SPECS = ROOT / "specs"
EDITED = "rest/trade.yaml"
JAVA = "openapi-generator-cli"
PYTHON_CLIENT = "openapi-python-client"
SIZES = (100, 1000, 10_000)
SMALL = 1000
"""Up to so many operations, peers are run and everything is repeated."""
TARGETS = (0.35, 0.45, 1.0)
"""Of what openapi-python-client takes for so many: wall time, processor time, peak memory."""
GROWTH = 0.9
"""Ten times the operations take at most nine times as long: what is done once for all is shared by more."""


@dataclass
class Run:
    """What it took to run something."""

    seconds: float = 0
    processor: float = 0
    """Seconds of user and system, of children too."""
    megabytes: float = 0
    """The most that one process held."""

    def __add__(self, other: Run) -> Run:
        most = max(self.megabytes, other.megabytes)
        return Run(self.seconds + other.seconds, self.processor + other.processor, most)


@dataclass
class Figures:
    """Everything that was measured: subject → one number a round."""

    values: dict[str, list[float]] = field(default_factory=dict)

    def keep(self, subject: str, run: Run) -> None:
        """Keep what a run took."""
        self.add(f"{subject}:seconds", run.seconds)
        self.add(f"{subject}:processor", run.processor)
        self.add(f"{subject}:megabytes", run.megabytes)

    def add(self, name: str, value: float) -> None:
        """Keep one number."""
        self.values.setdefault(name, []).append(value)


def measured(command: Sequence[object], folder: Path, path: str = "") -> Run:
    """Run a command and wait for it; what it says goes nowhere unless it fails."""
    environment = os.environ | {"PATH": os.pathsep.join(filter(None, [path, os.environ["PATH"]]))}
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(list(map(str, command)), stdout=said, stderr=said, cwd=folder, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{command[0]} failed:\n{said.read().decode()[-2000:]}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


class Workshop:
    """Specs in a folder of their own, and a copy of the generator, whose cache nobody else uses."""

    def __init__(self, folder: Path) -> None:
        self.specs, self.output = folder / "specs", folder / "output"
        self._generator = folder / "checkout"
        for name in ("generator", "templates", "specs/schema"):
            shutil.copytree(ROOT / name, self._generator / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "requirements.lock", self._generator)
        subprocess.run([sys.executable, "-m", "compileall", "-q", self._generator], check=True)

    def generate(self) -> Run:
        """Run the generator as a maintainer does."""
        command = [sys.executable, "-m", "generator", "generate", "--specs", self.specs, "--output", self.output]
        return measured(command, self._generator)

    def forget(self) -> None:
        """Make the next run the first."""
        for folder in (self._generator / ".cache", self.output):
            shutil.rmtree(folder, ignore_errors=True)

    def edit(self, number: int) -> None:
        """Change the summary of one operation."""
        path = next(iter(sorted(self.specs.glob(f"*/{EDITED}"))))
        lines = path.read_text("utf-8").splitlines(keepends=True)
        at = next(index for index, line in enumerate(lines) if line.lstrip().startswith("summary:"))
        lines[at] = f"{lines[at].partition(':')[0]}: Edit {number}.\n"
        path.write_text("".join(lines), "utf-8")

    def documents(self) -> list[Path]:
        """Return the OpenAPI documents that were exported."""
        return sorted((self.output / "openapi").glob("*.json"))


@contextmanager
def workshop() -> Iterator[Workshop]:
    """Yield one, empty."""
    with tempfile.TemporaryDirectory() as folder:
        yield Workshop(Path(folder))


def daily(figures: Figures, rounds: int) -> None:
    """Time what a maintainer does: everything from nothing, nothing to do, one operation edited."""
    with workshop() as shop:
        shutil.copytree(SPECS, shop.specs)
        for number in range(rounds):
            shop.forget()
            figures.keep("cold", shop.generate())
            figures.keep("unchanged", shop.generate())
            shop.edit(number)
            figures.keep("edited", shop.generate())


def scaled(figures: Figures, operations: int, rounds: int, peers: Path | None) -> None:
    """Time a spec of so many operations, and the peers on the documents that are exported for it."""
    with workshop() as shop:
        multiplied(SPECS, shop.specs, operations)
        for _ in range(rounds if operations <= SMALL else 1):
            shop.forget()
            figures.keep(f"{operations}:ours", shop.generate())
            for name, generate in PEERS.items():
                if peers is None or operations > SMALL:
                    break
                _peer(figures, f"{operations}:{name}", peers / name, generate, shop)
        figures.add(f"{operations}:ours:lines", _lines(shop.output))
        figures.add(f"{operations}:ours:import", _import(sys.executable, shop.output, _first_call(shop)))


Generate = Callable[[Path, Path, Path], tuple[Sequence[object], str]]


def _peer(figures: Figures, subject: str, program: Path, generate: Generate, shop: Workshop) -> None:
    if not program.exists() or (program.name == JAVA and not shutil.which("java")):
        return
    with tempfile.TemporaryDirectory() as folder:
        whole = Run()
        for document in shop.documents():
            command, _ = generate(program, document, Path(folder))
            whole += measured(command, Path(folder), str(program.parent))
        figures.keep(subject, whole)
        figures.add(f"{subject}:lines", _lines(Path(folder)))
        _, code = generate(program, shop.documents()[0], Path(folder))
        figures.add(f"{subject}:import", _import(str(program.parent / "python"), Path(folder), code))


def _python_client(program: Path, document: Path, folder: Path) -> tuple[Sequence[object], str]:
    name = f"client_{document.stem}"
    command = [program, "generate", "--path", document, "--meta", "none", "--output-path", folder / name]
    modules = sorted((folder / name / "api").glob("*/[a-z]*.py"))
    first = ".".join(modules[0].relative_to(folder).with_suffix("").parts) if modules else name
    return command, f"import {name}, {first}"


def _java(program: Path, document: Path, folder: Path) -> tuple[Sequence[object], str]:
    name = f"client_{document.stem}"
    options = ["--generator-name", "python", "--package-name", name, "--skip-validate-spec"]
    return [program, "generate", "--input-spec", document, "--output", folder, *options], f"import {name}"


PEERS: dict[str, Generate] = {PYTHON_CLIENT: _python_client, JAVA: _java}


def _first_call(shop: Workshop) -> str:
    """Return the code that imports what the first call of the first API needs."""
    name = shop.documents()[0].stem
    group = sorted((shop.output / "venues" / name / "rest").glob("[a-z]*.py"))[0].stem
    return f"import venues.{name}, venues.{name}.rest.{group}"


def _lines(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")


def _import(python: str, folder: Path, code: str) -> float:
    """Return the milliseconds of an import, of several the median; compiled before."""
    timed = f"import time; began = time.perf_counter(); {code}; print((time.perf_counter() - began) * 1e3)"
    environment = os.environ | {"PYTHONPATH": str(folder)}
    command = [python, "-c", timed]
    runs = [subprocess.run(command, capture_output=True, text=True, check=False, env=environment) for _ in range(4)]
    return median(float(run.stdout) for run in runs[1:]) if not runs[0].returncode else float("nan")


def comparisons(sizes: Sequence[int]) -> list[Comparison]:
    """Return what is held against what."""
    found = []
    for size in sizes:
        for peer in PEERS:
            what, ours, theirs = f"generate {size:,} operations", f"{size}:ours", f"{size}:{peer}"
            wall, processor, memory = TARGETS if (size, peer) == (SMALL, PYTHON_CLIENT) else (None, None, None)
            found += [
                Comparison(what, "s", f"{ours}:seconds", f"{theirs}:seconds", peer, wall, headline=wall is not None),
                Comparison(f"{what}, processor time", "s", f"{ours}:processor", f"{theirs}:processor", peer, processor),
                Comparison(f"{what}, peak memory", "MB", f"{ours}:megabytes", f"{theirs}:megabytes", peer, memory),
                Comparison(f"{what}, lines printed", "", f"{ours}:lines", f"{theirs}:lines", peer),
                Comparison(f"{what}, import of the result", "ms", f"{ours}:import", f"{theirs}:import", peer),
            ]
    for less, more in pairwise(sizes):
        what, against = f"{more:,} operations", f"{less:,} operations"
        most = GROWTH * more / less
        found += [
            Comparison(what, "s", f"{more}:ours:seconds", f"{less}:ours:seconds", against, most),
            Comparison(
                f"{what}, processor time", "s", f"{more}:ours:processor", f"{less}:ours:processor", against, most
            ),
            Comparison(
                f"{what}, peak memory", "MB", f"{more}:ours:megabytes", f"{less}:ours:megabytes", against, more / less
            ),
        ]
    return found


def daily_table(figures: Figures) -> str:
    """Print what a maintainer waits for, as Markdown."""
    lines = ["| every API | s | processor s | MB | at most |", "|---|--:|--:|--:|--:|"]
    for what, most in (("cold", ""), ("unchanged", "0.15 s"), ("edited", "0.5 s")):
        numbers = (median(figures.values[f"{what}:{unit}"]) for unit in ("seconds", "processor", "megabytes"))
        lines.append(f"| {what} | {' | '.join(f'{number:.2f}' for number in numbers)} | {most} |")
    return "\n".join(lines) + "\n"


def run(peers: Path | None, sizes: Sequence[int], rounds: int) -> tuple[Figures, list[Row]]:
    """Measure everything."""
    figures = Figures()
    daily(figures, rounds)
    for size in sizes:
        scaled(figures, size, rounds, peers)
    return figures, compared(figures.values, comparisons(sizes))


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, help="The Python that has the peers installed; without it, ours alone.")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="Numbers of operations.")
    parser.add_argument("--rounds", type=int, default=3, help="How often each is run, up to 1,000 operations.")
    parser.add_argument("--json", type=Path, help="Where the figures are written.")
    chosen = parser.parse_args()
    sizes = [int(size) for size in chosen.sizes.split(",") if size]
    figures, rows = run(chosen.peers and chosen.peers.parent.absolute(), sizes, chosen.rounds)
    print(daily_table(figures))
    print(table(rows))
    if chosen.json:
        chosen.json.write_text(json.dumps({"figures": figures.values, "rows": rows}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
