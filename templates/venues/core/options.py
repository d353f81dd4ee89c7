# Edited in templates/venues/core/options.py; the copy in generated/ is imported.
"""What a client is made with, beside its credentials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypedDict, TypeVar

from venues.core.http.network import Network
from venues.core.outcome.clock import Clock
from venues.hooks import Hooks
from venues.limiter import Limiter
from venues.retry import Retry

if TYPE_CHECKING:
    from os import PathLike
    from ssl import SSLContext

    from venues.core.http.transport import AsyncTransport, Transport

T = TypeVar("T")


class Options(TypedDict, total=False):
    """What both kinds of client take beside credentials; the constructor of each API's client says what they mean."""

    environment: str | None
    base_url: str | None
    timeout: float
    retry: Retry | None
    limiter: Limiter | str | None
    clock: Clock | None
    hooks: Hooks | None
    validate: bool
    client_ids: bool
    proxy: str | None
    ca_file: str | PathLike[str] | None
    ssl_context: SSLContext | None
    local_address: str | None
    user_agent: str | None


class SyncOptions(Options, total=False):
    """Those of sync clients."""

    transport: Transport | None


class AsyncOptions(Options, total=False):
    """Those of async clients."""

    transport: AsyncTransport | None


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
    network: Network
