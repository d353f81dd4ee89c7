# Edited in templates/venues/core/streams/supervisor.py; the copy in generated/ is imported.
"""Keeps one connection alive: connects again when it is lost, logs in, and subscribes to the same topics again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from venues import errors
from venues.core.channels.channel import Reason
from venues.core.streams.address import Address
from venues.core.streams.connection import Connection
from venues.core.streams.context import FORKED, Context
from venues.core.streams.live_topics import LiveTopics
from venues.core.streams.login import LoginSigner
from venues.core.streams.lost import Lost
from venues.core.streams.protocol import ConnectionSpec
from venues.core.streams.replacement import hold_until_lost
from venues.core.streams.sender import SendingLimits, take_turn
from venues.core.streams.setup import ConnectionSetup
from venues.core.streams.timing import RateWindow
from venues.core.streams.topic import CLOSED, Topic
from venues.core.streams.websocket import HandshakeRefused
from venues.core.values.interruption import is_of_program
from venues.errors import ConnectionLost, VenueError
from venues.hooks import logger

LIVED = 10.0
"""A connection that was subscribed to everything for so many seconds was a good one: pauses start small again."""
LONGEST_PATIENCE = 3600.0
"""Seconds after which an exchange is asked again that wants to be left alone for longer: such a Retry-After is mostly
a mistake, as a time in milliseconds, and one handshake an hour does no harm."""
FATAL = (errors.AuthenticationFailed, errors.PermissionDenied, errors.AccountRestricted, errors.InvalidRequest)
"""Errors that connecting again can't mend."""


class Supervisor(LiveTopics):
    """One connection that stays, and its topics."""

    def __init__(
        self, context: Context, spec: ConnectionSpec, address: Address, reconnects: RateWindow, number: int
    ) -> None:
        super().__init__(context, spec, self._close_if_idle)
        self.name: str = f"{spec.name} {number}"
        self._address = address
        self._reconnects = reconnects
        signer = LoginSigner(spec.login, context.given) if spec.login else None
        limits = SendingLimits.of(spec.limits)
        self._setup = ConnectionSetup(context, spec, address, self._reader, limits, signer, self.name)
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None
        self._complete_since: float | None = None
        """Since when everything is subscribed to, on the current connection."""
        self._clock_set = False
        """Whether the clock was set since the last login that was accepted; once must be enough."""

    @property
    def has_begun(self) -> bool:
        """Whether it was opened."""
        return self._task is not None

    @property
    def is_alive(self) -> bool:
        """Whether it has, or still tries to get, a connection."""
        return self._task is not None and not self._task.done() and not self._task.cancelling()

    async def open(self) -> None:
        """Connect for the first time.

        Raises:
            ConnectionFailed: if that can't be done.
            ApiError: if the login is refused.
        """
        self._task = asyncio.create_task(self._supervise(), name=f"venues stream {self.name}")
        self._task.add_done_callback(self._end_if_canceled)
        await asyncio.shield(self._opened)

    def stop(self) -> None:
        """End all topics, and begin to close the connection."""
        if self._current is not None:
            self._current.pending.fail_all(ConnectionLost(CLOSED))
        self._end(None)
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        if self._task is not None and not self._task.cancelling():
            self._task.cancel()

    async def close(self) -> None:
        """Close the connection and end everything that belongs to it."""
        self.stop()
        if self._task is not None:
            await asyncio.gather(self._task, *self._additions, return_exceptions=True)
            self._context.note(self.name, "closed", str(self._address))

    def _end_if_canceled(self, task: asyncio.Task[None]) -> None:
        """End the topics where all tasks are canceled from outside, as at the end of an event loop."""
        if task.cancelled():
            self._end(ConnectionLost("the task of the connection was canceled"))

    def _close_if_idle(self) -> None:
        """Close a connection without topics before the exchange does: being disconnected often may be punished."""
        self._idle_timer = None
        if not self.topics and self.is_alive:
            self._context.note(self.name, "closed", "nothing is subscribed to")
            self.stop()

    async def _supervise(self) -> None:
        """Connect, and connect again, until this is canceled, has no topics, or can't succeed."""
        attempt = 0
        while True:
            reason, failure = await self._hold_connection()
            lived = self._complete_since is not None and time.monotonic() - self._complete_since > LIVED
            self._disconnect(failure)
            if self._context.is_forked():  # the copy of a connection that belongs to the parent
                self._end(ConnectionLost(FORKED))
                return
            if self._has_set_clock(failure):
                continue
            # Anything that is no VenueError is a mistake in this package, or what the program raised in the middle of it,
            # as a time limit does: connecting again would hide it.
            if not self._opened.done() or isinstance(failure, FATAL) or not isinstance(failure, VenueError):
                self._end(failure)
                return
            # A connection that is accepted and then closed at once must not be retried without a growing pause.
            attempt = 1 if lived else attempt + 1
            self._context.note(self.name, "lost", str(failure), attempt)
            self._report_gap(reason, list(self.topics.values()))
            if not self.topics:
                return
            await asyncio.sleep(max(self._context.pause(attempt), patience(failure)))
            await take_turn(self._reconnects, self._context, self.name)

    def _disconnect(self, failure: Exception) -> None:
        connection, self._current, self._complete_since = self._current, None, None
        if connection is not None:
            connection.pending.fail_all(ConnectionLost(str(failure)))

    def _has_set_clock(self, failure: Exception) -> bool:
        """Set the clock where a login was refused because of it; return whether that makes another login worth it."""
        if self._clock_set or not isinstance(failure, errors.ClockSkew):
            return False
        self._clock_set = True
        return self._context.clock.believe()

    async def _hold_connection(self) -> tuple[Reason, Exception]:
        """Connect, and hold the connection until its end; return why it ended."""
        try:
            await hold_until_lost(self, self._setup, await Connection.open(self._setup))
        except Lost as lost:
            return lost.reason, ConnectionLost(str(lost))
        except VenueError as error:
            return "disconnected", error
        except Exception as error:
            if not is_of_program(error):
                logger.getChild(self._context.api).exception("stream %s failed", self.name)
            return "disconnected", error
        return "disconnected", ConnectionLost("the connection ended")

    def switch(self, connection: Connection, missed: Sequence[Topic]) -> None:
        """Use another connection from now on, and report a gap of topics whose pushes may have been missed."""
        self._current, self._complete_since = connection, time.monotonic()
        self._context.note(self.name, "open", f"{self._address}, before the one before was too old")
        self._report_gap("life", missed)

    async def welcome(self, connection: Connection) -> None:
        """Subscribe to everything: the connection may be used."""
        self._current, self._clock_set = connection, False
        self._context.note(self.name, "open", str(self._address))
        if not self._opened.done():
            self._opened.set_result(None)
        await self.subscribe_on(connection, list(self.topics.values()))
        self._complete_since = time.monotonic()

    def _end(self, error: Exception | None) -> None:
        """End with all topics; subscribing to one again starts another supervisor."""
        if not self._opened.done():
            self._opened.set_exception(error or ConnectionLost(CLOSED))
            self._opened.exception()  # retrieved, so that asyncio does not log it as never retrieved
        ended = list(self.topics.values())
        self.forget(ended)
        for topic in ended:
            topic.fail(error)
        for addition in self._additions:
            addition.cancel()


def patience(failure: Exception) -> float:
    """Return the seconds for which the exchange asks to be left alone."""
    asked = failure.retry_after if isinstance(failure, (HandshakeRefused, errors.RateLimited)) else None
    return min(asked or 0.0, LONGEST_PATIENCE)
