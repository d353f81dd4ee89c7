"""The course of one call: what to do after each attempt. It waits for nobody, so both kinds of client share it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from venues import errors
from venues.core.operation import Operation, Request
from venues.retry import Retry, retryable


class Refused(Exception):
    """An answer that is an error, and whether it is open if the request was executed."""

    def __init__(self, error: errors.ApiError, *, unknown: bool) -> None:
        self.error = error
        self.unknown = unknown
        super().__init__()


@dataclass(slots=True)
class Course:
    """Counts attempts and decides about the next."""

    operation: Operation[Any]
    retry: Retry
    suspects: frozenset[str]
    """Codes that may mean a wrong clock, beside those whose kind says so."""
    attempt: int = 0
    sent_at: int = 0
    """When the first attempt was signed, in milliseconds of the exchange's time."""
    _begun: float = field(default_factory=time.monotonic)
    _clock_set: bool = False

    def skewed(self, failure: Exception) -> bool:
        """Whether the clock should be set and the call signed again; once a call."""
        error = failure.error if isinstance(failure, Refused) else None
        if error is None or self._clock_set:
            return False
        if not isinstance(error, errors.ClockSkew) and error.code not in self.suspects:
            return False
        self._clock_set = True
        return True

    def pause(self, failure: Exception) -> float | None:
        """Return the seconds to wait before the next attempt, or None if there is to be none."""
        error = failure.error if isinstance(failure, Refused) else failure
        unknown = failure.unknown if isinstance(failure, Refused) else False
        if self.attempt >= self.retry.attempts or not retryable(error, self.operation.effect, unknown=unknown):
            return None
        pause = self.retry.pause(self.attempt)
        if isinstance(error, errors.ApiError):
            pause = max(pause, errors.retry_after(error.headers) or 0.0)
        return pause if time.monotonic() - self._begun + pause <= self.retry.budget else None

    def final(self, failure: Exception, request: Request, arguments: Mapping[str, object]) -> Exception:
        """Return what is to be raised when there is no further attempt."""
        error = failure.error if isinstance(failure, Refused) else failure
        unknown = failure.unknown if isinstance(failure, Refused) else not isinstance(failure, errors.ConnectionFailed)
        if self.operation.effect != "once" or not unknown:
            return error
        lost = errors.ExecutionUnknown(self.operation.full_name, request.client_id, str(error))
        lost.arguments = dict(arguments)
        lost.sent_at = self.sent_at
        lost.__cause__ = error
        return lost


def with_client_id(operation: Operation[Any], arguments: Mapping[str, object]) -> Mapping[str, object]:
    """Add an id of our own where the call takes one and was given none, so that it can be looked up."""
    wire = operation.client_id
    if wire is None or operation.effect != "once" or arguments.get(wire) is not None:
        return arguments
    return {**arguments, wire: f"v{secrets.token_hex(12)}"}
