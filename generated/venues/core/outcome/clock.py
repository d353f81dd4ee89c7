# Edited in templates/venues/core/outcome/clock.py; the copy in generated/ is imported.
"""The exchange's time: this machine's, and how far it is off."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from venues.errors import InvalidRequest

INEXACT = 2000
"""Milliseconds by which a Date header, which names whole seconds, may be wrong when it has arrived."""
EARLIEST, LATEST = 1_577_836_800_000, 4_102_444_800_000
"""Between which times a Date header is believed: 2020 and 2100. No exchange that still answers lives elsewhere."""
Clock = Callable[[], int]
"""Returns the time in milliseconds since 1970."""


def system_clock() -> int:
    """Return this machine's time."""
    return time.time_ns() // 1_000_000


def checked_clock(clock: Clock | None) -> Clock:
    """Return the clock of a client, which is this machine's unless another one is given.

    Raises:
        InvalidRequest: if it returns seconds, as `time.time` does: the exchange would refuse the first call of each
            few seconds, until it was asked for its time again.
    """
    if clock is None:
        return system_clock
    if not callable(clock):
        raise InvalidRequest(f"clock is of type {type(clock).__name__}; pass a function that returns milliseconds")
    now = clock()
    if EARLIEST < now * 1000 < LATEST:
        raise InvalidRequest(f"clock returns {now}, which looks like seconds; it must return milliseconds since 1970")
    return clock


class ClockSync:
    """The local time, corrected by the offset to the exchange's clock.

    The exchange is asked for its time only after it refused one: where both clocks are right, no call is spent on it.

    Args:
        local: Returns this machine's time in milliseconds.
        window: How far the clocks may be apart for a request to be accepted, in milliseconds.
    """

    def __init__(self, local: Clock, window: int = 0) -> None:
        self._local = local
        self._window = window
        self._last = 0
        self._lock = threading.Lock()
        self.offset: int = 0
        """Milliseconds that the exchange's clock is ahead of this machine's."""
        self.lessons = 0
        """How often the exchange was asked for its time, with success or not."""
        self._heard: tuple[int, int] | None = None

    def __call__(self) -> int:
        """Return the exchange's time in milliseconds, as far as it is known."""
        return int(self._local()) + self.offset

    def unique(self) -> int:
        """Return the exchange's time in milliseconds, and never the same twice.

        For exchanges that accept a signature once: two calls in one millisecond would be signed alike.
        """
        now = self()
        with self._lock:
            # Half of the window bounds how far times may run ahead, and lets a clock that was set back be followed.
            # Where no window is known, an exchange can only want times that grow.
            is_rush = now <= self._last < now + self._window // 2 if self._window else now <= self._last
            self._last = self._last + 1 if is_rush else now
            return self._last

    def has_moved(self, offset: int) -> bool:
        """Whether the correction differs enough from an earlier one to try a call again that was refused for its time."""
        return abs(self.offset - offset) > self._window // 2

    def local(self) -> int:
        """Return this machine's time in milliseconds."""
        return int(self._local())  # a user's clock may return time.time() * 1000, and exchanges read whole numbers

    def learn(self, server: int, before: int, after: int) -> None:
        """Set the clock from a time that the exchange returned between two moments of this machine.

        The way there is assumed to take as long as the way back.
        """
        with self._lock:
            self.offset = server - (before + after) // 2

    def learn_date(self, headers: Mapping[str, str]) -> None:
        """Set the clock from a Date header, where the exchange has no call for its time; the return trip is ignored."""
        server = time_of(next((value for name, value in headers.items() if name.lower() == "date"), None))
        if server is not None:
            now = self.local()
            self.learn(server, now, now)

    def hear(self, date: str | None) -> None:
        """Remember a Date header that has just arrived, in case the clock turns out to be wrong."""
        server = time_of(date)
        self._heard = None if server is None else (server, self.local())

    def believe(self) -> bool:
        """Set the clock by what was heard last; return whether that changes it by more than a Date header may be off."""
        if self._heard is None:
            return False
        before, (server, local) = self.offset, self._heard
        self.learn(server, local, local)
        # A smaller change may be nothing but the rounding of the header.
        return abs(self.offset - before) > INEXACT


def time_of(date: str | None) -> int | None:
    """Return the time of an HTTP Date header in milliseconds; it names whole seconds, so half of one is added."""
    if not date:
        return None
    from email.utils import parsedate_to_datetime

    try:
        stated = int(parsedate_to_datetime(date).timestamp() * 1000) + 500
    except (ValueError, OverflowError, OSError):  # of days with 20 digits, of years that this machine can't count
        return None
    return stated if EARLIEST < stated < LATEST else None
