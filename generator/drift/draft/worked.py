"""Worked examples of signing on pages: command lines that sign a text, which become vectors where they can be tried."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from generator.drift.edit.yaml_edit import flow

# `echo -n "a=1&timestamp=2" | openssl dgst -sha256 -hmac "secret"`, and in the next lines `(stdin)= 0123…`.
_COMMAND = re.compile(
    r"echo\s+-n\s+(?P<q>[\"'])(?P<text>[^\"'\n]{1,2000})(?P=q)\s*\\?\s*\|\s*openssl\s+dgst\s+-sha256\s+-hmac\s+"
    r"(?P<p>[\"'])(?P<secret>[^\"'\n]{1,200})(?P=p)[^\n]*\n(?:[^\n]{0,20}\n){0,2}[^\n]{0,40}?(?P<digest>[0-9a-f]{64})\b"
)
_TIME = "timestamp"


def vectors_of(text: str, scheme: Mapping[str, object]) -> list[object]:
    """Return the examples that a rule can be tried with: it signs parameters, and the time is the last of them.

    Each digest is computed here, too: one that is misprinted would only say that the rule is wrong.
    """
    if scheme.get("text") != ["query", "body"]:
        return []
    found = {match["text"]: match for match in _COMMAND.finditer(text) if _is_true(match)}
    vectors = (_vector(signed, match["secret"], match["digest"]) for signed, match in found.items())
    return [vector for vector in vectors if vector is not None]


def _is_true(match: re.Match[str]) -> bool:
    digest = hmac.new(match["secret"].encode(), match["text"].encode(), hashlib.sha256).hexdigest()
    return digest == match["digest"]


def _vector(signed: str, secret: str, digest: str) -> object | None:
    pairs = parse_qsl(signed, keep_blank_values=True, strict_parsing=False)
    names = [name for name, _ in pairs]
    is_whole = "&".join(f"{name}={value}" for name, value in pairs) == signed and len(set(names)) == len(names)
    if not is_whole or names[-1:] != [_TIME] or any("=" in value for _, value in pairs) or not pairs[-1][1].isdigit():
        return None
    return flow(
        {
            "name": f"The example with {names[0]}={pairs[0][1]}.",
            "origin": "published",
            "credentials": {"api_key": "mock-key", "api_secret": secret},
            "at": int(pairs[-1][1]),
            "request": {"method": "GET", "path": "/", "query": dict(pairs[:-1])},
            "text": signed,
            "signature": digest,
        }
    )
