"""What a test wants to happen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from venues.mock.answer.build import Answer, Answers
from venues.mock.answer.faults import ANY, Fault, Plans, Trouble
from venues.mock.declared.api import Api, Operation
from venues.mock.exact import Json, compact
from venues.mock.request.received import Received

Own = Callable[[Received], Json]
"""A test's own way to answer: returns a payload, or a whole body as text or bytes."""


@dataclass(frozen=True)
class Planned:
    """An answer that a test asked for."""

    make: Callable[[Operation, Received], Answer]
    executes: bool


class Script:
    """Takes a test's wishes, each for one operation by its full name, or for any by `*`.

    Wishes with `times` come first, in their order; the last one without `times` holds from then on.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self._answers = Answers(api)
        self._lock = threading.RLock()
        self._faults: Plans[Trouble] = Plans()
        self._planned: Plans[Planned] = Plans()

    def answer(
        self,
        operation: str,
        payload: Json | Own,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        times: int | None = None,
    ) -> None:
        """Answer a payload (put into the envelope), or a whole body as text or bytes, in place of the example.

        It is answered as it is. Where it names an id, that must be the one that the call names: a client takes an
        answer about another order for none.

        Args:
            operation: Group and name, such as `isolated.place_order`; `*` for any.
            payload: JSON values by wire names, a whole body, or a function that makes one of these from the request.
            status: The HTTP status.
            headers: Further headers.
            times: For how many requests; without it, for all that follow.

        Raises:
            TypeError: for what is no JSON.
        """
        if not callable(payload) and not isinstance(payload, bytes):
            compact(payload)  # so that a test fails where it is wrong, and not as if the exchange had failed

        def make(called: Operation, received: Received) -> Answer:
            value = payload(received) if callable(payload) else payload
            if isinstance(value, str):
                value = value.encode()
            made = Answer(value) if isinstance(value, bytes) else self._answers.payload(called, value)
            return replace(made, status=status, headers=headers or {})

        self._plan(operation, Planned(make, executes=True), times)

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
        """Answer an error code in the exchange's envelope; nothing is executed, unless `executed` says so.

        Args:
            operation: Group and name; `*` for any.
            code: The exchange's code, or one that it does not have.
            message: What the exchange says; by default what the code means.
            status: The HTTP status; by default the one that comes with the code.
            executed: Whether it is carried out all the same.
            times: For how many requests; without it, for all that follow.
        """
        answer = self._answers.code(str(code), message=message, status=status)
        self._plan(operation, Planned(lambda called, received: answer, executed), times)

    def fault(
        self,
        operation: str,
        fault: Fault,
        *,
        times: int | None = 1,
        executed: bool | None = None,
        status: int | None = None,
        retry_after: int = 1,
        delay: float = 0.1,
    ) -> None:
        """Let something go wrong.

        Args:
            operation: Group and name; `*` for any.
            fault: What goes wrong.
            times: For how many requests; None for all that follow.
            executed: Whether the request is carried out; by default as the fault says.
            status: The HTTP status, where the fault has one.
            retry_after: Seconds, where the fault tells them.
            delay: Seconds, where the answer comes late.
        """
        executes = fault.executes if executed is None else executed
        with self._lock:
            self._faults.add(self._known(operation), Trouble(fault, executes, status, retry_after, delay), times)

    def _plan(self, operation: str, planned: Planned, times: int | None) -> None:
        with self._lock:
            self._planned.add(self._known(operation), planned, times)

    def _known(self, operation: str) -> str:
        """Return the name of an operation, so that a typing error does not look like a passed test."""
        names = self._api.by_name
        if operation != ANY and operation not in names:
            near = get_close_matches(operation, names, n=1)
            raise ValueError(f"no operation {operation!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        return operation
