"""An exchange of random misbehavior on a real socket; it alone knows what it executed."""

from __future__ import annotations

import random
import re
import select
import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from multidict import CIMultiDict

from tests.soak.misbehavior import READS, WRITES, Deed
from tests.soak.scene import Scene
from tests.soak.vocabulary import Vocabulary
from tests.support.apis import Api
from tests.support.waiting import PATIENCE
from tests.support.wild_server import WildServer
from venues.core.request.operation import Operation
from venues.mock.answer.sent import Answer
from venues.mock.exchange import Exchange
from venues.mock.request.received import Received

VISIBLE_MS = 5_000
"""How long an executed order may be missing from the lookups, in milliseconds of the exchange's time."""
CLIENT_ID = re.compile(rb"soak-\d{6}")
"""How the ids of the orders look, wherever in a request they stand."""
CALM = 0.55
"""How many of the lookups are answered as they should be; fewer, and little would ever be found out."""


class Clock:
    """The time of exchange and clients; it can be moved on, so that nobody waits for an order to appear."""

    def __init__(self) -> None:
        self._ahead = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self._ahead

    def skip(self, milliseconds: int) -> None:
        """Move on."""
        self._ahead += milliseconds


@dataclass
class Truth:
    """What really became of one order."""

    exchange: Exchange
    """It knows nothing but this order: what the mock shows as the latest is this one."""
    arrived: int = 0
    """How often it was ordered."""
    visible_at: int = 0
    """From when on lookups show it, in milliseconds of the exchange's time."""
    deeds: list[str] = field(default_factory=list)
    """What was done to its requests, and to its lookups."""
    frames: list[list[bytes]] = field(default_factory=list)
    """What came and what was sent, by turns."""

    @property
    def executed(self) -> int:
        """How often it was executed."""
        return self.exchange.count()


class WildExchange:
    """Serves the orders of one API, and misbehaves as the seed says.

    What happens to a request depends on the seed, the order and how often it came, not on which of two comes first.
    """

    def __init__(self, api: Api, operation: Operation[Any], seed: str, timeout: float) -> None:
        self._name, self._seed = api.name, seed
        self.timeout = timeout
        """Seconds that the clients wait."""
        self.clock = Clock()
        self.kinds: Counter[str] = Counter()
        self.asked_about = ""
        """The order that is being looked up: not every lookup names it."""
        self._blank = self._exchange()
        self._truths = {"": Truth(self._blank)}
        self._vocabulary = Vocabulary(api, operation, self._blank)
        self._lock = threading.Lock()
        self._pending: set[socket.socket] = set()
        self._open: set[socket.socket] = set()
        self._begun = 0
        """How many connections are or were served."""
        self._server = WildServer(self._serve)

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()
        self._server.wait_until_idle()  # who still sleeps keeps the whole exchange in memory

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._server.url

    @property
    def credentials(self) -> dict[str, Any]:
        """What to make a client with."""
        return self._blank.credentials

    def expect(self, client_id: str) -> Truth:
        """Prepare for an order."""
        truth = self._truths[client_id] = Truth(self._exchange())
        return truth

    def wait_until_quiet(self) -> None:
        """Wait until everything that was sent has been dealt with: executed by now, or never."""
        end = time.monotonic() + PATIENCE
        while not self._is_quiet():
            if time.monotonic() > end:
                raise AssertionError("in vain waited for the exchange to deal with what was sent")
            time.sleep(0.001)

    def _is_quiet(self) -> bool:
        with self._lock:
            if self._pending or select.select([self._server._listener], [], [], 0)[0]:
                return False
            # Also where something is still being done: an order may lie behind it, and would be executed later.
            return len(self._server._served) == self._begun and not any(map(_has_unread, self._open))

    def _exchange(self) -> Exchange:
        exchange = Exchange(self._name, clock=self.clock, remembers=False)
        exchange.finds_executed = True
        return exchange

    def _serve(self, connection: socket.socket, _: WildServer) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._begun += 1
            self._open.add(connection)
        try:
            while self._has_more(connection):
                try:
                    scene = self._scene(connection)
                finally:
                    with self._lock:
                        self._pending.discard(connection)
                if scene is None or not scene[1].play(scene[0]):
                    break
        finally:
            with self._lock:
                self._open.discard(connection)
            with suppress(OSError):
                connection.close()

    def _has_more(self, connection: socket.socket) -> bool:
        """Wait for the next request, and mark it as not dealt with before a byte of it is taken."""
        more = bool(connection.recv(1, socket.MSG_PEEK))
        with self._lock:
            if more:
                self._pending.add(connection)
        return more

    def _scene(self, connection: socket.socket) -> tuple[Scene, Deed] | None:
        """Read a request, decide what to do with it, and execute it if that is what is decided."""
        request = _read(connection)
        if not request:
            return None
        named = CLIENT_ID.search(request)
        with self._lock:
            own = named[0].decode() if named else self.asked_about
            return self._decide(connection, request, own, self._truths[own])

    def _decide(self, connection: socket.socket, request: bytes, own: str, truth: Truth) -> tuple[Scene, Deed]:
        received = _received(request)
        chance = random.Random(f"{self._seed}/{own}/{len(truth.deeds)}")
        is_order = self._vocabulary.is_order(received)
        deed = self._choose(received, chance, is_order=is_order)
        executes = is_order and (chance.random() < 0.5 if deed.executes is None else deed.executes)
        answer = self._answer(received, truth, chance, executes=executes, is_order=is_order)
        scene = Scene(connection, chance, self.timeout, own, self._vocabulary.words(received, answer, own, chance))
        truth.arrived += is_order
        done = " (executed)" if executes else " (not executed)" if is_order else ""
        truth.deeds.append(f"{deed.name}{done}")
        truth.frames += [[request], scene.frames]
        self.kinds[deed.name if is_order else f"lookup: {deed.name}"] += 1
        return scene, deed

    def _choose(self, received: Received, chance: random.Random, *, is_order: bool) -> Deed:
        if not is_order and (chance.random() < CALM or not self._vocabulary.is_lookup(received)):
            return READS[0]
        names_id = self._vocabulary.names_id(received)
        return chance.choice([deed for deed in (WRITES if is_order else READS) if names_id or not deed.needs_id])

    def _answer(
        self, received: Received, truth: Truth, chance: random.Random, *, executes: bool, is_order: bool
    ) -> Answer:
        """Return the true answer; empty where nothing is done."""
        if is_order and not executes:
            return Answer(b"")
        if is_order:
            truth.visible_at = self.clock() + chance.choice([0, 0, VISIBLE_MS // 2])
            return truth.exchange.receive(received)
        is_hidden = not truth.executed or self.clock() < truth.visible_at
        return (self._blank if is_hidden else truth.exchange).receive(received)


def _has_unread(connection: socket.socket) -> bool:
    """Whether a client has sent more than was read; that it has left is nothing to read."""
    try:
        return bool(connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except OSError:
        return False


def _read(connection: socket.socket) -> bytes:
    """Read one request and not a byte more, for the next may be there already; empty if the client left."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            return b""
        head += byte
    length = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
    body = connection.recv(int(length[1]), socket.MSG_WAITALL) if length and int(length[1]) else b""
    return head + body


def _received(request: bytes) -> Received:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = CIMultiDict((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    path, _, query = target.partition("?")
    return Received(method, path, query, headers, body)
