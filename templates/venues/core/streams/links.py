"""The connections of one `client.streams()`: found by what they carry, made where there is no room, closed together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from venues.core.channels.channel import Channel
from venues.core.streams.address import Address, Ask, ListenKeys
from venues.core.streams.context import Context
from venues.core.streams.link import Link
from venues.core.streams.protocol import Connection
from venues.core.streams.topic import Topic
from venues.errors import InvalidRequest


class Links:
    """Connections by their kind, and what they share."""

    def __init__(self, make: Callable[[], Context], base: str, ask: Ask) -> None:
        self._make = make
        self._base = base
        self._ask = ask
        self._context: Context | None = None
        self._by_kind: dict[str, list[Link]] = {}
        self._keys: dict[str, ListenKeys] = {}
        self._numbers: dict[str, int] = {}

    @property
    def context(self) -> Context:
        """What all of them share; it is made when it is needed."""
        if self._context is None:
            self._context = self._make()
        return self._context

    def __iter__(self) -> Iterator[Link]:
        return (link for links in self._by_kind.values() for link in links)

    def of(self, kind: str) -> list[Link]:
        """Return those of a kind."""
        return self._by_kind.get(kind, [])

    def topic(self, channel: Channel[Any]) -> Topic | None:
        """Return what a channel is subscribed to by, if it is."""
        links = self.of(channel.SPEC.connection)
        return next((link.topics[channel.key] for link in links if channel.key in link.topics), None)

    def roomy(self, kind: str) -> Link:
        """Return a connection that has room for one more topic; make one if there is none.

        Raises:
            InvalidRequest: if the API allows no more connections.
        """
        links = self._by_kind.setdefault(kind, [])
        links[:] = [link for link in links if link.alive or not link.begun]
        for link in links:
            if link.room > 0:
                return link
        connection = self.context.protocol.connections[kind]
        most = connection.limits.connections
        if most is not None and len(list(self)) >= most:
            raise InvalidRequest(f"{most} connections are open, and the API allows no more")
        link = Link(self.context, connection, self._address(kind, connection), self._number(kind))
        links.append(link)
        return link

    def _number(self, kind: str) -> int:
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return self._numbers[kind]

    def _address(self, kind: str, connection: Connection) -> Address:
        if connection.listen_key is not None and kind not in self._keys:
            self._keys[kind] = ListenKeys(connection.listen_key, self._ask, self.context.hide)
        return Address(self._base, connection, self.context.given, self._keys.get(kind))

    async def open(self, links: list[Link]) -> None:
        """Connect for the first time; all of them, or none."""
        try:
            for link in links:
                await link.open()
        except BaseException:
            for known in self._by_kind.values():
                known[:] = [link for link in known if link not in links]
            await asyncio.gather(*(link.close() for link in links))
            raise

    async def close(self) -> None:
        """Close all of them, and what they share."""
        links = list(self)
        self._by_kind.clear()
        try:
            await asyncio.gather(*(link.close() for link in links))
            await asyncio.gather(*(keys.close() for keys in self._keys.values()))
        finally:
            self._keys.clear()
            context, self._context = self._context, None
            if context is not None:
                await context.session.close()
