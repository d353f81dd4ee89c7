# Edited in templates/venues/mock/streams/follower.py; the copy in generated/ is imported.
"""Follows what happens on a mock exchange that remembers, and says which channels tell it, in which frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from venues.mock.books.facts import Facts, facts_of_fill, facts_of_group, facts_of_order
from venues.mock.books.journal import Amended, Event, Moved, Regrouped
from venues.mock.books.market_facts import facts_of_trade
from venues.mock.books.money import Balance, Position
from venues.mock.books.money_facts import facts_of_balance, facts_of_position
from venues.mock.books.order import Fill, Order
from venues.mock.books.quotes import Quotes, Trade
from venues.mock.declared.channels import Carried, Channel
from venues.mock.declared.streams import Streams
from venues.mock.exact import Json
from venues.mock.streams.frame_writer import FrameWriter, Said
from venues.mock.streams.frames import topic_values
from venues.mock.streams.market import MarketTeller

MANY = 1000
"""How many events wait at most before the first subscriber."""


@dataclass(frozen=True)
class Told:
    """What one channel has to tell, to those who are subscribed to one of its topics."""

    writer: FrameWriter
    said: Callable[[Json], Sequence[Said]]
    """Topic → what is said there; nothing where it has nothing new."""

    symbol: str | None
    market: str = ""

    def fits(self, topic: Json) -> bool:
        """Whether a topic is about the symbol and the market that this is about."""
        carried = self.writer.carried
        values = topic_values(self.writer.channel.topic, topic) or {}
        if self.market and values.get(carried.choice or "", self.market) != self.market:
            return False
        param = carried.symbol
        if param is None or self.symbol is None:
            return True
        spelled = self.symbol if self.symbol.endswith(param.suffix) else self.symbol + param.suffix
        return spelled.lower() == values.get(param.wire, "").lower()


class Follower:
    """What happened and was not pushed yet, and how the account stands."""

    def __init__(self, rules: Streams, quotes: Callable[[], Sequence[Quotes]], now: Callable[[], int]) -> None:
        self.writers: dict[tuple[str, str], FrameWriter] = {
            (c.name, c.connection): FrameWriter(c) for c in rules.channels if c.carried is not None
        }
        """By channel and connection: that of each market has that market only."""
        self.wake: Callable[[], None] | None = None
        """Is called for each event, once anybody has listened; before, what waits is skipped from time to time."""
        self._quotes = quotes
        self._market = MarketTeller(now)
        self._waiting: list[Event] = []
        self._fills: dict[int, Fill] = {}
        self._amended: set[int] = set()
        self._state: dict[tuple[str, ...], Balance | Position] = {}
        self._shown: dict[tuple[str, ...], dict[str, Json]] = {}
        """Channel and balance or position → what the channel pushed of it last."""
        self._skipped: dict[tuple[str, ...], Balance | Position] = {}
        """The latest unpushed state; noted as shown only once there is a subscriber, for most tests have none."""

    def note(self, event: Event) -> None:
        """Note what happened; the caller makes sure that calls come one at a time."""
        self._waiting.append(event)
        if self.wake is not None:
            self.wake()
        # Most tests have no stream at all, and a look at each event would cost them as much as the event.
        elif len(self._waiting) > MANY:
            self.skip()

    def take(self) -> list[Told]:
        """Return what is to be pushed, in the order in which it happened, and forget that it waited."""
        self._note_skipped()
        events, self._waiting = self._waiting, []
        self._note_state(events)
        told = [each for run in _runs(events) for each in self._told(run)]
        moved = dict.fromkeys((event.market, event.symbol) for event in events if isinstance(event, (Moved, Trade)))
        return [*told, *(each for place in moved for each in self._moved(*place))]

    def skip(self) -> None:
        """Forget what waited, for there is no subscriber; what comes next is pushed as a change of this."""
        events, self._waiting = self._waiting, []
        self._note_state(events)
        for event in events:
            if isinstance(event, Fill):
                self._fills[event.order_id] = event
            elif isinstance(event, Amended):
                self._amended.add(event.order_id)
            elif isinstance(event, Order):
                self._fills.pop(event.id, None)
                self._amended.discard(event.id)
            elif isinstance(event, (Balance, Position)):
                self._skipped[_key(event)] = event
        for place in dict.fromkeys((event.market, event.symbol) for event in events if isinstance(event, Moved)):
            quotes = self._quotes_of(*place)
            if quotes is not None:
                self._market.change(quotes)

    def _note_state(self, events: Iterable[Event]) -> None:
        # Later than the events, for most calls come while there is no subscriber.
        self._state.update((_key(event), event) for event in events if isinstance(event, (Balance, Position)))

    def _quotes_of(self, market: str, symbol: str) -> Quotes | None:
        return next((one for one in self._quotes() if (one.market, one.symbol) == (market, symbol)), None)

    def _note_skipped(self) -> None:
        skipped, self._skipped = self._skipped, {}
        for event in skipped.values():
            said = self._said(event)
            for writer in self.writers.values():
                if said is not None and _is_on(writer.carried, event):
                    self._is_news(writer, said, event)

    def state(self, channel: Channel) -> list[Told]:
        """Return the state with which a channel begins; nothing where it does not, or nothing is known."""
        writer = self.writers[channel.name, channel.connection]
        if not (writer.carried.begins or writer.carried.whole):
            return []
        self._note_state(self._waiting)
        said = [self._said(event) for event in self._state.values() if _is_on(writer.carried, event)]
        kept = [each for each in said if each is not None and writer.carries(each.thing)]
        account = [Told(writer, _always([each]), each.facts.values.get("symbol")) for each in kept]
        return account + [self._whole(writer, one) for one in self._quotes() if _is_about(writer.carried, one.market)]

    def _told(self, run: Sequence[Event]) -> Iterator[Told]:
        """Yield what each channel pushes of events that belong together."""
        said = [(self._said(event), event) for event in run]
        for writer in self.writers.values():
            found = [
                each
                for each, event in said
                if each is not None and _is_on(writer.carried, event) and self._is_news(writer, each, event)
            ]
            if found:
                market = next(filter(None, map(_market_of, run)), "")
                yield Told(writer, _always(found), getattr(run[0], "symbol", None), market)

    def _is_news(self, writer: FrameWriter, said: Said, event: Event) -> bool:
        """Whether a channel carries such things, and something that it shows has changed: many say nothing of locks."""
        if not writer.carries(said.thing):
            return False
        if not isinstance(event, (Balance, Position)):
            return True
        shown = {phrase: said.facts.values.get(phrase) or 0 for phrase in writer.phrases(said.thing)}
        known = self._shown.get((writer.channel.name, *_key(event)), dict.fromkeys(shown, 0))
        self._shown[writer.channel.name, *_key(event)] = shown
        names = ("coin", "symbol", "within")
        return any(shown[phrase] != known[phrase] for phrase in shown if phrase not in names)

    def _said(self, event: Event) -> Said | None:
        if isinstance(event, Fill):
            # The order that it changed comes next, and is pushed together with it.
            self._fills[event.order_id] = event
            return Said("fill", facts_of_fill(event))
        if isinstance(event, Order):
            return self._said_of_order(event)
        if isinstance(event, Amended):
            # The order as it is then comes next.
            self._amended.add(event.order_id)
            return None
        if isinstance(event, Regrouped):
            return Said("group", facts_of_group(event.group, [facts_of_order(order) for order in event.orders]))
        if isinstance(event, Balance):
            return Said("balance", facts_of_balance(event))
        if isinstance(event, Position):
            return Said("position", facts_of_position(event))
        return Said("trade", facts_of_trade(event)) if isinstance(event, Trade) else None

    def _said_of_order(self, order: Order) -> Said:
        fill = self._fills.pop(order.id, None)
        is_amended = order.id in self._amended
        self._amended.discard(order.id)
        return Said("order", _with_fill(facts_of_order(order), fill), filled=fill is not None, amended=is_amended)

    def _moved(self, market: str, symbol: str) -> Iterator[Told]:
        quotes = self._quotes_of(market, symbol)
        if quotes is None:
            return
        change = self._market.change(quotes)
        for writer in self.writers.values():
            if not _is_about(writer.carried, market):
                continue
            if writer.carries("book") and not writer.carried.whole:
                if change is not None:
                    yield Told(writer, _always([Said("book", change)]), symbol, market)
            elif any(writer.carries(thing) for thing in ("book", "ticker", "candle")):
                yield self._whole(writer, quotes)

    def _whole(self, writer: FrameWriter, quotes: Quotes) -> Told:
        return Told(writer, lambda topic: self._market.state(writer, quotes, topic), quotes.symbol, quotes.market)


def _always(said: Sequence[Said]) -> Callable[[Json], Sequence[Said]]:
    return lambda topic: said


def _with_fill(facts: Facts, fill: Fill | None) -> Facts:
    """Add the fill that changed an order to what is known of it."""
    known = facts_of_fill(fill) if fill is not None else None
    nothing = {"id": 0, "price": 0, "quantity": 0, "fee": None, "coin": None, "profit": 0}
    values = {f"fill.{phrase}": value for phrase, value in (known.values if known else nothing).items()}
    words = {f"fill.{phrase}": words for phrase, words in (known.words if known else {"maker": [()]}).items()}
    return replace(facts, values={**facts.values, **values}, words={**facts.words, **words})


def _key(event: Balance | Position) -> tuple[str, ...]:
    if isinstance(event, Balance):
        return ("balance", event.wallet, event.symbol, event.coin)
    return ("position", event.market, event.symbol, event.slot)


def _runs(events: Sequence[Event]) -> Iterator[list[Event]]:
    """Yield events that one push carries together: balances and positions that changed one after the other."""
    run: list[Event] = []
    for event in events:
        is_state = isinstance(event, (Balance, Position))
        known = {_key(each) for each in run if isinstance(each, (Balance, Position))}
        if run and (not is_state or (isinstance(event, (Balance, Position)) and _key(event) in known)):
            yield run
            run = []
        if is_state:
            run.append(event)
        else:
            yield [event]
    if run:
        yield run


def _is_on(carried: Carried, event: Event) -> bool:
    """Whether a channel is about the shelf or the account that something belongs to."""
    if not isinstance(event, Balance) and not _is_about(carried, _market_of(event)):
        return False
    if isinstance(event, (Order, Fill)):
        return event.shelf == carried.shelf
    return not isinstance(event, Balance) or carried.shelf in ("", event.wallet)


def _market_of(event: Event) -> str:
    """Return the market that something happened in; nothing where an exchange has but one, or for money."""
    return "" if isinstance(event, (Amended, Balance, Regrouped)) else event.market


def _is_about(carried: Carried, market: str) -> bool:
    return carried.within in ("", market)
