"""Says how far a build has come: in one line where a person looks, in a few lines in a log."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

EVERY = 0.5
"""Seconds between two looks at what is there."""
STEP = 25
"""Percent between two lines of a log."""


class Progress:
    """Prints how many pages are done of all."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._is_seen = out.isatty()
        self._said = ""

    def say(self, words: str, done: int, of: int) -> None:
        """Print how far a step is: each time to a terminal, at every quarter to a log."""
        share = 100 * done // max(of, 1)
        line = f"{words}: {done} of {of}"
        said = line if self._is_seen else f"{words} {share // STEP}"
        if said != self._said:
            self._said = said
            self._out.write(f"\r\x1b[K{line}" if self._is_seen else f"{line}\n")
            self._out.flush()

    def close(self) -> None:
        """End the line on a terminal."""
        if self._is_seen and self._said:
            self._out.write("\r\x1b[K")
            self._out.flush()

    @contextmanager
    def watching(self, folder: Path, since: float, of: int) -> Iterator[None]:
        """Say how many pages another program has written into a folder since a moment (as of `stat`)."""
        ended = threading.Event()

        def look() -> None:
            while not ended.wait(EVERY):
                self.say("pages built", sum(is_newer(path, since) for path in folder.rglob("*.html")), of)

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
        self.say("pages built", of, of)


def is_newer(path: Path, since: float) -> bool:
    """Say whether a file was written after a moment; a file that is just replaced counts as not."""
    try:
        return path.stat().st_mtime >= since
    except FileNotFoundError:
        return False
