# Edited in templates/venues/core/streams/address.py; the copy in generated/ is imported.
"""The address of a connection, and the listen key that may be part of it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from enum import Enum
from urllib.parse import urlsplit, urlunsplit

from venues.core.channels.topics import fill_topic
from venues.core.http.transport import is_safe
from venues.core.request.wire import percent, text_of
from venues.core.streams.protocol import Call, ConnectionSpec, ListenKey, StreamProtocol
from venues.core.values.secrets import MASK, Secret
from venues.errors import ApiError, DecodeError, ExchangeUnavailable, InvalidRequest, RateLimited, VenueError

HASTE = 10
"""How many times sooner the next attempt to keep a key alive comes, after one has failed."""
_users: Counter[str] = Counter()
"""How many sessions of this process use a listen key: an exchange may hand out the same one again."""

Ask = Callable[[str, Mapping[str, object]], Awaitable[object]]
"""Calls a REST operation with parameters by wire name, and returns the data of its answer."""


def check_address(url: str) -> str:
    """Return a stream address of the caller's own.

    Raises:
        InvalidRequest: if it is no wss address (ws is for this machine only: keys would travel in the clear).
    """
    if not is_safe(url, "wss", "ws"):
        raise InvalidRequest(f"the stream address is {url!r}; it must begin with wss:// (ws:// only for this machine)")
    return url


def at_server(stream: str, base: str) -> str:
    """Return a stream address at another server: that host, the same path and query."""
    server = urlsplit(base)
    scheme = "wss" if server.scheme == "https" else "ws"
    return urlunsplit(urlsplit(stream)._replace(scheme=scheme, netloc=server.netloc))


def addresses(usual: str, others: Mapping[str, str], url: str | None, base: str | None) -> tuple[str, dict[str, str]]:
    """Return where connections go, and those of some kinds that go elsewhere.

    Args:
        usual: The environment's address.
        others: Kind of connection → the address that it has of its own.
        url: The caller's own address, in place of the usual one.
        base: The caller's own REST server, which stands for all of the exchange.
    """
    if url:
        # What the exchange requires in every address it requires in another one, too.
        usual = urlunsplit(urlsplit(check_address(url))._replace(query=urlsplit(usual).query))
        if urlsplit(url).scheme == "ws":
            return usual, {}  # it is on this machine: a test must not reach the exchange
    elif base is not None:
        usual = at_server(usual, base)
    return usual, {kind: own if base is None else at_server(own, base) for kind, own in others.items()}


def whole_address(base: str, path: str) -> str:
    """Return an address with the path and the query of a connection; what its base has as a query comes first."""
    parts, (added, _, query) = urlsplit(base), path.partition("?")
    queries = filter(None, (parts.query, query))
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + added, query="&".join(queries)))


def in_unit(protocol: StreamProtocol, unit: str | None) -> StreamProtocol:
    """Return a protocol whose addresses ask for a unit of times, as the exchange spells it; None leaves its own.

    Raises:
        InvalidRequest: if the exchange has no such unit, or leaves no choice.
    """
    if unit is None:
        return protocol
    name, *units = protocol.time_unit or ("",)
    spelled = text_of(unit.value if isinstance(unit, Enum) else unit)
    if spelled not in units:
        known = f"it may be {' or '.join(units)}" if units else "this exchange leaves no choice"
        raise InvalidRequest(f"time_unit is {spelled!r}; {known}")
    query = f"{name}={spelled}"
    connections = {kind: _with_query(connection, query) for kind, connection in protocol.connections.items()}
    return replace(protocol, connections=connections)


def _with_query(connection: ConnectionSpec, query: str) -> ConnectionSpec:
    # A token's path takes the place of the connection's own, so it needs the query, too.
    token = connection.token
    return replace(
        connection,
        path=_joined(connection.path, query),
        token=None if token is None else replace(token, path=_joined(token.path, query)),
    )


def _joined(path: str, query: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{query}"


class ListenKeys:
    """Makes a listen key when one is needed, keeps it alive, and makes a new one when it has expired."""

    def __init__(self, spec: ListenKey, ask: Ask, hide: Callable[[Secret], None]) -> None:
        self._spec = spec
        self._ask = ask
        self._hide = hide
        self._key: Secret | None = None
        self._lock = asyncio.Lock()
        self._ended = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    async def get(self) -> Secret:
        """Return the key; create one if there is none."""
        # Two connections that start together must not create two keys: an exchange may let the second end the first.
        async with self._lock:
            if self._key is None:
                answer = await self._ask(self._spec.create.operation, {})
                text = getattr(answer, self._spec.field)
                if not text:
                    raise DecodeError(self._spec.create.operation, b"", "there is no listen key in it")
                self._key = Secret(str(text))
                _users[str(text)] += 1
                self._hide(self._key)
                self._ended.clear()
                self._stop_keeping()
                if self._spec.keep is not None and self._spec.every is not None:
                    self._keeper = asyncio.create_task(self._keep_alive(self._spec.keep, self._spec.every))
            return self._key

    def drop(self) -> None:
        """Forget the key, which has expired; connections that use it should be replaced."""
        key, self._key = self._key, None
        if key is not None:
            _release(key)
        self._ended.set()

    async def wait_for_end(self) -> None:
        """Wait until the key has expired."""
        await self._ended.wait()

    async def _keep_alive(self, call: Call, every: float) -> None:
        """Extend the key again and again, until the exchange refuses, or can't be reached for the life of a key."""
        renewed, pause = time.monotonic(), every
        while time.monotonic() - renewed < self._spec.life:
            await asyncio.sleep(pause)
            key = self._key
            if key is None:
                return
            try:
                await self._ask(call.operation, dict.fromkeys(call.params, key.reveal()))
                renewed, pause = time.monotonic(), every
            # These are errors of the exchange, too, but they say nothing about the key.
            except (RateLimited, ExchangeUnavailable):
                pause = every / HASTE
            # Any other rejection: the key no longer exists, or may not be extended.
            except ApiError:
                break
            except VenueError:
                pause = every / HASTE
        self.drop()

    def _stop_keeping(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            self._keeper = None

    async def close(self) -> None:
        """End the key."""
        self._stop_keeping()
        key, self._key = self._key, None
        # Deleted by the last user only: exchanges give one key per account, so deleting it ends the other streams, too.
        if key is not None and _release(key) and self._spec.delete is not None:
            try:
                await self._ask(self._spec.delete.operation, dict.fromkeys(self._spec.delete.params, key.reveal()))
            except VenueError:
                return


def _release(key: Secret) -> bool:
    """Count one user of a key less; return whether it was the last one."""
    text = key.reveal()
    _users[text] -= 1
    if _users[text] > 0:
        return False
    del _users[text]
    return True


class Address:
    """The address of one kind of connection; secrets are filled in when it is needed."""

    def __init__(
        self, base: str, connection: ConnectionSpec, given: Mapping[str, Secret], keys: ListenKeys | None
    ) -> None:
        self._base = base
        self._given = given
        token = connection.token
        self._by_token = token is not None and token.credential in given
        self._path = token.path if token is not None and self._by_token else connection.path
        self.keys: ListenKeys | None = None if self._by_token else keys
        if keys is None and token is not None and not self._by_token:
            raise InvalidRequest(f"this stream needs credentials: {token.credential}")

    async def url(self) -> str:
        """Return the whole address; it may hold a secret."""
        values = {name: percent(secret.reveal()) for name, secret in self._given.items()}
        if self.keys is not None:
            values["listen_key"] = percent((await self.keys.get()).reveal())
        return whole_address(self._base, str(fill_topic(self._path, values)))

    def __str__(self) -> str:
        values = dict.fromkeys([*self._given, "listen_key"], MASK)
        return whole_address(self._base, str(fill_topic(self._path, values)))
