"""What the mock exchange remembers."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass

from venues.mock.declared.api import Operation
from venues.mock.exact import Json
from venues.mock.request.received import Received, Refused, text_of


@dataclass(frozen=True)
class Executed:
    """Something that was really carried out: an operation that changes things."""

    operation: str
    """Group and name."""
    client_id: str | None
    """The caller's own id, if there was one."""
    arguments: Mapping[str, Json]
    """What was sent, by wire name."""
    at: int = 0
    """When, in milliseconds of the exchange's time."""


class Ledger:
    """Requests, executed operations and client ids; the oldest are forgotten when there are more than `keep`."""

    def __init__(self, keep: int) -> None:
        self.requests: deque[Received] = deque(maxlen=keep)
        self.executed: deque[Executed] = deque(maxlen=keep)
        self._counts: Counter[str] = Counter()
        self._by_client_id: dict[tuple[str, str], Executed] = {}
        self._latest: dict[str, str] = {}
        self._signatures: set[str] = set()
        self._arrivals: deque[int] = deque()

    def execute(self, operation: Operation, arguments: Mapping[str, Json], now: int) -> None:
        """Note that an operation was carried out at `now`, unless it only reads."""
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

    def made(self, operation: str, own: str) -> Executed | None:
        """Return what was carried out with this client id."""
        return self._by_client_id.get((operation, own))

    def use(self, signature: str) -> None:
        """Note a signature.

        Raises:
            Refused: if it was used before.
        """
        if signature in self._signatures:
            raise Refused("replayed", "the signature was used before")
        self._signatures.add(signature)

    def latest(self, operation: str) -> str | None:
        """Return the client id with which an operation was carried out last."""
        return self._latest.get(operation)

    def admit(self, now: int, calls: int, seconds: float) -> None:
        """Count a request that arrived at `now`.

        Raises:
            Refused: if there were `calls` within the last `seconds` already; says how many seconds to wait.
        """
        while self._arrivals and self._arrivals[0] <= now - seconds * 1000:
            self._arrivals.popleft()
        if len(self._arrivals) >= calls:
            wait = math.ceil((self._arrivals[0] + seconds * 1000 - now) / 1000)
            raise Refused("too_many", f"more than {calls} requests in {seconds:g} s", wait=max(wait, 1))
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
    """Return the caller's own id, if the call has one."""
    found = arguments.get(operation.client_id) if operation.client_id else None
    return None if found is None else text_of(found)
