"""The atlas: which exchanges' signing rules the spec language can say, as measured against another client."""

from __future__ import annotations

from msgspec import Struct as Record


class SignedExchange(Record, frozen=True):
    """One exchange whose rule is an entry of the atlas."""

    name: str
    title: str
    docs: str
    """Where the exchange documents its rule."""

    docs_read: str
    """The day on which a stored copy of that page was compared with the rule; empty if it was never opened."""

    documented: str
    """Where the documentation differs from the rule, which is ccxt's; empty if no difference is known."""

    words: tuple[str, ...]
    """What of the spec language the rule needs."""

    requests: int
    """How many requests were compared."""

    is_equal: bool
    """Whether all of them came out byte for byte."""

    excused: tuple[str, ...]
    """Where the other client is wrong, and how."""


class Atlas(Record, frozen=True):
    """What `make atlas` measured."""

    version: str
    """Of ccxt, the other client."""

    rules: int
    """How many different rules there are that need no wallet."""

    said: int
    """How many of them came out."""

    exchanges: tuple[SignedExchange, ...]
    left_out: tuple[tuple[str, str], ...]
    """Exchanges whose rules were not compared, and why."""

    wallet: tuple[str, ...]
    """Exchanges whose requests a wallet signs."""
