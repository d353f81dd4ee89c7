"""A draft's signing rule has the headers, parts, algorithm and window that the pages name."""

from __future__ import annotations

from typing import Any

from generator.drift.draft.envelope import servers_of
from generator.drift.draft.signing import signing_of, window_of
from generator.drift.edit.shapes import spec_type
from tests.drift.reading import read

SUMMED = """
Each request has `LAMP-ACCESS-KEY`, `LAMP-ACCESS-SIGN`, `LAMP-ACCESS-TIMESTAMP` (ISO, UTC) and `LAMP-ACCESS-PASSPHRASE`.
Sign timestamp + method + requestPath + body with HMAC SHA256, and encode it in Base64. REST: https://www.example.com
"""
EXPIRING = "Headers x-lamp-access-token, x-lamp-request-expiry, x-lamp-request-signature: HMAC SHA256( URL Path + QueryString + Expiry + body )"


def rule(text: str) -> Any:
    """The only scheme that a text suggests."""
    [scheme] = signing_of(text)["schemes"].values()  # type: ignore[attr-defined]
    return scheme


def test_a_sum_of_parts_and_the_headers_make_the_rule() -> None:
    """With the passphrase as a credential of its own, the way in which time is written, and the encoding."""
    found = rule(SUMMED)
    assert ["api_key", "api_secret", "passphrase"] == found["credentials"]
    assert ["timestamp", "method", "path", "?query", "body"] == found["text"]
    assert ("iso", "base64", "hmac-sha256") == (found["timestamp"], found["encoding"], found["algorithm"])
    assert ["LAMP-ACCESS-KEY", "LAMP-ACCESS-TIMESTAMP", "LAMP-ACCESS-PASSPHRASE"] == [
        p["header"] for p in found["place"]
    ]


def test_a_time_of_expiry_is_signed_as_such() -> None:
    """Headers may be in lower case, and their order in the text is that of the page."""
    found = rule(EXPIRING)
    assert ["path", "query", "expires", "body"] == found["text"]
    assert {"header": "x-lamp-request-expiry", "value": "expires"} in found["place"]


def test_a_key_of_ones_own_is_no_shared_secret() -> None:
    """Ed25519 is guessed only where nothing speaks of HMAC."""
    assert "ed25519" == rule("Sign with Ed25519.")["algorithm"]
    assert "hmac-sha512" == rule("HMAC SHA512, or Ed25519 keys.")["algorithm"]


def test_the_window_has_its_figures() -> None:
    """Its default and maximum come from the sentences about it."""
    text = "If recvWindow is not sent, it defaults to 5000. The recvWindow cannot go beyond 60,000!"
    page = (
        f"{text}\n\n## Light\n\nPOST /light\n\n| Name | Type | Required |\n|---|---|---|\n| recvWindow | long | NO |\n"
    )
    [(name, window)] = window_of(read(page), page).items()
    assert ("recvWindow", 5000, 60000) == (name, window["default"], window["max"])  # type: ignore[index]


def test_the_window_has_the_figures_of_its_rows() -> None:
    """Without a sentence about it, what most tables state counts."""
    head = "| Name | Type | Required | Description |\n|---|---|---|---|\n"
    rows = ["Default 5000; max 60000.", "Default: 5000", "", "Default: 100"]
    page = "".join(
        f"## Light {place}\n\nPOST /light{place}\n\n{head}| recvWindow | long | NO | {row} |\n\n"
        for place, row in enumerate(rows)
    )
    [window] = window_of(read(page), page).values()
    assert (5000, 60000) == (window["default"], window["max"])  # type: ignore[index]


def test_a_host_is_taken_where_the_page_calls_it_the_base() -> None:
    """Without `api` in it, a host is that of the API only if the page says so."""
    assert "https://www.example.com" == servers_of(SUMMED)["rest"]
    assert "https://todo.example.com" == servers_of("See https://www.example.com for more.")["rest"]


def test_the_unit_of_a_time_comes_from_its_sample_or_words() -> None:
    """Nanoseconds are no milliseconds, and a date in words is none of either."""
    assert "timestamp_s" == spec_type("from", "", text="timestamp, second")
    assert "timestamp_s" == spec_type("createTime", "integer", text="UTC time in seconds")
    assert "timestamp_ms" == spec_type("createTime", "integer", "1717200000000", "timestamp, second")
    assert "integer" == spec_type("timestamp", "Integer", text="Timestamp in nanoseconds")
    assert "string" == spec_type("createdDate", "date", "2020-04-07T06:30:05.421Z")
    assert "timestamp_ms" == spec_type("end", "integer", text="Epoch millis, until then")
