# Edited in templates/venues/mock/books/countdowns.py; the copy in generated/ is imported.
"""Dead man's switches: orders are canceled unless the caller says in time, or shows, that it is still there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from venues.mock.declared.operations import Disconnect, Operation
from venues.mock.exact import Json, text_of


class Countdowns:
    """When the orders of which shelf and symbol are canceled."""

    def __init__(self) -> None:
        self.until: dict[tuple[str, str], int] = {}
        """Shelf and symbol → when; empty where none was set."""

    def set(self, shelf: str, symbol: str, now: int, after: int) -> None:
        """Cancel so many milliseconds from now, unless this is called again before; 0 ends it."""
        if after:
            self.until[shelf, symbol] = now + after
        else:
            self.until.pop((shelf, symbol), None)

    def due(self, now: int) -> list[tuple[str, str]]:
        """Return whose time is over, and forget them."""
        due = [key for key, until in self.until.items() if until <= now]
        for key in due:
            del self.until[key]
        return due


class Disconnects:
    """Since when no connection watches over orders, and how long they stay open then."""

    def __init__(self, declared: Disconnect, here: Collection[str] = ()) -> None:
        self._topics = declared.topics
        self._after = {each.product: declared.usual_ms for each in declared.topics.values()}
        self.here: set[str] = {*here}
        """The topics that have subscribers."""
        self._gone: dict[str, int] = {}

    def set(self, operation: Operation, arguments: Mapping[str, Json]) -> None:
        """Change how long the orders of a product stay open."""
        declared = operation.disconnect
        assert declared is not None  # the caller asks only for the call that does it
        usual = next((param.default for param in operation.params if param.wire == declared.product), None)
        product = text_of(arguments.get(declared.product, usual))
        self._after[product] = int(text_of(arguments[declared.after])) * declared.unit_ms

    def note(self, topics: Collection[str], now: int) -> bool:
        """Note which topics have subscribers; return whether any has come or gone that orders depend on."""
        here = self._topics.keys() & topics
        has_changed = here != self.here
        for topic in self.here - here:
            self._gone[topic] = now
        for topic in here:
            self._gone.pop(topic, None)
        self.here = here
        return has_changed

    def due(self, now: int) -> Iterator[str]:
        """Yield the markets whose orders are canceled by now, each once for one disconnection."""
        for topic, since in [*self._gone.items()]:
            protected = self._topics[topic]
            if since + self._after[protected.product] <= now:
                del self._gone[topic]
                yield protected.market
