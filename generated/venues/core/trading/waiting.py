# Edited in templates/venues/core/trading/waiting.py; the copy in generated/ is imported.
"""Waits for an order: which calls find it, and when it is done. Nothing here sends or waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

from venues.core.trading.wait_rule import Find, WaitRule, Way
from venues.errors import InvalidRequest

DONE = frozenset({"filled", "cancelled", "rejected", "expired", "triggered"})
FIRST = 0.2
"""Seconds until the second look; each pause is half as long again as the one before."""
LONGEST = 2.0
"""Seconds between two looks at most: often enough for a person, and little of any exchange's limits."""
DAY = 86_400_000
"""Milliseconds. Lists that need a start time are asked from a day before: the order may be older than the wait."""


class OrderWait:
    """One wait for one order."""

    def __init__(self, rule: WaitRule, order: object, symbol: str | None, now: int, market: str | None = None) -> None:
        """Begin.

        Args:
            rule: That of the order.
            order: A model with its id, or the id itself.
            symbol: For calls that need it, where the order does not have it.
            now: The exchange's time in milliseconds.
            market: For calls that need it.

        Raises:
            InvalidRequest: if something is missing.
        """
        self._rule = rule
        ways = rule.structs.get(type(order).__name__, {})
        given = {name: _follow(order, way) for name, way in ways.items()} if ways else {"id": order}
        # Exchanges leave ids empty that an order does not have.
        known = {name: value for name, value in given.items() if value not in (None, "")}
        said = {"symbol": symbol, "market": market}
        self._known: dict[str, Any] = {"sent": now - DAY, **known, **{k: v for k, v in said.items() if v is not None}}
        self.seen: object | None = None
        """The order as it was seen last."""
        self.failure: Exception | None = None
        """Why it could not be found the last time that this failed."""
        self._status: frozenset[str] | None = None
        """What its status says; None if unknown."""
        self._looks = 0
        self._check_known()

    def _check_known(self) -> None:
        ids = {"id", "client_id"} & self._known.keys()
        if not ids:
            raise InvalidRequest("the order has no id")
        # Without an id, a call that finds one order by it returns any.
        for find in self._rule.finds:
            if not ids & {of for _, of in find.params}:
                raise InvalidRequest(f"the order has no id by which {find.operation} finds it")
        if "symbol" not in self._known and any(find.needs_symbol for find in self._rule.finds):
            raise InvalidRequest("the order does not say its symbol; give it, as `wait(order, symbol=…)`")
        if "market" not in self._known and any(find.needs_market for find in self._rule.finds):
            raise InvalidRequest("the order does not say its market; give it, as `wait(order, market=…)`")

    @property
    def finds(self) -> Sequence[Find]:
        """The calls to make, in this order; the first that finds the order counts."""
        return self._rule.finds

    @property
    def channels(self) -> tuple[str, ...]:
        """Channels on which a push says that it is time to look."""
        return self._rule.channels

    def arguments(self, find: Find) -> dict[str, object]:
        """Return the arguments of a call by wire name: by the exchange's id, or else by the caller's."""
        # One id only: with both, some exchanges reject the call, and others ignore one of them.
        left_out = "client_id" if "id" in self._known else "id"
        return {wire: self._known[of] for wire, of in find.params if of != left_out and of in self._known}

    def note(self, find: Find, data: object) -> bool:
        """Take what a call returned; return whether the order is in it."""
        for order in _orders(data, find.path):
            if self._is_awaited(order, find):
                self.seen = order
                self._status = self._words(_follow(order, find.status))
                return True
        return False

    def _is_awaited(self, order: object, find: Find) -> bool:
        # As text, since an id may be a number in one response and a text in another.
        if "id" in self._known:
            return str(_follow(order, find.id)) == str(self._known["id"])
        way = self._rule.structs.get(type(order).__name__, {}).get("client_id")
        # In any case, for some exchanges write ids in lower case. Nothing else that looks alike is the same id.
        own = str(self._known["client_id"]).casefold()
        return way is None or str(_follow(order, way)).casefold() == own

    @property
    def is_done(self) -> bool:
        """Whether the order was found, and is final; an unknown status is not."""
        # Partially filled orders are both `filled` and `open`.
        return self._status is not None and bool(self._status & DONE) and "open" not in self._status

    def _words(self, status: object) -> frozenset[str] | None:
        value = getattr(status, "value", status)
        words = self._rule.states.get(str(value).lower() if isinstance(value, bool) else str(value))
        return None if words is None else frozenset(words)

    def pauses(self) -> tuple[float, float]:
        """Return the seconds until the next look: at least, and at most."""
        self._looks += 1
        # The exponent is bounded: a power must not overflow after days of waiting.
        most = min(LONGEST, FIRST * 1.5 ** min(self._looks - 1, 16))
        return min(FIRST, most), most

    def describe(self) -> str:
        """Say what is known of it, for the error of a wait that ended in vain."""
        name = self._known.get("id", self._known.get("client_id"))
        if self.seen is None:
            return f"order {name} was not found"
        return f"order {name} is still {' and '.join(sorted(self._status or ())) or 'in an unknown status'}"


def choose_rule(rules: Sequence[WaitRule], order: object, operation: str | None) -> WaitRule:
    """Return the rule for an order.

    Raises:
        InvalidRequest: if there is none, or if the order does not show which one.
    """
    name = type(order).__name__
    if operation is not None:
        found = [rule for rule in rules if operation in rule.operations]
        if not found:
            raise InvalidRequest(f"nothing shows how an order of {operation} ends")
        return found[0]
    found = [rule for rule in rules if name in rule.structs]
    if not found:
        raise InvalidRequest(f"{name} is no order that can be waited for; give the operation that made it, too")
    if len(found) > 1:
        makers = " or ".join(maker for rule in found for maker in rule.operations[:1])
        raise InvalidRequest(f"is it an order of {makers}? Give the operation, as `wait(order, operations.…)`")
    return found[0]


def _orders(data: object, path: Way) -> Iterator[object]:
    for each in data if isinstance(data, list) else [data]:
        if not path:
            yield each
        elif each is not None:
            yield from _orders(getattr(each, path[0], None), path[1:])


def _follow(order: object, way: Way) -> Any:
    return reduce(lambda value, name: getattr(value, name, None), way, order)
