"""Writes times and nonces as signing rules want them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from generator.model.signing import Scheme

# Times in finer units are milliseconds with zeros: clients have no better clock.
PER_MS = {"us": 1_000, "ns": 1_000_000}


def time_text(form: str, milliseconds: int) -> str:
    """Write a time as a rule wants it."""
    if form in ("iso", "iso-s"):
        text = datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return text if form == "iso-s" else f"{text}.{milliseconds % 1000:03d}Z"
    if form == "s.ms":
        return f"{Decimal(milliseconds) / 1000:.3f}"
    return str(milliseconds // 1000 if form == "s" else milliseconds * PER_MS.get(form, 1))


def clock_values(scheme: Scheme, milliseconds: int, nonce: str | None) -> dict[str, str]:
    """Return the parts that a client makes up for a request."""
    made = {"timestamp": time_text(scheme.time, milliseconds)}
    if scheme.expires_ms is not None:
        made["expires"] = time_text(scheme.time, milliseconds + scheme.expires_ms)
    if scheme.nonce is not None:
        counted = "" if scheme.nonce.startswith("uuid") else time_text(scheme.nonce, milliseconds)
        # A fixed uuid, because the same spec must make the same pages.
        made["nonce"] = nonce or counted or "00000000-0000-4000-8000-000000000000"
    return made
