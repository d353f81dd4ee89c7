"""How one subject is timed: in a process of its own, in rounds, the first of which does not count."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

ROUNDS = 7
Call = Callable[[], Any]
AsyncCall = Callable[[], Awaitable[Any]]


def timed(call: Call, calls: int, clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """Return microseconds a call by a clock of seconds, one number a round."""
    rounds = []
    for _ in range(ROUNDS + 1):
        began = clock()
        for _ in range(calls):
            call()
        rounds.append((clock() - began) / calls * 1e6)
    return rounds[1:]


async def timed_async(call: AsyncCall, calls: int, together: int) -> list[float]:
    """Return microseconds a call, so many in flight, one number a round."""
    rounds = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        for _ in range(calls // together):
            if together == 1:
                await call()
            else:
                await asyncio.gather(*(call() for _ in range(together)))
        rounds.append((time.perf_counter() - began) / (calls // together * together) * 1e6)
    return rounds[1:]


def report(rounds: list[float]) -> None:
    """Print what the parent reads."""
    print(json.dumps(rounds), flush=True)
