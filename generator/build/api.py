"""Builds the model of one API from YAML whose shape is right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, cast

from generator.build.coverage import coverage
from generator.build.history import history
from generator.build.identity import identified
from generator.build.operations import OperationBuilder, limit
from generator.build.signing import signing
from generator.build.streams import StreamBuilder
from generator.build.types import TypeBuilder
from generator.model.api import Api, Clock, Envelope, Server, Symbols
from generator.model.documentation import Page
from generator.model.operations import ErrorCode, Group, Writing
from generator.model.reach import reachable
from generator.model.streams import Streams
from generator.model.types import Struct
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes


@dataclass(frozen=True)
class Built:
    """A model, and what is known of it that no later step but `check` needs."""

    source: Source
    api: Api
    guessed: frozenset[str]
    """Types that unknown ones were probably meant to be; they count as used."""

    notes: Notes
    """What could not be built as it stands."""


def build(source: Source) -> Built:
    """Build one API whose files have the right shape; whether it contradicts itself is for `check` to say."""
    notes = Notes()
    at = source.files["api.yaml"]
    errors_at = source.files.get("errors.yaml", read.EMPTY)
    types = TypeBuilder(source, notes)
    enums, structs = types.enums(), types.structs()
    errors = _codes(errors_at, "codes", notes)
    pages = tuple(
        Page(n, str(p["url"]), str(p["read"]), read.maybe_text(p, "title")) for n, p in read.entries(at, "pages")
    )
    limits = tuple(limit(name, b) for name, b in read.entries(at, "limits"))
    stream_structs = types.stream_structs()
    streams = StreamBuilder(source, notes, types, pages).streams(stream_structs)
    everything = structs + stream_structs
    groups = OperationBuilder(source, notes, types, everything, errors, pages, limits, _envelope(at)).groups()
    groups = identified(groups, {struct.name: struct for struct in structs}, _writing(at))
    structs = _directions(structs, groups, everything, streams)
    requests = read.mapping(at, "requests")
    api = Api(
        name=source.name,
        title=read.text(at, "title"),
        client=str(at["client"]),
        summary=read.text(at, "summary"),
        servers=tuple(
            Server(n, str(s["rest"]), read.exact(s, "stream"), read.maybe_text(s, "doc"))
            for n, s in read.entries(at, "servers")
        ),
        headers=read.pairs(requests, "headers"),
        user_agent=read.exact(requests, "user_agent"),
        empty_body="object" if requests.get("empty_body") == "object" else "none",
        list_form=str(read.mapping(requests, "wire").get("list", "json")),
        envelope=_envelope(at),
        unlisted="rejected" if errors_at.get("unlisted") == "rejected" else "unknown",
        signing=signing(source.name, read.mapping(at, "signing"), notes),
        clock=_clock(at, groups, notes),
        limits=limits,
        default_limits={auth: limit("default", b) for auth, b in read.entries(at, "default_limit")},
        pages=pages,
        enums=enums,
        structs=structs,
        groups=groups,
        errors=errors,
        stream_errors=_codes(errors_at, "stream_codes", notes),
        http_errors=_statuses(errors_at, notes),
        coverage=(),
        quirks=read.quirks(at),
        history=history(source),
        streams=streams,
        symbols=_symbols(at),
    )
    covered = coverage(read.mapping(at, "documented"), api)
    return Built(source, replace(api, coverage=covered), frozenset(types.types.guessed), notes)


def _envelope(at: Map) -> Envelope:
    envelope = read.mapping(at, "envelope")
    base: Literal["string", "integer"] = "integer" if envelope.get("base") == "integer" else "string"
    return Envelope(
        code=read.text(envelope, "code"),
        message=read.texts(envelope, "message"),
        data=read.exact(envelope, "data"),
        success=read.texts(envelope, "success"),
        base=base,
        other=read.pairs(envelope, "other"),
        example=read.json_map(envelope, "example"),
    )


def _writing(at: Map) -> Writing:
    """Return how the exchange writes the ids that were sent to it."""
    said = read.mapping(at, "ids")
    return Writing(cast(Literal["keep", "lower", "upper"], said.get("case", "keep")), read.exact(said, "prefix") or "")


def _codes(at: Map, key: str, notes: Notes) -> tuple[ErrorCode, ...]:
    usual = read.integer(at, "default_http") or 400
    codes: dict[str, ErrorCode] = {}
    notes.twice(read.maps(at, key), "code", key)
    for entry in read.maps(at, key):
        code = str(entry["code"])
        http = read.integer(entry, "http") or usual
        unknown = entry.get("outcome") == "unknown"
        codes[code] = ErrorCode(
            code, str(entry["kind"]), read.text(entry, "message"), unknown, http, read.quirks(entry)
        )
    return tuple(codes.values())


def _statuses(at: Map, notes: Notes) -> tuple[ErrorCode, ...]:
    notes.twice(read.maps(at, "http"), "status", "http")
    return tuple(
        ErrorCode(
            str(s["status"]),
            str(s["kind"]),
            read.text(s, "message"),
            s.get("outcome") == "unknown",
            read.integer(s, "status") or 0,
        )
        for s in read.maps(at, "http")
    )


def _clock(at: Map, groups: tuple[Group, ...], notes: Notes) -> Clock | None:
    if "time" not in at:
        return None
    time = read.mapping(at, "time")
    name = str(time["operation"])
    known = [operation.full_name for group in groups for operation in group.operations]
    notes.known(time, "operation", "time", name, known, "operation")
    return Clock(name, str(time["field"]), "s" if time["unit"] == "s" else "ms")


def _directions(
    structs: tuple[Struct, ...], groups: tuple[Group, ...], everything: tuple[Struct, ...], streams: Streams | None
) -> tuple[Struct, ...]:
    operations = [operation for group in groups for operation in group.operations]
    known = {struct.name: struct for struct in everything}
    sent = {name for o in operations for p in o.params for name in reachable(p.type, known)}
    received = {name for o in operations if o.returns for name in reachable(o.returns, known)}
    received |= {name for typed in (streams.types if streams else ()) for name in reachable(typed, known)}
    return tuple(replace(s, sent=s.name in sent, received=s.name in received or s.name not in sent) for s in structs)


def _symbols(at: Map) -> Symbols | None:
    """Return what api.yaml says of symbols, if anything."""
    said = read.mapping(at, "symbols")
    return Symbols(read.texts(said, "params"), str(said["offered"])) if said else None
