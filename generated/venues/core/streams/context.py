# Edited in templates/venues/core/streams/context.py; the copy in generated/ is imported.
"""What all connections of one `client.streams()` share."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from venues.core.answer.envelope import ErrorCode
from venues.core.channels.channel import Channel, Gap
from venues.core.http.network import DIRECT, Network
from venues.core.outcome.clock import ClockSync
from venues.core.streams.frames import encode
from venues.core.streams.protocol import StreamProtocol
from venues.core.values.secrets import MASK, Secret
from venues.errors import ApiError
from venues.hooks import Hooks, StreamNote, logger, run_hook
from venues.retry import Retry

SHORTEST_SECRET = 4
"""Shorter secrets are not masked: they would hide harmless text everywhere."""
FORKED = "these streams belong to the process that this one was forked from; open others"
MILLISECOND = 1_000_000
"""Nanoseconds."""
EXPONENT = 16
"""Up to which attempt pauses grow; a power of two must not overflow after weeks without an exchange."""


@dataclass(frozen=True)
class Context:
    """What connections need to know of the API and the user."""

    api: str
    protocol: StreamProtocol
    given: Mapping[str, Secret]
    clock: ClockSync
    hooks: Hooks
    on_deviation: Callable[[str, str, str], None]
    session: aiohttp.ClientSession
    timeout: float
    reconnect: Retry
    network: Network = DIRECT
    hidden: list[Secret] = field(default_factory=list)
    """The listen key, and the one before it."""
    process: int = field(default_factory=os.getpid)
    """The process that opened the connections."""

    def hide(self, key: Secret) -> None:
        """Mask a listen key wherever frames are shown."""
        # Two keys: frames of the old connection are still shown while the new one is being opened.
        self.hidden[:] = [*self.hidden[-1:], key]

    def is_forked(self) -> bool:
        """Whether this is a copy in a child process; the connections belong to the parent."""
        return self.process != os.getpid()

    def pause(self, attempt: int) -> float:
        """Return the seconds to wait before connecting again."""
        return self.reconnect.pause(min(attempt, EXPONENT))

    def error(self, operation: str, values: Mapping[str, Any]) -> ApiError:
        """Return the error for a refusal."""
        code = "" if values.get("code") is None else str(values["code"])
        known: ErrorCode | None = self.protocol.codes().get(code)
        if known is not None:
            known = known.with_message(str(values.get("message") or ""))
        kind = (known.error if known is not None else None) or self.protocol.refusal
        message = self.mask(str(values.get("message") or "refused"))
        return kind(
            code,
            message,
            status=0,
            headers={},
            body=self.mask(encode(values.get("frame"))).encode(),
            operation=operation,
            meaning=known.message if known is not None else "",
        )

    def mask(self, text: str) -> str:
        """Return a text without the user's credentials and listen keys."""
        for secret in (*self.given.values(), *self.hidden):
            if len(secret.reveal()) >= SHORTEST_SECRET:
                text = text.replace(secret.reveal(), MASK)
        return text

    def note(self, connection: str, what: Any, detail: str, attempt: int = 0) -> None:
        """Report something about a connection."""
        run_hook(self.api, lambda: self.hooks.on_stream(StreamNote(self.api, connection, what, detail, attempt)))

    def deviation(self, operation: str, path: str, what: str) -> None:
        """Report, once per place, that something differs from the specification."""
        run_hook(self.api, lambda: self.on_deviation(operation, path, self.mask(what)))

    def gap(self, gap: Gap) -> None:
        """Report that something may have been missed."""
        run_hook(self.api, lambda: self.hooks.on_gap(self.api, gap))

    def overflow(self, channel: Channel[Any], dropped: int) -> None:
        """Report that a consumer loses events."""
        run_hook(self.api, lambda: self.hooks.on_overflow(self.api, channel, dropped))

    def is_watched(self) -> bool:
        """Whether hooks or the log show single frames; masking them costs time."""
        return type(self.hooks) is not Hooks or logger.isEnabledFor(logging.DEBUG)


def now() -> int:
    """Return this machine's time in milliseconds."""
    return time.time_ns() // MILLISECOND
