"""Holds what a client said of an order against what happened to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.soak.scene import MARK, STRANGER
from tests.soak.wild_exchange import Truth
from venues import errors
from venues.core.request.messages import Response
from venues.outcome import Outcome

LONGEST = 15.0
"""Seconds that a call may take at most: some attempts of a fraction of a second each, on a machine that is busy."""


@dataclass
class Case:
    """One order, what was said of it, and the truth."""

    client_id: str
    truth: Truth
    answer: Response[object] | BaseException
    seconds: float
    outcomes: tuple[Outcome[object], ...] = ()
    """What `reconcile` said at once, and when every order must have appeared."""

    @property
    def reported(self) -> str:
        """What the client said: executed, refused, unknown, not sent, or something that it never should."""
        answer = self.answer
        if isinstance(answer, (Response, errors.DecodeError)):
            return "executed"
        if isinstance(answer, errors.ExecutionUnknown):
            return "unknown"
        if isinstance(answer, errors.ApiError):
            return "refused"
        return "not sent" if isinstance(answer, errors.ConnectionFailed) else f"raised {type(answer).__name__}"

    @property
    def reconciled(self) -> str:
        """What `reconcile` said in the end; empty if it was not asked."""
        words = {True: "executed", False: "not executed", None: "unknown"}
        return words[self.outcomes[-1].executed] if self.outcomes else ""


def violations(case: Case) -> list[str]:
    """Return what was said that is not so, each with the seed's order, what was done, and the frames."""
    return [f"{case.client_id}: {fault}\n{_story(case)}" for fault in _faults(case)]


def _faults(case: Case) -> Iterator[str]:
    executed, reported = case.truth.executed, case.reported
    if executed > 1:
        yield f"executed {executed} times"
    if executed and reported in ("refused", "not sent"):
        yield f"executed, and reported as {reported}"
    if not executed and reported == "executed":
        yield "not executed, and reported as executed"
    if reported.startswith("raised"):
        yield reported
    if case.seconds > LONGEST:
        yield f"took {case.seconds:.1f} s"
    if _is_of_another(case):
        yield "it was given another order's answer"
    yield from _wrong_outcomes(case)


def _is_of_another(case: Case) -> bool:
    """Whether the answer, or the refusal, that was handed out is one to somebody else."""
    answer = case.answer
    if not isinstance(answer, (Response, errors.ApiError)):
        return False
    return _mark(answer.headers) not in (case.client_id, "") or STRANGER.encode() in answer.body


def _mark(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == MARK.lower()), "")


def _wrong_outcomes(case: Case) -> Iterator[str]:
    for outcome in case.outcomes:
        if outcome.executed is False and case.truth.executed:
            yield f"executed, and reconciled as not executed: {outcome.evidence}"
        if outcome.executed and not case.truth.executed:
            yield f"not executed, and reconciled as executed: {outcome.evidence}"
        if outcome.found is not None and STRANGER in str(outcome.found):
            yield f"reconciled with another order: {outcome.found}"


def _story(case: Case) -> str:
    lines = [f"  done: {', '.join(case.truth.deeds) or 'nothing'}", f"  said: {case.answer!r:.300}"]
    for number, frames in enumerate(case.truth.frames):
        lines += [f"  {'<' if number % 2 else '>'} {frame[:600]!r}" for frame in frames]
    return "\n".join(lines)
