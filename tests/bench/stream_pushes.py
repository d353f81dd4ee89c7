"""What a push costs from the socket to its consumer: ours, bare aiohttp and bare websockets, each with msgspec.

    python -m tests.bench.stream_pushes --peers PYTHON [--pushes N] [--passes N]

Prints JSON: subject → pushes a second (median), microseconds a push (median, and each pass), and ratios to ours.
`measure` returns the figures; `python -m tests.bench.stream_pushes SUBJECT URL PUSHES` runs one subject in its process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from tests.bench.push_server import LEVELS, TOPIC
from venues.aster_futures.streams.models import LiveDepth

ROOT = Path(__file__).parent.parent.parent
PUSHES, PASSES = 20_000, 5
ASK = json.dumps({"method": "SUBSCRIBE", "params": [TOPIC], "id": 1})
Take = Callable[[str, int], Awaitable[float]]
"""Takes so many pushes from an address; returns the seconds from the first to the last."""


class Envelope(msgspec.Struct):
    """A push around a book."""

    data: LiveDepth


def decoder() -> Callable[[bytes | str], Any]:
    """Return what decodes a whole frame into the struct that our events hold."""
    return msgspec.json.Decoder(Envelope, float_hook=Decimal).decode


async def ours(url: str, pushes: int) -> float:
    """Take events from a subscription."""
    from venues.aster_futures import AsyncAsterFutures
    from venues.aster_futures.streams.channels import Book

    async with AsyncAsterFutures() as client, client.streams(url=url) as streams:
        subscription = streams.subscribe(Book(symbol="BTCUSDT", levels=LEVELS, speed="100ms"))
        await anext(subscription)
        began = time.perf_counter()
        for _ in range(pushes - 1):
            await anext(subscription)
        return time.perf_counter() - began


async def bare_aiohttp(url: str, pushes: int) -> float:
    """Decode what aiohttp's client receives."""
    import aiohttp

    decode = decoder()
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{url}/stream") as ws:
        await ws.send_str(ASK)
        await ws.receive()
        decode((await ws.receive()).data)
        began = time.perf_counter()
        for _ in range(pushes - 1):
            decode((await ws.receive()).data)
        return time.perf_counter() - began


async def bare_websockets(url: str, pushes: int) -> float:
    """Decode what websockets' client receives."""
    from websockets.asyncio.client import connect  # type: ignore[import-not-found]  # only the peers have it

    decode = decoder()
    async with connect(f"{url}/stream", compression=None) as ws:
        await ws.send(ASK)
        await ws.recv()
        decode(await ws.recv(decode=False))
        began = time.perf_counter()
        for _ in range(pushes - 1):
            decode(await ws.recv(decode=False))
        return time.perf_counter() - began


SUBJECTS: dict[str, Take] = {
    "stream:ours": ours,
    "stream:aiohttp": bare_aiohttp,
    "stream:websockets": bare_websockets,
}
PEERS = ("stream:websockets",)
"""What runs in the peers' environment."""


@contextmanager
def server(pushes: int) -> Iterator[str]:
    """Yield the address of a server in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name("push_server.py")), str(pushes)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        yield f"ws://127.0.0.1:{running.stdout.readline().strip()}"
        running.terminate()


def measure(peers: str, *, pushes: int = PUSHES, passes: int = PASSES) -> dict[str, list[float]]:
    """Run all subjects in turn, several times; return subject → microseconds a push, one for each pass.

    Args:
        peers: The Python that has the peers installed.
        pushes: How many pushes a client takes.
        passes: How often each subject runs.
    """
    figures: dict[str, list[float]] = {name: [] for name in SUBJECTS}
    with server(pushes) as url:
        for _ in range(passes):
            for name, kept in figures.items():
                kept.append(_measured(peers if name in PEERS else sys.executable, name, url, pushes))
    return figures


def _measured(python: str, name: str, url: str, pushes: int) -> float:
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "generated")))}
    command = [python, "-m", "tests.bench.stream_pushes", name, url, str(pushes)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=paths)
    return float(done.stdout.splitlines()[-1])


def summary(figures: dict[str, list[float]]) -> dict[str, Any]:
    """Return medians, pushes a second, and how many times longer ours takes than each other subject."""
    middle = {name: median(values) for name, values in figures.items()}
    return {
        "subjects": {
            name: {"pushes_per_second": round(1e6 / middle[name]), "median_us": middle[name], "us": values}
            for name, values in figures.items()
        },
        "ratios": {name: middle["stream:ours"] / value for name, value in middle.items() if name != "stream:ours"},
    }


def main() -> None:
    """Run one subject, or all of them."""
    if len(sys.argv) > 1 and sys.argv[1] in SUBJECTS:
        name, url, pushes = sys.argv[1], sys.argv[2], int(sys.argv[3])
        print(asyncio.run(SUBJECTS[name](url, pushes)) / (pushes - 1) * 1e6)  # type: ignore[arg-type]
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", required=True, help="The Python that has the peers installed.")
    parser.add_argument("--pushes", type=int, default=PUSHES)
    parser.add_argument("--passes", type=int, default=PASSES)
    chosen = parser.parse_args()
    print(json.dumps(summary(measure(chosen.peers, pushes=chosen.pushes, passes=chosen.passes)), indent=1))


if __name__ == "__main__":
    main()
