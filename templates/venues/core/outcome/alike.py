# Edited in templates/venues/core/outcome/alike.py; the copy in generated/ is imported.
"""Remembers calls whose effect only likeness can show, so that what one of them made is not taken for another's."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from venues.core.outcome.comparing import agree, says_something
from venues.core.request.operation import Operation

MOST = 10_000
"""How many calls a client remembers; the oldest are forgotten first."""


@dataclass(slots=True, eq=False)
class Call:
    """A call that was executed, or may have been."""

    lists: frozenset[str]
    """The lists that show what it made."""
    values: Mapping[str, object]
    """What an item of them says of that: member → value."""
    sent_at: int
    """When it was sent last, in milliseconds of the exchange's time."""

    def is_like(self, other: Call) -> bool:
        """Whether a list could show the same for both: nothing that both say differs."""
        shared = self.values.keys() & other.values.keys()
        return bool(self.lists & other.lists) and all(agree(self.values[each], other.values[each]) for each in shared)


def call_of(operation: Operation[Any], arguments: Mapping[str, object], sent_at: int) -> Call:
    """Return what a call, with arguments by wire name, lets one find."""
    pairs = [pair for likeness in operation.likeness for pair in likeness.agrees]
    values = {member: arguments.get(wire) for wire, member in pairs if says_something(arguments.get(wire))}
    return Call(frozenset(likeness.operation for likeness in operation.likeness), values, sent_at)


class AlikeCalls:
    """The calls of one client, and of its copies, that must be found by likeness; safe to share between threads."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque()
        self._lock = Lock()
        self._forgotten_at = -1
        """When the latest call was sent that is no longer remembered."""

    def add(self, call: Call) -> None:
        """Remember a call that is about to be sent."""
        with self._lock:
            self._calls.append(call)
            if len(self._calls) > MOST:
                self._forgotten_at = max(self._forgotten_at, self._calls.popleft().sent_at)

    def remove(self, call: Call) -> None:
        """Forget a call that was certainly not executed; what an executed one made can be taken for a later one's."""
        with self._lock:
            if call in self._calls:
                self._calls.remove(call)

    def like(self, lost: Call, since: int) -> list[Call] | None:
        """Return the calls like a lost one, itself included, that were sent from a time on; None if some are forgotten."""
        with self._lock:
            calls = list(self._calls)
            forgotten_at = self._forgotten_at
        if since <= forgotten_at:
            return None
        return [call for call in calls if call.sent_at >= since and call.is_like(lost)]
