"""Limits of an API, and what a call takes from them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct as Record

from generator.model.types import Condition


class Limit(Record, frozen=True):
    """A bucket."""

    name: str
    unit: Literal["calls", "weight"]
    amount: int
    per_ms: int
    # As the spec writes it, for people; `per_ms` is the same for programs.
    per: str
    by: Literal["ip", "uid", "key"]
    header: str | None = None
    doc: str | None = None
    left: str | None = None
    """The response header that reports how much is left."""


class Case(Record, frozen=True):
    """What a call costs under some conditions."""

    amount: int
    when: tuple[Condition, ...] = ()
    per: str | None = None
    """The list (wire name) of which each member costs so much."""

    most: int | None = None


class Cost(Record, frozen=True):
    """What a call takes from a bucket: the first case that fits."""

    bucket: str
    cases: tuple[Case, ...]

    @property
    def charging(self) -> tuple[Case, ...]:
        """The cases without a last one that costs nothing: to readers, silence says the same."""
        *most, last = self.cases
        return tuple(most) if most and not last.when and not last.amount else self.cases
