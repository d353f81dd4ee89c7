"""What is said of an API where all APIs are listed: on the first pages, in the README, after `make check`."""

from __future__ import annotations

from typing import Any, cast

from msgspec import Struct as Record
from msgspec import convert, to_builtins

from generator.model.documentation import Coverage

Capabilities = dict[str, tuple[str, ...]]
"""Capability → the pages of what has it: group/operation, or streams/channel."""


class GroupEntry(Record, frozen=True):
    """A group of operations, by name."""

    name: str
    operations: tuple[str, ...]


class Offer(Record, frozen=True):
    """What a call offers, in the words of the pages that compare APIs."""

    page: str
    """Its page: group/operation."""

    plain: bool
    """Whether it does one thing, in the usual way: it is no replacement, and no conditional order only."""

    facts: dict[str, str]
    params: dict[str, str]
    """Meaning → the parameters that have it."""

    fields: dict[str, str]
    """Meaning → the members of what is returned that have it."""


class Summary(Record, frozen=True):
    """One API in short."""

    name: str
    title: str
    client: str
    summary: str
    products: tuple[str, ...]
    deprecated: str | None
    """Why it should no longer be used; None while it is the current version."""

    read: str
    """The day on which the first of its pages was read; the others were read since."""

    codes: int
    """How many error codes are known."""

    signs: bool
    """Whether requests are signed, so that there are steps to show."""

    groups: tuple[GroupEntry, ...]
    channels: tuple[str, ...]
    coverage: tuple[Coverage, ...]
    capabilities: Capabilities
    """What can be done with it, and by what."""

    offers: tuple[Offer, ...] = ()
    """What its calls offer that are compared with those of other APIs."""

    warnings: tuple[str, ...] = ()
    """What its author should look at, with file and line; each run prints it."""

    @property
    def operations(self) -> int:
        """How many operations it has."""
        return sum(len(group.operations) for group in self.groups)

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` reads: summaries are kept in the cache, and come from other processes."""
        return cast("dict[str, Any]", to_builtins(self))

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Summary:
        """Return the summary that `as_json` was called on."""
        return convert(value, cls)
