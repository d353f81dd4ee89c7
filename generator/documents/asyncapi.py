"""The AsyncAPI 3.0 document of an API: what a client of its streams sends and receives."""

from __future__ import annotations

from typing import Any

from generator.documents.info import CONTACT, LICENSE
from generator.documents.references import drop_unused_schemas
from generator.documents.stream_frames import ANSWERS, DOCS, SENT, Messages, correlation, frames_of
from generator.documents.stream_servers import bindings, security_schemes, server_names, servers
from generator.ground.naming import pascal
from generator.model.api import Api
from generator.model.channels import Channel, ChannelExample, ChannelParam
from generator.model.connections import Connection
from generator.model.frames import event_of, pushed_payload
from generator.model.streams import Streams
from generator.model.types import Json, Type
from generator.words.decimals import decimals_as_numbers
from generator.words.quirks import with_quirks
from generator.words.schemas import Schema, missing_forms, schemas, struct_schema, type_schema, whole_enums

SIDE = "Written from the client's point of view: `send` is what the client sends, `receive` what it receives."


def document(api: Api, version: str) -> Schema:
    """Return the document, ready to be written as JSON."""
    return drop_unused_schemas(_whole(api, api.streams, version)) if api.streams else {}


def _whole(api: Api, streams: Streams, version: str) -> Schema:
    messages = Messages(api, streams)
    connections = {_of(c): _connection(api, messages, c) for c in streams.connections}
    channels = {channel.name: _channel(api, streams, messages, channel) for channel in streams.channels}
    operations = {name: made for c in streams.connections for name, made in _exchanges(c).items()}
    operations |= {f"receive_{channel.name}": _receive(channel) for channel in streams.channels}
    return {
        "asyncapi": "3.0.0",
        "info": _info(api, streams, version),
        "defaultContentType": "application/json",
        "servers": {name: server for c in streams.connections for name, server in servers(api, c)},
        "channels": connections | channels,
        "operations": operations,
        "components": {
            "schemas": _schemas(api, streams, messages.schemas),
            "messages": messages.made,
            "securitySchemes": security_schemes(api),
            "channelBindings": bindings(api),
        },
    }


def _info(api: Api, streams: Streams, version: str) -> Schema:
    return {
        "title": f"{api.title}: streams",
        "version": version,
        "description": "\n\n".join([streams.doc, *with_quirks(SIDE, streams.quirks)]),
        "contact": CONTACT,
        "license": LICENSE,
        "tags": [{"name": c.name, "description": c.doc} for c in streams.connections],
    }


def _of(connection: Connection) -> str:
    """Name the channel of the frames of a connection that are no pushes."""
    return f"connection_{connection.name}"


def _connection(api: Api, messages: Messages, connection: Connection) -> Schema:
    """Describe a connection as a channel: all frames except pushes of data."""
    frames = frames_of(connection)
    return {
        # The path is part of the server, and so are its variables.
        "address": "/",
        "title": connection.name,
        "summary": connection.doc,
        "servers": _at(api, connection),
        "messages": {
            name: messages.add_frame(name, frame, connection, correlation(frames, name))
            for name, frame in frames.items()
        },
        "tags": _tags(connection.name),
        "bindings": _bound(connection.name),
    }


def _at(api: Api, connection: Connection) -> list[Schema]:
    return [{"$ref": f"#/servers/{name}"} for name in server_names(api, connection)]


def _tags(*connections: str) -> list[Schema]:
    return [{"name": connection} for connection in connections]


def _bound(connection: str) -> Schema:
    return {"$ref": f"#/components/channelBindings/{connection}"}


def _exchanges(connection: Connection) -> Schema:
    """Return the operations of a connection: each request with its answers, then what comes unasked."""
    frames = frames_of(connection)
    made: Schema = {}
    answers: set[str] = set()
    for request in ANSWERS:
        if request in frames:
            replies = [name for name in ANSWERS[request] if name in frames]
            answers |= {request, *replies}
            action = "send" if request in SENT else "receive"
            made[f"{request}_{connection.name}"] = _operation(connection, action, request, replies)
    for name in frames:
        if name not in answers:
            made[f"receive_{name}_{connection.name}"] = _operation(connection, "receive", name, [])
    return made


def _operation(connection: Connection, action: str, message: str, replies: list[str]) -> Schema:
    channel = {"$ref": f"#/channels/{_of(connection)}"}
    made: Schema = {
        "action": action,
        "channel": channel,
        "title": DOCS[message].rstrip("."),
        "summary": DOCS[message],
        "description": connection.doc,
        "tags": _tags(connection.name),
        "messages": [_message(connection, message)],
    }
    answered = {"channel": channel, "messages": [_message(connection, reply) for reply in replies]}
    return made | ({"reply": answered} if replies else {})


def _message(connection: Connection, name: str) -> Schema:
    return {"$ref": f"#/channels/{_of(connection)}/messages/{name}"}


def _receive(channel: Channel) -> Schema:
    kinds = ["push"] if channel.payload else list(channel.events)
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "title": channel.class_name,
        "summary": channel.summary,
        "description": _described(channel),
        "tags": _tags(*channel.connections),
        "messages": [{"$ref": f"#/channels/{channel.name}/messages/{kind}"} for kind in kinds],
    }


def _described(channel: Channel) -> str:
    return "\n\n".join(with_quirks(channel.doc or channel.summary, channel.quirks))


def _channel(api: Api, streams: Streams, messages: Messages, channel: Channel) -> Schema:
    connection = streams.connection(channel.connection)
    carriers = [streams.connection(name) for name in channel.connections]
    made: Schema = {
        "address": _address(channel),
        "title": channel.class_name,
        "summary": channel.summary,
        "description": _described(channel),
        "servers": [each for carrier in carriers for each in _at(api, carrier)],
        "messages": _pushes(messages, channel, connection),
        "tags": _tags(*(carrier.name for carrier in carriers)),
        "bindings": _bound(connection.name),
        "externalDocs": {"url": channel.page.url, "description": channel.heading or channel.name},
        "x-delivers": channel.delivers,
    }
    made |= _parameters(api, channel)
    if channel.topic is not None:
        made["x-topic"] = channel.topic
    return made


def _address(channel: Channel) -> str:
    topic = channel.topic
    if topic is None:
        return channel.name
    text = "/".join(map(str, topic.values())) if isinstance(topic, dict) else str(topic)
    # Brackets mark an optional part of a topic; an address in AsyncAPI has no such thing, so it has all parts.
    return text.replace("[", "").replace("]", "")


def _parameters(api: Api, channel: Channel) -> Schema:
    """Return the parameters of a channel; those that its address lacks choose the connection."""
    address = _address(channel)
    found = {param.wire: _parameter(api, param) for param in channel.params}
    inside = {wire: made for wire, made in found.items() if f"{{{wire}}}" in address}
    others = {wire: made for wire, made in found.items() if wire not in inside}
    return ({"parameters": inside} if inside else {}) | ({"x-parameters": others} if others else {})


def _parameter(api: Api, value: ChannelParam) -> Schema:
    param = value.param
    made: Schema = {"description": param.doc}
    enum = next((enum for enum in api.enums if enum.name == param.type.name), None)
    values = list(map(str, param.values)) or ([str(m.value) for m in enum.members] if enum else [])
    if values:
        made["enum"] = values
    if param.default is not None:
        made["default"] = str(param.default)
    return made | ({"examples": [str(param.example)]} if param.example is not None else {})


def _pushes(messages: Messages, channel: Channel, connection: Connection) -> Schema:
    templates = connection.receive.get("push", ("{data}",))
    kinds: dict[str, Type] = {"push": channel.payload} if channel.payload else channel.events
    made: Schema = {}
    for kind, typed in kinds.items():
        # Channels of one account may carry the same struct; the name of the channel distinguishes them.
        name = f"{channel.class_name}{'' if channel.payload else typed.name}Push"
        examples = [e for e in _examples_of(channel, templates, kind) if isinstance(e.push, dict)]
        message: Schema = {"summary": channel.summary}
        message |= {"examples": [{"payload": example.push} for example in examples]} if examples else {}
        made[kind] = messages.add_push(name, pascal(connection.name), templates[0], type_schema(typed), message)
    return made


def _examples_of(channel: Channel, templates: tuple[Json, ...], kind: str) -> list[ChannelExample]:
    """Return the examples of one kind of payload; all if the channel has only one."""
    if channel.payload is not None:
        return list(channel.examples)
    return [each for each in channel.examples if event_of(channel, pushed_payload(templates, each.push)) == kind]


def _schemas(api: Api, streams: Streams, frames: Schema) -> Schema:
    """Return the schemas of frames and payloads, beside those of REST."""
    numbers = decimals_as_numbers(api)
    every = schemas(api) | {
        s.name: struct_schema(s, missing_forms(api), numbers, whole_enums(api)) for s in streams.structs
    }
    return dict(sorted(({name: _tuples(schema) for name, schema in every.items()} | frames).items()))


def _tuples(schema: Any) -> Any:
    """Write arrays of differing members as JSON Schema draft 7 does, on which AsyncAPI 3.0 is based."""
    if isinstance(schema, list):
        return [_tuples(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    names = {"prefixItems": "items", "items": "additionalItems"} if "prefixItems" in schema else {}
    return {names.get(key, key): _tuples(member) for key, member in schema.items()}
