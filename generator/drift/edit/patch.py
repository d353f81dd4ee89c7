"""Edits specs to match the documentation: adds, and updates figures; deletes only what `--also` names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from generator.drift.compare.changes import Change
from generator.drift.compare.report import described
from generator.drift.edit.files import SpecFiles
from generator.drift.edit.members import Members
from generator.drift.edit.operations import NewOperation
from generator.drift.edit.shapes import TODO, deprecation_text, enum_member_name
from generator.drift.edit.yaml_edit import flow, text_node
from generator.drift.facts.facts import Facts
from generator.drift.facts.profile import Profile
from generator.model.api import Api

# Applied without being asked: a wrong addition is visible as a TODO, a wrong deletion is not visible at all.
SAFE = frozenset(
    [
        "operation-added",
        "operation-deprecated",
        "param-added",
        "param-deprecated",
        "response-field-added",
        "response-field-deprecated",
        "enum-value-added",
        "enum-value-deprecated",
        "error-code-added",
        "limit-changed",
    ]
)
Step = Callable[[Change], bool]


class Patch:
    """The edits of the files of one API."""

    def __init__(self, files: SpecFiles, api: Api, facts: Facts, profile: Profile, also: tuple[str, ...]) -> None:
        self.files = files
        self.api = api
        self._facts = facts
        self._also = frozenset(also)
        self._members = Members(self.files, api, facts)
        self._new = NewOperation(self.files, api, facts, profile)
        self.left: list[str] = []
        """What a person must decide."""
        self._steps: dict[str, Step] = {
            "operation-added": self._new.add,
            "operation-removed": self._remove_operation,
            "operation-moved": self._move_operation,
            "operation-deprecated": self._deprecate,
            "param-added": self._members.add_param,
            "param-deprecated": self._members.deprecate_param,
            "param-removed": self._members.remove_param,
            "param-renamed": self._members.rename_param,
            "param-became-required": self._members.mark_param,
            "param-became-optional": self._members.mark_param,
            "response-field-added": self._members.add_field,
            "response-field-deprecated": self._members.deprecate_field,
            "enum-value-added": self._add_value,
            "enum-value-deprecated": self._deprecate_value,
            "enum-value-removed": self._remove_value,
            "error-code-added": self._add_code,
            "error-code-removed": self._remove_code,
            "limit-changed": self._limit,
        }

    def texts(self, changes: list[Change]) -> dict[str, str]:
        """Return the files that change, with their new texts."""
        self.apply(changes)
        return self.files.changed()

    def apply(self, changes: list[Change]) -> None:
        """Edit the files that `files` holds; nothing is printed."""
        for change in changes:
            wanted = change.id in SAFE or change.id in self._also
            step = self._steps.get(change.id)
            if not wanted or step is None or not step(change):
                hint = f"; --also {change.id} applies it" if step and change.id not in SAFE | self._also else ""
                self.left.append(f"{change.owner}: {described(change)}{hint}")

    def _remove_operation(self, change: Change) -> bool:
        found = self.files.operation(change.owner)
        if found is None:
            return False
        self.files.editor(found[0]).doc["operations"].remove(found[1])
        return True

    def _move_operation(self, change: Change) -> bool:
        found = self.files.operation(change.before)
        if found is not None:
            found[1]["request"] = change.after
        return found is not None

    def _deprecate(self, change: Change) -> bool:
        found = self.files.operation(change.owner)
        if found is None:
            return False
        entry = found[1]
        entry.insert(list(entry).index("source"), "deprecated", text_node(deprecation_text(change.after)))
        return True

    def _enum(self, owner: str) -> Any:  # Any: YAML
        enums = self.files.editor("types.yaml").doc.get("enums") or {}
        return enums.get(owner.removeprefix("enum "))

    def _add_value(self, change: Change) -> bool:
        enum = self._enum(change.owner)
        if enum is None:
            return False
        whole = enum.get("base") == "integer"
        if whole and not re.fullmatch(r"-?\d+", change.name):
            return False
        value: object = int(change.name) if whole else change.name
        if any(member["value"] == value for member in enum["members"]):
            return True  # several lists may have it
        name = _free(enum_member_name(change.name), {member["name"] for member in enum["members"]})
        enum["members"].append(flow({"name": name, "value": value, "doc": f"{TODO}say what this value means."}))
        return True

    def _remove_value(self, change: Change) -> bool:
        enum = self._enum(change.owner)
        return enum is not None and _remove_first(enum["members"], lambda member: str(member["value"]) == change.name)

    def _deprecate_value(self, change: Change) -> bool:
        enum = self._enum(change.owner)
        for member in enum["members"] if enum is not None else ():
            if str(member["value"]) == change.name:
                member.setdefault("deprecated", text_node(deprecation_text(change.after)))
                return True
        return False

    def _codes(self, owner: str) -> Any:  # Any: YAML
        doc = self.files.editor("errors.yaml").doc
        return doc.setdefault("stream_codes" if owner == "stream errors" else "codes", [])

    def _add_code(self, change: Change) -> bool:
        codes = self._codes(change.owner)
        whole = bool(codes) and isinstance(codes[0]["code"], int)
        code: object = int(change.name) if whole else change.name
        named = f" (`{change.after}`)" if change.after else ""
        entry = flow({"code": code, "kind": "UnknownError", "message": f"{TODO}say what this code{named} means."})
        codes.insert(_place(codes, change.name), entry)
        return True

    def _remove_code(self, change: Change) -> bool:
        return _remove_first(self._codes(change.owner), lambda entry: str(entry["code"]) == change.name)

    def _limit(self, change: Change) -> bool:
        found = self.files.operation(change.owner)
        if found is None:
            return False
        if change.name == "limit":
            return _set_limit(found[1].get("limit"), change.after)
        cost = found[1].get("cost")
        # A cost that depends on parameters cannot be taken from one figure.
        if not cost or len(cost) != 1 or not change.after.isdigit() or not isinstance(next(iter(cost.values())), int):
            return False
        cost[next(iter(cost))] = int(change.after)
        return True


def _set_limit(limit: Any, figures: str) -> bool:  # Any: YAML
    match = re.fullmatch(r"(\d+)/(\d+(?:ms|[smhd]))(?: (ip|uid|key))?", figures)
    if match is None or limit is None or "calls" not in limit:
        return False
    limit["calls"], limit["per"] = int(match.group(1)), match.group(2)
    if match.group(3):
        limit["by"] = match.group(3)
    return True


def _remove_first(entries: Any, gone: Callable[[Any], bool]) -> bool:  # Any: YAML
    for entry in list(entries):
        if gone(entry):
            entries.remove(entry)
            return True
    return False


def _place(codes: Any, code: str) -> int:  # Any: YAML
    """Return the index for a code: in order if the list is in order, else at the end."""
    known = list(_numbers(codes))
    ascending, descending = known == sorted(known), known == sorted(known, reverse=True)
    if not code.lstrip("-").isdigit() or not (ascending or descending) or len(known) != len(codes):
        return len(codes)
    number = int(code)
    return sum(1 for other in known if (other < number if ascending else other > number))


def _numbers(codes: Any) -> Iterator[int]:  # Any: YAML
    return (int(str(entry["code"])) for entry in codes if re.fullmatch(r"-?\d+", str(entry["code"])))


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_2"
    return name
