"""The client that awaits; its calls mirror those of the sync client."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from venues.core.base import Core
from venues.core.clock import time_of
from venues.core.course import Course, Refused, with_client_id
from venues.core.found import matching
from venues.core.operation import Operation, Reply, Request, Response
from venues.core.transport import AsyncTransport
from venues.errors import ApiError, ExecutionUnknown, RateLimited, TransportError, VenueError
from venues.limiter import Charge

if TYPE_CHECKING:
    from venues.core.streams.session import Streams
    from venues.hooks import Hooks
    from venues.retry import Retry

T = TypeVar("T")


class AsyncCore(Core):
    """Sends and awaits."""

    def __init__(
        self, credentials: Mapping[str, str | None], *, transport: AsyncTransport | None, **options: Any
    ) -> None:
        self._transport = transport
        super().__init__(credentials, **options)

    async def call(self, operation: Operation[T], /, **arguments: object) -> Response[T]:
        """Call an operation and return the whole answer.

        Args:
            operation: A constant from the API's `operations`.
            **arguments: The operation's parameters by their Python names.

        Raises:
            InvalidRequest: if the call contradicts the API's rules; nothing was sent.
            ExecutionUnknown: if a call that must happen once may have been executed.
            ApiError: if the exchange refused it.
        """
        return await self._exchange(operation, operation.to_wire(arguments))

    async def reconcile(
        self, error: ExecutionUnknown, *, settle: float = 1.0
    ) -> Any:  # what it finds depends on the operation
        """Find out what became of a call whose outcome is unknown.

        Args:
            error: What the call raised.
            settle: Seconds to wait before looking a second time, if the first look finds nothing: an order may be
                on its way still.

        Returns:
            The order (or loan, …) that was made, or None if none was.

        Raises:
            ExecutionUnknown: if the exchange offers no way to tell.
        """
        operation = self._named(error.operation)
        if error.client_id:
            found = await self._look(operation, error)
            if found is None and settle:
                await _sleep(settle)
                found = await self._look(operation, error)
            if found is not None or operation.conclusive:
                return found
        raise ExecutionUnknown(
            error.operation, error.client_id, f"{error.reason}; it can't be looked up with certainty"
        )

    async def _look(self, operation: Operation[Any], error: ExecutionUnknown) -> Any:  # as reconcile
        """Return what the lookups of an operation find, or None."""
        for lookup in operation.lookups:
            target = self._named(lookup.operation)
            try:
                answer = await self._exchange(target, self._lookup_arguments(lookup, error, operation.client_id))
            except ApiError as refused:
                if refused.code in lookup.absent:
                    continue
                raise
            found = matching(answer.data, error.client_id or "")
            if found is not None:
                return found
        return None

    def streams(
        self,
        *,
        url: str | None = None,
        timeout: float | None = None,
        reconnect: Retry | None = None,
        hooks: Hooks | None = None,
    ) -> Streams:
        """Open WebSocket streams, to be used as `async with client.streams() as streams`.

        Args:
            url: Another address; by default the one of the client's environment, or, where the client has a
                `base_url` of its own, the same path there.
            timeout: Seconds to wait for a connection and for an acknowledgement; by default those of the client.
            reconnect: How long to wait before connecting again: backoff with full jitter, without end.
            hooks: Is told what happens; by default the client's.

        Raises:
            InvalidRequest: if the API has no streams, or the address is not safe.
        """
        from venues.core.streams.session import Streams

        options = self._stream_options(url, timeout, reconnect, hooks)
        return Streams(self.PROFILE.name, self._protocol(), ask=self._ask, **options)

    async def _ask(self, operation: str, arguments: Mapping[str, object]) -> object:
        return (await self._exchange(self._named(operation), arguments)).data

    async def close(self) -> None:
        """Close all connections."""
        if self._transport is not None:
            await self._transport.close()
        if self._own_limiter:
            await self._limiter.close_async()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _open(self) -> AsyncTransport:
        if self._transport is None:
            from venues.core.http_async import AiohttpTransport

            self._transport = AiohttpTransport()
        return self._transport

    async def _exchange(self, operation: Operation[T], arguments: Mapping[str, object]) -> Response[T]:
        if self._client_ids:
            arguments = with_client_id(operation, arguments)
        sent = operation.encode(arguments, self._validate)
        charges = self._charges(operation, sent)
        course = self._course(operation)
        while True:
            await self._admit(operation, charges)
            request = self._sign(operation, sent, self._moment(operation))
            course.attempt += 1
            course.sent_at = course.sent_at or self._clock()
            try:
                return await self._attempt(operation, request, course, charges)
            except (TransportError, Refused) as error:
                failure: TransportError | Refused = error
            await self._again(course, failure, request, arguments)

    async def _again(
        self, course: Course, failure: TransportError | Refused, request: Request, arguments: Mapping[str, object]
    ) -> None:
        """Wait for the next attempt, or raise what this one means."""
        if course.skewed(failure) and await self._set_clock(failure):
            return
        pause = course.pause(failure)
        if pause is None:
            raise course.final(failure, request, arguments)
        error = failure.error if isinstance(failure, Refused) else failure
        self._hooks.on_retry(self._shown(course.operation, request, course.attempt), error, pause)
        await _sleep(pause)

    async def _attempt(
        self, operation: Operation[T], request: Request, course: Course, charges: list[Charge]
    ) -> Response[T]:
        shown = self._announce(operation, request, course.attempt)
        started = time.perf_counter()
        reply = await self._open().send(request, self._timeout)
        elapsed = time.perf_counter() - started
        self._arrived(shown, reply, elapsed)
        for charge in charges:
            used = self._used(charge, reply)
            if used is not None:
                await self._limiter.correct_async(charge, used)
        try:
            data = self._read(operation, reply)
        except Refused as refused:
            await self._obey(refused.error)
            raise
        return Response(data, reply.status, reply.headers, reply.body, elapsed, request)

    async def _obey(self, error: ApiError) -> None:
        """Send nothing for as long as the exchange asks."""
        if isinstance(error, RateLimited) and error.retry_after:
            await self._limiter.block_async(self._owners["key"], error.retry_after)

    async def _admit(self, operation: Operation[Any], charges: list[Charge]) -> None:
        """Wait until the limits leave room."""
        deadline = time.monotonic() + self._limiter.longest
        while wait := await self._limiter.take_async(charges, self._owners["key"]):
            if not self._limiter.wait or time.monotonic() + wait > deadline:
                raise self._full(wait, operation)
            await _sleep(wait)

    async def _set_clock(self, failure: TransportError | Refused) -> bool:
        """Ask for the exchange's time; return whether the call is worth signing again."""
        assert isinstance(failure, Refused)
        old = self._clock.offset
        source = self.PROFILE.time
        if source is None:
            date = time_of(failure.error.headers.get("Date"))
            now = self._clock.local()
            if date is not None:
                self._clock.learn(date, now, now)
        else:
            operation = self._named(source.operation)
            request = self._sign(operation, {}, self._clock())
            before = self._clock.local()
            try:
                reply: Reply = await self._open().send(request, self._timeout)
                after = self._clock.local()
                told = getattr(self._read(operation, reply), source.field)
            except (VenueError, Refused):
                return False
            self._clock.learn(int(told) * source.scale, before, after)
        return (
            abs(self._clock.offset - old) > self.PROFILE.window // 2 or failure.error.code not in self.PROFILE.suspects
        )


async def _sleep(seconds: float) -> None:
    """Wait; asyncio is loaded only here, for whoever imports a client runs no loop yet."""
    from asyncio import sleep

    await sleep(seconds)


class AsyncGroup:
    """Some operations of an async client."""

    def __init__(self, client: AsyncCore) -> None:
        self._client = client

    async def _send(self, operation: Operation[T], arguments: Mapping[str, object]) -> T:
        return (await self._client._exchange(operation, arguments)).data
