# Edited in templates/venues/core/trading/sources.py; the copy in generated/ is imported.
"""Where an API says what it says of instruments; generated from what its fields mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from venues.core.trading.wait_rule import WaitRule
from venues.core.values.client_ids import ClientIdForm


@dataclass(frozen=True)
class Fact:
    """A member of an answer that says something about an instrument."""

    name: str
    """An attribute of `Instrument`."""
    path: tuple[str, ...]
    """The members that lead to it, from the instrument inward; where one is a list, all its items are looked at."""
    when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Members beside it, and the values of which one they must have."""
    form: Literal["number", "integer", "digits", "text"] = "number"
    """`digits`: 3 stands for a step of 0.001."""
    coin: str | None = None
    """The coin that it is in, where that is always the same one."""
    limit_only: bool = False
    """Whether it holds for orders with a price only, and not for market orders."""


@dataclass(frozen=True)
class InstrumentSource:
    """An operation that returns instruments, or a part of what is known of them."""

    operation: str
    """Group and name."""
    path: tuple[str, ...]
    """The members that lead from the payload to the instruments."""
    facts: tuple[Fact, ...]
    """Of several with the same name, the first that is there counts."""
    tradable: tuple[str, ...] = ()
    """The values of the status with which orders are accepted."""
    halted: tuple[str, ...] = ()
    """The values of the status with which they are not; all others are unknown."""
    counts_from_minimum: bool = False
    """Whether multiples of the steps are counted from the minima instead of from 0."""
    market: str | None = None
    """The market that it returns, where symbols are unique in one market only."""
    chosen_by: str | None = None
    """The parameter (wire name) that takes the market."""

    @property
    def arguments(self) -> dict[str, str]:
        """What the operation is called with."""
        return {self.chosen_by: self.market} if self.chosen_by and self.market else {}


@dataclass(frozen=True)
class Trading:
    """What an API's specification says that helps to trade."""

    instruments: tuple[InstrumentSource, ...] = ()
    """Parts of the same instruments are joined by their symbols."""
    client_ids: ClientIdForm | None = None
    """What orders take as a client order id; None where they take none."""
    waits: tuple[WaitRule, ...] = ()
    """How orders are waited for."""
