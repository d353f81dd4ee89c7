# Edited in templates/venues/mock/ledger.py; the copy in generated/ is imported.
"""The memory of the mock exchange: requests, executed operations, client ids, signatures."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Mapping

import msgspec

from venues.mock.declared.operations import Operation
from venues.mock.exact import Json, text_of
from venues.mock.request.received import Received, RequestRefused


class Executed(msgspec.Struct, frozen=True, gc=False):
    """An operation that was carried out and changes something; reading does not count."""

    operation: str
    """Group and name."""
    client_id: str | None
    """The client order id or other id of the caller's own, if one was sent."""
    arguments: Mapping[str, Json]
    """What was sent, by wire name."""
    at: int = 0
    """When, in milliseconds of the exchange's time."""


class Ledger:
    """Keeps the latest `keep` requests and executed operations; counts and client ids are kept for good."""

    def __init__(self, keep: int) -> None:
        # A soak test sends millions of requests; counts are kept apart, so that they stay right.
        self.requests: deque[Received] = deque(maxlen=keep)
        self.executed: deque[Executed] = deque(maxlen=keep)
        self._counts: Counter[str] = Counter()
        self._by_client_id: dict[tuple[str, str], Executed] = {}
        self._latest: dict[str, str] = {}
        self._signatures: set[str] = set()
        self._arrivals: deque[int] = deque()

    def execute(self, operation: Operation, arguments: Mapping[str, Json], now: int) -> None:
        """Record that an operation was carried out at `now`, unless it only reads."""
        if operation.effect == "read":
            return
        own = client_id(operation, arguments)
        done = Executed(operation.full_name, own, dict(arguments), now)
        self.executed.append(done)
        self._counts[operation.full_name] += 1
        if own is not None:
            self._by_client_id[operation.full_name, own] = done
            self._latest[operation.full_name] = own

    def count(self, operation: str | None) -> int:
        """Return how often an operation (or any) was carried out, forgotten ones included."""
        return self._counts.total() if operation is None else self._counts[operation]

    def knows(self, operation: str, own: str) -> bool:
        """Whether an operation was carried out with this client id."""
        return (operation, own) in self._by_client_id

    def find(self, operation: str, own: str) -> Executed | None:
        """Return what was carried out with this client id."""
        return self._by_client_id.get((operation, own))

    def use(self, signature: str) -> None:
        """Record a signature.

        Raises:
            RequestRefused: if it was used before.
        """
        if signature in self._signatures:
            raise RequestRefused("replayed", "the signature was used before")
        self._signatures.add(signature)

    def latest(self, operation: str) -> str | None:
        """Return the client id of the last time that an operation was carried out."""
        return self._latest.get(operation)

    def admit(self, now: int, calls: int, seconds: float) -> None:
        """Count a request that arrived at `now`.

        Raises:
            RequestRefused: if there were `calls` within the last `seconds` already; says how many seconds to wait.
        """
        # A sliding window: a fixed one would let twice as many through around its edge.
        while self._arrivals and self._arrivals[0] <= now - seconds * 1000:
            self._arrivals.popleft()
        if len(self._arrivals) >= calls:
            # Retry-After has no fractions, and 0 would invite the next refusal at once.
            wait = math.ceil((self._arrivals[0] + seconds * 1000 - now) / 1000)
            raise RequestRefused("too_many", f"more than {calls} requests in {seconds:g} s", wait=max(wait, 1))
        self._arrivals.append(now)

    def clear(self) -> None:
        """Forget everything."""
        for kept in (
            self.requests,
            self.executed,
            self._counts,
            self._by_client_id,
            self._latest,
            self._signatures,
            self._arrivals,
        ):
            kept.clear()


def client_id(operation: Operation, arguments: Mapping[str, Json]) -> str | None:
    """Return the caller's own id, such as a client order id; None if none was sent."""
    found = arguments.get(operation.client_id) if operation.client_id else None
    return None if found is None else text_of(found)
