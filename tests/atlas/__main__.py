"""Prints the table of the atlas.

    python -m tests.atlas [--peers PYTHON] [--keep] [EXCHANGE…]

With names: only these, and every difference. With --keep: writes the table to specs/atlas.json, for the
reference, and its total to the README.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from pathlib import Path

from generator.ground.problems import SpecError
from generator.ground.tree import ROOT
from tests.atlas.compare import Result
from tests.atlas.entries import Yaml, read_entries
from tests.atlas.measure import PEERS, compare_all, generate_clients
from tests.atlas.table import as_data, as_text

TABLE = ROOT / "specs" / "atlas.json"
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- atlas -->\n).*?(<!-- end of atlas -->)", re.DOTALL)


def main() -> int:
    """Print the table; return 1 if a request differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.atlas")
    parser.add_argument("exchanges", nargs="*")
    parser.add_argument("--peers", type=Path, default=PEERS, help="Python of ccxt's environment.")
    parser.add_argument(
        "--keep", action="store_true", help="Write the table to specs/atlas.json and its total to the README."
    )
    given = parser.parse_args()
    try:
        results = measure(tuple(given.exchanges), given.peers)
    except SpecError as error:
        print(*error.problems, sep="\n")
        return 1
    print(*as_text(results), sep="\n")
    print(*(difference for result in results for difference in result.differences if given.exchanges), sep="\n")
    if given.keep and not given.exchanges:
        keep(as_data(results))
    return 0 if all(result.is_equal for result in results) else 1


def keep(table: dict[str, Yaml]) -> None:
    """Write the table for the reference, and its total into the README."""
    TABLE.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", "utf-8")
    total = (
        f"**{table['said']} of the {table['rules']} rules** by which ccxt signs without a wallet are written that way, "
        "and their requests compared with ccxt's byte for byte: [the list](generated/docs/signing.md).\n"
    )
    README.write_text(BLOCK.sub(lambda found: found[1] + total + found[2], README.read_text("utf-8")), "utf-8")


def measure(names: tuple[str, ...], peers: Path) -> list[Result]:
    """Generate, sign on both sides, and compare."""
    entries = read_entries(names)
    with tempfile.TemporaryDirectory() as folder:
        return compare_all(entries, generate_clients(entries, Path(folder)), peers)


if __name__ == "__main__":
    sys.exit(main())
