# Edited in templates/venues/mock/streams/server.py; the copy in generated/ is imported.
"""The streams of the mock exchange: accepts connections, and lets a test push, refuse, drop and wait."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from email.utils import formatdate

from aiohttp import web

from venues.mock.declared.channels import Channel
from venues.mock.declared.connections import Connection, Login
from venues.mock.declared.streams import Streams
from venues.mock.exact import Json, compact, parse
from venues.mock.streams.connection import ServedConnection
from venues.mock.streams.entry import Entries
from venues.mock.streams.frames import fill_template, topic_key
from venues.mock.streams.listen_keys import ListenKeys
from venues.mock.streams.login import LoginVerifier
from venues.mock.streams.played import played
from venues.mock.streams.subscriber import Subscriber
from venues.mock.streams.telling import Telling


class NobodySubscribed(Exception):
    """A test pushed to a topic without subscribers: most often it is mistyped, or the client is not ready yet."""


class StreamServer(Telling):
    """All WebSocket connections to the mock exchange.

    Tests call it from any thread; connections live on the event loop of the server.
    """

    def __init__(
        self,
        rules: Streams,
        credentials: Mapping[str, str],
        public_keys: Mapping[str, str],
        now: Callable[[], int],
    ) -> None:
        super().__init__(rules, now)
        self.frames: list[str] = []
        """Every text frame that arrived, the oldest first."""
        self.silent = False
        """Whether nothing is sent at all, not even answers to pings."""
        self.mute = False
        """Whether subscriptions are not acknowledged."""
        self.refusals: dict[str, str] = {}
        """Topic (as in `topics`) → the code with which a subscription is refused."""
        self.refuse_connections = False
        """Whether new connections are refused, with status 503."""
        self.hurry: float = 1.0
        """How many times faster heartbeats are than in the specification, so that tests need not wait for minutes."""
        self.too_fast = 0
        """How many connections were ended because they sent too much."""
        self.unheard = 0
        """How many connections were ended because their client sent nothing for too long."""
        self.opened: int = 0
        """How many connections were opened so far."""
        self.on_topics: Callable[[list[str]], object] = lambda topics: None
        """Hears of the topics of all connections whenever one has come or gone."""
        self.keys: ListenKeys = ListenKeys(rules.connections)
        self._entries = Entries(rules, self.keys, credentials)
        self._logins = {
            c.name: LoginVerifier(c.login, credentials, public_keys) for c in rules.connections if c.login is not None
        }
        self._changed = threading.Condition()

    # Called by the server, on its own loop.

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Serve one connection until it ends."""
        try:
            return await self._serve(request)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # pytest.fail() raises no Exception
            self._note_error(error)
            return web.Response(status=500)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:  # another one after each start
            self._begin_telling(loop)
        entry = self._entries.entry(request.raw_path, self.now())
        if entry is None or self.refuse_connections:
            return web.Response(status=401 if entry is None else 503)
        # Pings are answered by hand: a test may want silence. Closing is not waited for: clients may be gone.
        socket = web.WebSocketResponse(autoping=False, timeout=0.5, max_msg_size=1 << 24)
        socket.headers["Date"] = formatdate(self.now() / 1000, usegmt=True)
        try:
            await socket.prepare(request)
        except ConnectionError:
            return web.Response()  # the client has left; aiohttp wants a response all the same
        connection = ServedConnection(self, entry, socket)
        self.opened += 1
        self._open.append(connection)
        self._notify()
        try:
            await connection.run()
        finally:
            self._open.remove(connection)
            self._notify()
        return socket

    def note_answer(self, operation: str, body: bytes) -> None:
        """Read the answer of a REST call: it may create a listen key, or end one with its connections."""
        ended = self.keys.note_answer(operation, body, self.now())
        for connection in [connection for connection in self._open if connection.key in ended]:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(connection.drop)

    def login_of(self, kinds: list[Connection]) -> tuple[Login, LoginVerifier]:
        """Return the login that one of these kinds of connection has, and what verifies it."""
        kind = next(kind for kind in kinds if kind.login is not None)
        assert kind.login is not None
        return kind.login, self._logins[kind.name]

    async def on_connect(self, connection: Subscriber) -> None:
        """Send a new connection the examples of channels without a topic: they need no subscription."""
        self._notify()
        for channel in self._channels_on(connection):
            if channel.topic is None:
                await self._begin(connection, channel, None, [example.push for example in channel.examples])

    async def on_subscribe(self, connection: Subscriber, topic: Json) -> None:
        """Send a connection the examples of a topic to which it subscribed; for other arguments, examples with those."""
        self._notify()
        for channel, pushes in self._fitting(connection, topic):
            await self._begin(connection, channel, topic, pushes)

    def on_unsubscribe(self) -> None:
        """Note that topics have gone."""
        self._notify()

    def _fitting(self, connection: Subscriber, topic: Json) -> list[tuple[Channel, list[str]]]:
        """Return the channels of a connection that have a topic, each with its pushes; the most exact ones only."""
        known = [(channel, played(channel, topic)) for channel in self._channels_on(connection)]
        # `book.rpi.BTCUSDT` fits `book.{depth}.{symbol}` as well as `book.rpi.{symbol}`, which says more of it.
        open_parts = {channel.name: str(channel.topic).count("{") for channel, pushes in known if pushes}
        least = min(open_parts.values(), default=0)
        return [(channel, pushes) for channel, pushes in known if pushes and open_parts[channel.name] == least]

    def _channels_on(self, connection: Subscriber) -> list[Channel]:
        # Several connections may have channels whose topics look alike, such as those of spot and of options.
        kinds = {kind.name for kind in connection.kinds}
        return [channel for channel in self.rules.channels if channel.connection in kinds]

    def _notify(self) -> None:
        self.on_topics(self.topics)
        with self._changed:
            self._changed.notify_all()

    # Called by tests, from their own threads.

    @property
    def connected(self) -> int:
        """How many connections are open."""
        return len(self._open)

    @property
    def topics(self) -> list[str]:
        """The topics of all connections; topics that are objects as JSON, with sorted members."""
        return [key for connection in list(self._open) for key in list(connection.topics)]

    def wait(self, met: Callable[[StreamServer], bool], timeout: float = 10.0) -> None:
        """Wait until a condition is met.

        Args:
            met: Returns whether it is; gets these streams.
            timeout: Seconds to wait at most.

        Raises:
            TimeoutError: if the condition is not met in time.
        """
        end = time.monotonic() + timeout
        with self._changed:
            while not met(self):
                rest = end - time.monotonic()
                if rest <= 0:
                    raise TimeoutError(f"the condition was not met within {timeout:g} s")
                # Not every change is notified, so the condition is looked at now and then, too.
                self._changed.wait(min(rest, 0.2))

    def push(self, frame: Json, topic: Json = None, *, times: int = 1) -> int:
        """Send a frame to the subscribers of a topic, or to all connections; return to how many.

        Args:
            frame: The whole frame, as JSON values or as text.
            topic: The topic; by default all connections get the frame.
            times: How often it is sent to each.

        Raises:
            NobodySubscribed: if a topic is given, and nobody is subscribed to it.
        """
        text = frame if isinstance(frame, str) else compact(frame)
        return self._run_on_loop(self._push([text] * times, topic))

    def push_all(self, frames: list[Json], topic: Json = None) -> int:
        """Send several frames in this order, as `push` does; no other frame comes between them."""
        return self._run_on_loop(self._push([f if isinstance(f, str) else compact(f) for f in frames], topic))

    async def _push(self, texts: list[str], topic: Json) -> int:
        key = None if topic is None else topic_key(topic)
        chosen = [connection for connection in self._open if key is None or key in connection.topics]
        for connection in chosen:
            for text in texts:
                await connection.push(text)
        if key is not None and not chosen:
            raise NobodySubscribed(f"nobody is subscribed to {key}; subscribed is {self.topics or 'nothing'}")
        return len(chosen)

    def drop(self, number: int | None = None) -> None:
        """Break the first `number` connections, or all, without closing frames."""
        self._run_on_loop(self._each(lambda connection: connection.drop(), number))

    def close(self, number: int | None = None) -> None:
        """Close the first `number` connections, or all, with a closing frame."""

        async def leave() -> None:
            await asyncio.gather(*(connection.leave() for connection in self._open[:number]))

        self._run_on_loop(leave())

    async def _each(self, act: Callable[[ServedConnection], None], number: int | None) -> None:
        for connection in self._open[:number]:
            act(connection)

    def expire_keys(self) -> None:
        """Expire all listen keys: their connections get the API's frame that says so, or are broken."""
        self._run_on_loop(self._tell_expired(self.keys.expire()))

    def end_due(self) -> None:
        """End what is due by the exchange's time: listen keys, and connections that have reached their age."""
        if self._loop is not None:
            self._run_on_loop(self._end_due())

    async def _end_due(self) -> None:
        now = self.now()
        await self._tell_expired(self.keys.end_due(now))
        for connection in [each for each in self._open if each.is_too_old(now)]:
            await connection.leave()

    async def _tell_expired(self, ended: list[str]) -> None:
        for connection in [each for each in self._open if each.key in ended]:
            spec = connection.kind.listen_key
            if spec is not None and spec.expired is not None:
                await connection.send_json(fill_template(spec.expired, {"time": self.now()}))
            else:
                connection.drop()

    def example(self, channel: str, number: int = 0) -> Json:
        """Return the push of a channel's example."""
        found = next(each for each in self.rules.channels if each.name == channel)
        return parse(found.examples[number].push)
