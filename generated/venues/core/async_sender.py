# Edited in templates/venues/core/async_sender.py; the copy in generated/ is imported.
"""Sends the calls of an async client; what sends those of a sync client is derived, by `sender.py.unasync`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from venues.core.base import CLOSED, Core
from venues.core.call.budget import exceeded_error, reported_uses
from venues.core.http.transport import AsyncTransport, KeepsConnections
from venues.core.options import ClientOptions
from venues.core.outcome.course import Course, Refusal, with_client_id
from venues.core.profile import TimeSource
from venues.core.request.limits import Charge
from venues.core.request.messages import Reply, Request, Response
from venues.core.request.operation import Operation, Paged
from venues.core.values.checks import async_only
from venues.core.values.secrets import Secret
from venues.errors import ConnectionLost, DecodeError, InvalidRequest, TransportError, VenueError

if TYPE_CHECKING:
    from venues.core.paging.async_pager import AsyncPager
    from venues.core.paging.course import PagerPosition

T = TypeVar("T")
Item = TypeVar("Item")


class AsyncSender(Core):
    """A client's way to the exchange: waits for room, signs, sends, and sends again where the outcome allows it."""

    def __init__(self, credentials: Mapping[str, Secret], options: ClientOptions[AsyncTransport]) -> None:
        from venues.core.awaiting import Turns, ensure_loop, sleep

        self._ensure_loop, self._sleep = ensure_loop, sleep
        self._transport = async_only(options.transport)
        self._owner: Self | None = None
        """The client whose connections this one uses, if it was made by `with_options`."""
        self._turns = Turns()
        """Who may ask for the exchange's time."""
        super().__init__(credentials, options)

    async def _answer_to(self, operation: str, arguments: Mapping[str, object]) -> object:
        """Call an operation by group and name, with arguments by wire name."""
        return (await self._exchange(self._operation(operation), arguments)).data

    def _iterate(
        self, operation: Paged[Any, Item], arguments: Mapping[str, object], position: PagerPosition | None
    ) -> AsyncPager[Item]:
        """Return a pager over a list, from its begin or from a position; nothing is sent before it is iterated over."""
        from venues.core.paging.async_pager import AsyncPager
        from venues.core.paging.course import Course

        course = Course(operation, arguments, position, self._clock())
        return AsyncPager(operation, course, self._exchange, self._reporter.report_page)

    async def _exchange(self, operation: Operation[T], arguments: Mapping[str, object]) -> Response[T]:
        """Send a call, as often as its outcome allows, and return the answer."""
        self._ensure_loop()
        if self._client_ids:
            arguments = with_client_id(operation, arguments)
        sent = operation.encode(arguments, self._validate)
        charges = self._budget.charges(operation, sent)
        course = Course(operation, self._retry, self.PROFILE.suspects, arguments, sent)
        while True:
            wait = await self._limiter.take_async(charges, *self._budget.parties)
            if wait and (wait := await self._wait_for_room(wait, charges, course)):
                silent = self._limiter.is_silent(*self._budget.parties)
                late = exceeded_error(wait, operation, is_silent=silent)
                raise self._reporter.final_error(course) if course.attempt else late
            now = self._clock() if self.PROFILE.single_use is None else self._time_to_sign(operation)
            course.begin(self._requests.build(operation, sent, now), now, self._clock.offset, self._clock.lessons)
            if operation.likeness:
                self._remember(course)
            try:
                return await self._attempt(operation, course, charges)
            except (TransportError, Refusal, DecodeError) as failure:
                course.failure = failure
            except BaseException as stop:
                self._reporter.explain_interruption(course, stop)
                raise
            await self._prepare_next(course)

    async def _prepare_next(self, course: Course) -> None:
        """Wait for the next attempt, or raise what this one means."""
        if course.should_set_clock() and await self._set_clock(course):
            return
        pause = course.pause()
        if pause is None:
            if course.trace is not None and course.is_refused:
                self._alike.remove(course.trace)
            raise self._reporter.final_error(course)
        self._reporter.report_retry(course, pause)
        await self._sleep(pause)

    async def _attempt(self, operation: Operation[T], course: Course, charges: list[Charge]) -> Response[T]:
        """Send a request once, and return its answer."""
        transport, request = self._open(), course.request
        assert request is not None
        shown = self._reporter.report_request(operation, request, course.attempt)
        started = time.perf_counter()
        try:
            reply = await self._send_once(transport, request, course.time_left(self._timeout))
        except TransportError as failure:
            if shown is not None:
                self._reporter.report_failure(shown, failure, time.perf_counter() - started)
            raise
        elapsed = time.perf_counter() - started
        if shown is not None:
            self._reporter.report_reply(shown, reply, self._answers.shown_headers(reply, request), elapsed)
        uses = reported_uses(charges, reply.headers) if charges else []
        for charge, used in uses:
            self._limiter.correct_soon(charge, used)
        items = course.items if operation.batch else ()
        try:
            data = self._answers.read(operation, reply, request, course.sent, course.earlier_attempts, items)
        except DecodeError:
            # It may have been the answer to another request: then what answers this one comes next on its connection.
            if isinstance(transport, KeepsConnections):
                transport.forget_connections()
            raise
        except Refusal as refusal:
            for owner, seconds in self._budget.blocks(refusal.error, charges):
                self._limiter.block_soon(owner, seconds)
            raise
        used_of = {charge.limit.name: used for charge, used in uses} if uses else {}
        return Response(data, reply.status, reply.headers, reply.body, elapsed, request, used_of)

    def _open(self) -> AsyncTransport:
        if self._owner is not None:
            return self._owner._open()
        if self._closed:
            raise InvalidRequest(CLOSED)
        if self._transport is None:
            with self._lock:
                if self._transport is None:
                    from venues.core.awaiting import new_transport

                    self._transport = new_transport(self._network)
        return self._transport

    async def _send_once(self, transport: AsyncTransport, request: Request, timeout: float) -> Reply:
        """Send a request; what a transport raises against its promise becomes what `Transport` promises."""
        try:
            return self._final_reply(await transport.send(request, timeout))
        except VenueError:
            raise
        except Exception as error:
            if self._is_of_program(transport, error):
                raise
            failure = ConnectionLost(f"the transport failed ({type(error).__name__})")
        # Raised outside the handler, so that no frame of the transport that holds the request is part of it.
        raise failure

    async def _wait_for_room(self, wait: float, charges: list[Charge], course: Course) -> float:
        """Wait until the limits leave room, as long as they asked for; return 0, or the seconds that are too long."""
        parties = self._budget.parties
        deadline = time.monotonic() + course.patience(self._limiter.longest)
        while wait:
            if not self._limiter.wait or time.monotonic() + wait > deadline:
                return wait
            self._reporter.report_limit(course.operation, charges, wait, self._limiter.is_silent(*parties))
            await self._sleep(wait)
            wait = await self._limiter.take_async(charges, *parties)
        return 0.0

    async def _set_clock(self, course: Course) -> bool:
        """Ask for the exchange's time, unless another call has just done so; return whether to sign again."""
        assert isinstance(course.failure, Refusal)
        error = course.failure.error
        if self._clock.offset == course.offset:
            source = self.PROFILE.time
            if source is None:
                self._clock.learn_date(error.headers)
            elif not await self._learn_time(source, course):
                return False
        # A code that may mean other things as well is believed to mean the clock only where the clock was wrong.
        return error.code not in self.PROFILE.suspects or self._clock.has_moved(course.offset)

    async def _learn_time(self, source: TimeSource, course: Course) -> bool:
        """Ask for the exchange's time; of calls that are refused together one asks, and the others wait for that."""
        async with self._turns:
            if self._clock.lessons == course.lessons:
                self._knows_time = await self._ask_time(source)
                self._clock.lessons += 1
            return self._knows_time

    async def _ask_time(self, source: TimeSource) -> bool:
        """Set the clock by the exchange's time; return whether that worked."""
        operation = self._operation(source.operation)
        charges = self._budget.charges(operation, {})
        course = Course(operation, self._retry, self.PROFILE.suspects, {}, {})
        wait = await self._limiter.take_async(charges, *self._budget.parties)
        if wait and await self._wait_for_room(wait, charges, course):
            return False
        now = self._clock()
        course.begin(self._requests.build(operation, {}, now), now, self._clock.offset)
        before = self._clock.local()
        try:
            answer = await self._attempt(operation, course, charges)
        except (VenueError, Refusal):
            return False
        server_time = getattr(answer.data, source.field)
        if server_time is None:
            return False
        self._clock.learn(int(server_time) * source.scale // source.per_ms, before, self._clock.local())
        return True
