"""Makes the OpenAPI 3.1 document of an API; the models are made from its components."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from generator.model import (
    Api,
    Condition,
    Enum,
    Field,
    Json,
    Operation,
    Param,
    Placement,
    Quirk,
    Rule,
    Scheme,
    Struct,
    Type,
)

Schema = dict[str, Any]  # JSON Schema is JSON

SCALARS: dict[str, Schema] = {
    "string": {"type": "string"},
    "integer": {"type": "integer", "format": "int64"},
    "boolean": {"type": "boolean"},
    "decimal": {"type": ["string", "number"], "format": "decimal"},
    "timestamp_ms": {"type": "integer", "format": "int64", "x-unit": "ms"},
    "timestamp_s": {"type": "integer", "format": "int64", "x-unit": "s"},
    "json": {},
}
MEDIA = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


def document(api: Api, version: str) -> Schema:
    """Return the document, ready to be written as JSON."""
    return {
        "openapi": "3.1.0",
        "info": {"title": api.title, "version": version, "summary": api.summary, "x-quirks": _quirks(api.quirks)},
        "servers": [
            {"url": server.rest, "description": server.doc or server.name, "x-environment": server.name}
            for server in api.servers
        ],
        "tags": [{"name": group.name, "description": group.doc} for group in api.groups],
        "paths": _paths(api),
        "components": {"schemas": schemas(api), "securitySchemes": _security_schemes(api)},
        "x-error-codes": {
            error.code: {"kind": error.kind, "message": error.message, "outcome": _outcome(error.unknown)}
            for error in api.errors
        },
        "x-signing": {scheme.name: _signing(scheme) for scheme in api.signing.schemes},
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
    """Return the schema of a struct; an array says its members in order."""
    if struct.array:
        return {
            "type": "array",
            "description": _told(struct),
            "prefixItems": [_field(field, nullable) for field in struct.fields],
            "minItems": sum(not field.optional for field in struct.fields),
            "x-members": [field.wire for field in struct.fields],
        }
    schema: Schema = {
        "type": "object",
        "description": _told(struct),
        "properties": {field.wire: _field(field, nullable) for field in struct.fields},
    }
    required = [field.wire for field in struct.fields if not field.optional]
    if required:
        schema["required"] = required
    return schema


def _field(field: Field, nullable: bool) -> Schema:
    schema = _flat(field.type) if field.flat else type_schema(field.type, field.text)
    if field.optional and nullable:
        schema = _nullable(schema)
    return schema | {"description": _described(field.doc, field.unit)}


def _flat(typed: Type) -> Schema:
    """Return the schema of a list whose members' members follow one another."""
    name = typed.item.name if typed.item else ""
    return {"type": "array", "items": {"type": ["string", "number"]}, "x-flat": name}


def _told(struct: Struct) -> str:
    return "\n\n".join([struct.doc, *(f"Quirk: {quirk.what} {quirk.why}" for quirk in struct.quirks)])


def _nullable(schema: Schema) -> Schema:
    kind = schema.get("type")
    if kind is None:
        return {"anyOf": [schema, {"type": "null"}]} if schema else schema
    return schema | {"type": [*kind, "null"] if isinstance(kind, list) else [kind, "null"]}


def _described(doc: str, unit: str | None) -> str:
    return f"{doc.rstrip('.')}, in {unit}." if unit else doc


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


def _paths(api: Api) -> Schema:
    paths: Schema = {}
    for operation in api.operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(api, operation)
    return paths


def _operation(api: Api, operation: Operation) -> Schema:
    made: Schema = {
        "operationId": f"{operation.group}_{operation.name}",
        "tags": [operation.group],
        "summary": operation.summary,
        "externalDocs": {"url": operation.page.url, "description": operation.heading},
        "parameters": [_parameter(param) for param in operation.params if param.place != "body"],
        "responses": _responses(api, operation),
        "security": _security(api, operation),
        "x-effect": operation.effect,
    }
    if operation.doc or operation.quirks:
        made["description"] = "\n\n".join(
            filter(None, [operation.doc, *(f"Quirk: {q.what} {q.why}" for q in operation.quirks)])
        )
    body = [param for param in operation.params if param.place == "body"]
    if body:
        made["requestBody"] = _body(operation, body)
    if operation.deprecated:
        made["deprecated"] = True
    return made | _extensions(operation)


def _extensions(operation: Operation) -> Schema:
    made: Schema = {}
    if operation.limit:
        limit = operation.limit
        made["x-rate-limit"] = {limit.unit: limit.amount, "per": limit.per, "by": limit.by}
    if operation.costs:
        made["x-cost"] = {
            cost.bucket: [{"is": c.amount, "when": [_condition(w) for w in c.when]} for c in cost.cases]
            for cost in operation.costs
        }
    if operation.rules:
        made["x-rules"] = [_rule(rule) for rule in operation.rules]
    if operation.client_id:
        made["x-client-id"] = operation.client_id
    if operation.permission:
        made["x-permission"] = operation.permission
    return made


def _rule(rule: Rule) -> Schema:
    made: Schema = {rule.kind: list(rule.wires)}
    if rule.when:
        made["when"] = [_condition(condition) for condition in rule.when]
    if rule.within_ms:
        made["withinMs"] = rule.within_ms
    return made


def _condition(condition: Condition) -> Schema:
    made: Schema = {"param": condition.wire}
    if condition.values:
        made["values"] = list(condition.values)
    if condition.present is not None:
        made["present"] = condition.present
    if condition.minimum is not None:
        made["min"] = condition.minimum
    if condition.maximum is not None:
        made["max"] = condition.maximum
    return made


def _parameter(param: Param) -> Schema:
    made: Schema = {
        "name": param.wire,
        "in": param.place,
        "required": param.required,
        "description": _described(param.doc, param.unit),
    }
    schema = param_schema(param)
    if param.type.kind in ("list", "map", "struct", "json") and param.write == "json":
        return made | {"content": {"application/json": {"schema": schema}}}
    made["schema"] = schema
    if param.type.kind == "list":
        made |= {"style": "form", "explode": param.write == "repeat"}
    return made | ({"example": param.example} if param.example is not None else {})


def param_schema(param: Param) -> Schema:
    """Return the schema of a parameter, its range included."""
    scalar = param.type.kind not in ("list", "map", "struct", "json", "enum")
    schema = type_schema(param.type, scalar and param.write == "text" and param.place == "body")
    if param.type.kind == "decimal":
        schema["type"] = "string" if param.write == "text" else "number"
    extra: Schema = {"pattern": param.pattern, "minLength": param.min_length, "maxLength": param.max_length}
    extra |= {"minItems": param.min_items, "maxItems": param.max_items}
    extra["default"] = param.default
    if schema.get("type") in ("integer", "number"):
        extra |= {"minimum": param.minimum, "maximum": param.maximum}
    else:
        extra |= {"x-minimum": param.minimum, "x-maximum": param.maximum}
    if param.values:
        extra["x-values"] = list(param.values)
    return schema | {key: value for key, value in extra.items() if value is not None}


def _body(operation: Operation, params: list[Param]) -> Schema:
    schema: Schema = {
        "type": "object",
        "properties": {
            param.wire: param_schema(param) | {"description": _described(param.doc, param.unit)} for param in params
        },
    }
    required = [param.wire for param in params if param.required]
    if required:
        schema["required"] = required
    example = {wire: value for wire, value in operation.example.items() if wire in {param.wire for param in params}}
    content = {"schema": schema, "example": example}
    return {"required": bool(required), "content": {MEDIA.get(operation.carrier, MEDIA["json"]): content}}


def _responses(api: Api, operation: Operation) -> Schema:
    content = {"schema": _answer(api, operation), "example": operation.response}
    codes = ", ".join(error.code for error in operation.errors)
    refused = {
        "description": f"Refused{': codes such as ' + codes if codes else ''}.",
        "content": {"application/json": {"schema": _refusal(api)}},
    }
    return {
        "200": {"description": "Answered.", "content": {"application/json": content}},
        "4XX": refused,
        "5XX": {"description": "The exchange failed."},
    }


def _refusal(api: Api) -> Schema:
    envelope = api.envelope
    members = {
        envelope.code: {"type": ["string", "integer"]},
        **{name: {"type": "string"} for name in envelope.message},
    }
    return {"type": "object", "properties": members, "required": [envelope.code]}


def _answer(api: Api, operation: Operation) -> Schema:
    payload = type_schema(operation.returns) if operation.returns else {}
    if operation.single and operation.returns and operation.returns.item:
        payload = {"oneOf": [type_schema(operation.returns.item), payload]}
    if operation.unwrap:
        payload = {
            "anyOf": [
                payload,
                {"type": "object", "properties": {operation.unwrap: payload}, "required": [operation.unwrap]},
            ]
        }
    if operation.payload == "body" or api.envelope.data is None:
        return payload
    members: Schema = {
        api.envelope.code: {"type": ["string", "integer"]},
        **{name: {"type": "string"} for name in api.envelope.message},
    }
    members |= {name: {"description": doc} for name, doc in api.envelope.other.items()}
    required = [api.envelope.code]
    if operation.returns:
        members[api.envelope.data] = payload
        required.append(api.envelope.data)
    return {"type": "object", "properties": members, "required": required}


def _security(api: Api, operation: Operation) -> list[Schema]:
    if operation.auth == "none":
        return []
    if operation.auth == "key":
        return [{"key": []}]
    names = operation.schemes or tuple(scheme.name for scheme in api.signing.schemes)
    return [{name: []} for name in names]


def _security_schemes(api: Api) -> Schema:
    made = {scheme.name: _security_scheme(scheme.place, scheme.doc) for scheme in api.signing.schemes}
    if api.signing.key:
        made["key"] = _security_scheme(api.signing.key, "The key alone, without signature.")
    return made


def _security_scheme(place: tuple[Placement, ...], doc: str) -> Schema:
    first = next((p for p in place if p.value != "timestamp"), place[0])
    return {
        "type": "apiKey",
        "name": first.name,
        "in": "header" if first.place == "header" else "query",
        "description": doc,
    }


def _signing(scheme: Scheme) -> Schema:
    return {
        "description": scheme.doc,
        "payload": list(scheme.payload),
        "algorithm": scheme.algorithm,
        "encoding": scheme.encoding,
        "place": [{"in": p.place, "name": p.name, "value": p.value} for p in scheme.place],
        "signature": {"in": scheme.signature.place, "name": scheme.signature.name} if scheme.signature else None,
    }


def _outcome(unknown: bool) -> str:
    return "unknown" if unknown else "rejected"


def _quirks(quirks: tuple[Quirk, ...]) -> list[Json]:
    return [{"what": quirk.what, "why": quirk.why} for quirk in quirks]


def plain_numbers(value: Any) -> Any:
    """Turn exact numbers into what JSON prints: integers, or floats that print the same."""
    if isinstance(value, dict):
        return {key: plain_numbers(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_numbers(member) for member in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
