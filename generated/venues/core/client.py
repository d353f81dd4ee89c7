"""The client that waits; safe to share between threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from venues.core.base import Core
from venues.core.http.transport import Transport
from venues.core.options import waiting
from venues.core.outcome.course import Course, Refused, with_client_id
from venues.core.outcome.found import matching
from venues.core.outcome.limits.charge import Charge
from venues.core.profile import TimeSource
from venues.core.request.operation import Operation, Reply, Request, Response
from venues.core.values.secrets import Secret
from venues.errors import ApiError, DecodeError, ExecutionUnknown, TransportError, VenueError

if TYPE_CHECKING:
    from venues.core.streams.blocking import SyncStreams
    from venues.hooks import Hooks
    from venues.retry import Retry

T = TypeVar("T")


class SyncCore(Core):
    """Sends and waits."""

    def __init__(self, given: Mapping[str, Secret], *, transport: Transport | None, **options: Any) -> None:
        self._transport = waiting(transport)
        self._asking = threading.Lock()
        self._learned = False
        super().__init__(given, **options)

    def call(self, operation: Operation[T], /, **arguments: object) -> Response[T]:
        """Call an operation and return the whole answer.

        Args:
            operation: A constant from the API's `operations`.
            **arguments: The operation's parameters by their Python names.

        Raises:
            InvalidRequest: if the call contradicts the API's rules, or is one of another API; nothing was sent.
            ExecutionUnknown: if a call that must happen once may have been executed.
            DecodeError: if it was executed, and its answer can't be read.
            ApiError: if the exchange refused it.
        """
        return self._exchange(operation, self._wires(operation, arguments))

    def reconcile(
        self, error: ExecutionUnknown | DecodeError, *, settle: float = 1.0
    ) -> Any:  # what it finds depends on the operation
        """Find out what became of a call whose outcome is unknown, or whose answer could not be read.

        It only reads, so it may be called again and again.

        Args:
            error: What the call raised.
            settle: Seconds to wait before looking a second time, if the first look finds nothing: an order may be
                on its way still.

        Returns:
            The order (or loan, …) that was made, or None if none was.

        Raises:
            ExecutionUnknown: if the exchange offers no way to tell.
            VenueError: if it can't be asked; then nothing is known yet.
        """
        operation = self._named(error.operation)
        if error.client_id:
            found = self._look(operation, error)
            if found is None and settle:
                time.sleep(settle)
                found = self._look(operation, error)
            if found is not None or operation.conclusive:
                return found
        raise self._undecided(error) from error

    def _look(self, operation: Operation[Any], error: ExecutionUnknown | DecodeError) -> Any:  # as reconcile
        """Return what the lookups of an operation find, or None."""
        for lookup in operation.lookups:
            target = self._named(lookup.operation)
            try:
                answer = self._exchange(target, self._lookup_arguments(lookup, error, operation.client_id))
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
    ) -> SyncStreams:
        """Open WebSocket streams, to be used as `with client.streams() as streams`.

        Args:
            url: Another address; by default the one of the client's environment, or, where the client has a
                `base_url` of its own, the same path there.
            timeout: Seconds to wait for a connection and for an acknowledgement; by default those of the client.
            reconnect: How long to wait before connecting again: backoff with full jitter, without end.
            hooks: Is told what happens; by default the client's.

        Raises:
            InvalidRequest: if the API has no streams, or the address is not safe.
        """
        from venues.core.streams.blocking import SyncStreams
        from venues.core.streams.session import Streams

        options = self._stream_options(url, timeout, reconnect, hooks)
        return SyncStreams(lambda: Streams(self.PROFILE.name, self._protocol(), ask=self._ask, **options))

    async def _ask(self, operation: str, arguments: Mapping[str, object]) -> object:
        """Call an operation from a loop, without blocking it."""
        from asyncio import to_thread

        return (await to_thread(self._exchange, self._named(operation), arguments)).data

    def close(self) -> None:
        """Close all connections; what is called from then on is refused, and nothing is sent."""
        self._closed = True
        if self._transport is not None:
            self._transport.close()
        if self._own_limiter:
            self._limiter.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> Transport:
        self._ensure_open()
        if self._transport is None:
            with self._lock:
                if self._transport is None:
                    from venues.core.http.with_urllib3 import Urllib3Transport

                    self._transport = Urllib3Transport()
        return self._transport

    def _exchange(self, operation: Operation[T], arguments: Mapping[str, object]) -> Response[T]:
        if self._client_ids:
            arguments = with_client_id(operation, arguments)
        sent = operation.encode(arguments, self._validate)
        charges = self._charges(operation, sent)
        course = self._course(operation, arguments)
        while True:
            wait = self._admit(charges, course)
            if wait:
                raise self._final(course) if course.attempt else self._full(wait, operation)
            course.begin(self._sign(operation, sent, self._moment(operation)), self._clock)
            try:
                return self._attempt(operation, course, charges)
            except (TransportError, Refused) as failure:
                course.failure = failure
            except BaseException as stop:
                self._stopped(course, stop)
                raise
            self._again(course)

    def _again(self, course: Course) -> None:
        """Wait for the next attempt, or raise what this one means."""
        if course.skewed() and self._set_clock(course):
            return
        pause = course.pause()
        if pause is None:
            raise self._final(course)
        self._retrying(course, pause)
        time.sleep(pause)

    def _attempt(self, operation: Operation[T], course: Course, charges: list[Charge]) -> Response[T]:
        transport, request = self._open(), course.request
        assert request is not None
        shown = self._announce(operation, request, course.attempt)
        started = time.perf_counter()
        reply = self._sent(transport, request, course.time_left(self._timeout))
        elapsed = time.perf_counter() - started
        if shown is not None:
            self._arrived(shown, reply, self._masked_headers(reply, request), elapsed)
        for charge in charges:
            used = self._used(charge, reply)
            if used is not None:
                self._limiter.correct_soon(charge, used)
        try:
            data = self._read(operation, reply, request)
        except Refused as refused:
            silence = self._silence(refused.error)
            for owner in self._silenced(refused.error, charges) if silence else ():
                self._limiter.block_soon(owner, silence)
            raise
        return Response(data, reply.status, reply.headers, reply.body, elapsed, request)

    def _sent(self, transport: Transport, request: Request, timeout: float) -> Reply:
        """Send a request; whatever a transport raises is told in the words of `Transport`."""
        try:
            return self._final_reply(transport.send(request, timeout))
        except VenueError:
            raise
        except Exception as error:
            if self._is_of_program(transport, error):
                raise
            failure = self._foreign(error)
        raise failure  # out here, so that it carries no frame that holds the request

    def _admit(self, charges: list[Charge], course: Course) -> float:
        """Wait until the limits leave room; return 0, or the seconds that are too long to wait."""
        deadline = time.monotonic() + course.patience(self._limiter.longest)
        while wait := self._limiter.take(charges, self._owners["key"], self._owners["ip"]):
            if not self._limiter.wait or time.monotonic() + wait > deadline:
                return wait
            time.sleep(wait)
        return 0.0

    def _set_clock(self, course: Course) -> bool:
        """Ask for the exchange's time, unless another call has just done so; return whether to sign again."""
        assert isinstance(course.failure, Refused)
        error = course.failure.error
        if self._clock.offset == course.offset:
            source = self.PROFILE.time
            if source is None:
                self._clock.learn_date(error.headers)
            elif not self._learn_time(source, course):
                return False
        return self._moved_clock(course, error)

    def _learn_time(self, source: TimeSource, course: Course) -> bool:
        """Ask for the exchange's time; of calls that are refused together one asks, and the others wait for that."""
        with self._asking:
            if self._clock.lessons == course.lessons:
                self._learned = self._ask_time(source)
                self._clock.lessons += 1
            return self._learned

    def _ask_time(self, source: TimeSource) -> bool:
        operation = self._named(source.operation)
        course, charges = self._course(operation, {}), self._charges(operation, {})
        if self._admit(charges, course):
            return False
        course.begin(self._sign(operation, {}, self._clock()), self._clock)
        before = self._clock.local()
        try:
            answer = self._attempt(operation, course, charges)
        except (VenueError, Refused):
            return False
        told = getattr(answer.data, source.field)
        if told is None:
            return False
        self._clock.learn(int(told) * source.scale, before, self._clock.local())
        return True


class Group:
    """Some operations of a sync client."""

    def __init__(self, client: SyncCore) -> None:
        self._client = client

    def _send(self, operation: Operation[T], arguments: Mapping[str, object]) -> T:
        return self._client._exchange(operation, arguments).data
