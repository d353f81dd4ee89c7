"""Names operations after the headings above them, where these begin with a verb: `Cancel all open orders by symbol`."""

from __future__ import annotations

import keyword
import re

from generator.drift.edit.verbs import VERBS

READ = frozenset(
    {"get", "query", "fetch", "retrieve", "list", "search", "view", "check", "lookup", "obtain", "show", "read"}
)
"""Verbs of titles that all become `get`."""
_OTHER = frozenset(
    {"submit", "send", "new", "execute", "make", "buy", "sell", "revoke", "liquidate", "redeem", "subscribe"}
)
_ARTICLES = frozenset({"a", "an", "the", "new", "your", "my", "single", "of", "existing"})
# What follows is shared with the neighbors of this call, or is too long for a name.
_ENDS = frozenset(
    [
        "for",
        "by",
        "in",
        "on",
        "with",
        "to",
        "from",
        "under",
        "via",
        "using",
        "at",
        "per",
        "within",
        "and",
        "or",
        "as",
        "which",
        "that",
        "supporting",
        "based",
        "through",
    ]
)
MOST = 5  # words of a name
# What stands before the words of a heading: `3.1.2 `, `2、`, or the method of `GET / Server time`.
_NUMBER = re.compile(r"\A(?:\d+(?:\.\d+)*[.、)]?\s+|(?:GET|POST|PUT|DELETE|PATCH)\s*/\s+)")
# A request with its words in brackets: `GET /v1/time (Check server time)`.
_REQUEST = re.compile(r"[`*]*(?:GET|POST|PUT|DELETE|PATCH)\s+\S+?[`*]*\s+\((?P<title>[^()]+)\)")


def heading_of(title: str) -> str:
    """Return the words of a heading that also has a request: `GET /v1/time (Check server time)`."""
    found = _REQUEST.fullmatch(title)
    return found["title"] if found else title


def name_of_title(title: str) -> str:
    """Return the name that a heading gives a call; empty where it begins with no verb, or says too much."""
    bare = re.sub(r"\s*[(（\[].*", "", _NUMBER.sub("", heading_of(title).strip("*_`# ")))
    if "/" in bare or not bare.isascii():
        return ""
    # `K-lines` is one word.
    words = re.findall(r"[a-z0-9]+", re.sub(r"\b(\w)-(?=\w)", r"\1", bare.replace("'s ", " ")).lower())
    # `Submit cancel for an order` cancels one.
    words = words[1:] if words[:1] == ["submit"] and len(words) > 1 and words[1] in VERBS else words
    if not words or words[0] not in (VERBS | READ | _OTHER) - {"test"}:
        return ""
    rest = list[str]()
    for word in words[1:]:
        if word in _ENDS and rest:
            break
        if word in _ENDS:
            continue
        rest += [word] if word not in _ARTICLES else []
    verb = _verb(words[0], rest)
    name = "_".join([verb, *rest])
    return name if rest and len(rest) < MOST and name.isidentifier() and not keyword.iskeyword(name) else ""


def _verb(word: str, rest: list[str]) -> str:
    if word in READ:
        return "get"
    is_order = any(part in ("order", "orders") for part in rest)
    if word in ("create", "submit", "send", "new", "make", "execute") and is_order and "cancel" not in rest:
        return "place"
    return "create" if word == "new" else word
