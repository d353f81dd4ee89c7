# Edited in templates/venues/retry.py; the copy in generated/ is imported.
"""Decides whether and when a request is retried."""

from __future__ import annotations

from dataclasses import dataclass

from venues import errors


@dataclass(frozen=True)
class Retry:
    """Capped exponential backoff with full jitter.

    Calls that only read or may be repeated are retried after connection errors, HTTP 429 and 5xx.
    Calls that must not be executed twice are retried only when it is certain that they were not executed.
    """

    attempts: int = 4
    """Most times that a request is sent, the first included."""
    first: float = 0.2
    """Upper bound of the first pause, in seconds; it doubles with every attempt."""
    longest: float = 5.0
    """Upper bound of every pause, in seconds, unless the exchange asks for a longer one."""
    budget: float = 30.0
    """Seconds that a call may take from its first attempt on, pauses included; an attempt that takes longer is cut."""

    def pause(self, attempt: int) -> float:
        """Return the seconds to wait after a number of attempts."""
        import random  # loaded by the first pause: most programs never need one, and it loads five modules

        # From zero, not from half the bound ("full jitter"): bots that one outage stopped together come back spread out.
        return random.uniform(0, min(self.longest, self.first * 2 ** (attempt - 1)))  # noqa: S311  # not for secrets


NEVER = Retry(attempts=1)
"""No retries, with one exception: a request refused for its timestamp was not executed, and is signed and sent once more."""


def retryable(error: Exception, effect: str, *, unknown: bool) -> bool:
    """Return whether a failed call may be sent again.

    Args:
        error: The error of the last attempt.
        effect: `read`, `repeatable` (twice does no more than once) or `once` (never sent twice).
        unknown: Whether that attempt may have been executed.
    """
    # Exchanges lengthen a ban when requests go on during it.
    if isinstance(error, errors.Banned):
        return False
    # Neither was executed: limits are checked before execution, and without a connection nothing was sent. But an
    # earlier attempt of the same call may have been, which is what `unknown` says.
    if isinstance(error, errors.RateLimited | errors.ConnectionFailed):
        return not (unknown and effect == "once")
    if effect == "once":
        return False
    # A read changes nothing, and a repeatable call has the same effect twice, so an open outcome does no harm.
    return isinstance(error, errors.TransportError | errors.ExchangeUnavailable) or unknown
