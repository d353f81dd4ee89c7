"""The changes that were reported and are not resolved yet: they stay open, even after `--write`.

A change is closed when the spec has it, when a `known` of the profile names it, or when the page takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from generator.drift.compare.changes import LEVELS, Change
from generator.drift.compare.quirks import is_known
from generator.drift.facts.facts import SECTION, Facts
from generator.drift.facts.profile import Profile

COMPARED = (
    "operation-added",
    "operation-removed",
    "operation-moved",
    "operation-deprecated",
    "enum-value",
    "error-code",
    "param-added",
    "param-removed",
    "param-renamed",
    "param-became",
    "param-deprecated",
    "response-field-added",
    "response-field-removed",
    "response-field-renamed",
    "response-field-deprecated",
    "channel-added",
)
"""Changes that the comparison with the spec finds, too: they are resolved when it no longer reports them."""
REVERSE = {"added": "removed", "removed": "added", "required": "optional", "optional": "required"}
# Kinds of fact whose value in the spec shows that a change was dealt with: it is another one now.
VALUES = {
    "param-type-changed": ("param",),
    "response-field-type-changed": ("field",),
    "limit-changed": ("limit", "weight"),
    "param-default-changed": ("default",),
    "param-range-changed": ("range",),
    "unit-changed": ("param", "field"),
    "rule-changed": ("rule",),
}


def still_open(
    before: Sequence[Change], since: Iterable[Change], spec: Iterable[Change], profile: Profile, ours: Facts
) -> list[Change]:
    """Return the changes that are not resolved yet, the oldest first.

    Args:
        before: Those that were open at the last reading.
        since: What changed since.
        spec: How the documentation differs from the spec now.
        profile: What is known to differ.
        ours: What the spec states.
    """
    differing = dict[tuple[str, str], set[str]]()
    for change in spec:
        differing.setdefault((change.owner, _leaf(change.name)), set()).add(change.id)

    def is_open(change: Change) -> bool:
        return not (_is_done(change, differing, ours) or is_known(profile, change))

    found = {change.key: change for change in before if is_open(change)}
    for change in since:
        # Nobody has to resolve a new wording.
        if change.level != "wording" and is_open(change):
            _add(found, replace(change, ours=_value(change, ours)))
    return list(found.values())


def _add(found: dict[tuple[str, str, str], Change], later: Change) -> None:
    """Add a change to those that are open: it may take one of them back, or go on from it."""
    undone = next((key for key, change in found.items() if _undoes(later, change)), None)
    if undone is not None:
        # Both go: a parameter that came and went again needs no decision.
        del found[undone]
        return
    earlier = found.pop(later.key, None)
    change = _merge(earlier, later) if earlier else later
    if earlier is None or change.before or change.after or not (later.before or later.after):
        found[later.key] = change


def _merge(earlier: Change, later: Change) -> Change:
    """Return two changes of one thing as one, from what was first to what is now; each may be several values."""
    was, between = _values(earlier.before), _values(earlier.after)
    gone, come = _values(later.before), _values(later.after)
    before = [v for v in was if v not in come] + [v for v in gone if v not in between and v not in was]
    after = [v for v in between if v not in gone] + [v for v in come if v not in was and v not in between]
    level = min(earlier.level, later.level, key=LEVELS.index)
    return replace(later, before="|".join(before), after="|".join(after), level=level, ours=earlier.ours)


def _values(text: str) -> list[str]:
    return [value for value in text.split("|") if value]


def _is_done(change: Change, differing: dict[tuple[str, str], set[str]], ours: Facts) -> bool:
    """Whether the spec has a change."""
    if _is_compared(change):
        return not _differs(change, differing)
    value = _value(change, ours)
    # Without the scope, which pages often leave out: `5/1s uid`.
    has_figure = change.id == "limit-changed" and value.split(" ")[0] == change.after.split(" ")[0] != ""
    has_rule = change.id == "rule-changed" and value.partition(" ")[2] == change.after
    return has_figure or has_rule or bool(change.ours and value != change.ours)


def _value(change: Change, ours: Facts) -> str:
    """Return what the spec has for what changed; empty where it has no word for it."""
    kinds = VALUES.get(change.id, ())
    if change.id == "limit-changed":
        return "|".join(
            fact.value for kind in kinds for key, fact in ours.of(kind, change.owner) if kind == change.name
        )
    found = (
        f"{key[2]} {f.value}" for kind in kinds for key, f in ours.of(kind, change.owner) if _is_same(key[2], change)
    )
    return ", ".join(sorted(found))


def _is_same(path: str, change: Change) -> bool:
    return _leaf(path) == _leaf(change.name)


def _is_compared(change: Change) -> bool:
    if change.id.endswith("-deprecated") and not change.after:  # the comparison only knows ends that are announced
        return False
    is_other = change.owner.startswith(("stream ", SECTION)) and change.id != "channel-added"
    return change.id.startswith(COMPARED) and not is_other


def _differs(change: Change, differing: dict[tuple[str, str], set[str]]) -> bool:
    names = {_leaf(change.name), _leaf(change.name.rpartition("=")[2])}
    names |= {_leaf(change.before)} if change.id.endswith("renamed") else set()
    owners = {change.owner, change.before, change.after}
    opposite = _reverse(change)
    for (owner, name), ids in differing.items():
        # The spec chooses the names of enums, so owners cannot be compared.
        fits = owner.startswith("enum ") if change.id.startswith("enum-value") else owner in owners
        if fits and name in names and ids - {opposite}:
            return True
    return False


def _reverse(change: Change) -> str:
    subject, _, verb = change.id.rpartition("-")
    return f"{subject}-{REVERSE.get(verb)}"


def _undoes(later: Change, change: Change) -> bool:
    """Whether a change takes an earlier one back."""
    if (later.owner, later.name) != (change.owner, change.name):
        return False
    if later.id == change.id:
        # Changes without a before and after, such as additions, are undone by their reverse below.
        return bool(later.before or later.after) and (later.before, later.after) == (change.after, change.before)
    return later.id == _reverse(change)


def _leaf(path: str) -> str:
    return path.rsplit(".", 1)[-1].removesuffix("[]")
