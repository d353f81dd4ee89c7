# Edited in templates/venues/mock/declared/api.py; the copy in generated/ is imported.
"""The specification as the mock exchange reads it, from `mock.json`: the names are those of the generator's model.

Read with types, so that a declaration that lacks something fails at the start and not in the middle of a test.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from statistics import mode
from typing import Any, Literal

import msgspec

from venues.catalog import declarations
from venues.mock.declared.operations import Candidate, Operation, Struct
from venues.mock.declared.signing import Placement, Scheme
from venues.mock.declared.streams import Streams
from venues.mock.declared.things import Trading, Wallet

Failure = Literal[
    "missing_key",
    "unknown_key",
    "wrong_credential",
    "missing_signature",
    "wrong_signature",
    "missing_time",
    "wrong_time",
    "missing_param",
    "wrong_param",
    "unknown_symbol",
    "unknown_path",
    "too_many",
    "replayed",
    "duplicate_client_id",
    "unknown_order",
    "missing",
    "wrong_key",
    "insufficient_balance",
    "off_tick",
    "off_step",
    "price_too_low",
    "price_too_high",
    "quantity_too_low",
    "quantity_too_high",
    "value_too_low",
    "value_too_high",
    "too_many_orders",
    "no_position",
    "would_take",
    "would_trigger",
    "no_market",
    "wrong_position_side",
]
"""Why a request or a login is refused; the specification has codes for these words."""


class Envelope(msgspec.Struct, frozen=True):
    """The members of an answer that hold its code, its message and its payload."""

    code: str
    message: tuple[str, ...]
    success: tuple[str, ...]
    data: str | None = None
    base: Literal["string", "integer"] = "string"
    time: str | None = None
    example: dict[str, Any] = {}  # JSON


class ErrorCode(msgspec.Struct, frozen=True):
    """An error code, and its meaning."""

    kind: str
    message: str
    http: int = 200
    unknown: bool = False


class Symbols(msgspec.Struct, frozen=True):
    """Which parameters name a symbol, and a pattern of the symbols that exist."""

    params: tuple[str, ...]
    offered: str


class TimeSource(msgspec.Struct, frozen=True):
    """The operation that returns the exchange's time."""

    operation: str
    field: str
    unit: Literal["ms", "s"]


class Market(msgspec.Struct, frozen=True):
    """One of several markets: what can be traded there, and how."""

    instruments: dict[str, dict[str, str]] = {}
    wallets: dict[str, Wallet] = {}
    trading: Trading = Trading()
    failures: dict[str, str] = {}
    """Codes that differ from those of the API."""


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
    """Name of a failure → its code; one that means several things stands before the message that narrows it."""
    wrong_credentials: dict[str, str] = {}
    """Credential beside the key → the code with which a wrong one is refused."""
    single_use: str | None = None
    symbols: Symbols | None = None
    errors: dict[str, ErrorCode] = {}
    enums: dict[str, tuple[str, ...]] = {}
    structs: dict[str, Struct] = {}
    clock: TimeSource | None = None
    instruments: dict[str, dict[str, str]] = {}
    """Symbol → what the examples say of it: `step price`, `min value`; `market` before it where it is for market orders."""
    wallets: dict[str, Wallet] = {}
    trading: Trading = Trading()
    market: str | None = None
    """The parameter whose values are the markets, where there are several."""
    markets: dict[str, Market] = {}
    """Those of them in which can be traded."""
    streams: Streams | None = None

    def in_market(self, name: str) -> Api:
        """Return the API as it is in one of its markets."""
        own = self.markets[name]
        return msgspec.structs.replace(
            self,
            operations=tuple(operation.in_market(name) for operation in self.operations),
            instruments=own.instruments,
            wallets=own.wallets,
            trading=own.trading,
            failures=self.failures | own.failures,
        )

    @cached_property
    def usual_status(self) -> int:
        """The HTTP status that most codes are sent with."""
        # For codes that a test makes up: the most common status is the most realistic one.
        return mode(code.http for code in self.errors.values()) if self.errors else 400

    @cached_property
    def by_name(self) -> dict[str, Operation]:
        """Group and name → operation."""
        return {operation.full_name: operation for operation in self.operations}

    @cached_property
    def _routes(self) -> tuple[tuple[str, re.Pattern[str], Operation], ...]:
        # In the order of the specification: /orders/{id} would also match /orders/open, so the first one counts.
        return tuple((o.method, _pattern(o.path), o) for o in self.operations)

    def find(self, method: str, path: str) -> tuple[Operation, Mapping[str, str]] | None:
        """Return the operation of a method and path, and the values in the path; None if there is none."""
        return next(iter(self.candidates(method, path)), None)

    @cached_property
    def _known(self) -> dict[tuple[str, str], tuple[Candidate, ...]]:
        # Each call asks several times, and most paths hold no values.
        fixed = {(o.method, o.path) for o in self.operations if "{" not in o.path}
        return {route: tuple(self._matching(*route)) for route in fixed}

    def candidates(self, method: str, path: str) -> tuple[Candidate, ...]:
        """Return every operation of a method and path; constants tell those apart that share one."""
        known = self._known.get((method, path))
        return known if known is not None else tuple(self._matching(method, path))

    def _matching(self, method: str, path: str) -> Iterator[Candidate]:
        for at, pattern, operation in self._routes:
            found = pattern.fullmatch(path) if at == method else None
            if found:
                names = re.findall(r"\{(.+?)\}", operation.path)
                yield operation, dict(zip(names, found.groups(), strict=True))


def _pattern(path: str) -> re.Pattern[str]:
    # Split at the placeholders, because what is between them may hold signs with a meaning in patterns.
    parts = re.split(r"\{.+?\}", path)
    return re.compile("([^/]+)".join(map(re.escape, parts)))


_reading = threading.Lock()
"""msgspec (0.22) crashes where two threads use a struct for the first time at once; the runtime has the same guard."""


def load_api(api: str) -> Api:
    """Return the declarations of an API, which are read once in a process, and never changed.

    Raises:
        UnknownApi: if there is none of that name.
    """
    with _reading:
        return _read_api(api)


@cache
def _read_api(api: str) -> Api:
    # A bot's tests make a mock exchange for each test, and reading takes longer than everything else of that.
    return msgspec.json.decode(declarations(api), type=Api)
