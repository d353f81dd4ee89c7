# Edited in templates/venues/mock/books/asked.py; the copy in generated/ is imported.
"""What a call asks for, put into the words of the specification."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

import msgspec

from venues.mock.books.order import TRIGGERED, NotSimulated, Trigger
from venues.mock.declared.things import Orders, Says, Sent, Words
from venues.mock.exact import Json, text_of
from venues.mock.request.rules import judge_of

FEATURES = frozenset({"market", "ioc", "fok", "post_only", "reduce_only", "close", "funded", "unfunded", *TRIGGERED})
SWITCHES = frozenset({"reduce_only", "post_only", "close"})
EXITS = frozenset({"exit.stop price", "exit.take_profit price"})
"""Orders that follow when this one is filled."""

SETTINGS = frozenset({"isolated", "hedged"})
TEXTS = frozenset(
    {
        *(
            "id",
            "client_id",
            "symbol",
            "coin",
            "base",
            "price",
            "quantity",
            "value",
            "leverage",
            "order.id",
            "order.client_id",
            "position.id",
            "after",
            "within",
        ),
        *("stop price", "take_profit price", "trailing", "trailing price", "step", "levels", *EXITS),
    }
)
SIDES = frozenset({"side", "position.side", "status"})
"""What is asked for in words; of a list, a status asks for the orders that show it."""
WAITING = frozenset({"stop price", "take_profit price", "trailing", "trailing price"})
"""What says for which price an order waits."""
FOUND = frozenset({"id", "client_id", "symbol", "side", "within"})
ORDERED = frozenset(
    {
        "within",
        *("symbol", "side", "kind", "price", "quantity", "value", "client_id", "leverage", "position.id"),
        *("position.side", "stop price", "take_profit price", "trailing", "trailing price", *SWITCHES, *EXITS),
    }
)
WAYS: Mapping[str, str] = {
    **dict.fromkeys(TEXTS - {"trailing", "step"}, "text"),
    **dict.fromkeys(SIDES, "side"),
    **dict.fromkeys(SWITCHES, "switch"),
    "kind": "kind",
}
"""How most arguments are understood; `_add` knows the others."""

UNDERSTOOD: Mapping[str, frozenset[str]] = {
    "place": ORDERED,
    "close": ORDERED,
    "close_all": frozenset({"symbol", "within"}),
    "amend": frozenset({"id", "client_id", "symbol", "price", "quantity", "within", "order.client_id"}),
    "cancel": FOUND,
    "cancel_all": frozenset({"symbol", "side", "after", "coin", "base", "within", "kind"}),
    "get": FOUND,
    "list": FOUND | {"coin", "base", "status", "kind"},
}
"""What can be asked for of orders, by deed; anything else would be dropped in silence."""
OTHER_ORDER = frozenset({"order.id", "order.client_id"})
"""Which order is canceled first, where a call places another one."""
MANY = 200
"""How many sets of parameters are remembered of each call."""
PARTS = {"percent": Decimal("0.01"), "ratio": Decimal(1), "basis points": Decimal("0.0001")}
"""Units of a distance that is a part of the price."""


class Asked(msgspec.Struct, gc=False):
    """The arguments of one call, by meaning."""

    texts: dict[str, str] = {}
    features: set[str] = set()
    sides: dict[str, Words] = {}
    settings: dict[str, bool] = {}
    trailing_unit: str | None = None
    several: dict[str, tuple[str, ...]] = {}
    """What may be one of several, such as symbols."""

    kinds: list[tuple[Says, Words]] = []
    """What the values of a parameter say of a kind, and what it says; of a list, it asks for orders that are of that kind."""

    def wants(self, phrase: str, value: str | None) -> bool:
        """Whether what has this value is asked for: everything is where nothing is said."""
        return self.texts.get(phrase) in (None, value) and (phrase not in self.several or value in self.several[phrase])

    def number(self, phrase: str) -> Decimal | None:
        """Return a number that was sent; None if there is none, or 0 in its place."""
        return Decimal(self.texts[phrase]) or None if phrase in self.texts else None

    def slot(self) -> str:
        """Return the side of the position that is meant, where one is named."""
        return next(iter(self.sides.get("position.side", ())), "")

    def other(self) -> Asked:
        """Return which other order is meant, of the same symbol."""
        names = {"order.id": "id", "order.client_id": "client_id", "symbol": "symbol"}
        return Asked({phrase: self.texts[name] for name, phrase in names.items() if name in self.texts})

    def copy(self) -> Asked:
        """Return the same, to be added to."""
        return Asked(
            dict(self.texts),
            set(self.features),
            dict(self.sides),
            dict(self.settings),
            self.trailing_unit,
            dict(self.several),
            [*self.kinds],
        )


def asked_for(
    name: str,
    declared: Sequence[Sent],
    arguments: Mapping[str, Json],
    already: Asked | None = None,
    understood: Collection[str] | None = None,
) -> Asked:
    """Return what a call asks for.

    Args:
        name: Of the call, for the error.
        declared: What its parameters mean.
        arguments: What was sent, by wire name.
        already: What holds for each order of a batch.
        understood: The phrases that can be asked for; None for all that are known.

    Raises:
        NotSimulated: if that can't be known or done: nothing is guessed, for a bot would be tested on the guess.
    """
    asked = already.copy() if already is not None else Asked()
    meanings = _meanings_of(declared)
    texts = asked.texts
    for sent, way in meanings.about(arguments):
        value = arguments.get(sent.wire)
        if way == "text" and type(value) is str and (understood is None or sent.phrase in understood):
            texts[sent.phrase] = value
            continue
        text = value if type(value) is str else sent.default if value is None else text_of(value)
        if text is None:
            continue
        phrase = meanings.phrase(sent, arguments) if sent.cases else sent.phrase
        if understood is not None and phrase not in understood and phrase and text != sent.default:
            raise _unknown(name, sent, text)
        words = sent.says.get(text)
        if way == "text" and type(value) is not list:
            texts[phrase] = text
        elif way == "side" and words is not None:
            asked.sides[phrase] = words
        elif way in ("switch", "kind") and words is not None:
            asked.features.update(words)
            if way == "kind":
                asked.kinds.append((sent.says, words))
        elif isinstance(value, list) and phrase in TEXTS:
            asked.several[phrase] = tuple(map(text_of, value))
        elif not _add(asked, sent, phrase, text) and text != sent.default:
            raise _unknown(name, sent, text)
    unknown = asked.features - FEATURES
    if unknown:
        raise NotSimulated(f"{name} with an order that is {', '.join(sorted(unknown))}")
    return asked


def _unknown(name: str, sent: Sent, text: str) -> NotSimulated:
    return NotSimulated(f"{name} {sent.wire}={text}, for what that does is not known to the mock exchange")


class SentMeanings:
    """What the parameters of one call mean, made ready once: of forty, a call sends six."""

    def __init__(self, declared: Sequence[Sent]) -> None:
        self.declared: Sequence[Sent] = declared
        heard = [sent for sent in declared if not sent.harmless]
        self._heard = [(sent, "" if sent.cases else WAYS.get(sent.phrase, "")) for sent in heard]
        self._usual = {place for place, sent in enumerate(heard) if _matters_unsent(sent)}
        self._by_wire: dict[str, list[int]] = {}
        self._about: dict[frozenset[str], list[tuple[Sent, str]]] = {}
        """Names that were sent → what is to be looked at."""

        for place, sent in enumerate(heard):
            self._by_wire.setdefault(sent.wire, []).append(place)
        defaults = {sent.wire: sent.default for sent in declared}
        self._cases = {
            id(sent): [
                (case.phrase, [judge_of(one, defaults.get(one.wire)) for one in case.when]) for case in sent.cases
            ]
            for sent in heard
        }

    def about(self, arguments: Mapping[str, Json]) -> list[tuple[Sent, str]]:
        """Return what was sent or has a default, as declared, and the way to understand it where that is simple."""
        wires = frozenset(arguments.keys() & self._by_wire.keys())
        known = self._about.get(wires)
        if known is None:
            found = self._usual.union(*(self._by_wire[wire] for wire in wires))
            known = [self._heard[place] for place in sorted(found)]
            # A program sends a few sets of parameters again and again; a test that tries all of them is not kept.
            if len(self._about) < MANY:
                self._about[wires] = known
        return known

    def phrase(self, sent: Sent, arguments: Mapping[str, Json]) -> str:
        """Return what a parameter means beside the others; nothing where nobody knows."""
        fitting = (phrase for phrase, tests in self._cases[id(sent)] if all(test(arguments) for test in tests))
        return next(fitting, sent.phrase)


def _matters_unsent(sent: Sent) -> bool:
    """Whether a parameter says something where it is not sent."""
    nothing = Asked()
    if sent.default is not None and not sent.cases:
        _add(nothing, sent, sent.phrase, sent.default)
    return sent.default is not None and (bool(sent.cases) or nothing != Asked())


_meanings: dict[int, SentMeanings] = {}
"""By identity, for declarations are long to compare; each is kept with them, so that no other ever has its identity."""


def _meanings_of(declared: Sequence[Sent]) -> SentMeanings:
    found = _meanings.get(id(declared))
    if found is None:
        found = _meanings[id(declared)] = SentMeanings(declared)
    return found


def _add(asked: Asked, sent: Sent, phrase: str, text: str) -> bool:
    """Add one argument; return whether it was understood."""
    words = sent.says.get(text)
    if phrase in SETTINGS and words is not None:
        asked.settings[phrase] = phrase in words
    elif phrase == "step" and words:
        asked.texts["step"] = words[0]
    elif phrase in TEXTS:
        asked.texts[phrase] = text
        asked.trailing_unit = sent.unit if phrase == "trailing" else asked.trailing_unit
    elif phrase in SIDES and words is not None:
        asked.sides[phrase] = words
    elif (phrase == "kind" or phrase in SWITCHES) and words is not None:
        asked.features.update(words)
        if phrase == "kind":
            asked.kinds.append((sent.says, words))
    else:
        return words == ()  # without a meaning of its own, it may still say that nothing special is wanted
    return True


def understood_by(declared: Orders) -> frozenset[str]:
    """Return the phrases that a call about orders can ask for."""
    return UNDERSTOOD[declared.does] if declared.halves is None else UNDERSTOOD[declared.does] | OTHER_ORDER


def trigger_of(name: str, asked: Asked) -> Trigger | None:
    """Return what an order waits for; None if for nothing.

    Raises:
        NotSimulated: if that is not wholly known.
    """
    if WAITING.isdisjoint(asked.texts) and TRIGGERED.isdisjoint(asked.features):
        return None  # as most orders
    stop, take_profit = asked.number("stop price"), asked.number("take_profit price")
    if "take_profit" in asked.features:
        # One parameter for both: whether it is a stop or takes the profit, the order's type says.
        stop, take_profit = None, take_profit or stop
    distance = asked.number("trailing")
    if distance is None and asked.number("trailing price") is not None:
        raise NotSimulated(f"{name} with a price from which it trails, and no distance")
    if stop is None and take_profit is None and distance is None:
        if asked.features & TRIGGERED:
            raise NotSimulated(f"{name} with an order that waits for a price, and does not say for which")
        return None
    if distance is not None and asked.trailing_unit not in PARTS:
        raise NotSimulated(f"{name} with a trailing order: the unit of its distance is not documented")
    part = distance * PARTS[asked.trailing_unit or "ratio"] if distance is not None else None
    return Trigger(stop, take_profit, part, asked.number("trailing price"))
