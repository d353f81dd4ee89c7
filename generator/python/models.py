"""Has datamodel-code-generator print the members of structs: it knows what msgspec wants, we know the types and texts.

The library reads JSON Schema, which has no word for an exact number, a unit of time or a flat list. So each member says
its annotation itself, as `x-python-type`, and docstrings are printed here: no text of a spec passes through the
library, and nothing that it printed is edited afterwards.

Most structs have members that others have, too: a symbol, a price, a time. The library takes half a millisecond for
each, so it prints each once, whatever the number of structs.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from generator.ground.cache import NOWHERE, Cache
from generator.ground.units import with_unit
from generator.model.api import Api
from generator.model.reach import dependencies_first
from generator.model.types import Field, Struct
from generator.python.docstrings import received_docstring
from generator.words.annotations import annotation
from generator.words.literals import doc, docstring, literal

TEMPLATES = Path(__file__).with_name("templates")


def models(api: Api, cache: Cache = NOWHERE) -> str:
    """Return the struct classes of an API: Python text, not formatted yet."""
    received = [struct for struct in api.structs if struct.received]
    return _printed(received, cache, _entry(api.name))


def stream_models(api: Api, cache: Cache = NOWHERE) -> str:
    """Return the struct classes that only streams use; those of responses are imported."""
    structs = list(api.streams.structs) if api.streams else []
    return _printed(structs, cache, _entry(f"{api.name}_streams"))


def are_kept(name: str, cache: Cache) -> bool:
    """Whether the lines of an API's members were printed in an earlier run, most of them at least."""
    return cache.get(_entry(name)) is not None


def load() -> None:
    """Load the library, by having it print something: it loads most of itself late."""
    print_members([Member("id", "id", "str", optional=False)])


def _entry(name: str) -> str:
    return f"models/{name}"


class Member(NamedTuple):
    """What the library is given of a member: all that its line depends on."""

    wire: str
    name: str
    annotation: str
    optional: bool


def _printed(structs: Iterable[Struct], cache: Cache, name: str) -> str:
    """Print each struct; lines that were printed in an earlier run come from the cache."""
    wanted = [(struct, _members(struct)) for struct in dependencies_first(structs, _named_fields)]
    with cache.pieces(name) as pieces:
        every = dict.fromkeys(member for _, members in wanted for member in members)
        keys = {member: json.dumps(member) for member in every}
        missing = [member for member, key in keys.items() if pieces.get(key) is None]
        for member, line in print_members(missing).items():
            pieces.keep(keys[member], line)
        return "\n\n\n".join(
            _class(struct, [pieces.used[keys[each]] for each in members]) for struct, members in wanted
        )


def _members(struct: Struct) -> list[Member]:
    return [Member(field.wire, field.name, _annotation(field), field.optional) for field in _in_order(struct)]


def _in_order(struct: Struct) -> list[Field]:
    """Put required members first, as docstrings list them."""
    return sorted(struct.fields, key=lambda field: field.optional)


def _annotation(field: Field) -> str:
    return f"Flat[{annotation(field.type.item)}]" if field.flat else annotation(field.type)


def _class(struct: Struct, members: Sequence[str]) -> str:
    """Print a class; no blank lines between its members, with which it would be twice as long."""
    lines = [f"class {struct.name}({_base(struct)}, frozen=True, kw_only=True):", received_docstring(struct)]
    if others := {other: field.wire for field in struct.fields for other in field.also}:
        lines += ["", f"OTHER_NAMES: ClassVar[dict[str, str]] = {literal(others)}", ""]
    for field, line in zip(_in_order(struct), members, strict=True):
        lines += [line, docstring(doc(with_unit(field.doc, field.unit), 4), 4)]
    return "\n    ".join(lines)


def _base(struct: Struct) -> str:
    if struct.array:
        return "ArrayModel"
    return "SecretModel" if any(field.secret for field in struct.fields) else "Model"


def _named_fields(struct: Struct) -> set[str]:
    return {name for field in struct.fields for name in field.type.names}


def print_members(members: Iterable[Member]) -> dict[Member, str]:
    """Have the lines of members printed, all by one call of the library, each of which costs as much as some members."""
    classes = {f"Members{number}": those for number, those in enumerate(_classes(members))}
    printed = _by_library(classes) if classes else ""
    lines = printed.split("\n")
    return {
        member: lines[line.lineno - 1].strip()
        for node in ast.parse(printed).body
        if isinstance(node, ast.ClassDef)
        for member, line in zip(classes[node.name], node.body, strict=True)
    }


def _classes(members: Iterable[Member]) -> list[list[Member]]:
    """Divide members into as few classes as the library needs: no two in one have the same name, here or on the wire."""
    classes, names = list[list[Member]](), list[set[tuple[str, str]]]()
    for member in sorted(members, key=lambda member: member.optional):  # as the library sorts them
        own = {("wire", member.wire), ("name", member.name)}
        at = next((at for at, others in enumerate(names) if own.isdisjoint(others)), len(names))
        if at == len(names):
            classes.append([])
            names.append(set())
        classes[at].append(member)
        names[at] |= own
    return classes


def _by_library(classes: Mapping[str, Sequence[Member]]) -> str:
    from datamodel_code_generator import generate
    from datamodel_code_generator.enums import DataModelType, InputFileType
    from datamodel_code_generator.format import PythonVersion

    document = {
        "openapi": "3.1.0",
        "info": {"title": "structs", "version": "1"},
        "paths": {},
        "components": {"schemas": {name: _schema(members) for name, members in classes.items()}},
    }
    printed = generate(
        json.dumps(document),
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.MsgspecStruct,
        target_python_version=PythonVersion.PY_311,
        custom_template_dir=TEMPLATES,
        aliases={f"{name}.{one.wire}": one.name for name in classes for one in classes[name] if one.wire != one.name},
        strict_nullable=True,  # without it, the library has UNSET stand for what is missing
        use_union_operator=True,
        use_double_quotes=True,
        formatters=[],  # ruff formats whole files afterwards
    )
    assert isinstance(printed, str)
    return printed


def _schema(members: Iterable[Member]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {member.wire: _property(member) for member in members},
        "required": [member.wire for member in members if not member.optional],
    }


def _property(member: Member) -> dict[str, Any]:
    # The library takes an annotation only where the JSON type contradicts it, and never believes that of `integer`.
    typed: dict[str, Any] = {"type": "integer", "x-python-type": member.annotation}
    return typed | ({"nullable": True} if member.optional else {})
