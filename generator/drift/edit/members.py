"""Adds parameters and fields to operations and structs."""

from __future__ import annotations

from typing import Any

from generator.drift.compare.changes import Change
from generator.drift.edit.examples import example_of
from generator.drift.edit.files import SpecFiles
from generator.drift.edit.shapes import TODO, deprecation_text, spec_type
from generator.drift.edit.yaml_edit import block, braced, flow, text_node
from generator.drift.facts.facts import Facts
from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.types import Struct, Type


class Members:
    """Edits the parameters and fields of operations."""

    def __init__(self, files: SpecFiles, api: Api, facts: Facts) -> None:
        self._files = files
        self._facts = facts
        self._operations = {f"{o.method} {o.path}": o for o in api.operations}
        self._structs = {struct.name: struct for struct in api.structs}

    def add_param(self, change: Change) -> bool:
        """Add a parameter to its operation, or to the struct that it lies in."""
        found = self._files.operation(change.owner)
        if found is None:
            return False
        required = change.level == "breaking"
        if "." in change.name:
            return self._add_inner(change, found[1], required=required)
        leaf, params = change.name, found[1].get("params")
        if params is None:
            params = block({})
            # At the place where the other specs have it, before what refers to parameters.
            found[1].insert(_before(found[1], ("rules", "returns", "struct", "errors", "example")), "params", params)
        params[leaf] = self.definition(leaf, change.after, {"required": True} if required else {})
        if required:
            self._complete_example(found[1], leaf, params[leaf])
        return True

    def _complete_example(self, entry: Any, path: str, definition: Any) -> None:  # Any: YAML
        """Give the example a value for a parameter that must be given, in each object that it lies in."""
        parent, _, leaf = path.rpartition(".")
        for given in _objects(entry["example"]["params"], parent):
            if leaf not in given:
                given[leaf] = braced(example_of(self._files, leaf, str(definition["type"])))

    def _add_inner(self, change: Change, entry: Any, *, required: bool) -> bool:  # Any: YAML
        parent, _, leaf = change.name.rpartition(".")
        struct = self._struct_at(change.owner, parent)
        if struct is None:
            return False
        definition = self.definition(leaf, change.after, {"optional": True} if not required else {})
        if required:
            self._complete_example(entry, change.name, definition)
        return self._add_to(struct, leaf, definition)

    def _struct_at(self, owner: str, parent: str) -> Struct | None:
        """Find the struct that a nested parameter lies in."""
        operation = self._operations.get(owner)
        kinds = {param.wire: param.type for param in operation.params} if operation else {}
        struct: Struct | None = None
        for part in parent.split("."):
            typed = kinds.get(part.removesuffix("[]"))
            struct = self._structs.get(_inner(typed).name) if typed else None
            if struct is None:
                return None
            kinds = {param.wire: param.type for param in struct.params}
        return struct

    def _add_to(self, struct: Struct, leaf: str, definition: Any) -> bool:  # Any: YAML
        fields = self._fields_of(struct)
        if fields is None:
            return False
        if leaf not in fields:
            fields[leaf] = definition
        return True

    def _fields_of(self, struct: Struct | None) -> Any:  # Any: YAML
        """Return the members of a struct as they are written; None where it is not found."""
        types = self._files.editor("types.yaml").doc.get("structs") or {}
        if struct is None:
            return None
        return types.get(struct.name, {}).get("fields") if struct.name in types else self._own(struct.name)

    def _own(self, name: str) -> Any:  # Any: YAML
        """Return the fields of a struct that is written at its operation."""
        for file in self._files.groups():
            for entry in self._files.editor(file).doc.get("operations") or []:
                struct = entry.get("struct") or {}
                if struct.get("name") == name:
                    return struct["fields"]
        return None

    def definition(self, leaf: str, documented: str, more: dict[str, object], text: str = "") -> Any:  # Any: YAML
        """Define a member as the API has it elsewhere, else by guess, with a TODO."""
        twin = self._twin(leaf)
        if twin is not None:
            kept = {key: twin[key] for key in ("type", "unit", "doc", "written", "name") if key in twin}
            if kept.get("written") == "text" and "optional" in more:
                # In structs that are sent, optional members have no `written`: their type decides.
                kept.pop("written")
            return flow({"type": kept.pop("type")} | more | kept)
        return flow(
            {"type": spec_type(leaf, documented, text=text)}
            | more
            | {"doc": f"{TODO}say what it means, and check the type."}
        )

    def _twin(self, leaf: str) -> Any:  # Any: YAML
        for file in self._files.groups():
            for entry in self._files.editor(file).doc.get("operations") or []:
                if leaf in (entry.get("params") or {}):
                    return entry["params"][leaf]
        return None

    def rename_param(self, change: Change) -> bool:
        """Give a parameter of an operation, and of its example, the name that documentation has now."""
        found = self._files.operation(change.owner)
        if found is None or "." in change.name:
            return False
        given = found[1]["example"]["params"]
        return _rename(found[1].get("params") or {}, change) and (change.before not in given or _rename(given, change))

    def remove_param(self, change: Change) -> bool:
        """Remove a parameter of an operation, and its value in the example."""
        found = self._files.operation(change.owner)
        if found is None or change.name not in (found[1].get("params") or {}):
            return False
        del found[1]["params"][change.name]
        found[1]["example"]["params"].pop(change.name, None)
        return True

    def mark_param(self, change: Change) -> bool:
        """Mark a parameter as required, or as optional."""
        found = self._files.operation(change.owner)
        if found is None or change.name not in (found[1].get("params") or {}):
            return False
        if change.id == "param-became-required":
            found[1]["params"][change.name]["required"] = True
            self._complete_example(found[1], change.name, found[1]["params"][change.name])
        else:
            found[1]["params"][change.name].pop("required", None)
        return True

    def deprecate_param(self, change: Change) -> bool:
        """Say that a parameter of an operation, or a member of one, is deprecated."""
        found, (parent, _, leaf) = self._files.operation(change.owner), change.name.rpartition(".")
        if found is None:
            return False
        struct = self._struct_at(change.owner, parent) if parent else None
        return _deprecate(self._fields_of(struct) if parent else found[1].get("params"), leaf, change)

    def deprecate_field(self, change: Change) -> bool:
        """Say that a member of an answer is deprecated."""
        operation = self._operations.get(change.owner)
        struct = self._answering(operation, change) if operation else None
        return _deprecate(self._fields_of(struct), change.name, change)

    def add_field(self, change: Change) -> bool:
        """Add a member to the struct that an operation answers."""
        operation = self._operations.get(change.owner)
        struct = self._answering(operation, change) if operation else None
        if struct is None:
            return False
        typed = spec_type(change.name, change.after)
        text = (
            {"written": "text"}
            if typed in ("timestamp_ms", "integer", "boolean") and "str" in change.after.lower()
            else {}
        )
        doc = {"doc": f"{TODO}say what it means, and check the type."}
        return self._add_to(struct, change.name, flow({"type": typed, "optional": True} | text | doc))

    def _answering(self, operation: Operation, change: Change) -> Struct | None:
        """Find the struct of the response that has the documented neighbors of a member."""
        if operation.returns is None:
            return None
        root = self._structs.get(_inner(operation.returns).name)
        path = next(
            (
                k[2]
                for kind in ("field", "sample")
                for k, _ in self._facts.of(kind, change.owner)
                if k[2].rsplit(".", 1)[-1].removesuffix("[]") == change.name
            ),
            change.name,
        )
        within = [part.removesuffix("[]") for part in path.split(".")[:-1]]
        struct = root
        while struct is not None:
            below = {field.wire: _inner(field.type).name for field in struct.fields}
            step = next((part for part in within if below.get(part) in self._structs), None)
            if step is None:
                return struct
            within = within[within.index(step) + 1 :]
            struct = self._structs[below[step]]
        return root


def _objects(given: Any, path: str) -> list[Any]:  # Any: YAML
    """Return the objects that lie at a path in an example."""
    found = [given]
    for name in (part.removesuffix("[]") for part in path.split(".") if part):
        below = [entry[name] for entry in found if isinstance(entry, dict) and name in entry]
        found = [entry for value in below for entry in (value if isinstance(value, list) else [value])]
    return [entry for entry in found if isinstance(entry, dict)]


def _inner(typed: Type) -> Type:
    while typed.item is not None:
        typed = typed.item
    return typed


def _deprecate(members: Any, leaf: str, change: Change) -> bool:  # Any: YAML
    if members is None or leaf not in members:
        return False
    members[leaf].setdefault("deprecated", text_node(deprecation_text(change.after)))
    return True


def _rename(members: Any, change: Change) -> bool:  # Any: YAML
    """Rename a key, and keep its position."""
    if change.before not in members or change.after in members:
        return False
    at = list(members).index(change.before)
    members.insert(at, change.after, members.pop(change.before))
    return True


def _before(entry: Any, keys: tuple[str, ...]) -> int:  # Any: YAML
    return next((index for index, key in enumerate(entry) if key in keys), len(entry))
