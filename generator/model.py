"""What the specs say, decided: every later step reads these values and nothing else.

Wire names are the exchange's, names are ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from generator.streams_model import Streams

Scalar = str | int | Decimal | bool
Json = object
"""str, int, Decimal, bool, None, list or dict: JSON with exact numbers."""

Auth = Literal["none", "key", "signed"]
Effect = Literal["read", "repeatable", "once"]
Place = Literal["query", "body", "path", "header"]
Carrier = Literal["query", "json", "form"]


@dataclass(frozen=True)
class Quirk:
    """An oddity and why the spec takes the side that it takes."""

    what: str
    why: str
    seen: str | None = None


@dataclass(frozen=True)
class Type:
    """A type of the spec language, and how it reads in every language we print."""

    kind: str
    """string, integer, …, enum, struct, list or map."""

    spec: str
    """As the spec has it: `list[Order]`."""

    annotation: str
    """As a Python annotation of an answer: `list[Order]`."""

    argument: str
    """As a Python annotation of an argument: `Sequence[Number]`."""

    expression: str
    """As the runtime's description of an argument: `ListOf("decimal")`."""

    names: tuple[str, ...] = ()
    """Enums and structs in it."""

    name: str = ""
    """The enum or struct, if it is one."""

    item: Type | None = None
    """The members' type of a list or map."""


@dataclass(frozen=True)
class Member:
    """One value of an enum."""

    name: str
    value: str | int
    doc: str


@dataclass(frozen=True)
class Enum:
    """A set of known values."""

    name: str
    doc: str
    base: Literal["string", "integer"]
    members: tuple[Member, ...]
    quirks: tuple[Quirk, ...] = ()


@dataclass(frozen=True)
class Param:
    """A request parameter, or a member of a struct that is sent."""

    wire: str
    name: str
    type: Type
    doc: str
    required: bool
    place: Place
    elsewhere: bool
    """Whether the spec sends it somewhere else than the others of its operation."""

    write: str
    """How the runtime prints it: text, number, json, comma or repeat."""

    unit: str | None = None
    default: Scalar | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    values: tuple[Scalar, ...] = ()
    example: Json = None
    secret: bool = False
    """Whether it must not be shown."""

    common: bool = False
    """Whether all signed operations have it."""

    @property
    def annotation(self) -> str:
        """As the annotation of a keyword argument."""
        return self.type.argument if self.required else f"{self.type.argument} | None"

    @property
    def initial(self) -> str:
        """The default of the keyword argument, with its equals sign."""
        return "" if self.required else " = None"


@dataclass(frozen=True)
class Field:
    """A member of an answer."""

    wire: str
    name: str
    type: Type
    doc: str
    optional: bool
    text: bool
    """Whether a number or boolean arrives inside a string."""

    unit: str | None = None
    example: Json = None
    flat: bool = False
    """Whether the members of its members follow one another in one list."""

    secret: bool = False
    """Whether it must not be shown."""


@dataclass(frozen=True)
class Condition:
    """Something about another parameter; `values`, `present` or a range."""

    wire: str
    values: tuple[Scalar, ...] = ()
    present: bool | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True)
class Rule:
    """A rule about several parameters."""

    kind: Literal["require", "forbid", "one_of", "at_least_one_of", "at_most_one_of", "window"]
    wires: tuple[str, ...]
    when: tuple[Condition, ...] = ()
    within_ms: int | None = None
    under: bool = False
    """Whether the times of a window must be less than that apart."""
    why: str | None = None


@dataclass(frozen=True)
class Struct:
    """An object with known members."""

    name: str
    doc: str
    array: bool
    fields: tuple[Field, ...]
    params: tuple[Param, ...] = ()
    """The same members, as they are sent."""

    rules: tuple[Rule, ...] = ()
    quirks: tuple[Quirk, ...] = ()
    sent: bool = False
    """Whether it is part of a request."""

    received: bool = True
    """Whether it is part of an answer."""


@dataclass(frozen=True)
class Limit:
    """A bucket."""

    name: str
    unit: Literal["calls", "weight"]
    amount: int
    per_ms: int
    per: str
    by: Literal["ip", "uid", "key"]
    header: str | None = None
    doc: str | None = None


@dataclass(frozen=True)
class Case:
    """What a call costs under some conditions."""

    amount: int
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Cost:
    """What a call takes from a bucket: the first case that fits."""

    bucket: str
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class ErrorCode:
    """What a code means."""

    code: str
    kind: str
    message: str
    unknown: bool
    """Whether it leaves open if the request was executed."""

    http: int
    quirks: tuple[Quirk, ...] = ()


@dataclass(frozen=True)
class Lookup:
    """How to find out what became of a call."""

    operation: str
    params: tuple[tuple[str, str], ...]
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A page of the exchange's documentation."""

    name: str
    url: str
    read: str
    title: str | None = None


@dataclass(frozen=True)
class Operation:
    """One HTTP call."""

    group: str
    name: str
    constant: str
    summary: str
    doc: str | None
    method: str
    path: str
    auth: Auth
    schemes: tuple[str, ...]
    permission: str | None
    effect: Effect
    client_id: str | None
    lookups: tuple[Lookup, ...]
    conclusive: bool
    """Whether a thing that no lookup finds was certainly not made."""

    limit: Limit | None
    costs: tuple[Cost, ...]
    carrier: Carrier
    params: tuple[Param, ...]
    rules: tuple[Rule, ...]
    returns: Type | None
    payload: Literal["data", "body"]
    unwrap: str | None
    single: bool
    lax: bool
    """Whether numbers of the answer arrive inside strings."""

    errors: tuple[ErrorCode, ...]
    example: dict[str, Json]
    response: Json
    """The whole body that the exchange would answer."""

    quirks: tuple[Quirk, ...]
    deprecated: str | None
    page: Page
    heading: str

    @property
    def full_name(self) -> str:
        """Group and name: isolated.place_order."""
        return f"{self.group}.{self.name}"

    @property
    def annotation(self) -> str:
        """The annotation of what the method returns."""
        return self.returns.annotation if self.returns else "None"


@dataclass(frozen=True)
class Group:
    """The operations behind one attribute of the client."""

    name: str
    class_name: str
    doc: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Server:
    """One environment."""

    name: str
    rest: str
    stream: str | None
    doc: str | None


@dataclass(frozen=True)
class Placement:
    """Where a value goes."""

    place: Literal["header", "query", "param"]
    name: str
    value: str
    prefix: str = ""


@dataclass(frozen=True)
class Credential:
    """One argument of the constructor."""

    name: str
    doc: str
    example: str
    variable: str
    """The environment variable that from_env() reads."""


@dataclass(frozen=True)
class Vector:
    """A worked example of a signing rule."""

    name: str
    origin: str
    note: str | None
    credentials: dict[str, str]
    time: int
    method: str
    path: str
    query: dict[str, Json]
    json: dict[str, Json] | None
    form: dict[str, Json] | None
    text: str
    signature: str | None
    url: str | None
    headers: dict[str, str]
    body: str | None


@dataclass(frozen=True)
class Scheme:
    """One way to sign."""

    name: str
    class_name: str
    doc: str
    credentials: tuple[str, ...]
    time: Literal["ms", "s"]
    place: tuple[Placement, ...]
    query_sorted: bool
    params_sorted: bool
    params_percent: bool
    params_drop_empty: bool
    params_sort_inner: bool
    payload: tuple[str, ...]
    algorithm: str | None
    secret: str | None
    encoding: str | None
    signature: Placement | None
    vectors: tuple[Vector, ...]
    quirks: tuple[Quirk, ...]


@dataclass(frozen=True)
class Signing:
    """Who may call, and how a request proves it."""

    credentials: tuple[Credential, ...] = ()
    window_ms: int | None = None
    ahead_ms: int | None = None
    window_param: str | None = None
    suspects: tuple[str, ...] = ()
    """Codes of rejections that may be due to a wrong clock."""

    key: tuple[Placement, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    failures: dict[str, str] = field(default_factory=dict)
    single_use: str | None = None
    """How paths begin where a signature is accepted once."""

    quirks: tuple[Quirk, ...] = ()


@dataclass(frozen=True)
class Envelope:
    """Where an answer has its code, message and payload."""

    code: str
    message: tuple[str, ...]
    data: str | None
    success: tuple[str, ...]
    base: Literal["string", "integer"]
    other: dict[str, str]
    example: dict[str, Json]


@dataclass(frozen=True)
class Clock:
    """Where the exchange tells its time."""

    operation: str
    field: str
    unit: Literal["ms", "s"]


@dataclass(frozen=True)
class Symbols:
    """Which parameters name a pair or contract, and what of it the mock exchange offers."""

    params: tuple[str, ...]
    offered: str


@dataclass(frozen=True)
class Coverage:
    """How much of what is documented the spec has."""

    what: str
    documented: int
    covered: int
    why: str = ""
    """Why the two differ."""


@dataclass(frozen=True)
class Change:
    """One change of the exchange's documentation."""

    change: str
    """Its id: param-added …"""

    level: Literal["breaking", "new", "wording"]
    owner: str
    """The operation (`GET /path`), channel, enum or list of codes."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Revision:
    """What had changed on the day on which the documentation was read."""

    seen: str
    note: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Api:
    """One exchange API."""

    name: str
    title: str
    client: str
    summary: str
    servers: tuple[Server, ...]
    headers: dict[str, str]
    user_agent: str | None
    empty_body: Literal["none", "object"]
    list_form: str
    envelope: Envelope
    signing: Signing
    clock: Clock | None
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

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All operations, in order."""
        return tuple(operation for group in self.groups for operation in group.operations)
