# Edited in templates/venues/core/streams/pulse.py; the copy in generated/ is imported.
"""Heartbeats of one connection: ours, in time, and the answers to those of the exchange."""

from __future__ import annotations

import asyncio
import time

from venues.core.streams.context import now
from venues.core.streams.frames import encode, fill
from venues.core.streams.lost import Lost
from venues.core.streams.pending import PendingRequests
from venues.core.streams.protocol import HeartbeatSpec, Message
from venues.core.streams.sender import FrameSender
from venues.core.streams.timing import Heartbeat
from venues.core.values.time_limit import Overdue, time_limit


class Pulse:
    """Says what an API wants to hear of a client that lives."""

    def __init__(
        self, spec: HeartbeatSpec | None, heartbeat: Heartbeat, sender: FrameSender, pending: PendingRequests
    ) -> None:
        self._spec = spec
        self._heartbeat = heartbeat
        self._sender = sender
        self._pending = pending

    async def beat(self) -> None:
        """Send pings when they are due.

        Raises:
            Lost: when nothing was received for too long, or nothing can be sent.
        """
        spec = self._spec
        while True:
            await asyncio.sleep(self._heartbeat.rest(time.monotonic()))
            due = self._heartbeat.due(time.monotonic())
            if due == "dead":
                raise Lost("silence", "nothing was received for too long")
            if due == "ping" and spec is not None and spec.client is not None:
                try:
                    # A dead peer takes no bytes: once the buffers are full, sending waits without end.
                    async with time_limit(spec.silence):
                        await self._say(spec.client.send, {})
                except Overdue:
                    raise Lost("silence", "nothing could be sent for too long") from None

    async def answer(self, values: dict[str, object]) -> None:
        """Answer a ping of the exchange, if it wants that."""
        spec = self._spec
        if spec is not None and spec.server is not None and spec.server.answer is not None:
            await self._say(spec.server.answer, values)

    async def _say(self, message: Message, values: dict[str, object]) -> None:
        if message.kind == "protocol":
            await self._sender.ping()
        elif message.kind == "text":
            await self._sender.send(str(message.value))
        else:
            number = self._sender.wire_number(self._pending.next_number())
            await self._sender.send(encode(fill(message.value, {"id": number, "time": now(), **values})))
