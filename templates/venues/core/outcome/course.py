# Edited in templates/venues/core/outcome/course.py; the copy in generated/ is imported.
"""The course of one call: what to do after each attempt. It does no I/O, so sync and async clients share it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from venues import errors
from venues.core.request.messages import Request
from venues.core.request.operation import Operation
from venues.core.request.params import Fields, Kind, ListOf, Param
from venues.retry import Retry, retryable

if TYPE_CHECKING:
    from venues.core.outcome.alike import Call
    from venues.core.values.client_ids import ClientIdForm

LEAST = 0.001
"""The shortest time for an attempt, in seconds; 0 would mean none to the libraries."""
OWN_PREFIX = "v"
"""How ids begin that the client gave to orders without one."""


class Refusal(Exception):
    """An answer that is an error, and whether it leaves open if the request was executed; never leaves the client."""

    def __init__(self, error: errors.ApiError, *, unknown: bool) -> None:
        self.error = error
        self.unknown = unknown
        super().__init__()


# A struct, which C fills: of a dataclass, Python sets each field, for each call.
class Course(msgspec.Struct):
    """Counts attempts and decides about the next."""

    operation: Operation[Any]
    retry: Retry
    arguments: Mapping[str, object]
    """What the call was given, by wire name."""
    sent: Mapping[str, object]
    """What is sent of it, as it is written."""
    timeout: float
    """Seconds that the attempt under way may take."""
    begun: float
    """When the first attempt began, by `time.monotonic`."""
    attempt: int = 1
    """The number of the attempt under way, or about to be."""
    earlier_attempts: int = 0
    """How many attempts before the last one may have been executed."""
    request: Request | None = None
    """What was sent last."""
    failure: errors.TransportError | Refusal | errors.DecodeError | None = None
    """What came of it."""
    sent_at: int = 0
    """When the last attempt was signed, in milliseconds of the exchange's time."""
    offset: int = 0
    """What the clock was corrected by then."""
    lessons: int = 0
    """How often the exchange had been asked for its time by then."""
    trace: Call | None = None
    """How the client remembers the call, where what it made must be found by likeness."""
    _clock_set: bool = False

    def __repr__(self) -> str:
        return f"<Course of {self.operation.full_name}: attempt {self.attempt}>"  # its arguments may hold secrets

    def end_of_wait(self) -> None:
        """Begin to count the time: waiting for room in a limit was no part of it, if nothing was sent before."""
        if self.failure is None:
            self.begun = time.monotonic()

    def begin_again(self, timeout: float) -> None:
        """Count another attempt, which may take so many seconds, or what is left of the budget."""
        if self.operation.effect != "read" and self._is_open:
            self.earlier_attempts += 1
        self.attempt += 1
        self.timeout = max(LEAST, min(timeout, self.retry.budget - (time.monotonic() - self.begun)))

    def patience(self, longest: float) -> float:
        """Return the seconds that an attempt may wait for room in a limit; only the first one may use them all."""
        # Later attempts share the budget of the whole call; the first may wait for the limiter, as its options allow.
        left = self.retry.budget - (time.monotonic() - self.begun)
        return longest if self.failure is None else min(longest, left)

    def should_set_clock(self, suspects: frozenset[str]) -> bool:
        """Whether the clock should be set and the call signed again; true at most once for each call.

        Args:
            suspects: Codes that may mean a wrong clock, beside those whose kind says so.
        """
        if (
            not isinstance(self.failure, Refusal)
            or self._clock_set
            or (self._is_open and self.operation.effect == "once")
        ):
            return False
        if not isinstance(self.error, errors.ClockSkew) and self.failure.error.code not in suspects:
            return False
        self._clock_set = True
        return True

    def pause(self) -> float | None:
        """Return the seconds to wait before the next attempt, or None if there is to be none."""
        unknown = isinstance(self.failure, Refusal) and self.failure.unknown
        if self.attempt >= self.retry.attempts or not retryable(self.error, self.operation.effect, unknown=unknown):
            return None
        # The longer of both: an exchange that asks for a second may still be overloaded after it.
        pause = max(self.retry.pause(self.attempt), self._requested_pause or 0.0)
        return pause if time.monotonic() - self.begun + pause <= self.retry.budget else None

    def final_error(self) -> Exception:
        """Return what is to be raised when there is no further attempt."""
        if self.operation.effect != "once" or not self._is_open:
            self._note_circumstances()
            return self.error
        error = self.error
        doubt = f"the answer proves nothing: {error.reason}" if isinstance(error, errors.DecodeError) else ""
        lost = self.unknown_outcome(doubt or str(error))
        lost.__cause__ = self.error
        return lost

    def unknown_outcome(self, reason: str) -> errors.ExecutionUnknown:
        """Return the error that says that the outcome of the last attempt is unknown."""
        error = errors.ExecutionUnknown(self.operation.full_name, self._client_id, reason, self._item_ids())
        self.describe(error)
        return error

    def _note_circumstances(self) -> None:
        """Note in an error what the call knows of it: earlier attempts, how to look it up, or where it went."""
        if isinstance(self.failure, Refusal):
            self.failure.error.earlier_attempts = self.earlier_attempts
        if isinstance(self.failure, errors.DecodeError):
            self.describe(self.failure)
        if isinstance(self.failure, errors.TransportError) and self.request is not None:
            self.failure.operation = self.operation.full_name
            self.failure.address = "/".join(self.request.url.split("/", 3)[:3])

    def describe(self, error: errors.ExecutionUnknown | errors.DecodeError) -> None:
        """Note what is needed to look the call up."""
        error.client_id = self._client_id
        # Errors are logged, so they must not carry a password.
        error.arguments = {wire: value for wire, value in self.arguments.items() if wire not in self.operation.secret}
        error.sent_at = self.sent_at

    @property
    def items(self) -> tuple[str, ...]:
        """The ids of all orders of a batch; none if one has none, for the exchange then makes one up."""
        given = self._given_item_ids() if self.operation.batch else []
        return tuple(map(str, given)) if all(given) else ()

    def _item_ids(self) -> tuple[str, ...]:
        """Return the ids of the orders of a batch, as far as they have one."""
        return tuple(str(own) for own in self._given_item_ids() if own)

    def _given_item_ids(self) -> list[object]:
        wire, member = self.operation.batch or ("", "")
        items = self.arguments.get(wire)
        return (
            [item.get(member) for item in items if isinstance(item, Mapping)]
            if isinstance(items, (list, tuple))
            else []
        )

    @property
    def _client_id(self) -> str | None:
        return self.request.client_id if self.request is not None else None

    @property
    def error(self) -> Exception:
        """What came of the last attempt, as it is raised."""
        assert self.failure is not None
        return self.failure.error if isinstance(self.failure, Refusal) else self.failure

    @property
    def _requested_pause(self) -> float | None:
        """The seconds to wait that the exchange asks for."""
        return self.failure.error.retry_after if isinstance(self.failure, Refusal) else None

    @property
    def is_refused(self) -> bool:
        """Whether certainly no attempt was executed."""
        # An answer that can't be read may prove success, and so is no refusal.
        is_certain = isinstance(self.failure, Refusal | errors.ConnectionFailed) and not self._is_open
        return is_certain and not self.earlier_attempts

    @property
    def _is_open(self) -> bool:
        """Whether the last attempt may have been executed."""
        if isinstance(self.failure, Refusal):
            return self.failure.unknown
        if isinstance(self.failure, errors.DecodeError):
            return self.failure.executed is None
        return not isinstance(self.failure, errors.ConnectionFailed)


def first_time(timeout: float, retry: Retry) -> float:
    """Return the seconds that a first attempt may take."""
    return max(LEAST, min(timeout, retry.budget))


def with_client_id(operation: Operation[Any], arguments: Mapping[str, object]) -> Mapping[str, object]:
    """Add ids of our own where the call takes them and was given none, so that each order can be looked up."""
    if operation.effect != "once":
        return arguments
    if operation.batch is not None:
        return _with_item_ids(operation, arguments)
    wire = operation.client_id
    if wire is None or arguments.get(wire) not in (None, ""):
        return arguments
    return {**arguments, wire: _new_id(operation.by_wire[wire])}


def _with_item_ids(operation: Operation[Any], arguments: Mapping[str, object]) -> Mapping[str, object]:
    """Add an id to each item of a batch that has none; what is no list of objects is refused elsewhere."""
    wire, member = operation.batch or ("", "")
    items = arguments.get(wire)
    if not isinstance(items, (list, tuple)) or not all(isinstance(item, Mapping) for item in items):
        return arguments
    param = _item_param(operation.by_wire[wire].kind, member)
    return {**arguments, wire: [item if item.get(member) else {**item, member: _new_id(param)} for item in items]}


def _item_param(kind: Kind, member: str) -> Param | None:
    """Return the member of a batch's items that holds the id."""
    return kind.item.by_name.get(member) if isinstance(kind, ListOf) and isinstance(kind.item, Fields) else None


def _new_id(param: Param | None) -> str:
    """Return an id that the parameter takes."""
    from venues.core.values.client_ids import new_client_id

    return new_client_id(_form() if param is None else _form(param.max_length, param.pattern), OWN_PREFIX)


@cache
def _form(max_length: int | None = None, pattern: str | None = None) -> ClientIdForm:
    """Return a form of ids; each call without an id of the caller's asks for it."""
    from venues.core.values.client_ids import ClientIdForm

    return ClientIdForm(max_length, () if pattern is None else (pattern,))
