"""The AsyncAPI 3.0 document of an API: what a client of its streams sends and receives."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from generator.ground.naming import pascal
from generator.model.api import Api, Server
from generator.model.frames import event_of, pushed_payload
from generator.model.reach import reachable
from generator.model.streams import Beat, Channel, ChannelExample, ChannelParam, Connection, Message, Streams
from generator.model.types import Json, Type
from generator.words.decimals import decimals_as_numbers
from generator.words.quirks import with_quirks
from generator.words.schemas import NUMBERS, schemas, struct_schema, type_schema

Schema = dict[str, Any]  # JSON

MEANINGS = {
    "id": "Id of the request.",
    "topic": "Topic.",
    "topics": "Topics.",
    "code": "Error code.",
    "message": "Error message.",
    "time": "Time of sending, in milliseconds.",
    "action": "Kind of push.",
    "timestamp": "Time of the login; part of the signed text.",
    "signature": "Signature.",
}
SENT = {
    "subscribe": "Subscribes to topics.",
    "unsubscribe": "Unsubscribes from topics.",
    "list": "Requests the list of topics.",
}
RECEIVED = {
    "subscribed": "A subscription was accepted.",
    "unsubscribed": "Topics were unsubscribed.",
    "listed": "The list of topics.",
    "refused": "A frame was rejected.",
    "failed": "A push with an error instead of data.",
    "greeting": "A greeting.",
}


def document(api: Api, version: str) -> Schema:
    """Return the document, ready to be written as JSON."""
    streams = api.streams
    if streams is None:
        return {}
    side = "Written from the client's point of view: `send` is what the client sends, `receive` what it receives."
    connections = {f"connection_{c.name}": _connection(streams, c) for c in streams.connections}
    operations = {f"send_{name}": _operation("send", name, c) for name, c in connections.items() if _sends(c)}
    operations |= {f"receive_{name}": _operation("receive", name, c) for name, c in connections.items() if _receives(c)}
    channels = {channel.name: _channel(api, streams, channel) for channel in streams.channels}
    operations |= {f"receive_{name}": _operation("receive", name, c) for name, c in channels.items()}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"{api.title}: streams",
            "version": version,
            "description": "\n\n".join([streams.doc, *with_quirks(side, streams.quirks)]),
        },
        "defaultContentType": "application/json",
        "servers": {name: server for c in streams.connections for name, server in _servers(api, c)},
        "channels": connections | channels,
        "operations": operations,
        "components": {"schemas": _schemas(api, streams), "securitySchemes": _security(streams)},
    }


def _servers(api: Api, connection: Connection) -> list[tuple[str, Schema]]:
    # AsyncAPI has hosts where we have addresses: one entry for each environment and kind of connection.
    made = []
    for server in _with_streams(api):
        # The query of a path, such as a token, is a security scheme below and not part of the address.
        parts = urlsplit(f"{server.stream}" + connection.path.partition("?")[0])
        one: Schema = {"host": parts.netloc, "protocol": parts.scheme, "description": connection.doc}
        if parts.path:
            one |= {"pathname": parts.path}
        if "{listen_key}" in parts.path:
            one["variables"] = {"listen_key": {"description": "Listen key, created over REST."}}
        if connection.private:
            one["security"] = [{"$ref": f"#/components/securitySchemes/{connection.name}"}]
        made.append((f"{server.name}_{connection.name}", one | _extensions(connection)))
    return made


def _with_streams(api: Api) -> list[Server]:
    """Return the environments that differ in the address of their streams."""
    # Reversed twice: the first environment with an address names it, and the order stays.
    return list({server.stream: server for server in reversed(api.servers) if server.stream}.values())[::-1]


def _extensions(connection: Connection) -> Schema:
    """Return the properties of a connection that AsyncAPI has no keywords for."""
    made: Schema = {}
    beat, limits = connection.heartbeat, connection.limits
    if beat is not None:
        made["x-heartbeat"] = {
            "silenceMs": beat.silence_ms,
            **({"client": _beat(beat.client)} if beat.client else {}),
            **({"server": _beat(beat.server)} if beat.server else {}),
        }
    rates = {"messages": limits.messages, "subscriptions": limits.subscriptions, "reconnects": limits.reconnects}
    said = {name: {"calls": rate.calls, "perMs": rate.per_ms} for name, rate in rates.items() if rate}
    # AsyncAPI has no words for limits and heartbeats, so they are extensions, in camel case as its own words.
    numbers = {"streams": limits.streams, "topics": limits.topics, "bytes": limits.bytes}
    numbers |= {"connections": limits.connections, "lifeMs": limits.life_ms, "idleMs": limits.idle_ms}
    said |= {name: number for name, number in numbers.items() if number is not None}  # type: ignore[misc]  # JSON
    return made | ({"x-limits": said} if said else {})


def _beat(beat: Beat) -> Schema:
    made: Schema = {"send": _message(beat.send), "everyMs": beat.every_ms}
    if beat.answer is not None:
        made["answer"] = _message(beat.answer)
    return made | ({"withinMs": beat.within_ms} if beat.within_ms else {})


def _message(message: Message) -> Schema:
    return {message.kind: message.value}


def _security(streams: Streams) -> Schema:
    return {c.name: _scheme(c) for c in streams.connections if c.private}


def _scheme(connection: Connection) -> Schema:
    if connection.login is not None:
        schemes = [
            f"{s.algorithm} over {' + '.join(p.word for p in s.signed.parts_for('GET')) if s.signed else ''} with `{s.secret}`, in {s.encoding}"
            for s in connection.login.schemes
        ]
        # AsyncAPI has no type for signed frames; an `apiKey` in `user` is the nearest.
        return {"type": "apiKey", "in": "user", "description": f"A signed login frame: {'; or '.join(schemes)}."}
    if connection.listen_key is not None:
        made = connection.listen_key.create.operation
        return {
            "type": "httpApiKey",
            "in": "query",
            "name": "listenKey",
            "description": f"A listen key, created by {made}.",
        }
    return {"type": "httpApiKey", "in": "query", "name": "token", "description": "An access token in the address."}


def _connection(streams: Streams, connection: Connection) -> Schema:
    """Describe a connection as a channel: all frames except pushes of data."""
    path = connection.path.partition("?")[0]
    messages: Schema = {}
    for name, doc in SENT.items():
        if name in connection.send:
            messages[name] = _frame(pascal(name), doc, [connection.send[name]])
    for name, doc in RECEIVED.items():
        if connection.receive.get(name):
            messages[name] = _frame(pascal(name), doc, list(connection.receive[name]))
    if connection.login is not None:
        messages["login"] = _frame("Login", "Authenticates the connection.", [connection.login.send])
        messages["login_accepted"] = _frame("LoginAccepted", "The login was accepted.", list(connection.login.accepted))
    if connection.ready:
        messages["ready"] = _frame("Ready", "The connection is ready.", list(connection.ready))
    if connection.listen_key is not None and connection.listen_key.expired:
        messages["expired"] = _frame("Expired", "The listen key has expired.", list(connection.listen_key.expired))
    return {
        "address": path or "/",
        "title": connection.name,
        "description": connection.doc,
        "messages": messages,
        **({"parameters": {"listen_key": {"description": "The listen key."}}} if "{listen_key}" in path else {}),
    }


def _sends(channel: Schema) -> bool:
    return any(name in channel["messages"] for name in (*SENT, "login"))


def _receives(channel: Schema) -> bool:
    return any(name not in (*SENT, "login") for name in channel["messages"])


def _operation(action: str, name: str, channel: Schema) -> Schema:
    ours = {*SENT, "login"}
    messages = [message for message in channel["messages"] if (message in ours) == (action == "send")]
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": channel.get("summary", channel["title"]),
        "messages": [{"$ref": f"#/channels/{name}/messages/{message}"} for message in messages],
    }


def _frame(name: str, doc: str, templates: list[Json]) -> Schema:
    made = [_shape(template, {}) for template in templates]
    return {"name": name, "summary": doc, "payload": made[0] if len(made) == 1 else {"anyOf": made}}


def _channel(api: Api, streams: Streams, channel: Channel) -> Schema:
    connection = streams.connection(channel.connection)
    carriers = [streams.connection(name) for name in channel.connections]
    made: Schema = {
        "address": _address(channel),
        "title": channel.class_name,
        "summary": channel.summary,
        "servers": [{"$ref": f"#/servers/{server.name}_{connection.name}"} for server in _with_streams(api) for connection in carriers],
        "messages": _pushes(channel, connection),
        "externalDocs": {"url": channel.page.url, "description": channel.heading or channel.name},
        "x-delivers": channel.delivers,
    }
    if described := with_quirks(channel.doc, channel.quirks):
        made["description"] = "\n\n".join(described)
    if channel.params:
        made["parameters"] = {param.wire: _parameter(api, param) for param in channel.params}
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


def _pushes(channel: Channel, connection: Connection) -> Schema:
    templates = connection.receive.get("push", ("{data}",))
    kinds: dict[str, Type] = {"push": channel.payload} if channel.payload else channel.events
    made: Schema = {}
    for name, typed in kinds.items():
        examples = _examples_of(channel, templates, name)
        made[name] = {
            "name": channel.event_class if channel.payload else name,
            "title": typed.spec,
            "summary": channel.summary,
            "payload": _shape(templates[0], {"data": type_schema(typed)}),
            "examples": [{"payload": example.push} for example in examples if isinstance(example.push, dict)],
        }
        if not made[name]["examples"]:
            del made[name]["examples"]
    return made


def _examples_of(channel: Channel, templates: tuple[Json, ...], kind: str) -> list[ChannelExample]:
    """Return the examples of one kind of payload; all if the channel has only one."""
    if channel.payload is not None:
        return list(channel.examples)
    return [each for each in channel.examples if event_of(channel, pushed_payload(templates, each.push)) == kind]


def _shape(template: Json, known: Schema) -> Schema:
    """Turn a template into a schema."""
    if isinstance(template, str) and template.startswith("{") and template.endswith("}"):
        name = template[1:-1].rstrip("?")
        return known.get(name) or {"description": MEANINGS.get(name, "Anything.")}
    if isinstance(template, dict):
        # `{id?}`: a member that the exchange may omit.
        required = [key for key, member in template.items() if not str(member).endswith("?}")]
        members = {key: _shape(member, known) for key, member in template.items()}
        return {"type": "object", "properties": members, **({"required": required} if required else {})}
    if isinstance(template, list):
        return {"type": "array", "items": _shape(template[0], known) if template else {}}
    # Everything else in a template is fixed text, which tells this frame from others.
    return {"const": template}


def _schemas(api: Api, streams: Streams) -> Schema:
    """Return the schemas that payloads use: structs of streams, and those of REST that they contain."""
    numbers = decimals_as_numbers(api)
    every = schemas(api) | {struct.name: struct_schema(struct, True, numbers) for struct in streams.structs}
    structs = {struct.name: struct for struct in (*api.structs, *streams.structs)}
    types = [typed for channel in streams.channels for typed in channel.types]
    found = {name for typed in types for name in reachable(typed, structs)}
    return {name: _tuples(every[name]) for name in sorted({*found, *NUMBERS})}


def _tuples(schema: Any) -> Any:
    """Write arrays of differing members as JSON Schema draft 7 does, on which AsyncAPI 3.0 is based."""
    if isinstance(schema, list):
        return [_tuples(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    return {("items" if key == "prefixItems" else key): _tuples(member) for key, member in schema.items()}
