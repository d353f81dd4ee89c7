"""Guesses the envelope and addresses of an API, for a first draft."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from generator.drift.edit.shapes import TODO
from generator.drift.facts.facts import Facts

# The usual names in envelopes, in lower case.
# `status` is none of them: in most answers it is the status of an order.
CODES = ("code", "errcode", "errorcode", "error_code", "retcode", "err_code")
MESSAGES = ("msg", "message", "errmsg", "error_msg", "retmsg", "errormessage", "error")
DATA = ("data", "result", "results", "payload")
# `https://api.example.com`, `wss://stream.example.com:9443/ws`.
_HOST = re.compile(r"(https|wss)://([\w.-]+\.[a-z]{2,}(?::\d+)?(?:/[\w.-]+)*)")
# `Base URL is https://www.example.com`, `REST: https://www.example.com`.
_BASE = re.compile(
    r"\b(?:base|rest|root|api)[\w ]{0,25}(?:url|uri|endpoint|address|host)?[\w ]{0,12}[:：=]?\W{0,6}https://([\w.-]+\.[a-z]{2,})",
    re.IGNORECASE,
)


def envelope_of(facts: Facts) -> dict[str, object]:
    """Return the envelope that most samples have; its example says why it was guessed."""
    tops = [top for members in facts.samples.values() if (top := _top(members))]
    code = _most(tops, CODES)
    enclosed = [top for top in tops if code in top and any(wire.lower() in (*MESSAGES, *DATA) for wire in top)]
    if not code or len(enclosed) * 2 < len(tops):
        # A code in a few answers is part of their data, and what refuses a call has one by its nature.
        wrapped = Counter(wire for top in tops for wire in top if wire.lower() in DATA and len(top) > 1)
        wire, count = next(iter(wrapped.most_common(1)), ("", 0))
        hint = f" (but {count} have `{wire}` beside other members)" if count * 2 > len(tops) else ""
        return _envelope("code", ["msg"], "", (0, True), f"{len(enclosed)} of {len(tops)} samples have a code{hint}")
    messages = sorted({wire for top in enclosed for wire in top if wire.lower() in MESSAGES}) or ["msg"]
    data = _most(enclosed, DATA)
    values = Counter(top[code] for top in enclosed if top[code][1])
    (kind, value), _ = next(iter(values.most_common(1)), (("string", "0"), 0))
    whole = kind == "int" and value.lstrip("-").isdigit()
    reason = f"{len(enclosed)} of {len(tops)} samples have `{code}`"
    envelope = _envelope(code, messages, data, (int(value) if whole else value, whole), reason)
    others = _others(enclosed, {code, *messages, data}) if data else []
    asked = dict.fromkeys(others, f"{TODO}say what it holds, or leave it out.")
    return envelope | ({"other": asked} if others else {})


def _others(tops: Sequence[Mapping[str, object]], known: set[str]) -> list[str]:
    """Return what else most answers have beside their data, such as the time of the answer."""
    found = Counter(wire for top in tops for wire in top if wire not in known)
    return [wire for wire, count in found.items() if count * 2 > len(tops) > 1]


def _envelope(
    code: str, messages: list[str], data: str, success: tuple[int | str, bool], reason: str
) -> dict[str, object]:
    envelope: dict[str, object] = {"code": code, "message": messages}
    envelope |= {"data": data} if data else {}
    envelope |= {"success": [success[0]], "base": "integer" if success[1] else "string"}
    found = f"with the data in `{data}`" if data else "and the whole body is the data"
    check = f"{TODO}check the envelope and the codes that mean success: {reason}, {found}."
    return envelope | {"example": {code: success[0], messages[0]: check}}


def _top(members: Iterable[tuple[str, str, str]]) -> dict[str, tuple[str, str]]:
    """Return the outermost members of a sample, each with its type and value."""
    return {path: (kind, value) for path, kind, value in members if "." not in path and not path.startswith("[]")}


def _most(tops: Sequence[Iterable[str]], known: tuple[str, ...]) -> str:
    """Return the known member that most samples have."""
    found = Counter(wire for top in tops for wire in top if wire.lower() in known)
    return max(((count, wire) for wire, count in found.items()), default=(0, ""))[1]


def servers_of(text: str, *, has_streams: bool = False) -> dict[str, object]:
    """Return the addresses that are most frequent in the documentation, for REST and streams, and the others' number."""
    # A counter keeps the order of the first mention, which decides where two are as frequent.
    found = Counter(match.groups() for match in _HOST.finditer(text))
    # Most addresses on a page are links to other pages; those of an API have `api` in their host.
    rest = Counter[str]()
    for (scheme, host), count in found.items():
        if scheme == "https" and "api" in host.split("/")[0]:
            rest[host.split("/")[0]] += count
    # Another host is that of the API where the page says so.
    rest = rest or Counter(host for host in _BASE.findall(text))
    stream = Counter[str]()
    for (scheme, host), count in found.items():
        if scheme == "wss":
            stream[host.split("/")[0]] += count
    # What answers requests over WebSocket is not what pushes.
    pushing = Counter({host: count for host, count in stream.items() if "stream" in host}) or stream
    servers: dict[str, object] = {"rest": f"https://{_first(rest)}" if rest else "https://todo.example.com"}
    servers |= {"stream": f"wss://{_first(pushing) if stream else 'todo.example.com'}"} if stream or has_streams else {}
    more = [host for host in (*rest, *stream) if f"//{host}" not in f"{servers['rest']} {servers.get('stream')}"]
    named = f"; the pages also name {', '.join(more[:6])}" if more else ""
    return servers | {"doc": f"{TODO}check the addresses{named}."}


def _first(found: Counter[str]) -> str:
    return found.most_common(1)[0][0]


def body_of(text: str) -> str:
    """Return how most pages say that a body is written: as JSON, or as a form."""
    forms, objects = text.count("application/x-www-form-urlencoded") + text.count("formData"), text.count(
        "application/json"
    )
    return "form" if forms > objects else "json"
