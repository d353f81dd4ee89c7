# Edited in templates/venues/core/trading/reading.py; the copy in generated/ is imported.
"""Turns responses into instruments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import Enum
from typing import Any

from venues.core.trading.instrument import Instrument
from venues.core.trading.sources import Fact, InstrumentSource
from venues.core.values.numbers import LARGEST_EXPONENT, is_amount

NONE_IF_ZERO = {
    *("tick", "step", "market_step", "max_price", "max_quantity", "market_max_quantity", "max_notional"),
    # It says nothing, and the minimum of all orders holds for market orders, too.
    "market_min_quantity",
}
"""Limits that no order could keep if they were 0: where they are, exchanges mean that there is none."""


def read_instruments(parts: Iterable[tuple[InstrumentSource, object]]) -> dict[str, Instrument]:
    """Return instruments by symbol, in the exchange's order; a limit beyond all amounts counts as not stated.

    Args:
        parts: What each source returned; what an earlier one says of a symbol counts more.
    """
    known: dict[str, dict[str, Any]] = {}  # Any: attributes of several types, each as its fact has been read
    for source, payload in parts:
        for item in _items([payload], source.path):
            facts = _facts(source, item)
            if symbol := facts.get("symbol"):
                # Earlier sources last, so that their values win.
                known[str(symbol)] = {"market": source.market} | facts | known.get(str(symbol), {})
    return {symbol: Instrument(**facts) for symbol, facts in known.items()}


def _facts(source: InstrumentSource, item: object) -> dict[str, object]:
    """Return what one answer says of one instrument, by attribute."""
    found: dict[str, object] = {}
    limit_only: set[str] = set()
    for fact in source.facts:
        value = next(_values(fact, item), None)
        if value is None or fact.name in found:
            continue
        found[fact.name] = value
        if fact.limit_only:
            limit_only.add(fact.name)
        if fact.coin is not None:
            found["notional_coin"] = fact.coin
    if limit_only:
        found["limit_only"] = frozenset(limit_only)
    if found.get("status") in source.tradable + source.halted:
        found["is_tradable"] = found["status"] in source.tradable
    if source.counts_from_minimum:
        found["counts_from_minimum"] = True
    return found


def _values(fact: Fact, item: object) -> Iterator[object]:
    *way, last = fact.path
    for holder in _items([item], tuple(way)):
        value = getattr(holder, last, None)
        if value is None or not all(_text(getattr(holder, name, None)) in values for name, values in fact.when):
            continue
        read = _read(fact, _text(value))
        if read is not None and (read or fact.name not in NONE_IF_ZERO):
            yield read


def _read(fact: Fact, text: str) -> object:
    if fact.form == "digits":
        # 3 digits are a step of 0.001.
        return Decimal(1).scaleb(-int(text)) if abs(int(text)) <= LARGEST_EXPONENT else None
    if fact.form == "number":
        number = Decimal(text)
        return number if is_amount(number) else None  # no exchange means it, and nothing can be computed with it
    return {"text": str, "integer": int}[fact.form](text)


def _text(value: object) -> str:
    """Print a value as specifications do."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.value if isinstance(value, Enum) else value)


def _items(holders: Iterable[object], path: tuple[str, ...]) -> Iterator[object]:
    """Yield what lies at the end of a path; lists and maps on the way are walked through."""
    for holder in holders:
        if holder is None:
            continue
        if isinstance(holder, (list, dict)):
            yield from _items(holder.values() if isinstance(holder, dict) else holder, path)
        elif not path:
            yield holder
        else:
            yield from _items([getattr(holder, path[0], None)], path[1:])
