"""What the specification declares, as the mock exchange reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from statistics import mode
from typing import Any, Literal

import msgspec

from venues.catalog import declarations
from venues.mock.declared.streams import StreamRules

Paths = tuple[tuple[str | int, ...], ...]


class Type(msgspec.Struct, frozen=True):
    """A type of the specification language."""

    kind: str
    name: str = ""
    item: Type | None = None


class Param(msgspec.Struct, frozen=True):
    """A parameter, or a member of an object that is sent."""

    wire: str
    type: Type
    place: Literal["query", "body", "path", "header"]
    write: Literal["text", "number", "json", "comma", "repeat"]
    required: bool = False
    default: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    values: tuple[str, ...] = ()


class Condition(msgspec.Struct, frozen=True):
    """Something about one parameter: its values, its presence or its range."""

    wire: str
    values: tuple[str, ...] = ()
    present: bool | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None


class Rule(msgspec.Struct, frozen=True):
    """A rule about several parameters."""

    kind: Literal["require", "forbid", "one_of", "at_least_one_of", "at_most_one_of", "window"]
    wires: tuple[str, ...]
    when: tuple[Condition, ...] = ()
    within_ms: int = 0
    under: bool = False


class Members(msgspec.Struct, frozen=True):
    """An object that is sent."""

    params: tuple[Param, ...] = ()
    rules: tuple[Rule, ...] = ()


class Spots(msgspec.Struct, frozen=True):
    """Where something may be put into the example answer."""

    enums: Paths = ()
    blanks: Paths = ()
    client_id: Paths = ()


class Find(msgspec.Struct, frozen=True):
    """How an operation's answer finds what another one made."""

    operation: str
    param: str | None = None
    """The parameter that holds the id; a list that takes none shows what was made last."""
    client_id: Paths = ()
    made: Paths = ()
    """Where it says when the thing came to be, in milliseconds."""
    echoes: tuple[tuple[str, tuple[str | int, ...]], ...] = ()
    """Parameters of the call that made it, and where its answer repeats them."""
    lists: Paths = ()
    absent: tuple[str, ...] = ()


class Operation(msgspec.Struct, frozen=True):
    """One HTTP call."""

    group: str
    name: str
    method: str
    path: str
    auth: Literal["none", "key", "signed"]
    effect: Literal["read", "repeatable", "once"]
    carrier: Literal["query", "json", "form"]
    response: str
    """The whole body that is answered, as JSON text."""
    summary: str = ""
    payload: Literal["data", "body"] = "data"
    schemes: tuple[str, ...] = ()
    client_id: str | None = None
    errors: tuple[str, ...] = ()
    params: tuple[Param, ...] = ()
    rules: tuple[Rule, ...] = ()
    places: Spots = Spots()
    finds: tuple[Find, ...] = ()
    shows: tuple[Find, ...] = ()

    @property
    def full_name(self) -> str:
        """Group and name."""
        return f"{self.group}.{self.name}"


class Placement(msgspec.Struct, frozen=True):
    """Where a value of the signing rule goes."""

    place: Literal["header", "query", "param"]
    name: str
    value: str
    prefix: str = ""


class Printing(msgspec.Struct, frozen=True):
    """How all parameters are printed for signing."""

    sorted: bool = False
    percent: bool = False
    drop_empty: bool = False
    sort_inner: bool = False


class Scheme(msgspec.Struct, frozen=True):
    """One way to sign."""

    name: str
    credentials: tuple[str, ...]
    time: Literal["ms", "s"] = "ms"
    place: tuple[Placement, ...] = ()
    params: Printing = Printing()
    payload: tuple[str, ...] = ()
    algorithm: str | None = None
    secret: str = ""
    encoding: str = ""
    signature: Placement | None = None


class Envelope(msgspec.Struct, frozen=True):
    """Where an answer has its code, message and payload."""

    code: str
    message: tuple[str, ...]
    success: tuple[str, ...]
    data: str | None = None
    base: Literal["string", "integer"] = "string"
    example: dict[str, Any] = {}  # JSON


class Code(msgspec.Struct, frozen=True):
    """What a code means."""

    kind: str
    message: str
    http: int = 200
    unknown: bool = False


class Offer(msgspec.Struct, frozen=True):
    """Which parameters name a pair or contract, and a pattern of those that are offered."""

    params: tuple[str, ...]
    offered: str


class Clock(msgspec.Struct, frozen=True):
    """Where the exchange tells its time."""

    operation: str
    field: str
    unit: Literal["ms", "s"]


class Api(msgspec.Struct, frozen=True, dict=True):
    """One exchange API."""

    name: str
    title: str
    envelope: Envelope
    operations: tuple[Operation, ...]
    credentials: dict[str, str] = {}
    window_ms: int | None = None
    ahead_ms: int | None = None
    window_param: str | None = None
    key: tuple[Placement, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    failures: dict[str, str] = {}
    single_use: str | None = None
    symbols: Offer | None = None
    errors: dict[str, Code] = {}
    enums: dict[str, tuple[str, ...]] = {}
    structs: dict[str, Members] = {}
    clock: Clock | None = None
    streams: StreamRules | None = None

    @cached_property
    def usual_status(self) -> int:
        """The HTTP status that most codes come with."""
        return mode(code.http for code in self.errors.values()) if self.errors else 400

    @cached_property
    def by_name(self) -> dict[str, Operation]:
        """Group and name → operation."""
        return {operation.full_name: operation for operation in self.operations}

    @cached_property
    def _routes(self) -> tuple[tuple[str, re.Pattern[str], Operation], ...]:
        return tuple((o.method, _pattern(o.path), o) for o in self.operations)

    def find(self, method: str, path: str) -> tuple[Operation, Mapping[str, str]] | None:
        """Return the operation at a path, and the values in the path; None if there is none."""
        for at, pattern, operation in self._routes:
            found = pattern.fullmatch(path) if at == method else None
            if found:
                names = re.findall(r"\{(.+?)\}", operation.path)
                return operation, dict(zip(names, found.groups(), strict=True))
        return None


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{.+?\}", path)
    return re.compile("([^/]+)".join(map(re.escape, parts)))


def declared(api: str) -> Api:
    """Read an API's declarations.

    Raises:
        UnknownApi: if there is none of that name.
    """
    return msgspec.json.decode(declarations(api), type=Api)
