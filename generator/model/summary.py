"""What is said of an API where all APIs are listed: on the first pages, in the README, after `make check`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from generator.model.documentation import Coverage

if TYPE_CHECKING:  # a run that finds nothing to do reads summaries, and needs no more of the model
    from generator.model.capabilities import Capabilities


@dataclass(frozen=True)
class Entry:
    """An operation or a channel."""

    name: str
    summary: str


@dataclass(frozen=True)
class GroupEntry:
    """A group of operations."""

    name: str
    operations: tuple[Entry, ...]


@dataclass(frozen=True)
class Offer:
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


@dataclass(frozen=True)
class Summary:
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
    channels: tuple[Entry, ...]
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
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Summary:
        """Return the summary that `as_json` was called on."""
        # `asdict` turned the nested dataclasses into dicts, and JSON tuples into lists; both are restored.
        groups = [GroupEntry(group["name"], _entries(group["operations"])) for group in value["groups"]]
        coverage = tuple(Coverage(**figure) for figure in value["coverage"])
        able = {name: tuple(pages) for name, pages in value["capabilities"].items()}
        restored = {
            "products": tuple(value["products"]),
            "groups": tuple(groups),
            "channels": _entries(value["channels"]),
            "coverage": coverage,
            "warnings": tuple(value["warnings"]),
        }
        offers = tuple(Offer(**offer) for offer in value["offers"])
        return cls(**value | restored | {"capabilities": able, "offers": offers})


def _entries(values: list[dict[str, str]]) -> tuple[Entry, ...]:
    return tuple(Entry(**value) for value in values)
