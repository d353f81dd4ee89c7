# Edited in templates/venues/core/streams/receiver.py; the copy in generated/ is imported.
"""Reads what arrives on one connection, and hands it on, until it is lost."""

from __future__ import annotations

import asyncio
import time

from aiohttp import WSMessage

from venues.core.streams.controls import Controls
from venues.core.streams.dispatcher import Dispatcher, Rest
from venues.core.streams.lost import Lost
from venues.core.streams.reader import BRACE, FrameReader, Push
from venues.core.streams.sender import FrameSender
from venues.core.streams.timing import Heartbeat
from venues.core.streams.websocket import PLAIN, WebSocket
from venues.core.values.time_limit import Overdue, time_limit
from venues.errors import ConnectionLost, DecodeError

TOGETHER = 16
"""After so many frames consumers get their turn: few events in memory at a time are read twice as fast."""
DRAIN = b"drain"
"""The message of a ping whose answer is awaited, unlike those of heartbeats."""


class Receiver:
    """Reads frames, the pushes among them by the shortest way."""

    def __init__(
        self, socket: WebSocket, reader: FrameReader, heartbeat: Heartbeat, dispatcher: Dispatcher, controls: Controls
    ) -> None:
        self._socket = socket
        self._reader = reader
        self._heartbeat = heartbeat
        self._dispatcher = dispatcher
        self._controls = controls
        self._size = 0
        """Of the beginning that was looked up last: frames with topics of the same length begin as long."""
        self._drained: asyncio.Future[None] | None = None

    async def receive_forever(self) -> None:
        """Read frames.

        Raises:
            Lost: when there are none any more, or one says so.
        """
        receive, heartbeat = self._socket.receive, self._heartbeat
        while True:
            for _ in range(TOGETHER):
                message = await receive()
                # Anything proves that the other side lives, not only the answer to a ping.
                heartbeat.last_received = time.monotonic()
                rest = self._take(message.data) if message.type is PLAIN else self._take_other(message)
                if rest is not None:
                    await rest
            # `receive` does not yield while frames are buffered, so consumers would starve without this.
            await asyncio.sleep(0)

    def _take_other(self, message: WSMessage) -> Rest:
        """Hand on what is packed, and hear what is no data."""
        frame = self._socket.data_of(message)
        return self._hear(message) if frame is None else self._take(frame)

    async def _hear(self, message: WSMessage) -> None:
        try:
            await self._socket.hear(message)
        except ConnectionLost as lost:
            raise Lost("disconnected", str(lost)) from None
        self._end_drain()

    def _take(self, frame: bytes) -> Rest:
        """Hand a frame on; return what has to be awaited before the next."""
        reader, dispatcher = self._reader, self._dispatcher
        known = reader.beginnings.get(frame[: self._size])
        if known is None:  # another topic than the one before, mostly
            size = self._size = frame.find(reader.mark) + reader.mark_size
            known = reader.beginnings.get(frame[:size])
        if known is not None and frame[-1] == BRACE and dispatcher.is_direct:
            topic = known.topic
            if topic.live and not topic.held:
                try:
                    unfinished = topic.take(frame[known.size : -1], known.whole, None)
                except DecodeError:  # more follows the data, or it is broken: now the frame is read as a whole
                    topic.pushes -= 1  # and counted then
                else:
                    return None if unfinished is None else dispatcher.finish(unfinished)
        found = reader.read(frame)
        return dispatcher.dispatch(found) if isinstance(found, Push) else self._controls.obey(found, frame)

    async def drain(self, sender: FrameSender, seconds: float) -> bool:
        """Wait until everything was read that the exchange has sent so far; return whether that is certain.

        The answer to a ping comes behind what was sent before, so reading it proves that nothing else is on its way.
        """
        self._drained = asyncio.get_running_loop().create_future()
        try:
            async with time_limit(seconds):
                await sender.ping(DRAIN)
                await self._drained
        except Overdue:
            return False
        return True

    def _end_drain(self) -> None:
        drained = self._drained
        if drained is not None and self._socket.last_pong == DRAIN and not drained.done():
            drained.set_result(None)
