"""Has datamodel-code-generator print the members of structs: it knows what msgspec wants, we know the types and texts.

The library reads JSON Schema, which has no word for an exact number, a unit of time or a flat list. So each member says
its annotation itself, as `x-python-type`, and names and docstrings are printed here: no text of a spec passes through
the library.

Most members are of a kind that others are of, too: a price, a time that may be missing. The library takes half a
millisecond for each, so it prints each kind once, whatever the number of members.
"""

from __future__ import annotations

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
WIRE = "\0"
"""Where the exchange's name is put in."""


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
    print_kinds([Kind("str", optional=False, renamed=False)])


def _entry(name: str) -> str:
    return f"models/{name}"


class Kind(NamedTuple):
    """All that the line of a member depends on beside its names."""

    annotation: str
    optional: bool
    renamed: bool
    """Whether the exchange's name is another than ours."""


class Member(NamedTuple):
    """What the library is given of a member."""

    wire: str
    name: str
    kind: Kind


def _printed(structs: Iterable[Struct], cache: Cache, name: str) -> str:
    """Print each struct; lines that were printed in an earlier run come from the cache."""
    wanted = [(struct, _in_order(struct)) for struct in dependencies_first(structs, _named_fields)]
    with cache.pieces(name) as pieces:
        every = dict.fromkeys(_kind(field) for _, fields in wanted for field in fields)
        keys = {kind: json.dumps(kind) for kind in every}
        missing = [kind for kind, key in keys.items() if pieces.get(key) is None]
        for kind, line in print_kinds(missing).items():
            pieces.keep(keys[kind], line)
        lines = {kind: pieces.used[key] for kind, key in keys.items()}
    return "\n\n\n".join(_class(struct, fields, lines) for struct, fields in wanted)


def _kind(field: Field) -> Kind:
    return Kind(_annotation(field), field.optional, field.wire != field.name)


def _in_order(struct: Struct) -> list[Field]:
    """Put required members first, as docstrings list them."""
    return sorted(struct.fields, key=lambda field: field.optional)


def _annotation(field: Field) -> str:
    return f"Flat[{annotation(field.type.item)}]" if field.flat else annotation(field.type)


def _class(struct: Struct, fields: Sequence[Field], lines: Mapping[Kind, str]) -> str:
    """Print a class; no blank lines between its members, with which it would be twice as long."""
    printed = [f"class {struct.name}({_base(struct)}, frozen=True, kw_only=True):", received_docstring(struct)]
    if others := {other: field.wire for field in struct.fields for other in field.also}:
        printed += ["", f"OTHER_NAMES: ClassVar[dict[str, str]] = {literal(others)}", ""]
    for field in fields:
        line = named(lines[_kind(field)], field.name, field.wire)
        printed += [line, docstring(doc(with_unit(field.doc, field.unit), 4), 4)]
    return "\n    ".join(printed)


def _base(struct: Struct) -> str:
    if struct.array:
        return "ArrayModel"
    return "SecretModel" if any(field.secret for field in struct.fields) else "Model"


def _named_fields(struct: Struct) -> set[str]:
    return {name for field in struct.fields for name in field.type.names}


def named(line: str, name: str, wire: str) -> str:
    """Put the names of a member into the line of its kind."""
    return f"{name}: {line.replace(WIRE, literal(wire), 1)}"


def print_kinds(kinds: Iterable[Kind]) -> dict[Kind, str]:
    """Have what follows a member's name printed for each kind, all by one call of the library, as dear as ten kinds."""
    members = [_stand_in(number, kind) for number, kind in enumerate(kinds)]
    lines = print_members(members) if members else {}
    return {member.kind: lines[member.name].replace(repr(member.wire), WIRE) for member in members}


def _stand_in(number: int, kind: Kind) -> Member:
    name = f"member_{number}"
    return Member(f"{name} of the exchange" if kind.renamed else name, name, kind)


def print_members(members: Sequence[Member]) -> dict[str, str]:
    """Have the library print members of one struct; return what follows the name of each."""
    from datamodel_code_generator import generate
    from datamodel_code_generator.enums import DataModelType, InputFileType
    from datamodel_code_generator.format import PythonVersion

    document = {
        "openapi": "3.1.0",
        "info": {"title": "structs", "version": "1"},
        "paths": {},
        "components": {"schemas": {"Members": _schema(members)}},
    }
    printed = generate(
        json.dumps(document),
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.MsgspecStruct,
        target_python_version=PythonVersion.PY_311,
        custom_template_dir=TEMPLATES,
        aliases={member.wire: member.name for member in members if member.kind.renamed},
        strict_nullable=True,  # without it, the library has UNSET stand for what is missing
        use_union_operator=True,
        use_double_quotes=True,
        formatters=[],  # ruff formats whole files afterwards
    )
    assert isinstance(printed, str)
    return dict(line.strip().split(": ", 1) for line in printed.splitlines() if ": " in line)


def _schema(members: Iterable[Member]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {member.wire: _property(member.kind) for member in members},
        "required": [member.wire for member in members if not member.kind.optional],
    }


def _property(kind: Kind) -> dict[str, Any]:
    # The library takes an annotation only where the JSON type contradicts it, and never believes that of `integer`.
    typed: dict[str, Any] = {"type": "integer", "x-python-type": kind.annotation}
    return typed | ({"nullable": True} if kind.optional else {})
