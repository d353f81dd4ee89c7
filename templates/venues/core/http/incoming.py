# Edited in templates/venues/core/http/incoming.py; the copy in generated/ is imported.
"""What comes in on the socket of one request: not later than allowed, and nothing beyond the answer."""

from __future__ import annotations

import http.client
import io
import socket
import time
from typing import Any, Protocol


class Reading(Protocol):
    """The connection that reads."""

    deadline: float
    """When the whole answer must have come, by the monotonic clock."""
    has_surplus: bool
    """Whether more came than the answer that was asked for."""


def left(deadline: float) -> float:
    """Return the seconds until a deadline.

    Raises:
        TimeoutError: if it has passed.
    """
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("the time for the answer is over")
    return seconds


class Source(io.RawIOBase):
    """Reads a socket until a deadline: a time-out of sockets restarts with every byte, and one that drips never ends."""

    def __init__(self, sock: socket.socket, line: Reading) -> None:
        self._sock = sock
        self._line = line
        # The library's own file keeps the socket open until it is closed, where an answer ends with its connection.
        self._file = sock.makefile("rb", buffering=0)
        self.is_over = False

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:  # Any: as in the library, a buffer
        """Read what is there, or wait for something; return None once the answer is over."""
        if self.is_over:
            return None
        self._sock.settimeout(left(self._line.deadline))
        return self._file.readinto(buffer)

    def mark_surplus(self) -> None:
        """Note that more came than was asked for."""
        self._line.has_surplus = True

    def close(self) -> None:
        """Release the socket."""
        self._file.close()
        super().close()


class Incoming(io.BufferedReader):
    """Buffers an answer; when that is over, looks whether the buffer holds more."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._source = source

    def close(self) -> None:
        """Note what came beyond the answer: a connection with that on it would give it to the next request."""
        if not self.closed:
            self._source.is_over = True
            if self.peek(1):
                self._source.mark_surplus()
        super().close()


class FinalAnswer(http.client.HTTPResponse):
    """Reads on after an interim answer (1xx) of any kind; the library does so after 100 only."""

    def _read_status(self) -> tuple[str, int, str]:
        # No public method stands between the status line and the headers; the conformance tests hold this one.
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 100 <= status < 200:
                return version, status, reason
            http.client.parse_headers(self.fp)


class Opener:
    """Stands in for the socket where the library opens it for reading."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def makefile(self, *_: object) -> Incoming:
        """Return what is read from."""
        return Incoming(self._source)
