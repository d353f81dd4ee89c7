"""What changed from one version of a model to the next, by the names that Python code uses."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.types import Member, Param, Type

DEPRECATED = "is deprecated"


@dataclass
class OperationChange:
    """What changed in an operation, for code that calls it."""

    gone: bool = False
    other: list[str] = field(default_factory=list)
    """Changes that affect every call."""

    params: dict[str, str] = field(default_factory=dict)
    """Parameter → the change for calls that pass it."""

    needed: dict[str, str] = field(default_factory=dict)
    """Parameter → the change for calls that do not pass it."""

    values: dict[str, set[str]] = field(default_factory=dict)
    """Parameter → values that are no longer valid."""

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.gone or self.other or self.params or self.needed or self.values)


@dataclass
class Changed:
    """The changes of one API."""

    client: str = ""
    gone: bool = False
    groups: dict[str, dict[str, Operation]] = field(default_factory=dict)
    """Group → operation, as it was; all of them, because the types of responses are followed."""

    operations: dict[str, OperationChange] = field(default_factory=dict)
    """isolated.place_order → change."""

    members: dict[str, dict[str, str]] = field(default_factory=dict)
    """Enum → member → the change."""

    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    """Struct → field → the change."""

    types: dict[str, dict[str, Type]] = field(default_factory=dict)
    """Struct → field → its type, as it was."""

    @property
    def client_classes(self) -> tuple[str, str]:
        """The classes of its clients, sync and async."""
        return self.client, f"Async{self.client}"

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.gone or self.operations or self.members or self.fields)


def changes_of(before: Api, now: Api | None) -> Changed:
    """Return what changed in an API; `now` is None if it was removed."""
    changed = Changed(before.client, now is None)
    changed.groups = {group.name: {o.name: o for o in group.operations} for group in before.groups}
    changed.types = {struct.name: {f.name: f.type for f in struct.fields} for struct in before.structs}
    if now is None:
        return changed
    later = {operation.full_name: operation for operation in now.operations}
    gone_values = _enums(before, now, changed)
    _structs(before, now, changed)
    for operation in before.operations:
        change = _operation(operation, later.get(operation.full_name), gone_values)
        if change.any:
            changed.operations[operation.full_name] = change
    return changed


def _operation(old: Operation, new: Operation | None, gone_values: dict[str, set[str]]) -> OperationChange:
    change = OperationChange(new is None)
    if new is None:
        return change
    if (old.method, old.path) != (new.method, new.path):
        change.other.append(f"sends {new.method} {new.path}, no longer {old.method} {old.path}")
    if _spec(old.returns) != _spec(new.returns):
        change.other.append(f"returns {_spec(new.returns)}, no longer {_spec(old.returns)}")
    if new.deprecated and not old.deprecated:
        change.other.append(f"is deprecated: {new.deprecated}")
    params, later = {p.name: p for p in old.params}, {p.name: p for p in new.params}
    for name, param in params.items():
        _param(change, name, param, later.get(name), gone_values)
    for name, param in later.items():
        # Only required ones: code that does not know an optional parameter still works.
        if name not in params and param.required:
            change.needed[name] = "is new and required"
    return change


def _param(change: OperationChange, name: str, old: Param, new: Param | None, gone_values: dict[str, set[str]]) -> None:
    if new is None:
        change.params[name] = "is gone"
        return
    if old.type.spec != new.type.spec:
        change.params[name] = f"is {new.type.spec}, no longer {old.type.spec}"
    elif new.is_deprecated and not old.is_deprecated:
        change.params[name] = DEPRECATED
    if new.required and not old.required:
        change.needed[name] = "is required now"
    if old.type.kind == "enum" and old.type.name in gone_values:
        change.values[name] = gone_values[old.type.name]


def _spec(typed: Type | None) -> str:
    return typed.spec if typed else "nothing"


def _enums(before: Api, now: Api, changed: Changed) -> dict[str, set[str]]:
    later = {enum.name: {member.name: member for member in enum.members} for enum in now.enums}
    gone = dict[str, set[str]]()
    for enum in before.enums:
        members = later.get(enum.name, {})
        found = {m.name: what for m in enum.members if (what := _member(m, members.get(m.name)))}
        if found:
            changed.members[enum.name] = found
            # By value, because a member that was only renamed is still valid as a string.
            values = {str(member.value) for member in members.values()}
            if lost := {str(m.value) for m in enum.members} - values:
                gone[enum.name] = lost
    return gone


def _member(old: Member, new: Member | None) -> str | None:
    """Return what changed in a member of an enum, for code that uses it."""
    if new is None:
        return "is gone"
    if new.value != old.value:
        return f"is {new.value!r}, no longer {old.value!r}"
    return DEPRECATED if new.is_deprecated and not old.is_deprecated else None


def _structs(before: Api, now: Api, changed: Changed) -> None:
    later = {struct.name: {f.name: f for f in struct.fields} for struct in now.structs}
    for struct in before.structs:
        fields = later.get(struct.name, {})
        found = dict[str, str]()
        for f in struct.fields:
            if f.name not in fields:
                found[f.name] = "is gone"
            elif fields[f.name].type.spec != f.type.spec:
                found[f.name] = f"is {fields[f.name].type.spec}, no longer {f.type.spec}"
            elif fields[f.name].optional and not f.optional:
                found[f.name] = "may be None now"
            elif fields[f.name].is_deprecated and not f.is_deprecated:
                found[f.name] = DEPRECATED
        if found:
            changed.fields[struct.name] = found
