"""The heartbeat of one connection; it sleeps for nobody, and is told the time."""

from __future__ import annotations

from typing import Literal

from venues.core.streams.protocol import Heartbeat

Due = Literal["nothing", "ping", "dead"]


class Heart:
    """Knows when to send a ping, and when the other side is dead."""

    def __init__(self, heartbeat: Heartbeat | None, now: float) -> None:
        self._heartbeat = heartbeat
        self._received = now
        self._sent = now
        self._paused = False

    def received(self, now: float) -> None:
        """Something came."""
        self._received = now

    def sent(self, now: float) -> None:
        """Something was sent."""
        self._sent = now

    def pause(self) -> None:
        """Nobody reads for a while, because the consumer is slow; that is no silence of the other side's."""
        self._paused = True

    def resume(self, now: float) -> None:
        """Somebody reads again."""
        self._paused = False
        self._received = now

    def due(self, now: float) -> Due:
        """Say what is to be done now."""
        beat = self._heartbeat
        if beat is None:
            return "nothing"
        if not self._paused and now - self._received >= beat.silence:
            return "dead"
        if beat.client is not None and now - self._sent >= beat.client.every:
            return "ping"
        return "nothing"

    def rest(self, now: float) -> float:
        """Return the seconds after which it is worth asking again."""
        beat = self._heartbeat
        if beat is None:
            return 3600.0
        ends = [now + beat.silence if self._paused else self._received + beat.silence]
        if beat.client is not None:
            ends.append(self._sent + beat.client.every)
        return max(0.0, min(ends) - now)
