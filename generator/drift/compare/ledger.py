"""The changes that were reported and are not resolved yet: they stay open, even after `--write`.

A change is closed when the spec has it, when a `known` of the profile names it, or when the page takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from generator.drift.compare.changes import Change
from generator.drift.compare.quirks import is_known
from generator.drift.facts.facts import SECTION
from generator.drift.facts.profile import Profile

COMPARED = (
    "operation-added",
    "operation-removed",
    "operation-moved",
    "enum-value",
    "error-code",
    "param-added",
    "param-removed",
    "param-renamed",
    "param-became",
    "response-field-added",
    "response-field-removed",
    "channel",
)
"""Changes that the comparison with the spec finds, too: they are resolved when it no longer reports them."""
REVERSE = {"added": "removed", "removed": "added", "required": "optional", "optional": "required"}


def still_open(
    before: Sequence[Change], since: Iterable[Change], spec: Iterable[Change], profile: Profile
) -> list[Change]:
    """Return the changes that are not resolved yet, the oldest first.

    Args:
        before: Those that were open at the last reading.
        since: What changed since.
        spec: How the documentation differs from the spec now.
        profile: What is known to differ.
    """
    # Nobody has to resolve a new wording.
    come = [change for change in since if change.level != "wording"]
    # Both go: a parameter that came and went again needs no decision.
    undone = {change.key for change in before for later in come if _undoes(later, change)}
    back = {later.key for change in before for later in come if _undoes(later, change)}
    differing = {(change.owner, _leaf(change.name)) for change in spec}
    found = dict[tuple[str, str, str], Change]()
    for change in [*(c for c in before if c.key not in undone), *(c for c in come if c.key not in back)]:
        done = _is_compared(change) and not _differs(change, differing)
        if not done and not is_known(profile, change):
            found[change.key] = change
    return list(found.values())


def _is_compared(change: Change) -> bool:
    return change.id.startswith(COMPARED) and not change.owner.startswith(("stream ", SECTION))


def _differs(change: Change, differing: set[tuple[str, str]]) -> bool:
    names = {_leaf(change.name), _leaf(change.name.rpartition("=")[2])}
    owners = {change.owner, change.before, change.after}
    if change.id.startswith("enum-value"):
        # The spec chooses the names of enums, so owners cannot be compared.
        return any(name in names for owner, name in differing if owner.startswith("enum "))
    return any(owner in owners and name in names for owner, name in differing)


def _undoes(later: Change, change: Change) -> bool:
    """Whether a change takes an earlier one back."""
    if (later.owner, later.name) != (change.owner, change.name):
        return False
    if later.id == change.id:
        # Changes without a before and after, such as additions, are undone by their reverse below.
        return bool(later.before or later.after) and (later.before, later.after) == (change.after, change.before)
    subject, _, verb = change.id.rpartition("-")
    return later.id == f"{subject}-{REVERSE.get(verb)}"


def _leaf(path: str) -> str:
    return path.rsplit(".", 1)[-1].removesuffix("[]")
