"""What is true of one API, as its client needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from venues.core.answer.decode import Envelope, ErrorCode
from venues.core.outcome.limits.charge import Bucket
from venues.core.request.signing import Signer


@dataclass(frozen=True)
class TimeSource:
    """Where the exchange tells its time."""

    operation: str
    """The constant of the operation."""
    field: str
    scale: int
    """Milliseconds in its unit."""


@dataclass(frozen=True)
class Profile:
    """What is true of one API; made from its specification."""

    name: str
    servers: Mapping[str, str]
    headers: Mapping[str, str]
    envelope: Envelope
    signers: Callable[[], tuple[type[Signer], ...]]
    key_signer: Callable[[], type[Signer] | None]
    errors: Callable[[], tuple[Mapping[str, ErrorCode], Mapping[int, ErrorCode]]]
    credentials: tuple[str, ...]
    buckets: Mapping[str, Bucket] = field(default_factory=dict)
    time: TimeSource | None = None
    suspects: frozenset[str] = frozenset()
    """Codes that may mean a wrong clock."""
    streams: Mapping[str, str] = field(default_factory=dict)
    """Environment → address of the streams."""
    window: int = 0
    """How far the clocks may be apart, in milliseconds."""
    single_use: str | None = None
    """How paths begin where a signature is accepted once."""
    empty_body: bool = False
