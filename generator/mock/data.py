"""The spec of an API as the mock exchange reads it: data, without Python.

The mock shares no code with the client; it works from these declarations alone, so it can contradict the client.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import asdict

from generator.ground.json_text import json_text
from generator.mock.conditions import condition_data
from generator.mock.instruments import listing_data
from generator.mock.markets import Markets
from generator.mock.places import Places
from generator.mock.records import record_data
from generator.mock.signing import placement_data, scheme_data, set_members
from generator.mock.streams import stream_data
from generator.model.api import Api
from generator.model.codes import ErrorCode
from generator.model.mock_facts import TIME_UNITS, MockFacts
from generator.model.operations import Constant, Operation, Variant
from generator.model.types import Enum, Param, Rule, Struct, Type

Data = dict[str, Any]  # JSON


def mock_data(api: Api) -> Data:
    """Return the declarations, ready to be written as JSON."""
    signing = api.signing
    places, markets = Places(api), Markets(api)
    return set_members(
        name=api.name,
        title=api.title,
        envelope=set_members(**record_data(api.envelope)),
        credentials={credential.name: credential.example for credential in signing.credentials},
        window_ms=signing.window_ms,
        ahead_ms=signing.ahead_ms,
        window_param=signing.window_param,
        key=[placement_data(p) for p in signing.key],
        schemes=[scheme_data(scheme) for scheme in signing.schemes],
        failures=signing.failures,
        wrong_credentials=signing.wrong_credentials,
        single_use=signing.single_use,
        symbols=set_members(**record_data(api.symbols)) if api.symbols else None,
        errors={
            key: set_members(kind=e.kind, message=message, http=e.http, unknown=e.unknown)
            for key, message, e in _errors(api)
        },
        enums={enum.name: _values(enum) for enum in api.enums},
        structs={struct.name: _struct(struct) for struct in api.structs if struct.sent},
        clock=record_data(api.clock) if api.clock else None,
        operations=[
            _operation(o, places, api.mock) | set_members(listing=listing_data(api, o)) | markets.of(o)
            for o in api.operations
        ],
        **markets.facts(),
        streams=stream_data(api),
    )


def _errors(api: Api) -> Iterator[tuple[str, str, ErrorCode]]:
    """Yield what the mock exchange can refuse with: a code, or a code and the message that narrows it."""
    for error in api.errors:
        yield error.code, error.message, error
        yield from ((f"{error.code} {says}", says, meant) for says, meant in error.meanings)


def _values(enum: Enum) -> list[str]:
    return [str(member.value) for member in enum.members]


def _struct(struct: Struct) -> Data:
    return set_members(params=[_param(param) for param in struct.params], rules=[_rule(rule) for rule in struct.rules])


def _operation(operation: Operation, places: Places, facts: MockFacts) -> Data:
    return set_members(
        group=operation.group,
        name=operation.name,
        summary=operation.summary,
        method=operation.method,
        path=operation.path,
        auth=operation.auth,
        effect=operation.effect,
        carrier=operation.carrier,
        bare=operation.is_bare,
        form_or_query=operation.method in facts.form_or_query,
        payload=operation.payload,
        one_with=facts.one_with.get(operation.full_name),
        disconnect=_disconnect(operation, facts),
        schemes=operation.schemes,
        client_id=operation.client_id,
        batch=_batch(operation),
        errors=[error.code for error in operation.errors],
        params=[_param(param) for param in operation.params],
        constants=[_constant(constant, operation) for constant in operation.constants],
        rules=[_rule(rule) for rule in operation.rules],
        # As text, so that decimals arrive with the digits of the example; a JSON reader would make floats of them.
        response=json_text(operation.response),
        variants=[_variant(variant) for variant in operation.variants],
        joins=operation.joins and record_data(operation.joins),
        places=set_members(**asdict(places.of(operation))),
        finds=[set_members(**asdict(find)) for find in places.finds(operation) if find.param is not None],
        shows=[set_members(**asdict(find)) for find in places.finds(operation) if find.param is None],
    )


def _disconnect(operation: Operation, facts: MockFacts) -> Data | None:
    """Return what the operation sets of what is canceled where connections are lost; nothing for all others."""
    disconnect = facts.disconnect
    if disconnect is None or disconnect.call != operation.full_name:
        return None
    params = {param.wire: param for param in operation.params}
    return set_members(
        product=disconnect.product,
        after=disconnect.after,
        unit_ms=TIME_UNITS[params[disconnect.after].unit or "ms"],
        usual_ms=disconnect.usual_ms,
        topics={topic: {"product": p, "market": market} for topic, (p, market) in disconnect.topics.items()},
    )


def _variant(variant: Variant) -> Data:
    return {"when": [*map(condition_data, variant.when)], "response": json_text(variant.response)}


def _batch(operation: Operation) -> Data:
    """Say where the items of a batch have their ids, and which ids those of the example have."""
    batch = operation.batch
    if batch is None:
        return {}
    items = operation.example.get(batch.wire)
    given = [item.get(batch.member) for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return {"list": batch.wire, "member": batch.member, "ids": given}


def _constant(constant: Constant, operation: Operation) -> Data:
    place = constant.place or ("query" if operation.carrier == "query" else "body")
    return {"wire": constant.wire, "text": _text(constant.value), "place": place}


def _param(param: Param) -> Data:
    return set_members(
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
    return set_members(kind=typed.kind, name=typed.name, item=_type(typed.item) if typed.item else None)


def _rule(rule: Rule) -> Data:
    # Without `why`: the mock judges a rule, and the client's messages explain it.
    when = [condition_data(c) for c in rule.when]
    return set_members(kind=rule.kind, wires=rule.wires, when=when, within_ms=rule.within_ms, under=rule.under)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
