# Edited in templates/venues/core/streams/entry.py; the copy in generated/ is imported.
"""From an open connection to one that may be used: the login, where there is one, and the exchange's word."""

from __future__ import annotations

import asyncio

from venues.core.streams.frames import encode
from venues.core.streams.pending import PendingRequests
from venues.core.streams.sender import FrameSender
from venues.core.streams.setup import ConnectionSetup
from venues.core.values.secrets import MASK
from venues.core.values.time_limit import Overdue, time_limit
from venues.errors import RequestTimeout


class Entry:
    """Lets us in, or raises what the exchange has against it."""

    def __init__(self, setup: ConnectionSetup, sender: FrameSender, pending: PendingRequests) -> None:
        self._context = setup.context
        self._signer = setup.signer
        self._awaits_word = setup.signer is not None or bool(setup.spec.ready)
        self._sender = sender
        self._pending = pending
        self._entered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when the exchange has let us in, or has refused the login."""

    async def enter(self) -> None:
        """Log in where that is needed, and wait until the connection may be used.

        Raises:
            ApiError: if the login is refused.
            RequestTimeout: if there is no answer to it.
        """
        if self._signer is not None:
            # Signed now and not earlier: the exchange accepts a login for some seconds after its time.
            frame = self._signer(self._context.clock(), self._sender.wire_number(self._pending.next_number()))
            await self._sender.send(encode(frame), shown=f"a login ({MASK})")
        if self._awaits_word:
            await self._await_word()
        self.end()

    async def _await_word(self) -> None:
        try:
            async with time_limit(self._context.timeout):
                await self._entered
        except Overdue:
            raise RequestTimeout(f"no answer to the login within {self._context.timeout:g} s") from None

    @property
    def is_open(self) -> bool:
        """Whether the exchange has still to let us in."""
        return not self._entered.done()

    def end(self, error: Exception | None = None) -> None:
        """Note that the exchange has accepted the login, or why not."""
        if self._entered.done():
            return
        if error is None:
            self._entered.set_result(None)
        else:
            self._entered.set_exception(error)

    def raise_refusal(self) -> None:
        """Raise a refused login rather than what follows it: the server closes the connection as well."""
        entered = self._entered
        error = entered.exception() if entered.done() and not entered.cancelled() else None
        if error is not None:
            raise error
