"""JSON Schemas of enums and structs."""

from __future__ import annotations

from typing import Any

from generator.ground.units import with_unit
from generator.model.api import Api
from generator.model.types import Enum, Field, Param, Struct, Type
from generator.words.decimals import Place, decimals_as_numbers
from generator.words.quirks import with_quirks

Schema = dict[str, Any]  # JSON Schema is JSON

SCALARS: dict[str, Schema] = {
    "string": {"type": "string"},
    "integer": {"type": "integer", "format": "int64"},
    "boolean": {"type": "boolean"},
    "decimal": {"$ref": "#/components/schemas/Decimal"},
    "timestamp_ms": {"type": "integer", "format": "int64", "x-unit": "ms"},
    "timestamp_s": {"type": "integer", "format": "int64", "x-unit": "s"},
    "json": {},
}
# One component each, and not a type in every member: generators would make a class of each of those.
DECIMAL: Schema = {
    "type": "string",
    "format": "decimal",
    # Some exchanges write an empty text where there is no number.
    "pattern": "^(-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?)?$",
    "description": "An exact number, written as text: reading it as a float loses digits.",
}
DECIMAL_OR_NUMBER: Schema = {
    "type": ["string", "number"],
    "format": "decimal",
    "x-exact": True,
    "description": "An exact number that the exchange sends as text or as a JSON number; don't read it as a float.",
}
NUMBERS: dict[str, Schema] = {"Decimal": DECIMAL, "DecimalOrNumber": DECIMAL_OR_NUMBER}
"""Components of every document; no type may have one of these names."""
NULL: Schema = {"type": "null"}
EMPTY: Schema = {"type": "string", "maxLength": 0}
"""An empty text that stands for a value that is missing."""
BOTH: Schema = {"$ref": "#/components/schemas/DecimalOrNumber"}


def schemas(api: Api) -> Schema:
    """Return the components: every enum and struct."""
    numbers = decimals_as_numbers(api)
    whole = whole_enums(api)
    enums = {enum.name: _enum(enum) for enum in api.enums}
    texts = {_as_text(enum.name): _enum(enum, as_text=True) for enum in api.enums if enum.name in whole}
    missing = missing_forms(api)
    structs = {s.name: struct_schema(s, () if s.sent else missing, numbers, whole) for s in api.structs}
    return dict(sorted({**NUMBERS, **enums, **texts, **structs}.items()))


def missing_forms(api: Api) -> tuple[Schema, ...]:
    """Return what may stand for a missing member in answers."""
    return (NULL, EMPTY) if api.envelope.empty_is_missing else (NULL,)


def whole_enums(api: Api) -> frozenset[str]:
    """Return the enums whose values are whole numbers; inside a text they have a schema of their own."""
    return frozenset(enum.name for enum in api.enums if enum.base == "integer")


def _as_text(enum: str) -> str:
    return f"{enum}AsText"


def _enum(enum: Enum, as_text: bool = False) -> Schema:
    lines = "\n".join(f"- `{member.value}`: {member.doc}" for member in enum.members)
    values = [str(member.value) if as_text else member.value for member in enum.members]
    gone = [value for value, member in zip(values, enum.members, strict=True) if member.is_deprecated]
    return {
        "type": "string" if as_text else enum.base,
        "description": f"{enum.doc}\n\n{lines}\n\nOther values may be added at any time.",
        "enum": values,
        "x-enum-varnames": [member.name for member in enum.members],
    } | ({"x-deprecated-values": gone} if gone else {})


def struct_schema(
    struct: Struct, missing: tuple[Schema, ...], numbers: frozenset[Place], whole: frozenset[str]
) -> Schema:
    """Return the schema of a struct; that of an array lists its members in order.

    Args:
        struct: What is described.
        missing: What may stand for an optional member.
        numbers: The decimals that may arrive as JSON numbers.
        whole: The enums whose values are whole numbers.
    """
    fields = [(field, _field(field, missing, (struct.name, field.wire) in numbers, whole)) for field in struct.fields]
    if struct.array:
        return {
            "type": "array",
            "description": description(struct),
            "prefixItems": [schema for _, schema in fields],
            # Exchanges append members, and tools want every array to say what else is in it.
            "items": {},
            "minItems": sum(not field.optional for field in struct.fields),
            "x-members": [field.wire for field in struct.fields],
        }
    members = {field.wire: schema for field, schema in fields}
    return object_schema(description(struct), members, [field.wire for field in struct.fields if not field.optional])


def object_schema(description: str, members: Schema, required: list[str]) -> Schema:
    """Return the schema of an object."""
    schema: Schema = {"type": "object", "description": description, "properties": members}
    return schema | ({"required": required} if required else {})


def _field(field: Field, missing: tuple[Schema, ...], is_number: bool, whole: frozenset[str]) -> Schema:
    if field.text and field.type.name in whole:
        schema: Schema = {"$ref": f"#/components/schemas/{_as_text(field.type.name)}"}
    else:
        schema = _flat(field.type) if field.flat else BOTH if is_number else type_schema(field.type, field.text)
    if field.optional and missing:
        schema = _optional(schema, missing)
    extra = {"x-also": list(field.also)} if field.also else {}
    secret = {"x-secret": True} if field.secret else {}
    return schema | {"description": with_unit(field.doc, field.unit)} | extra | secret | ended(field)


def ended(member: Field | Param) -> Schema:
    """Return the word of OpenAPI and JSON Schema for what should no longer be used; nothing for the rest."""
    return {"deprecated": True} if member.is_deprecated else {}


def _flat(typed: Type) -> Schema:
    """Return the schema of a flat list: the members of its items follow one another."""
    name = typed.item.name if typed.item else ""
    return {"type": "array", "items": {"type": ["string", "number"]}, "x-flat": name}


def description(struct: Struct) -> str:
    """Return the description of a struct, with its quirks."""
    return "\n\n".join(with_quirks(struct.doc, struct.quirks))


def _optional(schema: Schema, missing: tuple[Schema, ...]) -> Schema:
    kind = schema.get("type")
    if kind is None:
        return {"anyOf": [schema, *missing]} if schema else schema
    kinds = kind if isinstance(kind, list) else [kind]
    nullable = schema | {"type": [*kinds, "null"]}
    # A string may be empty anyway.
    return nullable if EMPTY not in missing or "string" in kinds else {"anyOf": [nullable, EMPTY]}


def type_schema(typed: Type, text: bool = False) -> Schema:
    """Return the schema of a type; `text` says that it arrives inside a string."""
    if typed.kind in ("enum", "struct"):
        return {"$ref": f"#/components/schemas/{typed.name}"}
    if typed.item is not None and typed.kind == "list":
        return {"type": "array", "items": type_schema(typed.item)}
    if typed.item is not None:
        return {"type": "object", "additionalProperties": type_schema(typed.item)}
    scalar = SCALARS[typed.kind]
    return scalar | {"type": "string"} if text and "type" in scalar else dict(scalar)
