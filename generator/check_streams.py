"""Finds what contradicts itself in streams.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator import reading as read
from generator.build_streams import FILE
from generator.checks import Checker
from generator.frames import fitted, placeholders, topic, topic_params
from generator.load import Map, Source
from generator.model.api import Api
from generator.model.streams import Call, Channel, ChannelExample, Connection, Login, Streams
from generator.model.types import Json, Type
from generator.problems import suggest
from generator.reading import Notes

SENT = {"id", "topic", "topics"}
RECEIVED = {"id", "topic", "topics", "code", "message", "data", "time", "action", "any"}
SIGNED = {"id", "timestamp", "signature"}
NUMBERED = ("integer", "timestamp_ms", "timestamp_s")


def streamed_types(streams: Streams | None) -> Iterator[Type]:
    """Yield the types that channels use: of payloads, and of parameters."""
    for channel in streams.channels if streams else ():
        yield from channel.types
        yield from (param.param.type for param in channel.params)


def check_streams(source: Source, api: Api, checker: Checker, notes: Notes) -> None:
    """Note every contradiction."""
    if api.streams is not None:
        _Check(source, api, api.streams, checker, notes).all()


class _Check:
    def __init__(self, source: Source, api: Api, streams: Streams, checker: Checker, notes: Notes) -> None:
        self._at = source.files[FILE]
        self._api = api
        self._streams = streams
        self._checker = checker
        self._notes = notes
        self._credentials = {credential.name for credential in api.signing.credentials}
        self._structs = {struct.name: struct for struct in (*api.structs, *streams.structs)}
        self._connections = {connection.name: connection for connection in streams.connections}

    def all(self) -> None:
        for connection in self._streams.connections:
            self._connection(connection, read.mapping(read.mapping(self._at, "connections"), connection.name))
        seen: set[str] = set()
        for channel, at in zip(self._streams.channels, read.maps(self._at, "channels"), strict=True):
            if channel.class_name in seen:
                self._notes.add(at, "name", f"channels.{channel.name}", "this name stands here twice")
            seen.add(channel.class_name)
            self._channel(channel, at)
        self._unused()
        self._flat()

    def _known(self, at: Map, key: str, where: str, word: str, known: Iterable[str], what: str) -> bool:
        names = list(known)
        if word not in names:
            self._notes.add(at, key, where, f"no {what} `{word}`{suggest(word, names)}")
        return word in names

    def _placeholders(self, at: Map, key: str, where: str, template: Json, known: Iterable[str]) -> None:
        for name in placeholders(template):
            self._known(at, key, where, name, known, "placeholder")

    def _connection(self, connection: Connection, at: Map) -> None:
        where = f"connections.{connection.name}"
        for place, name in ((self._at, "streams"), (at, where)):
            for key, template in read.json_map(place, "send").items():
                self._placeholders(read.mapping(place, "send"), key, f"{name}.send.{key}", template, SENT)
            for key, value in read.json_map(place, "receive").items():
                self._placeholders(read.mapping(place, "receive"), key, f"{name}.receive.{key}", value, RECEIVED)
        in_path = {"listen_key"} if connection.listen_key else set()
        self._path(at, where, connection.path, in_path | self._credentials)
        if connection.login is not None:
            self._login(connection.login, read.mapping(at, "login"), f"{where}.login")
        if connection.listen_key is not None:
            self._listen_key(connection, read.mapping(at, "listen_key"), f"{where}.listen_key")
        if connection.token is not None:
            token = read.mapping(at, "token")
            self._known(token, "credential", where, connection.token.credential, self._credentials, "credential")
            self._path(token, f"{where}.token", connection.token.path, self._credentials)

    def _path(self, at: Map, where: str, path: str, known: Iterable[str]) -> None:
        needed, _ = topic_params(path)
        for name in sorted(needed):
            self._known(at, "path", f"{where}.path", name, known, "placeholder")

    def _login(self, login: Login, at: Map, where: str) -> None:
        self._placeholders(at, "send", f"{where}.send", login.send, SIGNED | self._credentials)
        for scheme in login.schemes:
            place = read.mapping(read.mapping(at, "schemes"), scheme.name)
            for name in scheme.credentials:
                self._known(place, "credentials", f"{where}.{scheme.name}", name, self._credentials, "credential")
            self._known(place, "secret", f"{where}.{scheme.name}", scheme.secret, scheme.credentials, "credential here")
            for part in scheme.payload:
                literal = len(part) > 2 and part[0] == part[-1] == "'"
                if not literal:
                    known = ["timestamp", *scheme.credentials]
                    self._known(place, "payload", f"{where}.{scheme.name}.payload", part, known, "part")
        codes = {error.code for error in (*self._api.stream_errors, *self._api.errors)}
        for what, code in login.failures.items():
            self._known(read.mapping(at, "failures"), what, f"{where}.failures.{what}", code, codes, "code")
        for vector, place in zip(login.vectors, read.maps(at, "vectors"), strict=True):
            self._known(place, "scheme", f"{where}.vectors", vector.scheme, [s.name for s in login.schemes], "scheme")

    def _listen_key(self, connection: Connection, at: Map, where: str) -> None:
        key = connection.listen_key
        assert key is not None
        for name, call in (("create", key.create), ("keep", key.keep), ("delete", key.delete)):
            if call is not None:
                self._call(call, read.mapping(at, name), f"{where}.{name}")
        made = next((o for o in self._api.operations if o.full_name == key.create.operation), None)
        struct = self._structs.get(made.returns.name) if made and made.returns else None
        if struct is not None:
            self._known(at, "field", where, key.wire, [f.wire for f in struct.fields], f"member of {struct.name}")
        if key.keep is not None and key.every_ms is None:
            self._notes.add(at, "keep", where, "say `every`: how often it is kept alive")

    def _call(self, call: Call, at: Map, where: str) -> None:
        operations = {operation.full_name: operation for operation in self._api.operations}
        if self._known(at, "operation", where, call.operation, operations, "operation"):
            wires = [param.wire for param in operations[call.operation].params]
            for wire in call.params:
                self._known(at, "params", where, wire, wires, f"parameter of {call.operation}")

    def _channel(self, channel: Channel, at: Map) -> None:
        where = f"channels.{channel.name}"
        if not self._known(at, "connection", where, channel.connection, self._connections, "connection"):
            return
        connection = self._connections[channel.connection]
        self._topic(channel, at, where)
        if channel.topic is not None and "subscribe" not in connection.send:
            self._notes.add(at, "topic", where, "its connection has no `send.subscribe`")
        named = any("topic" in set(placeholders(push)) for push in connection.receive.get("push", ()))
        if not named and channel.payload is not None:
            self._notes.add(at, "payload", where, "pushes name no topic on its connection, so say `events`")
        self._sequence(channel, at, where)
        for example, place in zip(channel.examples, read.maps(at, "examples"), strict=True):
            self._example(channel, connection, example, place, f"{where}.example")

    def _topic(self, channel: Channel, at: Map, where: str) -> None:
        needed, optional = topic_params(channel.topic)
        more, also = topic_params(channel.pushed)
        wires = {param.wire for param in channel.params}
        for name in sorted(needed | optional | more | also):
            self._known(at, "topic", f"{where}.topic", name, wires, "parameter")
        for param in channel.params:
            place = read.mapping(at, "params")
            if param.wire not in needed | optional:
                self._notes.add(place, param.wire, f"{where}.params.{param.wire}", "the topic does not name it")
            elif param.wire in needed and not param.param.required and param.param.default is None:
                what = "is optional: give it a `default`, or put it into `[…]` in the topic"
                self._notes.add(place, param.wire, f"{where}.params.{param.wire}", what)

    def _sequence(self, channel: Channel, at: Map, where: str) -> None:
        sequence = channel.sequence
        if sequence is None:
            return
        for typed in channel.types:
            inner = typed.item if typed.kind == "list" and typed.item else typed
            struct = self._structs.get(inner.name)
            fields = {f.wire: f for f in struct.fields} if struct is not None else {}
            for wire in filter(None, (sequence.last, sequence.first, sequence.previous)):
                place = read.mapping(at, "sequence")
                if not self._known(place, "last", f"{where}.sequence", wire, fields, f"member of {inner.spec}"):
                    continue
                if fields[wire].type.kind not in NUMBERED:
                    self._notes.add(place, "last", f"{where}.sequence", f"`{wire}` is no integer")

    def _example(self, channel: Channel, connection: Connection, example: ChannelExample, at: Map, where: str) -> None:
        params = tuple(param.param for param in channel.params)
        self._checker.note(at, "params", where, self._checker.given(params, example.params))
        templates = connection.receive.get("push", ())
        found = next((f for t in templates if (f := fitted(t, example.push)) is not None), None)
        if found is None:
            self._notes.add(at, "push", where, "does not look like a `push` of its connection")
            return
        expected = topic(channel.pushed, written(channel, example.params)) if channel.pushed is not None else None
        if expected is not None and "topic" in found and found["topic"] != expected:
            self._notes.add(
                at, "push", where, f"has the topic {found['topic']!r}, and the parameters make {expected!r}"
            )
        payload = found.get("data", example.push)
        typed = self._typed(channel, payload, at, where)
        if typed is not None:
            misfits = (((*data_path(templates), *path), what) for path, what in self._checker.push(typed, payload))
            self._checker.note(at, "push", where, misfits)

    def _typed(self, channel: Channel, payload: Json, at: Map, where: str) -> Type | None:
        if channel.payload is not None or channel.at is None:
            return channel.payload
        value = payload
        for step in channel.at.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if not self._known(at, "push", where, str(value), channel.events, "event"):
            return None
        return channel.events[str(value)]

    def _unused(self) -> None:
        used = {name for typed in streamed_types(self._streams) for name in self._checker.reachable(typed)}
        at = read.mapping(self._at, "structs")
        for name in at:
            if name not in used:
                self._notes.add(at, name, f"structs.{name}", "nothing uses it; use it or take it out")
        names = {struct.name for struct in self._streams.structs}
        for struct in self._api.structs:
            for name in sorted(names & {inner for field in struct.fields for inner in field.type.names}):
                self._notes.add(at, name, f"structs.{name}", f"{struct.name} uses it; put it into types.yaml")
            if struct.name in names:
                self._notes.add(at, struct.name, f"structs.{struct.name}", "types.yaml has it already; choose another")

    def _flat(self) -> None:
        for struct in self._structs.values():
            for field in struct.fields:
                item = field.type.item
                of = self._structs.get(item.name) if item is not None else None
                if field.flat and (of is None or not of.array):
                    what = "`flat` needs a list of a struct that says `array: true`"
                    self._notes.add(self._at, "structs", f"structs.{struct.name}.{field.wire}", what)


def written(channel: Channel, given: dict[str, Json]) -> dict[str, str]:
    """Return the parameters of a channel as its topic has them."""
    values: dict[str, str] = {}
    for param in channel.params:
        value = given.get(param.wire, param.param.default)
        if value is None:
            continue
        text = str(value)
        text = text.lower() if param.case == "lower" else text.upper() if param.case == "upper" else text
        values[param.wire] = text if not param.suffix or text.endswith(param.suffix) else text + param.suffix
    return values


def data_path(templates: tuple[Json, ...]) -> tuple[str | int, ...]:
    """Return where the payload lies in a push."""
    for template in templates:
        if isinstance(template, dict):
            for key, member in template.items():
                if member == "{data}":
                    return (key,)
    return ()
