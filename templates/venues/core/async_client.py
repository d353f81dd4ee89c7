# Edited in templates/venues/core/async_client.py; the copy in generated/ is imported.
"""The async client; the sync client is derived from this module, by `client.py.unasync`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload
from weakref import WeakSet

from venues.core.async_instruments import AsyncInstruments
from venues.core.http.transport import AsyncTransport
from venues.core.options import ClientOptions
from venues.core.request.messages import Response
from venues.core.request.operation import Findable, Operation
from venues.core.values.secrets import Secret
from venues.errors import DecodeError, ExecutionUnknown

if TYPE_CHECKING:
    from venues.core.streams.session import Session
    from venues.hooks import Hooks
    from venues.outcome import Outcome
    from venues.retry import Retry

T = TypeVar("T")
F = TypeVar("F")


class AsyncCore(AsyncInstruments):
    """A client whose calls are awaited."""

    def __init__(self, credentials: Mapping[str, Secret], options: ClientOptions[AsyncTransport]) -> None:
        super().__init__(credentials, options)
        self._opened: WeakSet[Session] = WeakSet()
        """Streams that may report when an order changes."""

    def with_options(
        self, *, timeout: float | None = None, retry: Retry | None = None, validate: bool | None = None
    ) -> Self:
        """Return this client with other options, such as more time for one slow call.

        Both share connections, limits, hooks and what is known of the exchange's clock; only this client closes them.

        Args:
            timeout: Seconds to wait for a connection, and for the whole answer.
            retry: When a call is sent again; `venues.retry.NEVER` for never.
            validate: Whether requests are checked before they are sent.

        Raises:
            InvalidRequest: if one of them is of no use.
        """
        other = self._copy(timeout, retry, validate)
        other._owner = self._owner or self
        return other

    async def call(self, operation: Operation[T], /, **arguments: object) -> Response[T]:
        """Call an operation and return the whole answer.

        Args:
            operation: A constant from the API's `operations`.
            **arguments: The operation's parameters by their Python names.

        Raises:
            InvalidRequest: if the call contradicts the API's rules, or is one of another API; nothing was sent.
            ExecutionUnknown: if a call that must happen once may have been executed.
            DecodeError: if its answer can't be read.
            ApiError: if the exchange refused it.
        """
        return await self._exchange(operation, self._wires(operation, arguments))

    async def request(
        self,
        method: str,
        path: str,
        params: Mapping[str, object] | None = None,
        *,
        auth: str = "none",
        effect: str | None = None,
        carrier: str | None = None,
        cost: int = 1,
    ) -> Response[Any]:
        """Make a call that this package has no method for, with the same signing, errors, limits and outcome rules.

        Args:
            method: `GET`, `POST`, `PUT`, `DELETE` or `PATCH`.
            path: From the address of the server on, such as `/v1/new`.
            params: The exchange's name → value; None and empty strings are not sent. In JSON, a decimal is sent as text,
                but as a number inside a list or dict; pass `str(…)` there if the exchange wants text.
            auth: `none`, `key` or `signed`.
            effect: What sending it twice would do: `read` nothing, `repeatable` no more than once, `once` the same thing
                twice. By default GET reads, and everything else must happen once.
            carrier: Where the parameters go: `query`, `json`, `form`, or `list`: the one list among them is the JSON body.
                By default where those of this method go here.
            cost: What it takes from each limit that all calls of the API share; 0 if it is not counted.

        Returns:
            The whole answer; `data` is JSON as Python reads it.

        Raises:
            InvalidRequest: if an argument is of no use; nothing was sent.
            ExecutionUnknown: if a call that must happen once may have been executed; it can't be looked up.
            ApiError: if the exchange refused it.
        """
        from venues.core.call.free import free_operation

        arguments = params or {}
        operation = free_operation(
            self.PROFILE, method, path, arguments, auth=auth, effect=effect, carrier=carrier, cost=cost
        )
        return await self._exchange(operation, arguments)

    @overload
    async def reconcile(
        self, error: ExecutionUnknown | DecodeError, operation: Findable[Any, F], *, settle: float = 1.0
    ) -> Outcome[F]: ...

    @overload
    async def reconcile(
        self, error: ExecutionUnknown | DecodeError, operation: None = None, *, settle: float = 1.0
    ) -> Outcome[object]: ...

    async def reconcile(
        self, error: ExecutionUnknown | DecodeError, operation: Findable[Any, Any] | None = None, *, settle: float = 1.0
    ) -> Outcome[Any]:
        """Look up a call whose outcome is unknown, or whose answer could not be read.

        It only reads, so it may be called again and again.

        Args:
            error: What the call raised.
            operation: The constant of the lost call, such as `operations.TRADE_PLACE_ORDER`; it types what is found.
            settle: Seconds to wait before looking a second time, if the first look does not find everything: an order
                may be on its way still.

        Returns:
            What is known: `executed` is True (with `found`), False only on proof, or None, and `evidence` says why.
            Of a batch, `orders` has the outcome of each order. What bears no id of yours is found by likeness, if this
            client made the call, and no other one like it.

        Raises:
            InvalidRequest: if the lookup can't be sent, or the error is one of another operation.
        """
        from venues.core.asking.async_finder import AsyncFinder
        from venues.core.outcome.likeness import LikenessSearch
        from venues.core.outcome.lookup import Search

        lost = self._lost_operation(error, operation)
        finder = AsyncFinder(self._operation, self._exchange, self._iterate, self._sleep)
        if lost.likeness:
            alike = LikenessSearch(lost, error, self._alike)
            await finder.find(alike, settle)
            return alike.outcome()
        search = Search(lost, error)
        await finder.find(search, settle)
        return search.outcome(self._clock())

    @overload
    async def wait(
        self,
        order: object,
        operation: Findable[Any, F],
        *,
        symbol: str | None = None,
        market: str | None = None,
        timeout: float = 60.0,
    ) -> F: ...

    @overload
    async def wait(
        self,
        order: object,
        operation: Operation[Any] | None = None,
        *,
        symbol: str | None = None,
        market: str | None = None,
        timeout: float = 60.0,
    ) -> object: ...

    async def wait(
        self,
        order: object,
        operation: Operation[Any] | None = None,
        *,
        symbol: str | None = None,
        market: str | None = None,
        timeout: float = 60.0,
    ) -> object:
        """Wait until an order is filled, canceled, rejected or expired, by asking for it again and again.

        It only reads. An order that is filled in part is not done. Where streams of this client are subscribed to a
        channel of orders, a push there makes it ask at once.

        Args:
            order: What the call that made it returned, or what another call returned of it; with `operation`, its id
                is enough.
            operation: The constant of the call that made it, such as `operations.TRADE_PLACE_ORDER`; it types what is
                returned. It is needed where the order does not show it, as between isolated and cross margin.
            symbol: Its symbol, where the order does not have it and the exchange wants it.
            market: Its market, such as `spot`, where the API has several.
            timeout: Seconds to wait at most.

        Returns:
            The order as the exchange returned it last.

        Raises:
            TimeoutError: if it was not done in time; the message says what was known last, and the cause is the last
                failure to find it.
            InvalidRequest: if nothing shows how such an order ends, or something is missing.
            ApiError: if the exchange refuses to be asked; while it can't be reached, the wait goes on.
        """
        from venues.core.asking.async_watch import AsyncOrderWatch

        waiting = self._begin_wait(order, operation, symbol, market)
        return await AsyncOrderWatch(waiting, self._answer_to, self._sleep, self._opened).run(timeout)

    def streams(
        self,
        *,
        url: str | None = None,
        timeout: float | None = None,
        reconnect: Retry | None = None,
        hooks: Hooks | None = None,
        time_unit: str | None = None,
    ) -> Session:
        """Open WebSocket streams, to be used as `async with client.streams() as streams`.

        Args:
            url: Another address; by default the one of the client's environment, or, where the client has a
                `base_url` of its own, the same path there. Connections with an address of their own keep it, except
                beside an address on this machine (ws://), which stands for all.
            timeout: Seconds to wait for a connection and for an acknowledgment; by default those of the client.
            reconnect: How long to wait before connecting again: backoff with full jitter, without end.
            hooks: Called when something happens to a stream; by default the client's.
            time_unit: Unit of all times that are pushed, as the exchange spells it, such as `MICROSECOND`; only where
                it leaves the choice. `when()` and `venues.rows()` know which one they read.

        Raises:
            InvalidRequest: if the API has no streams or no such unit, or the address is not safe.
        """
        from venues.core.awaiting import open_streams

        options = self._stream_options(url, timeout, reconnect, hooks, time_unit)
        opened = open_streams(self.PROFILE.name, self._answer_to, **options)
        self._opened.add(opened)
        return opened

    async def close(self) -> None:
        """Close all connections; later calls are rejected, and nothing is sent.

        What `with_options` made closes nothing: its connections belong to the client that it was made from.
        """
        if self._owner is not None:
            return
        with self._lock:
            self._way.close()
        if self._way.transport is not None:
            await self._way.transport.close()
        if self._owns_limiter:
            await self._limiter.close_async()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
