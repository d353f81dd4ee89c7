# Edited in templates/venues/mock/streams/frame_socket.py; the copy in generated/ is imported.
"""The sending side of one WebSocket connection: frames, messages of heartbeats, and the end."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Protocol

import aiohttp
from aiohttp import web

from venues.mock.declared.connections import Message
from venues.mock.declared.streams import Streams
from venues.mock.exact import Json, compact
from venues.mock.streams.frames import fill_template


class Manner(Protocol):
    """How the streams send at the moment; each member is described in `StreamServer`."""

    rules: Streams
    now: Callable[[], int]
    silent: bool


class FrameSocket:
    """Sends frames, compressed where the exchange does so."""

    def __init__(self, manner: Manner, socket: web.WebSocketResponse) -> None:
        self._manner = manner
        self._socket = socket

    async def send_json(self, frame: Json) -> None:
        """Send JSON."""
        await self.send(compact(frame))

    async def send(self, text: str) -> None:
        """Send a frame, unless the streams are silent; a client that has left gets nothing."""
        if self._manner.silent or self._socket.closed:
            return
        try:
            if self._manner.rules.gzip:
                await self._socket.send_bytes(gzip.compress(text.encode(), 1))
            else:
                await self._socket.send_str(text)
        except (aiohttp.ClientError, OSError, RuntimeError):
            return  # closed meanwhile; the listening task ends the connection

    def drop(self) -> None:
        """Break the connection without a closing frame."""
        # aiohttp has no public way to the transport once the WebSocket is open.
        transport = self._socket._req.transport if self._socket._req is not None else None
        if transport is not None:
            transport.abort()

    async def leave(self) -> None:
        """Close the connection with the code 1001, going away."""
        await self._socket.close(code=1001)

    async def send_message(self, message: Message) -> None:
        """Send a message of a heartbeat: text, JSON, or a ping or pong of the protocol."""
        if message.kind == "text":
            await self.send(str(message.value))
        elif message.kind == "json":
            await self.send_json(fill_template(message.value, {"id": "1", "time": self._manner.now()}))
        elif not self._manner.silent:
            await (self._socket.ping() if message.value == "ping" else self._socket.pong())
