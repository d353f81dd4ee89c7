# Edited in templates/venues/mock/exchange.py; the copy in generated/ is imported.
"""The mock exchange without a socket: takes a request, checks it, carries it out, and returns the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from email.utils import formatdate
from functools import lru_cache
from os import PathLike
from typing import Any

import msgspec
from msgspec.structs import replace as with_changes

from venues.mock.answer.faults import ANY, Fault, PlannedFault
from venues.mock.answer.listing import with_added
from venues.mock.answer.sent import Answer, bare_answer
from venues.mock.answer.spoiling import spoil
from venues.mock.clock import Clock, Source
from venues.mock.declared.api import load_api
from venues.mock.declared.operations import Operation
from venues.mock.exact import Json, compact
from venues.mock.lasting import Lasting
from venues.mock.ledger import Executed, Ledger, client_id
from venues.mock.request.digests import client_credentials
from venues.mock.request.parameters import Parameters
from venues.mock.request.proof import Proof, Proved
from venues.mock.request.received import Received, RequestRefused
from venues.mock.script import PlannedAnswer

FAULT_HEADER = "X-Mock-Fault"
"""With this header a request chooses its own fault, for callers in other languages or processes."""
DUPLICATE = "DuplicateClientId"
NO_ANSWER = Answer(b"")


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """The outcome of a request."""

    arguments: Mapping[str, Json]
    answer: Answer
    planned: PlannedAnswer | None = None
    """What a test planned in place of the answer."""

    refused: RequestRefused | None = None
    executed: bool = False


class Exchange(Lasting):
    """Receives requests; safe to use from several threads."""

    def __init__(
        self,
        api: str,
        *,
        credentials: Mapping[str, str] | None = None,
        public_keys: Mapping[str, str] | None = None,
        clock: Source | None = None,
        keep: int = 100_000,
        remembers: bool = True,
        state: str | PathLike[str] | None = None,
    ) -> None:
        super().__init__(load_api(api), remembers=remembers, state=state)
        known = self._api.credentials | {name: value for name, value in (credentials or {}).items() if value}
        self.credentials: dict[str, Any] = client_credentials(
            self._api.schemes, known
        )  # texts; Any, for a client takes more than texts
        """What to make a client with: `YourExchange(**mock.credentials, base_url=mock.url)`."""
        self.clock: Clock = Clock(clock)
        """The exchange's time, which a test may let pass: `mock.clock.advance("1h")`."""
        self.clock.follow(self._do_what_is_due)
        self.unique_client_ids: bool = False
        """Whether a client id that was used before is refused, as a duplicate."""
        self.refuses_copies = False
        """Whether a signature that was used before is refused, on the paths where the exchange does so."""
        self.finds_executed = remembers
        """Whether lookups by client id find what was executed, and nothing else, where no orders are kept."""
        self.limit: tuple[int, float] | None = None
        """How many requests are allowed in how many seconds; None for any number."""
        self._parameters = Parameters(self._api)
        self._proof = Proof(self._api, known, public_keys or {})
        self._ledger = Ledger(keep)

    @property
    def requests(self) -> list[Received]:
        """All requests, the oldest first."""
        with self._lock:
            return list(self._ledger.requests)

    @property
    def executed(self) -> list[Executed]:
        """All operations that were carried out and change something, the oldest first."""
        with self._lock:
            return list(self._ledger.executed)

    def calls(self, operation: str) -> list[Received]:
        """Return the requests of one operation, the oldest first, refused ones included.

            assert ["BTCUSDT"] == [call.arguments["symbol"] for call in mock.calls("trade.place_order")]

        Args:
            operation: Group and name, such as `trade.place_order`; `*` for all.

        Raises:
            ValueError: if there is no such operation: a list for a mistyped name would always be empty.
        """
        name = self._operation_name(operation)
        return [received for received in self.requests if name in (ANY, received.operation)]

    def count(self, operation: str | None = None) -> int:
        """Return how often an operation was carried out; without a name, how often any was.

        Raises:
            ValueError: if there is no such operation: a mistyped name would count 0.
        """
        name = self._operation_name(operation or ANY)
        with self._lock:
            return self._ledger.count(None if name == ANY else name)

    def forget(self) -> None:
        """Forget all requests, all executed operations, all plans, and all orders and prices."""
        with self._lock:
            self._begin_anew()
            self._ledger.clear()
            self._faults.clear()
            self._planned.clear()

    def now(self) -> int:
        """Return the exchange's time, in milliseconds."""
        return self.clock.now

    def receive(self, received: Received) -> Answer:
        """Carry out a request if it is in order, and return what is to be sent back.

        An error of a test's own function is raised; the request is in `requests` then, too.
        """
        # One request at a time: tests count on an order, and a ledger of two at once has none.
        with self._lock:
            operation, in_path = self._operation_of(received)
            name = operation.full_name if operation else None
            try:
                fault = self._planned_fault(received, name)
            except ValueError:
                return bare_answer(400)  # a fault that does not exist, in the request's own header
            outcome = self._outcome(received, operation, in_path, executes=not fault or fault.executed)
            planned, word = outcome.planned, fault.fault.value if fault else None
            received = received.judged(name, word, outcome.arguments, outcome.refused, executed=outcome.executed)
            self._ledger.requests.append(received)
            answer = outcome.answer if planned is None or operation is None else planned.make(operation, received)
            answer = spoil(answer, operation, fault, self._answers) if fault else answer
            answer = self._answers.in_shape(operation, answer)
            # The exchange's own time, not the machine's: clients read the clock from this header.
            return with_changes(answer, headers={"Date": _date(self.now() // 1000), **answer.headers})

    def _operation_of(self, received: Received) -> tuple[Operation | None, Mapping[str, str]]:
        """Return the operation that is called, and the values in its path."""
        found = self._api.candidates(received.method, received.path)
        for each in found:
            if received.has_constants(each[0]):
                return each
        return found[0] if found else (None, {})

    def _planned_fault(self, received: Received, name: str | None) -> PlannedFault | None:
        asked = received.headers.get(FAULT_HEADER)
        if asked:
            fault = Fault(asked.lower())
            return PlannedFault(fault, fault.executes)
        return None if name is None else self._faults.take(name)

    def _outcome(
        self, received: Received, operation: Operation | None, in_path: Mapping[str, str], *, executes: bool
    ) -> Outcome:
        """Carry out a request if it is in order; return its outcome."""
        now = self.now()
        arguments: Mapping[str, Json] = {}
        planned = None
        try:
            if operation is None:
                raise RequestRefused("unknown_path", f"nothing is at {received.method} {received.path}")
            arguments = self._check_request(received, operation, in_path, now)
            # A planned answer waits for a request that is carried out; a fault that prevents that must not use it up.
            planned = self._planned.take(operation.full_name) if executes else None
            executed = executes and (planned is None or planned.executes)
            # Before the ledger: what the exchange refuses was not executed.
            usual = self._keep_books(operation, arguments, now) if executed else None
        except RequestRefused as refused:
            return Outcome(arguments, self._answers.refusal(refused, now), planned, refused)
        if executed:
            self._ledger.execute(operation, arguments, now)
        if usual is None and planned is None:
            usual = self._usual_answer(operation, arguments, now)
        return Outcome(arguments, usual or NO_ANSWER, planned, executed=executed)

    def _check_request(
        self, received: Received, operation: Operation, in_path: Mapping[str, str], now: int
    ) -> Mapping[str, Json]:
        """Return the arguments of a request that is in order.

        Raises:
            RequestRefused: if it is not.
        """
        # In the order of real exchanges: first how often, then who, then what.
        if self.limit is not None:
            self._ledger.admit(now, *self.limit)
        proved = self._proof.check(operation, received, now) or Proved()
        start = self._api.single_use
        if self.refuses_copies and proved.signature and start is not None and received.path.startswith(start):
            self._ledger.use(proved.signature)
        if proved.params is not None and operation.carrier == "json":
            received = replace(received, body=compact(proved.params).encode())
        arguments = self._parameters.read(operation, received, in_path)
        self._parameters.check(operation, arguments)
        if not self.any_symbol:
            self._symbols.check(operation, arguments)
        if self.unique_client_ids:
            self._check_client_id(operation, arguments)
        return arguments

    def _check_client_id(self, operation: Operation, arguments: Mapping[str, Json]) -> None:
        own = client_id(operation, arguments)
        if own is not None and self._ledger.knows(operation.full_name, own):
            raise RequestRefused(
                "duplicate_client_id", f"{operation.client_id} was used before", code=self._duplicate_code(operation)
            )

    def _duplicate_code(self, operation: Operation) -> str | None:
        """Return the code for a client id that was used before: one of the operation's own, else any of the API."""
        codes = [*operation.errors, *self._api.errors]
        kinds = {code: self._api.errors[code].kind for code in codes if code in self._api.errors}
        return next((code for code in codes if kinds.get(code) == DUPLICATE), self._api.failures.get("wrong_param"))

    def _example(self, operation: Operation, arguments: Mapping[str, Json], now: int) -> Answer:
        answer = self._answers.example(operation, arguments, now)
        if not operation.listing or not self._added:
            return answer
        market = arguments.get(self._api.market) if self._api.market is not None else None
        return with_changes(answer, body=with_added(operation, self._added, market, answer.body))

    def _usual_answer(self, operation: Operation, arguments: Mapping[str, Json], now: int) -> Answer:
        asked = [*(find for find in operation.finds if find.param in arguments), *operation.shows]
        # A lookup by id is answered before a list: the list shows only what was made last.
        if not self.finds_executed or not asked:
            return self._example(operation, arguments, now)
        for find in asked:
            own = self._ledger.latest(find.operation) if find.param is None else str(arguments[find.param])
            executed = self._ledger.find(find.operation, own) if own is not None else None
            if executed is not None:
                return self._answers.hit(operation, find, executed, arguments)
        return self._answers.miss(operation, asked[0])


@lru_cache(maxsize=8)
def _date(second: int) -> str:
    # Kept, for many calls have the same one.
    return formatdate(second, usegmt=True)
