# Edited in templates/venues/core/streams/sender.py; the copy in generated/ is imported.
"""Sends frames on one connection, within the API's limits, and masks secrets where frames are shown."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from venues.core.streams.context import Context
from venues.core.streams.protocol import Limits, Rate
from venues.core.streams.timing import Heartbeat, RateWindow
from venues.core.streams.websocket import WebSocket

MARGIN = 0.3
"""Seconds by which windows are longer here than documented: frames don't all travel equally fast, and a packet that
was lost is sent again after about a fifth of a second, so two frames may arrive closer together than they were sent."""
LONG = 5.0
"""A pause of more seconds is reported to the hooks."""


@dataclass(frozen=True)
class SendingLimits:
    """What may still be sent; outlives a connection, for exchanges may count over several."""

    messages: RateWindow
    subscriptions: RateWindow

    @classmethod
    def of(cls, limits: Limits) -> SendingLimits:
        """Start counting."""
        return cls(RateWindow(_with_margin(limits.messages)), RateWindow(_with_margin(limits.subscriptions)))


class FrameSender:
    """Sends frames; several senders wait for each other."""

    def __init__(
        self, context: Context, name: str, socket: WebSocket, heartbeat: Heartbeat, limits: SendingLimits
    ) -> None:
        self._context = context
        self._name = name
        self._socket = socket
        self._heartbeat = heartbeat
        self._limits = limits
        self._lock = asyncio.Lock()

    def wire_number(self, number: int) -> int | str:
        """Return a frame's number as the API wants it."""
        return str(number) if self._context.protocol.text_ids else number

    async def send(self, text: str, *, shown: str | None = None) -> None:
        """Send a text frame as soon as the limits allow.

        Raises:
            ConnectionLost: if it can't be sent.
        """
        async with self._lock:
            await self._wait_for(self._limits.messages)
            await self._socket.send(text)
            self._heartbeat.note_sent(time.monotonic())
        if self._context.is_watched():
            self._context.note(self._name, "sent", self._context.mask(shown or text))

    async def ping(self, message: bytes = b"") -> None:
        """Send a ping of the WebSocket protocol; exchanges count these as messages, too."""
        async with self._lock:
            await self._wait_for(self._limits.messages)
            await self._socket.ping(message)
            self._heartbeat.note_sent(time.monotonic())

    async def wait_to_subscribe(self) -> None:
        """Wait until the API allows one more subscription; outside the lock, so that pings are sent meanwhile."""
        await self._wait_for(self._limits.subscriptions)

    async def _wait_for(self, window: RateWindow) -> None:
        await take_turn(window, self._context, self._name)


async def take_turn(window: RateWindow, context: Context, name: str) -> None:
    """Wait until a rate limit allows one more, and count it; long waits are reported for the connection of that name."""
    while wait := window.wait(time.monotonic()):
        if wait > LONG:
            context.note(name, "waits", f"{wait:.0f} s, as the API's limits ask for")
        await asyncio.sleep(wait)
    # The time is read again: the wait may have lasted longer than asked for.
    window.take(time.monotonic())


def _with_margin(rate: Rate | None) -> Rate | None:
    return None if rate is None else Rate(rate.calls, rate.per + MARGIN)
