# Edited in templates/venues/mock/books/limits.py; the copy in generated/ is imported.
"""What the exchange accepts of each instrument: ticks, steps, limits; and which coins are exchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from venues.mock.books.order import NotSimulated
from venues.mock.declared.api import Failure
from venues.mock.request.received import RequestRefused

ONE = Decimal(1)
What = Literal["price", "quantity", "value"]
Range = tuple[Decimal | None, Decimal | None, Decimal | None]
"""The least, the most and the step of a number, as far as there are any; read once, for each order needs them."""
RULES: Mapping[What, tuple[Failure, Failure, Failure]] = {
    "price": ("price_too_low", "price_too_high", "off_tick"),
    "quantity": ("quantity_too_low", "quantity_too_high", "off_step"),
    "value": ("value_too_low", "value_too_high", "off_step"),
}
"""What is broken by a number that is too low, too high, or no multiple of the step."""


@dataclass(frozen=True)
class Instrument:
    """What is known of one symbol."""

    symbol: str
    facts: Mapping[str, str]
    """By meaning: `step price` → `0.1`; `market` before it where it is for market orders only."""

    contracts: bool = False
    """Whether orders are sized in contracts; their limits are as they are, else in the base coin."""

    _ranges: dict[tuple[What, bool], Range] = field(default_factory=dict, repr=False)

    def _range(self, what: What, *, market: bool) -> Range:
        key = what, market
        if key not in self._ranges:
            least, most, step = (self.number(f"{one} {what}", market=market) for one in ("min", "max", "step"))
            self._ranges[key] = least, most, step
        return self._ranges[key]

    def number(self, phrase: str, *, market: bool = False) -> Decimal | None:
        """Return a limit; None where there is none, as where it is 0."""
        text = (self.facts.get(f"market {phrase}") if market else None) or self.facts.get(phrase)
        found = Decimal(text) if text else None
        if found and phrase.endswith(" quantity") and not self.contracts:
            # Limits in contracts of an exchange whose orders are in the base coin.
            found *= Decimal(self.facts.get("quantity", 1))
        return found or None

    @property
    def worth(self) -> Decimal:
        """How much of the base coin one unit of an order's quantity is."""
        return Decimal(self.facts.get("quantity", 1)) if self.contracts else ONE

    def coin(self, which: str) -> str:
        """Return the `base` or `quote` coin, or the `coin` of margin and profit.

        Raises:
            NotSimulated: if it is not known.
        """
        found = self.facts.get(which) or (self.facts.get("quote") if which == "coin" else None)
        if found is None:
            raise NotSimulated(f"an order for {self.symbol}, for it is not known which coins are exchanged there")
        return found

    def check(self, price: Decimal | None, quantity: Decimal, value_price: Decimal | None, *, market: bool) -> None:
        """Refuse an order that does not fit.

        Raises:
            RequestRefused: with the rule that is broken.
        """
        if price is not None:
            self._check("price", price, market=False)
        self._check("quantity", quantity, market=market)
        self.check_value(quantity, value_price)

    def check_value(self, quantity: Decimal, price: Decimal | None) -> None:
        """Refuse an order that is worth too little or too much; without a price nothing is known of that.

        Raises:
            RequestRefused: with the rule that is broken.
        """
        if price is not None:
            self._check("value", price * quantity * self.worth, market=False)

    def _check(self, what: What, number: Decimal, *, market: bool) -> None:
        too_low, too_high, off = RULES[what]
        least, most, step = self._range(what, market=market)
        if least is not None and number < least:
            raise RequestRefused(too_low, f"the {what} {number:f} is less than {least:f}")
        if most is not None and number > most:
            raise RequestRefused(too_high, f"the {what} {number:f} is more than {most:f}")
        if step is not None and number % step:
            raise RequestRefused(off, f"the {what} {number:f} is not a multiple of {step:f}")


class Instruments:
    """The instruments of one API: those of the examples, and what follows from them for others."""

    def __init__(self, known: Mapping[str, Mapping[str, str]]) -> None:
        self._known = {symbol: Instrument(symbol, facts) for symbol, facts in known.items()}

    def of(self, symbol: str, *, contracts: bool = False) -> Instrument:
        """Return what is known of a symbol; one that no example lists has no limits, but the coins of its name."""
        known = self._known.get(symbol)
        if known is None:
            known = self._known[symbol] = Instrument(symbol, self._coins(symbol))
        if known.contracts != contracts:
            known = self._known[symbol] = Instrument(symbol, known.facts, contracts)
        return known

    def add(self, symbol: str, facts: Mapping[str, str]) -> None:
        """Add an instrument, or change the limits of a known one."""
        self._known[symbol] = Instrument(symbol, facts)

    @property
    def listed(self) -> list[str]:
        """The symbols of which something is known."""
        return [symbol for symbol, known in self._known.items() if known.facts]

    def is_like_any(self, symbol: str) -> bool:
        """Whether a symbol is listed, or ends with the quote coin of one that is; true where none is listed."""
        known = self._known.get(symbol)
        return not self._known or bool((known and known.facts) or self._coins(symbol))

    def _coins(self, symbol: str) -> dict[str, str]:
        # BTCUSDT, btc_usdt, BTC-USDT: the quote coin of another symbol stands at the end of this one, too.
        quotes = {
            facts.facts["quote"].upper(): facts.facts["quote"]
            for facts in self._known.values()
            if "quote" in facts.facts
        }
        for upper, quote in quotes.items():
            base = symbol.upper().removesuffix(upper).rstrip("-_/")
            if symbol.upper().endswith(upper) and base:
                return {"base": base, "quote": quote}
        return {}
