"""The kinds of change, each with a stable id and a level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["breaking", "new", "wording"]
LEVELS: tuple[Level, ...] = ("breaking", "new", "wording")
# observed.json, `known` in docs.yaml and scripts that read `--json` have these ids, so they never change.
IDS: dict[str, Level] = {
    "operation-removed": "breaking",
    "operation-moved": "breaking",
    "operation-added": "new",
    "operation-deprecated": "new",
    "channel-removed": "breaking",
    "channel-added": "new",
    "param-removed": "breaking",
    "param-renamed": "breaking",
    "param-became-required": "breaking",
    "param-type-changed": "breaking",
    "param-default-changed": "breaking",  # calls that leave it out mean something else
    "param-range-changed": "breaking",
    "param-became-optional": "new",
    "param-added": "new",
    "param-deprecated": "new",
    "response-field-removed": "breaking",
    "response-field-renamed": "breaking",
    "response-field-type-changed": "breaking",
    "response-field-added": "new",
    "response-field-deprecated": "new",
    "enum-value-removed": "breaking",
    "enum-value-added": "new",
    "enum-value-deprecated": "new",
    "error-code-removed": "new",  # no code breaks: the client still knows the code
    "error-code-added": "new",
    "rule-changed": "breaking",  # a case that needs less is reported as new
    "limit-changed": "breaking",  # a lower one gets a program banned; a higher one is reported as new
    "address-changed": "breaking",
    "unit-changed": "breaking",
    "signing-changed": "breaking",
    "window-changed": "breaking",
    "statement-moved": "wording",  # to another page or under another heading: it says the same as before
    "wording-changed": "wording",
}
APPLICABLE = (
    *(
        "operation-added",
        "operation-removed",
        "operation-moved",
        "operation-deprecated",
        "param-added",
        "param-removed",
    ),
    *("param-renamed", "param-became-required", "param-became-optional", "response-field-added", "enum-value-added"),
    *("enum-value-removed", "error-code-added", "error-code-removed", "limit-changed"),
    *("param-deprecated", "response-field-deprecated", "enum-value-deprecated"),
)
"""What `drift --write` can do to a spec; for the rest a person is needed."""
BUMPS: dict[Level | None, str] = {"breaking": "major", "new": "minor", "wording": "patch", None: "none"}


@dataclass(frozen=True)
class Change:
    """One change: what it is, of what, and where the page has it."""

    id: str
    owner: str
    name: str = ""
    before: str = ""
    after: str = ""
    level: Level = "new"
    file: str = ""
    line: int = 0
    ours: str = ""
    """What the spec had when the change was first reported, where the spec has a word for it."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies the change, even if it moves on the page."""
        return self.id, self.owner, self.name

    @property
    def place(self) -> str:
        """Where the page has it; empty where it is gone."""
        return f"{self.file}:{self.line}" if self.file else ""


def as_entry(change: Change) -> dict[str, str]:
    """Return a change as observed.json keeps it: without its place, which moves."""
    parts = {"id": change.id, "level": change.level, "owner": change.owner, "name": change.name}
    ours = {"ours": change.ours} if change.ours else {}
    return parts | {"before": change.before, "after": change.after} | ours


def from_entry(entry: Mapping[str, str]) -> Change | None:
    """Return the change of an entry; None if its id no longer exists."""
    id = entry.get("id", "")
    level = next((level for level in LEVELS if level == entry.get("level")), IDS.get(id, "new"))
    owner, name, before, after, ours = (entry.get(key, "") for key in ("owner", "name", "before", "after", "ours"))
    return Change(id, owner, name, before, after, level, ours=ours) if id in IDS else None


def bump(changes: list[Change]) -> str:
    """Return which part of the version should grow: major, minor, patch or none."""
    worst = next((level for level in LEVELS if any(change.level == level for change in changes)), None)
    return BUMPS[worst]


def in_order(changes: list[Change]) -> list[Change]:
    """Sort changes: the most severe first, then by owner and name."""
    return sorted(changes, key=lambda c: (LEVELS.index(c.level), c.owner, list(IDS).index(c.id), c.name))
