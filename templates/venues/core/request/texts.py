# Edited in templates/venues/core/request/texts.py; the copy in generated/ is imported.
"""How signing rules write what they sign: times, digests, JSON and tokens."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encode_json = msgspec.json.Encoder().encode


def base64_text(digest: bytes) -> str:
    """Write bytes in base64."""
    return b64encode(digest).decode()


def base64url_text(digest: bytes) -> str:
    """Write bytes in the base64 of URLs, without padding."""
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def hex_base64_text(digest: bytes) -> str:
    """Write bytes in hex, and the hex digits in base64."""
    return b64encode(digest.hex().encode()).decode()


def iso_text(milliseconds: int) -> str:
    """Write a time as 2023-11-14T22:13:20.123Z."""
    return f"{iso_seconds_text(milliseconds)}.{milliseconds % 1000:03d}Z"


def iso_seconds_text(milliseconds: int) -> str:
    """Write a time as 2023-11-14T22:13:20."""
    # Not from a float: that may fall into the second before.
    return (EPOCH + timedelta(seconds=milliseconds // 1000)).strftime("%Y-%m-%dT%H:%M:%S")


def json_text(members: Mapping[str, object]) -> str:
    """Write compact JSON, as bodies are."""
    return _encode_json(members).decode()


def if_any(members: Mapping[str, str]) -> dict[str, str]:
    """Return the members that are not empty."""
    return {name: text for name, text in members.items() if text}


def json_web_token(
    sign: Callable[[str | bytes], bytes],
    algorithm: str,
    claims: Mapping[str, object],
    header: Mapping[str, object] | None = None,
) -> str:
    """Return a signed JSON Web Token.

    Args:
        sign: Signs a text.
        algorithm: What `alg` says, such as `HS256`.
        claims: Its claims.
        header: Members of the header beside `alg` and `typ`.
    """
    head = _encode_json({"alg": algorithm, "typ": "JWT", **(header or {})})
    text = f"{base64url_text(head)}.{base64url_text(_encode_json(claims))}"
    return f"{text}.{base64url_text(sign(text))}"
