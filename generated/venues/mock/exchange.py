# Edited in templates/venues/mock/exchange.py; the copy in generated/ is imported.
"""The mock exchange without a socket: takes a request, checks it, carries it out, and returns the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from email.utils import formatdate
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from venues.mock.answer.build import Answer, bare_answer
from venues.mock.answer.faults import Fault, PlannedFault
from venues.mock.answer.spoiling import spoil
from venues.mock.clock import Clock, Source
from venues.mock.declared.api import Operation, load_api
from venues.mock.exact import Json, compact
from venues.mock.ledger import Executed, Ledger, client_id
from venues.mock.request.digests import client_credentials
from venues.mock.request.parameters import Parameters
from venues.mock.request.proof import Proof, Proved
from venues.mock.request.received import Received, RequestRefused
from venues.mock.request.symbols import SymbolCheck
from venues.mock.script import Script

if TYPE_CHECKING:
    from venues.mock.books.engine import Books
    from venues.mock.books.journal import Journal
    from venues.mock.books.market import Market
    from venues.mock.books.order import Fill, Order

Respond = Callable[[], Answer]

FAULT_HEADER = "X-Mock-Fault"
"""With this header a request chooses its own fault, for callers in other languages or processes."""
DUPLICATE = "DuplicateClientId"


class Exchange(Script):
    """Receives requests; safe to use from several threads."""

    def __init__(
        self,
        api: str,
        *,
        credentials: Mapping[str, str] | None = None,
        public_keys: Mapping[str, str] | None = None,
        clock: Source | None = None,
        keep: int = 100_000,
        remembers: bool = False,
    ) -> None:
        super().__init__(load_api(api))
        known = self._api.credentials | {name: value for name, value in (credentials or {}).items() if value}
        self.credentials: dict[str, Any] = client_credentials(
            self._api.schemes, known
        )  # texts; Any, for a client takes more than texts
        """What to make a client with: `YourExchange(**mock.credentials, base_url=mock.url)`."""
        self.clock = Clock(clock)
        """The exchange's time, which a test may let pass: `mock.clock.advance("1h")`."""
        self.unique_client_ids = False
        """Whether a client id that was used before is refused, as a duplicate."""
        self.refuses_copies = False
        """Whether a signature that was used before is refused, on the paths where the exchange does so."""
        self.finds_executed = remembers
        """Whether lookups by client id find what was executed, and nothing else, where no orders are kept."""
        self.any_symbol = False
        """Whether symbols that the specification does not list are accepted."""
        self.limit: tuple[int, float] | None = None
        """How many requests are allowed in how many seconds; None for any number."""
        self._parameters = Parameters(self._api)
        self._symbols = SymbolCheck(self._api)
        self._proof = Proof(self._api, known, public_keys or {})
        self._ledger = Ledger(keep)
        self._error: BaseException | None = None
        self._remembers = remembers
        self._books = self._new_books()

    def _new_books(self) -> Books | None:
        if not self._remembers:
            return None
        # Imported only here: most tests play back examples, and need no engine.
        from venues.mock.books.engine import Books

        return Books()

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

    def count(self, operation: str | None = None) -> int:
        """Return how often an operation was carried out; without a name, how often any was."""
        with self._lock:
            return self._ledger.count(operation)

    @property
    def orders(self) -> list[Order]:
        """All orders as they stand, the oldest first.

        Raises:
            ValueError: without `remembers=True`, as `fills` and `market` do.
        """
        with self._lock:
            return [*self._kept().matching.orders.values()]

    @property
    def fills(self) -> list[Fill]:
        """All fills, the oldest first."""
        with self._lock:
            return [*self._kept().matching.fills]

    @property
    def journal(self) -> Journal:
        """What happened to orders, balances and positions, in order; for those who push it to streams."""
        return self._kept().journal

    def market(self, symbol: str) -> Market:
        """Return the market of a symbol, so that the test can move it.

        Args:
            symbol: As the exchange writes it in orders.

        Raises:
            ValueError: for a symbol that the exchange does not have: its price would fill nothing, unnoticed.
        """
        self._kept()
        if not self.any_symbol and not self._symbols.offers(symbol):
            raise ValueError(f"{self._api.name} has no symbol {symbol!r}; write it as in an order, or set any_symbol")
        from venues.mock.books.market import Market

        return Market(partial(self._move, symbol))

    def _move(self, symbol: str, price: Decimal, quantity: Decimal | None) -> list[Fill]:
        with self._lock:
            matching = self._kept().matching
            matching.set_time(self.now())
            return matching.move(symbol, price, quantity)

    @property
    def simulates(self) -> dict[str, Literal["remembers", "plays back"]]:
        """Every operation, and whether it acts on what is remembered or plays back its example."""
        return {
            name: "remembers" if self._books is not None and operation.orders else "plays back"
            for name, operation in self._api.by_name.items()
        }

    @property
    def made_up(self) -> dict[str, tuple[str, ...]]:
        """Operations that remember → the members of their orders that are not known, and stay as in the example."""
        from venues.mock.books.writing import made_up

        remembering = {o.full_name: o.orders.held for o in self._api.operations if o.orders and o.orders.held}
        found = {name: made_up(held) for name, held in remembering.items()} if self._books is not None else {}
        return {name: members for name, members in found.items() if members}

    def _kept(self) -> Books:
        if self._books is None:
            raise ValueError(
                f"this mock exchange keeps no orders; make it with Mock({self._api.name!r}, remembers=True)"
            )
        return self._books

    def forget(self) -> None:
        """Forget all requests, all executed operations, all plans, and all orders and prices."""
        with self._lock:
            if self._books is not None:
                # Those who listen stay: streams go on after a test has begun anew.
                self._books.journal.clear()
                self._books = self._books.anew()
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
            found = [*self._api.candidates(received.method, received.path)]
            fitting = (each for each in found if received.has_constants(each[0]))
            operation, in_path = next(fitting, None) or (found[0] if found else (None, {}))
            name = operation.full_name if operation else None
            try:
                fault = self._planned_fault(received, name)
            except ValueError:
                return bare_answer(400)  # a fault that does not exist, in the request's own header
            received = replace(received, operation=name, fault=fault.fault.value if fault else None)
            received, respond = self._decide(received, operation, in_path, executes=not fault or fault.executed)
            self._ledger.requests.append(received)
            answer = respond()
            answer = spoil(answer, operation, fault, self._answers) if fault else answer
            answer = self._answers.in_shape(operation, answer)
            # The exchange's own time, not the machine's: clients read the clock from this header.
            return replace(answer, headers={"Date": formatdate(self.now() / 1000, usegmt=True), **answer.headers})

    def _planned_fault(self, received: Received, name: str | None) -> PlannedFault | None:
        asked = received.headers.get(FAULT_HEADER)
        if asked:
            fault = Fault(asked.lower())
            return PlannedFault(fault, fault.executes)
        return None if name is None else self._faults.take(name)

    def _decide(
        self, received: Received, operation: Operation | None, in_path: Mapping[str, str], *, executes: bool
    ) -> tuple[Received, Respond]:
        """Return what became of a request, and what writes its answer."""
        try:
            if operation is None:
                raise RequestRefused("unknown_path", f"nothing is at {received.method} {received.path}")
            arguments = self._check_request(received, operation, in_path)
        except RequestRefused as refused:
            refusal = replace(received, verdict=refused.failure, detail=refused.detail)
            return refusal, partial(self._answers.refusal, refused)
        # A planned answer waits for a request that is carried out; a fault that prevents that must not use it up.
        planned = self._planned.take(operation.full_name) if executes else None
        executed = executes and (planned is None or planned.executes)
        received = replace(received, arguments=arguments, executed=executed)
        try:
            # Before the ledger: what the exchange refuses was not executed.
            usual = self._keep_books(operation, arguments) if executed else None
        except RequestRefused as refused:
            received = replace(received, verdict=refused.failure, detail=refused.detail, executed=False)
            executed, usual = False, self._answers.refusal(refused)
        if executed:
            self._ledger.execute(operation, arguments, self.now())
        if planned is not None:
            return received, partial(planned.make, operation, received)
        return received, partial(self._usual_answer, operation, arguments) if usual is None else lambda: usual

    def _keep_books(self, operation: Operation, arguments: Mapping[str, Json]) -> Answer | None:
        """Carry out what is about orders, and return its answer; None for what is not.

        Raises:
            RequestRefused: if the exchange would refuse it, or nobody knows what it would do; then the test fails, too.
        """
        if self._books is None or operation.orders is None:
            return None
        from venues.mock.books.order import NotSimulated

        try:
            body = self._books.carry_out(operation, arguments, self.now())
        except NotSimulated as error:
            self._error = self._error or error
            raise RequestRefused("wrong_param", f"not simulated: {error}") from None
        return self._answers.remembered(operation, arguments, body)

    def _check_request(self, received: Received, operation: Operation, in_path: Mapping[str, str]) -> dict[str, Json]:
        """Return the arguments of a request that is in order.

        Raises:
            RequestRefused: if it is not.
        """
        # In the order of real exchanges: first how often, then who, then what.
        now = self.now()
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
        own = client_id(operation, arguments)
        if self.unique_client_ids and own is not None and self._ledger.knows(operation.full_name, own):
            raise RequestRefused(
                "duplicate_client_id", f"{operation.client_id} was used before", code=self._duplicate_code(operation)
            )
        return arguments

    def _duplicate_code(self, operation: Operation) -> str | None:
        """Return the code for a client id that was used before: one of the operation's own, else any of the API."""
        codes = [*operation.errors, *self._api.errors]
        kinds = {code: self._api.errors[code].kind for code in codes if code in self._api.errors}
        return next((code for code in codes if kinds.get(code) == DUPLICATE), self._api.failures.get("wrong_param"))

    def _usual_answer(self, operation: Operation, arguments: Mapping[str, Json]) -> Answer:
        asked = [*(find for find in operation.finds if find.param in arguments), *operation.shows]
        # A lookup by id is answered before a list: the list shows only what was made last.
        if not self.finds_executed or not asked:
            return self._answers.example(operation, arguments, self.now())
        for find in asked:
            own = self._ledger.latest(find.operation) if find.param is None else str(arguments[find.param])
            executed = self._ledger.find(find.operation, own) if own is not None else None
            if executed is not None:
                return self._answers.hit(operation, find, executed, arguments)
        return self._answers.miss(operation, asked[0])
