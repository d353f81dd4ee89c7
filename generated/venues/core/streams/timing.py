# Edited in templates/venues/core/streams/timing.py; the copy in generated/ is imported.
"""When to send, and when a connection is dead. Pure state: the caller sleeps and passes in the time."""

from __future__ import annotations

from collections import deque
from typing import Literal

from venues.core.streams.protocol import HeartbeatSpec, Rate

HOUR = 3600.0
Due = Literal["nothing", "ping", "dead"]


class Heartbeat:
    """Knows when to send a ping on one connection, and when the other side is dead."""

    def __init__(self, spec: HeartbeatSpec | None, now: float) -> None:
        self._spec = spec
        self.last_received: float = now
        """When the last frame arrived, by the clock of `now`; the receiver sets it for each frame."""
        self._last_sent = now
        self._paused = False

    def note_sent(self, now: float) -> None:
        """Record that a frame was sent."""
        self._last_sent = now

    def pause(self) -> None:
        """Stop counting silence: nothing is read while a consumer is slow, so the other side can't be judged."""
        self._paused = True

    def resume(self, now: float) -> None:
        """Count silence again, from now on."""
        self._paused = False
        self.last_received = now

    def due(self, now: float) -> Due:
        """Return what must be done now."""
        spec = self._spec
        if spec is None:
            return "nothing"
        if not self._paused and now - self.last_received >= spec.silence:
            return "dead"
        if spec.client is not None and now - self._last_sent >= spec.client.every:
            return "ping"
        return "nothing"

    def rest(self, now: float) -> float:
        """Return the seconds until `due` may have another answer."""
        spec = self._spec
        if spec is None:
            return HOUR
        # While paused, nothing can be judged dead; the ping is still due.
        ends = [now + spec.silence if self._paused else self.last_received + spec.silence]
        if spec.client is not None:
            ends.append(self._last_sent + spec.client.every)
        return max(0.0, min(ends) - now)


class RateWindow:
    """A rate limit, counted in a moving window."""

    def __init__(self, rate: Rate | None) -> None:
        self._rate = rate
        self._times: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Return the seconds until one more fits."""
        rate = self._rate
        if rate is None:
            return 0.0
        # A moving window, the strictest reading of a limit: exchanges with fixed windows allow all of this, too.
        while self._times and self._times[0] <= now - rate.per:
            self._times.popleft()
        return 0.0 if len(self._times) < rate.calls else self._times[0] + rate.per - now

    def take(self, now: float) -> None:
        """Count one."""
        if self._rate is not None:
            self._times.append(now)
