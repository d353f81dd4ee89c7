# Edited in templates/venues/core/streams/loop_thread.py; the copy in generated/ is imported.
"""A thread with a private event loop, in which the session of `SyncSession` lives.

It knows nothing of the `SyncSession`, so that one that is not used any more can be garbage-collected, and end it.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from venues.core.streams.session import Session

T = TypeVar("T")
LAST = 1.0
"""Seconds that are left to work that has not ended when the streams are closed."""


class LoopThread:
    """Runs until it is asked to stop; then it closes the session and ends, even if nothing waits for that."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._loop = asyncio.new_event_loop()
        self._asked_to_stop = asyncio.Event()
        self._process = os.getpid()
        # A daemon, so that a program that forgets to close its streams can end.
        self._thread = threading.Thread(target=self._run, name="venues streams", daemon=True)
        self._thread.start()

    @property
    def is_current(self) -> bool:
        """Whether this is called in the thread itself, as by a hook."""
        return self._thread is threading.current_thread()

    @property
    def is_alive(self) -> bool:
        """Whether work can still be done; a forked process has a copy of the object, but not the thread."""
        return self._process == os.getpid() and self._thread.is_alive()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start work in the thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self) -> None:
        """Ask the thread to end; may be called often, and from any thread."""
        if self.is_alive:
            try:
                self._loop.call_soon_threadsafe(self._asked_to_stop.set)
            except RuntimeError:
                return  # it has ended between these two lines

    def join(self) -> None:
        """Wait until it has ended; a forked process has no such thread, so it waits for none."""
        if self._process == os.getpid():
            self._thread.join()

    def _run(self) -> None:
        # The loop exists before the thread, so that work can be submitted at once.
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        await self._asked_to_stop.wait()
        await self.session.close()
        # Calls that wait in other threads hear that nothing will come; what is left then is canceled by the runner.
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=LAST)
