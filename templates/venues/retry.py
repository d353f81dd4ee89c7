"""When a request is retried."""

from __future__ import annotations

import random
from dataclasses import dataclass

from venues import errors


@dataclass(frozen=True)
class Retry:
    """Capped exponential backoff with full jitter.

    Calls that read, or that may be repeated, are sent again after connection trouble, HTTP 429 and 5xx.
    A call that must happen once is sent again only when it is certain that it was not executed.
    """

    attempts: int = 4
    """How often a request is sent at most, the first time included."""
    first: float = 0.2
    """Seconds that bound the first pause; each further bound is twice the one before."""
    longest: float = 5.0
    """Seconds that bound any pause, unless the exchange asks for a longer one."""
    budget: float = 30.0
    """Seconds that a call may take from its first attempt on, pauses included; an attempt that takes longer is cut."""

    def pause(self, attempt: int) -> float:
        """Return seconds to wait after a number of attempts."""
        return random.uniform(0, min(self.longest, self.first * 2 ** (attempt - 1)))  # noqa: S311  # not for secrets


NEVER = Retry(attempts=1)
"""Every request is sent once; one whose time was refused, and which so was not executed, is signed and sent once more."""


def retryable(error: Exception, effect: str, *, unknown: bool) -> bool:
    """Whether a failed call may be sent again.

    Args:
        error: What came of the last attempt.
        effect: What sending it twice would do: `read`, `repeatable` or `once`.
        unknown: Whether it is open if that attempt was executed.
    """
    if isinstance(error, errors.Banned):
        return False
    if isinstance(error, errors.RateLimited | errors.ConnectionFailed):
        return not (unknown and effect == "once")
    if effect == "once":
        return False
    return isinstance(error, errors.TransportError | errors.ExchangeUnavailable) or unknown
