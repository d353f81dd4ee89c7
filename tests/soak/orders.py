"""Thousands of orders through random faults: nothing lost, nothing doubled, memory flat.

python -m tests.soak.orders --seconds 60
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
from dataclasses import dataclass, field
from typing import Any

from tests.support.apis import APIS, Api
from tests.support.driving import Caller, caller
from venues import errors
from venues.core.request.operation import Operation
from venues.mock import Fault, Mock

FAULTS = [fault for fault in Fault if fault is not Fault.BANNED]
RATE = 0.5
"""How many of the orders meet a fault."""
GROWTH = 2_000_000
"""How many bytes memory may grow between the middle and the end."""


@dataclass
class Tally:
    """What came of the orders of one API."""

    asked: int = 0
    acknowledged: int = 0
    found: int = 0
    """Reported unknown, and found by reconcile."""
    absent: int = 0
    """Reported unknown, and said not to exist."""
    refused: int = 0
    faults: Counter[str] = field(default_factory=Counter)


def subjects() -> list[tuple[Api, Operation[Any]]]:
    """Return one order per API whose outcome can be looked up with certainty."""
    found = {api.name: (api, o) for api in APIS for o in api.operations if o.conclusive and o.client_id}
    return list(found.values())


def order(driver: Caller, api: Api, operation: Operation[Any], tally: Tally) -> None:
    """Place one order and find out what became of it."""
    arguments = api.arguments(operation)
    arguments.pop(operation.by_wire[str(operation.client_id)].name, None)
    tally.asked += 1
    try:
        driver.call(operation, arguments)
        tally.acknowledged += 1
    except errors.DecodeError:
        tally.acknowledged += 1
    except errors.ExecutionUnknown as lost:
        if driver.reconcile(lost) is None:
            tally.absent += 1
        else:
            tally.found += 1
    except errors.ApiError:
        tally.refused += 1


def run(
    api: Api, operation: Operation[Any], mock: Mock, kind: str, until: float, tally: Tally, chance: random.Random
) -> None:
    """Place orders until the time is up."""
    with caller(api, mock, kind, timeout=0.1) as driver:
        while time.monotonic() < until:
            if chance.random() < RATE:
                fault = chance.choice(FAULTS)
                tally.faults[fault.name] += 1
                mock.fault(operation.full_name, fault, retry_after=0)
            order(driver, api, operation, tally)


def main() -> int:
    """Run, print the balance, and return 1 if it is not even."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    mocks = {api.name: Mock(api.name, keep=50).start() for api, _ in subjects()}
    tallies = {name: Tally() for name in mocks}
    for mock in mocks.values():
        mock.remembers = mock.unique_client_ids = True
    logging.getLogger("venues").setLevel(logging.ERROR)
    tracemalloc.start()
    sizes = [_half(mocks, tallies, chance, chosen.seconds / 2), _half(mocks, tallies, chance, chosen.seconds / 2)]
    uneven = [name for name, tally in tallies.items() if not _even(name, tally, mocks[name].count())]
    for mock in mocks.values():
        mock.stop()
    print(f"memory: {sizes[0]:,} bytes in the middle, {sizes[1]:,} at the end")
    return 1 if uneven or sizes[1] - sizes[0] > GROWTH else 0


def _half(mocks: dict[str, Mock], tallies: dict[str, Tally], chance: random.Random, seconds: float) -> int:
    share = seconds / (2 * len(mocks))
    for api, operation in subjects():
        for kind in ("sync", "async"):
            run(api, operation, mocks[api.name], kind, time.monotonic() + share, tallies[api.name], chance)
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def _even(name: str, tally: Tally, executed: int) -> bool:
    print(
        f"{name}: {tally.asked} orders asked for, {executed} executed = {tally.acknowledged} acknowledged"
        f" + {tally.found} found; {tally.absent} said not to exist, {tally.refused} refused;"
        f" {sum(tally.faults.values())} faults of {len(tally.faults)} kinds"
    )
    return executed == tally.acknowledged + tally.found


if __name__ == "__main__":
    sys.exit(main())
