"""JSON Schemas of what is sent, and examples in the types that these schemas have."""

from __future__ import annotations

from decimal import Decimal

from generator.documents.numbers import document_text
from generator.ground.units import with_unit
from generator.model.api import Api
from generator.model.fitting import wire_text
from generator.model.operations import Constant, Operation
from generator.model.types import INTEGERS, Json, Param, Struct, Type
from generator.words.schemas import Schema, description, ended, object_schema, type_schema

RANGES = {"timestamp_ms": (10**11, 10**14 - 1), "timestamp_s": (0, 10**11 - 1)}
"""Times that are sent, by type: up to the year 5138, so that none in another unit fits; in milliseconds, from 1973."""
OBJECTS = frozenset({"list", "map", "struct", "json"})
"""Kinds that are not sent as one plain value, so that documents say how they are written."""
MEDIA = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
SENT_DECIMAL: Schema = {"type": "string", "format": "decimal", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
"""Without an exponent and never empty, unlike numbers that are received: this is what clients write."""


def constant_parameters(operation: Operation) -> list[Schema]:
    """Return what every call sends in a header or the query."""
    return [
        {"name": each.wire, "in": place, "required": True, "schema": {"const": wire_text(each.value)}}
        for each in operation.constants
        if (place := _place(each, operation)) in ("header", "query")
    ]


def constant_members(operation: Operation) -> Schema:
    """Return what every call sends in the body."""
    return {each.wire: {"const": each.value} for each in operation.constants if _place(each, operation) == "body"}


def _place(constant: Constant, operation: Operation) -> str:
    return constant.place or ("query" if operation.carrier == "query" else "body")


class RequestSchemas:
    """Prints schemas and examples of what is sent, by the types of one API."""

    def __init__(self, api: Api) -> None:
        self._enums = {enum.name: enum for enum in api.enums}
        self._structs = {struct.name: struct for struct in api.structs}

    def struct(self, struct: Struct) -> Schema:
        """Return the schema of a struct that is part of a JSON text in a request."""
        members = {param.wire: self._member(param, True) for param in struct.params}
        return object_schema(description(struct), members, [param.wire for param in struct.params if param.required])

    def parameter(self, param: Param, example: Json = None) -> Schema:
        """Return a parameter of the query, path or headers."""
        shown = {"example": self.value(param, example, False)} if example is not None else {}
        made: Schema = {"name": param.wire, "in": param.place, "required": param.required}
        made |= {"description": with_unit(param.doc, param.unit)} | ended(param)
        schema = self.schema(param, False)
        # OpenAPI's way to say that a parameter in the query is a JSON text.
        if param.type.kind in OBJECTS and param.write == "json":
            return made | {"content": {MEDIA["json"]: {"schema": schema} | shown}}
        if param.type.kind == "list":
            # `explode`: ids=1&ids=2 rather than ids=1,2.
            made |= {"style": "form", "explode": param.write == "repeat"}
        return made | {"schema": schema} | shown

    def body(self, operation: Operation, added: Schema) -> Schema:
        """Return the body of a request, with what the signing rule adds to it."""
        params = [param for param in operation.params if param.place == "body"]
        in_json = operation.carrier == "json"
        members = {param.wire: self._member(param, in_json) for param in params} | added
        required = [param.wire for param in params if param.required]
        schema: Schema = {"type": "object", "properties": members}
        schema |= {"required": required} if required else {}
        given = [param for param in params if param.wire in operation.example]
        example = {param.wire: self._example(param, operation.example[param.wire], in_json) for param in given}
        content: Schema = {"schema": schema, "example": example}
        if operation.is_bare:
            (param,) = params
            content = {"schema": members[param.wire], "example": example.get(param.wire)}
        if not in_json and (
            encoding := {param.wire: _encoding(param) for param in params if param.type.kind in OBJECTS}
        ):
            content["encoding"] = encoding
        return {"required": bool(required), "content": {MEDIA["json" if in_json else "form"]: content}}

    def _member(self, param: Param, in_json: bool) -> Schema:
        schema, described = self.schema(param, in_json), {"description": with_unit(param.doc, param.unit)} | ended(
            param
        )
        if in_json or not _is_json_text(param):
            return schema | described
        # A text that holds JSON: of an array, generators would repeat the parameter, or send `[object Object]`.
        return {"type": "string", "contentMediaType": MEDIA["json"], "contentSchema": schema} | described

    def _example(self, param: Param, value: Json, in_json: bool) -> Json:
        found = self.value(param, value, in_json)
        return found if in_json or not _is_json_text(param) else _compact(found)

    def schema(self, param: Param, in_json: bool) -> Schema:
        """Return the schema of a parameter, its range included; inside JSON it depends on how it is written."""
        schema = self._type(param, in_json)
        numeric = schema.get("type") in ("integer", "number")
        # JSON Schema ignores `minimum` for strings, and decimals in a query or form are strings.
        lowest, highest = ("minimum", "maximum") if numeric else ("x-minimum", "x-maximum")
        first, last = RANGES.get(param.type.kind, (None, None))
        extra: Schema = {
            lowest: first if param.minimum is None else param.minimum,
            highest: last if param.maximum is None else param.maximum,
            # JSON Schema searches anywhere in a string; a spec's pattern describes all of it.
            "pattern": f"^(?:{param.pattern})$" if param.pattern is not None else schema.get("pattern"),
            # Exchanges take an empty text for none, and refuse one where a parameter is required.
            "minLength": param.min_length or (1 if param.type.kind == "string" and param.required else None),
            "maxLength": param.max_length,
            "minItems": param.min_items,
            "maxItems": param.max_items,
            "default": self.value(param, param.default, in_json) if param.default is not None else None,
            "enum": [self.value(param, value, in_json) for value in param.values] or None,
            "writeOnly": True if param.secret else None,
        }
        given = {key: value for key, value in extra.items() if value is not None}
        # Beside a reference, several tools overlook what else is said.
        return {"allOf": [schema]} | given if given and "$ref" in schema else schema | given

    def _type(self, param: Param, in_json: bool) -> Schema:
        kind, text = param.type.kind, in_json and param.write == "text"
        if kind == "decimal":
            return {"type": "number", "format": "decimal"} if in_json and not text else dict(SENT_DECIMAL)
        if kind == "enum" and param.values:
            # Fewer values than the enum has: no reference, for generators would offer all of them.
            return {"type": "string" if text else self._enums[param.type.name].base}
        if kind == "enum" and text and self._enums[param.type.name].base == "integer":
            return {"type": "string", "enum": [str(m.value) for m in self._enums[param.type.name].members]}
        return type_schema(param.type, text)

    def value(self, param: Param, value: Json, in_json: bool) -> Json:
        """Return a value from the spec in the type that the parameter's schema has."""
        kind, text = param.type.kind, in_json and param.write == "text"
        if kind in OBJECTS or kind == "string":
            return self._inner(param.type, value)
        if kind == "decimal":
            return Decimal(wire_text(value)) if in_json and not text else wire_text(value)
        if kind == "boolean":
            return wire_text(value) if text else wire_text(value) == "true"
        whole = kind in INTEGERS or self._enums[param.type.name].base == "integer"
        return int(wire_text(value)) if whole and not text else wire_text(value)

    def _inner(self, typed: Type, value: Json) -> Json:
        """Return a value inside a list or an object, which is JSON wherever the parameter goes."""
        if typed.item is not None and isinstance(value, list):
            return [self._inner(typed.item, member) for member in value]
        if typed.kind == "struct" and isinstance(value, dict):
            members = {param.wire: param for param in self._structs[typed.name].params}
            return {wire: self.value(members[wire], member, True) for wire, member in value.items()}
        return value


def _is_json_text(param: Param) -> bool:
    """Whether a list or an object is written as JSON, where it is not part of JSON anyway."""
    return param.type.kind in OBJECTS and (param.write == "json" or param.type.kind != "list")


def _compact(value: Json) -> str:
    return document_text(value)


def _encoding(param: Param) -> Schema:
    """Say how a list or an object is written in a form."""
    if _is_json_text(param):
        return {"contentType": MEDIA["json"]}
    return {"style": "form", "explode": param.write == "repeat"}
