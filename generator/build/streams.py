"""Builds the streams of an API; contradictions are found later, by `check`."""

from __future__ import annotations

from generator.build.channels import ChannelBuilder
from generator.build.connections import ConnectionBuilder
from generator.build.types import TypeBuilder
from generator.model.documentation import Page
from generator.model.streams import Combined, Command, MockAddress, MockCommand, MockLogin, Streams, TimeUnits
from generator.model.types import Struct
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes

FILE = "streams.yaml"


def build_streams(
    source: Source, notes: Notes, types: TypeBuilder, pages: tuple[Page, ...], structs: tuple[Struct, ...]
) -> Streams | None:
    """Build the streams of one API, if there are any; `structs` are those that only they use."""
    at = source.files.get(FILE, read.EMPTY)
    if not at:
        return None
    connections, channels = ConnectionBuilder(at, notes, types), ChannelBuilder(notes, types, pages)
    mock = read.mapping(at, "mock")
    return Streams(
        doc=read.text(at, "doc"),
        compression="gzip" if at.get("compression") == "gzip" else "none",
        ids="string" if at.get("ids") == "string" else "integer",
        snapshot=read.texts(at, "snapshot"),
        refusal=read.exact(at, "refusal") or "UnknownError",
        connections=tuple(connections.connection(name, c) for name, c in read.entries(at, "connections")),
        channels=tuple(channels.channel(c) for c in read.maps(at, "channels")),
        structs=structs,
        quirks=read.quirks(at),
        combined=_combined(read.mapping(mock, "combined")),
        addresses=tuple(_address(a) for a in read.maps(mock, "addresses")),
        frame_codes=_frame_codes(read.mapping(mock, "frames")),
        logins=tuple(_further_login(one) for one in read.maps(mock, "logins")),
        commands=tuple(_further_command(one) for one in read.maps(mock, "commands")),
        without_ids=read.flag(mock, "without_ids"),
        time_unit=_time_unit(read.mapping(at, "time_unit")) if "time_unit" in at else None,
    )


def _time_unit(at: Map) -> TimeUnits:
    return TimeUnits(query=str(at["query"]), ms=str(at["ms"]), us=str(at["us"]))


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
