"""The things that are measured; each runs in a process of its own and prints microseconds.

python -m tests.bench.subjects NAME WHERE

WHERE is the address of a server, or for decoding the file that holds what is decoded.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable

from tests.bench import calls, decoding
from tests.bench.measure import AsyncCall, Call, report, timed, timed_async

CALLS, DECODINGS, IN_FLIGHT = 300, 20, 50

SYNC: dict[str, Callable[[str], Call]] = {
    "ours": calls.ours,
    "ours fast": lambda url: calls.ours(url, calls.fast()),
    "urllib3": calls.bare_urllib3,
    "pyreqwest": calls.bare_fast,
    "sent fast": lambda url: calls.sent(url, calls.fast()),
    "prepare": calls.prepare,
    "ccxt": calls.ccxt_order,
    "ccxt raw": calls.ccxt_raw,
    "ccxt sign": calls.ccxt_sign,
    "binance": calls.binance,
}
ASYNC: dict[str, Callable[[str], AsyncCall]] = {
    "ours": calls.ours_async,
    "ours fast": lambda url: calls.ours_async(url, calls.fast_async()),
    "aiohttp": calls.bare_aiohttp,
    "pyreqwest": calls.bare_fast_async,
    "ccxt": lambda url: calls.ccxt_order(url, calls.ccxt_async()),
    "ccxt raw": lambda url: calls.ccxt_raw(url, calls.ccxt_async()),
}
DECODE: dict[str, Callable[[str], Call]] = {
    "ours": decoding.ours,
    "msgspec": decoding.bare,
    "json": decoding.plain,
    "binance": decoding.binance,
}
BLOCKING, AWAITED = ("ours", "ours fast", "urllib3", "pyreqwest"), ("ours", "ours fast", "aiohttp", "pyreqwest")
OURS = [f"{how}:{what}" for how in ("sync", "tls", "tls processor") for what in BLOCKING]
OURS += [f"{how}:{what}" for how in ("async", "flight", "tls flight") for what in AWAITED]
OURS += ["sync:sent fast", "sync:prepare"]
OURS += ["decode:ours", "decode:msgspec", "decode:json"]
"""What runs in the project's environment."""
PEERS = ["sync:ccxt", "sync:ccxt raw", "sync:ccxt sign", "sync:binance", "decode:binance"]
PEERS += [f"{how}:{what}" for how in ("async", "flight") for what in ("ccxt", "ccxt raw")]
"""What runs in the peers' environment."""


def run(name: str, where: str) -> list[float]:
    """Measure one subject."""
    kind, _, subject = name.partition(":")
    if kind == "tls processor":
        return timed(SYNC[subject](where), CALLS, time.process_time)
    if kind in ("sync", "tls"):
        return timed(SYNC[subject](where), CALLS)
    if kind == "decode":
        return timed(DECODE[subject](where), DECODINGS)
    return asyncio.run(timed_async(ASYNC[subject](where), CALLS, 1 if kind == "async" else IN_FLIGHT))


if __name__ == "__main__":
    report(run(sys.argv[1], sys.argv[2]))
    os._exit(0)  # what peers leave open is not our business here
