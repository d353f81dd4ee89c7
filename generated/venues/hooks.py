"""Hooks: what a program can do when something happens to a call or stream; they never see a secret."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from venues.core.channels.channel import Channel, Gap
    from venues.errors import ExecutionUnknown

logger: logging.Logger = logging.getLogger("venues")
logger.addHandler(logging.NullHandler())  # a program that sets up no logging is not written into


def run_hook(api: str, hook: Callable[[], None]) -> None:
    """Call a hook; what it raises is logged, for it must not break the call or stream that it watches.

    A time limit of the program that passes in a hook is none of its failures.
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
    """A request on its way, its secrets masked."""

    api: str
    operation: str
    """Group and name, as `isolated.place_order`."""
    method: str
    url: str
    headers: Mapping[str, str]
    client_id: str | None
    attempt: int
    """1 for the first time."""


@dataclass(frozen=True)
class Received:
    """An answer to a request."""

    status: int
    headers: Mapping[str, str]
    size: int
    """Bytes of the body."""
    elapsed: float
    """Seconds from sending to the last byte."""


@dataclass(frozen=True)
class StreamNote:
    """Something about a WebSocket connection; nothing in it is secret."""

    api: str
    connection: str
    """Its kind and number, as `private 1`."""
    what: Literal["open", "lost", "closed", "sent", "unread", "waits"]
    """It was opened, lost, or closed by us; we sent a frame; a frame came that means nothing; it waits for a consumer
    that is too slow, or for room in the API's limits."""
    detail: str
    """Why it was lost, or the frame, its secrets masked."""
    attempt: int = 0
    """How often it was lost since it last lived for a while."""


class Hooks:
    """Override what you need; by default everything goes to the log `venues.<api>`.

    Hooks are called on the thread (or task) that makes the call.
    What they raise is logged and goes no further, for it says nothing about the call.
    """

    def on_request(self, sent: Sent) -> None:
        """A request is about to be sent."""
        log = logger.getChild(sent.api)
        if log.isEnabledFor(logging.DEBUG):
            log.debug("%s: %s %s, attempt %d", sent.operation, sent.method, sent.url, sent.attempt)

    def on_response(self, sent: Sent, received: Received) -> None:
        """An answer came, whatever it says."""
        log = logger.getChild(sent.api)
        if log.isEnabledFor(logging.DEBUG):
            log.debug(
                "%s: HTTP %d, %d bytes in %.3f s", sent.operation, received.status, received.size, received.elapsed
            )

    def on_retry(self, sent: Sent, error: Exception, delay: float) -> None:
        """A request will be sent again after `delay` seconds, because of `error`."""
        logger.getChild(sent.api).warning("%s: again in %.2f s after %s", sent.operation, delay, type(error).__name__)

    def on_unknown(self, api: str, error: ExecutionUnknown) -> None:
        """A call that must happen once was sent, and it is unknown whether it was executed.

        The caller gets this error, or the interruption that it is the cause of.
        """
        logger.getChild(api).warning("%s", error)

    def on_deviation(self, operation: str, path: str, what: str) -> None:
        """An answer differs from the specification, and was repaired; reported once per place.

        Args:
            operation: Group and name of the operation.
            path: Where in the payload, as `[].price`.
            what: What was found there.
        """
        logger.info("%s answered %s at %s", operation, what, path or "the top")

    def on_stream(self, note: StreamNote) -> None:
        """Something happened to a WebSocket connection."""
        level = logging.WARNING if note.what in ("lost", "waits") else logging.DEBUG
        logger.getChild(note.api).log(level, "stream %s: %s %s", note.connection, note.what, note.detail)

    def on_gap(self, api: str, gap: Gap) -> None:
        """Events may have been missed; the consumer gets the gap, too."""
        logger.getChild(api).warning("stream %r: a gap (%s) after %s", gap.channel, gap.reason, gap.last)

    def on_overflow(self, api: str, channel: Channel[Any], dropped: int) -> None:
        """A consumer is too slow, and events are lost.

        Args:
            api: Name of the API.
            channel: The channel whose event came when the queue was full.
            dropped: How many events that consumer has lost by now.
        """
        if dropped & (dropped - 1) == 0:
            logger.getChild(api).warning("stream %r: the consumer is too slow; %d events lost", channel, dropped)
