# Edited in templates/venues/mock/script.py; the copy in generated/ is imported.
"""What a test plans: answers, error codes and faults for the requests that follow."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from msgspec.structs import replace

from venues.mock.answer.build import Answers
from venues.mock.answer.faults import ANY, Fault, PlannedFault, Plans
from venues.mock.answer.sent import Answer
from venues.mock.declared.api import Api
from venues.mock.declared.operations import Operation
from venues.mock.exact import Json, compact
from venues.mock.request.received import Received

Responder = Callable[[Received], Json]
"""A test's own function that answers: returns a payload, or a whole body as text or bytes."""


@dataclass(frozen=True)
class PlannedAnswer:
    """An answer that a test planned."""

    make: Callable[[Operation, Received], Answer]
    executes: bool


class Script:
    """Takes a test's plans, each for one operation by its full name, or for all by `*`.

    Plans with `times` come first, in their order; then the last one without `times` holds.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self._answers = Answers(api)
        # Reentrant: a test's own function runs inside a request, and may ask the mock exchange something.
        self._lock = threading.RLock()
        self._faults: Plans[PlannedFault] = Plans()
        self._planned: Plans[PlannedAnswer] = Plans()

    def answer(
        self,
        operation: str,
        payload: Json | Responder,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        times: int | None = None,
    ) -> None:
        """Plan an answer in place of the example: a payload for the envelope, or a whole body as text or bytes.

        It is answered as it is. Where it names an id, that must be the one that the call names: a client takes an
        answer about another order for none.

        Args:
            operation: Group and name, such as `isolated.place_order`; `*` for all.
            payload: JSON values by wire names, a whole body, or a function that makes one of these from the request.
                If the function fails, the caller gets status 500, and `stop` (or the end of `with`) raises the error.
            status: The HTTP status.
            headers: Further headers.
            times: For how many requests; by default for all that follow.

        Raises:
            TypeError: for what is not JSON.
            ValueError: if there is no such operation, or `times` is less than 1.
        """
        if not callable(payload) and not isinstance(payload, bytes):
            # Written once in vain, so that the test fails where it is wrong, and not as if the exchange had failed.
            compact(payload)

        def make(called: Operation, received: Received) -> Answer:
            value = payload(received) if callable(payload) else payload
            if isinstance(value, str):
                value = value.encode()
            made = Answer(value) if isinstance(value, bytes) else self._answers.payload(called, value)
            return replace(made, status=status, headers=headers or {})

        self._add_answer(operation, PlannedAnswer(make, executes=True), times)

    def fail(
        self,
        operation: str,
        code: str | int,
        message: str | None = None,
        *,
        status: int | None = None,
        executed: bool = False,
        times: int | None = None,
    ) -> None:
        """Plan an error in the exchange's envelope; the request is not carried out, unless `executed` is set.

        Args:
            operation: Group and name; `*` for all.
            code: A code of the exchange, or an invented one.
            message: The message; by default the meaning of the code.
            status: The HTTP status; by default the one that the exchange sends with the code.
            executed: Whether the request is carried out all the same.
            times: For how many requests; by default for all that follow.

        Raises:
            ValueError: if there is no such operation, or `times` is less than 1.
        """
        answer = self._answers.code(str(code), message=message, status=status)
        self._add_answer(operation, PlannedAnswer(lambda called, received: answer, executed), times)

    def fault(
        self,
        operation: str,
        fault: Fault | str,
        *,
        times: int | None = 1,
        executed: bool | None = None,
        status: int | None = None,
        retry_after: int = 1,
        delay: float = 0.1,
    ) -> None:
        """Plan a fault, such as a lost connection or a broken answer.

        Args:
            operation: Group and name; `*` for all.
            fault: What goes wrong: a member, or its value.
            times: For how many requests; None for all that follow.
            executed: Whether the request is carried out; by default as the fault says.
            status: The HTTP status, where the fault has one.
            retry_after: Seconds in Retry-After, where the fault sends it.
            delay: Seconds until the answer, where it comes late.

        Raises:
            ValueError: if there is no such operation, no such fault, or `times` is less than 1.
        """
        planned = Fault(fault)
        executes = planned.executes if executed is None else executed
        with self._lock:
            self._faults.add(
                self._operation_name(operation), PlannedFault(planned, executes, status, retry_after, delay), times
            )

    def _add_answer(self, operation: str, planned: PlannedAnswer, times: int | None) -> None:
        with self._lock:
            self._planned.add(self._operation_name(operation), planned, times)

    def _operation_name(self, operation: str) -> str:
        """Return the name of an operation.

        Raises:
            ValueError: if there is none: a plan for a mistyped name would do nothing, and the test would pass.
        """
        names = self._api.by_name
        if operation != ANY and operation not in names:
            near = get_close_matches(operation, names, n=1)
            raise ValueError(f"no operation {operation!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        return operation
