# Edited in templates/venues/mock/request/times.py; the copy in generated/ is imported.
"""Times as signing rules write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

from venues.mock.request.received import RequestRefused

PER_MS = {"us": 1_000, "ns": 1_000_000}
INTEGER = re.compile(r"[0-9]{1,20}")
DECIMAL = re.compile(r"[0-9]{1,14}\.[0-9]{3}")
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3}Z)?", re.ASCII)


def milliseconds_of(text: str, form: str) -> int:
    """Return a time in milliseconds since 1970.

    Raises:
        RequestRefused: if it has another form.
    """
    if form in ("iso", "iso-s"):
        if not ISO.fullmatch(text) or text.endswith("Z") != (form == "iso"):
            raise RequestRefused("wrong_time", "the timestamp has another form")
        try:
            moment = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
        except ValueError:
            raise RequestRefused("wrong_time", "there is no such time") from None
        return round(moment.timestamp() * 1000)
    if form == "s.ms":
        if not DECIMAL.fullmatch(text):
            raise RequestRefused("wrong_time", "the timestamp is no number with three decimals")
        return int(Decimal(text) * 1000)
    if not INTEGER.fullmatch(text):
        raise RequestRefused("wrong_time", "the timestamp is not an integer")
    return int(text) * 1000 if form == "s" else int(text) // PER_MS.get(form, 1)
