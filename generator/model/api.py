"""One exchange API as a whole."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from msgspec import Struct as Record
from msgspec import field

from generator.model.codes import ErrorCode
from generator.model.documentation import Coverage, Page, Quirk, Revision
from generator.model.limits import Limit
from generator.model.meaning import Meanings
from generator.model.mock_facts import MockFacts
from generator.model.operations import Group, Operation
from generator.model.signing import Signing
from generator.model.streams import Streams
from generator.model.types import Enum, Json, Struct


class Server(Record, frozen=True):
    """One environment."""

    name: str
    rest: str
    stream: str | None
    doc: str | None
    streams: dict[str, str] = field(default_factory=dict)
    """Connection → its address, where that is not `stream`."""

    def stream_of(self, connection: str) -> str | None:
        """Return the address of a kind of connection; none where the environment has no streams."""
        return self.streams.get(connection, self.stream) if self.stream else None


class Envelope(Record, frozen=True):
    """Where an answer has its code, message and payload."""

    code: str
    message: tuple[str, ...]
    data: str | None
    success: tuple[str, ...]
    base: Literal["string", "integer"]
    empty_is_missing: bool
    """Whether "" stands for an optional number, time, boolean or enum value that the exchange does not have."""
    other: dict[str, str]
    time: str | None
    """The member with the time of the answer, in milliseconds."""
    example: dict[str, Json]


class TimeSource(Record, frozen=True):
    """Where the exchange says its time."""

    operation: str
    field: str
    unit: Literal["ms", "s"]


class Symbols(Record, frozen=True):
    """Which parameters name a pair or contract, and what of it the mock exchange offers."""

    params: tuple[str, ...]
    offered: str


class Api(Record, frozen=True, dict=True):
    """One exchange API."""

    name: str
    title: str
    client: str
    summary: str
    products: tuple[str, ...]
    """What is traded."""

    deprecated: str | None
    """Why it should no longer be used; None while it is the current version."""

    servers: tuple[Server, ...]
    headers: dict[str, str]
    user_agent: str | None
    carriers: dict[str, str]
    """HTTP method → where its parameters go, if an operation does not say."""
    empty_body: Literal["none", "object"]
    # Written as `repeat`, `comma` or `json`; a parameter may say otherwise.
    list_form: str
    envelope: Envelope
    unlisted: Literal["unknown", "rejected"]
    """What a code that is not listed says of a call that must happen once."""

    signing: Signing
    clock: TimeSource | None
    limits: tuple[Limit, ...]
    default_limits: dict[str, Limit]
    pages: tuple[Page, ...]
    enums: tuple[Enum, ...]
    structs: tuple[Struct, ...]
    groups: tuple[Group, ...]
    errors: tuple[ErrorCode, ...]
    stream_errors: tuple[ErrorCode, ...]
    http_errors: tuple[ErrorCode, ...]
    coverage: tuple[Coverage, ...]
    quirks: tuple[Quirk, ...]
    history: tuple[Revision, ...]
    """What changed in the documentation, the newest first."""

    streams: Streams | None = None
    symbols: Symbols | None = None
    steps_from: Literal["zero", "minimum"] = "zero"
    """From where multiples of ticks and steps are counted."""

    market: str | None = None
    """The parameter (wire name) whose values are markets of their own, each with its symbols."""

    mock: MockFacts = field(default_factory=MockFacts)

    @cached_property
    def meanings(self) -> Meanings:
        """What its types mean, those of streams included."""
        return Meanings((*self.structs, *(self.streams.structs if self.streams else ())), self.enums)

    @cached_property
    def enums_by_name(self) -> dict[str, Enum]:
        """Its enums by name: printers look for one at each parameter."""
        return {enum.name: enum for enum in self.enums}

    @cached_property
    def structs_by_name(self) -> dict[str, Struct]:
        """Its structs by name, those of pushes aside."""
        return {struct.name: struct for struct in self.structs}

    @property
    def markets(self) -> tuple[str, ...]:
        """The values of the parameter that chooses a market; none where symbols are unique in all of the API."""
        choosing = (p.type.name for o in self.operations for p in o.params if p.wire == self.market)
        enum = next((enum for enum in self.enums if enum.name == next(choosing, None)), None)
        return tuple(str(member.value) for member in enum.members) if enum else ()

    def doing(self, verb: str, *things: str) -> tuple[Operation, ...]:
        """Return the operations that do this to one or several such things, in order."""
        return tuple(o for o in self.operations if any(o.does(verb, thing) for thing in things))

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations, in order."""
        return tuple(operation for group in self.groups for operation in group.operations)

    @cached_property
    def buckets(self) -> dict[str, Limit]:
        """Every bucket by name: shared ones, defaults, and those of single operations."""
        found = {limit.name: limit for limit in self.limits}
        found |= {limit.name: limit for limit in self.default_limits.values()}
        return found | {operation.full_name: operation.limit for operation in self.operations if operation.limit}
