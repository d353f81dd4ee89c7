# Edited in templates/venues/core/streams/pool.py; the copy in generated/ is imported.
"""The connections of one session: found by what they carry, added where there is no room, closed together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from venues.core.channels.channel import Channel
from venues.core.streams.address import Address, Ask, ListenKeys
from venues.core.streams.context import Context
from venues.core.streams.protocol import ConnectionSpec, Rate
from venues.core.streams.supervisor import Supervisor
from venues.core.streams.timing import RateWindow
from venues.core.streams.topic import Topic
from venues.errors import InvalidRequest


class ConnectionPool:
    """Supervised connections by kind, and what they share."""

    def __init__(self, make_context: Callable[[], Context], base: str, bases: Mapping[str, str], ask: Ask) -> None:
        self._make_context = make_context
        self._base = base
        self._bases = bases
        self._ask = ask
        self._context: Context | None = None
        self._by_kind: dict[str, list[Supervisor]] = {}
        self._keys: dict[str, ListenKeys] = {}
        self._numbers: dict[str, int] = {}
        self._reconnects: dict[Rate | None, RateWindow] = {}
        """One window for all kinds of connection with the same rate: exchanges count by address."""

    @property
    def context(self) -> Context:
        """What all of them share; created when it is first needed, for it needs a running event loop."""
        if self._context is None:
            self._context = self._make_context()
        return self._context

    def __iter__(self) -> Iterator[Supervisor]:
        return (supervisor for supervisors in self._by_kind.values() for supervisor in supervisors)

    def of(self, kind: str) -> list[Supervisor]:
        """Return those of one kind."""
        return self._by_kind.get(kind, [])

    def find_topic(self, channel: Channel[Any]) -> Topic | None:
        """Return the topic of a channel, if it is subscribed to."""
        supervisors = self.of(channel.connection)
        return next(
            (supervisor.topics[channel.key] for supervisor in supervisors if channel.key in supervisor.topics), None
        )

    def renew(self, topic: Topic) -> None:
        """Subscribe to a topic again soon, for a new snapshot."""
        for supervisor in self.of(topic.channel.connection):
            if supervisor.topics.get(topic.key) is topic:
                supervisor.renew(topic)

    def with_room(self, kind: str) -> Supervisor:
        """Return a connection that has room for one more topic; add one if there is none.

        Raises:
            InvalidRequest: if the API allows no more connections.
        """
        supervisors = self._by_kind.setdefault(kind, [])
        # Those that have ended make room: an exchange counts open connections only.
        supervisors[:] = [supervisor for supervisor in supervisors if supervisor.is_alive or not supervisor.has_begun]
        for supervisor in supervisors:
            if supervisor.room > 0:
                return supervisor
        connection = self.context.protocol.connections[kind]
        most = connection.limits.connections
        if most is not None and len(list(self)) >= most:
            raise InvalidRequest(f"{most} connections are open, and the API allows no more")
        rate = connection.limits.reconnects
        reconnects = self._reconnects.setdefault(rate, RateWindow(rate))
        address = self._address(kind, connection)
        supervisor = Supervisor(self.context, connection, address, reconnects, self._number(kind))
        supervisors.append(supervisor)
        return supervisor

    def _number(self, kind: str) -> int:
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return self._numbers[kind]

    def _address(self, kind: str, connection: ConnectionSpec) -> Address:
        if connection.listen_key is not None and kind not in self._keys:
            self._keys[kind] = ListenKeys(connection.listen_key, self._ask, self.context.hide)
        return Address(self._bases.get(kind, self._base), connection, self.context.given, self._keys.get(kind))

    async def open(self, supervisors: list[Supervisor]) -> None:
        """Connect for the first time; all of them, or none."""
        try:
            for supervisor in supervisors:
                await supervisor.open()
        except BaseException:
            # Removed before they are closed, so that no other task subscribes on them meanwhile.
            for known in self._by_kind.values():
                known[:] = [supervisor for supervisor in known if supervisor not in supervisors]
            await asyncio.gather(*(supervisor.close() for supervisor in supervisors))
            raise

    async def close(self) -> None:
        """Close all of them, and what they share."""
        supervisors = list(self)
        self._by_kind.clear()
        for supervisor in supervisors:
            supervisor.stop()  # at once, so that they end also where this is canceled while it waits
        try:
            await asyncio.gather(*(supervisor.close() for supervisor in supervisors))
            await asyncio.gather(*(keys.close() for keys in self._keys.values()))
        finally:
            self._keys.clear()
            context, self._context = self._context, None
            if context is not None:
                await context.session.close()
