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

from venues.mock.declared.streams import Connection, Login, Streams
from venues.mock.exact import Json, compact, parse
from venues.mock.streams.frames import fill_template, topic_key
from venues.mock.streams.listen_keys import ListenKeys
from venues.mock.streams.login import LoginVerifier
from venues.mock.streams.connection import ServedConnection

T = TypeVar("T")


class StreamServer:
    """Everybody who is connected. What tests call may be called from any thread."""

    def __init__(
        self,
        rules: Streams,
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
        self.hurry = 1.0
        """How many times faster heartbeats are than the specification says."""
        self.too_fast = 0
        """How many connections were ended because they sent too much."""
        self.unheard = 0
        """How many connections were ended because their client said nothing."""
        self.opened = 0
        """How many connections there have been."""
        self.keys = ListenKeys(rules.connections)
        self._credentials = credentials
        self._logins = {
            c.name: LoginVerifier(c.login, credentials, public_keys) for c in rules.connections if c.login is not None
        }
        self._open: list[ServedConnection] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = threading.Condition()

    # What the server calls, on its own loop.

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Serve one connection until it ends."""
        self._loop = asyncio.get_running_loop()
        found = self._connections_for(request)
        if found is None or self.refuse_connections:
            return web.Response(status=401 if found is None else 503)
        socket = web.WebSocketResponse(autoping=False, timeout=0.5, max_msg_size=1 << 24)
        socket.headers["Date"] = formatdate(self.now() / 1000, usegmt=True)
        try:
            await socket.prepare(request)
        except ConnectionError:
            return web.Response()  # nobody gets it
        connection = ServedConnection(self, found[0], socket, found[1])
        self.opened += 1
        self._open.append(connection)
        self._notify()
        try:
            await connection.run()
        finally:
            self._open.remove(connection)
            self._notify()
        return socket

    def _connections_for(self, request: web.BaseRequest) -> tuple[list[Connection], str | None] | None:
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
            if key is not None and not self.keys.is_valid(key, self.now()):
                continue
            if all(unquote(v) == self._credentials.get(n) for n, v in values.items() if n != "listen_key"):
                return ([kind] if values else [k for k, v in matching if not v]), key
        return None

    def note_answer(self, operation: str, body: bytes) -> None:
        """Look at the answer of a REST call: it may have made or ended a listen key."""
        ended = self.keys.note_answer(operation, body, self.now())
        for connection in [connection for connection in self._open if connection.key in ended]:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(connection.drop)

    def login_of(self, kinds: list[Connection]) -> tuple[Login, LoginVerifier]:
        """Return the rules of a login."""
        kind = next(kind for kind in kinds if kind.login is not None)
        assert kind.login is not None
        return kind.login, self._logins[kind.name]

    async def on_connect(self, connection: ServedConnection) -> None:
        """Somebody has come in: what comes by itself begins."""
        self._notify()
        if self.examples:
            for channel in self.rules.channels:
                if channel.topic is None and channel.connection in {kind.name for kind in connection.kinds}:
                    for example in channel.examples:
                        await connection.send(example.push)

    async def on_subscribe(self, connection: ServedConnection, topic: Json) -> None:
        """Somebody has subscribed: the examples come at once."""
        self._notify()
        if self.examples:
            for channel in self.rules.channels:
                for example in channel.examples:
                    if example.topic is not None and topic_key(example.topic) == topic_key(topic):
                        await connection.send(example.push)

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    # What a test calls.

    @property
    def connected(self) -> int:
        """How many connections there are."""
        return len(self._open)

    @property
    def topics(self) -> list[str]:
        """What is subscribed to, over all connections; topics that are objects as JSON with sorted members."""
        return [key for connection in list(self._open) for key in list(connection.topics)]

    def wait(self, met: Callable[[StreamServer], bool], timeout: float = 10.0) -> None:
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
        return self._run_on_loop(self._push([text] * times, topic))

    def push_all(self, frames: list[Json], topic: Json = None) -> int:
        """Send several frames, in this order, as `push` does."""
        return self._run_on_loop(self._push([f if isinstance(f, str) else compact(f) for f in frames], topic))

    async def _push(self, texts: list[str], topic: Json) -> int:
        key = None if topic is None else topic_key(topic)
        chosen = [connection for connection in self._open if key is None or key in connection.topics]
        for connection in chosen:
            for text in texts:
                await connection.send(text)
        return len(chosen)

    def drop(self, number: int | None = None) -> None:
        """Break connections without a goodbye: the first so many, or all."""
        self._run_on_loop(self._each(lambda connection: connection.drop(), number))

    def close(self, number: int | None = None) -> None:
        """Close connections politely: the first so many, or all."""

        async def leave() -> None:
            await asyncio.gather(*(connection.leave() for connection in self._open[:number]))

        self._run_on_loop(leave())

    async def _each(self, act: Callable[[ServedConnection], None], number: int | None) -> None:
        for connection in self._open[:number]:
            act(connection)

    def expire_keys(self) -> None:
        """Let all listen keys expire: who uses one is told so, where the API tells it, and gets nothing more."""
        ended = self.keys.expire()

        async def tell() -> None:
            for connection in self._open:
                spec = connection.kind.listen_key
                if connection.key in ended and spec is not None and spec.expired is not None:
                    await connection.send_json(fill_template(spec.expired, {"time": self.now()}))
                elif connection.key in ended:
                    connection.drop()

        self._run_on_loop(tell())

    def example(self, channel: str, number: int = 0) -> Json:
        """Return the push of a channel's example."""
        found = next(each for each in self.rules.channels if each.name == channel)
        return parse(found.examples[number].push)

    def _run_on_loop(self, work: Coroutine[Any, Any, T]) -> T:
        if self._loop is None:
            work.close()
            raise RuntimeError("nobody has connected yet")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


def _address(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{([a-z_]+)\}", template)
    words = [re.escape(part) if index % 2 == 0 else f"(?P<{part}>[^/?&]+)" for index, part in enumerate(parts)]
    return re.compile("".join(words))
