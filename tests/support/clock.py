"""A clock that tests put forward, so that hours pass in no time, and a busy machine loses nothing by being slow."""

from __future__ import annotations

import asyncio
import time

import pytest

from venues.mock import Mock

TURNS = 3
"""How often each side gets its turn after a step: to send, to answer, and to hear the answer."""


class Clock:
    """The monotonic clock of this process, by which event loops wake who sleeps, put forward."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real = time.monotonic
        self._ahead = 0.0
        monkeypatch.setattr(time, "monotonic", lambda: self._real() + self._ahead)

    async def skip(self, seconds: float, mock: Mock) -> None:
        """Let so many seconds pass at once, for the tasks of this loop and for a mock exchange."""
        self._ahead += seconds
        loop = mock.streams._loop
        assert loop is not None
        for _ in range(TURNS):
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop))

    async def run(self, seconds: float, step: float, mock: Mock) -> None:
        """Let so many seconds pass step by step, so that whatever is due meanwhile happens in its order."""
        for _ in range(round(seconds / step)):
            await self.skip(step, mock)
