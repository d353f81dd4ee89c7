"""Where a program can look over the client's shoulder; nothing that arrives here holds a secret."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

logger = logging.getLogger("venues")


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


class Hooks:
    """Override what you need; by default everything goes to the log `venues.<api>`.

    Hooks are called on the thread (or task) that makes the call; what they raise reaches the caller.
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

    def on_deviation(self, operation: str, path: str, what: str) -> None:
        """An answer differs from the specification, and was mended; told once a place.

        Args:
            operation: Group and name of the operation.
            path: Where in the payload, as `[].price`.
            what: What was found there.
        """
        logger.info("%s answered %s at %s", operation, what, path or "the top")
