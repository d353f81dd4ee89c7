"""Keeps what is sent within a limit; it waits for nobody, and is told the time."""

from __future__ import annotations

from collections import deque

from venues.core.streams.protocol import Rate


class Pace:
    """Counts in a moving window."""

    def __init__(self, rate: Rate | None) -> None:
        self._rate = rate
        self._taken: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Return the seconds after which there is room."""
        rate = self._rate
        if rate is None:
            return 0.0
        while self._taken and self._taken[0] <= now - rate.per:
            self._taken.popleft()
        return 0.0 if len(self._taken) < rate.calls else self._taken[0] + rate.per - now

    def take(self, now: float) -> None:
        """Count one."""
        if self._rate is not None:
            self._taken.append(now)
