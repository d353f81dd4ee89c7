# Edited in templates/venues/core/base.py; the copy in generated/ is imported.
"""What sync and async clients have in common: everything that neither waits nor sends."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from venues.core.call.budget import Budget
from venues.core.call.reporter import Reporter
from venues.core.call.requests import RequestBuilder
from venues.core.http.transport import Way, checked_base, ensure_network
from venues.core.options import ClientOptions
from venues.core.outcome.alike import AlikeCalls, call_of
from venues.core.outcome.clock import ClockSync, checked_clock
from venues.core.outcome.course import first_time
from venues.core.profile import Profile
from venues.core.request.messages import Request
from venues.core.request.operation import Operation
from venues.core.values.checks import check_arguments, instance_of, seconds
from venues.core.values.secrets import Secret, check_credentials
from venues.errors import DecodeError, ExecutionUnknown, InvalidRequest
from venues.hooks import Hooks
from venues.limiter import Limiter, Limits, limiter_of
from venues.retry import Retry

if TYPE_CHECKING:
    from venues.core.call.answers import AnswerReader
    from venues.core.outcome.course import Course
    from venues.core.trading.waiting import OrderWait

CLOSED = "this client is closed; nothing was sent"


class Core:
    """What both kinds of client share; its parts are in `venues.core.call`."""

    PROFILE: ClassVar[Profile]

    _way: Way
    _base = "no address"
    """Where it sends; a class attribute, too, so that a client that could not be made can be printed."""

    def __new__(cls, *unnamed: object, **given: object) -> Self:
        """Say which argument was meant, before Python says only which one is not known."""
        count = len(unnamed)
        del unnamed  # so that no traceback shows credentials
        try:
            check_arguments(cls.__init__, given, unnamed=count)
        finally:
            given.clear()
        return super().__new__(cls)

    def __init__(self, credentials: Mapping[str, Secret], options: ClientOptions[Any]) -> None:
        profile = self.PROFILE
        self._environment = self._known_environment(options.environment)
        self._has_own_base = options.base_url is not None
        server = profile.servers[self._environment]
        self._base = server if options.base_url is None else checked_base(options.base_url)
        self._timeout = seconds(options.timeout)
        self._retry = instance_of("retry", options.retry, Retry) or Retry()
        self._first_time = first_time(self._timeout, self._retry)
        self._limiter = limiter_of(options.limiter)
        self._limiter.bound(self._timeout)
        self._owns_limiter = not isinstance(options.limiter, Limiter)  # a shared one is not closed with the client
        self._validate = options.validate
        self._client_ids = options.client_ids
        self._credentials = check_credentials(credentials)
        self._clock = ClockSync(checked_clock(options.clock), profile.window)
        self._reporter = Reporter(profile.name, instance_of("hooks", options.hooks, Hooks) or Hooks())
        self._network = options.network
        ensure_network(options.transport, options.network)
        self._requests = RequestBuilder(profile, self._credentials, self._base, options.network.user_agent)
        self._budget = Budget(profile, self._credentials, self._place())
        self.limits: Limits = Limits(self._limiter, self._budget.owners, self._budget.known, self._budget.limit)
        """What of the API's limits is used, and when there is room."""
        self._knows_time = False
        """Whether the last question for the exchange's time was answered."""
        self._alike = AlikeCalls()
        """The calls whose effect only likeness can show."""
        self._own_operations: set[Operation[Any]] = set()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self._base}>"

    if not TYPE_CHECKING:  # a type checker would take every name for one that exists

        def __getattr__(self, name: str) -> object:
            from venues.core.call.nearest import missing_attribute

            raise missing_attribute(self, name, self.PROFILE.name)

    def _known_environment(self, environment: str | None) -> str:
        servers = self.PROFILE.servers
        if environment is not None and environment not in servers:
            raise InvalidRequest(f"environment is {environment!r}; {self.PROFILE.name} has {', '.join(servers)}")
        return environment or next(iter(servers))

    def _place(self) -> str:
        """Name where calls are counted."""
        name = self.PROFILE.name
        if self._has_own_base:
            return f"{name}:{self._base.partition('//')[2]}"
        return name if self._environment == next(iter(self.PROFILE.servers)) else f"{name}:{self._environment}"

    @cached_property
    def _answers(self) -> AnswerReader:
        """What reads answers; decoding is not imported before there is one."""
        from venues.core.call.answers import AnswerReader

        return AnswerReader(self.PROFILE, self._credentials)

    def _copy(self, timeout: float | None, retry: Retry | None, validate: bool | None) -> Self:
        """Return a copy with other options."""
        from copy import copy

        other = copy(self)
        for name in vars(self):
            if isinstance(getattr(type(self), name, None), cached_property) and not name.startswith("_"):
                del other.__dict__[name]  # a group calls the client that it was made by
        if timeout is not None:
            other._timeout = seconds(timeout)
        other._retry = instance_of("retry", retry, Retry) or self._retry
        other._first_time = first_time(other._timeout, other._retry)
        if validate is not None:
            other._validate = validate
        return other

    def prepare(self, operation: Operation[Any], /, **arguments: object) -> Request:
        """Build and sign a request without sending it.

        Where an order is sent without an id of yours, the client makes one; here it does not.

        Args:
            operation: A constant from the API's `operations`.
            **arguments: The operation's parameters by their Python names; they are sent in the order given here.

        Raises:
            InvalidRequest: if the call contradicts the API's rules.
        """
        sent = operation.encode(self._wires(operation, arguments), self._validate)
        return self._requests.build(operation, sent, self._clock())

    def cost(self, operation: Operation[Any], /, **arguments: object) -> int:
        """Return what a call takes from the first of its limits: its weight, or 1 where calls are counted.

        Args:
            operation: A constant from the API's `operations`.
            **arguments: The operation's parameters by their Python names.
        """
        charges = self._budget.charges(operation, operation.encode(self._wires(operation, arguments), validate=False))
        return charges[0].amount if charges else 1

    def new_id(self, prefix: str = "") -> str:
        """Return a client order id that the exchange takes, and that no other call returns, in any process.

        With the same prefix, later ids of a process are greater as strings.

        Args:
            prefix: How it begins, to tell strategies apart, for example.

        Raises:
            InvalidRequest: if the API takes no client order ids, or none that begins like this.
        """
        from venues.core.values.client_ids import new_client_id

        form = self.PROFILE.trading().client_ids
        if form is None:
            raise InvalidRequest(f"{self.PROFILE.name} takes no client order ids")
        return new_client_id(form, prefix)

    def _begin_wait(
        self, order: object, operation: Operation[Any] | None, symbol: str | None, market: str | None
    ) -> OrderWait:
        """Return a wait for an order.

        Raises:
            InvalidRequest: if nothing shows how the order ends, or something is missing.
        """
        from venues.core.trading.waiting import OrderWait, choose_rule

        instance_of("operation", operation, Operation)
        made_by = None if operation is None else self._operation(operation.full_name).full_name
        rule = choose_rule(self.PROFILE.trading().waits, order, made_by)
        return OrderWait(rule, order, symbol, self._clock(), market)

    def _wires(self, operation: Operation[Any], arguments: Mapping[str, object]) -> dict[str, object]:
        """Return arguments by wire name, if the operation is one of this API."""
        if operation not in self._own_operations:
            instance_of("operation", operation, Operation)
            own = self._operation(operation.full_name)
            if (own.method, own.path) != (operation.method, operation.path):
                raise InvalidRequest(f"{operation!r} belongs to another API than {self.PROFILE.name}; nothing was sent")
            self._own_operations.add(operation)
        return operation.to_wire(arguments)

    def _lost_operation(self, error: object, operation: Operation[Any] | None) -> Operation[Any]:
        """Return the operation of a call whose outcome is unknown.

        Raises:
            InvalidRequest: if the error leaves nothing to look up, or is one of another operation.
        """
        if not isinstance(error, (ExecutionUnknown, DecodeError)):
            raise InvalidRequest(
                f"error is of type {type(error).__name__}; only an ExecutionUnknown or a DecodeError is looked up"
                " (of an interruption, pass the one among its causes)"
            )
        instance_of("operation", operation, Operation)
        lost = self._operation(error.operation)
        if operation is not None and operation.full_name != lost.full_name:
            raise InvalidRequest(f"the error is one of {lost.full_name}, not of {operation.full_name}")
        return lost

    def _operation(self, full_name: str) -> Operation[Any]:
        """Return an operation by group and name.

        Raises:
            InvalidRequest: if the API has none of that name.
        """
        found = self.PROFILE.operation(full_name)
        if found is None:
            raise InvalidRequest(f"{self.PROFILE.name} has no operation {full_name}; nothing was sent")
        return found

    def _remember(self, course: Course) -> None:
        """Remember a call whose effect only likeness can show, before it is sent."""
        if course.trace is not None:
            self._alike.remove(course.trace)
        course.trace = call_of(course.operation, course.arguments, course.sent_at)
        self._alike.add(course.trace)

    def _clock_for(self, operation: Operation[Any]) -> Callable[[], int]:
        """Return the source of the exchange's time; where a signature is accepted once, no two calls get the same."""
        start = self.PROFILE.single_use
        return self._clock.unique if start is not None and operation.path.startswith(start) else self._clock

    def _stream_options(
        self,
        url: str | None,
        timeout: float | None,
        reconnect: Retry | None,
        hooks: Hooks | None,
        time_unit: str | None = None,
    ) -> dict[str, Any]:
        """Return what streams need to know of this client."""
        from venues.core.streams.address import addresses, in_unit

        if self._way.is_closed:
            raise InvalidRequest(CLOSED)
        profile = self.PROFILE
        address = profile.streams.get(self._environment)
        if address is None or profile.protocol is None:
            raise InvalidRequest(f"{profile.name} has no streams here")
        others = profile.other_streams.get(self._environment, {})
        base, bases = addresses(address, others, url, self._base if self._has_own_base else None)
        return {
            "protocol": in_unit(profile.protocol(), time_unit),
            "base": base,
            "bases": bases,
            "given": self._credentials,
            "clock": self._clock,
            "hooks": instance_of("hooks", hooks, Hooks) or self._reporter.hooks,
            "deviation": self._reporter.report_deviation,
            "network": self._network,
            "timeout": self._timeout if timeout is None else timeout,
            "reconnect": instance_of("reconnect", reconnect, Retry) or Retry(first=0.5, longest=30.0),
        }

    @classmethod
    def _from_environment(cls) -> dict[str, Any]:  # Any: spread over keywords of many types
        """Read the credentials from the environment: <API>_<CREDENTIAL>."""
        return {name: os.environ.get(f"{cls.PROFILE.name}_{name}".upper()) or None for name in cls.PROFILE.credentials}
