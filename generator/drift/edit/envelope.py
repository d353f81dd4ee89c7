"""Guesses the envelope, addresses and signing rule of an API, for a first draft."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from generator.drift.edit.shapes import TODO
from generator.drift.edit.worked import vectors_of
from generator.drift.edit.yaml_edit import flow
from generator.drift.facts.facts import Facts

# The usual names in envelopes, in lower case.
# `status` is none of them: in most answers it is the status of an order.
CODES = ("code", "errcode", "errorcode", "error_code", "retcode", "err_code")
MESSAGES = ("msg", "message", "errmsg", "error_msg", "retmsg", "errormessage", "error")
DATA = ("data", "result", "results", "payload")
_HOST = re.compile(r"(https|wss)://([\w.-]+\.[a-z]{2,}(?::\d+)?(?:/[\w.-]+)*)")
# Headers of credentials: X-MBX-APIKEY, ACCESS-SIGN, X-TIMESTAMP. Their prefix tells them from words in prose.
_HEADER = re.compile(
    r"\b((?:X-|[A-Z]{2,}-)[A-Z0-9a-z-]*(?:KEY|Key|SIGN|Sign|SIGNATURE|Signature|TIMESTAMP|Timestamp|PASSPHRASE))\b"
)

_SIGNED = re.compile(r"timestamp=\w+[^\s\"'`]*[&?](signature|sign)=", re.IGNORECASE)
"""A worked address that ends with its signature."""


def envelope_of(facts: Facts) -> dict[str, object]:
    """Return the envelope that most samples have; its example says why it was guessed."""
    tops = [top for members in facts.samples.values() if (top := _top(members))]
    code = _most(tops, CODES)
    enclosed = [top for top in tops if code in top and any(wire.lower() in (*MESSAGES, *DATA) for wire in top)]
    if not code or len(enclosed) * 2 < len(tops):
        # A code in a few answers is part of their data, and what refuses a call has one by its nature.
        return _envelope("code", ["msg"], "", (0, True), f"{len(enclosed)} of {len(tops)} samples have a code")
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
    forms, objects = text.count("application/x-www-form-urlencoded"), text.count("application/json")
    return "form" if forms > objects else "json"


def signing_of(text: str) -> dict[str, object]:
    """Return the most common signing rule, with the names of headers or parameters from the documentation."""
    headers = list(dict.fromkeys(match.group(1) for match in _HEADER.finditer(text)))
    key = next((h for h in headers if h.upper().endswith("KEY")), "X-API-KEY")
    sign = next((h for h in headers if "SIGN" in h.upper()), "")
    placed = _SIGNED.search(text)
    # Without a header for it, a signature that worked examples append to what is sent signs just that.
    rule = _in_params(placed[1]) if placed and not sign else _in_headers(headers, sign)
    scheme: dict[str, object] = {
        "doc": f"{TODO}check every line of this rule against the documentation, and add vectors.",
        "credentials": ["api_key", "api_secret"],
        "place": [flow({"header": key, "value": "api_key"}), rule.pop("time")],
    }
    scheme |= rule | {"algorithm": "hmac-sha256", "secret": "api_secret", "encoding": "hex"}
    if vectors := vectors_of(text, scheme):
        scheme["doc"] = (
            f"{TODO}check every line of this rule against the documentation; it fits the worked examples below."
        )
        scheme["vectors"] = vectors
    return {
        "credentials": {
            "api_key": flow({"doc": "The API key.", "example": "mock-key"}),
            "api_secret": flow({"doc": "The secret that belongs to the key.", "example": "mock-secret"}),
        },
        "schemes": {"hmac": scheme},
    }


def _in_headers(headers: Iterable[str], sign: str) -> dict[str, object]:
    time = next((h for h in headers if h.upper().endswith("TIMESTAMP")), "X-TIMESTAMP")
    return {
        "time": flow({"header": time, "value": "timestamp"}),
        "text": ["timestamp", "method", "path", "?query", "body"],
        "signature": flow({"header": sign or "X-SIGNATURE"}),
    }


def _in_params(name: str) -> dict[str, object]:
    return {
        "time": flow({"param": "timestamp", "value": "timestamp"}),
        "query": "given",
        "text": ["query", "body"],
        "signature": flow({"param": name}),
    }
