"""Builds the model of one API from YAML whose shape is right."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct as Record
from msgspec.structs import replace

from generator.build.codes import codes, statuses, with_messages
from generator.build.constants import constant_names
from generator.build.coverage import coverage
from generator.build.history import history
from generator.build.identity import identified
from generator.build.inheritance import with_inherited
from generator.build.likeness import with_likeness
from generator.build.limits import default_limits, limit
from generator.build.lookups import with_lookups
from generator.build.mock_facts import mock_facts
from generator.build.operations import CARRIERS, OperationBuilder
from generator.build.paging import with_paging
from generator.build.signing import signing
from generator.build.streams import build_streams
from generator.build.types import TypeBuilder
from generator.model.api import Api, Envelope, Server, Symbols, TimeSource
from generator.model.documentation import Page
from generator.model.meaning import Meanings
from generator.model.operations import Group
from generator.model.reach import reachable
from generator.model.streams import Streams
from generator.model.types import Enum, Struct
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes

USER_AGENT = "User-Agent"
"""Written among the other headers in a spec, but kept apart: where a spec has none, the client sends its own."""


class Built(Record, frozen=True):
    """A model, with what only `check` needs besides."""

    source: Source
    api: Api
    guessed: frozenset[str]
    """Types that unknown ones were probably meant to be; they count as used."""

    notes: Notes
    """What could not be built as it stands."""


def build(source: Source) -> Built:
    """Build the model of an API whose files passed the schemas; contradictions are found later, by `check`."""
    notes = Notes()
    at = source.files["api.yaml"]
    errors_at = source.files.get("errors.yaml", read.EMPTY)
    types = TypeBuilder(source, notes)
    enums, structs = types.enums(), types.structs()
    errors = with_messages(codes(errors_at, "codes", notes), errors_at, notes)
    pages = tuple(
        Page(n, str(p["url"]), str(p["read_on"]), read.maybe_text(p, "title")) for n, p in read.entries(at, "pages")
    )
    # Limits with `each` apply to operations that name no limit; they are `default_limits` below.
    limits = tuple(limit(name, b) for name, b in read.entries(at, "limits") if "each" not in b)
    stream_structs = types.stream_structs()
    streams = build_streams(source, notes, types, pages, stream_structs)
    everything = structs + stream_structs
    groups = OperationBuilder(source, notes, types, everything, errors, pages, _envelope(at)).groups()
    groups = _completed(groups, source, structs, stream_structs, enums, notes)
    structs = _with_directions(structs, groups, everything, streams)
    headers, writing = read.pairs(at, "headers"), read.mapping(at, "writing")
    api = Api(
        name=source.name,
        title=read.text(at, "title"),
        client=str(at["client"]),
        summary=read.text(at, "summary"),
        products=read.texts(at, "products"),
        deprecated=read.maybe_text(at, "deprecated"),
        servers=tuple(
            Server(n, str(s["rest"]), read.exact(s, "stream"), read.maybe_text(s, "doc"), read.pairs(s, "streams"))
            for n, s in read.entries(at, "servers")
        ),
        headers={name: value for name, value in headers.items() if name != USER_AGENT},
        user_agent=headers.get(USER_AGENT),
        carriers={**CARRIERS, **{str(k): str(v) for k, v in read.mapping(at, "carriers").items()}},
        empty_body="object" if writing.get("empty_body") == "object" else "none",
        list_form=str(writing.get("list", "json")),
        envelope=_envelope(at),
        unlisted="rejected" if errors_at.get("unlisted") == "rejected" else "unknown",
        signing=signing(source.name, at, constant_names(source), notes),
        clock=_time_source(at, groups, notes),
        limits=limits,
        default_limits=default_limits(at, notes),
        pages=pages,
        enums=enums,
        structs=structs,
        groups=groups,
        errors=errors,
        stream_errors=codes(errors_at, "stream_codes", notes),
        http_errors=statuses(errors_at, notes),
        coverage=(),
        quirks=read.quirks(at),
        history=history(source),
        streams=streams,
        symbols=_symbols(at),
        market=read.exact(read.mapping(at, "symbols"), "within"),
        steps_from="minimum" if read.mapping(at, "symbols").get("steps_from") == "minimum" else "zero",
        mock=mock_facts(at),
    )
    # Counted on the finished model, so that the figures are those of what is generated, not of what was written.
    covered = coverage(read.mapping(at, "documented"), api)
    return Built(source, replace(api, coverage=covered), frozenset(types.types.guessed), notes)


def _completed(
    groups: tuple[Group, ...],
    source: Source,
    structs: tuple[Struct, ...],
    stream_structs: tuple[Struct, ...],
    enums: tuple[Enum, ...],
    notes: Notes,
) -> tuple[Group, ...]:
    """Return the operations with what follows from all of them: a lookup may name an operation of a later group."""
    everything = structs + stream_structs
    meanings = Meanings(everything, enums)
    # In this order: what parameters mean decides how a call is looked up and which lists show what it made, and calls
    # without a lookup are found by likeness in such lists, up to the end of their pages.
    groups = with_inherited(groups, meanings, read.texts(read.mapping(source.files["api.yaml"], "symbols"), "named_by"))
    groups = with_lookups(groups, everything, meanings)
    groups = identified(groups, {struct.name: struct for struct in structs})
    groups = with_paging(source, groups, everything, notes)
    return with_likeness(groups, meanings)


def _envelope(at: Map) -> Envelope:
    envelope = read.mapping(at, "envelope")
    base: Literal["string", "integer"] = "integer" if envelope.get("base") == "integer" else "string"
    return Envelope(
        code=read.text(envelope, "code"),
        message=read.texts(envelope, "message"),
        data=read.exact(envelope, "data"),
        success=read.texts(envelope, "success"),
        base=base,
        empty_is_missing=envelope.get("empty") == "missing",
        other=read.pairs(envelope, "other"),
        time=read.exact(envelope, "time"),
        example=read.json_map(envelope, "example"),
    )


def _time_source(at: Map, groups: tuple[Group, ...], notes: Notes) -> TimeSource | None:
    if "server_time" not in at:
        return None
    time = read.mapping(at, "server_time")
    name = str(time["operation"])
    known = [operation.full_name for group in groups for operation in group.operations]
    notes.check_known(time, "operation", "server_time", name, known, "operation")
    return TimeSource(name, str(time["field"]), "s" if time["unit"] == "s" else "ms")


def _with_directions(
    structs: tuple[Struct, ...], groups: tuple[Group, ...], everything: tuple[Struct, ...], streams: Streams | None
) -> tuple[Struct, ...]:
    operations = [operation for group in groups for operation in group.operations]
    known = {struct.name: struct for struct in everything}
    sent = {name for o in operations for p in o.params for name in reachable(p.type, known)}
    received = {name for o in operations if o.returns for name in reachable(o.returns, known)}
    received |= {name for typed in (streams.types if streams else ()) for name in reachable(typed, known)}
    # A struct that nothing uses counts as received: it must have a class until `check` reports it.
    return tuple(replace(s, sent=s.name in sent, received=s.name in received or s.name not in sent) for s in structs)


def _symbols(at: Map) -> Symbols | None:
    """Return the parameters that hold a symbol and the symbols of the mock exchange, if api.yaml has both."""
    named_by, offered = read.mapping(at, "symbols"), read.exact(read.mapping(at, "mock"), "symbols")
    return Symbols(read.texts(named_by, "named_by"), offered) if named_by and offered is not None else None
