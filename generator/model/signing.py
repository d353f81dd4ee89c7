"""Who may call, and how a request proves it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from generator.model.documentation import Quirk
from generator.model.types import Json


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
    # Rules sign empty values or skip them; a difference in one parameter changes the whole signature.
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
    # Only the mock exchange uses these codes: clients decide by the kind of a code, not by its cause.
    failures: dict[str, str] = field(default_factory=dict)
    # A passphrase beside the key, for instance, has a code of its own; the API key has one in `failures`.
    wrong_credentials: dict[str, str] = field(default_factory=dict)
    """Credential → the code of a request where it is wrong."""

    single_use: str | None = None
    """How paths begin where a signature is accepted once."""

    quirks: tuple[Quirk, ...] = ()
