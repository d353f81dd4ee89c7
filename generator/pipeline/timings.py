"""How long each step took."""

from __future__ import annotations

import time


class Timings:
    """Seconds per step, added up over all processes."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}
        self._last = time.perf_counter()

    def mark(self, step: str) -> None:
        """Note the end of a step."""
        now = time.perf_counter()
        self.steps[step] = self.steps.get(step, 0.0) + now - self._last
        self._last = now

    def add(self, other: Timings) -> None:
        """Add the seconds of another process."""
        for step, seconds in other.steps.items():
            self.steps[step] = self.steps.get(step, 0.0) + seconds
