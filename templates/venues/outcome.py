# Edited in templates/venues/outcome.py; the copy in generated/ is imported.
"""The outcome of a call whose response was lost, and the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

F = TypeVar("F")


@dataclass(frozen=True)
class Outcome(Generic[F]):
    """What `client.reconcile(error)` found out.

    Only `executed is False` proves that nothing was done; None means unknown so far: ask again later.
    Where the evidence says "by likeness", what was found bears no id of yours, and another program with the same key
    may have made it.
    """

    executed: bool | None
    """True: it was executed. False: it certainly was not. None: unknown."""
    found: F | None = None
    """What was created, as the lookup returns it."""
    client_id: str | None = None
    """The client order id (or the id of a loan, a transfer) that was looked for."""
    evidence: tuple[str, ...] = ()
    """The lookups and what they returned, one sentence each."""
    orders: tuple[Outcome[F], ...] = ()
    """Of a batch: the outcome of each of its orders, in the order of the request."""
