"""Values for examples of calls that were not written by a person yet."""

from __future__ import annotations

from typing import Any

from generator.drift.edit.files import SpecFiles
from generator.drift.edit.shapes import example
from generator.model.api import Api
from generator.model.types import Type


def example_of(files: SpecFiles, name: str, typed: str) -> object:
    """Return the value that other examples have for a parameter, else one that fits its type."""
    structs = files.editor("types.yaml").doc.get("structs") or {}
    is_struct = typed.rpartition("[")[2].rstrip("]") in structs
    for file in files.groups():
        for entry in files.editor(file).doc.get("operations") or []:
            given = (entry.get("example") or {}).get("params") or {}
            other = str(((entry.get("params") or {}).get(name) or {}).get("type", ""))
            # Calls may take a list where another takes one; structs differ, even if parameters are called alike.
            if name in given and (other == typed if is_struct else _is_list(given[name], typed)):
                return _to_json(given[name])
    return _example(files, typed)


def _is_list(value: Any, typed: str) -> bool:  # Any: YAML
    """Whether a value is a list just where the type is one."""
    return isinstance(value, list) == typed.startswith("list[")


def _example(files: SpecFiles, typed: str) -> object:
    types = files.editor("types.yaml").doc
    if typed.startswith("list["):
        return [_example(files, typed[5:-1])]
    if typed in (types.get("enums") or {}):
        return types["enums"][typed]["members"][0]["value"]
    if typed in (types.get("structs") or {}):
        fields = types["structs"][typed]["fields"]
        return {wire: _example(files, str(f["type"])) for wire, f in fields.items() if not f.get("optional")}
    return example(typed)


def example_struct(api: Api, name: str) -> dict[str, object]:
    """Return an example of a struct."""
    structs = {struct.name: struct for struct in api.structs}
    enums = {enum.name: enum for enum in api.enums}

    def build(typed: Type, *, text: bool) -> object:
        if typed.item is not None:
            return [build(typed.item, text=text)] if typed.kind == "list" else {"key": build(typed.item, text=text)}
        if typed.kind == "enum":
            return enums[typed.name].members[0].value
        if typed.kind == "struct":
            return {field.wire: build(field.type, text=field.text) for field in structs[typed.name].fields}
        value = example(typed.spec)
        return str(value).lower() if text else value

    return {field.wire: build(field.type, text=field.text) for field in structs[name].fields}


def _to_json(value: Any) -> object:  # Any: YAML
    if hasattr(value, "items"):
        return {key: _to_json(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_to_json(member) for member in value]
    # ruamel's strings remember their quotes, which the place they are copied to must choose itself.
    return str(value) if isinstance(value, str) else value
