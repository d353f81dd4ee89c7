"""Finds contradictions in the channels and structs of streams.yaml."""

from __future__ import annotations

from generator.build.streams import FILE
from generator.check.books import check_books
from generator.check.connections import check_connections
from generator.check.examples import Checker
from generator.model.api import Api
from generator.model.channels import Channel, ChannelExample
from generator.model.connections import Connection
from generator.model.frames import data_path, event_of, match_frame, placeholders, topic, topic_params, topic_values
from generator.model.reach import reachable
from generator.model.streams import Streams
from generator.model.types import INTEGERS, Json, Type
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes


def check_streams(source: Source, api: Api, checker: Checker, notes: Notes) -> None:
    """Note every contradiction."""
    if api.streams is not None:
        check_connections(source.files[FILE], api, api.streams, notes)
        _Check(source, api, api.streams, checker, notes).check()
        check_books(source.files[FILE], api, notes)
        _check_addresses(source.files["api.yaml"], api.streams, notes)
        _check_time_unit(source.files[FILE], api.streams, notes)
        if not any(server.stream for server in api.servers):
            notes.add(
                source.files["api.yaml"],
                "servers",
                "servers",
                "streams.yaml exists, but no server has a `stream` address",
            )


def _check_addresses(at: Map, streams: Streams, notes: Notes) -> None:
    """Note addresses of connections that do not exist."""
    known = {connection.name for connection in streams.connections}
    for name, server in read.entries(at, "servers"):
        others = read.mapping(server, "streams")
        for connection in others:
            notes.check_known(others, connection, f"servers.{name}.streams", connection, known, "connection")


def _check_time_unit(at: Map, streams: Streams, notes: Notes) -> None:
    """Note two units of one spelling."""
    unit = streams.time_unit
    if unit is not None and unit.ms == unit.us:
        notes.add(at, "time_unit", "time_unit", f"`ms` and `us` are both {unit.ms}, so nobody can ask for either")


class _Check:
    def __init__(self, source: Source, api: Api, streams: Streams, checker: Checker, notes: Notes) -> None:
        self._at = source.files[FILE]
        self._api = api
        self._streams = streams
        self._checker = checker
        self._notes = notes
        self._structs = {struct.name: struct for struct in (*api.structs, *streams.structs)}
        self._connections = {connection.name: connection for connection in streams.connections}

    def check(self) -> None:
        seen, topics = set[str](), dict[tuple[str, str], str]()
        for channel, at in zip(self._streams.channels, read.maps(self._at, "channels"), strict=True):
            if channel.class_name in seen:
                self._notes.add(at, "name", f"channels.{channel.name}", "this name is used twice")
            seen.add(channel.class_name)
            # Pushes are delivered by their topic, so two channels with one topic can't be told apart.
            firsts = [topics.setdefault((kind, repr(channel.topic)), channel.name) for kind in channel.connections]
            first = next((name for name in firsts if name != channel.name), channel.name)
            if channel.topic is not None and first != channel.name:
                self._notes.add(at, "topic", f"channels.{channel.name}", f"has the same topic as {first}; merge them")
            self._check_channel(channel, at)
        self._check_unused()
        self._check_flat()

    def _check_channel(self, channel: Channel, at: Map) -> None:
        where = f"channels.{channel.name}"
        unknown = [name for name in channel.connections if name not in self._connections]
        if unknown == [""]:  # it was reported that nothing names one
            return
        if unknown:
            self._notes.check_known(at, "connection", where, unknown[0], self._connections, "connection")
            return
        connection = self._connections[channel.connection]
        self._check_topic(channel, at, where)
        if channel.topic is not None and "subscribe" not in connection.send:
            self._notes.add(at, "topic", where, "has a topic, but its connection has no `send.subscribe`")
        # Without a topic in the push, only the event's type says which channel it belongs to.
        named = any("topic" in set(placeholders(push)) for push in connection.receive.get("push", ()))
        if not named and channel.payload is not None:
            self._notes.add(
                at, "returns", where, "pushes on its connection name no topic; use `events` instead of `returns`"
            )
        if named and channel.pushed is None:
            self._notes.add(at, "name", where, "pushes on its connection name their topic; add `topic` or `pushed`")
        self._check_sequence(channel, at, where)
        for example, place in zip(channel.examples, read.maps(at, "examples"), strict=True):
            self._check_example(channel, connection, example, place, f"{where}.example")

    def _check_topic(self, channel: Channel, at: Map, where: str) -> None:
        needed, optional = topic_params(channel.topic)
        more, also = topic_params(channel.pushed)
        wires = {param.wire for param in channel.params}
        for name in sorted(needed | optional | more | also):
            self._notes.check_known(at, "topic", f"{where}.topic", name, wires, "parameter")
        for param in channel.params:
            place = read.mapping(at, "params")
            if param.wire == channel.chosen_by:
                continue
            if param.wire not in needed | optional:
                self._notes.add(place, param.wire, f"{where}.params.{param.wire}", "is not part of the topic")
            elif param.wire in needed and not param.param.required and param.param.default is None:
                what = "is optional; give it a `default`, or put it into `[…]` in the topic"
                self._notes.add(place, param.wire, f"{where}.params.{param.wire}", what)

    def _check_sequence(self, channel: Channel, at: Map, where: str) -> None:
        sequence = channel.sequence
        if sequence is None:
            return
        for typed in channel.types:
            inner = typed.item if typed.kind == "list" and typed.item else typed
            struct = self._structs.get(inner.name)
            fields = {f.wire: f for f in struct.fields} if struct is not None else {}
            for wire in filter(None, (sequence.last, sequence.first, sequence.previous)):
                place = read.mapping(at, "sequence")
                if not self._notes.check_known(
                    place, "last", f"{where}.sequence", wire, fields, f"member of {inner.spec}"
                ):
                    continue
                if fields[wire].type.kind not in INTEGERS:
                    self._notes.add(place, "last", f"{where}.sequence", f"`{wire}` is not an integer")

    def _check_example(
        self, channel: Channel, connection: Connection, example: ChannelExample, at: Map, where: str
    ) -> None:
        params = tuple(param.param for param in channel.params)
        self._checker.note(at, "params", where, self._checker.param_misfits(params, example.params))
        templates = connection.receive.get("push", ())
        found = next((f for t in templates if (f := match_frame(t, example.push)) is not None), None)
        if found is None:
            self._notes.add(at, "push", where, "does not match any `push` of its connection")
            return
        expected = topic(channel.pushed, topic_values(channel, example.params)) if channel.pushed is not None else None
        if expected is not None and "topic" in found and found["topic"] != expected:
            self._notes.add(
                at, "push", where, f"has the topic {found['topic']!r}, but its parameters give {expected!r}"
            )
        payload = found.get("data", example.push)
        typed = self._payload_type(channel, payload, at, where)
        if typed is not None:
            misfits = (
                ((*data_path(templates), *path), what) for path, what in self._checker.push_misfits(typed, payload)
            )
            self._checker.note(at, "push", where, misfits)

    def _payload_type(self, channel: Channel, payload: Json, at: Map, where: str) -> Type | None:
        if channel.payload is not None or channel.at is None:
            return channel.payload
        name = event_of(channel, payload)
        if not self._notes.check_known(at, "push", where, name, channel.events, "event"):
            return None
        return channel.events[name]

    def _check_unused(self) -> None:
        used = {name for typed in self._streams.types for name in reachable(typed, self._structs)}
        at = read.mapping(self._at, "structs")
        for name in at:
            if name not in used:
                self._notes.add(at, name, f"structs.{name}", "is not used; use it or remove it", "unused")
        # types.yaml is generated without streams: its structs must not depend on theirs.
        names = {struct.name for struct in self._streams.structs}
        for struct in self._api.structs:
            for name in sorted(names & {inner for field in struct.fields for inner in field.type.names}):
                self._notes.add(at, name, f"structs.{name}", f"{struct.name} in types.yaml uses it; move it there")
            if struct.name in names:
                self._notes.add(
                    at, struct.name, f"structs.{struct.name}", "is also a struct of types.yaml; choose another name"
                )

    def _check_flat(self) -> None:
        for struct in self._structs.values():
            for field in struct.fields:
                item = field.type.item
                of = self._structs.get(item.name) if item is not None else None
                if field.flat and (of is None or not of.array):
                    what = "`flat` needs a list of a struct with `array: true`"
                    self._notes.add(self._at, "structs", f"structs.{struct.name}.{field.wire}", what)
