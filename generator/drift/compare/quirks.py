"""What is known to differ: quirks of the spec, and `known` of the profile."""

from __future__ import annotations

import re

from generator.drift.compare.changes import Change
from generator.drift.compare.spec_facts import SpecFacts, owner_of
from generator.drift.facts.profile import Known, Profile
from generator.model.documentation import Quirk
from generator.model.operations import Operation

# As people write it: "is required, though the table says no"; `requir` is in required, requires and requirement.
_MARKS = re.compile(
    r"requir|mandatory|optional|must|need|left out|leave|without|default|null|exactly one|either", re.IGNORECASE
)
_ABOUT = {"param-became-required": _MARKS, "param-became-optional": _MARKS}
"""What a quirk must talk about, besides naming the parameter, to explain a change."""


class Accepted:
    """Decides which differences between documentation and spec are explained."""

    def __init__(self, spec: SpecFacts, profile: Profile) -> None:
        self._spec = spec
        self._profile = profile
        self._operations = {owner_of(operation): operation for operation in spec.api.operations}

    def covers(self, change: Change) -> bool:
        """Whether a quirk where the difference is names what differs, or the profile accepts it."""
        if is_known(self._profile, change):
            return True
        return any(_names(f"{quirk.what} {quirk.why}", change) for quirk in self._quirks(change))

    def _quirks(self, change: Change) -> list[Quirk]:
        api = self._spec.api
        if change.owner in self._operations:
            # Quirks of the whole API mention members in passing, and explain no difference of one operation.
            return self._of_operation(self._operations[change.owner])
        quirks = [*api.quirks, *api.signing.quirks]
        if change.owner.startswith("enum "):
            quirks += self._spec.enums[change.owner[5:]].quirks if change.owner[5:] in self._spec.enums else ()
        if change.owner in ("errors", "stream errors"):
            codes = (*api.errors, *api.stream_errors)
            quirks += [quirk for code in codes if code.code == change.name for quirk in code.quirks]
        return quirks

    def _of_operation(self, operation: Operation) -> list[Quirk]:
        quirks, seen = list(operation.quirks), set[str]()
        todo = [*(operation.returns.names if operation.returns else ())]
        todo += [name for param in operation.params for name in param.type.names]
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self._spec.enums:
                quirks += self._spec.enums[name].quirks
            elif name in self._spec.structs:
                struct = self._spec.structs[name]
                quirks += struct.quirks
                todo += [inner for field in struct.fields for inner in field.type.names]
        return quirks


def _names(words: str, change: Change) -> bool:
    """Whether a quirk names what differs: the member, value or code; for a moved operation, the documented method."""
    if change.id == "operation-moved":
        subjects = [change.after.split(" ", 1)[0]]
    elif change.id == "limit-changed":
        # Every figure: a quirk about another limit usually shares one of them.
        subjects = re.findall(r"\d+", change.after.split("/")[0])
        return bool(subjects) and all(re.search(rf"\b{subject}\b", words) for subject in subjects)
    else:
        subjects = [re.split(r"[.\[]", change.name)[-1] if "." in change.name else change.name]
    about = _ABOUT.get(change.id)
    if about is not None and not about.search(words):
        return False
    # Whole words with hyphens: `id` is not named by `order-id`.
    return any(s and re.search(rf"(?<![\w-]){re.escape(s)}(?![\w-])", words) for s in subjects)


def is_known(profile: Profile, change: Change) -> bool:
    """Whether a person wrote into the profile why the spec does not have a change."""
    return any(_fits(known, change) for known in profile.known)


def _fits(known: Known, change: Change) -> bool:
    return (
        known.change == change.id
        and (known.operation is None or re.fullmatch(known.operation, change.owner) is not None)
        and (known.name is None or re.fullmatch(known.name, change.name) is not None)
    )
