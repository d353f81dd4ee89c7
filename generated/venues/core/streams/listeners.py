# Edited in templates/venues/core/streams/listeners.py; the copy in generated/ is imported.
"""Who listens to what: queues join topics and leave them, and a topic without queues is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from venues.core.channels.channel import Channel
from venues.core.streams.event_queue import EventQueue
from venues.core.streams.pool import ConnectionPool
from venues.core.streams.supervisor import Supervisor
from venues.core.streams.topic import Topic

GRACE = 1.0
"""Seconds between the loss of a subscription that was never closed and unsubscribing: a loop that is left is often
followed by another one over the same channel."""


class Listeners:
    """The queues that listen to the topics of one session."""

    def __init__(self, pool: ConnectionPool, check_open: Callable[[], None]) -> None:
        self._pool = pool
        self._check_open = check_open
        """Raises where the session was closed."""
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._sweep_timer: asyncio.TimerHandle | None = None
        self._closed = False

    async def join(self, queue: EventQueue[Any], channels: Sequence[Channel[Any]]) -> None:
        """Have a queue listen to channels, and await that the exchange accepts."""
        try:
            for connection in dict.fromkeys(channel.connection for channel in channels):
                mine = [channel for channel in channels if channel.connection == connection]
                await self._join_kind(queue, connection, mine)
        except BaseException:
            # Not awaited: this may be a cancellation, and the caller waits for it.
            self._start(self._give_up(self._detach(queue, channels)))
            raise

    async def _join_kind(self, queue: EventQueue[Any], kind: str, channels: list[Channel[Any]]) -> None:
        known: list[Topic] = []
        new: dict[Supervisor, list[Topic]] = {}
        async with self._lock:
            self._check_open()
            for channel in channels:
                topic = self._pool.find_topic(channel)
                if topic is None:
                    supervisor = self._pool.with_room(kind)
                    topic = Topic(channel, self._pool.context.deviation)
                    supervisor.add(topic)
                    new.setdefault(supervisor, []).append(topic)
                else:
                    known.append(topic)
                topic.listeners.append(queue)
            opened = [supervisor for supervisor in new if not supervisor.has_begun]
            await self._pool.open(opened)
        await asyncio.gather(
            *(
                supervisor.await_acceptance(topics) if supervisor in opened else supervisor.subscribe(topics)
                for supervisor, topics in new.items()
            ),
            *(self._join_known(topic) for topic in known),
        )

    async def _join_known(self, topic: Topic) -> None:
        """Await that another subscription to this topic is accepted; if it started with a snapshot, get a new one."""
        # A consumer that joins before the acceptance gets the first snapshot, like the one that subscribed.
        late = topic.accepted.done()
        await asyncio.shield(topic.accepted)
        if late and topic.starts_whole:
            self._pool.renew(topic)

    async def leave(self, queue: EventQueue[Any], channels: Sequence[Channel[Any]]) -> None:
        """Stop a queue from listening to channels, and unsubscribe from those that no other one listens to."""
        await self._give_up(self._detach(queue, channels))

    def drop(self, queue: EventQueue[Any], channels: Sequence[Channel[Any]]) -> None:
        """End a queue that is no longer read; what it alone listened to is given up a little later."""
        queue.end()
        for topic in self._topics_of(queue, channels):
            topic.listeners.remove(queue)
        if self._sweep_timer is None and not self._closed:
            self._sweep_timer = asyncio.get_running_loop().call_later(GRACE, self._sweep)

    def _sweep(self) -> None:
        self._sweep_timer = None
        unwanted = {
            supervisor: [topic for topic in supervisor.topics.values() if not topic.listeners]
            for supervisor in self._pool
        }
        self._start(self._give_up(unwanted))

    def _topics_of(self, queue: EventQueue[Any], channels: Sequence[Channel[Any]]) -> list[Topic]:
        """Return the topics of channels to which a queue listens."""
        found = map(self._pool.find_topic, channels)
        return [topic for topic in found if topic is not None and queue in topic.listeners]

    def _detach(self, queue: EventQueue[Any], channels: Sequence[Channel[Any]]) -> dict[Supervisor, list[Topic]]:
        """Detach a queue; return the topics left without listeners."""
        mine = self._topics_of(queue, channels)
        for topic in mine:
            topic.listeners.remove(queue)
        return {
            supervisor: [topic for topic in mine if not topic.listeners and supervisor.topics.get(topic.key) is topic]
            for kind in dict.fromkeys(channel.connection for channel in channels)
            for supervisor in self._pool.of(kind)
        }

    async def _give_up(self, unwanted: Mapping[Supervisor, Sequence[Topic]]) -> None:
        affected = {supervisor: topics for supervisor, topics in unwanted.items() if topics}
        for supervisor, topics in affected.items():
            supervisor.forget(topics)
        await asyncio.gather(*(supervisor.unsubscribe(topics) for supervisor, topics in affected.items()))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Start work that is not awaited; `close` cancels it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Begin nothing any more, and end what has begun."""
        self._closed = True
        if self._sweep_timer is not None:
            self._sweep_timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
