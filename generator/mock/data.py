"""What the mock exchange needs to know of an API: the specification as data, without Python.

The mock shares no code with the client; it works from these declarations alone.
Members that are unset (empty, false or null) are omitted: the file is shipped, and read at the start of every test.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from generator.ground.json_text import json_text
from generator.mock.places import ExamplePlaces
from generator.mock.streams import stream_data
from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.signing import Placement, Scheme
from generator.model.types import Condition, Enum, Param, Rule, Struct, Type

Data = dict[str, Any]  # JSON


def mock_data(api: Api) -> Data:
    """Return the declarations, ready to be written as JSON."""
    signing = api.signing
    places = ExamplePlaces(api)
    return _without_unset(
        name=api.name,
        title=api.title,
        envelope=_without_unset(**asdict(api.envelope)),
        credentials={credential.name: credential.example for credential in signing.credentials},
        window_ms=signing.window_ms,
        ahead_ms=signing.ahead_ms,
        window_param=signing.window_param,
        key=[_placement(p) for p in signing.key],
        schemes=[_scheme(scheme) for scheme in signing.schemes],
        failures=signing.failures,
        wrong_credentials=signing.wrong_credentials,
        single_use=signing.single_use,
        symbols=_without_unset(**asdict(api.symbols)) if api.symbols else None,
        errors={
            e.code: _without_unset(kind=e.kind, message=e.message, http=e.http, unknown=e.unknown) for e in api.errors
        },
        enums={enum.name: _enum_values(enum) for enum in api.enums},
        structs={struct.name: _struct(struct) for struct in api.structs if struct.sent},
        clock=asdict(api.clock) if api.clock else None,
        operations=[_operation(operation, places) for operation in api.operations],
        streams=stream_data(api),
    )


def _without_unset(**members: object) -> Data:
    """Omit unset members; 0 is kept because it may be a bound."""
    return {name: value for name, value in members.items() if value or (value == 0 and value is not False)}


def _placement(value: Placement) -> Data:
    return _without_unset(place=value.place, name=value.name, value=value.value, prefix=value.prefix)


def _scheme(scheme: Scheme) -> Data:
    return _without_unset(
        name=scheme.name,
        credentials=scheme.credentials,
        time=scheme.time,
        place=[_placement(p) for p in scheme.place],
        params=_without_unset(
            sorted=scheme.params_sorted,
            percent=scheme.params_percent,
            drop_empty=scheme.params_drop_empty,
            sort_inner=scheme.params_sort_inner,
        ),
        payload=scheme.payload,
        algorithm=scheme.algorithm,
        secret=scheme.secret,
        encoding=scheme.encoding,
        signature=_placement(scheme.signature) if scheme.signature else None,
    )


def _enum_values(enum: Enum) -> list[str]:
    return [str(member.value) for member in enum.members]


def _struct(struct: Struct) -> Data:
    return _without_unset(
        params=[_param(param) for param in struct.params], rules=[_rule(rule) for rule in struct.rules]
    )


def _operation(operation: Operation, places: ExamplePlaces) -> Data:
    return _without_unset(
        group=operation.group,
        name=operation.name,
        summary=operation.summary,
        method=operation.method,
        path=operation.path,
        auth=operation.auth,
        effect=operation.effect,
        carrier=operation.carrier,
        payload=operation.payload,
        schemes=operation.schemes,
        client_id=operation.client_id,
        errors=[error.code for error in operation.errors],
        params=[_param(param) for param in operation.params],
        rules=[_rule(rule) for rule in operation.rules],
        response=json_text(operation.response),
        places=_without_unset(**asdict(places.of(operation))),
        finds=[_without_unset(**asdict(find)) for find in places.finds(operation) if find.param is not None],
        shows=[_without_unset(**asdict(find)) for find in places.finds(operation) if find.param is None],
    )


def _param(param: Param) -> Data:
    return _without_unset(
        wire=param.wire,
        type=_type(param.type),
        required=param.required,
        place=param.place,
        write=param.write,
        default=None if param.default is None else _text(param.default),
        minimum=param.minimum,
        maximum=param.maximum,
        pattern=param.pattern,
        min_length=param.min_length,
        max_length=param.max_length,
        min_items=param.min_items,
        max_items=param.max_items,
        values=[_text(value) for value in param.values],
    )


def _type(typed: Type) -> Data:
    return _without_unset(kind=typed.kind, name=typed.name, item=_type(typed.item) if typed.item else None)


def _rule(rule: Rule) -> Data:
    when = [_condition(c) for c in rule.when]
    return _without_unset(kind=rule.kind, wires=rule.wires, when=when, within_ms=rule.within_ms, under=rule.under)


def _condition(condition: Condition) -> Data:
    data = _without_unset(
        wire=condition.wire,
        values=[_text(value) for value in condition.values],
        minimum=condition.minimum,
        maximum=condition.maximum,
    )
    # `present: false` means something, so it must not go with the unset members.
    return data if condition.present is None else data | {"present": condition.present}


def _text(value: object) -> str:
    # As it stands on the wire: the mock compares texts, and True is no word of any exchange.
    return str(value).lower() if isinstance(value, bool) else str(value)
