"""Has datamodel-code-generator print the models from the OpenAPI components."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from generator.cache import Cache, digest
from generator.expressions import doc, docstring
from generator.model import Api, Struct
from generator.openapi_schemas import Schema, struct_schema

MARK = "VENUES-DOC-"
FLAT = "VENUES_FLAT_"
"""Stands before the name of a struct whose list is flat: the printer knows no names with brackets."""
STAMPS = {"ms": "TimestampMs", "s": "TimestampS"}


def models(api: Api, cache: Cache | None = None) -> str:
    """Return the struct classes of an API: Python text, not formatted yet."""
    received = [struct for struct in api.structs if struct.received]
    return _printed(api, received, (), cache)


def stream_models(api: Api, cache: Cache | None = None) -> str:
    """Return the struct classes that only streams use; those of answers are taken from there."""
    if api.streams is None:
        return ""
    return _printed(api, list(api.streams.structs), [struct.name for struct in api.structs], cache)


def _printed(api: Api, received: list[Struct], elsewhere: Iterable[str], cache: Cache | None) -> str:
    if not received:
        return ""
    docs: list[str] = []
    document = json.dumps(_hidden(_input(api, received, elsewhere), docs))
    names = {f"{s.name}.{field.wire}": field.name for s in received for field in s.fields if field.wire != field.name}
    if cache is None:
        return _told(_generated(document, names), docs)
    key = digest([document.encode(), json.dumps(names).encode(), Path(__file__).read_bytes(), cache.libraries])
    kept = cache.text(key)
    if kept is None:
        kept = _generated(document, names).encode()
        cache.keep_text(key, kept)
    return _told(kept.decode(), docs)


def _generated(document: str, names: dict[str, str]) -> str:
    """Have the classes printed; this is slow, so its results are kept by their input."""
    from datamodel_code_generator import generate
    from datamodel_code_generator.enums import DataModelType, InputFileType
    from datamodel_code_generator.format import PythonVersion

    printed = generate(
        document,
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.MsgspecStruct,
        target_python_version=PythonVersion.PY_311,
        base_class="venues.core.models.Model",
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
    return re.sub(rf"\b{FLAT}(\w+)", r"Flat[\1]", printed[printed.index("class ") :])


def _input(api: Api, received: list[Struct], elsewhere: Iterable[str]) -> Schema:
    """Return the components as the printer needs them: enums and unit types by their import path, arrays as objects."""
    known: dict[str, tuple[str, str]]
    known = {enum.name: (enum.base, f"venues.{api.name}.enums.{enum.name}") for enum in api.enums}
    known |= {name: ("object", f"venues.{api.name}.models.{name}") for name in elsewhere}
    made = {
        struct.name: _with_optional(struct, _as_object(struct, struct_schema(struct, nullable=False)))
        for struct in received
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": api.name, "version": "1"},
        "paths": {},
        "components": {"schemas": made},
    }
    result = _pointed(document, known)
    assert isinstance(result, dict)
    return result


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


def _told(printed: str, docs: list[str]) -> str:
    """Put the descriptions back, as docstrings."""
    return re.sub(rf'"""{MARK}(\d+)"""', lambda found: _docstring(docs[int(found.group(1))]), printed)


def _docstring(text: str) -> str:
    return docstring("\n\n    ".join(doc(paragraph, 4) for paragraph in text.split("\n\n")), 4)


def _as_object(struct: Struct, schema: Schema) -> Schema:
    if not struct.array:
        return schema
    properties = dict(zip(schema["x-members"], schema["prefixItems"], strict=True))
    required = [field.wire for field in struct.fields if not field.optional]
    return {
        "type": "object",
        "description": schema["description"],
        "properties": properties,
        "required": required,
        "customBasePath": "venues.core.models.ArrayModel",
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
        return {"type": "string", "customTypePath": f"venues.core.models.{FLAT}{schema['x-flat']}"} | {
            key: member for key, member in schema.items() if key in ("description", "nullable")
        }
    if schema.get("x-unit") in STAMPS:
        kept = {key: value for key, value in schema.items() if key not in ("format", "x-unit")}
        return kept | {"type": "integer", "customTypePath": f"venues.core.models.{STAMPS[str(schema['x-unit'])]}"}
    return schema | {"type": "integer"} if schema.get("format") == "int64" else schema
