"""Has datamodel-code-generator print the models from the OpenAPI components."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from generator.ground.cache import NOWHERE, Cache, digest
from generator.model.api import Api
from generator.model.types import Struct
from generator.python.docstrings import received_docstring
from generator.words.literals import doc, docstring
from generator.words.schemas import Schema, struct_schema

MARK = "VENUES-DOC-"
FLAT = "VENUES_FLAT_"
"""Stands before the name of a struct whose list is flat: the printer knows no names with brackets."""
OTHER = "VENUES_OTHER_"
"""Stands before the name of a struct that another names, lest the printer takes two things for one."""
STAMPS = {"ms": "TimestampMs", "s": "TimestampS"}


def models(api: Api, cache: Cache = NOWHERE) -> str:
    """Return the struct classes of an API: Python text, not formatted yet."""
    received = [struct for struct in api.structs if struct.received]
    return _printed(api, received, cache, f"models/{api.name}")


def stream_models(api: Api, cache: Cache = NOWHERE) -> str:
    """Return the struct classes that only streams use; those of answers are taken from there."""
    structs = list(api.streams.structs) if api.streams else []
    return _printed(api, structs, cache, f"models/{api.name}_streams")


def _printed(api: Api, structs: list[Struct], cache: Cache, name: str) -> str:
    """Have each struct printed by itself, so that one whose schema stays is not printed again."""
    known = _known(api)
    inputs = [_Input(struct, known) for struct in structs]
    with cache.pieces(name) as pieces:
        missing = [one for one in inputs if pieces.get(one.key) is None]
        for one, text in zip(missing, _generated(missing), strict=True):
            pieces.keep(one.key, text)
        return "\n\n\n".join(one.told(pieces.used[one.key]) for one in _ordered(inputs))


class _Input:
    """What the printer is given of one struct."""

    def __init__(self, struct: Struct, known: Mapping[str, tuple[str, str]]) -> None:
        self.docs: list[str] = []
        schema = _with_optional(struct, _as_object(struct, struct_schema(struct, nullable=False)))
        self.name = struct.name
        self.schema = _hidden(_pointed(schema, known), self.docs)
        self.names = {f"{struct.name}.{field.wire}": field.name for field in struct.fields if field.wire != field.name}
        self._class_docstring = received_docstring(struct)
        self.key = digest([json.dumps([self.name, self.schema, self.names]).encode()])

    @property
    def others(self) -> set[str]:
        """The structs that it names, itself aside."""
        return {*re.findall(rf"\b(?:{OTHER}|{FLAT})(\w+)", json.dumps(self.schema))} - {self.name}

    def told(self, printed: str) -> str:
        """Put the descriptions back, as docstrings; that of the class lists its fields, too.

        The blank lines between the fields go: with what the class lists, they would make a model twice as long.
        """
        own = str(self.schema["description"])

        def written(found: re.Match[str]) -> str:
            text = self._class_docstring if found[1] == own else docstring(doc(self.docs[int(found[2])], 4), 4)
            return f"{text}\n"

        return re.sub(rf'"""({MARK}(\d+))"""\n*', written, printed).rstrip()


def _ordered(inputs: Iterable[_Input]) -> list[_Input]:
    """Put each struct after those that it names; what is left goes round in circles."""
    waiting = {one.name: one for one in inputs}
    others = {name: one.others & set(waiting) for name, one in waiting.items()}
    done: dict[str, _Input] = {}
    while waiting:
        before = len(done)
        for name in list(waiting):
            if others[name] <= done.keys():
                done[name] = waiting.pop(name)
        if len(done) == before:
            return [*done.values(), *waiting.values()]
    return list(done.values())


def _known(api: Api) -> dict[str, tuple[str, str]]:
    """Return the import paths of enums and structs: a struct is printed without the others that it names."""
    known = {enum.name: (str(enum.base), f"venues.{api.name}.enums.{enum.name}") for enum in api.enums}
    structs = [*api.structs, *(api.streams.structs if api.streams else ())]
    return known | {struct.name: ("object", f"venues.{api.name}.models.{OTHER}{struct.name}") for struct in structs}


def _generated(inputs: Sequence[_Input]) -> list[str]:
    """Have the classes printed, each with numbers in place of its descriptions."""
    if not inputs:
        return []
    document = {
        "openapi": "3.1.0",
        "info": {"title": "structs", "version": "1"},
        "paths": {},
        "components": {"schemas": {one.name: one.schema for one in inputs}},
    }
    printed = _by_library(json.dumps(document), {wire: name for one in inputs for wire, name in one.names.items()})
    classes = dict(re.findall(r"^class (\w+)(.*?)(?=\n+class |\Z)", printed, re.MULTILINE | re.DOTALL))
    return [f"class {one.name}{classes[one.name].rstrip()}" for one in inputs]


def _by_library(document: str, names: dict[str, str]) -> str:
    from datamodel_code_generator import generate
    from datamodel_code_generator.enums import DataModelType, InputFileType
    from datamodel_code_generator.format import PythonVersion

    printed = generate(
        document,
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.MsgspecStruct,
        target_python_version=PythonVersion.PY_311,
        base_class="venues.core.answer.models.Model",
        aliases=names,
        keyword_only=True,
        strict_nullable=True,
        extra_template_data=defaultdict(dict, {"#all#": {"base_class_kwargs": {"frozen": True}}}),
        use_annotated=False,
        use_schema_description=True,
        use_field_description=True,
        use_inline_field_description=True,
        use_single_line_docstring=True,
        use_double_quotes=True,
        use_standard_collections=True,
        use_union_operator=True,
        disable_timestamp=True,
        enable_generated_header_marker=False,
        custom_file_header="",
        formatters=[],
    )
    assert isinstance(printed, str)
    printed = re.sub(rf"\b{OTHER}(\w+)", r"\1", printed[printed.index("class ") :])
    return re.sub(rf"\b{FLAT}(\w+)", r"Flat[\1]", printed)


def _hidden(value: Any, docs: list[str]) -> Any:
    """Put numbers in place of descriptions, so that no text of a spec passes through somebody else's printer."""
    if isinstance(value, list):
        return [_hidden(member, docs) for member in value]
    if not isinstance(value, dict):
        return value
    made = {key: _hidden(member, docs) for key, member in value.items()}
    if isinstance(value.get("description"), str):
        made["description"] = f"{MARK}{len(docs)}"
        docs.append(value["description"])
    return made


def _as_object(struct: Struct, schema: Schema) -> Schema:
    if not struct.array:
        secret = any(field.secret for field in struct.fields)
        return schema | {"customBasePath": "venues.core.answer.models.SecretModel"} if secret else schema
    properties = dict(zip(schema["x-members"], schema["prefixItems"], strict=True))
    required = [field.wire for field in struct.fields if not field.optional]
    return {
        "type": "object",
        "description": schema["description"],
        "properties": properties,
        "required": required,
        "customBasePath": "venues.core.answer.models.ArrayModel",
    }


def _with_optional(struct: Struct, schema: Schema) -> Schema:
    """Say of optional members that they may be None."""
    optional = {field.wire for field in struct.fields if field.optional}
    properties = {
        wire: member | {"nullable": True} if wire in optional else member
        for wire, member in schema["properties"].items()
    }
    return schema | {"properties": properties}


def _pointed(value: Any, known: Mapping[str, tuple[str, str]]) -> Any:
    if isinstance(value, list):
        return [_pointed(member, known) for member in value]
    if not isinstance(value, dict):
        return value
    reference = str(value.get("$ref", "")).rpartition("/")[2]
    if reference in known:
        kind, path = known[reference]
        return {"type": kind, "customTypePath": path} | {key: member for key, member in value.items() if key != "$ref"}
    made = {key: _pointed(member, known) for key, member in value.items() if key != "x-members"}
    return _exact(made)


def _exact(schema: Schema) -> Schema:
    """Name the types that JSON Schema can't: exact numbers and units of time; text that holds a number is that number."""
    if schema.get("format") == "decimal":
        return schema | {"type": "string"}
    if "x-flat" in schema:
        return {"type": "string", "customTypePath": f"venues.core.answer.models.{FLAT}{schema['x-flat']}"} | {
            key: member for key, member in schema.items() if key in ("description", "nullable")
        }
    if schema.get("x-unit") in STAMPS:
        kept = {key: value for key, value in schema.items() if key not in ("format", "x-unit")}
        return kept | {
            "type": "integer",
            "customTypePath": f"venues.core.answer.models.{STAMPS[str(schema['x-unit'])]}",
        }
    return schema | {"type": "integer"} if schema.get("format") == "int64" else schema
