"""What is counted: buckets, and what a call takes from them."""

from __future__ import annotations

from dataclasses import dataclass

MARGIN = 0.3
"""Seconds by which windows are longer here than documented.

A window is kept where the exchange judges it, and calls don't all travel equally fast: the first ones wait for their
connections, up to a fifth of a second over TLS and an ocean, and arrive closer to those that follow than they were sent.
"""


@dataclass(frozen=True)
class Bucket:
    """So much in so long a time."""

    name: str
    amount: int
    per_ms: int
    by: str
    """Who shares it: `ip`, `uid` or `key`."""
    header: str | None = None
    """The response header that tells how much is used."""

    @property
    def window(self) -> float:
        """Seconds for which what was taken counts."""
        return self.per_ms / 1000 + MARGIN


@dataclass(frozen=True)
class Charge:
    """What one call takes from one bucket."""

    bucket: Bucket
    amount: int
    owner: str
    """Whose bucket it is; a hash, never a key."""

    @property
    def taken(self) -> int:
        """What is taken: a call that costs more than its bucket holds takes all of it."""
        return min(self.amount, self.bucket.amount)


@dataclass(frozen=True)
class Usage:
    """How full a bucket is."""

    bucket: str
    amount: int
    """What it holds."""
    used: int
    """What is taken of it at this moment."""
    room_in: float
    """Seconds until there is room for at least one more; 0 where there is."""
