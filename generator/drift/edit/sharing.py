"""Finds structs of a draft that have the same members, so that a person names and describes each thing once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generator.drift.edit.files import SpecFiles
from generator.drift.edit.yaml_edit import block

Entry = dict[str, Any]  # Any: YAML
Shape = tuple[tuple[str, str, str, bool], ...]


def shape_of(fields: Mapping[str, Any]) -> Shape:
    """Return what makes two structs the same: members with their types, names and ends, in any order."""
    return tuple(
        sorted((wire, str(f["type"]), str(f.get("name", "")), "deprecated" in f) for wire, f in fields.items())
    )


def share_structs(entries: Sequence[Entry], files: SpecFiles) -> None:
    """Move structs that several operations return to types.yaml, and let operations use those that are there."""
    structs = files.editor("types.yaml").doc.get("structs") or block({})
    named = {shape_of(struct["fields"]): name for name, struct in structs.items() if not struct.get("array")}
    first: dict[Shape, Entry] = {}
    for entry in entries:
        shape = shape_of(entry["struct"]["fields"]) if "struct" in entry else ()
        if not shape:
            continue
        if shape not in named and shape not in first:
            first[shape] = entry
            continue
        if shape not in named:
            named[shape] = str(first[shape]["struct"].pop("name"))
            structs[named[shape]] = first[shape].pop("struct")
        own = str(entry.pop("struct")["name"])
        entry["returns"] = str(entry["returns"]).replace(own, named[shape])
    if structs:
        files.editor("types.yaml").doc["structs"] = structs
