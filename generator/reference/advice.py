"""Says what the codes of a call mean for a program: which error is raised, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from generator.model.codes import ErrorCode
from generator.model.operations import Operation
from generator.words.markdown import anchor, code, link, prose, sentence

ADVICE = {
    "AccountRestricted": "Check the account's settings and permissions at the exchange.",
    "AuthenticationFailed": "Check key, secret and the addresses that the key is for.",
    "Banned": "Stop. The client sends nothing until the ban ends.",
    "ClockSkew": "Check the machine's clock. The client has already corrected its own and tried again.",
    "DuplicateClientId": "Look the order up: an earlier attempt of yours may have placed it. Use a new id for a new order.",
    "ExchangeUnavailable": "Try again later, after `retry_after` if it is there.",
    "InsufficientBalance": "Add funds, or send a smaller amount.",
    "InvalidParameter": "Correct the program, or round to the symbol's tick and step.",
    "MarketClosed": "Wait until the symbol is open for trading.",
    "OrderNotFound": "The order may be filled or canceled: look at the order history.",
    "OrderRejected": "Correct price, quantity or type, and place it again with a new id.",
    "PermissionDenied": "Give the key the right that the call needs.",
    "RateLimited": "Wait for `retry_after` seconds, and send less.",
    "RiskLimitExceeded": "Reduce the position, the open orders or the leverage.",
    "SymbolNotFound": "Check the spelling of the symbol.",
    "UnknownError": "Read the message, and look at what the call would have changed.",
}
"""Kind of error → what to do; the kinds are those of the runtime, the same for every exchange."""
UNKNOWN = "The call may have been executed: see [Unknown outcome](#unknown-outcome)."


def error_groups(operation: Operation, home: str) -> list[str]:
    """Print a row for each error that is raised, in the order of the first code: its codes, and what to do."""
    groups: dict[str, list[ErrorCode]] = {}
    for error in operation.errors:
        groups.setdefault(error.kind, []).append(error)
    return [_row(kind, found, operation, home) for kind, found in groups.items()]


def _row(kind: str, errors: Sequence[ErrorCode], operation: Operation, home: str) -> str:
    codes = " ".join(_code(error, home) for error in errors)
    is_open = operation.effect == "once" and any(error.unknown for error in errors)
    advice = [ADVICE.get(kind, ""), UNKNOWN if is_open else ""]
    return f"| {code(kind)} | {codes} | {' '.join(filter(None, advice))} |"


def _code(error: ErrorCode, home: str) -> str:
    target = link(code(error.code), f"{home}errors.md#{anchor('code', error.code)}")
    more = " Its message may say otherwise." if error.messages else ""
    return f"{target} {prose(sentence(error.message))}{more}{' *Outcome unknown.*' if error.unknown else ''}"
