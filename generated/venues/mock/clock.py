# Edited in templates/venues/mock/clock.py; the copy in generated/ is imported.
"""The time of a mock exchange: that of this machine, until a test moves it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta

Source = Callable[[], int]
"""Returns the time in milliseconds since 1970."""
UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_DURATION = re.compile(r"([0-9]+)(ms|s|m|h|d|w)")


class Clock:
    """The one clock of a mock exchange: what expires, expires by it.

    mock.clock.advance("1h")
    """

    def __init__(self, source: Source | None = None) -> None:
        self._source = source or _system_time
        self._followers: list[Callable[[], object]] = []
        self.offset_ms: int = 0
        """How far it is ahead of its source, in milliseconds; what is due is done by `advance` or `catch_up`."""

    @property
    def now(self) -> int:
        """The exchange's time, in milliseconds since 1970."""
        return self._source() + self.offset_ms

    def advance(self, by: str | timedelta) -> int:
        """Move the clock forward, do what is due by then, and return the new time in milliseconds since 1970.

        Clients keep their own time: their next signed call may be refused until they have read the exchange's time.

        Args:
            by: A number and `ms`, `s`, `m`, `h`, `d` or `w`, such as `90s` or `1h`; or a `timedelta` that is not negative.

        Raises:
            ValueError: for anything else.
        """
        self.offset_ms += milliseconds(by)
        self.catch_up()
        return self.now

    def catch_up(self) -> None:
        """Do what is due by now: time that merely passes does nothing, so that tests can count on what is there."""
        for follow in self._followers:
            follow()

    def follow(self, act: Callable[[], object]) -> None:
        """Call this whenever a test has let time pass."""
        self._followers.append(act)


def milliseconds(duration: str | timedelta) -> int:
    """Return a duration such as `90s`, `1h` or a `timedelta` in milliseconds.

    Raises:
        ValueError: for what is none.
    """
    if isinstance(duration, timedelta) and duration >= timedelta(0):
        return duration // timedelta(milliseconds=1)
    found = _DURATION.fullmatch(duration) if isinstance(duration, str) else None
    if found is None:
        raise ValueError(f"{duration!r} is no duration; write a number and ms, s, m, h, d or w, such as '90s'")
    return int(found[1]) * UNITS[found[2]]


def _system_time() -> int:
    return time.time_ns() // 1_000_000
