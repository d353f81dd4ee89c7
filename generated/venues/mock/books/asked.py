# Edited in templates/venues/mock/books/asked.py; the copy in generated/ is imported.
"""What a call asks for, put into the words of the specification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from venues.mock.books.order import NotSimulated
from venues.mock.declared.api import Operation
from venues.mock.declared.orders import Sent, Words
from venues.mock.exact import Json
from venues.mock.request.received import text_of

FEATURES = frozenset({"market", "ioc", "fok", "post_only"})
SWITCHES = frozenset({"reduce_only", "post_only", "close", "isolated", "hedged"})
TEXTS = frozenset({"id", "client_id", "symbol", "price", "quantity", "value", "leverage"})
SIDES = frozenset({"side", "position.side"})


@dataclass
class Asked:
    """The arguments of one call, by meaning."""

    texts: dict[str, str] = field(default_factory=dict)
    features: set[str] = field(default_factory=set)
    sides: dict[str, Words] = field(default_factory=dict)

    def number(self, phrase: str) -> Decimal | None:
        """Return a number that was sent; None if there is none, or 0 in its place."""
        return Decimal(self.texts[phrase]) or None if phrase in self.texts else None


def asked_for(operation: Operation, arguments: Mapping[str, Json]) -> Asked:
    """Return what a call asks for.

    Raises:
        NotSimulated: if that can't be known or done: nothing is guessed, for a bot would be tested on the guess.
    """
    asked = Asked()
    for sent in operation.orders.sent if operation.orders else ():
        value = arguments.get(sent.wire)
        text = sent.default if value is None else text_of(value)
        if text is None or sent.harmless:
            continue
        if not _add(asked, sent, text) and text != sent.default:
            raise NotSimulated(f"{operation.full_name} {sent.wire}={text}")
    unknown = asked.features - FEATURES
    if unknown:
        raise NotSimulated(f"{operation.full_name} with an order that is {', '.join(sorted(unknown))}")
    return asked


def _add(asked: Asked, sent: Sent, text: str) -> bool:
    """Add one argument; return whether it was understood."""
    words = sent.says.get(text)
    if sent.phrase in TEXTS:
        asked.texts[sent.phrase] = text
    elif sent.phrase in SIDES and words is not None:
        asked.sides[sent.phrase] = words
    elif (sent.phrase == "kind" or sent.phrase in SWITCHES) and words is not None:
        asked.features.update(words)
    else:
        return words == ()  # without a meaning of its own, it may still say that nothing special is wanted
    return True
