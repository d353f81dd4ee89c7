# Edited in templates/venues/core/call/plan.py; the copy in generated/ is imported.
"""What all calls of one operation by one client have in common; decided when the first one is made, not in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NoReturn, TypeVar

import msgspec

from venues.core.request.limits import Charge
from venues.core.request.messages import Reply, Request
from venues.core.request.operation import Operation

T = TypeVar("T")
Report = Callable[[str, str], None]
"""Takes where an answer differs from the specification, and what is there."""


class Unread(Exception):
    """There was no answer yet from which it would be known how they are read."""


def unread(reply: Reply, sent: Mapping[str, object], report: Report) -> NoReturn:
    """Give up: decoding is not loaded before there is an answer, so that the first request need not wait for that."""
    raise Unread


class Plan(msgspec.Struct, Generic[T]):
    """What all calls of one operation by one client have in common."""

    operation: Operation[T]
    charges: Sequence[Charge] | None
    """What each call takes from limits; None where that depends on its arguments."""
    build: Callable[[Mapping[str, object], int], Request]
    """Builds and signs a request from encoded arguments, by wire name, at a time of the exchange's."""
    now: Callable[[], int]
    """Returns the exchange's time in milliseconds, with which a request is signed."""
    report: Report
    """Reports what deviates in an answer; each place once."""
    read: Callable[[Reply, Mapping[str, object], Report], Any] = unread
    """Reads a usual answer, and raises anything where one may not be usual: then it is read as declared."""
