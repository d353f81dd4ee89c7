"""What all connections of one `client.streams()` share."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from venues.core.answer.envelope import ErrorCode
from venues.core.channels.channel import Channel, Gap
from venues.core.outcome.clock import ClockSync
from venues.core.streams.frames import encode
from venues.core.streams.protocol import Protocol
from venues.core.values.secrets import MASK, Secret
from venues.errors import ApiError
from venues.hooks import Hooks, StreamNote, logger, run_hook
from venues.retry import Retry

SHORTEST_SECRET = 4
EXPONENT = 16
"""Up to which attempt pauses grow."""


@dataclass(frozen=True)
class Context:
    """Everything about the API and the user that a connection needs."""

    api: str
    protocol: Protocol
    given: Mapping[str, Secret]
    clock: ClockSync
    hooks: Hooks
    told: Callable[[str, str, str], None]
    session: aiohttp.ClientSession
    timeout: float
    reconnect: Retry
    hidden: list[Secret] = field(default_factory=list)
    """The listen key, and those before it."""

    def hide(self, key: Secret) -> None:
        """Show a listen key to nobody."""
        self.hidden[:] = [*self.hidden[-1:], key]

    def pause(self, attempt: int) -> float:
        """Return the seconds to wait before connecting again."""
        return self.reconnect.pause(min(attempt, EXPONENT))

    def error(self, operation: str, values: Mapping[str, Any]) -> ApiError:
        """Make the error that a refusal is."""
        code = "" if values.get("code") is None else str(values["code"])
        known: ErrorCode | None = self.protocol.codes().get(code)
        kind = (known.error if known is not None else None) or self.protocol.refusal
        message = self.masked(str(values.get("message") or "refused"))
        return kind(
            code,
            message,
            status=0,
            headers={},
            body=self.masked(encode(values.get("frame"))).encode(),
            operation=operation,
            meaning=known.message if known is not None else "",
        )

    def masked(self, text: str) -> str:
        """Return a text without the user's credentials and listen keys."""
        for secret in (*self.given.values(), *self.hidden):
            if len(secret.reveal()) >= SHORTEST_SECRET:
                text = text.replace(secret.reveal(), MASK)
        return text

    def note(self, connection: str, what: Any, detail: str, attempt: int = 0) -> None:
        """Tell something about a connection."""
        run_hook(self.api, lambda: self.hooks.on_stream(StreamNote(self.api, connection, what, detail, attempt)))

    def deviation(self, operation: str, path: str, what: str) -> None:
        """Tell, once a place, that something is not as the specification says."""
        run_hook(self.api, lambda: self.told(operation, path, self.masked(what)))

    def gap(self, gap: Gap) -> None:
        """Tell that something may have been missed."""
        run_hook(self.api, lambda: self.hooks.on_gap(self.api, gap))

    def overflow(self, channel: Channel[Any], dropped: int) -> None:
        """Tell that a consumer loses events."""
        run_hook(self.api, lambda: self.hooks.on_overflow(self.api, channel, dropped))

    def watched(self) -> bool:
        """Whether anybody looks at single frames."""
        return type(self.hooks) is not Hooks or logger.isEnabledFor(logging.DEBUG)


def now() -> int:
    """Return this machine's time in milliseconds."""
    return time.time_ns() // 1_000_000
