"""Builds the kinds of connections that carry streams: frames, logins, listen keys, heartbeats, limits."""

from __future__ import annotations

from typing import Literal, cast

from generator.build.signing import login_scheme
from generator.build.types import TypeBuilder
from generator.model.connections import (
    Beat,
    Call,
    Connection,
    Frames,
    Heartbeat,
    ListenKey,
    Login,
    LoginVector,
    Message,
    Rate,
    StreamLimits,
    Token,
)
from generator.model.signing import Scheme
from generator.model.types import Json
from generator.source import reading as read
from generator.source.load import Map, Seq
from generator.source.reading import Notes


class ConnectionBuilder:
    """Builds the connections of one API, and notes mistakes in them."""

    def __init__(self, streams: Map, notes: Notes, types: TypeBuilder) -> None:
        self._at = streams
        self._notes = notes
        self._types = types

    def connection(self, name: str, at: Map) -> Connection:
        """Build one kind of connection; what all kinds share stands beside them in the file."""
        # A connection's own heartbeat replaces the shared one as a whole: halves of two would describe no server.
        beat = at if "heartbeat" in at else self._at
        return Connection(
            name=name,
            doc=read.text(at, "doc"),
            path=read.exact(at, "path") or "",
            send=read.json_map(self._at, "send") | read.json_map(at, "send"),
            receive=_frames(self._at) | _frames(at),
            heartbeat=_heartbeat(read.mapping(beat, "heartbeat")) if "heartbeat" in beat else None,
            limits=_limits(read.mapping(self._at, "limits"), read.mapping(at, "limits")),
            login=self._login(read.mapping(at, "login"), name) if "login" in at else None,
            listen_key=self._listen_key(read.mapping(at, "listen_key")) if "listen_key" in at else None,
            token=_token(read.mapping(at, "token")) if "token" in at else None,
            ready=_templates(at.get("ready")),
        )

    def _login(self, at: Map, connection: str) -> Login:
        where = f"connections.{connection}.login"
        mock = read.mapping(self._at, "mock")
        schemes = tuple(
            login_scheme(connection, name, s, f"{where}.{name}", self._notes) for name, s in read.entries(at, "schemes")
        )
        return Login(
            send=read.json(at["send"]),
            time="number" if at.get("timestamp_as") == "number" else "text",
            accepted=_templates(at["accepted"]),
            refused=_templates(at["refused"]),
            window_ms=read.maybe_span(at, "max_age"),
            schemes=schemes,
            failures=read.pairs(mock, "failures"),
            wrong_credentials=read.pairs(mock, "wrong_credentials"),
            vectors=tuple(_vector(v, schemes) for v in read.maps(at, "vectors")),
        )

    def _listen_key(self, at: Map) -> ListenKey:
        wire = str(at["field"])
        return ListenKey(
            create=_call(read.mapping(at, "create")),
            wire=wire,
            name=self._types.member_name(wire),
            keep=_call(read.mapping(at, "keep")) if "keep" in at else None,
            every_ms=read.maybe_span(at, "every"),
            delete=_call(read.mapping(at, "delete")) if "delete" in at else None,
            life_ms=read.span(str(at["life"])),
            expired=_templates(at.get("expired")),
        )


def _templates(value: object) -> tuple[Json, ...]:
    """Return the frame templates at a key, which holds one or a list of them."""
    if value is None:
        return ()
    return tuple(read.json(member) for member in value) if isinstance(value, Seq) else (read.json(value),)


def _frames(at: Map) -> Frames:
    return {meaning: _templates(value) for meaning, value in read.mapping(at, "receive").items()}


def _call(at: Map) -> Call:
    return Call(str(at["operation"]), tuple(read.mapping(at, "with")))


def _token(at: Map) -> Token:
    return Token(str(at["credential"]), str(at["path"]))


def _message(at: Map) -> Message:
    kind = cast(Literal["text", "json", "protocol"], next(iter(at)))
    return Message(kind, read.json(at[kind]))


def _heartbeat(at: Map) -> Heartbeat:
    client, server = (_beat(read.mapping(at, side)) if side in at else None for side in ("client", "server"))
    return Heartbeat(read.span(str(at["silence"])), client, server)


def _beat(at: Map) -> Beat:
    answer = _message(read.mapping(at, "answer")) if "answer" in at else None
    return Beat(_message(read.mapping(at, "send")), read.span(str(at["every"])), answer, read.maybe_span(at, "within"))


def _limits(shared: Map, own: Map) -> StreamLimits:
    # Limits are merged key by key, unlike heartbeats: each holds on its own.
    at = Map(own.file or shared.file, own.line or shared.line)
    at.update({**shared, **own})
    return StreamLimits(
        messages=_rate(read.mapping(at, "messages")),
        subscriptions=_rate(read.mapping(at, "subscriptions")),
        streams=read.integer(at, "topics_per_connection"),
        topics=read.integer(at, "topics_per_frame"),
        bytes=read.integer(at, "bytes_per_frame"),
        connections=read.integer(at, "connections_per_address"),
        life_ms=read.maybe_span(at, "connection_life"),
        idle_ms=read.maybe_span(at, "connection_idle"),
        reconnects=_rate(read.mapping(at, "reconnects")),
    )


def _rate(at: Map) -> Rate | None:
    return Rate(read.integer(at, "calls") or 1, read.span(str(at["per"]))) if at else None


def _vector(at: Map, schemes: tuple[Scheme, ...]) -> LoginVector:
    given = read.pairs(at, "credentials")
    # As in a client, credentials choose the scheme; where none fits, `check` reports what the first one lacks.
    scheme = next((each for each in schemes if given.keys() >= {*each.credentials}), schemes[0])
    return LoginVector(
        name=read.text(at, "name"),
        origin=str(at["origin"]),
        scheme=scheme.name,
        credentials=given,
        time=read.integer(at, "at") or 0,
        nonce=read.exact(at, "nonce"),
        text=str(at["text"]),
        signature=read.exact(at, "signature"),
    )
