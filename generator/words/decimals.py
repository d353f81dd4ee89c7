"""Which decimals of an API arrive as JSON numbers, as its examples show; all others are taken to be text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from generator.model.api import Api
from generator.model.channels import Channel
from generator.model.frames import event_of, pushed_payload
from generator.model.streams import Streams
from generator.model.types import Json, Struct, Type

Place = tuple[str, str]
"""A struct, and the wire name of one of its members."""


def decimals_as_numbers(api: Api) -> frozenset[Place]:
    """Return the members that are decimals and are a number in an example."""
    structs = {struct.name: struct for struct in (*api.structs, *(api.streams.structs if api.streams else ()))}
    values = [*_answers(api), *(_pushes(api.streams) if api.streams else ())]
    return frozenset(place for typed, value in values for place in _numbers(typed, value, structs))


def _answers(api: Api) -> Iterator[tuple[Type, Json]]:
    for operation in api.operations:
        value = operation.response
        if operation.payload == "data" and api.envelope.data and isinstance(value, dict):
            value = value.get(api.envelope.data)
        if operation.unwrap and isinstance(value, dict):
            value = value.get(operation.unwrap, value)
        if operation.returns is not None:
            yield operation.returns, value


def _pushes(streams: Streams) -> Iterator[tuple[Type, Json]]:
    for channel in streams.channels:
        templates = streams.connection(channel.connection).receive.get("push", ("{data}",))
        for example in channel.examples:
            data = pushed_payload(templates, example.push)
            typed = channel.payload or _event(channel, data)
            if typed is not None:
                yield typed, data


def _event(channel: Channel, data: Json) -> Type | None:
    return channel.events.get(event_of(channel, data) or "")


def _numbers(typed: Type, value: Json, structs: Mapping[str, Struct]) -> Iterator[Place]:
    """Yield the decimals inside a value that are numbers."""
    if typed.item is not None:
        items = value if isinstance(value, list) else [value]
        members = value.values() if isinstance(value, dict) and typed.kind == "map" else items
        for member in members:
            yield from _numbers(typed.item, member, structs)
    struct = structs.get(typed.name) if typed.kind == "struct" else None
    if struct is None or not isinstance(value, (dict, list)):
        return
    for index, field in enumerate(struct.fields):
        found = value.get(field.wire) if isinstance(value, dict) else next(iter(value[index : index + 1]), None)
        if field.type.kind == "decimal" and isinstance(found, (int, float, Decimal)) and not isinstance(found, bool):
            yield struct.name, field.wire
        yield from _numbers(field.type, found, structs)
