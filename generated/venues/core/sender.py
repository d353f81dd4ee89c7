# Edited in templates/venues/core/async_sender.py; the copy in generated/ is imported.
"""Sends the calls of a sync client; derived from `async_sender`, by `sender.py.unasync`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from logging import DEBUG
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self, TypeVar

from venues.core.base import CLOSED, Core
from venues.core.call.budget import NO_USES, exceeded_error, reported_uses
from venues.core.http.transport import Transport, TrustedTransport, Way, final
from venues.core.options import ClientOptions
from venues.core.outcome.course import Course, Refusal, with_client_id
from venues.core.profile import TimeSource
from venues.core.request.limits import Charge
from venues.core.request.messages import Reply, Request, Response
from venues.core.request.operation import Operation, Paged
from venues.core.values.checks import sync_only
from venues.core.values.secrets import Secret
from venues.errors import ConnectionLost, DecodeError, InvalidRequest, TransportError, VenueError
from venues.hooks import logger

if TYPE_CHECKING:
    from venues.core.call.plan import Plan
    from venues.core.paging.course import PagerPosition
    from venues.core.paging.pager import Pager

T = TypeVar("T")
Item = TypeVar("Item")
OUT_OF_STEP = (
    "it is a refusal, and may be that of another call: meanwhile, one was given an answer that was not its own"
)


class Sender(Core):
    """A client's way to the exchange: waits for room, signs, sends, and sends again where the outcome allows it."""

    def __init__(self, credentials: Mapping[str, Secret], options: ClientOptions[Transport]) -> None:
        from venues.core.blocking import Turns, ensure_loop, sleep

        self._ensure_loop, self._sleep = ensure_loop, sleep
        self._way = Way(sync_only(options.transport))
        """What it sends by; shared with what `with_options` makes of it."""
        self._owner: Self | None = None
        """The client that closes the connections of this one, if it was made by `with_options`."""
        self._plans: dict[Operation[Any], Plan[Any]] = {}
        self._turns = Turns()
        """Who may ask for the exchange's time."""
        super().__init__(credentials, options)
        self._take = self._limiter.taker(*self._budget.parties)
        """Takes from limits, as the limiter does for the owners of this client's calls."""

    def _answer_to(self, operation: str, arguments: Mapping[str, object]) -> object:
        """Call an operation by group and name, with arguments by wire name."""
        return self._exchange(self._operation(operation), arguments).data

    def _iterate(
        self, operation: Paged[Any, Item], arguments: Mapping[str, object], position: PagerPosition | None
    ) -> Pager[Item]:
        """Return a pager over a list, from its begin or from a position; nothing is sent before it is iterated over."""
        from venues.core.paging.course import Course
        from venues.core.paging.pager import Pager

        course = Course(operation, arguments, position, self._clock())
        return Pager(operation, course, self._exchange, self._reporter.report_page)

    def _exchange(self, operation: Operation[T], arguments: Mapping[str, object]) -> Response[T]:
        """Send a call, as often as its outcome allows, and return the answer."""
        self._ensure_loop()
        plan: Plan[T] = self._plans.get(operation) or self._new_plan(operation)
        own_id = operation.own_id
        if self._client_ids and (operation.batch if own_id is None else not arguments.get(own_id)):
            arguments = with_client_id(operation, arguments)
        sent = operation.encode(arguments, self._validate)
        charges = self._budget.charges(operation, sent) if plan.charges is None else plan.charges
        course = Course(operation, self._retry, arguments, sent, self._first_time, time.monotonic())
        while True:
            wait = self._take(charges)
            if wait and (wait := self._wait_for_room(wait, charges, course)):
                silent = self._limiter.is_silent(*self._budget.parties)
                late = exceeded_error(wait, operation, is_silent=silent)
                raise self._reporter.final_error(course) if course.failure else late
            if course.failure is not None:
                course.begin_again(self._timeout)
            course.offset, course.lessons = self._clock.offset, self._clock.lessons
            course.sent_at = now = plan.now()
            course.request = plan.build(sent, now)
            if operation.likeness:
                self._remember(course)
            try:
                return self._attempt(plan, course, charges)
            except (TransportError, Refusal, DecodeError) as failure:
                course.failure = failure
            except BaseException as stop:
                self._reporter.explain_interruption(course, stop)
                raise
            self._prepare_next(course)

    def _prepare_next(self, course: Course) -> None:
        """Wait for the next attempt, or raise what this one means."""
        if course.should_set_clock(self.PROFILE.suspects) and self._set_clock(course):
            return
        pause = course.pause()
        if pause is None:
            if course.trace is not None and course.is_refused:
                self._alike.remove(course.trace)
            raise self._reporter.final_error(course)
        self._reporter.report_retry(course, pause)
        self._sleep(pause)

    def _attempt(self, plan: Plan[T], course: Course, charges: Sequence[Charge]) -> Response[T]:
        """Send a request once, and return its answer."""
        send, request = self._way.send or self._open_way(), course.request
        assert request is not None
        is_heard = self._reporter.is_heard or logger.isEnabledFor(DEBUG)
        shown = self._reporter.report_request(plan.operation, request, course.attempt) if is_heard else None
        started = perf_counter()
        try:
            reply = send(request, course.timeout)
        except TransportError as failure:
            if shown is not None:
                self._reporter.report_failure(shown, failure, perf_counter() - started)
            raise
        elapsed = perf_counter() - started
        if shown is not None:
            self._reporter.report_reply(shown, reply, self._answers.shown_headers(reply, request), elapsed)
        uses = reported_uses(charges, reply.headers) if charges else None
        used = self._count(uses) if uses else NO_USES
        try:
            data = plan.read(reply, course.sent, plan.report)
        except Exception as error:
            doubt = error
        else:
            return Response(data, reply.status, reply.headers, reply.body, elapsed, request, used)
        data = self._read_doubtful(doubt, plan, course, reply, charges, started)
        return Response(data, reply.status, reply.headers, reply.body, elapsed, request, used)

    def _read_doubtful(
        self, doubt: Exception, plan: Plan[T], course: Course, reply: Reply, charges: Sequence[Charge], started: float
    ) -> T:
        """Return the payload of an answer that may not be usual, or raise what it means."""
        from venues.core.values.interruption import ensure_own

        ensure_own(doubt)
        final(reply)
        try:
            return self._answers.read(plan, reply, course)
        except DecodeError:
            self._way.note_doubtful_answer()  # it may have been the answer to another request
            raise
        except Refusal as refusal:
            error = refusal.error
            for owner, seconds in self._budget.blocks(error, charges):
                self._limiter.block_soon(owner, seconds)
            # What is returned names what it is about, and was held against the call; a refusal names nothing.
            if not self._way.had_doubtful_answer_since(started):
                raise
        raise DecodeError(error.operation, error.body, OUT_OF_STEP)

    def _count(self, uses: list[tuple[Charge, int]]) -> dict[str, int]:
        """Count what the exchange says is used, and return it by the names of the limits."""
        for charge, used in uses:
            self._limiter.correct_soon(charge, used)
        return {charge.limit.name: used for charge, used in uses}

    def _new_plan(self, operation: Operation[T]) -> Plan[T]:
        """Return what all calls of an operation have in common; it is kept from the first one on."""
        from venues.core.call.plan import Plan  # here, for a program that only imports a client makes no calls

        plan = self._plans[operation] = Plan(
            operation,
            self._budget.constant_charges(operation),
            self._requests.builder(operation),
            self._clock_for(operation),
            self._reporter.deviations_of(operation),
        )
        return plan

    def _open_way(self) -> Callable[[Request, float], Reply]:
        """Return what sends; there is a transport from then on.

        Raises:
            InvalidRequest: if the client, or that which it was made from, is closed.
        """
        way = self._way
        with self._lock:
            if way.is_closed:
                raise InvalidRequest(CLOSED)
            if way.transport is None:
                from venues.core.blocking import new_transport

                way.transport = new_transport(self._network)
            # Our own keep what they promise; another one may raise or bring anything.
            is_ours = isinstance(way.transport, TrustedTransport)
            send = way.send = way.transport.send if is_ours else partial(_send_by, way.transport)
        return send

    def _open(self) -> Transport:
        """Return the transport; it is made by the first call."""
        self._open_way()
        transport: Transport = self._way.transport
        return transport

    @property
    def _transport(self) -> Transport | None:
        """The transport, if there is one yet."""
        transport: Transport | None = self._way.transport
        return transport

    def _wait_for_room(self, wait: float, charges: Sequence[Charge], course: Course) -> float:
        """Wait until the limits leave room, as long as they asked for; return 0, or the seconds that are too long."""
        parties = self._budget.parties
        deadline = time.monotonic() + course.patience(self._limiter.longest)
        while wait:
            if not self._limiter.wait or time.monotonic() + wait > deadline:
                return wait
            self._reporter.report_limit(course.operation, charges, wait, self._limiter.is_silent(*parties))
            self._sleep(wait)
            wait = self._take(charges)
        course.end_of_wait()
        return 0.0

    def _set_clock(self, course: Course) -> bool:
        """Ask for the exchange's time, unless another call has just done so; return whether to sign again."""
        assert isinstance(course.failure, Refusal)
        error = course.failure.error
        if self._clock.offset == course.offset:
            source = self.PROFILE.time
            if source is None:
                self._clock.learn_date(error.headers)
            elif not self._learn_time(source, course):
                return False
        # A code that may mean other things as well is believed to mean the clock only where the clock was wrong.
        return error.code not in self.PROFILE.suspects or self._clock.has_moved(course.offset)

    def _learn_time(self, source: TimeSource, course: Course) -> bool:
        """Ask for the exchange's time; of calls that are refused together one asks, and the others wait for that."""
        with self._turns:
            if self._clock.lessons == course.lessons:
                self._knows_time = self._ask_time(source)
                self._clock.lessons += 1
            return self._knows_time

    def _ask_time(self, source: TimeSource) -> bool:
        """Set the clock by the exchange's time; return whether that worked."""
        operation = self._operation(source.operation)
        plan = self._plans.get(operation) or self._new_plan(operation)
        charges = self._budget.charges(operation, {})
        course = Course(operation, self._retry, {}, {}, self._first_time, time.monotonic())
        wait = self._take(charges)
        if wait and self._wait_for_room(wait, charges, course):
            return False
        course.request = plan.build({}, self._clock())
        before = self._clock.local()
        try:
            answer = self._attempt(plan, course, charges)
        except (VenueError, Refusal):
            return False
        server_time = getattr(answer.data, source.field)
        if server_time is None:
            return False
        self._clock.learn(int(server_time) * source.scale // source.per_ms, before, self._clock.local())
        return True


def _send_by(transport: Transport, request: Request, timeout: float) -> Reply:
    """Send by a transport from outside this package; an error that breaks its contract becomes one that keeps it."""
    from venues.core.values.interruption import is_of_handler

    try:
        return final(transport.send(request, timeout))
    except VenueError:
        raise
    except Exception as error:
        if is_of_handler(error):  # the program raised it in the middle of a call, as a time limit does
            raise
        failure = ConnectionLost(f"the transport failed ({type(error).__name__})")
    # Raised outside the handler, so that no frame of the transport that holds the request is part of it.
    raise failure
