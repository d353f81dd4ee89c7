"""What the mock exchange needs to know of an API's streams, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from generator.ground.json_text import json_text
from generator.mock.carried import Carriers
from generator.mock.records import record_data
from generator.mock.signing import scheme_data
from generator.model.api import Api
from generator.model.channels import Channel, ChannelExample
from generator.model.connections import Beat, Connection, Login, Message
from generator.model.frames import topic, topic_values
from generator.model.reach import reachable
from generator.model.streams import MockLogin, Streams
from generator.model.types import Json, Struct

Data = dict[str, Any]  # JSON
# The best code first: not every API has one for an unknown topic.
UNKNOWN_TOPIC = ("InvalidParameter", "SymbolNotFound", "UnknownError")

TOO_MANY = ("RateLimited",)
"""Kinds of codes with which a server refuses too many requests."""


def stream_data(api: Api) -> Data | None:
    """Return the declarations, ready to be written as JSON."""
    streams = api.streams
    if streams is None:
        return None
    carriers = Carriers(api)
    structs = {struct.name: struct for struct in (*api.structs, *streams.structs)}
    address = next((server.stream for server in api.servers if server.stream), "")
    return {
        "path": urlsplit(address).path.rstrip("/"),
        "gzip": streams.compression == "gzip",
        "number_codes": api.envelope.base == "integer",
        "text_ids": streams.ids == "string",
        "snapshot": streams.snapshot[0] if streams.snapshot else None,
        "unknown_topic": _code(api, UNKNOWN_TOPIC),
        "too_many": _code(api, TOO_MANY),
        "errors": _messages(api, streams),
        "time_unit": (
            record_data(streams.time_unit) | {"times": _times(streams, structs)} if streams.time_unit else None
        ),
        "combined": record_data(streams.combined) if streams.combined else None,
        "addresses": [record_data(address) for address in streams.addresses],
        "commands": [record_data(command) for command in streams.commands],
        "connections": [_connection(streams, connection) for connection in streams.connections],
        "channels": [
            _channel(channel, kind) | {"carried": carriers.of(channel, kind) or None}
            for channel in streams.channels
            for kind in _carriers(channel)
        ],
    }


def _times(streams: Streams, structs: Mapping[str, Struct]) -> list[str]:
    """Return the members of pushes that are times in milliseconds."""
    names = {name for channel in streams.channels for typed in channel.types for name in reachable(typed, structs)}
    fields = (field for name in names if name in structs for field in structs[name].fields)
    return sorted({field.wire for field in fields if field.type.kind == "timestamp_ms"})


def _messages(api: Api, streams: Streams) -> dict[str, str]:
    """Return the messages of the codes of the WebSocket API, and of those codes of REST that its refusals have."""
    logins = [connection.login for connection in streams.connections if connection.login]
    used = {code for login in logins for code in (*login.failures.values(), *login.wrong_credentials.values())}
    used |= {_code(api, UNKNOWN_TOPIC), _code(api, TOO_MANY)}
    known = {error.code: error.message for error in api.errors if error.code in used}
    return known | {error.code: error.message for error in api.stream_errors}


def _code(api: Api, kinds: tuple[str, ...]) -> str:
    """Return the code of the first kind that has one, in the WebSocket API or else in REST."""
    codes = [error for kind in kinds for error in (*api.stream_errors, *api.errors) if error.kind == kind]
    return codes[0].code if codes else "1"  # any: the API documents no codes at all


def _connection(streams: Streams, connection: Connection) -> Data:
    key, beat = connection.listen_key, connection.heartbeat
    limits = connection.limits
    return {
        "name": connection.name,
        "path": connection.path,
        "token": connection.token.path if connection.token else None,
        "send": {action: _frame(streams, frame) for action, frame in connection.send.items()},
        # A client must accept all forms; a server sends one.
        "receive": {meaning: _frame(streams, forms[0]) for meaning, forms in connection.receive.items() if forms},
        "ready": connection.ready[0] if connection.ready else None,
        "client": _beat(beat.client) if beat and beat.client else None,
        "server": _beat(beat.server) if beat and beat.server else None,
        "messages": [limits.messages.calls, limits.messages.per_ms] if limits.messages else None,
        "subscriptions": [limits.subscriptions.calls, limits.subscriptions.per_ms] if limits.subscriptions else None,
        "streams": limits.streams,
        "bytes": limits.bytes,
        "life_ms": limits.life_ms,
        "codes": streams.frame_codes.get(connection.name, {}),
        "login": _login(connection.login, streams.logins_of(connection)) if connection.login else None,
        "listen_key": (
            {
                "create": key.create.operation,
                "wire": key.wire,
                "keep": key.keep.operation if key.keep else None,
                "delete": key.delete.operation if key.delete else None,
                "life_ms": key.life_ms,
                "expired": key.expired[0] if key.expired else None,
            }
            if key
            else None
        ),
    }


def _frame(streams: Streams, frame: Json) -> Json:
    """Return a template, in which the id may be missing where the exchange does without."""
    if not (streams.without_ids and isinstance(frame, dict)):
        return frame
    return {key: "{id?}" if value == "{id}" else value for key, value in frame.items()}


def _beat(beat: Beat) -> Data:
    return {
        "send": _message(beat.send),
        "every_ms": beat.every_ms,
        "answer": _message(beat.answer) if beat.answer else None,
        "within_ms": beat.within_ms,
    }


def _message(message: Message) -> Data:
    return {"kind": message.kind, "value": message.value}


def _login(login: Login, others: Iterable[MockLogin]) -> Data:
    schemes = [scheme_data(scheme) for scheme in login.schemes]
    further = [{"send": one.send, "schemes": [s | {"payload": one.text} for s in schemes]} for one in others]
    return {
        "send": login.send,
        "accepted": login.accepted[0],
        "refused": login.refused[0],
        "window_ms": login.window_ms,
        "failures": login.failures,
        "wrong_credentials": login.wrong_credentials,
        "schemes": schemes,
        "further": further,
    }


def _carriers(channel: Channel) -> list[str]:
    """Return the connections of a channel, that of its first example first: a test that asks for one gets it."""
    shown = (str(example.params.get(channel.chosen_by or "")) for example in channel.examples if channel.chosen_by)
    return list(dict.fromkeys((*shown, *channel.connections)))


def _examples(channel: Channel, connection: str) -> tuple[ChannelExample, ...]:
    """Return the examples of a connection; where it has none, those of the others."""
    own = tuple(each for each in channel.examples if each.params.get(channel.chosen_by or "") == connection)
    return own or channel.examples


def _channel(channel: Channel, connection: str) -> Data:
    return {
        "name": channel.name,
        "connection": connection,
        "topic": channel.topic,
        "pushed": channel.pushed,
        "suffixes": {param.wire: param.suffix for param in channel.params if param.suffix},
        "examples": [
            {"topic": topic(channel.topic, topic_values(channel, e.params)), "push": json_text(e.push)}
            for e in _examples(channel, connection)
        ],
    }
