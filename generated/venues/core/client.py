"""What every client does: build, sign, send once, read."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

from venues.core.decode import Envelope, ErrorCode, Failures, NotSuccess, Reader
from venues.core.hooks import Hooks
from venues.core.operation import Operation, Reply, Request, Response
from venues.core.params import text_of
from venues.core.secrets import Secret
from venues.core.signing import Signer, choose
from venues.core.transport import AsyncTransport, Transport, checked_base
from venues.core.wire import Draft, Repeated, percent
from venues.errors import ConnectionFailed, ExecutionUnknown, InvalidRequest, TransportError

T = TypeVar("T")
Clock = Callable[[], int]
"""Returns the time in milliseconds since 1970."""


def system_clock() -> int:
    """Return this machine's time."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Profile:
    """What is true of one API; made from its specification."""

    name: str
    servers: Mapping[str, str]
    headers: Mapping[str, str]
    envelope: Envelope
    signers: Callable[[], tuple[type[Signer], ...]]
    key_signer: Callable[[], type[Signer] | None]
    errors: Callable[[], tuple[Mapping[str, ErrorCode], Mapping[int, ErrorCode]]]
    empty_body: bool = False


class Core:
    """The parts that do not wait: shared by the sync and the async client."""

    PROFILE: ClassVar[Profile]

    def __init__(
        self,
        credentials: Mapping[str, str | None],
        *,
        environment: str | None,
        base_url: str | None,
        timeout: float,
        clock: Clock | None,
        hooks: Hooks | None,
        validate: bool,
    ) -> None:
        profile = self.PROFILE
        self._base = checked_base(base_url) if base_url else self._server(environment)
        self._timeout = timeout
        self._clock = clock or system_clock
        self._hooks = hooks or Hooks()
        self._validate = validate
        self._given = {name: Secret(value) for name, value in credentials.items() if value is not None}
        self._signers = choose(profile.signers(), self._given)
        key = profile.key_signer()
        self._key = choose((key,), self._given) if key else {}
        self._readers: dict[Operation[Any], Reader] = {}
        self._told: set[tuple[str, str, str]] = set()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self._base}>"

    def _server(self, environment: str | None) -> str:
        servers = self.PROFILE.servers
        if environment is not None and environment not in servers:
            raise InvalidRequest(f"environment is {environment!r}; {self.PROFILE.name} has {', '.join(servers)}")
        return servers[environment or next(iter(servers))]

    def prepare(self, operation: Operation[Any], /, **arguments: object) -> Request:
        """Build and sign a request without sending it.

        Args:
            operation: A constant from the API's `operations`.
            **arguments: The operation's parameters by their Python names; they are sent in the order given here.

        Raises:
            InvalidRequest: if the call contradicts the API's rules.
        """
        return self._build(operation, operation.to_wire(arguments))

    def _build(self, operation: Operation[Any], arguments: Mapping[str, object]) -> Request:
        sent = operation.encode(arguments, self._validate)
        draft = self._draft(operation, sent)
        signer = self._signer(operation)
        query, body = signer(draft, self._clock()) if signer else (draft.query_text(), draft.body_text())
        url = f"{self._base}{draft.path}?{query}" if query else f"{self._base}{draft.path}"
        if body and draft.carrier == "form":
            draft.headers["Content-Type"] = "application/x-www-form-urlencoded"
        client_id = sent.get(operation.client_id) if operation.client_id else None
        hidden = signer.hidden if signer else frozenset[str]()
        return Request(
            draft.method, url, draft.headers, body.encode(), hidden, None if client_id is None else str(client_id)
        )

    def _draft(self, operation: Operation[Any], sent: Mapping[str, object]) -> Draft:
        profile = self.PROFILE
        draft = Draft(
            operation.method,
            operation.path,
            operation.carrier,
            headers=dict(profile.headers),
            empty_body=profile.empty_body,
        )
        params = operation.by_wire
        for wire, value in sent.items():
            param = params[wire]
            if param.write == "repeat" and isinstance(value, list):
                value = Repeated(value)
            if param.place == "query":
                draft.query[wire] = value
            elif param.place == "body":
                draft.body[wire] = value
            elif param.place == "header":
                draft.headers[wire] = text_of(value)
            else:
                draft.path = draft.path.replace(f"{{{wire}}}", percent(text_of(value)))
        return draft

    def _signer(self, operation: Operation[Any]) -> Signer | None:
        if operation.auth == "none":
            return None
        signers = self._key if operation.auth == "key" else self._signers
        for name, signer in signers.items():
            if not operation.schemes or name in operation.schemes:
                return signer
        raise InvalidRequest(f"{operation.full_name} needs credentials: {self._needed(operation)}")

    def _needed(self, operation: Operation[Any]) -> str:
        key = self.PROFILE.key_signer()
        classes = (key,) if operation.auth == "key" and key else self.PROFILE.signers()
        fitting = [made for made in classes if not operation.schemes or made.name in operation.schemes]
        return ", or ".join(" and ".join(made.credentials) for made in fitting)

    def _read(self, operation: Operation[Any], request: Request, reply: Reply) -> Any:
        """Return the payload, or raise what the answer means."""
        reader = self._readers.get(operation)
        if reader is None:
            reader = self._readers[operation] = Reader(operation, self.PROFILE.envelope)
        try:
            return reader.read(reply, lambda path, what: self._deviation(operation.full_name, path, what))
        except NotSuccess as refused:
            failure = Failures(*self.PROFILE.errors()).failure(operation, reply, refused.head)
        if failure.unknown and operation.effect == "once":
            raise ExecutionUnknown(operation.full_name, request.client_id, str(failure.error)) from failure.error
        raise failure.error

    def _lost(
        self, operation: Operation[Any], request: Request, error: TransportError
    ) -> TransportError | ExecutionUnknown:
        """Return what a broken exchange of messages means for this operation."""
        if operation.effect != "once" or isinstance(error, ConnectionFailed):
            return error
        return ExecutionUnknown(operation.full_name, request.client_id, str(error))

    def _deviation(self, operation: str, path: str, what: str) -> None:
        place = (operation, path, what)
        with self._lock:
            if place in self._told:
                return
            self._told.add(place)
        self._hooks.on_deviation(operation, path, what)

    @classmethod
    def _environment(cls) -> dict[str, str | None]:
        """Read the credentials from the environment: <API>_<CREDENTIAL>."""
        names = {name for made in cls.PROFILE.signers() for name in made.credentials}
        return {name: os.environ.get(f"{cls.PROFILE.name}_{name}".upper()) or None for name in sorted(names)}


class SyncCore(Core):
    """Sends and waits; safe to share between threads."""

    _transport: Transport | None

    def __init__(self, credentials: Mapping[str, str | None], *, transport: Transport | None, **options: Any) -> None:
        self._transport = transport
        super().__init__(credentials, **options)

    def _open(self) -> Transport:
        if self._transport is None:
            with self._lock:
                if self._transport is None:
                    from venues.core.http_sync import Urllib3Transport

                    self._transport = Urllib3Transport()
        return self._transport

    def call(self, operation: Operation[T], /, **arguments: object) -> Response[T]:
        """Call an operation and return the whole answer.

        Args:
            operation: A constant from the API's `operations`.
            **arguments: The operation's parameters by their Python names.
        """
        return self._exchange(operation, operation.to_wire(arguments))

    def _exchange(self, operation: Operation[T], arguments: Mapping[str, object]) -> Response[T]:
        request = self._build(operation, arguments)
        started = time.perf_counter()
        try:
            reply = self._open().send(request, self._timeout)
        except TransportError as error:
            raise self._lost(operation, request, error) from error
        elapsed = time.perf_counter() - started
        return Response(
            self._read(operation, request, reply), reply.status, reply.headers, reply.body, elapsed, request
        )

    def close(self) -> None:
        """Close all connections."""
        if self._transport is not None:
            self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncCore(Core):
    """Sends and awaits."""

    _transport: AsyncTransport | None

    def __init__(
        self, credentials: Mapping[str, str | None], *, transport: AsyncTransport | None, **options: Any
    ) -> None:
        self._transport = transport
        super().__init__(credentials, **options)

    def _open(self) -> AsyncTransport:
        if self._transport is None:
            from venues.core.http_async import AiohttpTransport

            self._transport = AiohttpTransport()
        return self._transport

    async def call(self, operation: Operation[T], /, **arguments: object) -> Response[T]:
        """Call an operation and return the whole answer; see the sync client's `call`."""
        return await self._exchange(operation, operation.to_wire(arguments))

    async def _exchange(self, operation: Operation[T], arguments: Mapping[str, object]) -> Response[T]:
        request = self._build(operation, arguments)
        started = time.perf_counter()
        try:
            reply = await self._open().send(request, self._timeout)
        except TransportError as error:
            raise self._lost(operation, request, error) from error
        elapsed = time.perf_counter() - started
        return Response(
            self._read(operation, request, reply), reply.status, reply.headers, reply.body, elapsed, request
        )

    async def close(self) -> None:
        """Close all connections."""
        if self._transport is not None:
            await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class Group:
    """Some operations of a sync client."""

    def __init__(self, client: SyncCore) -> None:
        self._client = client

    def _send(self, operation: Operation[T], arguments: Mapping[str, object]) -> T:
        return self._client._exchange(operation, arguments).data


class AsyncGroup:
    """Some operations of an async client."""

    def __init__(self, client: AsyncCore) -> None:
        self._client = client

    async def _send(self, operation: Operation[T], arguments: Mapping[str, object]) -> T:
        return (await self._client._exchange(operation, arguments)).data
