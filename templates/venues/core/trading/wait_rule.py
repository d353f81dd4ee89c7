# Edited in templates/venues/core/trading/wait_rule.py; the copy in generated/ is imported.
"""How orders of an API are waited for; generated from what operations do and what fields mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Way = tuple[str, ...]
"""The members that lead to a value."""


@dataclass(frozen=True)
class Find:
    """A call that finds an order."""

    operation: str
    """Group and name."""
    params: tuple[tuple[str, str], ...]
    """Parameter (wire name) → what of the order it is: `id`, `client_id`, `symbol`, `market`, or `sent`, a time
    before it."""
    path: Way
    """The way from the payload to the order, or to a list of orders."""
    id: Way
    """The way from an order to its id."""
    status: Way
    """The way from an order to its status."""
    needs_symbol: bool = False
    """Whether the symbol must be given."""
    needs_market: bool = False
    """Whether the market must be given."""


@dataclass(frozen=True)
class WaitRule:
    """How orders that are listed together are waited for."""

    operations: tuple[str, ...]
    """Those that make such orders, by group and name."""
    finds: tuple[Find, ...]
    """One that finds all orders, or one for open ones and one for closed ones, in this order."""
    structs: Mapping[str, Mapping[str, Way]]
    """Model that is such an order, whole or only its ids → what it has of an order → the way there."""
    states: Mapping[str, tuple[str, ...]]
    """Value of the status → what it says; the meaning of all others is unknown."""
    channels: tuple[str, ...] = ()
    """Channels that push orders of the account."""
