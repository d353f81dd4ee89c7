# Edited in templates/venues/mock/books/understanding.py; the copy in generated/ is imported.
"""Puts what was sent into the words of the specification; what it can't be sure of, it refuses to guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from venues.mock.books.asked import EXITS, Asked
from venues.mock.books.order import TRIGGERED, NotSimulated
from venues.mock.declared.things import Orders, Sent
from venues.mock.exact import Json, text_of
from venues.mock.request.rules import judge_of

FEATURES = frozenset({"market", "ioc", "fok", "post_only", "reduce_only", "close", "funded", "unfunded", *TRIGGERED})
SWITCHES = frozenset({"reduce_only", "post_only", "close"})
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
FOUND = frozenset({"id", "client_id", "symbol", "side", "within"})
ORDERED = frozenset(
    {
        "within",
        *("symbol", "side", "kind", "price", "quantity", "value", "client_id", "leverage", "position.id"),
        *("position.side", "stop price", "take_profit price", "trailing", "trailing price", *SWITCHES, *EXITS),
    }
)
PLAIN = TEXTS - {"trailing", "step"}
"""What is taken as it was sent."""

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


def asked_for(
    name: str,
    declared: Sequence[Sent],
    arguments: Mapping[str, Json],
    already: Asked | None = None,
    understood: frozenset[str] | None = None,
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
    plain, others = meanings.about(arguments, understood)
    for sent in plain:
        value = arguments[sent.wire]
        if type(value) is str:
            asked.texts[sent.phrase] = value
        else:
            others = [*others, sent]
    for sent in others:
        value = arguments.get(sent.wire)
        text = value if type(value) is str else sent.default if value is None else text_of(value)
        if text is None:
            continue
        phrase = meanings.phrase(sent, arguments) if sent.cases else sent.phrase
        if understood is not None and phrase not in understood and phrase and text != sent.default:
            raise _unknown(name, sent, text)
        if type(value) is list and phrase in TEXTS:
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
        self._heard = [sent for sent in declared if not sent.harmless]
        self._usual = {place for place, sent in enumerate(self._heard) if _matters_unsent(sent)}
        self._by_wire: dict[str, list[int]] = {}
        self._about: dict[tuple[frozenset[str], frozenset[str] | None], tuple[Sequence[Sent], Sequence[Sent]]] = {}
        """Names that were sent, and what can be asked for → what is to be looked at."""

        for place, sent in enumerate(self._heard):
            self._by_wire.setdefault(sent.wire, []).append(place)
        defaults = {sent.wire: sent.default for sent in declared}
        self._cases = {
            id(sent): [
                (case.phrase, [judge_of(one, defaults.get(one.wire)) for one in case.when]) for case in sent.cases
            ]
            for sent in self._heard
        }

    def about(
        self, arguments: Mapping[str, Json], understood: frozenset[str] | None
    ) -> tuple[Sequence[Sent], Sequence[Sent]]:
        """Return what was sent and needs no more than to be taken as it is; and what else was sent, or has a default."""
        key = frozenset(arguments.keys() & self._by_wire.keys()), understood
        known = self._about.get(key)
        if known is None:
            known = self._sorted(key[0], TEXTS if understood is None else understood)
            # A program sends a few sets of parameters again and again; a test that tries all of them is not kept.
            if len(self._about) < MANY:
                self._about[key] = known
        return known

    def _sorted(self, wires: frozenset[str], understood: frozenset[str]) -> tuple[Sequence[Sent], Sequence[Sent]]:
        places = self._usual.union(*(self._by_wire[wire] for wire in wires))
        found = [self._heard[place] for place in sorted(places)]
        phrases = Counter(phrase for sent in found for phrase in (sent.phrase, *(case.phrase for case in sent.cases)))
        plain = [
            sent
            for sent in found
            # Of two that mean the same, the order counts.
            if sent.wire in wires and sent.phrase in PLAIN & understood and phrases[sent.phrase] == 1 and not sent.cases
        ]
        return plain, [sent for sent in found if sent not in plain]

    def phrase(self, sent: Sent, arguments: Mapping[str, Json]) -> str:
        """Return what a parameter means beside the others; nothing if unknown."""
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
        return words == ()  # without a meaning of its own, it may still stand for an ordinary order
    return True


def understood_by(declared: Orders) -> frozenset[str]:
    """Return the phrases that a call about orders can ask for."""
    return UNDERSTOOD[declared.does] if declared.halves is None else UNDERSTOOD[declared.does] | OTHER_ORDER
