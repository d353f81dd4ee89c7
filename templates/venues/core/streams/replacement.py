# Edited in templates/venues/core/streams/replacement.py; the copy in generated/ is imported.
"""Replaces a connection that is still good: the new one is open and subscribed before the old one is closed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from venues.core.streams.connection import Connection
from venues.core.streams.handover import Handover
from venues.core.streams.setup import ConnectionSetup
from venues.core.streams.topic import Topic
from venues.errors import ConnectionLost, RequestTimeout, VenueError
from venues.hooks import logger

EARLY = 0.97
"""The part of its documented life after which a connection is replaced, before the exchange ends it."""
RETRIES = 5
"""How often replacing a connection is tried in the rest of its life."""
OVERLAP = 2.0
"""Seconds in which both connections are subscribed to everything: exchanges serve them from different machines, and one
may be ahead of the other."""


class Host(Protocol):
    """The supervisor, as a replacement needs it."""

    topics: dict[str, Topic]
    """What is subscribed to; this changes while the replacement goes on."""

    async def welcome(self, connection: Connection) -> None:
        """Subscribe to everything on a connection that may be used."""
        ...

    def switch(self, connection: Connection, missed: Sequence[Topic]) -> None:
        """Make a connection the current one, and report a gap of topics whose pushes may have been missed."""
        ...

    async def subscribe_on(self, connection: Connection, topics: Sequence[Topic]) -> None:
        """Start new subscriptions."""
        ...


async def hold_until_lost(host: Host, setup: ConnectionSetup, connection: Connection) -> None:
    """Hold a connection, and those that replace it before it is too old, until one is lost.

    Raises:
        Lost: when that happens.
        VenueError: if the login is refused.
    """
    life = setup.spec.limits.life
    running = serve(connection, host.welcome)
    wait = _time_to_replacement(life)
    try:
        while True:
            await asyncio.wait([running], timeout=wait)
            if running.done():
                return running.result()
            successor = await Replacement(host, setup, connection).run(running)
            if successor is not None:
                connection, running = successor
                wait = _time_to_replacement(life)
            elif life is not None:
                wait = life * (1 - EARLY) / RETRIES
    finally:
        await end_task(running)


def _time_to_replacement(life: float | None) -> float | None:
    # Not all at the same moment: connections that were opened together would be replaced together.
    return None if life is None else life * EARLY * random.uniform(0.98, 1)  # noqa: S311  # not for secrets


class Replacement:
    """One attempt to replace a connection."""

    def __init__(self, host: Host, setup: ConnectionSetup, old: Connection) -> None:
        self._host = host
        self._setup = setup
        self._old = old
        self._subscribed: dict[str, Topic] = {}
        """What the new connection is subscribed to."""
        self._switched: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self, running: asyncio.Task[None]) -> tuple[Connection, asyncio.Task[None]] | None:
        """Return the new connection and the task that runs it; None if it failed, and the old one goes on.

        Args:
            running: The task that runs the old connection.
        """
        try:
            new = await Connection.open(self._setup)
        except VenueError as error:
            self._log(error)
            return None
        handover = Handover()
        self._old.dispatcher.show_to(handover)
        new.dispatcher.hold_in(handover)
        taking_over = serve(new, self._take_over)
        try:
            await asyncio.wait([self._switched, running, taking_over], return_when=asyncio.FIRST_COMPLETED)
            if self._switched.done():
                await end_task(running)
                return new, taking_over
        except BaseException:
            await end_task(taking_over)
            raise
        self._old.dispatcher.show_to(None)
        await end_task(taking_over)
        failure = None if taking_over.cancelled() else taking_over.exception()
        self._log(failure or ConnectionLost("the old connection was lost"))
        return None

    def _log(self, error: BaseException) -> None:
        api = self._setup.context.api
        logger.getChild(api).warning("stream %s was not replaced yet: %s", self._setup.name, error)

    async def _take_over(self, new: Connection) -> None:
        """Subscribe, wait until the old connection has nothing more to show, and switch."""
        await self._subscribe(new)
        await asyncio.sleep(OVERLAP)
        await self._subscribe(new)
        # What was sent on the old connection until now must be delivered before the new one goes on.
        complete = await self._old.drain()
        # The switch begins. What users subscribe to from here on, they subscribe to on the new connection.
        self._switched.set_result(None)
        topics = list(self._host.topics.values())
        late = [topic for topic in topics if self._lacks(topic)]
        left = [topic for topic in self._subscribed.values() if topic.forgotten]
        self._host.switch(new, late if complete else topics)
        await self._old.stop_reading()
        # A request that awaits an answer there is sent again on the new connection.
        self._old.pending.fail_all(ConnectionLost("another connection has taken over"))
        await new.dispatcher.release()
        for topic in topics:
            # A renewal ended with the old connection; and where a change may be missing, only a snapshot helps.
            if topic not in late and (topic.outdated or (topic.starts_whole and not complete)):
                topic.outdated = topic.held = False
                new.subscriber.renew_later(topic)
        await self._host.subscribe_on(new, [topic for topic in late if not topic.forgotten])
        await self._unsubscribe(new, left)

    async def _subscribe(self, new: Connection) -> None:
        """Subscribe to everything, also to what was added meanwhile.

        Raises:
            VenueError: if anything is refused.
        """
        while missing := [topic for topic in self._host.topics.values() if self._lacks(topic)]:
            refused = await new.subscriber.request("subscribe", missing)
            for error in refused.values():
                raise error
            self._subscribed |= {topic.key: topic for topic in missing}

    def _lacks(self, topic: Topic) -> bool:
        return topic.channel.topic is not None and self._subscribed.get(topic.key) is not topic

    async def _unsubscribe(self, new: Connection, topics: list[Topic]) -> None:
        if topics and "unsubscribe" in self._setup.spec.send:
            try:
                await new.subscriber.request("unsubscribe", topics)
            except RequestTimeout:
                return  # pushes of topics without listeners are dropped


def serve(connection: Connection, welcome: Callable[[Connection], Awaitable[None]]) -> asyncio.Task[None]:
    """Return the task that serves a connection; a task that is canceled before its first step would leave it open."""
    task = asyncio.create_task(connection.run(welcome))
    task.add_done_callback(lambda _: connection.drop())
    return task


async def end_task(task: asyncio.Task[Any]) -> None:
    """Cancel a task that holds a connection, and wait until it is closed, also where this is canceled meanwhile."""
    interruption = None
    task.cancel()
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as canceled:
            interruption = canceled
            task.cancel()
    if not task.cancelled():
        task.exception()  # retrieved, so that asyncio does not log it as never retrieved
    if interruption is not None:
        raise interruption
