# Edited in templates/venues/core/channels/book_rule.py; the copy in generated/ is imported.
"""How an order book is read from a channel, and joined with a snapshot: the exchange's own rule, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class BookSides:
    """Attributes that hold an order book."""

    bids: str
    asks: str
    price: str
    """Of a level."""
    quantity: str
    """Of a level; 0 removes it."""


@dataclass(frozen=True)
class BookJoin:
    """Where the snapshot comes from that a channel's changes continue."""

    operation: str
    """Group and name of the REST operation."""
    sides: BookSides
    at: str
    """The attribute of its response with the number of the last change in the snapshot."""
    begins: Literal["at", "after"]
    """The first change to apply contains the snapshot's number (`at`), or the one that follows it (`after`)."""
    params: Mapping[str, str] = field(default_factory=dict)
    """Wire name of a parameter of the operation → Python name of one of the channel."""
    constants: Mapping[str, object] = field(default_factory=dict)
    """Wire name of another parameter of the operation → its constant value."""
    levels: int | None = None
    """Maximum number of levels per side in the snapshot; None if it always has all."""


@dataclass(frozen=True)
class BookRule:
    """How a channel gives an order book."""

    sides: BookSides
    symbol: str
    """The channel's parameter that names the symbol, by its Python name."""
    depth: str | None = None
    """The parameter for the number of levels per side, by its Python name."""
    depths: Mapping[int, Any] = field(default_factory=dict)
    """Number of levels → argument of that parameter."""
    constants: Mapping[str, Any] = field(default_factory=dict)
    """Python name of another parameter → what it must be for a book that is not merged."""
    join: BookJoin | None = None
    market: str | None = None
    """The parameter that takes the market, by its Python name, where the channel has several."""

    def most(self) -> int | None:
        """Return the maximum number of levels per side; None if there is no maximum."""
        # Without depths, the channel sends whatever there is.
        return max(self.depths, default=None)
