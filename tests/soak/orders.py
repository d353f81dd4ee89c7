"""Thousands of orders through random misbehavior: what the client says of each is held against what happened to it.

python -m tests.soak.orders --seconds 60 --seed 7

For every order: one that was executed is reported as executed or unknown, one that was not never as executed; nothing
is executed twice; nobody gets another's answer; `reconcile` says "not executed" only where that is true.
"""

from __future__ import annotations

import argparse
import gc
import logging
import random
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.soak.judging import Case, violations
from tests.soak.ordering import TRANSPORTS, Orderer
from tests.soak.wild_exchange import VISIBLE_MS, WildExchange
from tests.support.apis import APIS, Api
from venues.core.request.operation import Operation

TIMEOUT = 0.3
"""Seconds that a client waits for an answer; much of what the server does takes longer."""
AT_ONCE = 5
"""How many orders of a client are on their way at the same time."""
ROUND = 400
"""How many orders there are between two looks at the memory: each round has servers and clients of its own."""
GROWTH = 2_000_000
"""How many bytes memory may grow between the middle and the end."""


@dataclass
class Figures:
    """What came of many orders."""

    kinds: Counter[str] = field(default_factory=Counter)
    reported: Counter[str] = field(default_factory=Counter)
    reconciled: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def orders(self) -> int:
        """How many there were."""
        return self.reported.total()

    def add(self, other: Figures) -> None:
        """Add those of another run."""
        self.kinds += other.kinds
        self.reported += other.reported
        self.reconciled += other.reconciled
        self.faults += other.faults


def subjects() -> list[tuple[Api, Operation[Any]]]:
    """Return one order of each API that has one with an id of the caller's own, by which it can be looked up."""
    found = {
        api.name: (api, o) for api in reversed(APIS) for o in reversed(api.operations) if o.lookups and o.client_id
    }
    return list(found.values())


@contextmanager
def final_absence() -> Iterator[None]:
    """Let finding nothing count as proof, as an API's documentation may say, so that this is tried out, too."""
    before = [(operation, operation.conclusive, operation.visible_ms) for _, operation in subjects()]
    for operation, _, _ in before:
        vars(operation).update(conclusive=True, visible_ms=VISIBLE_MS)
    try:
        yield
    finally:
        for operation, conclusive, visible_ms in before:
            vars(operation).update(conclusive=conclusive, visible_ms=visible_ms)


def run(api: Api, operation: Operation[Any], transport: str, seed: int, until: float, orders: int) -> Figures:
    """Place orders of one API over one transport, until the time is up or so many are placed."""
    figures, cases = Figures(), list[Case]()
    name = f"{api.name} {transport}"
    with (
        WildExchange(api, operation, f"{seed} {name}", TIMEOUT) as exchange,
        Orderer(api, operation, transport, exchange) as orderer,
    ):
        while len(cases) < orders and time.monotonic() < until:
            count = min(AT_ONCE, orders - len(cases))
            ids = [f"soak-{len(cases) + number:06}" for number in range(count)]
            cases += orderer.place(ids)
        exchange.wait_until_quiet()
    for case in cases:
        figures.reported[case.reported] += 1
        figures.reconciled.update([case.reconciled] if case.reconciled else [])
        figures.faults += [f"{name}: {fault}" for fault in violations(case)]
    figures.kinds = exchange.kinds
    return figures


def soak(seed: int, seconds: float, orders: int) -> Figures:
    """Place orders of all APIs over all transports at the same time; `orders` of them in all."""
    until = time.monotonic() + seconds
    runs = [(api, operation, transport) for api, operation in subjects() for transport in TRANSPORTS]
    figures = Figures()
    with final_absence(), ThreadPoolExecutor(len(runs)) as threads:
        share = -(-orders // len(runs))
        for each in [threads.submit(run, *one, seed, until, share) for one in runs]:
            figures.add(each.result())
    return figures


def main() -> int:
    """Run in rounds, print the figures, and return 1 if anything was said that is not so."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    chosen = parser.parse_args()
    print(f"orders, seed {chosen.seed}")
    logging.getLogger("venues").setLevel(logging.CRITICAL)
    until = time.monotonic() + chosen.seconds
    figures, sizes = Figures(), list[int]()
    tracemalloc.start()
    while figures.orders < chosen.orders and time.monotonic() < until and not figures.faults:
        left = min(ROUND, chosen.orders - figures.orders)
        figures.add(soak(chosen.seed + len(sizes), until - time.monotonic(), left))
        gc.collect()
        sizes.append(tracemalloc.get_traced_memory()[0])
    return report(figures, sizes)


def report(figures: Figures, sizes: list[int]) -> int:
    """Print what happened, and return 1 if something is wrong."""
    print(f"{figures.orders} orders in {len(sizes)} rounds")
    for title, counts in (("done", figures.kinds), ("reported", figures.reported), ("reconciled", figures.reconciled)):
        print(f"{title}: " + ", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    print(f"memory: {', '.join(f'{size:,}' for size in sizes)} bytes after each round")
    for fault in figures.faults[:20]:
        print(f"VIOLATION {fault}")
    grown = sizes[-1] - sizes[len(sizes) // 2] if sizes else 0
    print(f"{len(figures.faults)} violations; memory grew by {grown:,} bytes since the middle")
    return 1 if figures.faults or grown > GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
