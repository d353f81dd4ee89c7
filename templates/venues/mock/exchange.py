"""The mock exchange without its socket: from a request to an answer, and what was executed on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.utils import formatdate
from typing import Any

from venues.mock.answer.build import Answer, bare
from venues.mock.answer.faults import Fault, Trouble
from venues.mock.answer.spoiling import spoiled
from venues.mock.declared.api import Operation, declared
from venues.mock.exact import Json
from venues.mock.ledger import Executed, Ledger, client_id
from venues.mock.request.parameters import Parameters
from venues.mock.request.proof import Proof, usable
from venues.mock.request.received import Received, Refused
from venues.mock.request.symbols import Symbols
from venues.mock.script import Script

Clock = Callable[[], int]
"""Returns the time in milliseconds since 1970."""
FAULT_HEADER = "X-Mock-Fault"
DUPLICATE = "DuplicateClientId"


class Exchange(Script):
    """Receives requests; safe to use from several threads."""

    def __init__(
        self,
        api: str,
        *,
        credentials: Mapping[str, str] | None = None,
        public_keys: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        keep: int = 100_000,
    ) -> None:
        super().__init__(declared(api))
        known = self._api.credentials | dict(credentials or {})
        self.credentials: dict[str, Any] = usable(self._api, known)  # texts; Any, for a client takes more than texts
        """What to make a client with: `YourExchange(**mock.credentials, base_url=mock.url)`."""
        self.clock_offset_ms = 0
        """How far the exchange's clock is ahead of the real one."""
        self.unique_client_ids = False
        """Whether a client id that was used before is refused."""
        self.refuses_copies = False
        """Whether a signature that was used before is refused, under the paths where the exchange refuses it."""
        self.remembers = False
        """Whether lookups by client id find what was executed, and nothing else."""
        self.any_symbol = False
        """Whether pairs and contracts that the specification does not know are offered, too."""
        self.limit: tuple[int, float] | None = None
        """How many requests are allowed in how many seconds; None for any number."""
        self._parameters = Parameters(self._api)
        self._symbols = Symbols(self._api)
        self._proof = Proof(self._api, known, public_keys or {})
        self._clock = clock or _system_clock
        self._ledger = Ledger(keep)

    @property
    def requests(self) -> list[Received]:
        """All requests, the oldest first."""
        with self._lock:
            return list(self._ledger.requests)

    @property
    def executed(self) -> list[Executed]:
        """Everything that was really carried out, reading aside."""
        with self._lock:
            return list(self._ledger.executed)

    def count(self, operation: str | None = None) -> int:
        """Return how often an operation was really carried out; without a name, how often any was."""
        with self._lock:
            return self._ledger.count(operation)

    def forget(self) -> None:
        """Forget all requests, everything executed, and all wishes."""
        with self._lock:
            self._ledger.clear()
            self._faults.clear()
            self._planned.clear()

    def now(self) -> int:
        """Return the exchange's time, in milliseconds."""
        return self._clock() + self.clock_offset_ms

    def receive(self, received: Received) -> Answer:
        """Take a request, carry it out if it is in order, and return what is to be sent back."""
        with self._lock:
            operation, in_path = self._api.find(received.method, received.path) or (None, {})
            name = operation.full_name if operation else None
            try:
                trouble = self._trouble(received, name)
            except ValueError:
                return bare(400)
            received = replace(received, operation=name, fault=trouble.fault.value if trouble else None)
            received, answer = self._judged(received, operation, in_path, executes=not trouble or trouble.executed)
            self._ledger.requests.append(received)
            answer = spoiled(answer, operation, trouble, self._answers) if trouble else answer
            return replace(answer, headers={"Date": formatdate(self.now() / 1000, usegmt=True), **answer.headers})

    def _trouble(self, received: Received, name: str | None) -> Trouble | None:
        asked = received.headers.get(FAULT_HEADER)
        if asked is not None:
            fault = Fault(asked.lower())
            return Trouble(fault, fault.executes)
        return None if name is None else self._faults.take(name)

    def _judged(
        self, received: Received, operation: Operation | None, in_path: Mapping[str, str], *, executes: bool
    ) -> tuple[Received, Answer]:
        try:
            if operation is None:
                raise Refused("unknown_path", f"nothing is at {received.method} {received.path}")
            arguments = self._accepted(received, operation, in_path)
        except Refused as refused:
            answer = self._answers.refusal(refused)
            return replace(received, verdict=refused.failure, detail=refused.detail), answer
        planned = self._planned.take(operation.full_name) if executes else None
        executed = executes and (planned is None or planned.executes)
        if executed:
            self._ledger.execute(operation, arguments, self.now())
        received = replace(received, arguments=arguments, executed=executed)
        return received, planned.make(operation, received) if planned else self._usual(operation, arguments)

    def _accepted(self, received: Received, operation: Operation, in_path: Mapping[str, str]) -> dict[str, Json]:
        """Return the arguments of a request that is in order.

        Raises:
            Refused: if it is not.
        """
        now = self.now()
        if self.limit is not None:
            self._ledger.admit(now, *self.limit)
        signature = self._proof.check(operation, received, now)
        start = self._api.single_use
        if self.refuses_copies and signature and start is not None and received.path.startswith(start):
            self._ledger.use(signature)
        arguments = self._parameters.read(operation, received, in_path)
        self._parameters.check(operation, arguments)
        if not self.any_symbol:
            self._symbols.check(operation, arguments)
        own = client_id(operation, arguments)
        if self.unique_client_ids and own is not None and self._ledger.knows(operation.full_name, own):
            raise Refused(
                "duplicate_client_id", f"{operation.client_id} was used before", code=self._duplicate(operation)
            )
        return arguments

    def _duplicate(self, operation: Operation) -> str | None:
        """Return the code for a client id that was used before: the operation's own, or else any."""
        codes = [*operation.errors, *self._api.errors]
        kinds = {code: self._api.errors[code].kind for code in codes if code in self._api.errors}
        return next((code for code in codes if kinds.get(code) == DUPLICATE), self._api.failures.get("wrong_param"))

    def _usual(self, operation: Operation, arguments: Mapping[str, Json]) -> Answer:
        asked = [*(find for find in operation.finds if find.param in arguments), *operation.shows]
        if not self.remembers or not asked:
            return self._answers.example(operation, arguments, self.now())
        for find in asked:
            own = self._ledger.latest(find.operation) if find.param is None else str(arguments[find.param])
            made = self._ledger.made(find.operation, own) if own is not None else None
            if made is not None:
                return self._answers.found(operation, find, made)
        return self._answers.absent(operation, asked[0])


def _system_clock() -> int:
    return time.time_ns() // 1_000_000
