"""Many callers, one client: no crossed answers, nothing left open."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from generator.ground.tree import ROOT
from tests.support.apis import APIS, Api
from tests.support.wild_server import WildServer
from venues.core.client import SyncCore
from venues.core.request.messages import Response
from venues.core.request.operation import Operation

THREADS, TASKS, CALLS = 32, 200, 10


def subject(api: Api) -> Operation[Any]:
    """Return a signed call that has a client id, or the first that must happen once."""
    once = [o for o in api.operations if o.effect == "once" and o.auth == "signed" and not o.schemes]
    return max(once, key=lambda o: o.client_id is not None)


def echo(body: str) -> Any:
    """Return a behaviour that answers every request with a fingerprint of that request in it."""

    def behave(connection: socket.socket, server: WildServer) -> None:
        while request := server.read(connection):
            content = json.loads(body)
            marked = content if isinstance(content, dict) else {"list": content}
            marked["fingerprint"] = fingerprint(request.partition(b"\r\n\r\n")[2] + request.split()[1])
            text = json.dumps(marked).encode()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(text), text))

    return behave


def fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def crossed(answer: Response[Any], base: str) -> bool:
    """Whether an answer belongs to another request."""
    target = answer.request.url.removeprefix(base).encode()
    return fingerprint(answer.request.body + target) != str(json.loads(answer.body)["fingerprint"])


def options(url: str) -> dict[str, Any]:
    return {"api_key": "k", "api_secret": "s", "base_url": url, "limiter": "off", "timeout": 30.0}


def credentials(api: Api) -> dict[str, str]:
    first = next(iter(api.client.PROFILE.signers())).credentials
    return dict.fromkeys(first, "mock")


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_threads_get_their_own_answers(api: Api) -> None:
    """Thirty-two threads share one client; every answer is that of its own request, over a bounded number of connections."""
    operation = subject(api)
    with WildServer(echo(api.response(operation))) as server:
        maker: Any = api.client
        client: SyncCore = maker(**{**options(server.url), **credentials(api)})
        with client, ThreadPoolExecutor(THREADS) as pool:
            calls = [pool.submit(client.call, operation, **api.arguments(operation)) for _ in range(THREADS * CALLS)]
            answers = [call.result() for call in calls]
        assert [] == [answer for answer in answers if crossed(answer, server.url)]
        assert len(server.connections) <= THREADS


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_tasks_get_their_own_answers(api: Api) -> None:
    """Two hundred tasks share one client; every answer is that of its own request, and the close is clean."""
    operation = subject(api)

    async def run(url: str) -> list[Response[Any]]:
        maker: Any = api.async_client
        async with maker(**{**options(url), **credentials(api)}) as client:
            calls = [client.call(operation, **api.arguments(operation)) for _ in range(TASKS * 2)]
            return list(await asyncio.gather(*calls))

    with WildServer(echo(api.response(operation))) as server:
        answers = asyncio.run(run(server.url))
        gc.collect()  # what was left open would warn now, and warnings are errors
        assert [] == [answer for answer in answers if crossed(answer, server.url)]


def test_closed_client_leaves_no_connection_behind() -> None:
    """After close, the exchange sees the end of every connection."""
    api = APIS[0]
    operation = subject(api)
    with WildServer(echo(api.response(operation))) as server:
        maker: Any = api.client
        with maker(**{**options(server.url), **credentials(api)}) as client:
            client.call(operation, **api.arguments(operation))
        server.wait_until_idle()
        assert 1 == len(server.connections)


AT_ONCE = """
import sys, threading, types
import msgspec

sys.setswitchinterval(1e-6)  # as many turns as a busy program would need hours for


def at_once(*works):
    start = threading.Barrier(len(works))

    def begin(work):
        start.wait()
        work()

    threads = [threading.Thread(target=begin, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""

FIRST_ANSWERS = """
from tests.support.apis import OPERATIONS
from venues.core.answer.decode import Reader
from venues.core.request.messages import Reply
from venues.mock.declared.api import load_api

at_once(*[lambda name=name: load_api(name) for name in {api.name for api, _ in OPERATIONS} for _ in range(3)])
for api, operation in OPERATIONS:
    reply = Reply(200, {}, api.response(operation).encode())
    envelope = api.client.PROFILE.envelope
    at_once(*[lambda: Reader(operation, envelope).read(reply, lambda *_: None)] * 8)
print("all read")
"""

FIRST_PUSHES = """
from venues.core.answer.models import Flat, Model
from venues.core.streams.payload import PayloadReader

LEVEL = '''
from __future__ import annotations
from decimal import Decimal
from enum import Enum
from venues.core.answer.models import ArrayModel

class Side(Enum):
    BUY = "buy"

class Level(ArrayModel, frozen=True, kw_only=True):
    price: Decimal | None
    side: Side | None
'''


def new_level(number):
    module = sys.modules[f"level{number}"] = types.ModuleType(f"level{number}")
    exec(LEVEL, vars(module))
    return module.Level


for number in range(50):
    book = msgspec.defstruct("Book", [("asks", Flat[new_level(number)])], bases=(Model,), kw_only=True, frozen=True)
    readers = [PayloadReader("book", book, lax=False) for _ in range(8)]
    at_once(*[lambda reader=reader: reader.read(b'{"asks": ["1", "buy"]}', lambda *_: None) for reader in readers])
print("all read")
"""


@pytest.mark.parametrize("works", [FIRST_ANSWERS, FIRST_PUSHES], ids=["answers", "flat lists in pushes"])
def test_threads_that_get_their_first_answers_at_once_read_them(works: str) -> None:
    """Decoders are built by one thread at a time: msgspec crashes the process where two build the same for the first time."""
    path = os.pathsep.join(["generated", "."])
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE + works],
        check=False,
        env={**os.environ, "PYTHONPATH": path},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (0, "all read\n") == (done.returncode, done.stdout), done.stderr[-2000:]
