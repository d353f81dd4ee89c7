# Edited in templates/venues/instruments.py; the copy in generated/ is imported.
"""What `client.instrument(symbol)` returns: ticks, steps and limits, and the check of an order against them."""

from __future__ import annotations

from venues.core.trading.check import OrderCheck
from venues.core.trading.instrument import Instrument

__all__ = ["Instrument", "OrderCheck"]
