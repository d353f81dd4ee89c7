"""Builds the streams of an API; contradictions are found later, by `check_streams`."""

from __future__ import annotations

from typing import Literal, cast

from generator.build.meaning import shelf
from generator.build.signing import login_scheme
from generator.build.types import TypeBuilder
from generator.ground.naming import pascal
from generator.model.channels import BookArguments, BookJoin, Channel, ChannelExample, ChannelParam, Sequence
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
from generator.model.documentation import Page
from generator.model.fitting import wire_text
from generator.model.signing import Scheme
from generator.model.streams import Combined, Command, MockAddress, MockCommand, MockLogin, Streams, TimeUnits
from generator.model.types import Json, Struct, Type
from generator.source import reading as read
from generator.source.load import Map, Seq, Source
from generator.source.reading import Notes

FILE = "streams.yaml"


class StreamBuilder:
    """Builds the streams of one API."""

    def __init__(self, source: Source, notes: Notes, types: TypeBuilder, pages: tuple[Page, ...]) -> None:
        self._at = source.files.get(FILE, read.EMPTY)
        self._notes = notes
        self._types = types
        self._pages = {page.name: page for page in pages}

    def streams(self, structs: tuple[Struct, ...]) -> Streams | None:
        """Build them, if there are any."""
        at = self._at
        if not at:
            return None
        return Streams(
            doc=read.text(at, "doc"),
            compression="gzip" if at.get("compression") == "gzip" else "none",
            ids="string" if at.get("ids") == "string" else "integer",
            snapshot=read.texts(at, "snapshot"),
            refusal=read.exact(at, "refusal") or "UnknownError",
            connections=tuple(self._connection(name, c) for name, c in read.entries(at, "connections")),
            channels=tuple(self._channel(c) for c in read.maps(at, "channels")),
            structs=structs,
            quirks=read.quirks(at),
            combined=_combined(read.mapping(read.mapping(at, "mock"), "combined")),
            addresses=tuple(_address(a) for a in read.maps(read.mapping(at, "mock"), "addresses")),
            frame_codes=_frame_codes(read.mapping(read.mapping(at, "mock"), "frames")),
            logins=tuple(_further_login(one) for one in read.maps(read.mapping(at, "mock"), "logins")),
            commands=tuple(_further_command(one) for one in read.maps(read.mapping(at, "mock"), "commands")),
            without_ids=read.flag(read.mapping(at, "mock"), "without_ids"),
            time_unit=_time_unit(read.mapping(at, "time_unit")) if "time_unit" in at else None,
        )

    def _connection(self, name: str, at: Map) -> Connection:
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

    def _channel(self, at: Map) -> Channel:
        name = str(at["name"])
        events = read.mapping(at, "events")
        where = f"channels.{name}"
        params = tuple(self._param(wire, p, where) for wire, p in read.entries(at, "params"))
        chosen_by = read.exact(read.mapping(at, "connection"), "by")
        connections = self._connections(at, where, params, chosen_by)
        return Channel(
            name=name,
            class_name=pascal(name),
            summary=read.text(at, "summary"),
            doc=read.maybe_text(at, "doc"),
            connection=connections[0],
            chosen_by=chosen_by,
            connections=connections,
            topic=read.json(at.get("topic")),
            # Most servers name the topic in a push as it was subscribed to.
            pushed=read.json(at.get("pushed", at.get("topic"))),
            params=params,
            payload=self._types.type(at, "returns", where) if "returns" in at else None,
            at=read.exact(events, "at"),
            events=self._events(read.mapping(events, "types"), where),
            delivers=cast(Literal["snapshot", "change"], at["delivers"]),
            every=read.maybe_text(at, "every"),
            sequence=_sequence(read.mapping(at, "sequence")) if "sequence" in at else None,
            examples=tuple(
                ChannelExample(read.json_map(e, "params"), read.json(e["push"])) for e in read.maps(at, "examples")
            ),
            quirks=read.quirks(at),
            page=self._page(at, where),
            heading=str(read.mapping(at, "source").get("heading", "")),
            book=_book(read.mapping(at, "book"), read.mapping(at, "params")) if "book" in at else None,
            join=_join(read.mapping(at, "join")) if "join" in at else None,
            shelf=shelf(at, read.EMPTY),
        )

    def _connections(
        self, at: Map, where: str, params: tuple[ChannelParam, ...], chosen_by: str | None
    ) -> tuple[str, ...]:
        if chosen_by is None:
            return (str(at["connection"]),)
        by_wire = {each.wire: each.param for each in params}
        if not self._types.rules.check_param(read.mapping(at, "connection"), "by", where, chosen_by, by_wire):
            return ("",)
        values = self._types.rules.values_of(by_wire[chosen_by])
        if not values:
            what = f"`{chosen_by}` has no listed values; they are the names of the connections"
            self._notes.add(read.mapping(at, "connection"), "by", where, what)
        return tuple(map(wire_text, values)) or ("",)

    def _events(self, at: Map, where: str) -> dict[str, Type]:
        return {value: self._types.type(at, value, f"{where}.events") for value in at}

    def _param(self, wire: str, at: Map, where: str) -> ChannelParam:
        param = self._types.param(wire, at, f"{where}.params", "query")
        case = cast("Literal['lower', 'upper'] | None", at.get("case"))
        return ChannelParam(param, case, read.exact(at, "suffix"))

    def _page(self, at: Map, where: str) -> Page:
        source = read.mapping(at, "source")
        name = str(source.get("page"))
        if name not in self._pages:
            self._notes.add(source, "page", f"{where}.source", f"no page `{name}` in api.yaml")
        return self._pages.get(name, Page(name, "", ""))


def _templates(value: object) -> tuple[Json, ...]:
    """Return the frame templates at a key, which holds one or a list of them."""
    if value is None:
        return ()
    return tuple(read.json(member) for member in value) if isinstance(value, Seq) else (read.json(value),)


def _frames(at: Map) -> Frames:
    return {meaning: _templates(value) for meaning, value in read.mapping(at, "receive").items()}


def _call(at: Map) -> Call:
    return Call(str(at["operation"]), tuple(read.mapping(at, "with")))


def _time_unit(at: Map) -> TimeUnits:
    return TimeUnits(query=str(at["query"]), ms=str(at["ms"]), us=str(at["us"]))


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
    # Limits are merged key by key, unlike heartbeats: each holds by itself.
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


def _combined(at: Map) -> Combined | None:
    return Combined(read.json(at["raw"]), _command(at, "set"), _command(at, "get")) if at else None


def _command(at: Map, key: str) -> Command | None:
    return (
        Command(read.json(read.mapping(at, key)["send"]), read.json(read.mapping(at, key)["answer"]))
        if key in at
        else None
    )


def _address(at: Map) -> MockAddress:
    combined = at.get("combined") is not False
    return MockAddress(str(at["path"]), str(at["connection"]), read.exact(at, "separator") or "/", combined)


def _frame_codes(at: Map) -> dict[str, dict[str, str]]:
    return {connection: read.pairs(at, connection) for connection in at}


def _further_login(at: Map) -> MockLogin:
    return MockLogin(str(at["connection"]), read.json(at["send"]), read.texts(at, "text"))


def _further_command(at: Map) -> MockCommand:
    then = read.json(at["then"]) if "then" in at else None
    return MockCommand(
        str(at["connection"]), read.json(at["send"]), read.json(at["answer"]), read.flag(at, "ends_login"), then
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


def _sequence(at: Map) -> Sequence:
    # Numbers that count steps, or that name the one before, grow; the spec need not say so again.
    step, previous = read.integer(at, "step"), read.exact(at, "previous")
    return Sequence(
        last=str(at["last"]),
        first=read.exact(at, "first"),
        previous=previous,
        step=step,
        grows=read.flag(at, "grows") or step is not None or previous is not None,
        resubscribe=at.get("on_gap") == "resubscribe",
        joins=at.get("on_gap") == "join",
    )


def _book(at: Map, params: Map) -> BookArguments:
    depth = read.exact(at, "depth")
    said: dict[int, Json] = {int(size): value for size, value in read.json_map(at, "depths").items()}
    allowed = read.scalars(read.mapping(params, depth), "values") if depth is not None and not said else ()
    return BookArguments(
        depth=depth,
        depths=said or {value: value for value in allowed if isinstance(value, int)},
        constants=read.json_map(at, "with"),
    )


def _join(at: Map) -> BookJoin:
    params = read.json_map(at, "params")
    return BookJoin(
        operation=str(at["operation"]),
        at=str(at["at"]),
        begins=cast(Literal["at", "after"], at["begins"]),
        params={wire: of for wire, of in params.items() if isinstance(of, str)},
        constants={wire: value for wire, value in params.items() if not isinstance(value, str)},
        levels=read.integer(at, "levels"),
    )
