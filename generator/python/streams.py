"""Prints the streams of an API as Python expressions for the runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.api import Api
from generator.model.books import Book, Sides, Snapshot, book_of, books
from generator.model.channels import Channel, ChannelExample, ChannelParam, Sequence
from generator.model.connections import (
    Beat,
    Call,
    Connection,
    Heartbeat,
    ListenKey,
    Login,
    Message,
    Rate,
    StreamLimits,
    Token,
)
from generator.model.reach import has_scalars_in_text, other_names
from generator.model.types import Field, Json, Struct
from generator.python.calls import OMIT, Code, call, maybe, row, unless
from generator.python.expressions import param
from generator.words.annotations import annotation
from generator.words.literals import literal

if TYPE_CHECKING:
    from generator.words.arguments import Examples


def addresses(api: Api) -> dict[str, str]:
    """Return environment → address of the streams, for environments that have one."""
    return {server.name: server.stream for server in api.servers if server.stream and api.streams}


def other_addresses(api: Api) -> dict[str, dict[str, str]]:
    """Return environment → connection → its address, where a connection has one of its own."""
    return {server.name: server.streams for server in api.servers if server.streams and api.streams}


def connection(api: Api, value: Connection) -> Code:
    """Print a connection."""
    channels = api.streams.channels if api.streams else ()
    kinds = sorted({kind for channel in channels if value.name in channel.connections for kind in channel.events})
    return call(
        "ConnectionSpec",
        value.name,
        path=unless("", value.path),
        send=value.send,
        receive=value.receive,
        heartbeat=maybe(_heartbeat, value.heartbeat),
        limits=_limits(value.limits),
        login=maybe(_login, value.login),
        listen_key=maybe(_listen_key, value.listen_key),
        token=maybe(_token, value.token),
        ready=unless((), value.ready),
        events=call("frozenset", tuple(kinds)) if kinds else OMIT,
    )


def _seconds(milliseconds: int) -> Code:
    # asyncio counts in seconds; the model in milliseconds, as exchanges do.
    return Code(milliseconds / 1000)


def _heartbeat(value: Heartbeat) -> Code:
    return call(
        "HeartbeatSpec",
        _seconds(value.silence_ms),
        client=maybe(_beat, value.client),
        server=maybe(_beat, value.server),
    )


def _beat(value: Beat) -> Code:
    return call("Beat", _message(value.send), _seconds(value.every_ms), answer=maybe(_message, value.answer))


def _message(value: Message) -> Code:
    return call("Message", value.kind, value.value)


def _token(value: Token) -> Code:
    return call("Token", value.credential, value.path)


def _limits(value: StreamLimits) -> Code:
    return call(
        "Limits",
        messages=maybe(_rate, value.messages),
        subscriptions=maybe(_rate, value.subscriptions),
        streams=unless(None, value.streams),
        topics=unless(None, value.topics),
        size=unless(None, value.bytes),
        connections=unless(None, value.connections),
        life=maybe(_seconds, value.life_ms),
        idle=maybe(_seconds, value.idle_ms),
        reconnects=maybe(_rate, value.reconnects),
    )


def _rate(value: Rate) -> Code:
    return call("Rate", value.calls, _seconds(value.per_ms))


def _login(value: Login) -> Code:
    return call(
        "Login",
        value.send,
        row([Code(scheme.class_name) for scheme in value.schemes]),
        time=unless("text", value.time),
        accepted=value.accepted,
        refused=value.refused,
    )


def _listen_key(value: ListenKey) -> Code:
    return call(
        "ListenKey",
        _call(value.create),
        value.name,
        _seconds(value.life_ms),
        keep=maybe(_call, value.keep),
        every=maybe(_seconds, value.every_ms),
        delete=maybe(_call, value.delete),
        expired=unless((), value.expired),
    )


def _call(value: Call) -> Code:
    return call("Call", value.operation, *([value.params] if value.params else []))


def topic_param(value: ChannelParam) -> Code:
    """Print a parameter of a channel."""
    return call("TopicParam", param(value.param), case=unless(None, value.case), suffix=unless(None, value.suffix))


def channel_spec(api: Api, value: Channel) -> Code:
    """Print what the runtime knows about a channel."""
    structs = {struct.name: struct for struct in (*api.structs, *(api.streams.structs if api.streams else ()))}
    events = ", ".join(f"{literal(name)}: {annotation(typed)}" for name, typed in value.events.items())
    return call(
        "ChannelSpec",
        api.name,
        value.name,
        value.connection,
        Code(f"events.{value.event_class}"),
        chosen_by=unless(None, value.chosen_by),
        connections=unless((), value.connections if value.chosen_by else ()),
        topic=unless(None, value.topic),
        pushed=unless(None, value.pushed),
        params=row(map(topic_param, value.params)),
        payload=Code(annotation(value.payload)) if value.payload else OMIT,
        at=tuple(value.at.split(".")) if value.at else OMIT,
        events=Code(f"{{{events}}}") if events else OMIT,
        lax=unless(False, any(has_scalars_in_text(typed, structs) for typed in value.types)),
        also=tuple(sorted({name for typed in value.types for name in other_names(typed, structs)})) or OMIT,
        empty_is_missing=unless(False, api.envelope.empty_is_missing),
        delivers=unless("change", value.delivers),
        sequence=_sequence(value, value.sequence, structs) if value.sequence else OMIT,
        book=maybe(_book, book_of(api, value)),
    )


def book_classes(api: Api) -> tuple[str, ...]:
    """Return the classes of channels that give order books."""
    return tuple(book.channel.class_name for book in books(api))


def _book(book: Book) -> Code:
    names = {param.wire: param.param.name for param in book.channel.params}
    arguments = book.arguments
    return call(
        "BookRule",
        _sides(book.sides),
        book.symbol.param.name,
        depth=names.get(arguments.depth, OMIT) if arguments.depth else OMIT,
        depths=unless({}, arguments.depths),
        constants=unless({}, {names[wire]: value for wire, value in arguments.constants.items() if wire in names}),
        join=_join(book.snapshot, names) if book.snapshot else OMIT,
        market=names[book.channel.chosen_by] if book.channel.chosen_by else OMIT,
    )


def _join(snapshot: Snapshot, names: dict[str, str]) -> Code:
    join = snapshot.join
    return call(
        "BookJoin",
        join.operation,
        _sides(snapshot.sides),
        snapshot.number.name,
        join.begins,
        params=unless({}, {wire: names[of] for wire, of in join.params.items() if of in names}),
        constants=unless({}, join.constants),
        levels=unless(None, join.levels),
    )


def _sides(sides: Sides) -> Code:
    return call("BookSides", _path(sides.bids), _path(sides.asks), sides.price.name, sides.quantity.name)


def _path(fields: tuple[Field, ...]) -> str:
    return ".".join(field.name for field in fields)


def _sequence(channel: Channel, value: Sequence, structs: dict[str, Struct]) -> Code:
    # All payloads of a numbered channel have the same members for it, so the first one has the names.
    typed = channel.types[0]
    struct = structs[(typed.item if typed.kind == "list" and typed.item else typed).name]
    names: dict[str | None, str | None] = {field.wire: field.name for field in struct.fields}
    return call(
        "Numbering",
        names[value.last],
        first=unless(None, names.get(value.first)),
        previous=unless(None, names.get(value.previous)),
        step=unless(None, value.step),
        grows=unless(False, value.grows),
        resubscribe=unless(False, value.resubscribe),
    )


def arguments(examples: Examples, channel: Channel, example: ChannelExample) -> str:
    """Print the arguments of the channel of an example."""
    given: list[tuple[ChannelParam, Json]] = [
        (each, example.params[each.wire]) for each in channel.params if each.wire in example.params
    ]
    return ", ".join(f"{each.param.name}={examples.value(each.param.type, value)}" for each, value in given)
