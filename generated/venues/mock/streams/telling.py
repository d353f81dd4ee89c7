# Edited in templates/venues/mock/streams/telling.py; the copy in generated/ is imported.
"""Pushes to subscribers what happens on a mock exchange that remembers, in its order; a test can disturb that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

from venues.mock.declared.channels import Channel
from venues.mock.declared.streams import Streams
from venues.mock.exact import Json
from venues.mock.streams.connection import ServedConnection
from venues.mock.streams.frames import topic_key
from venues.mock.streams.outbox import Outbox
from venues.mock.streams.subscriber import Subscriber

if TYPE_CHECKING:
    from venues.mock.books.journal import Journal
    from venues.mock.books.quotes import Quotes
    from venues.mock.streams.follower import Follower, Told

T = TypeVar("T")


class Telling:
    """The connections, and what is on the way to them; events are noted in any thread, and sent on the event loop."""

    def __init__(self, rules: Streams, now: Callable[[], int]) -> None:
        self.rules: Streams = rules
        self.now: Callable[[], int] = now
        self.examples: bool = True
        """Whether each subscription gets the examples of the specification at once; not where it gets what happens."""
        self.outbox: Outbox = Outbox()
        self.error: BaseException | None = None
        """The first error of a test's own function, such as its clock; the mock exchange raises it when it stops."""
        self._follower: Follower | None = None
        self._lock: AbstractContextManager[object] = nullcontext()
        self._open: list[ServedConnection] = []
        self._tasks: set[asyncio.Task[None]] = set()
        """Tasks that send: an event loop alone keeps none of them alive."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._due_on: asyncio.AbstractEventLoop | None = None
        """The event loop that is going to tell what waits; waking it for each of an order's events would cost most."""

    @property
    def tells(self) -> list[str]:
        """The channels that tell what happens; none with `remembers=False`."""
        return [*dict.fromkeys(name for name, _ in self._follower.writers)] if self._follower is not None else []

    def follow(
        self, journal: Journal, quotes: Callable[[], Sequence[Quotes]], lock: AbstractContextManager[object]
    ) -> None:
        """Push what happens from now on; examples come only where a test asks for them.

        Args:
            journal: What happens.
            quotes: Returns the markets of all symbols.
            lock: Is held while something happens; what happened under it is pushed together.
        """
        # Imported only here, as the engine is: most tests play back examples.
        from venues.mock.streams.follower import Follower

        self._follower, self._lock = Follower(self.rules, quotes, self.now), lock
        self.examples = False
        journal.subscribe(self._follower.note)

    def _wake(self) -> None:
        if self._loop is not None and self._due_on is not self._loop:
            self._due_on = self._loop
            self._loop.call_soon_threadsafe(self._tell)

    def _begin_telling(self, loop: asyncio.AbstractEventLoop) -> None:
        """Tell what happens from now on, on the loop of the first connection."""
        with self._lock:
            self._loop = loop
            if self._follower is not None:
                self._follower.wake = self._wake
                self._follower.skip()

    def _tell(self) -> None:
        try:
            self._tell_what_happened()
        except BaseException as error:  # pytest.fail() raises no Exception
            self._note_error(error)

    def _note_error(self, error: BaseException) -> None:
        """Remember an error of a test's own function, if it is the first."""
        self.error = self.error or error

    def _tell_what_happened(self) -> None:
        """Put what happened in line, for those who are subscribed to it."""
        assert self._follower is not None
        with self._lock:
            # Under the lock, so that an event that comes later wakes the loop again, and none is left behind.
            self._due_on = None
            if not self._open:
                self._follower.skip()
                return
            told = self._follower.take()
        for each in told:
            self._send(each, self._open)
        self._start_sending()

    def _send(self, told: Told, connections: Sequence[ServedConnection]) -> None:
        receivers: dict[str, list[ServedConnection]] = {}
        topics: dict[str, Json] = {}
        for connection in connections:
            for topic in connection.topics_of(told.writer.channel):
                if told.fits(topic):
                    receivers.setdefault(topic_key(topic), []).append(connection)
                    topics[topic_key(topic)] = topic
        for key, found in receivers.items():
            with self._lock:
                said = told.said(topics[key])
            if said:
                self.outbox.add(told.writer.channel.name, found, told.writer.frame(topics[key], said, self.now()))

    def _start_sending(self) -> None:
        task = asyncio.ensure_future(self.outbox.send())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _begin(self, connection: Subscriber, channel: Channel, topic: Json, examples: list[str]) -> None:
        """Send a new subscriber the state with which a channel begins, or its examples."""
        follower = self._follower
        if follower is None or (channel.name, channel.connection) not in follower.writers:
            for push in examples if self.examples else ():
                await connection.push(push)
            return
        with self._lock:
            said = [(told.writer, told.said(topic)) for told in follower.state(channel) if told.fits(topic)]
            frames = [writer.frame(topic, each, self.now()) for writer, each in said if each]
        for frame in frames:
            await connection.push(frame)

    def hold(self) -> None:
        """Keep back pushes of what happens from now on, until `release`."""
        self.outbox.held = True

    def release(self) -> None:
        """Send the pushes that were kept back, in their order."""
        self.outbox.held = False
        if self._loop is not None:
            self._run_on_loop(self.outbox.send())

    def lose(self, count: int = 1, *, channel: str | None = None) -> None:
        """Lose the next pushes of what happens: they are never sent, and their numbers are missing.

        Args:
            count: How many.
            channel: Of which channel; by default of any.

        Raises:
            ValueError: if there is no such channel.
        """
        self.outbox.lost[self._named(channel)] += count

    def repeat(self, count: int = 1, *, channel: str | None = None) -> None:
        """Send the next pushes of what happens twice; arguments are those of `lose`."""
        self.outbox.repeated[self._named(channel)] += count

    def _named(self, channel: str | None) -> str | None:
        names = [each.name for each in self.rules.channels]
        if channel is not None and channel not in names:
            raise ValueError(f"no channel {channel!r}; there are {', '.join(names)}")
        return channel

    def _run_on_loop(self, work: Coroutine[Any, Any, T]) -> T:
        if self._loop is None:
            work.close()
            raise RuntimeError("no client has connected yet")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)
