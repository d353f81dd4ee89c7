# Edited in templates/venues/core/answer/envelope.py; the copy in generated/ is imported.
"""Where an answer has its code, message and payload, and what codes mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from venues import errors


@dataclass(frozen=True)
class ErrorCode:
    """What the specification says of a code."""

    code: str
    kind: str
    """The name of the class that is raised, as `InsufficientBalance`; `Success` for a code that is no error."""
    message: str
    """What it means, in English."""
    unknown: bool = False
    """Whether it leaves open if the request was executed."""
    messages: tuple[tuple[str, ErrorCode], ...] = ()
    """A part of the exchange's message → what the code means with it; the first that fits counts."""

    def with_message(self, message: str) -> ErrorCode:
        """Return what the code means with a message of the exchange."""
        if not self.messages:
            return self
        text = message.lower()
        return next((meant for says, meant in self.messages if says.lower() in text), self)

    @property
    def error(self) -> type[errors.ApiError] | None:
        """The class that is raised; None for a code that is no error."""
        found = getattr(errors, self.kind, None)
        return found if isinstance(found, type) and issubclass(found, errors.ApiError) else None


@dataclass(frozen=True)
class Envelope:
    """Where an answer has its code, message and payload."""

    code: str
    messages: tuple[str, ...]
    data: str | None
    success: frozenset[str]
    empty_is_missing: bool = False
    """Whether "" stands for an optional number, time, boolean or enum value that the exchange does not have."""
    unlisted: Literal["unknown", "rejected"] = "unknown"
    """What a code that the specification does not list says of a call that must happen once."""
