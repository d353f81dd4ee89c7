"""Prints the table of the atlas.

    python -m tests.atlas [EXCHANGE…]     with names: only these, and every difference
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from generator.ground.problems import SpecError
from tests.atlas.entries import read_entries
from tests.atlas.measure import PEERS, compare_all, generate_clients


def main(names: tuple[str, ...]) -> int:
    """Print the table; return 1 if a case differs."""
    entries = read_entries(names)
    with tempfile.TemporaryDirectory() as folder:
        try:
            generated = generate_clients(entries, Path(folder))
        except SpecError as error:
            print(*error.problems, sep="\n")
            return 1
        results = compare_all(entries, generated, PEERS)
    for result in results:
        print(f"{result.entry.name:22} {result.cases:4} {'equal' if result.is_equal else 'differs'}", *result.excused)
        if names:
            print(*result.differences, sep="\n")
    return 0 if all(result.is_equal for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
