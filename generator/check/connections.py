"""Finds contradictions in the connections of streams.yaml: frames, heartbeats, logins and listen keys."""

from __future__ import annotations

from collections.abc import Iterable

from generator.check.mock_facts import check_wrong_credentials
from generator.check.signing import note_problems, undeclared, value_problems
from generator.check.vectors import check_logins
from generator.model.api import Api
from generator.model.connections import Beat, Call, Connection, Heartbeat, Login
from generator.model.frames import half_placeholders, needed, placeholders, topic_params
from generator.model.signing import Scheme
from generator.model.signing_parts import Part
from generator.model.streams import Streams
from generator.model.types import Json
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes

# Placeholders that the client fills in frames it sends, reads from frames it receives, and fills in a login.
SENT = {"id", "topic", "topics"}
RECEIVED = {"id", "topic", "topics", "code", "message", "data", "time", "action", "any"}
SIGNED = {"id", "timestamp", "expires", "nonce", "signature"}
TOPICS = {"topic", "topics"}
"""Of these, a frame that subscribes or unsubscribes has one; else it would not say to what."""
ANSWERS = {"subscribed": "subscribe", "unsubscribed": "unsubscribe", "listed": "list"}
"""Frame received → the frame that it answers."""


def check_connections(at: Map, api: Api, streams: Streams, notes: Notes) -> None:
    """Note every contradiction; `at` is the root of streams.yaml."""
    check = _Check(at, api, streams, notes)
    for connection in streams.connections:
        check.check_connection(connection, read.mapping(read.mapping(at, "connections"), connection.name))
    check.check_failures(at)


class _Check:
    def __init__(self, at: Map, api: Api, streams: Streams, notes: Notes) -> None:
        self._at = at
        self._api = api
        self._notes = notes
        self._credentials = {credential.name for credential in api.signing.credentials}
        self._connections = streams.connections
        self._structs = {struct.name: struct for struct in (*api.structs, *streams.structs)}

    def check_connection(self, connection: Connection, at: Map) -> None:
        where = f"connections.{connection.name}"
        for place, name in ((self._at, "streams"), (at, where)):
            self._check_sent(read.mapping(place, "send"), f"{name}.send")
            self._check_received(connection, read.mapping(place, "receive"), f"{name}.receive")
        self._check_path(at, where, connection.path, {"listen_key"} if connection.listen_key else set())
        if connection.heartbeat is not None:
            place, name = (at, f"{where}.heartbeat") if "heartbeat" in at else (self._at, "streams.heartbeat")
            self._check_heartbeat(connection.heartbeat, read.mapping(place, "heartbeat"), name)
        if connection.login is not None:
            self._check_login(connection.login, read.mapping(at, "login"), f"{where}.login")
        if connection.listen_key is not None:
            self._check_listen_key(connection, read.mapping(at, "listen_key"), f"{where}.listen_key")
        if connection.token is not None:
            token, credential = read.mapping(at, "token"), connection.token.credential
            if self._notes.check_known(token, "credential", where, credential, self._credentials, "credential"):
                self._check_path(token, f"{where}.token", connection.token.path, {credential})

    def check_failures(self, at: Map) -> None:
        """Note codes of rejected logins that errors.yaml does not have."""
        codes = {error.code for error in (*self._api.stream_errors, *self._api.errors)}
        failures = read.mapping(read.mapping(at, "mock"), "failures")
        for key, code in failures.items():
            self._notes.check_known(failures, key, f"mock.failures.{key}", str(code), codes, "code")
        mock, names = read.mapping(at, "mock"), [connection.name for connection in self._connections]
        for word in ("addresses", "commands", "logins"):
            for one in read.maps(mock, word):
                self._notes.check_known(one, "connection", f"mock.{word}", str(one["connection"]), names, "connection")
        for name, one in read.entries(mock, "frames"):
            where = f"mock.frames.{name}"
            self._notes.check_known(read.mapping(mock, "frames"), name, where, name, names, "connection")
            for word, code in read.pairs(read.mapping(mock, "frames"), name).items():
                self._notes.check_known(one, word, f"{where}.{word}", code, codes, "code")
        for one in read.maps(mock, "logins"):
            self._check_further_login(one)
        check_wrong_credentials(at, self._api.signing, codes, self._notes)

    def _check_further_login(self, at: Map) -> None:
        known = {"max_age", *SIGNED, *self._credentials}
        self._check_placeholders(at, "send", "mock.logins.send", read.json(at["send"]), known)
        for part in read.texts(at, "text"):
            if part[:1] != "'":
                self._notes.check_known(at, "text", "mock.logins.text", part, known, "part")

    def _check_sent(self, at: Map, where: str) -> None:
        for key, frame in read.json_values(at):
            self._check_placeholders(at, key, f"{where}.{key}", frame, SENT)
            # `list` asks for all topics of the connection, so it names none.
            if key != "list" and not TOPICS & {*placeholders(frame)}:
                self._notes.add(at, key, f"{where}.{key}", "contains neither `{topics}` nor `{topic}`; add one")

    def _check_received(self, connection: Connection, at: Map, where: str) -> None:
        for key, frame in read.json_values(at):
            self._check_placeholders(at, key, f"{where}.{key}", frame, RECEIVED)
            # An answer is matched to its request by the id; one that the request did not carry never matches.
            asked = ANSWERS.get(key, "")
            if asked in connection.send and "id" in needed(frame) and "id" not in placeholders(connection.send[asked]):
                what = f"has an `{{id}}`, but `send.{asked}` has none; add it there, or remove it here"
                self._notes.add(at, key, f"{where}.{key}", what)

    def _check_placeholders(self, at: Map, key: str, where: str, frame: Json, known: Iterable[str]) -> None:
        for name in placeholders(frame):
            self._notes.check_known(at, key, where, name, known, "placeholder")
        for text in half_placeholders(frame):
            self._notes.add(
                at,
                key,
                where,
                f"`{text}` would be sent literally; a placeholder must be the whole string, such as `{{id}}`",
            )

    def _check_path(self, at: Map, where: str, path: str, must: set[str]) -> None:
        """Note placeholders in an address that nothing fills, and required ones that are missing."""
        names, _ = topic_params(path)
        for name in sorted(names):
            self._notes.check_known(at, "path", f"{where}.path", name, must | self._credentials, "placeholder")
        for name in sorted(must - names):
            self._notes.add(
                at,
                "path",
                f"{where}.path",
                f"must contain `{{{name}}}`, or the server can't tell whose connection it is",
            )

    def _check_heartbeat(self, heartbeat: Heartbeat, at: Map, where: str) -> None:
        client, server = heartbeat.client, heartbeat.server
        if client is not None:
            self._check_interval(
                client, heartbeat.silence_ms, read.mapping(at, "client"), f"{where}.client", "`silence`"
            )
            self._check_interval(client, client.within_ms, read.mapping(at, "client"), f"{where}.client", "`within`")
        # Where both sides ping, the client's own ping keeps the connection alive, whatever the server's rhythm.
        elif server is not None:
            self._check_interval(
                server, heartbeat.silence_ms, read.mapping(at, "server"), f"{where}.server", "`silence`"
            )

    def _check_interval(self, beat: Beat, than: int | None, at: Map, where: str, what: str) -> None:
        # With equal times the connection would be given up just as the ping is sent.
        if than is not None and beat.every_ms >= than:
            self._notes.add(at, "every", where, f"`every` must be shorter than {what}")

    def _check_login(self, login: Login, at: Map, where: str) -> None:
        names = {*placeholders(login.send)}
        made = {value.name for scheme in login.schemes for value in scheme.values}
        self._check_placeholders(at, "send", f"{where}.send", login.send, SIGNED | self._credentials | made)
        for name in sorted({name for scheme in login.schemes for name in _unsent(scheme, names)}):
            self._notes.add(at, "send", f"{where}.send", f"must contain `{{{name}}}`")
        for scheme in login.schemes:
            place = read.mapping(read.mapping(at, "schemes"), scheme.name)
            self._check_scheme(scheme, names & self._credentials, place, f"{where}.{scheme.name}")
            found = (*undeclared(scheme, names), *value_problems(scheme, names | {"signature"}))
            note_problems(place, f"{where}.{scheme.name}", found, self._notes)
        check_logins(at, where, login, self._notes)

    def _check_scheme(self, scheme: Scheme, sent: set[str], at: Map, where: str) -> None:
        for name in scheme.credentials:
            self._notes.check_known(at, "credentials", where, name, self._credentials, "credential")
        for name in sorted(sent - {*scheme.credentials}):
            self._notes.add(at, "credentials", where, f"the login frame sends `{name}`; list it in `credentials`")

    def _check_listen_key(self, connection: Connection, at: Map, where: str) -> None:
        key = connection.listen_key
        assert key is not None
        for name, call in (("create", key.create), ("keep", key.keep), ("delete", key.delete)):
            if call is not None:
                self._check_call(call, read.mapping(at, name), f"{where}.{name}")
        made = next((o for o in self._api.operations if o.full_name == key.create.operation), None)
        struct = self._structs.get(made.returns.name) if made and made.returns else None
        if struct is not None:
            wires = [field.wire for field in struct.fields]
            self._notes.check_known(at, "field", where, key.wire, wires, f"member of {struct.name}")
        if key.keep is not None and key.every_ms is None:
            self._notes.add(at, "keep", where, "add `every`, the interval at which it is kept alive")

    def _check_call(self, call: Call, at: Map, where: str) -> None:
        operations = {operation.full_name: operation for operation in self._api.operations}
        if not self._notes.check_known(at, "operation", where, call.operation, operations, "operation"):
            return
        params = {param.wire: param for param in operations[call.operation].params}
        for wire in call.params:
            self._notes.check_known(at, "with", where, wire, params, f"parameter of {call.operation}")
        for wire, param in params.items():
            if param.required and wire not in call.params:
                what = f"{call.operation} needs `{wire}`; add `with: {{{wire}: listen_key}}`"
                self._notes.add(at, "with", where, what)


def _unsent(scheme: Scheme, names: set[str]) -> set[str]:
    """Return what the exchange needs to verify a login, and can't read from the frame."""
    values = {value.name for value in scheme.values}
    sent = {Part("value" if name in values else "built_in", name) for name in names}
    read = {part.name for each in sent for part in scheme.below(each)}
    made = {part.name for part in scheme.used() if part.kind == "built_in"}
    return ({"signature"} | made) - read
