# Edited in templates/venues/core/profile.py; the copy in generated/ is imported.
"""What is true of one API, as its client needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from venues.core.answer.envelope import Envelope, ErrorCode
from venues.core.request.limits import Limit
from venues.core.request.operation import Operation
from venues.core.request.signing import Signer

if TYPE_CHECKING:
    from venues.core.trading.sources import Trading


@dataclass(frozen=True)
class TimeSource:
    """Where the exchange says its time."""

    operation: str
    """Group and name of the operation."""
    field: str
    scale: int
    """Milliseconds in its unit; 1 where the unit is finer."""
    per_ms: int = 1
    """Units in a millisecond, where the unit is finer."""


@dataclass(frozen=True)
class Profile:
    """What is true of one API; made from its specification.

    What takes long to import is behind a function, which imports it when it is first called.
    """

    name: str
    servers: Mapping[str, str]
    """Environment → address."""
    headers: Mapping[str, str]
    """What every request carries."""
    envelope: Envelope
    operation: Callable[[str], Operation[Any] | None]
    """Finds an operation by group and name, as `isolated.place_order`."""
    signers: Callable[[], tuple[type[Signer], ...]]
    key_signer: Callable[[], type[Signer] | None]
    errors: Callable[[], tuple[Mapping[str, ErrorCode], Mapping[int, ErrorCode]]]
    credentials: tuple[str, ...]
    trading: Callable[[], Trading]
    limits: Mapping[str, Limit] = field(default_factory=dict)
    """The rate limits that several operations share, by name."""
    time: TimeSource | None = None
    suspects: frozenset[str] = frozenset()
    """Codes that may mean a wrong clock."""
    streams: Mapping[str, str] = field(default_factory=dict)
    """Environment → address of the streams."""
    other_streams: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Environment → kind of connection → its address, where that is another one."""
    protocol: Callable[[], Any] | None = None
    """Returns the `Protocol` of the streams; Any, so that streams are not imported for its type alone."""
    window: int = 0
    """How far the clocks may be apart, in milliseconds."""
    single_use: str | None = None
    """How paths begin where a signature is accepted once."""
    carriers: Mapping[str, str] = field(default_factory=dict)
    """Where the parameters of each HTTP method usually go, for calls that the specification lacks."""
    empty_body: bool = False
    """Whether a JSON body without members is sent as {}."""
