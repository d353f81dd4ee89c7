# Edited in templates/venues/core/asking/async_watch.py; the copy in generated/ is imported.
"""Waits for an order by looking again and again; derived from `async_watch`, by `watch.py.unasync`."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from venues.core.trading.waiting import OrderWait
from venues.errors import DecodeError, ExchangeUnavailable, OrderNotFound, RateLimited, TransportError, VenueError

if TYPE_CHECKING:
    from venues.core.streams.sync_session import SyncSession

PASSING = (OrderNotFound, TransportError, RateLimited, ExchangeUnavailable, DecodeError)
"""What ends no wait: an order may be elsewhere, or not there yet; limits and outages pass."""


class OrderWatch:
    """Looks for one order, and at once when streams push one."""

    def __init__(
        self,
        wait: OrderWait,
        answer_to: Callable[[str, Mapping[str, object]], object],
        sleep: Callable[[float], None],
        opened: Iterable[SyncSession],
    ) -> None:
        """Make a watch.

        Args:
            wait: For what, and what is known of it.
            answer_to: Calls an operation by group and name, with arguments by wire name.
            sleep: Waits so many seconds.
            opened: The streams of the client.
        """
        self._wait = wait
        self._answer_to = answer_to
        self._sleep = sleep
        self._opened = opened

    def run(self, timeout: float) -> object:
        """Return the order as the exchange returned it last.

        Raises:
            TimeoutError: if it was not done in so many seconds.
        """
        end = time.monotonic() + timeout
        while True:
            session, pushes = self._stream_of(self._wait.channels)
            if self._look():
                return self._wait.seen
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{self._wait.describe()} after {timeout:g} s") from self._wait.failure
            self._await_change(session, pushes, left)

    def _stream_of(self, channels: Collection[str]) -> tuple[SyncSession | None, int]:
        """Return streams that are subscribed to one of these channels, and how many pushes have come so far."""
        for session in list(self._opened):
            pushes = session.count_pushes(channels)
            if pushes is not None:
                return session, pushes
        return None, 0

    def _await_change(self, session: SyncSession | None, pushes: int, left: float) -> None:
        """Wait before the next look: always a little, then until an order is pushed, where streams are open."""
        shortest, pause = self._wait.pauses()
        self._sleep(min(shortest, left))
        rest = max(0.0, min(pause, left) - shortest)
        if session is None:
            self._sleep(rest)
            return
        try:
            session.wait_push(self._wait.channels, pushes, rest)
        except VenueError:
            self._sleep(rest)  # these streams were closed, or wait for this call themselves

    def _look(self) -> bool:
        """Look for the order once; return whether it is done."""
        for find in self._wait.finds:
            try:
                if self._wait.note(find, self._answer_to(find.operation, self._wait.arguments(find))):
                    return self._wait.is_done
            except PASSING as failure:
                self._wait.failure = failure
        return False
