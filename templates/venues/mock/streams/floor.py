"""The streams of the mock exchange, and what a test wants to happen there."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from email.utils import formatdate
from typing import Any, TypeVar
from urllib.parse import unquote

from aiohttp import web

from venues.mock.declared.streams import Connection, Login, StreamRules
from venues.mock.exact import Json, compact, parse
from venues.mock.streams.frames import key_of, made
from venues.mock.streams.keys import Keys
from venues.mock.streams.login import Logins
from venues.mock.streams.visit import Visit

T = TypeVar("T")


class Floor:
    """Everybody who is connected. What tests call may be called from any thread."""

    def __init__(
        self,
        rules: StreamRules,
        credentials: Mapping[str, str],
        public_keys: Mapping[str, str],
        now: Callable[[], int],
    ) -> None:
        self.rules = rules
        self.now = now
        self.frames: list[str] = []
        """Every text frame that was received, the oldest first."""
        self.examples = True
        """Whether whoever subscribes gets the examples of the specification at once."""
        self.silent = False
        """Whether nothing at all is sent, not even answers to pings."""
        self.mute = False
        """Whether subscriptions are not acknowledged."""
        self.refusals: dict[str, str] = {}
        """Topic (as in `topics`) → code with which it is refused."""
        self.refuse_connections = False
        """Whether nobody may connect."""
        self.hurry: float = 1.0
        """How many times faster heartbeats are than the specification says."""
        self.too_fast = 0
        """How many connections were ended because they sent too much."""
        self.unheard = 0
        """How many connections were ended because their client said nothing."""
        self.visitors: int = 0
        """How many connections there have been."""
        self.keys: Keys = Keys(rules.connections)
        self._credentials = credentials
        self._logins = {
            c.name: Logins(c.login, credentials, public_keys) for c in rules.connections if c.login is not None
        }
        self._visits: list[Visit] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = threading.Condition()

    # What the server calls, on its own loop.

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Serve one connection until it ends."""
        self._loop = asyncio.get_running_loop()
        found = self._kinds(request)
        if found is None or self.refuse_connections:
            return web.Response(status=401 if found is None else 503)
        socket = web.WebSocketResponse(autoping=False, timeout=0.5, max_msg_size=1 << 24)
        socket.headers["Date"] = formatdate(self.now() / 1000, usegmt=True)
        try:
            await socket.prepare(request)
        except ConnectionError:
            return web.Response()  # nobody gets it
        visit = Visit(self, found[0], socket, found[1])
        self.visitors += 1
        self._visits.append(visit)
        self._notify()
        try:
            await visit.run()
        finally:
            self._visits.remove(visit)
            self._notify()
        return socket

    def _kinds(self, request: web.BaseRequest) -> tuple[list[Connection], str | None] | None:
        """Return which kinds of connection an address is for, and its listen key; None if it is for none."""
        matching: list[tuple[Connection, dict[str, str]]] = []
        for kind in self.rules.connections:
            for template in filter(None, (kind.path or "/", kind.token)):
                found = _address(self.rules.path + ("" if template == "/" else template)).fullmatch(request.raw_path)
                if found:
                    matching.append((kind, found.groupdict()))
        named = [(kind, values) for kind, values in matching if values] or matching
        for kind, values in named:
            key = values.get("listen_key")
            if key is not None and not self.keys.good(key, self.now()):
                continue
            if all(unquote(v) == self._credentials.get(n) for n, v in values.items() if n != "listen_key"):
                return ([kind] if values else [k for k, v in matching if not v]), key
        return None

    def saw(self, operation: str, body: bytes) -> None:
        """Look at the answer of a REST call: it may have made or ended a listen key."""
        ended = self.keys.saw(operation, body, self.now())
        for visit in [visit for visit in self._visits if visit.key in ended]:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(visit.drop)

    def login_of(self, kinds: list[Connection]) -> tuple[Login, Logins]:
        """Return the rules of a login."""
        kind = next(kind for kind in kinds if kind.login is not None)
        assert kind.login is not None
        return kind.login, self._logins[kind.name]

    async def entered(self, visit: Visit) -> None:
        """Somebody has come in: what comes by itself begins."""
        self._notify()
        if self.examples:
            for channel in self.rules.channels:
                if channel.topic is None and channel.connection in {kind.name for kind in visit.kinds}:
                    for example in channel.examples:
                        await visit.send(example.push)

    async def subscribed(self, visit: Visit, topic: Json) -> None:
        """Somebody has subscribed: the examples come at once."""
        self._notify()
        if self.examples:
            for channel in self.rules.channels:
                for example in channel.examples:
                    if example.topic is not None and key_of(example.topic) == key_of(topic):
                        await visit.send(example.push)

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    # What a test calls.

    @property
    def connected(self) -> int:
        """How many connections there are."""
        return len(self._visits)

    @property
    def topics(self) -> list[str]:
        """What is subscribed to, over all connections; topics that are objects as JSON with sorted members."""
        return [key for visit in list(self._visits) for key in list(visit.topics)]

    def wait(self, met: Callable[[Floor], bool], timeout: float = 10.0) -> None:
        """Wait until something is true of the streams.

        Raises:
            TimeoutError: if that takes too long.
        """
        end = time.monotonic() + timeout
        with self._changed:
            while not met(self):
                rest = end - time.monotonic()
                if rest <= 0:
                    raise TimeoutError("what was waited for did not happen")
                self._changed.wait(min(rest, 0.2))

    def push(self, frame: Json, topic: Json = None, *, times: int = 1) -> int:
        """Send a frame (JSON, or its text) to everybody who subscribed to a topic, or to all; return to how many.

        Args:
            frame: The whole frame.
            topic: Who gets it.
            times: How often it is sent to each.
        """
        text = frame if isinstance(frame, str) else compact(frame)
        return self._on_loop(self._push([text] * times, topic))

    def push_all(self, frames: list[Json], topic: Json = None) -> int:
        """Send several frames, in this order, as `push` does."""
        return self._on_loop(self._push([f if isinstance(f, str) else compact(f) for f in frames], topic))

    async def _push(self, texts: list[str], topic: Json) -> int:
        key = None if topic is None else key_of(topic)
        chosen = [visit for visit in self._visits if key is None or key in visit.topics]
        for visit in chosen:
            for text in texts:
                await visit.send(text)
        return len(chosen)

    def drop(self, number: int | None = None) -> None:
        """Break connections without a goodbye: the first so many, or all."""
        self._on_loop(self._each(lambda visit: visit.drop(), number))

    def close(self, number: int | None = None) -> None:
        """Close connections politely: the first so many, or all."""

        async def leave() -> None:
            await asyncio.gather(*(visit.leave() for visit in self._visits[:number]))

        self._on_loop(leave())

    async def _each(self, act: Callable[[Visit], None], number: int | None) -> None:
        for visit in self._visits[:number]:
            act(visit)

    def expire_keys(self) -> None:
        """Let all listen keys expire: who uses one is told so, where the API tells it, and gets nothing more."""
        ended = self.keys.expire()

        async def tell() -> None:
            for visit in self._visits:
                spec = visit.kind.listen_key
                if visit.key in ended and spec is not None and spec.expired is not None:
                    await visit.say(made(spec.expired, {"time": self.now()}))
                elif visit.key in ended:
                    visit.drop()

        self._on_loop(tell())

    def example(self, channel: str, number: int = 0) -> Json:
        """Return the push of a channel's example."""
        found = next(each for each in self.rules.channels if each.name == channel)
        return parse(found.examples[number].push)

    def _on_loop(self, work: Coroutine[Any, Any, T]) -> T:
        if self._loop is None:
            work.close()
            raise RuntimeError("nobody has connected yet")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


def _address(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{([a-z_]+)\}", template)
    words = [re.escape(part) if index % 2 == 0 else f"(?P<{part}>[^/?&]+)" for index, part in enumerate(parts)]
    return re.compile("".join(words))
