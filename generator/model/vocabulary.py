"""The words that say what things are: which phrases each thing has, and what the values of each phrase may say.

The schema `meaning.json` lists the same words, so that editors complete them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def _phrases(*lines: str) -> frozenset[str]:
    """Split lines at commas: phrases are written as in a spec."""
    return frozenset(phrase for line in lines for phrase in line.split(", "))


PHRASES: Mapping[str, frozenset[str]] = {
    "order": _phrases(
        "id, client_id, symbol, coin, time, status, side, kind, price, quantity, value, fee, profit, leverage, margin",
        "isolated, hedged, reduce_only, post_only, close, filled quantity, filled value, filled price, open quantity",
        "stop price, take_profit price, trailing, trailing price, exit.stop price, exit.take_profit price",
        "order.id, group.id, position.id, position.side, after, base",
    ),
    "group": _phrases("id, client_id, symbol, time, status, kind"),
    "fill": _phrases(
        "id, symbol, coin, time, side, kind, price, quantity, value, fee, profit, maker",
        "order.id, order.client_id, order.price, order.quantity, order.open quantity, position.id, position.side",
    ),
    "position": _phrases(
        "id, symbol, coin, time, side, quantity, value, price, leverage, isolated, hedged, margin, available, profit",
        "market price, open profit, open quantity, open margin, position.side, exit.stop price, exit.take_profit price",
    ),
    "balance": _phrases(
        "coin, symbol, time, quantity, value, available, margin, profit, loan, interest",
        "open quantity, open margin, open profit",
    ),
    "loan": _phrases("id, client_id, symbol, coin, time, status, quantity, interest"),
    "repayment": _phrases("id, client_id, symbol, coin, time, status, quantity, open quantity, interest"),
    "transfer": _phrases("id, client_id, symbol, coin, time, status, quantity"),
    "entry": _phrases("id, symbol, coin, time, kind, quantity, fee, order.id, fill.id, position.id"),
    "instrument": _phrases(
        "symbol, base, quote, coin, time, status, quantity, step price, step quantity",
        "min price, max price, min quantity, max quantity, min value, max value, max order, max leverage",
    ),
    "book": _phrases("symbol, time, buy, sell, price, quantity"),
    "trade": _phrases("id, symbol, time, side, price, quantity, value"),
    "candle": _phrases("symbol, time, step, open price, max price, min price, close price, quantity, value"),
    "ticker": _phrases("symbol, time, price, market price, buy price, buy quantity, sell price, sell quantity"),
    "refusal": _phrases("id, client_id, symbol, code, message"),
}
"""Thing → what its members can mean. Where a struct is two things, the second one's are named with it: `fill.price`."""

SETTINGS = ("leverage", "isolated", "hedged")
"""What `get` and `set` can be about, besides things."""

# A long position is `buy` and a short one `sell`: the side that opened it.
SIDES = frozenset({"buy", "sell"})
FEATURES = frozenset(
    {
        *("market", "stop", "take_profit", "trailing", "ioc", "fok", "post_only", "reduce_only", "close"),
        *("funded", "unfunded"),
    }
)
"""What an order can be, by its kind, its time in force, or a switch."""
DONE = frozenset({"filled", "cancelled", "rejected", "expired", "triggered", "done"})
"""How a thing can end. `filled` beside `open` is a part: that thing goes on."""

STATUSES = DONE | {"waiting", "open"}
AMENDED = "amended"
"""What an event may say that happened to an order, and no status does."""

GROUPS = frozenset({"oco", "oto"})
"""Kinds of groups: one cancels the other, one triggers the other."""
ENTRIES = frozenset({"funding", "fee", "profit", "interest", "loan", "repayment", "transfer", "fill"})
"""For what a line of an account's history books money."""
SWITCHES = frozenset({"isolated", "hedged", "maker", "reduce_only", "post_only", "close"})
"""Phrases that are yes or no: a boolean says them without `reads`."""

LENGTH = re.compile(r"[1-9][0-9]*(s|m|h|d|w|mo)")
"""What a value of a candle's `step` says: 15m, 4h, 1mo."""


def values_of(thing: str, phrase: str) -> frozenset[str]:
    """Return the words that a value of a phrase may say; none where its values are no words."""
    if phrase == "kind":
        return {"entry": ENTRIES, "group": GROUPS}.get(thing, FEATURES)
    if phrase in SWITCHES:
        return frozenset({phrase})
    return {"side": SIDES, "status": STATUSES}.get(phrase.rpartition(".")[2], frozenset())


def belongs(things: tuple[str, ...], phrase: str) -> bool:
    """Whether a member of something that is these things can mean a phrase."""
    scope, _, rest = phrase.rpartition(".")
    return any(phrase in PHRASES[thing] or (scope == thing and rest in PHRASES[thing]) for thing in things)
