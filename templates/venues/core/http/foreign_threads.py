# Edited in templates/venues/core/http/foreign_threads.py; the copy in generated/ is imported.
"""The end of a program whose HTTP library has threads of its own, which Python did not start and does not wait for."""

from __future__ import annotations

import sys
import threading
import time

LONGEST = 1.0
"""The longest that the end of a program is held up, in seconds; such a thread is in Python code for microseconds."""
LOOK = 0.001


def let_leave() -> None:
    """Wait until no such thread is in the middle of Python code; to be registered with `atexit`.

    A thread that brings an answer wakes the event loop, and may come back from that only when the program has ended.
    Up to 3.13 Python ends it there, and a library in Rust then ends the whole process with SIGABRT, after the last line
    of the program has run.
    """
    deadline = time.monotonic() + LONGEST
    while _is_any_inside() and time.monotonic() < deadline:
        time.sleep(LOOK)


def _is_any_inside() -> bool:
    return not sys._current_frames().keys() <= {thread.ident for thread in threading.enumerate()}
