"""Names operations after their methods and paths, and proposes what a second request would do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.ground.naming import snake

READING = frozenset({"get", "query", "fetch", "search"})
ALONE = frozenset({"ping", "buy", "sell", "borrow", "repay", "transfer", "withdraw", "convert"})
"""Verbs that say enough without a noun."""
VERBS = (
    READING
    | ALONE
    | frozenset(
        {
            "set",
            "place",
            "cancel",
            "create",
            "update",
            "delete",
            "del",
            "add",
            "remove",
            "close",
            "change",
            "modify",
            "keep",
            "start",
            "stop",
            "test",
            "check",
            "save",
            "reset",
            "amend",
            "edit",
            "switch",
            "renew",
            "extend",
            "generate",
            "refresh",
            "apply",
            "enable",
            "disable",
            "confirm",
        }
    )
)
SAME = frozenset({"set", "cancel", "delete", "remove", "switch", "confirm", "renew", "extend", "enable", "disable"})
"""Verbs of calls that usually change nothing the second time."""
ALL = frozenset({"all", "batch", "multiple"})
NOUNS = frozenset({"borrow", "repay", "transfer", "withdraw", "convert", "set", "close", "change"})
"""Verbs that are nouns as well."""
VAGUE = frozenset({"list", "history", "info", "detail", "details", "status", "realtime", "records"})
"""Nouns that mean something only with what stands before them."""
CHANGING = (VERBS - READING - {"test", "check", "keep", "start", "stop", "generate", "ping"}) | {
    "buy",
    "sell",
    "submit",
}
"""Verbs of calls that change something, whatever their method is."""
_VERSION = re.compile(r"v\d+|[a-z]?api|private|public")


def operation_name(owner: str, taken: set[str], titled: str = "") -> str:
    """Name an operation by what its method does to the last part of its path; more parts where the name is taken.

    The name that the heading above it gives comes first, if there is one.
    """
    method = owner.split(" ", 1)[0]
    names = [*([titled] if titled else []), *_names(method, _parts(owner))]
    free = (name for name in names if name not in taken)
    return next(free, f"{names[-1]}_{len(taken)}")


def effect_of(owner: str, name: str) -> tuple[str, str]:
    """Return the effect that is proposed for an operation, and what to ask about it; nothing where it is certain.

    `once` is never asked: what is sent at most once loses an answer at worst; what is sent twice may trade twice. For
    the same reason `repeatable` is always asked: a verb does not prove what an exchange does the second time.
    """
    method, words = owner.split(" ", 1)[0], name.split("_")
    if words[0] == "test":
        return "read", ""
    if method == "GET":
        # Some exchanges take every call as GET; an order that is sent again is a second order.
        changing = words[0] if words[0] in CHANGING else _changing(owner)
        return ("once", f"GET usually reads, but `{changing}` may change something") if changing else ("read", "")
    if "replace" in words or "amend" in words:  # cancels an order, and places another one
        return "once", ""
    if words[0] in SAME or method == "DELETE":
        return "repeatable", f"`{words[0]}` should do nothing the second time; if it may, say `once`"
    is_reading = words[0] in READING | {"check"} or set(words[1:]) & VAGUE
    if is_reading and words[0] not in READING | {"check"}:
        return "once", f"{method} may change something; `{words[-1]}` may be `read`"
    return "once", f"{method} may change something; `{words[0]}` may be `read`" if is_reading else ""


def _changing(owner: str) -> str:
    """Return the verb that the last part of a path is, or begins with; empty for nouns such as `borrow-history`."""
    words = _parts(owner)[0]
    return words[0] if words[0] in CHANGING and not set(words[1:]) & (VAGUE | {"records", "logs", "info"}) else ""


def _parts(owner: str) -> list[list[str]]:
    """Return the words of each part of a path, from the last to the first."""
    path = owner.split(" ", 1)[1].rstrip("/").split("/")
    parts = [_words(part) for part in path if part and "{" not in part]
    parts = [words for words in parts if words and not (len(words) == 1 and _VERSION.fullmatch(words[0]))]
    if parts and "{" in path[-1]:
        # `/orders/{id}` is one of `/orders`.
        parts[-1][-1] = re.sub(r"(?<=[a-rt-z])s\Z|(?<=ss)es\Z", "", parts[-1][-1])
    return parts[::-1] or [["call"]]


def _words(part: str) -> list[str]:
    return [word for word in snake(re.sub(r"\W+", "_", part)).split("_") if word]


def _names(method: str, parts: list[list[str]]) -> Iterator[str]:
    """Yield names, the shortest first."""
    verb, last = _verb(method, parts)
    if not last and verb in ALONE:
        yield verb
    # `cancel-all` below `order` cancels all orders.
    many = last if set(last) <= ALL else []
    noun = [word for word in last if not many]
    for more in [*parts[1:], []]:
        if noun and not set(noun) <= VAGUE:
            yield "_".join([verb, *many, *noun]) + ("s" if many and noun[-1][-1] != "s" else "")
        noun = [*more, *noun] if noun != ["list"] else more
    # Nothing says how many: a verb alone is no promise.
    yield "_".join([verb, *noun]) if noun else verb if verb in ALONE | CHANGING | {"query"} else f"{verb}_all"


def _verb(method: str, parts: list[list[str]]) -> tuple[str, list[str]]:
    """Return a verb, and the words of the last part without it."""
    words = parts[0]
    if len(words) > 1 and words[0] in ALL and words[1] in VERBS:
        words = [words[1], words[0], *words[2:]]
    first = words[0]
    about = {word.removesuffix("s") for word in [*words, *(parts[1] if len(parts) > 1 else [])]}
    is_order = "order" in about and words[-1] not in VERBS | ALL
    # The noun of `GET /borrow-history` and `GET /openOrders` only looks like a verb.
    if method == "GET" and first in CHANGING - NOUNS and not set(words[1:]) & VAGUE:
        return first, words[1:]
    if method == "GET":
        is_verb = first in READING or words == ["ping"]
        return ("ping" if words == ["ping"] else "get"), words[1:] if is_verb else words
    if first in VERBS:
        return ("place" if first == "create" and "order" in about else first), words[1:]
    if method == "DELETE":
        return ("cancel" if is_order else "delete"), words
    if method in ("PUT", "PATCH"):
        return "update", words
    return ("place" if is_order else "create"), words
