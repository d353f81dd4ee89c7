# Edited in templates/venues/errors.py; the copy in generated/ is imported.
"""What can go wrong, and what is then known about the request.

VenueError
├── InvalidRequest          found before sending; nothing left the machine
├── TransportError
│   ├── ConnectionFailed    nothing was sent
│   ├── RequestTimeout      sent, no answer in time
│   └── ConnectionLost      sent in part or whole, no answer
├── ExecutionUnknown        sent, and it can't be known whether it was executed
├── DecodeError             a response came, but it can't be read
├── StreamOverflow          events of a stream wait longer than its queue holds
├── PagingError             a list can't be read to its end without missing items
├── BookUntrusted           an order book was read while it may differ from the exchange's
└── ApiError                the exchange rejected the request
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

UNTIL = re.compile(r"(?<!\d)\d{13}(?!\d)")
"""A time in milliseconds (13 digits until 2286), as exchanges write it into the message of a ban."""
LONGEST_WAIT = 7 * 86_400.0
"""Longest wait in seconds that an exchange can request; the longest known bans end after three days.

More is a mistake, such as a time since 1970 in place of seconds, and is ignored.
"""
LONGEST_SHOWN = 500
"""Characters of an exchange's message that an error prints; `message` has all of it. The longest documented has 139."""
DIGITS = 18
"""Most digits of a number in a header; Python itself rejects numbers of 4,301 digits."""


class VenueError(Exception):
    """Base of all errors of this package."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Let errors be pickled: nothing in them is secret.

        Exceptions are pickled by the arguments of their constructor, which here are not the same.
        """
        members = {name: _picklable(value) for name, value in vars(self).items()}
        return _rebuild, (type(self), self.args, members)


class InvalidRequest(VenueError, ValueError):
    """The request contradicts the API's rules; nothing left the machine."""


class TransportError(VenueError):
    """The exchange could not be reached, or its answer did not arrive."""

    operation = ""
    """Group and name of the operation, such as `isolated.place_order`, or `streams.connect`; empty if there was none."""
    address = ""
    """The address that was called."""

    def __str__(self) -> str:
        said = super().__str__()
        return f"{self.operation}: {said} ({self.address})" if self.operation else said


class ConnectionFailed(TransportError):
    """No connection was made; nothing was sent."""


class RequestTimeout(TransportError):
    """The request was sent, and no answer came in time."""


class ConnectionLost(TransportError):
    """The connection broke after sending had begun."""


class ExecutionUnknown(VenueError):
    """The request was sent, and it can't be known whether it was executed.

    Look it up before you send it again: `client.reconcile(error)`.

    If such a call is interrupted on its way (by Ctrl-C, a canceled task, a timeout of your own), the interruption is
    raised instead; this error is its `__cause__`, its notes say the same, and `hooks.on_unknown` is called. A time limit
    such as `asyncio.timeout` raises an error of its own then, whose `__cause__` is the interruption.
    """

    def __init__(
        self, operation: str, client_id: str | None, reason: str, client_ids: tuple[str, ...] | None = None
    ) -> None:
        self.operation = operation
        """Group and name of the operation, such as `isolated.place_order`."""
        self.client_id = client_id
        """Client order id, if the call had one."""
        self.client_ids: tuple[str, ...] = client_ids or ((client_id,) if client_id else ())
        """Client order ids of all orders of a batch, in order."""
        self.reason = reason
        """What happened."""
        self.arguments: Mapping[str, object] = {}
        """The arguments of the call, by wire name."""
        self.sent_at = 0
        """Time of sending, by the exchange's clock, in milliseconds since 1970."""
        ids = ", ".join(map(repr, self.client_ids))
        named = f", client id{'s' * (len(self.client_ids) > 1)} {ids}" if ids else ""
        super().__init__(
            f"{operation}{named}: it is unknown whether this was executed ({reason}); look it up before sending it again"
        )


class DecodeError(VenueError):
    """The exchange responded, but the response can't be read.

    This never means that the request was not executed. A call that must not be executed twice raises it only if the
    response proves success; otherwise it raises ExecutionUnknown, whose `__cause__` is this error.
    """

    def __init__(self, operation: str, body: bytes, reason: str, *, executed: bool | None = None) -> None:
        self.operation = operation
        self.body = body
        """The whole body of the response, unchanged."""
        self.reason = reason
        """Why it can't be read."""
        self.executed = executed
        """True if the response proves that the request was executed; None if that is unknown."""
        self.client_id: str | None = None
        """Client order id, if the call had one; `client.reconcile(error)` looks it up."""
        self.arguments: Mapping[str, object] = {}
        """The arguments of the call, by wire name."""
        self.sent_at = 0
        """Time of sending, by the exchange's clock, in milliseconds since 1970."""
        known = "answered with success, but the answer" if executed else "the outcome is open, because the answer"
        super().__init__(f"{operation}: {known} can't be read ({reason})")


class StreamOverflow(VenueError):
    """The queue of a stream is full, and its overflow policy is to raise this error."""


class BookUntrusted(VenueError):
    """An order book was read while it may differ from the exchange's: events were missed, and no snapshot has come yet."""


class PagingError(VenueError):
    """A list can't be read on without missing items: more of them share a time than a page holds, or a cursor repeats.

    Everything before came; the pager's `position` is behind the last item that it gave.
    """

    def __init__(self, operation: str, reason: str) -> None:
        self.operation = operation
        """Group and name of the operation, as `market.get_klines`."""
        self.reason = reason
        """What stands in the way, in words."""
        super().__init__(f"{operation}: {reason}")


class ApiError(VenueError):
    """The exchange rejected the request.

    The subclass is the kind of error; `code` and `message` are the exchange's own.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        operation: str,
        meaning: str = "",
    ) -> None:
        self.code = code
        """The exchange's code, as text."""
        self.message = message
        """The exchange's message, unchanged."""
        self.meaning = meaning
        """What the code means in English, if the specification lists it."""
        self.status = status
        """The HTTP status; 0 for errors of streams, and if the client rejected the call without sending it."""
        self.headers = headers
        """The headers of the response."""
        self.body = body
        """The whole body of the response, unchanged."""
        self.operation = operation
        """Group and name of the operation, such as `isolated.place_order`."""
        self.earlier_attempts = 0
        """How many earlier attempts of this call may have been executed: the error may be a consequence of one of them."""
        self.done = False
        """Whether the code means, after such an attempt, that the call has already taken effect."""
        explained = f" – {meaning}" if meaning and meaning.rstrip(".") not in message else ""
        said = f"{code} {_shown(message)}{explained}".lstrip()
        super().__init__(f"{operation}: {said} (HTTP {status})" if status else f"{operation}: {said}")

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, counted from the response, if the exchange names them."""
        return retry_after(self.headers)

    def __str__(self) -> str:
        said, seconds = super().__str__(), self.retry_after if self.status else None
        asked = f"; the exchange asks to wait {seconds:g} s" if seconds else ""
        earlier = "; an earlier attempt of this call may have been executed" if self.earlier_attempts else ""
        return f"{said}{asked}{earlier}"


def _shown(message: str) -> str:
    """Return the beginning of a message in one line: logs obey what it holds, be it a line break or an escape sequence."""
    cut = message if len(message) <= LONGEST_SHOWN else f"{message[:LONGEST_SHOWN]}…"
    return cut if cut.isprintable() else " ".join("".join(one if one.isprintable() else " " for one in cut).split())


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After header, which has seconds or a date; None if the value makes no sense."""
    value = _header(headers, "retry-after").strip()
    if value.isascii() and value.replace(".", "", 1).isdecimal():
        # Cut: `float` reads any number of digits, and a hostile header could have millions.
        return _sane(float(value[: DIGITS * 2]))
    until = _seconds(value)
    return None if until is None else _sane(until - _answer_time(headers))


def _sane(wait: float) -> float | None:
    return max(0.0, wait) if wait <= LONGEST_WAIT else None


def _answer_time(headers: Mapping[str, str]) -> float:
    """Return the time of a response in seconds since 1970: by its Date header, or now."""
    # By the exchange's own clock: ours may be minutes off, and would end a ban too early.
    date = _seconds(_header(headers, "date"))
    return time.time() if date is None else date


def _header(headers: Mapping[str, str], wanted: str) -> str:
    return next((value for name, value in headers.items() if name.lower() == wanted), "")


def _seconds(date: str) -> float | None:
    """Return an HTTP date in seconds since 1970."""
    # Imported only here: `email` takes longer to import than the rest of this module.
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except (ValueError, OverflowError, OSError):  # of days with 20 digits, of years that this machine can't count
        return None


def _picklable(value: object) -> object:
    # A mapping may be a proxy, which can't be pickled, as the headers of some HTTP libraries are.
    return dict(value) if isinstance(value, Mapping) else value


def _rebuild(kind: type[VenueError], args: tuple[object, ...], members: dict[str, object]) -> VenueError:
    """Rebuild a pickled error without calling its constructor."""
    # Constructors have other arguments than `args`, which is the message only.
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(members)
    return error


class AuthenticationFailed(ApiError):
    """The key, signature or passphrase is missing or wrong."""


class PermissionDenied(ApiError):
    """The key lacks the permission, or this IP address is not allowed."""


class ClockSkew(ApiError):
    """The request's timestamp is missing, malformed, or too far from the exchange's clock."""


class RateLimited(ApiError):
    """Too many requests."""

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, counted from the response, if the exchange names them in a header or in its message."""
        seconds = super().retry_after
        # The header first: it counts seconds, which need no clock.
        until = UNTIL.search(self.message) if seconds is None else None
        return seconds if until is None else _sane(int(until[0]) / 1000 - _answer_time(self.headers))


class Banned(RateLimited):
    """Blocked for a while after exceeding rate limits repeatedly."""


class InvalidParameter(ApiError):
    """A parameter is missing, malformed or out of range."""


class SymbolNotFound(ApiError):
    """The pair, coin or contract is unknown or not listed."""


class InsufficientBalance(ApiError):
    """There is not enough balance, margin or borrowable amount."""


class OrderNotFound(ApiError):
    """The order does not exist, or is already filled or canceled."""


class OrderRejected(ApiError):
    """The order is valid but was rejected."""


class DuplicateClientId(ApiError):
    """The client order id was used before."""


class RiskLimitExceeded(ApiError):
    """The call would exceed a limit on positions, leverage, borrowing or open orders."""


class MarketClosed(ApiError):
    """Trading in the symbol is suspended or has not started."""


class AccountRestricted(ApiError):
    """The account is frozen, unverified, or not enabled for this."""


class ExchangeUnavailable(ApiError):
    """The exchange is overloaded, under maintenance, or had an internal error."""


class UnknownError(ApiError):
    """The exchange returned an error code that the specification does not list."""
