"""Finds signing rules that no worked example holds to what the exchange accepts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.ground.problems import Problem
from generator.model.api import Api
from generator.model.signing import Scheme
from generator.signing.keys import HASHES
from generator.source import reading as read
from generator.source.load import Map, Source

WHAT = (
    "no worked example shows that it signs as the exchange wants; add one to `vectors`, "
    "the exchange's own, or `origin: computed` if it prints none"
)


def unproved(source: Source, api: Api) -> Iterator[Problem]:
    """Yield a warning for each signing rule, of requests and of logins, without a worked example."""
    rules = read.mapping(read.mapping(source.files["api.yaml"], "signing"), "schemes")
    shown = {scheme.name for scheme in api.signing.schemes if scheme.vectors}
    yield from _warnings(api.signing.schemes, shown, rules, "signing")
    connections = read.mapping(source.files.get("streams.yaml", read.EMPTY), "connections")
    for connection in api.streams.connections if api.streams else ():
        if connection.login is not None:
            at = read.mapping(read.mapping(connections, connection.name), "login")
            shown = {vector.scheme for vector in connection.login.vectors}
            where = f"connections.{connection.name}.login"
            yield from _warnings(connection.login.schemes, shown, read.mapping(at, "schemes"), where)


def _warnings(schemes: Sequence[Scheme], shown: set[str], rules: Map, where: str) -> Iterator[Problem]:
    proved = [scheme for scheme in schemes if scheme.name in shown]
    for scheme in schemes:
        # Of a token that is sent as it is, there is nothing to get wrong.
        if scheme.values and scheme not in proved and not _follows(scheme, proved):
            yield Problem(rules.file, rules.line_of(scheme.name), f"{where}.{scheme.name}", WHAT)


def _follows(scheme: Scheme, proved: Sequence[Scheme]) -> bool:
    """Whether a private key signs what another rule does, whose example was computed: only the algorithm is left.

    Documentation rarely shows a private key, so such a rule could have no example that can be computed.
    """
    return scheme.algorithm not in HASHES and any(_made(scheme) == _made(other) for other in proved)


def _made(scheme: Scheme) -> object:
    """Return all of a rule but how it signs, and how the signature is written."""
    values = [(v.name, v.texts, v.members, v.kind, v.hash, v.is_signed, v.condition, v.methods) for v in scheme.values]
    form = scheme.time, scheme.expires_ms, scheme.nonce, scheme.query_sorted, scheme.body, scheme.printing
    return values, form, scheme.place
