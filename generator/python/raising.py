"""Lists for docstrings the error classes that a call raises, with their codes."""

from __future__ import annotations

from generator.model.api import Api
from generator.model.codes import ErrorCode
from generator.model.operations import Operation
from generator.model.per_api import per_api

LIMITED = {418: "Banned", 429: "RateLimited"}
"""Statuses that decide the class, whatever the code beside them means."""
LEAVING_OPEN = frozenset({408, 499})
"""Statuses of proxies that stopped waiting; those from 500 leave the outcome open, too."""
SERVER_ERROR = 500
UNKNOWN = "ExecutionUnknown"
MOST_NAMED = 12
"""How many codes of the whole API a docstring lists; more are counted, since `ERRORS` has them."""


def raised(operation: Operation, error: ErrorCode) -> str:
    """Return the class that the client raises when the exchange rejects this call with a code."""
    return _raised_once(error) if operation.effect == "once" else _kind(error)


def _raised_once(error: ErrorCode) -> str:
    is_open = error.unknown or error.http >= SERVER_ERROR or error.http in LEAVING_OPEN
    return UNKNOWN if is_open else _kind(error)


def _kind(error: ErrorCode) -> str:
    limited = LIMITED.get(error.http)
    return error.kind if limited is None or error.kind == "Banned" else limited


@per_api
def _leaving_open(api: Api) -> tuple[ErrorCode, ...]:
    """Return the codes that leave the outcome of a `once` call open."""
    return tuple(error for error in api.errors if _raised_once(error) == UNKNOWN)


def raises(api: Api, operation: Operation) -> list[str]:
    """Return the errors that callers should expect, with their codes; first the one that leaves the outcome open."""
    kinds: dict[str, list[str]] = {}
    for error in operation.errors:
        if error.kind != "Success":
            kinds.setdefault(raised(operation, error), []).append(_code(error))
        for kind, codes in _by_message(operation, error).items():
            kinds.setdefault(kind, []).extend(codes)
    unclear = kinds.pop(UNKNOWN, [])
    first = [f"{UNKNOWN}: {_unknown(api, operation, unclear)}."] if operation.effect == "once" else []
    return first + [f"{kind}: {', '.join(codes)}." for kind, codes in sorted(kinds.items())]


def _by_message(operation: Operation, error: ErrorCode) -> dict[str, list[str]]:
    """Return the other classes that a code may mean, by its message."""
    kinds: dict[str, list[ErrorCode]] = {}
    for _, meant in error.meanings:
        kinds.setdefault(raised(operation, meant), []).append(meant)
    kinds.pop(raised(operation, error), None)
    return {
        kind: [_code(codes[0]) if len(codes) == 1 else f"{error.code} (by its message)"]
        for kind, codes in kinds.items()
    }


def meaning(error: ErrorCode) -> str:
    """Return what a code means as words within a sentence: the first sentence of its message, without the full stop."""
    words = error.message.split(". ")[0].rstrip(".")
    first = words.split(" ")[0]
    # Names such as API, USDT or orderId keep their capitals.
    return words[:1].lower() + words[1:] if first[1:] == first[1:].lower() else words


def _code(error: ErrorCode) -> str:
    return f"{error.code} ({meaning(error)})"


def _unknown(api: Api, operation: Operation, listed: list[str]) -> str:
    """Return what leaves the outcome of a `once` call open."""
    own = {error.code for error in operation.errors}
    others = [error for error in _leaving_open(api) if error.code not in own]
    words = ["no response", "HTTP 5xx", *(["an unlisted code"] if api.unlisted == "unknown" else []), *listed]
    if len(others) > MOST_NAMED:
        words.append(f"one of {len(others)} codes that leave the outcome open (`ERRORS[code].unknown`)")
    else:
        words += [_code(error) for error in others]
    return f"{', '.join(words[:-1])} or {words[-1]}"
