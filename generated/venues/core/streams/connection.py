# Edited in templates/venues/core/streams/connection.py; the copy in generated/ is imported.
"""One WebSocket while it lives, from the handshake to its end: login, heartbeats, and what arrives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from venues import errors
from venues.core.streams.address import Address, ListenKeys
from venues.core.streams.context import Context
from venues.core.streams.controls import Controls
from venues.core.streams.dispatcher import Dispatcher
from venues.core.streams.entry import Entry
from venues.core.streams.lost import Lost
from venues.core.streams.pending import PendingRequests
from venues.core.streams.pulse import Pulse
from venues.core.streams.receiver import Receiver
from venues.core.streams.sender import FrameSender
from venues.core.streams.setup import ConnectionSetup
from venues.core.streams.subscriber import Subscriber
from venues.core.streams.timing import Heartbeat
from venues.core.streams.websocket import HandshakeRefused, WebSocket
from venues.core.values.time_limit import Overdue, time_limit


class Connection:
    """One open WebSocket, and everything that ends with it."""

    def __init__(self, setup: ConnectionSetup, socket: WebSocket) -> None:
        context = setup.context
        self._timeout = context.timeout
        self._keys = setup.address.keys
        self._socket = socket
        heartbeat = Heartbeat(setup.spec.heartbeat, time.monotonic())
        self._sender = FrameSender(context, setup.name, socket, heartbeat, setup.limits)
        self.pending: PendingRequests = PendingRequests()
        self.subscriber: Subscriber = Subscriber(context, setup.spec, self._sender, self.pending)
        self.dispatcher: Dispatcher = Dispatcher(context, setup.name, heartbeat, self.pending, self.subscriber)
        self._entry = Entry(setup, self._sender, self.pending)
        self._pulse = Pulse(setup.spec.heartbeat, heartbeat, self._sender, self.pending)
        controls = Controls(setup, self._entry, self._pulse, self.pending, self.dispatcher)
        self._receiver = Receiver(socket, setup.reader, heartbeat, self.dispatcher, controls)
        self._receiving: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, setup: ConnectionSetup) -> Connection:
        """Connect.

        Raises:
            VenueError: if that can't be done.
        """
        return cls(setup, await _connect(setup.context, setup.address))

    async def run(self, welcome: Callable[[Connection], Awaitable[None]]) -> None:
        """Serve the connection until its end, and close it.

        Args:
            welcome: Called when the connection may be used.

        Raises:
            Lost: when it has come to its end.
            VenueError: if the login is refused.
        """
        self._receiving = asyncio.create_task(self._receiver.receive_forever())
        tasks = [self._receiving, *(asyncio.create_task(work) for work in self._work(welcome))]
        try:
            while tasks:
                # FIRST_EXCEPTION: the login ends normally, while receiving and heartbeats go on until one fails.
                done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
                self._entry.raise_refusal()
                for task in done:
                    task.result()
                tasks = list(pending)
        finally:
            try:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            finally:  # also where this is canceled a second time, while it waits for its tasks
                await _close_quietly(self._socket)

    def drop(self) -> None:
        """Release the socket at once; it is closed already, unless `run` was ended before it began."""
        self._socket.drop()

    def _work(self, welcome: Callable[[Connection], Awaitable[None]]) -> list[Coroutine[Any, Any, None]]:
        """Return what goes on at the same time while the connection lives."""
        work: list[Coroutine[Any, Any, None]] = [
            self._pulse.beat(),
            self._enter(welcome),
            self.subscriber.renew_forever(),
        ]
        if self._keys is not None:
            work.append(_outlive(self._keys))
        return work

    async def _enter(self, welcome: Callable[[Connection], Awaitable[None]]) -> None:
        await self._entry.enter()
        await welcome(self)

    async def drain(self) -> bool:
        """Wait until everything was read that the exchange has sent so far; return whether that is certain."""
        return await self._receiver.drain(self._sender, self._timeout)

    async def stop_reading(self) -> None:
        """Deliver nothing more; the connection then ends."""
        if self._receiving is not None:
            self._receiving.cancel()
            await asyncio.wait([self._receiving])


async def _outlive(keys: ListenKeys) -> None:
    await keys.wait_for_end()
    raise Lost("expired", "the listen key has expired")


async def _connect(context: Context, address: Address) -> WebSocket:
    url = await address.url()  # may call the REST API, which has time limits of its own
    try:
        async with time_limit(context.timeout):
            return await WebSocket.connect(context.session, url, gzip=context.protocol.gzip, network=context.network)
    except Overdue:
        raise errors.ConnectionFailed("no answer to the handshake in time") from None
    except HandshakeRefused as refused:
        # An exchange that has forgotten the listen key refuses the address; only a new key helps then.
        if address.keys is not None and refused.blames_us:
            address.keys.drop()
        raise


async def _close_quietly(socket: WebSocket) -> None:
    try:
        await socket.close()
    except (OSError, RuntimeError):
        return
