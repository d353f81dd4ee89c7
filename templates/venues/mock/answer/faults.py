# Edited in templates/venues/mock/answer/faults.py; the copy in generated/ is imported.
"""Faults: the ways in which an exchange, or the network before it, can fail; and the plans for them."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from enum import Enum
from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")
ANY = "*"


class Fault(Enum):
    """One way in which an exchange, or the way to it, can fail."""

    BEFORE = "before"
    """Not executed; the connection is closed without an answer."""
    AFTER = "after"
    """Executed; the connection is closed without an answer."""
    TIMEOUT_BEFORE = "timeout_before"
    """Not executed; no answer comes until the caller gives up."""
    TIMEOUT_AFTER = "timeout_after"
    """Executed; no answer comes until the caller gives up."""
    SLOW = "slow"
    """Executed; the answer is whole, and comes late."""
    CUT = "cut"
    """Executed; the connection is closed in the middle of the answer."""
    MALFORMED = "malformed"
    """Executed; the answer is broken JSON."""
    WRONG_TYPE = "wrong_type"
    """Executed; the answer is a page of HTML with status 200."""
    EMPTY = "empty"
    """Executed; the answer is empty, with status 200."""
    RATE_LIMITED = "rate_limited"
    """Refused with status 429 and Retry-After."""
    BANNED = "banned"
    """Refused with status 418 and Retry-After."""
    UNAVAILABLE = "unavailable"
    """Refused with status 503 and a page of HTML."""
    UNAVAILABLE_AFTER = "unavailable_after"
    """Executed; the answer is status 503 and nothing else."""
    SERVER_ERROR = "server_error"
    """Refused with status 500."""
    UNKNOWN_ENUM = "unknown_enum"
    """Executed; every enum of the answer has a value that no specification lists."""
    EMPTY_STRINGS = "empty_strings"
    """Executed; numbers and inner objects of the answer are empty strings."""
    SKEWED = "skewed"
    """Refused as if its time were wrong."""

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        raise ValueError(f"there is no fault {value!r}; there are {', '.join(fault.value for fault in cls)}")

    @property
    def executes(self) -> bool:
        """Whether the request is carried out, unless the plan says otherwise."""
        return self not in NOT_EXECUTED


NOT_EXECUTED = frozenset(
    {
        Fault.BEFORE,
        Fault.TIMEOUT_BEFORE,
        Fault.RATE_LIMITED,
        Fault.BANNED,
        Fault.UNAVAILABLE,
        Fault.SERVER_ERROR,
        Fault.SKEWED,
    }
)


@dataclass(frozen=True)
class PlannedFault:
    """A fault that a test planned, with its details."""

    fault: Fault
    executed: bool
    status: int | None = None
    retry_after: int = 1
    delay: float = 0.1


class Plans(Generic[T]):
    """Plans for the next requests of each operation: the counted ones in their order, then the standing one."""

    def __init__(self) -> None:
        self._counted: dict[str, deque[T]] = defaultdict(deque)
        self._standing: dict[str, T] = {}

    def add(self, operation: str, plan: T, times: int | None) -> None:
        """Plan something for the next `times` requests, or for all that have no counted plan.

        Raises:
            ValueError: for a number of requests that is none: the plan would do nothing, and the test would pass.
        """
        if times is not None and times < 1:
            raise ValueError(f"times={times!r}: write how many requests, 1 or more, or None for all that follow")
        if times is None:
            self._standing[operation] = plan
        else:
            self._counted[operation].extend([plan] * times)

    def take(self, operation: str) -> T | None:
        """Return the plan for a request that arrives now, and use it up; None if there is none."""
        # The plan for one operation comes before the plan for all.
        for name in (operation, ANY) if self._counted else ():
            if self._counted[name]:
                return self._counted[name].popleft()
        return self._standing.get(operation) or self._standing.get(ANY) if self._standing else None

    def clear(self) -> None:
        """Forget all plans."""
        self._counted.clear()
        self._standing.clear()
