"""Builds the model of one API from YAML whose shape is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from generator.build.coverage import coverage
from generator.build.failures import assumed_failures, failure_codes
from generator.build.history import history
from generator.build.identity import identified
from generator.build.inheritance import with_inherited
from generator.build.likeness import with_likeness
from generator.build.limits import limit
from generator.build.lookups import with_lookups
from generator.build.operations import CARRIERS, OperationBuilder, constant_names
from generator.build.paging import with_paging
from generator.build.signing import signing
from generator.build.streams import build_streams
from generator.build.types import TypeBuilder
from generator.model.api import Api, Envelope, Server, Symbols, TimeSource
from generator.model.codes import ErrorCode, ErrorMessage
from generator.model.documentation import Page
from generator.model.limits import Limit
from generator.model.meaning import Meanings
from generator.model.mock_facts import Disconnect, Fees, Half, Halves, Interest, MarketFacts, MockFacts, TradingFacts
from generator.model.operations import Group
from generator.model.reach import reachable
from generator.model.streams import Streams
from generator.model.types import Struct
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes

USER_AGENT = "User-Agent"
"""Written among the other headers in a spec, but kept apart: where a spec has none, the client sends its own."""


@dataclass(frozen=True)
class Built:
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
    errors = _with_messages(_codes(errors_at, "codes", notes), errors_at, notes)
    pages = tuple(
        Page(n, str(p["url"]), str(p["read_on"]), read.maybe_text(p, "title")) for n, p in read.entries(at, "pages")
    )
    # Limits with `each` apply to operations that name no limit; they are `default_limits` below.
    limits = tuple(limit(name, b) for name, b in read.entries(at, "limits") if "each" not in b)
    stream_structs = types.stream_structs()
    streams = build_streams(source, notes, types, pages, stream_structs)
    everything = structs + stream_structs
    groups = OperationBuilder(source, notes, types, everything, errors, pages, _envelope(at)).groups()
    named_by = read.texts(read.mapping(at, "symbols"), "named_by")
    meanings = Meanings(everything, enums)
    groups = with_inherited(groups, meanings, named_by)
    # A lookup may name an operation of a group that is built later.
    groups = with_lookups(groups, everything, meanings)
    groups = identified(groups, {struct.name: struct for struct in structs})
    groups = with_paging(source, groups, everything, notes)
    groups = with_likeness(groups, meanings)
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
        default_limits=_default_limits(at, notes),
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
        market=read.exact(read.mapping(at, "symbols"), "within"),
        steps_from="minimum" if read.mapping(at, "symbols").get("steps_from") == "minimum" else "zero",
        mock=_mock_facts(at),
    )
    # Counted on the finished model, so that the figures are those of what is generated, not of what was written.
    covered = coverage(read.mapping(at, "documented"), api)
    return Built(source, replace(api, coverage=covered), frozenset(types.types.guessed), notes)


def _default_limits(at: Map, notes: Notes) -> dict[str, Limit]:
    """Return the limits of operations that name none, by `auth`."""
    found: dict[str, Limit] = {}
    limits = read.mapping(at, "limits")
    for name, b in read.entries(at, "limits"):
        auth = str(b.get("each", ""))
        if auth in found:
            what = f"`{found[auth].name}` also has `each: {auth}`; an operation has one default limit"
            notes.add(b, "each", f"limits.{name}", what)
        elif auth:
            found[auth] = limit(name, read.mapping(limits, name))
    return found


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


def _codes(at: Map, key: str, notes: Notes) -> tuple[ErrorCode, ...]:
    # Most exchanges refuse with HTTP 400; those that refuse with 200 say so once, in `default_http`.
    usual = read.integer(at, "default_http") or 400
    codes: dict[str, ErrorCode] = {}
    notes.check_unique(read.maps(at, key), "code", key)
    for entry in read.maps(at, key):
        code = str(entry["code"])
        http = read.integer(entry, "http") or usual
        unknown = entry.get("outcome") == "unknown"
        codes[code] = ErrorCode(
            code, str(entry["kind"]), read.text(entry, "message"), unknown, http, read.quirks(entry)
        )
    return tuple(codes.values())


def _with_messages(errors: tuple[ErrorCode, ...], at: Map, notes: Notes) -> tuple[ErrorCode, ...]:
    """Give each code what it means with certain messages."""
    found: dict[str, list[ErrorMessage]] = {}
    known = {error.code for error in errors}
    for entry in read.maps(at, "messages"):
        one = ErrorMessage(
            str(entry["says"]), str(entry["kind"]), read.text(entry, "message"), entry.get("outcome") == "unknown"
        )
        for code in read.texts(entry, "codes"):
            notes.check_known(entry, "codes", "messages", code, known, "code")
            hidden = next((other.part for other in found.get(code, ()) if other.part.lower() in one.says.lower()), None)
            if hidden is not None:
                what = f"never fits with {code}, because `{hidden}` stands before it and is a part of it"
                notes.add(entry, "says", "messages", what)
            found.setdefault(code, []).append(one)
    return tuple(replace(error, messages=tuple(found.get(error.code, ()))) for error in errors)


def _statuses(at: Map, notes: Notes) -> tuple[ErrorCode, ...]:
    notes.check_unique(read.maps(at, "http"), "status", "http")
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


def _mock_facts(at: Map) -> MockFacts:
    mock = read.mapping(at, "mock")
    named = read.mapping(mock, "one_with")
    one_with = {operation: param for param in named for operation in read.texts(named, param)}
    return MockFacts(
        form_or_query=read.texts(mock, "form_or_query"),
        one_with=one_with,
        halves={name: _halves(one) for name, one in read.entries(mock, "halves")},
        trading=_trading(mock),
        disconnect=_disconnect(read.mapping(mock, "disconnect")),
        markets={name: _market(at) for name, at in read.entries(mock, "markets")},
    )


def _disconnect(at: Map) -> Disconnect | None:
    if not at:
        return None
    topics = {topic: (str(each["product"]), str(each["market"])) for topic, each in read.entries(at, "topics")}
    return Disconnect(str(at["call"]), str(at["product"]), str(at["after"]), read.span(str(at["usual"])), topics)


def _market(at: Map) -> MarketFacts:
    return MarketFacts(_trading(at), failure_codes(at))


def _halves(at: Map) -> Halves:
    cancel, place = (read.mapping(at, name) for name in ("cancel", "place"))
    ((wire, value),) = read.mapping(at, "goes_on").items()
    return Halves(
        Half(str(cancel["result"]), str(cancel["order"])),
        Half(str(place["result"]), str(place["order"])),
        done=str(at["done"]),
        failed=str(at["failed"]),
        untried=str(at["untried"]),
        goes_on=(str(wire), str(value)),
        some=str(at["some"]),
        all=str(at["all"]),
        inside=str(at["inside"]),
    )


def _trading(holder: Map) -> TradingFacts:
    """Return what an API or a market says of trading; what is assumed of its codes counts, too."""
    at = read.mapping(holder, "trading")
    fees, interest = read.mapping(at, "fees"), read.mapping(at, "interest")
    return TradingFacts(
        Fees(str(fees["maker"]), str(fees["taker"]), "received" if fees.get("paid_in") == "received" else "quote")
        if fees
        else None,
        "by_side" if at.get("positions") == "by_side" else "one",
        read.integer(at, "leverage"),
        read.texts(at, "cancels"),
        read.flag(at, "unfunded"),
        "position" if at.get("exits") == "position" else None,
        Interest(str(interest["daily"]), read.span(str(interest["every"]))) if interest else None,
        (*read.texts(at, "assumed"), *assumed_failures(holder)),
    )


def _symbols(at: Map) -> Symbols | None:
    """Return the parameters that hold a symbol and the symbols of the mock exchange, if api.yaml has both."""
    named_by, offered = read.mapping(at, "symbols"), read.exact(read.mapping(at, "mock"), "symbols")
    return Symbols(read.texts(named_by, "named_by"), offered) if named_by and offered is not None else None
