"""Frames of WebSockets as AsyncAPI messages: payloads are named schemas, and answers say what they answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct as Record
from msgspec import field

from generator.ground.naming import pascal
from generator.model.api import Api
from generator.model.connections import Connection, Heartbeat, Message
from generator.model.frames import placeholders
from generator.model.streams import Streams
from generator.model.types import Json
from generator.words.schemas import NUMBERS, Schema, object_schema

JSON_TYPES = {str: "string", bool: "boolean", int: "integer", type(None): "null"}
ANSWERS = {
    "subscribe": ("subscribed", "refused"),
    "unsubscribe": ("unsubscribed", "refused"),
    "list": ("listed", "refused"),
    "login": ("login_accepted", "login_refused"),
    "ping": ("pong",),
    "server_ping": ("server_pong",),
}
"""Request → the frames that answer it."""

DOCS = {
    "subscribe": "Subscribes to topics.",
    "unsubscribe": "Unsubscribes from topics.",
    "list": "Requests the list of topics.",
    "login": "Authenticates the connection.",
    "ping": "Asks whether the server lives.",
    "server_pong": "Answers the server's ping.",
    "subscribed": "A subscription was accepted.",
    "unsubscribed": "Topics were unsubscribed.",
    "listed": "The list of topics.",
    "refused": "A frame was rejected.",
    "failed": "A push with an error instead of data.",
    "greeting": "A greeting.",
    "login_accepted": "The login was accepted.",
    "login_refused": "The login was rejected.",
    "ready": "The connection is ready.",
    "expired": "The listen key has expired.",
    "pong": "Answers the client's ping.",
    "server_ping": "Asks whether the client lives.",
}
SENT = frozenset({"subscribe", "unsubscribe", "list", "login", "ping", "server_pong"})
"""Frames that clients send; all others are received."""


class Frame(Record, frozen=True):
    """One kind of frame: how it may look, and whether it is bare text rather than JSON."""

    templates: tuple[Json, ...]
    is_text: bool = False


def frames_of(connection: Connection) -> dict[str, Frame]:
    """Return all frames of a connection, except pushes of data."""
    found = {name: Frame((template,)) for name, template in connection.send.items()}
    found |= {name: Frame(forms) for name, forms in connection.receive.items() if name != "push" and forms}
    if connection.login is not None:
        login = connection.login
        found |= {"login": Frame((login.send,)), "login_accepted": Frame(login.accepted)}
        found |= {"login_refused": Frame(login.refused)} if login.refused else {}
    if connection.ready:
        found["ready"] = Frame(connection.ready)
    if connection.listen_key is not None and connection.listen_key.expired:
        found["expired"] = Frame(connection.listen_key.expired)
    found |= _beats(connection.heartbeat) if connection.heartbeat else {}
    return {name: found[name] for name in DOCS if name in found}


def _beats(heartbeat: Heartbeat) -> dict[str, Frame]:
    """Return pings and pongs that are frames; those of the protocol are no messages."""
    made: dict[str, Message | None] = {}
    if heartbeat.client is not None:
        made |= {"ping": heartbeat.client.send, "pong": heartbeat.client.answer}
    if heartbeat.server is not None:
        made |= {"server_ping": heartbeat.server.send, "server_pong": heartbeat.server.answer}
    return {
        name: Frame((message.value,), message.kind == "text")
        for name, message in made.items()
        if message is not None and message.kind != "protocol"
    }


def correlation(frames: dict[str, Frame], name: str) -> Schema:
    """Say where a request or its answer names what both have in common: an id, or else the topic."""
    for request, answers in ANSWERS.items():
        if request in frames and name in (request, *answers):
            marks = {"id"} if "id" in placeholders(frames[request].templates[0]) else {"topic", "topics"}
            places = {_place(template, marks) for template in frames[name].templates}
            # Forms that differ here have no single place, and AsyncAPI knows no others.
            place = places.pop() if len(places) == 1 else None
            what = "Id of the request." if marks == {"id"} else "The topic; each is acknowledged by itself."
            return {"location": f"$message.payload#{place}", "description": what} if place else {}
    return {}


def _place(template: Json, marks: set[str]) -> str | None:
    """Return the JSON pointer of the first placeholder that is one of these."""
    if isinstance(template, str):
        return "" if set(placeholders(template)) & marks else None
    steps: Iterator[tuple[object, Json]] = iter(())
    if isinstance(template, (dict, list)):
        steps = iter(template.items() if isinstance(template, dict) else enumerate(template))
    return next((f"/{step}{inner}" for step, member in steps if (inner := _place(member, marks)) is not None), None)


class Messages(Record, dict=True):
    """Collects messages and the schemas of their payloads, each under a name of its own."""

    api: Api
    streams: Streams
    made: Schema = field(default_factory=dict)
    schemas: Schema = field(default_factory=dict)

    def __post_init__(self) -> None:
        structs = (*self.api.structs, *self.streams.structs)
        self._taken = {*NUMBERS, *(enum.name for enum in self.api.enums), *(struct.name for struct in structs)}
        self._values = _values(self.api, self.streams)
        self.schemas["Topic"] = _topic(self.streams)

    def add_frame(self, name: str, frame: Frame, connection: Connection, correlated: Schema) -> Schema:
        """Add a frame, and return a reference to its message."""
        title, owner = pascal(name), pascal(connection.name)
        payload = self._payload(frame.templates, title, owner)
        message: Schema = {"name": title, "title": title, "summary": DOCS[name], "payload": payload}
        message |= {"contentType": "text/plain"} if frame.is_text else {}
        return self._message(title, owner, message | ({"correlationId": correlated} if correlated else {}))

    def add_push(self, name: str, owner: str, template: Json, data: Schema, message: Schema) -> Schema:
        """Add a push of data, and return a reference to its message."""
        payload = self._shape(template, name, owner, {"data": data})
        # A list is wrapped in a schema with a name; objects have one already.
        payload = payload if "$ref" in payload else self._named(name, owner, payload)
        return self._message(name, owner, {"name": name, "title": name, **message, "payload": payload})

    def _payload(self, templates: tuple[Json, ...], name: str, owner: str) -> Schema:
        """Return a reference to the schema of a frame, which is one of several where it has several forms."""
        if len(templates) > 1:
            forms = [self._shape(template, f"{name}{n}", owner, {}) for n, template in enumerate(templates, 1)]
            return self._named(name, owner, {"anyOf": forms})
        schema = self._shape(templates[0], name, owner, {})
        return schema if "$ref" in schema else self._named(name, owner, schema)

    def _message(self, name: str, owner: str, message: Schema) -> Schema:
        return {"$ref": f"#/components/messages/{_store(self.made, name, owner, message)}"}

    def _named(self, name: str, owner: str, schema: Schema) -> Schema:
        free = f"{name}Frame" if name in self._taken else name
        return {"$ref": f"#/components/schemas/{_store(self.schemas, free, owner, schema)}"}

    def _shape(self, template: Json, name: str, owner: str, known: Schema) -> Schema:
        """Turn a template into a schema; objects are named after where they stand."""
        if isinstance(template, str) and template.startswith("{") and template.endswith("}"):
            word = template[1:-1].rstrip("?")
            return known.get(word) or self._values.get(word) or {"description": "Anything."}
        if isinstance(template, dict):
            # `{id?}`: a member that the exchange may omit.
            required = [key for key, member in template.items() if not str(member).endswith("?}")]
            members = {
                key: self._shape(member, name + pascal(str(key)), owner, known) for key, member in template.items()
            }
            # Frames are described by their message, and pushes by what they carry.
            schema: Schema = {"type": "object", "properties": members}
            return self._named(name, owner, schema | ({"required": required} if required else {}))
        if isinstance(template, list):
            return {"type": "array", "items": self._shape(template[0], name, owner, known) if template else {}}
        # Everything else in a template is fixed text, which distinguishes this frame from others.
        return {"type": JSON_TYPES[type(template)]} | ({"const": template} if template is not None else {})


def _store(found: Schema, name: str, owner: str, value: Schema) -> str:
    """Store under a name, or beside an equal one; where another has the name, the owner's is added."""
    free = name
    while found.get(free, value) != value:
        free += owner
    found[free] = value
    return free


def _topic(streams: Streams) -> Schema:
    """Return the schema of a topic: an object with the members that all have, or a text."""
    topics = [channel.topic for channel in streams.channels if isinstance(channel.topic, dict)]
    if not topics:
        return {"type": "string", "description": "What is subscribed to."}
    keys = list(dict.fromkeys(str(key) for topic in topics for key in topic))
    shared = [key for key in keys if all(key in topic for topic in topics)]
    return object_schema("What is subscribed to.", {key: {"type": "string"} for key in keys}, shared)


def _values(api: Api, streams: Streams) -> dict[str, Schema]:
    """Return what stands at the placeholders of frames."""
    topic: Schema = {"$ref": "#/components/schemas/Topic"}
    logins = {connection.login.time for connection in streams.connections if connection.login}
    made: dict[str, dict[str, Any]] = {
        "id": {"type": streams.ids, "description": "Id of the request."},
        "topic": topic,
        "topics": {"type": "array", "items": topic, "description": "Topics."},
        "code": {"type": ["string", "integer"], "description": "Error code."},
        "message": {"type": "string", "description": "Error message."},
        "time": {"type": "integer", "format": "int64", "description": "Time of sending, in milliseconds."},
        "timestamp": {
            "type": "integer" if logins == {"number"} else "string",
            "description": "Time of the login; part of the signed text.",
        },
        "signature": {"type": "string", "description": "Signature."},
    }
    return {
        credential.name: {"type": "string", "description": credential.doc} for credential in api.signing.credentials
    } | made
