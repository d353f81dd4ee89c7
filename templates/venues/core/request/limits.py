# Edited in templates/venues/core/request/limits.py; the copy in generated/ is imported.
"""Rate limits of an API, and what a call takes from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from venues.core.request.rules import Condition

MARGIN = 0.3
"""Seconds by which windows are longer here than documented.

A window is kept where the exchange judges it, and calls don't all travel equally fast: the first ones wait for their
connections, up to a fifth of a second over TLS and an ocean, and arrive closer to those that follow than they were sent.
"""


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
    left: str | None = None
    """The response header that reports how much is left."""

    @property
    def window(self) -> float:
        """Seconds for which what was taken counts."""
        return self.per_ms / 1000 + MARGIN

    def window_of(self, owner: str) -> str:
        """Name the window of one owner; limits of one name and another size are counted apart."""
        # A text, for it keeps its hash: that of a tuple is computed for each call.
        return f"{self.name} {self.amount} {self.per_ms} {owner}"


@dataclass(frozen=True)
class Cost:
    """What a call takes from a limit that it shares with others, if the conditions hold."""

    limit: str
    """Its name in the API's profile."""
    amount: int
    when: tuple[Condition, ...] = ()
    per: str | None = None
    """The list (wire name) of which each member costs so much."""
    most: int | None = None
    """The most that a call costs; None where there is no such bound."""

    def of(self, sent: Mapping[str, object]) -> int:
        """Return what a call takes."""
        listed = sent.get(self.per) if self.per is not None else None
        amount = self.amount * len(listed) if isinstance(listed, list) else self.amount
        return amount if self.most is None else min(amount, self.most)


@dataclass(frozen=True)
class Charge:
    """What one call takes from one limit."""

    limit: Limit
    amount: int
    owner: str
    """Whose calls are counted together; a hash, never a key."""

    # Cached, all of them, because every call asks.
    @cached_property
    def taken(self) -> int:
        """What is taken: a call that costs more than its limit holds takes all of it."""
        return min(self.amount, self.limit.amount)

    @cached_property
    def window(self) -> str:
        """The name of the window that it is taken from."""
        return self.limit.window_of(self.owner)

    @cached_property
    def header(self) -> str | None:
        """The response header that reports how much of the limit is used, or left."""
        return self.limit.header or self.limit.left


@dataclass(frozen=True)
class Usage:
    """How much of a limit is used."""

    limit: str
    """Its name."""
    amount: int
    """What it allows in its window."""
    used: int
    """What is taken of it at this moment."""
    room_in: float
    """Seconds until there is room for at least one more; 0 where there is."""
