"""Rate limits of an API, and what a call takes from them."""

from __future__ import annotations

from dataclasses import dataclass

from venues.core.request.rules import Condition


@dataclass(frozen=True)
class Limit:
    """A rate limit: at most `amount` per `per_ms` milliseconds."""

    name: str
    amount: int
    """Calls, or weight where calls cost differently."""
    per_ms: int
    by: str
    """Who shares it: `ip`, `uid` or `key`."""
    header: str | None = None
    """The response header that reports how much is used."""


@dataclass(frozen=True)
class Cost:
    """What a call takes from a limit that it shares with others, if the conditions hold."""

    limit: str
    """Its name in the API's profile."""
    amount: int
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Charge:
    """What one call takes from one limit."""

    limit: Limit
    amount: int
    owner: str
    """Whose calls are counted together; a hash, never a key."""
