"""Finds what contradicts itself in the channels and structs of streams.yaml."""

from __future__ import annotations

from generator.build.streams import FILE
from generator.check.connections import check_connections
from generator.check.examples import Checker
from generator.model.api import Api
from generator.model.frames import data_path, event_of, match_frame, placeholders, topic, topic_params, topic_values
from generator.model.reach import reachable
from generator.model.streams import Channel, ChannelExample, Connection, Streams
from generator.model.types import Json, Type
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes

NUMBERED = ("integer", "timestamp_ms", "timestamp_s")


def check_streams(source: Source, api: Api, checker: Checker, notes: Notes) -> None:
    """Note every contradiction."""
    if api.streams is not None:
        check_connections(source.files[FILE], api, api.streams, notes)
        _Check(source, api, api.streams, checker, notes).all()
        if not any(server.stream for server in api.servers):
            notes.add(
                source.files["api.yaml"], "servers", "servers", "none says its `stream`, and streams.yaml is there"
            )


class _Check:
    def __init__(self, source: Source, api: Api, streams: Streams, checker: Checker, notes: Notes) -> None:
        self._at = source.files[FILE]
        self._api = api
        self._streams = streams
        self._checker = checker
        self._notes = notes
        self._structs = {struct.name: struct for struct in (*api.structs, *streams.structs)}
        self._connections = {connection.name: connection for connection in streams.connections}

    def all(self) -> None:
        seen, topics = set[str](), dict[tuple[str, str], str]()
        for channel, at in zip(self._streams.channels, read.maps(self._at, "channels"), strict=True):
            if channel.class_name in seen:
                self._notes.add(at, "name", f"channels.{channel.name}", "this name stands here twice")
            seen.add(channel.class_name)
            first = topics.setdefault((channel.connection, repr(channel.topic)), channel.name)
            if channel.topic is not None and first != channel.name:
                self._notes.add(at, "topic", f"channels.{channel.name}", f"has the topic of {first}; make them one")
            self._channel(channel, at)
        self._unused()
        self._flat()

    def _channel(self, channel: Channel, at: Map) -> None:
        where = f"channels.{channel.name}"
        if not self._notes.known(at, "connection", where, channel.connection, self._connections, "connection"):
            return
        connection = self._connections[channel.connection]
        self._topic(channel, at, where)
        if channel.topic is not None and "subscribe" not in connection.send:
            self._notes.add(at, "topic", where, "its connection has no `send.subscribe`")
        named = any("topic" in set(placeholders(push)) for push in connection.receive.get("push", ()))
        if not named and channel.payload is not None:
            self._notes.add(at, "returns", where, "pushes name no topic on its connection, so say `events`")
        if named and channel.pushed is None:
            self._notes.add(at, "name", where, "pushes name their topic on its connection, so say `topic` or `pushed`")
        self._sequence(channel, at, where)
        for example, place in zip(channel.examples, read.maps(at, "examples"), strict=True):
            self._example(channel, connection, example, place, f"{where}.example")

    def _topic(self, channel: Channel, at: Map, where: str) -> None:
        needed, optional = topic_params(channel.topic)
        more, also = topic_params(channel.pushed)
        wires = {param.wire for param in channel.params}
        for name in sorted(needed | optional | more | also):
            self._notes.known(at, "topic", f"{where}.topic", name, wires, "parameter")
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
                if not self._notes.known(place, "last", f"{where}.sequence", wire, fields, f"member of {inner.spec}"):
                    continue
                if fields[wire].type.kind not in NUMBERED:
                    self._notes.add(place, "last", f"{where}.sequence", f"`{wire}` is no integer")

    def _example(self, channel: Channel, connection: Connection, example: ChannelExample, at: Map, where: str) -> None:
        params = tuple(param.param for param in channel.params)
        self._checker.note(at, "params", where, self._checker.given(params, example.params))
        templates = connection.receive.get("push", ())
        found = next((f for t in templates if (f := match_frame(t, example.push)) is not None), None)
        if found is None:
            self._notes.add(at, "push", where, "does not look like a `push` of its connection")
            return
        expected = topic(channel.pushed, topic_values(channel, example.params)) if channel.pushed is not None else None
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
        name = event_of(channel, payload)
        if not self._notes.known(at, "push", where, name, channel.events, "event"):
            return None
        return channel.events[name]

    def _unused(self) -> None:
        used = {name for typed in self._streams.types for name in reachable(typed, self._structs)}
        at = read.mapping(self._at, "structs")
        for name in at:
            if name not in used:
                self._notes.add(at, name, f"structs.{name}", "nothing uses it; use it or take it out", "unused")
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
