"""Builds the model of one API from its checked YAML, and notes what contradicts itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from generator import reading as read
from generator.build_contradictions import check_contradictions
from generator.build_history import history
from generator.build_names import check_names
from generator.build_operations import OperationBuilder, limit
from generator.build_signing import signing
from generator.build_streams import StreamBuilder
from generator.build_symbols import check_symbols, symbols
from generator.build_types import TypeBuilder
from generator.check_streams import check_streams, streamed_types
from generator.check_vectors import check_vectors
from generator.checks import Checker
from generator.coverage import coverage
from generator.load import Map, Source
from generator.model.api import Api, Clock, Envelope, Server
from generator.model.documentation import Page
from generator.model.operations import ErrorCode, Group
from generator.model.signing import Signing
from generator.model.streams import Streams
from generator.model.types import Struct
from generator.problems import Problem, suggest
from generator.reading import Notes

SERVER_ERROR = 500


def build(source: Source) -> tuple[Api, list[Problem]]:
    """Build one API whose files have the right shape."""
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
    checker = Checker(enums, structs + stream_structs, notes)
    groups = OperationBuilder(source, notes, types, checker, errors, pages, limits, _envelope(at)).groups()
    structs = _directions(structs, groups, checker, streams)
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
        symbols=symbols(at),
    )
    _failures(at, api.signing, errors, notes)
    _single_use(at, api, notes)
    _unused(source, types, api, checker, notes)
    check_names(source, api, notes)
    check_contradictions(source, api, checker, notes)
    check_vectors(read.mapping(at, "signing"), api.signing, notes)
    check_symbols(source, api, notes)
    check_streams(source, api, checker, notes)
    return replace(api, coverage=coverage(read.mapping(at, "documented"), api)), notes.problems


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


def _failures(at: Map, rule: Signing, errors: tuple[ErrorCode, ...], notes: Notes) -> None:
    known = {error.code for error in errors}
    failures = read.mapping(read.mapping(at, "signing"), "failures")
    for what, code in rule.failures.items():
        if code not in known:
            notes.add(
                failures, what, f"signing.failures.{what}", f"no code `{code}` in errors.yaml{suggest(code, known)}"
            )


def _single_use(at: Map, api: Api, notes: Notes) -> None:
    start = api.signing.single_use
    if start and not any(operation.path.startswith(start) for operation in api.operations):
        what = f"no operation has a path that begins with `{start}`"
        notes.add(read.mapping(at, "signing"), "single_use", "signing.single_use", what)


def _directions(
    structs: tuple[Struct, ...], groups: tuple[Group, ...], checker: Checker, streams: Streams | None
) -> tuple[Struct, ...]:
    operations = [operation for group in groups for operation in group.operations]
    sent = {name for o in operations for p in o.params for name in checker.reachable(p.type)}
    received = {name for o in operations if o.returns for name in checker.reachable(o.returns)}
    received |= {name for typed in streamed_types(streams) for name in checker.reachable(typed)}
    return tuple(replace(s, sent=s.name in sent, received=s.name in received or s.name not in sent) for s in structs)


def _unused(source: Source, types: TypeBuilder, api: Api, checker: Checker, notes: Notes) -> None:
    operations = api.operations
    used = {name for o in operations for param in o.params for name in checker.reachable(param.type)}
    used |= {name for o in operations if o.returns for name in checker.reachable(o.returns)}
    used |= {name for typed in streamed_types(api.streams) for name in checker.reachable(typed)} | types.types.guessed
    for kind in ("enums", "structs"):
        at = read.mapping(source.files.get("types.yaml", read.EMPTY), kind)
        for name in at:
            if name not in used:
                notes.add(at, name, f"{kind}.{name}", "nothing uses it; use it or take it out")
