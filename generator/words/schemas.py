"""JSON Schemas of enums and structs."""

from __future__ import annotations

from typing import Any

from generator.ground.units import with_unit
from generator.model.api import Api
from generator.model.types import Enum, Field, Struct, Type
from generator.words.quirks import with_quirks

Schema = dict[str, Any]  # JSON Schema is JSON

SCALARS: dict[str, Schema] = {
    "string": {"type": "string"},
    "integer": {"type": "integer", "format": "int64"},
    "boolean": {"type": "boolean"},
    # Exchanges send decimals in both forms, sometimes within one response.
    "decimal": {"type": ["string", "number"], "format": "decimal"},
    "timestamp_ms": {"type": "integer", "format": "int64", "x-unit": "ms"},
    "timestamp_s": {"type": "integer", "format": "int64", "x-unit": "s"},
    "json": {},
}


def schemas(api: Api, nullable: bool = True) -> Schema:
    """Return the components: every enum and struct; optional members may be null if `nullable`."""
    enums = {enum.name: _enum(enum) for enum in api.enums}
    structs = {struct.name: struct_schema(struct, nullable and not struct.sent) for struct in api.structs}
    return dict(sorted({**enums, **structs}.items()))


def _enum(enum: Enum) -> Schema:
    lines = "\n".join(f"- `{member.value}`: {member.doc}" for member in enum.members)
    values = [member.value for member in enum.members]
    return {
        "type": enum.base,
        "description": f"{enum.doc}\n\n{lines}\n\nOther values may be added at any time.",
        "enum": values,
        "x-enum-varnames": [member.name for member in enum.members],
    }


def struct_schema(struct: Struct, nullable: bool) -> Schema:
    """Return the schema of a struct; that of an array lists its members in order."""
    if struct.array:
        return {
            "type": "array",
            "description": description(struct),
            "prefixItems": [_field(field, nullable) for field in struct.fields],
            "minItems": sum(not field.optional for field in struct.fields),
            "x-members": [field.wire for field in struct.fields],
        }
    members = {field.wire: _field(field, nullable) for field in struct.fields}
    return object_schema(description(struct), members, [field.wire for field in struct.fields if not field.optional])


def object_schema(description: str, members: Schema, required: list[str]) -> Schema:
    """Return the schema of an object."""
    schema: Schema = {"type": "object", "description": description, "properties": members}
    return schema | ({"required": required} if required else {})


def _field(field: Field, nullable: bool) -> Schema:
    schema = _flat(field.type) if field.flat else type_schema(field.type, field.text)
    if field.optional and nullable:
        schema = _nullable(schema)
    secret = {"x-secret": True} if field.secret else {}
    return schema | {"description": with_unit(field.doc, field.unit)} | secret


def _flat(typed: Type) -> Schema:
    """Return the schema of a flat list: the members of its items follow one another."""
    name = typed.item.name if typed.item else ""
    return {"type": "array", "items": {"type": ["string", "number"]}, "x-flat": name}


def description(struct: Struct) -> str:
    """Return the description of a struct, with its quirks."""
    return "\n\n".join(with_quirks(struct.doc, struct.quirks))


def _nullable(schema: Schema) -> Schema:
    kind = schema.get("type")
    if kind is None:
        return {"anyOf": [schema, {"type": "null"}]} if schema else schema
    return schema | {"type": [*kind, "null"] if isinstance(kind, list) else [kind, "null"]}


def type_schema(typed: Type, text: bool = False) -> Schema:
    """Return the schema of a type; `text` says that it arrives inside a string."""
    if typed.kind in ("enum", "struct"):
        return {"$ref": f"#/components/schemas/{typed.name}"}
    if typed.item is not None and typed.kind == "list":
        return {"type": "array", "items": type_schema(typed.item)}
    if typed.item is not None:
        return {"type": "object", "additionalProperties": type_schema(typed.item)}
    scalar = SCALARS[typed.kind]
    return scalar | {"type": "string"} if text and scalar else dict(scalar)
