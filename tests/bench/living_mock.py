"""What a signed call costs a living mock exchange, its books on, beside a bare aiohttp server that knows one answer.

    python -m tests.bench.living_mock [--calls N] [--passes N]

Prints JSON: subject → microseconds a call, one number for each pass, and how many calls a second that is on one core. The server has a process of its own, bound
to a core; what counts is its processor time, so that neither the client nor other programs are measured. The calls are
a bot's: an order that fills, one that rests, its state, the open orders, its cancellation, and the balances. All are
built and signed beforehand; the clocks of both sides stand still.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from aiohttp import web

from venues.aster_futures import AsterFutures, operations
from venues.core.request.operation import Operation
from venues.mock import Mock

ROOT = Path(__file__).parent.parent.parent
NOW = 1_795_132_800_000
HOST = "http://127.0.0.1"
CALLS, PASSES, KINDS = 5_000, 3, 6
WARM = 10 * KINDS
SYMBOL, PRICE = "BTCUSDT", "59000"
LIVING, BARE = "mock:living", "mock:aiohttp"
SUBJECTS = (LIVING, BARE)


def requests(credentials: dict[str, Any], calls: int) -> Iterator[bytes]:
    """Yield signed requests as they go over the wire, one kind after the other."""
    with AsterFutures(**credentials, base_url=HOST, limiter="off", clock=lambda: NOW) as client:
        for number in range(calls):
            operation, arguments = _call(number)
            request = client.prepare(operation, **arguments)
            headers = {"Host": "127.0.0.1", **request.headers, "Content-Length": str(len(request.body))}
            lines = [f"{name}: {value}" for name, value in headers.items()]
            start = f"{request.method} {request.url.removeprefix(HOST)} HTTP/1.1"
            yield "\r\n".join([start, *lines, "", ""]).encode() + request.body


def _call(number: int) -> tuple[Operation[Any], dict[str, str]]:
    """Return the operation of a call, and its arguments."""
    turn = number // KINDS
    order = {"symbol": SYMBOL, "type": "LIMIT", "time_in_force": "GTC", "quantity": "0.5"}
    side, price = ("BUY", "60000") if turn % 2 else ("SELL", "58000")
    resting = {"symbol": SYMBOL, "orig_client_order_id": f"rests-{turn}"}
    calls: list[tuple[Operation[Any], dict[str, str]]] = [
        (operations.TRADE_PLACE_ORDER, {**order, "side": side, "price": price, "new_client_order_id": f"fills-{turn}"}),
        (
            operations.TRADE_PLACE_ORDER,
            {**order, "side": "BUY", "price": "50000", "new_client_order_id": f"rests-{turn}"},
        ),
        (operations.TRADE_GET_ORDER, resting),
        (operations.TRADE_GET_OPEN_ORDERS, {"symbol": SYMBOL}),
        (operations.TRADE_CANCEL_ORDER, resting),
        (operations.ACCOUNT_GET_BALANCES, {}),
    ]
    return calls[number % KINDS]


def send(port: int, prepared: list[bytes]) -> None:
    """Send requests on one connection, each after the answer to the one before.

    Raises:
        AssertionError: if one is refused.
    """
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for each in prepared:
            connection.sendall(each)
            answer = _answer(connection)
            assert answer.startswith(b"HTTP/1.1 200"), (each, answer)


def _answer(connection: socket.socket) -> bytes:
    data = connection.recv(1 << 16)
    while True:
        head, end, body = data.partition(b"\r\n\r\n")
        if end and len(body) >= int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]):
            return data
        data += connection.recv(1 << 16)


async def serve_bare() -> None:
    """Answer what the first order gets, by aiohttp alone, to whoever asks for anything."""
    body = json.dumps({"orderId": 1, "symbol": SYMBOL, "status": "FILLED", "filler": "x" * 700}).encode()

    async def respond(request: web.BaseRequest) -> web.Response:
        await request.read()
        return web.Response(body=body, content_type="application/json")

    runner = web.ServerRunner(web.Server(respond, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, report_time)


def serve_living() -> None:
    """Serve a mock exchange whose market has a price."""
    with Mock("aster_futures", clock=lambda: NOW, keep=1_000) as mock:
        mock.market(SYMBOL).price(PRICE)
        print(mock.url.rpartition(":")[2], flush=True)
        report_time()


def report_time() -> None:
    """Print the processor time of this process, in seconds, whenever a line comes in."""
    for _ in sys.stdin:
        print(time.process_time(), flush=True)


@contextmanager
def server(subject: str) -> Iterator[tuple[int, Callable[[], float]]]:
    """Yield the port of a server in a process of its own, and what asks for its processor time."""
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "generated")))}
    command = [sys.executable, "-m", "tests.bench.living_mock", "--serve", subject]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=paths) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        ask, told = running.stdin, running.stdout
        port = int(told.readline())

        def processor_time() -> float:
            print(file=ask, flush=True)
            return float(told.readline())

        yield port, processor_time
        running.terminate()


def measure(*, calls: int = CALLS, passes: int = PASSES) -> dict[str, list[float]]:
    """Run both servers in turn, several times; return subject → microseconds of processor time a call, one a pass."""
    prepared = [*requests(Mock("aster_futures").credentials, WARM + calls)]
    figures: dict[str, list[float]] = {name: [] for name in SUBJECTS}
    for _ in range(passes):
        for name, kept in figures.items():
            with server(name) as (port, processor_time):
                send(port, prepared[:WARM])
                before = processor_time()
                send(port, prepared[WARM:])
                kept.append((processor_time() - before) / calls * 1e6)
    return figures


def main() -> None:
    """Serve, or measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", choices=SUBJECTS, help=argparse.SUPPRESS)
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--passes", type=int, default=PASSES)
    chosen = parser.parse_args()
    if chosen.serve is None:
        figures = measure(calls=chosen.calls, passes=chosen.passes)
        per_second = {name: round(1e6 / median(values)) for name, values in figures.items()}
        print(json.dumps({"us": figures, "calls_per_second": per_second}, indent=1))
        return
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if chosen.serve == LIVING:
        serve_living()
    else:
        asyncio.run(serve_bare())


if __name__ == "__main__":
    main()
