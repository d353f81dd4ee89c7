"""Writes the types of responses that are known from documentation only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.drift.edit.arrays import has_meaning, name_of, named_positions
from generator.drift.edit.examples import example_of, example_struct
from generator.drift.edit.files import SpecFiles
from generator.drift.edit.shapes import TODO, Tree, answer, ending, example, leaves, spec_type
from generator.drift.edit.sharing import shape_of
from generator.drift.edit.stated import comment_of, proposed_text
from generator.drift.edit.yaml_edit import block, flow, text_node
from generator.drift.facts.facts import Fact, Facts
from generator.ground.naming import pascal, python_name, snake
from generator.model.api import Api


class Answers:
    """Knows the structs of one API, and adds to them."""

    def __init__(self, files: SpecFiles, api: Api, facts: Facts, enums: Mapping[str, str] | None = None) -> None:
        self._files = files
        self._enums = enums or {}
        self._api = api
        self._facts = facts
        self._structs = {struct.name: struct for struct in api.structs}
        self._taken = set(self._structs)
        self._shapes = dict[tuple[object, ...], str]()

    def unwrapped(self, owner: str) -> tuple[Tree, bool]:
        """Return the members of an answer without its envelope, and whether the answer is a list."""
        members = answer(self._facts, owner)
        listed = any(path.startswith("[].") for path, *_ in self._facts.samples.get(owner, []))
        data = self._api.envelope.data
        # Samples show the whole body; the spec has the envelope once, for the whole API.
        if data and data in members and members[data]["members"]:
            listed = listed or members[data]["type"] == "array"
            members = members[data]["members"]
        envelope = {self._api.envelope.code, *self._api.envelope.message, *self._api.envelope.other}
        return {wire: node for wire, node in members.items() if wire not in envelope}, listed

    def returns(self, owner: str, name: str) -> tuple[dict[str, Any], object]:  # Any: YAML
        """Return the keys that describe what an operation returns, none if it is not documented, and an example."""
        members, listed = self.unwrapped(owner)
        data = self._api.envelope.data
        # The whole answer, or the data in its envelope, may be a list of arrays.
        row = self._facts.rows.get((owner, data or "")) or self._facts.rows.get((owner, ""))
        if row and not members.get(data or "", {}).get("members"):
            typed_as, response = self._build_array(name, "", row)
            return {"returns": typed_as}, response
        if not members:
            return {}, None
        if list(members) == ["*"]:
            kind, value = self._build_map(owner, name, members["*"])
            return {"returns": kind}, value
        found = self._find_struct(set(leaves(members)), listed=listed)
        return found or self._build_struct(owner, name, members, listed=listed)

    def _find_struct(self, names: set[str], *, listed: bool) -> tuple[dict[str, Any], object] | None:  # Any: YAML
        """Find a struct that has all these members, and no other that is required."""
        for struct in self._api.structs:
            known = self.members(struct.name, set())
            inner = {wire for wire, optional in known.items() if not optional}
            if struct.received and names <= known.keys() and inner <= names:
                payload = example_struct(self._api, struct.name)
                return {"returns": typed(struct.name, listed=listed)}, [payload] if listed else payload
        return None

    def members(self, struct: str, seen: set[str]) -> dict[str, bool]:
        """Return the names of all members, however deep, and whether they may be missing."""
        if struct in seen or struct not in self._structs:
            return {}
        names = dict[str, bool]()
        for field in self._structs[struct].fields:
            for inner in field.type.names:
                names |= self.members(inner, seen | {struct})
            # A name that occurs twice is required if any of its places requires it.
            names[field.wire] = field.optional and names.get(field.wire, True)
        return names

    def struct_name(self, operation: str) -> str:
        """Return an unused name for a struct that a person will rename."""
        name, number = f"Todo{pascal(operation)}", 2
        while name in self._taken:
            name, number = f"Todo{pascal(operation)}{number}", number + 1
        self._taken.add(name)
        return name

    def _build_struct(
        self, owner: str, operation: str, members: Tree, *, listed: bool
    ) -> tuple[dict[str, Any], object]:  # Any: YAML
        """Return a type, and the new struct that it names."""
        fields, response = self._fields(owner, operation, members)
        name = self.struct_name(operation)
        doc = text_node(f"{TODO}name this struct, describe it, and check the types and texts of its members.")
        struct = block({"name": name, "doc": doc, "fields": block(fields)})
        return {"returns": typed(name, listed=listed), "struct": struct}, [response] if listed else response

    def _fields(self, owner: str, name: str, members: Tree) -> tuple[dict[str, Any], dict[str, object]]:  # Any: YAML
        """Return fields and an example of them; objects among them become structs of their own."""
        fields: Any = block({})  # YAML
        response = dict[str, object]()
        for wire, node in members.items():
            called = _called(wire, node, fields)
            row = self._facts.rows.get((owner, wire))
            if node["members"]:
                fields[wire], response[wire] = self._build_nested(owner, f"{name}_{snake(wire)}", node)
            elif row:
                typed_as, response[wire] = self._build_array(f"{name}_{snake(wire)}", wire, row)
                fields[wire] = flow({"type": typed_as, "optional": True, "doc": f"{TODO}say what it means."})
            elif wire in self._enums:
                fields[wire] = flow({"type": self._enums[wire], "optional": True, "doc": f"{TODO}say what it means."})
                response[wire] = example_of(self._files, wire, self._enums[wire])
            else:
                fields[wire], response[wire] = field_of(
                    spec_type(called, node["type"], node.get("shown", ""), node.get("text", "")), node["type"]
                )
            fields[wire] |= ending(node)
            if called != wire:
                fields[wire] |= {"name": called, "doc": proposed_text(called)}
                fields.yaml_add_eol_comment(f"page: {comment_of(node['text'])}", wire, column=0)
        name_apart(fields)
        return fields, response

    def _build_nested(self, owner: str, name: str, node: Mapping[str, Any]) -> tuple[Any, object]:  # Any: YAML
        if list(node["members"]) == ["*"]:
            kind, value = self._build_map(owner, name, node["members"]["*"])
            return flow({"type": kind, "optional": True, "doc": f"{TODO}say what it means."}), value
        inner, response = self._fields(owner, name, node["members"])
        struct = self._place(name, block(inner), {})
        listed = node["type"] == "array"
        field = flow({"type": typed(struct, listed=listed), "optional": True, "doc": f"{TODO}say what it means."})
        return field, [response] if listed else response

    def _build_map(self, owner: str, name: str, node: Mapping[str, Any]) -> tuple[str, object]:  # Any: a node
        """Return the type of an object whose keys are data, and an example of it."""
        if not node["members"]:
            item = spec_type("", node["type"] or "string")
            return f"map[{item}]", {"ABC": example(item)}
        fields, value = self._fields(owner, name, node["members"])
        return f"map[{self._place(name, block(fields), {})}]", {"ABC": value}

    def struct_of(self, owner: str, name: str, members: Tree) -> tuple[str, object]:
        """Return the shared struct that has these members, and an example of it."""
        fields, example = self._fields(owner, name, members)
        return self._place(name, block(fields), {}), example

    def example(self, name: str, typed: str) -> object:
        """Return an example of a parameter."""
        return example_of(self._files, name, typed)

    def _build_array(self, name: str, list_name: str, row: Mapping[int, Fact]) -> tuple[str, object]:
        """Return the type of a list of arrays, and an example of it."""
        if not has_meaning(list_name, row):
            item = spec_type("", row[0].value or "string")
            return f"list[list[{item}]]", [[example(item)]]
        fields: Any = block({})  # YAML
        response = list[object]()
        for member, fact in named_positions(list_name, row):
            field, value = field_of(spec_type(member, fact.value or "string", fact.shown, fact.text), fact.value)
            # Arrays are as long as they are; only what stands at their end may be missing.
            field.pop("optional")
            unnamed = member.startswith("todo_")
            field["doc"] = f"{TODO}name it, and say what it means." if unnamed else proposed_text(member)
            fields[member] = field
            if words := comment_of(fact.text):
                fields.yaml_add_eol_comment(f"page: {words}", member, column=0)
            response.append(value)
        return f"list[{self._place(name, fields, {'array': True})}]", [response]

    def _place(self, name: str, fields: Mapping[str, Any], more: dict[str, object]) -> str:  # Any: YAML
        """Add a struct to the shared ones, or find the one that has these members; return its name."""
        shape = (*more, *shape_of(fields))
        if shape not in self._shapes:
            struct = self._shapes[shape] = self.struct_name(name)
            doc = text_node(f"{TODO}name this struct, describe it, and check the types and texts of its members.")
            structs = self._files.editor("types.yaml").doc.setdefault("structs", block({}))
            structs[struct] = block({"doc": doc, **more, "fields": fields})
        return self._shapes[shape]


def typed(struct: str, *, listed: bool) -> str:
    """Return the type of a struct, or of a list of it."""
    return f"list[{struct}]" if listed else struct


def _called(wire: str, node: Mapping[str, Any], fields: Mapping[str, Any]) -> str:  # Any: YAML
    """Return the wire name of a member, or for a single letter the name that the page's words give, if it is free."""
    name = name_of(Fact(text=node.get("text", ""))) if len(wire) == 1 else ""
    is_taken = name in fields or name in {field.get("name") for field in fields.values()}
    return name if len(name) > 1 and not is_taken else wire


def field_of(spec: str, documented: str) -> tuple[Any, object]:  # Any: YAML
    """Return a field of an answer, and an example of it."""
    # Decimals are read from text and numbers alike; other types must say that they arrive inside strings.
    whole = spec in ("timestamp_ms", "integer", "boolean") and documented.lower().startswith("str")
    more = {"written": "text"} if whole else {}
    value = example(spec)
    written = str(value).lower() if whole else value
    return flow({"type": spec, "optional": True} | more | {"doc": f"{TODO}say what it means."}), written


def name_apart(members: Mapping[str, Any]) -> None:  # Any: YAML
    """Name members whose wire names are not usable in Python, or collide."""
    taken = set[str]()
    for number, (wire, member) in enumerate(members.items(), 1):
        name = python_name(wire, member.get("name"), {})
        # One letter, as in streams, is a valid name, but says nothing to a reader.
        unnamed = len(wire) == 1 and not member.get("name")
        if unnamed or not name.isidentifier() or name in taken:
            member["name"] = name = f"todo_{number}"
        taken.add(name)
