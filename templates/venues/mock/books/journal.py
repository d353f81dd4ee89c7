# Edited in templates/venues/mock/books/journal.py; the copy in generated/ is imported.
"""What happened on the mock exchange, in the order in which it happened; what pushes it to streams listens here."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from venues.mock.books.money import Balance, Position
from venues.mock.books.order import Fill, Group, Order
from venues.mock.books.quotes import Trade


@dataclass(frozen=True, slots=True)
class Moved:
    """The price or the order book of a symbol has changed."""

    symbol: str
    at: int
    market: str = ""
    """Where an exchange has several."""


@dataclass(frozen=True, slots=True)
class Regrouped:
    """A group of orders was placed, or has ended."""

    group: Group
    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class Amended:
    """The caller has changed an order."""

    order_id: int


Event = Order | Amended | Regrouped | Fill | Balance | Position | Trade | Moved
"""The new state of an order, balance or position; what changed an order; a public trade, a market that moved.

A fill comes before the order that it changed, then the position, then the balances; so does a change of an order.
"""

Listener = Callable[[Event], None]
KEPT = 10_000
"""How many events are kept for those who come later; a soak test makes millions."""


class Journal:
    """The latest events, oldest first, and what is called with the next."""

    def __init__(self) -> None:
        self.events: deque[Event] = deque(maxlen=KEPT)
        self._listeners: tuple[Listener, ...] = ()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each event from now on, and return what ends that.

        It is called in the middle of a call, by the thread that answers it, so it must neither wait nor call back.
        """
        self._listeners = (*self._listeners, listener)
        return lambda: self._unsubscribe(listener)

    def _unsubscribe(self, listener: Listener) -> None:
        place = self._listeners.index(listener)
        self._listeners = self._listeners[:place] + self._listeners[place + 1 :]

    def note(self, event: Event) -> None:
        """Keep an event, and tell everybody."""
        self.events.append(event)
        for listener in self._listeners:
            listener(event)

    def clear(self) -> None:
        """Forget the events; those who listen stay."""
        self.events.clear()
