# Edited in templates/venues/mock/declared/conditions.py; the copy in generated/ is imported.
"""Conditions on the parameters of a call."""

from __future__ import annotations

from decimal import Decimal

import msgspec


class Condition(msgspec.Struct, frozen=True):
    """Something about one parameter: its values, its presence or its range."""

    wire: str
    values: tuple[str, ...] = ()
    present: bool | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
