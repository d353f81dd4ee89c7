"""One request at the wild exchange: what can be said to it, and how bytes get onto its connection."""

from __future__ import annotations

import random
import select
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass

MARK = "Soak-Order"
"""The header in which each answer says whose it is; clients don't look at it, the judge does."""
STRANGER = "else-000001"
"""The client id of an order of somebody else."""


@dataclass(frozen=True)
class Words:
    """What the server can say to one request."""

    honest: bytes
    """The body of the true answer; empty for an order that was not executed."""
    status: int
    foreign: bytes
    """The body of the answer to somebody else's order."""
    hollow: Sequence[bytes]
    """Bodies in the envelope of success with nothing inside."""
    refused: tuple[int, bytes]
    """Status and body of a code that says "not executed"."""
    open: tuple[int, bytes]
    """Status and body of a code that leaves it open."""
    unlisted: tuple[int, bytes]
    """Status and body of a code that nobody has documented."""


class Scene:
    """One request, and the connection on which it came."""

    def __init__(
        self, connection: socket.socket, chance: random.Random, timeout: float, own: str, words: Words
    ) -> None:
        self._connection = connection
        self.chance = chance
        self.timeout = timeout
        """Seconds that the client waits."""
        self.own = own
        """The client id of the order."""
        self.words = words
        self.frames: list[bytes] = []
        """What was sent."""

    def send(self, data: bytes) -> None:
        """Send some bytes."""
        self.frames.append(data)
        self._connection.sendall(data)

    def drip(self, data: bytes, seconds: float, pieces: int = 12) -> None:
        """Send some bytes in pieces."""
        size = len(data) // pieces + 1
        for start in range(0, len(data), size):
            self.send(data[start : start + size])
            time.sleep(seconds / pieces)

    def wait_for_next(self) -> None:
        """Wait a while for the next request to begin on this connection."""
        select.select([self._connection], [], [], self.timeout)

    def reset(self) -> bool:
        """Break the connection."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def honest(self) -> bytes:
        """Return the true answer."""
        return written(self.words.honest, self.words.status, self.own)

    def said(self, answer: tuple[int, bytes]) -> bytes:
        """Return another answer to this request."""
        return written(answer[1], answer[0], self.own)

    def stray(self) -> bytes:
        """Return an answer to somebody else."""
        return written(self.words.foreign, 200, STRANGER)


def written(body: bytes, status: int, whose: str, *headers: str) -> bytes:
    """Write an answer."""
    lines = [f"HTTP/1.1 {status} Said", "Content-Type: application/json", f"{MARK}: {whose}", *headers]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body
