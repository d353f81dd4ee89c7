# Edited in templates/venues/hooks.py; the copy in generated/ is imported.
"""Hooks: methods that a program overrides to observe calls and streams; they never get a secret."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from venues.core.channels.channel import Channel, Gap
    from venues.errors import ExecutionUnknown, TransportError

logger: logging.Logger = logging.getLogger("venues")
logger.addHandler(logging.NullHandler())  # without it, Python prints warnings to stderr where no logging is set up


def run_hook(api: str, hook: Callable[[], None]) -> None:
    """Call a hook; an exception in it is logged, because it must not break the call or stream that it observes.

    A time limit of the program that expires in a hook is not the hook's failure, so it is raised.
    """
    try:
        hook()
    except Exception as error:
        from venues.core.values.interruption import is_of_handler

        if is_of_handler(error):
            raise
        logger.getChild(api).exception("a hook failed")


@dataclass(frozen=True)
class Sent:
    """A request that is about to be sent, with its secrets masked."""

    api: str
    operation: str
    """Group and name, such as `isolated.place_order`."""
    method: str
    url: str
    headers: Mapping[str, str]
    client_id: str | None
    attempt: int
    """1 for the first attempt."""


@dataclass(frozen=True)
class Received:
    """The response to a request."""

    status: int
    headers: Mapping[str, str]
    size: int
    """Length of the body, in bytes."""
    elapsed: float
    """Seconds from sending to the last byte."""


@dataclass(frozen=True)
class StreamNote:
    """An event of a WebSocket connection; it holds no secret."""

    api: str
    connection: str
    """Kind and number, such as `private 1`."""
    what: Literal["open", "lost", "closed", "sent", "unread", "waits"]
    """Opened, lost, or closed by this client; a frame was sent; a frame was received that the specification does not
    know; the connection waits for a slow consumer, or for room in the API's limits."""
    detail: str
    """The reason of the loss, or the frame with its secrets masked."""
    attempt: int = 0
    """Number of losses since the connection was last stable."""


@dataclass(frozen=True)
class PageNote:
    """A page of a list that is iterated over."""

    operation: str
    """Group and name, such as `market.get_klines`."""
    pages: int
    """Number of pages so far, this one included; some are asked for only to be sure that nothing is missing."""
    items: int
    """Number of items so far."""
    done: float | None
    """Part of the list that has been read, from 0 to 1, where it is known: by time, or by the exchange's total."""
    total: int | None
    """Number of items of the whole list, where the exchange reports it."""


@dataclass(frozen=True)
class LimitNote:
    """A call that waits before it is sent."""

    operation: str
    """Group and name, such as `market.get_klines`."""
    wait: float
    """Seconds that it waits now; if there is no room then, it waits once more, and that is reported, too."""
    why: Literal["limit", "silence"]
    """A limit has no room; or the exchange has asked this process for silence, by HTTP 429 or 418."""
    limits: tuple[str, ...]
    """The limits that the call takes from; `client.limits.usage()` shows how full they are."""


class Hooks:
    """Override what you need; by default everything goes to the logger `venues.<api>`.

    Hooks are called on the thread (or task) that makes the call.
    Exceptions in hooks are logged and not raised.
    """

    def on_request(self, sent: Sent) -> None:
        """A request is about to be sent."""
        log = logger.getChild(sent.api)
        if log.isEnabledFor(logging.DEBUG):
            log.debug("%s: %s %s, attempt %d", sent.operation, sent.method, sent.url, sent.attempt)

    def on_response(self, sent: Sent, received: Received) -> None:
        """A response was received, whether it is a success or an error."""
        log = logger.getChild(sent.api)
        if log.isEnabledFor(logging.DEBUG):
            log.debug(
                "%s: HTTP %d, %d bytes in %.3f s", sent.operation, received.status, received.size, received.elapsed
            )

    def on_failure(self, sent: Sent, error: TransportError, elapsed: float) -> None:
        """A request was not answered: no connection was made, it broke, or time ran out.

        Args:
            sent: The request.
            error: What happened; whether the call is made again, `on_retry` reports.
            elapsed: Seconds since sending began.
        """
        log = logger.getChild(sent.api)
        if log.isEnabledFor(logging.DEBUG):
            log.debug("%s: %s after %.3f s", sent.operation, type(error).__name__, elapsed)

    def on_retry(self, sent: Sent, error: Exception, delay: float) -> None:
        """A request will be sent again after `delay` seconds, because of `error`."""
        logger.getChild(sent.api).warning("%s: again in %.2f s after %s", sent.operation, delay, type(error).__name__)

    def on_unknown(self, api: str, error: ExecutionUnknown) -> None:
        """A call that must not be executed twice was sent, and it is unknown whether it was executed.

        The caller gets this error, or the interruption (such as Ctrl-C) whose `__cause__` it is.
        """
        logger.getChild(api).warning("%s", error)

    def on_deviation(self, operation: str, path: str, what: str) -> None:
        """A response differs from the specification and was repaired; reported once per place.

        Args:
            operation: Group and name of the operation.
            path: Place in the payload, such as `[].price`.
            what: Description of the value found there.
        """
        logger.info("%s answered %s at %s", operation, what, path or "the top")

    def on_page(self, api: str, note: PageNote) -> None:
        """A page of a list was read by an `iter_` method."""
        log = logger.getChild(api)
        if log.isEnabledFor(logging.DEBUG):
            # Debug only: a list of a year has thousands of pages.
            log.debug("%s: page %d, %d items so far", note.operation, note.pages, note.items)

    def on_limit(self, api: str, note: LimitNote) -> None:
        """A call waits for room in the API's limits; called before the wait."""
        log = logger.getChild(api)
        if log.isEnabledFor(logging.INFO):
            log.info("%s: waits %.2f s for %s", note.operation, note.wait, ", ".join(note.limits) or note.why)

    def on_stream(self, note: StreamNote) -> None:
        """Something happened to a WebSocket connection; `note.what` is its kind."""
        level = logging.WARNING if note.what in ("lost", "waits") else logging.DEBUG
        logger.getChild(note.api).log(level, "stream %s: %s %s", note.connection, note.what, note.detail)

    def on_gap(self, api: str, gap: Gap) -> None:
        """Events may have been missed; the consumer receives the same gap."""
        logger.getChild(api).warning("stream %r: a gap (%s) after %s", gap.channel, gap.reason, gap.last)

    def on_overflow(self, api: str, channel: Channel[Any], dropped: int) -> None:
        """A consumer is too slow, and events were dropped.

        Args:
            api: Name of the API.
            channel: The channel whose event came when the queue was full.
            dropped: Number of events that this consumer has lost so far.
        """
        # Logged at 1, 2, 4, 8, … losses: a line per lost event would slow the consumer down even more.
        if dropped & (dropped - 1) == 0:
            logger.getChild(api).warning("stream %r: the consumer is too slow; %d events lost", channel, dropped)
