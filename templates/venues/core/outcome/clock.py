"""The exchange's time: this machine's, and how far it is off."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

INEXACT = 2000
"""Milliseconds by which a Date header, which names whole seconds, may be wrong when it has arrived."""
EARLIEST, LATEST = 1_577_836_800_000, 4_102_444_800_000
"""Between which times a Date header is believed: 2020 and 2100. No exchange that still answers lives elsewhere."""
Clock = Callable[[], int]
"""Returns the time in milliseconds since 1970."""


def system_clock() -> int:
    """Return this machine's time."""
    return time.time_ns() // 1_000_000


class ServerClock:
    """The time of this machine, corrected by what the exchange said; it is asked only after it has refused one."""

    def __init__(self, local: Clock) -> None:
        self._local = local
        self._lock = threading.Lock()
        self.offset = 0
        """Milliseconds that the exchange's clock is ahead of this machine's."""
        self.lessons = 0
        """How often the exchange was asked for its time, with success or not."""
        self._heard: tuple[int, int] | None = None

    def __call__(self) -> int:
        """Return the exchange's time in milliseconds, as far as it is known."""
        return int(self._local()) + self.offset

    def local(self) -> int:
        """Return this machine's time in milliseconds."""
        return int(self._local())  # whoever wrote time.time() * 1000 means whole ones, and no exchange reads others

    def learn(self, server: int, before: int, after: int) -> None:
        """Take a time that the exchange told between two moments of this machine; half the round trip is assumed each way."""
        with self._lock:
            self.offset = server - (before + after) // 2

    def learn_date(self, headers: Mapping[str, str]) -> None:
        """Take the time of an answer, where the exchange tells its time nowhere else; so the way back is neglected."""
        told = time_of(next((value for name, value in headers.items() if name.lower() == "date"), None))
        if told is not None:
            now = self.local()
            self.learn(told, now, now)

    def hear(self, date: str | None) -> None:
        """Remember a Date header that has just arrived, in case that the clock turns out to be wrong."""
        server = time_of(date)
        self._heard = None if server is None else (server, self.local())

    def believe(self) -> bool:
        """Set the clock by what was heard last; return whether that changes it by more than a Date is inexact."""
        if self._heard is None:
            return False
        before, (server, local) = self.offset, self._heard
        self.learn(server, local, local)
        return abs(self.offset - before) > INEXACT


def time_of(date: str | None) -> int | None:
    """Return the time of an HTTP Date header in milliseconds; it names whole seconds, so half of one is added."""
    if not date:
        return None
    from email.utils import parsedate_to_datetime

    try:
        told = int(parsedate_to_datetime(date).timestamp() * 1000) + 500
    except (ValueError, OverflowError, OSError):  # of days with 20 digits, of years that this machine can't count
        return None
    return told if EARLIEST < told < LATEST else None
