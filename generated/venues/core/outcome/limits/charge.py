"""What is counted: buckets, and what a call takes from them."""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True)
class Charge:
    """What one call takes from one bucket."""

    bucket: Bucket
    amount: int
    owner: str
    """Whose bucket it is; a hash, never a key."""
