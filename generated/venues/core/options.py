# Edited in templates/venues/core/options.py; the copy in generated/ is imported.
"""What a client is made with, beside its credentials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from venues.core.outcome.clock import Clock
from venues.hooks import Hooks
from venues.limiter import Limiter
from venues.retry import Retry

T = TypeVar("T")


@dataclass(frozen=True)
class ClientOptions(Generic[T]):
    """The options of a client; the constructor of each API's client says what they mean."""

    environment: str | None
    base_url: str | None
    timeout: float
    retry: Retry | None
    limiter: Limiter | str | None
    transport: T | None
    """A `Transport`, or an `AsyncTransport` for async clients."""
    clock: Clock | None
    hooks: Hooks | None
    validate: bool
    client_ids: bool
