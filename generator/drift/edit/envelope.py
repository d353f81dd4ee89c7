"""Guesses the envelope, addresses and signing rule of an API, for a first draft."""

from __future__ import annotations

import re
from collections import Counter

from generator.drift.edit.shapes import TODO
from generator.drift.edit.yaml_edit import flow
from generator.drift.facts.facts import Facts

# The usual names in envelopes, in lower case.
CODES = ("code", "errcode", "errorcode", "error_code", "retcode", "status", "err_code")
MESSAGES = ("msg", "message", "errmsg", "error_msg", "retmsg", "errormessage", "error")
DATA = ("data", "result", "results", "payload")
_HOST = re.compile(r"(https|wss)://([\w.-]+\.[a-z]{2,}(?:/[\w.-]+)*)")
# Headers of credentials: X-MBX-APIKEY, ACCESS-SIGN, X-TIMESTAMP. Their prefix tells them from words in prose.
_HEADER = re.compile(
    r"\b((?:X-|[A-Z]{2,}-)[A-Z0-9a-z-]*(?:KEY|Key|SIGN|Sign|SIGNATURE|Signature|TIMESTAMP|Timestamp|PASSPHRASE))\b"
)


def envelope_of(facts: Facts) -> dict[str, object]:
    """Return the envelope that most samples have."""
    tops = Counter[tuple[str, str]]()
    values = Counter[tuple[str, str, str]]()
    for members in facts.samples.values():
        for path, kind, value in members:
            if "." not in path and not path.startswith("[]"):
                tops[path, kind] += 1
                values[path, kind, value] += 1
    code = _most(tops, CODES)
    message = [m for m in {path for path, _ in tops} if m.lower() in MESSAGES]
    data = _most(tops, DATA)
    usual = [(count, kind, value) for (path, kind, value), count in values.items() if path == code and value]
    _, kind, value = max(usual, default=(0, "string", "0"))
    envelope: dict[str, object] = {"code": code or "code", "message": sorted(message) or ["msg"]}
    envelope |= {"data": data} if data else {}
    whole = kind == "int" and value.lstrip("-").isdigit()
    envelope["success"] = [int(value) if whole else value]
    return envelope | {"base": "integer" if whole else "string", "example": _example(envelope)}


def _example(envelope: dict[str, object]) -> dict[str, object]:
    success, message = envelope["success"], envelope["message"]
    assert isinstance(success, list)
    assert isinstance(message, list)
    return {str(envelope["code"]): success[0], message[0]: "success"}


def _most(tops: Counter[tuple[str, str]], known: tuple[str, ...]) -> str:
    fits = [(count, path) for (path, _), count in tops.items() if path.lower() in known]
    return max(fits, default=(0, ""))[1]


def servers_of(text: str) -> dict[str, object]:
    """Return the addresses that are most frequent in the documentation, for REST and streams."""
    found = Counter(match.groups() for match in _HOST.finditer(text))
    rest = [
        # Most addresses on a page are links to other pages; those of an API have `api` in their host.
        (count, host)
        for (scheme, host), count in found.items()
        if scheme == "https" and "api" in host.split("/")[0]
    ]
    stream = [(count, host) for (scheme, host), count in found.items() if scheme == "wss"]
    servers: dict[str, object] = {
        "rest": f"https://{max(rest)[1].split('/')[0]}" if rest else "https://todo.example.com"
    }
    servers |= {"stream": f"wss://{max(stream)[1]}"} if stream else {}
    return servers | {"doc": f"{TODO}check the addresses."}


def signing_of(text: str) -> dict[str, object]:
    """Return the most common signing rule, with the names of headers from the documentation."""
    headers = list(dict.fromkeys(match.group(1) for match in _HEADER.finditer(text)))
    key = next((h for h in headers if h.upper().endswith("KEY")), "X-API-KEY")
    sign = next((h for h in headers if "SIGN" in h.upper()), "X-SIGNATURE")
    time = next((h for h in headers if h.upper().endswith("TIMESTAMP")), "X-TIMESTAMP")
    return {
        "credentials": {
            "api_key": flow({"doc": "The API key.", "example": "mock-key"}),
            "api_secret": flow({"doc": "The secret that belongs to the key.", "example": "mock-secret"}),
        },
        "schemes": {
            "hmac": {
                "doc": f"{TODO}check every line of this rule against the documentation, and add vectors.",
                "credentials": ["api_key", "api_secret"],
                "place": [flow({"header": key, "value": "api_key"}), flow({"header": time, "value": "timestamp"})],
                "text": ["timestamp", "method", "path", "?query", "body"],
                "algorithm": "hmac-sha256",
                "secret": "api_secret",
                "encoding": "hex",
                "signature": flow({"header": sign}),
            }
        },
    }
