"""Where an AsyncAPI document connects to: servers, how they know who connects, and what a connection may carry."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from generator.model.api import Api, Server
from generator.model.connections import Beat, Connection, Login, Message
from generator.model.streams import TimeUnits
from generator.words.schemas import Schema

BINDING = "0.1.0"
"""Version of the WebSocket binding of AsyncAPI."""


def servers(api: Api, connection: Connection) -> list[tuple[str, Schema]]:
    """Return the servers of a connection, by name."""
    # AsyncAPI has hosts where we have addresses: one entry for each environment and kind of connection.
    made = []
    for server in _with_streams(api, connection.name):
        # The query of a path, such as a token, is a security scheme below and not part of the address.
        parts = urlsplit(f"{server.stream_of(connection.name)}" + connection.path.partition("?")[0])
        one: Schema = {"host": parts.netloc, "protocol": parts.scheme, "description": connection.doc}
        if parts.path:
            one |= {"pathname": parts.path}
        if "{listen_key}" in parts.path:
            one["variables"] = {"listen_key": {"description": "Listen key, created over REST."}}
        if connection.private:
            # One of these is enough.
            one["security"] = [{"$ref": f"#/components/securitySchemes/{name}"} for name in _ways_in(api, connection)]
        made.append(one | _extensions(connection))
    return list(zip(server_names(api, connection), made, strict=True))


def server_names(api: Api, connection: Connection) -> list[str]:
    """Return the names of a connection's servers."""
    return [f"{server.name}_{connection.name}" for server in _with_streams(api, connection.name)]


def _with_streams(api: Api, connection: str) -> list[Server]:
    """Return the environments that differ in the address of a connection."""
    # Reversed twice: the first environment with an address names it, and the order stays.
    return list({s.stream_of(connection): s for s in reversed(api.servers) if s.stream}.values())[::-1]


def _extensions(connection: Connection) -> Schema:
    """Return the properties of a connection that AsyncAPI has no keywords for."""
    made: Schema = {}
    beat, limits = connection.heartbeat, connection.limits
    if beat is not None:
        made["x-heartbeat"] = {
            "silenceMs": beat.silence_ms,
            **({"client": _beat(beat.client)} if beat.client else {}),
            **({"server": _beat(beat.server)} if beat.server else {}),
        }
    rates = {"messages": limits.messages, "subscriptions": limits.subscriptions, "reconnects": limits.reconnects}
    said = {name: {"calls": rate.calls, "perMs": rate.per_ms} for name, rate in rates.items() if rate}
    # AsyncAPI has no words for limits and heartbeats, so they are extensions, in camel case as its own words.
    numbers = {"streams": limits.streams, "topics": limits.topics, "bytes": limits.bytes}
    numbers |= {"connections": limits.connections, "lifeMs": limits.life_ms, "idleMs": limits.idle_ms}
    said |= {name: number for name, number in numbers.items() if number is not None}  # type: ignore[misc]  # JSON
    return made | ({"x-limits": said} if said else {})


def _beat(beat: Beat) -> Schema:
    made: Schema = {"send": _message(beat.send), "everyMs": beat.every_ms}
    if beat.answer is not None:
        made["answer"] = _message(beat.answer)
    return made | ({"withinMs": beat.within_ms} if beat.within_ms else {})


def _message(message: Message) -> Schema:
    return {message.kind: message.value}


def security_schemes(api: Api) -> Schema:
    """Return the ways in: a signed frame, a listen key, or a token."""
    streams = api.streams
    return {name: made for c in (streams.connections if streams else ()) for name, made in _ways_in(api, c).items()}


def _ways_in(api: Api, connection: Connection) -> Schema:
    """Return the security schemes of a connection, one of which it needs."""
    made: Schema = {}
    if connection.login is not None:
        made[f"{connection.name}_login"] = _login(connection.login)
    if connection.listen_key is not None:
        made[f"{connection.name}_listen_key"] = _listen_key(connection)
    if connection.token is not None:
        docs = {credential.name: credential.doc for credential in api.signing.credentials}
        name = _query_name(connection.token.path, connection.token.credential)
        made[f"{connection.name}_token"] = {
            "type": "httpApiKey", "in": "query", "name": name, "description": docs[connection.token.credential]
        }  # fmt: skip
    return made


def _login(login: Login) -> Schema:
    schemes = [
        f"{s.algorithm} over {' + '.join(p.word for p in s.signed.parts_for('GET')) if s.signed else ''} with `{s.secret}`, in {s.encoding}"
        for s in login.schemes
    ]
    # AsyncAPI has no type for signed frames; an `apiKey` in `user` is the nearest.
    return {"type": "apiKey", "in": "user", "description": f"A signed login frame: {'; or '.join(schemes)}."}


def _listen_key(connection: Connection) -> Schema:
    made = connection.listen_key.create.operation if connection.listen_key else ""
    described = {"description": f"A listen key, created by {made}."}
    name = _query_name(connection.path, "listen_key")
    # A key in the path has no type of its own; an `apiKey` in `user` is the nearest.
    place = {"type": "httpApiKey", "in": "query", "name": name} if name else {"type": "apiKey", "in": "user"}
    return place | described


def _query_name(path: str, placeholder: str) -> str:
    """Return the parameter of the query that holds a placeholder; empty where the path does."""
    found = dict(parse_qsl(urlsplit(path).query))
    return next((name for name, value in found.items() if value == f"{{{placeholder}}}"), "")


def bindings(api: Api) -> Schema:
    """Return how each connection is opened, as channel bindings."""
    streams = api.streams
    return {c.name: {"ws": _binding(c, streams.time_unit)} for c in streams.connections} if streams else {}


def _binding(connection: Connection, units: TimeUnits | None) -> Schema:
    made: Schema = {"method": "GET", "bindingVersion": BINDING}
    names = [name for name, _ in parse_qsl(urlsplit(connection.path).query)]
    properties: Schema = {name: {"type": "string"} for name in names}
    if units is not None:
        described = "The unit of all times that are pushed."
        choice = {"enum": [units.ms, units.us], "default": units.ms, "description": described}
        properties[units.query] = {"type": "string"} | choice
    if properties:
        # With a token, another query takes the place of this one.
        required = {} if connection.token or not names else {"required": names}
        made["query"] = {"type": "object", "properties": properties} | required
    return made
