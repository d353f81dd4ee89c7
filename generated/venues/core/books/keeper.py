# Edited in templates/venues/core/books/keeper.py; the copy in generated/ is imported.
"""Keeps an order book up to date: follows its channel, and asks for snapshots where none are pushed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Generator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from venues.core.books.payload import BookReader, Unreadable
from venues.core.books.reading import Shelf
from venues.core.books.state import Snapshot
from venues.core.channels.book_rule import BookJoin, BookRule
from venues.core.channels.channel import Channel, Event, Gap
from venues.errors import ConnectionLost, VenueError
from venues.retry import Retry

CLOSED = "this order book was closed; `streams.book` opens another"
ENDED = "this order book is not kept any more: its event loop ended, or something failed"
GROWTH = 16
"""Up to which attempt pauses grow, so that a power of two does not overflow."""
SUBSCRIBES_AGAIN = ("disconnected", "silence", "expired")
"""Gaps after which the streams subscribe again by themselves."""


class Feed(Protocol):
    """A subscription to the book's channel."""

    async def ready(self) -> object:
        """Subscribe, and await that the exchange accepts."""
        ...

    def __aiter__(self) -> AsyncIterator[Any]: ...

    async def close(self) -> None:
        """Give it up."""
        ...


class Source(Protocol):
    """The session, as a book needs it."""

    async def wait_live(self, channel: Channel[Any]) -> None:
        """Wait until pushes of a channel come that is subscribed to."""
        ...

    def sees_gaps(self, channel: Channel[Any]) -> bool:
        """Whether the numbers of pushes show that one is missing."""
        ...

    def renew(self, channel: Channel[Any]) -> None:
        """Subscribe again soon, for a new snapshot."""
        ...

    async def ask(self, operation: str, arguments: Mapping[str, object]) -> object:
        """Call a REST operation with parameters by wire name, and return the data of its answer."""
        ...


class Keeper:
    """Two tasks: one follows the channel, the other asks for a snapshot whenever one is needed."""

    def __init__(self, shelf: Shelf, rule: BookRule, feed: Feed, source: Source, pauses: Retry) -> None:
        self._shelf = shelf
        self._rule = rule
        self._feed = feed
        self._source = source
        self._pauses = pauses
        self._reader = BookReader(rule.sides)
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._needed = asyncio.Event()
        self._attempts = 0
        self._was_trusted = False
        self._end: VenueError | None = None
        self._is_closed = False
        self._change: asyncio.Future[None] | None = None

    @property
    def is_closed(self) -> bool:
        """Whether it ended because it was closed, or the streams were."""
        return self._is_closed

    @property
    def was_trusted(self) -> bool:
        """Whether the book was ever trusted."""
        return self._was_trusted

    async def start(self) -> None:
        """Subscribe; pushes change the book from now on.

        Raises:
            VenueError: if that fails, or the book was closed.
        """
        if self._end is not None:
            raise self._end
        # Subscribed before a snapshot is requested, so that no change is lost between the two.
        await self._feed.ready()
        if not self._tasks and self._end is None:
            work = [self._follow()] if self._rule.join is None else [self._follow(), self._ask_forever(self._rule.join)]
            self._needed.set()
            self._shelf.sees_gaps = self._source.sees_gaps(self._shelf.channel)
            self._tasks = tuple(asyncio.create_task(self._guard(each), name="venues book") for each in work)

    async def wait_past(self, version: int) -> None:
        """Wait until the book has changed since a version.

        Raises:
            VenueError: if it will not change any more.
        """
        while self._shelf.version <= version:
            if self._end is not None:
                raise self._end
            if self._change is None or self._change.done():
                self._change = asyncio.get_running_loop().create_future()
            # Shielded: several consumers wait for the same future, and one may give up.
            await asyncio.shield(self._change)

    async def close(self, error: VenueError | None = None) -> None:
        """Follow the channel no more; the book is not trusted from now on."""
        self._is_closed |= self._end is None and error is None
        self._finish(error or ConnectionLost(CLOSED))
        # A task that closes the book must not cancel itself before it has given up the channel.
        others = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await self._feed.close()

    def _finish(self, error: VenueError) -> None:
        if self._end is None:
            self._end = error
            with self._changing():
                self._shelf.state.lose(str(error))

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        """Do the work of a task, and end the book with it."""
        try:
            await work
            await self.close()
        except VenueError as error:
            await self.close(error)
        finally:
            # Whatever ended the work, also an event loop that ends: a book that is no longer kept must not look true.
            self._finish(ConnectionLost(ENDED))

    async def _follow(self) -> None:
        async for item in self._feed:
            self._take(item)

    def _take(self, item: object) -> None:
        with self._changing():
            if isinstance(item, Gap):
                self._shelf.state.lose(item.reason)
            elif isinstance(item, Event):
                self._take_event(item)
        if self._shelf.state.trouble is not None and not self._heals_by_itself(item):
            self._source.renew(self._shelf.channel)
        # Pauses start again only if a snapshot has fitted; one that is requested again and again must not get faster.
        if self._shelf.state.has_begun:
            self._attempts = 0

    def _take_event(self, event: Event[Any, Any]) -> None:
        shelf = self._shelf
        shelf.time, shelf.received = event.time, event.received
        shelf.sees_gaps = self._source.sees_gaps(shelf.channel)
        try:
            if event.snapshot:
                shelf.state.replace(self._reader.read_snapshot(event.data))
            else:
                shelf.state.change(self._reader.read_change(event.data, shelf.channel.SPEC.sequence))
        except Unreadable as error:
            shelf.state.lose(str(error))

    def _heals_by_itself(self, item: object) -> bool:
        """Whether another snapshot will come without subscribing again."""
        if self._rule.join is not None or self._shelf.channel.SPEC.delivers == "snapshot":
            return True
        return isinstance(item, Gap) and item.reason in SUBSCRIBES_AGAIN

    @contextmanager
    def _changing(self) -> Generator[None]:
        """Change the book: readers in other threads see it before or after, and who waits is woken."""
        state = self._shelf.state
        with self._shelf.lock:
            before = state.trouble
            yield
            if before is not None and state.trouble is None:
                # The first snapshot is no healing.
                self._shelf.heals += self._was_trusted
                self._was_trusted = True
            self._shelf.version += 1
        if state.needs_snapshot:
            self._needed.set()
        if self._change is not None and not self._change.done():
            self._change.set_result(None)

    async def _ask_forever(self, join: BookJoin) -> None:
        while True:
            await self._needed.wait()
            if not self._shelf.state.needs_snapshot:
                self._needed.clear()
                continue
            if self._attempts:
                await asyncio.sleep(self._pauses.pause(min(self._attempts, GROWTH)))
            self._attempts += 1
            try:
                await self._ask_once(join)
            except VenueError:
                # If the first snapshot fails, the caller still waits and should know; later ones are tried again.
                if not self._was_trusted:
                    raise

    async def _ask_once(self, join: BookJoin) -> None:
        # What comes between a loss and the new subscription is in no push: a snapshot of that time would hide it.
        await self._source.wait_live(self._shelf.channel)
        token = self._shelf.state.ask()
        data = await self._source.ask(join.operation, self._arguments(join))
        try:
            snapshot = BookReader(join.sides).read_snapshot(data, join.at, join.levels)
        except Unreadable:
            return
        self._join(snapshot, token)

    def _join(self, snapshot: Snapshot, token: int) -> None:
        with self._changing():
            self._shelf.state.join(snapshot, token)

    def _arguments(self, join: BookJoin) -> dict[str, object]:
        given = self._shelf.channel.arguments
        return {**join.constants, **{wire: given[of] for wire, of in join.params.items() if given.get(of) is not None}}
