"""Prints what streams.yaml says as Python expressions for the runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.api import Api
from generator.model.streams import (
    Beat,
    Call,
    Channel,
    ChannelExample,
    ChannelParam,
    Connection,
    Heartbeat,
    ListenKey,
    Login,
    Message,
    Rate,
    Sequence,
    StreamLimits,
)
from generator.model.types import Json, Struct, Type
from generator.python.expressions import call, param
from generator.words.annotations import answered
from generator.words.literals import literal

if TYPE_CHECKING:
    from generator.words.arguments import Examples


def addresses(api: Api) -> dict[str, str]:
    """Return environment → address of the streams, where there is one."""
    return {server.name: server.stream for server in api.servers if server.stream and api.streams}


def connection(api: Api, value: Connection) -> str:
    """Print a connection."""
    channels = api.streams.channels if api.streams else ()
    kinds = sorted({kind for channel in channels if channel.connection == value.name for kind in channel.events})
    return call(
        "Connection",
        literal(value.name),
        path=literal(value.path) if value.path else None,
        send=literal(value.send),
        receive=literal(value.receive),
        heartbeat=_heartbeat(value.heartbeat) if value.heartbeat else None,
        limits=_limits(value.limits),
        login=_login(value.login) if value.login else None,
        listen_key=_listen_key(value.listen_key) if value.listen_key else None,
        token=call("Token", literal(value.token.credential), literal(value.token.path)) if value.token else None,
        ready=literal(value.ready) if value.ready else None,
        events=f"frozenset({literal(tuple(kinds))})" if kinds else None,
    )


def _seconds(milliseconds: int) -> str:
    return repr(milliseconds / 1000)


def _heartbeat(value: Heartbeat) -> str:
    client, server = (_beat(side) if side else None for side in (value.client, value.server))
    return call("Heartbeat", _seconds(value.silence_ms), client=client, server=server)


def _beat(value: Beat) -> str:
    answer = _message(value.answer) if value.answer else None
    return call("Beat", _message(value.send), _seconds(value.every_ms), answer=answer)


def _message(value: Message) -> str:
    return call("Message", literal(value.kind), literal(value.value))


def _limits(value: StreamLimits) -> str | None:
    rates = {name: _rate(rate) for name, rate in (("messages", value.messages), ("subscriptions", value.subscriptions))}
    return call(
        "Limits",
        **rates,
        streams=value.streams,
        topics=value.topics,
        size=value.bytes,
        connections=value.connections,
        life=_seconds(value.life_ms) if value.life_ms else None,
    )


def _rate(value: Rate | None) -> str | None:
    return call("Rate", str(value.calls), _seconds(value.per_ms)) if value else None


def _login(value: Login) -> str:
    schemes = [
        call(
            "LoginScheme",
            *map(literal, (s.name, s.credentials, s.time, s.payload, s.algorithm, s.secret, s.encoding)),
        )
        for s in value.schemes
    ]
    return call(
        "Login",
        literal(value.send),
        f"({', '.join(schemes)},)",
        time=literal(value.time) if value.time != "text" else None,
        accepted=literal(value.accepted),
        refused=literal(value.refused),
    )


def _listen_key(value: ListenKey) -> str:
    return call(
        "ListenKey",
        _call(value.create),
        literal(value.name),
        _seconds(value.life_ms),
        keep=_call(value.keep) if value.keep else None,
        every=_seconds(value.every_ms) if value.every_ms else None,
        delete=_call(value.delete) if value.delete else None,
        expired=literal(value.expired) if value.expired else None,
    )


def _call(value: Call) -> str:
    return call("Call", literal(value.operation), *([literal(value.params)] if value.params else []))


def topic_param(value: ChannelParam) -> str:
    """Print a parameter of a channel."""
    return call(
        "TopicParam",
        param(value.param),
        case=literal(value.case) if value.case else None,
        suffix=literal(value.suffix) if value.suffix else None,
    )


def channel_spec(api: Api, value: Channel) -> str:
    """Print what the runtime knows about a channel."""
    structs = {struct.name: struct for struct in (*api.structs, *(api.streams.structs if api.streams else ()))}
    events = ", ".join(f"{literal(name)}: {answered(typed)}" for name, typed in value.events.items())
    params = ", ".join(topic_param(each) for each in value.params)
    return call(
        "ChannelSpec",
        literal(value.name),
        literal(value.connection),
        f"events.{value.event_class}",
        topic=literal(value.topic) if value.topic is not None else None,
        pushed=literal(value.pushed) if value.pushed is not None else None,
        params=f"({params},)" if params else None,
        payload=answered(value.payload) if value.payload else None,
        at=literal(tuple(value.at.split("."))) if value.at else None,
        events=f"{{{events}}}" if events else None,
        lax=any(_lax(typed, structs, set()) for typed in value.types),
        delivers=literal(value.delivers) if value.delivers != "change" else None,
        sequence=_sequence(value, value.sequence, structs) if value.sequence else None,
    )


def _lax(typed: Type, structs: dict[str, Struct], seen: set[str]) -> bool:
    """Whether numbers or booleans arrive inside strings, somewhere in a type."""
    for name in typed.names:
        if name in structs and name not in seen:
            seen.add(name)
            if any(field.text or _lax(field.type, structs, seen) for field in structs[name].fields):
                return True
    return False


def _sequence(channel: Channel, value: Sequence, structs: dict[str, Struct]) -> str:
    typed = channel.types[0]
    struct = structs[(typed.item if typed.kind == "list" and typed.item else typed).name]
    names = {field.wire: field.name for field in struct.fields}
    return call(
        "Sequence",
        literal(names[value.last]),
        first=literal(names[value.first]) if value.first else None,
        previous=literal(names[value.previous]) if value.previous else None,
        step=value.step,
        grows=value.grows,
        resubscribe=value.resubscribe,
    )


def arguments(examples: Examples, channel: Channel, example: ChannelExample) -> str:
    """Print the arguments of the channel of an example."""
    given: list[tuple[ChannelParam, Json]] = [
        (each, example.params[each.wire]) for each in channel.params if each.wire in example.params
    ]
    return ", ".join(f"{each.param.name}={examples.value(each.param.type, value)}" for each, value in given)
