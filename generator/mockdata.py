"""What the mock exchange needs to know of an API: the specification as data, without Python.

The mock shares no code with the client; it works from these declarations alone.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from generator.model import Api, Enum, Operation, Param, Placement, Rule, Scheme, Struct, Type

Data = dict[str, Any]  # JSON


def mock_data(api: Api) -> Data:
    """Return the declarations, ready to be written as JSON."""
    signing = api.signing
    return {
        "name": api.name,
        "title": api.title,
        "envelope": asdict(api.envelope),
        "credentials": {credential.name: credential.example for credential in signing.credentials},
        "window_ms": signing.window_ms,
        "ahead_ms": signing.ahead_ms,
        "window_param": signing.window_param,
        "key": [_placement(p) for p in signing.key],
        "schemes": [_scheme(scheme) for scheme in signing.schemes],
        "failures": signing.failures,
        "errors": {
            e.code: {"kind": e.kind, "message": e.message, "http": e.http, "unknown": e.unknown} for e in api.errors
        },
        "statuses": {e.code: {"kind": e.kind, "message": e.message} for e in api.http_errors},
        "enums": {enum.name: _values(enum) for enum in api.enums},
        "structs": {struct.name: _struct(struct) for struct in api.structs if struct.sent},
        "clock": asdict(api.clock) if api.clock else None,
        "operations": [_operation(operation) for operation in api.operations],
    }


def _placement(value: Placement) -> Data:
    return {"place": value.place, "name": value.name, "value": value.value, "prefix": value.prefix}


def _scheme(scheme: Scheme) -> Data:
    made = {
        "name": scheme.name,
        "credentials": scheme.credentials,
        "time": scheme.time,
        "place": [_placement(p) for p in scheme.place],
        "params": {
            "sorted": scheme.params_sorted,
            "percent": scheme.params_percent,
            "drop_empty": scheme.params_drop_empty,
            "sort_inner": scheme.params_sort_inner,
        },
        "payload": scheme.payload,
        "algorithm": scheme.algorithm,
        "secret": scheme.secret,
        "encoding": scheme.encoding,
        "signature": _placement(scheme.signature) if scheme.signature else None,
    }
    return made


def _values(enum: Enum) -> list[str]:
    return [str(member.value) for member in enum.members]


def _struct(struct: Struct) -> Data:
    return {"params": [_param(param) for param in struct.params], "rules": [_rule(rule) for rule in struct.rules]}


def _operation(operation: Operation) -> Data:
    return {
        "group": operation.group,
        "name": operation.name,
        "method": operation.method,
        "path": operation.path,
        "auth": operation.auth,
        "effect": operation.effect,
        "carrier": operation.carrier,
        "schemes": operation.schemes,
        "client_id": operation.client_id,
        "params": [_param(param) for param in operation.params],
        "rules": [_rule(rule) for rule in operation.rules],
        "response": operation.response,
    }


def _param(param: Param) -> Data:
    made = {
        "wire": param.wire,
        "type": _type(param.type),
        "required": param.required,
        "place": param.place,
        "write": param.write,
        "default": param.default,
        "min": param.minimum,
        "max": param.maximum,
        "pattern": param.pattern,
        "min_length": param.min_length,
        "max_length": param.max_length,
        "min_items": param.min_items,
        "max_items": param.max_items,
        "values": [_text(value) for value in param.values] or None,
    }
    return {key: value for key, value in made.items() if value is not None}


def _type(typed: Type) -> Data | str:
    if typed.item is not None:
        return {typed.kind: _type(typed.item)}
    return {typed.kind: typed.name} if typed.name else typed.kind


def _rule(rule: Rule) -> Data:
    when = [
        {
            "wire": c.wire,
            "values": [_text(v) for v in c.values],
            "present": c.present,
            "min": c.minimum,
            "max": c.maximum,
        }
        for c in rule.when
    ]
    return {"kind": rule.kind, "wires": rule.wires, "when": when, "within_ms": rule.within_ms}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
