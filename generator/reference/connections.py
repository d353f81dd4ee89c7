"""Says of each kind of connection how it is opened, kept alive and limited."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.api import Api
from generator.model.connections import Beat, Connection, Login, Message, Rate, StreamLimits
from generator.reference.signing import TIMES, value_words
from generator.words.amounts import span_words
from generator.words.markdown import code, codes, compact, prose


def connections(api: Api) -> Iterator[tuple[str, list[str]]]:
    """Yield name and properties of each kind of connection."""
    for connection in api.streams.connections if api.streams else ():
        yield connection.name, [prose(connection.doc), *_properties(api, connection)]


def _properties(api: Api, connection: Connection) -> Iterator[str]:
    # The first environment with streams, as in the samples: an API may have a test environment without.
    server = next(server for server in api.servers if server.stream)
    yield f"Address: {code(f'{server.stream_of(connection.name)}{connection.path}')}"
    yield f"Access: {access(connection)}"
    if connection.login is not None:
        yield from _login(connection.login)
    beat = connection.heartbeat
    if beat is not None:
        yield f"No frame for {span_words(beat.silence_ms)}: the client reconnects"
        yield from (
            _beat(who, one)
            for who, one in (("The client sends", beat.client), ("The server sends", beat.server))
            if one
        )
    yield from _limits(connection.limits)


def access(connection: Connection) -> str:
    """Say what it takes to open a connection."""
    ways = []
    if connection.login is not None:
        ways.append("a login with " + " or ".join(codes(s.credentials) for s in connection.login.schemes))
    if connection.listen_key is not None:
        operation = connection.listen_key.create.operation
        ways.append(f"a listen key from [{code(operation)}](../{operation.replace('.', '/')}.md)")
    if connection.token is not None:
        ways.append(f"{code(connection.token.credential)} in the address")
    return "public" if not ways else ", or ".join(ways)


def _limits(limits: StreamLimits) -> Iterator[str]:
    """Yield what a connection may carry, and how long it may last."""
    for words, rate in (
        ("frames", limits.messages),
        ("subscriptions", limits.subscriptions),
        ("reconnects", limits.reconnects),
    ):
        if rate is not None:
            yield f"At most {rate.calls} {words} per {_per(rate)}"
    for words, number in (
        ("topics per connection", limits.streams),
        ("bytes per subscription", limits.bytes),
        ("connections per IP address", limits.connections),
    ):
        if number is not None:
            yield f"At most {number} {words}"
    if limits.idle_ms is not None:
        idle = span_words(limits.idle_ms)
        yield f"The server closes connections without a subscription after {idle}; the client closes them earlier"
    if limits.life_ms is not None:
        yield f"The server closes connections after {span_words(limits.life_ms)}; the client opens a new one shortly before"


def _login(login: Login) -> Iterator[str]:
    """Yield what a login sends and signs, with its worked examples."""
    yield f"Login frame: {code(compact(login.send))}"
    secrets = {scheme.name: scheme.secret for scheme in login.schemes}
    for scheme in login.schemes:
        text = " + ".join(part.word for part in scheme.signed.parts_for("GET")) if scheme.signed else ""
        signed = f"{scheme.algorithm} with {code(scheme.secret or '')} over {code(text)}"
        time = TIMES[scheme.time].removeprefix("the ")
        for value in scheme.values:
            if value is not scheme.signed:
                yield f"Value {code(value.name)}: {value_words(value, scheme)}"
        yield f"Signature ({code(scheme.name)}): {signed}, in {scheme.encoding}; the timestamp is {time}"
    for vector in login.vectors:
        if vector.signature is not None:
            secret = vector.credentials[secrets[vector.scheme] or ""]
            yield f"Worked example: {code(vector.text)}, signed with {code(secret)}, gives {code(vector.signature)}"


def _per(rate: Rate) -> str:
    return span_words(rate.per_ms).removeprefix("1 ")


def _beat(who: str, beat: Beat) -> str:
    answer = f"; the reply is {_message(beat.answer)}" if beat.answer else ""
    return f"{who} {_message(beat.send)} every {span_words(beat.every_ms)}{answer}"


def _message(message: Message) -> str:
    if message.kind == "protocol":
        return f"a WebSocket {message.value} frame"
    return code(compact(message.value) if message.kind == "json" else str(message.value))
