"""How to learn the outcome of a call, and what an answer must agree with."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct as Record

from generator.model.types import Type

Ids = Literal["exact", "lower", "upper"]


class Lookup(Record, frozen=True):
    """How to learn the outcome of a call."""

    operation: str
    params: tuple[tuple[str, str], ...]
    """Its parameters and what fills them: a parameter of the lost call, `$sent`, or `list.member` of a batch."""

    absent: tuple[str, ...] = ()
    client_id: str | None = None
    """The member (Python name) of what is found that holds the caller's id."""

    made: str | None = None
    """The member that says when it came to be."""

    agrees: tuple[tuple[str, str], ...] = ()
    """Parameters of the lost call (wire, in a batch Python names), and the members that must say the same."""

    found: Type | None = None
    """The type of what is found."""


class Batch(Record, frozen=True):
    """Where a call that makes several things has the caller's ids."""

    wire: str
    """The parameter that holds the list."""
    member: str
    """The member of an item that holds its id, by wire name."""
    name: str
    """The same by Python name."""


class Echo(Record, frozen=True):
    """A member of an answer that must agree with a parameter."""

    param: str
    path: tuple[str, ...]
    """Wire names, from the payload inward."""

    ids: Ids = "exact"
    """In which case the exchange writes it back."""

    prefix: str = ""
    """What the exchange puts before it."""
