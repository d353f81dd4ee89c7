# Edited in templates/venues/mock/streams/follower.py; the copy in generated/ is imported.
"""Follows what happens on a mock exchange that remembers, and says which channels tell it, in which frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from venues.mock.books.journal import Event, Trade
from venues.mock.books.money import Balance, Position
from venues.mock.books.order import Fill, Order
from venues.mock.declared.streams import Carried, Channel, Streams, SymbolParam
from venues.mock.exact import Json
from venues.mock.streams.frame_writer import FrameWriter, Said
from venues.mock.streams.frames import topic_values
from venues.mock.streams.wording import balance_meant, fill_meant, order_meant, position_meant, trade_meant

Now = Callable[[], int]


@dataclass(frozen=True)
class Told:
    """What one channel has to tell, to those who are subscribed to one of these topics."""

    writer: FrameWriter
    said: Sequence[Said]
    symbol: str | None

    def fits(self, topic: Json) -> bool:
        """Whether a topic is about the symbol that this is about."""
        carried = self.writer.carried
        if carried.symbol is None or self.symbol is None:
            return True
        values = topic_values(self.writer.channel.topic, topic) or {}
        return _spelled(carried.symbol, self.symbol).lower() == values.get(carried.symbol.wire, "").lower()


class Follower:
    """What happened and was not told yet, and how the account stands."""

    def __init__(self, rules: Streams, now: Now) -> None:
        self.writers: dict[str, FrameWriter] = {c.name: FrameWriter(c) for c in rules.channels if c.carried is not None}
        self._now = now
        self._waiting: list[Event] = []
        self._fills: dict[int, Fill] = {}
        self._state: dict[tuple[str, ...], Balance | Position] = {}

    def note(self, event: Event) -> None:
        """Take note of what happened; the caller sees to it that one call comes at a time."""
        self._waiting.append(event)
        if isinstance(event, (Balance, Position)):
            self._state[_key(event)] = event

    def take(self) -> list[Told]:
        """Return what is to be told, in the order in which it happened, and forget that it waited."""
        events, self._waiting = self._waiting, []
        return [told for run in _runs(events) for told in self._told(run)]

    def state(self, channel: Channel) -> list[Told]:
        """Return the state with which a channel begins; nothing where it does not, or nothing is known."""
        writer = self.writers[channel.name]
        if not (writer.carried.begins or writer.carried.whole):
            return []
        return [told for event in self._state.values() for told in self._told([event]) if told.writer is writer]

    def _told(self, run: Sequence[Event]) -> Iterator[Told]:
        """Yield what each channel tells of events that belong together."""
        meant = [(self._thing(event), event) for event in run]
        for writer in self.writers.values():
            said = [
                Said(said.thing, said.meant, said.event)
                for said, event in meant
                if said is not None and writer.carries(said.thing) and _is_on(writer.carried, event)
            ]
            if said:
                yield Told(writer, said, getattr(run[0], "symbol", None))

    def _thing(self, event: Event) -> Said | None:
        now = self._now()
        if isinstance(event, Fill):
            # The order that it changed comes next, and is told together with it.
            self._fills[event.order_id] = event
            return Said("fill", fill_meant(event))
        if isinstance(event, Order):
            fill = self._fills.pop(event.id, None)
            return Said("order", order_meant(event, fill), "filled" if fill is not None else "")
        if isinstance(event, Balance):
            return Said("balance", balance_meant(event, now))
        if isinstance(event, Position):
            return Said("position", position_meant(event, None))
        return Said("trade", trade_meant(event)) if isinstance(event, Trade) else None


def _key(event: Balance | Position) -> tuple[str, ...]:
    if isinstance(event, Balance):
        return ("balance", event.shelf, event.symbol, event.coin)
    return ("position", event.symbol, event.slot)


def _runs(events: Sequence[Event]) -> Iterator[list[Event]]:
    """Yield events that one push tells together: balances and positions that changed one after the other."""
    run: list[Event] = []
    for event in events:
        known = {_key(each) for each in run if isinstance(each, (Balance, Position))}
        if not isinstance(event, (Balance, Position)) or _key(event) in known:
            yield from [run] if run else []
            run = []
        if isinstance(event, (Balance, Position)):
            run.append(event)
        else:
            yield [event]
    yield from [run] if run else []


def _is_on(carried: Carried, event: Event) -> bool:
    """Whether a channel is about the shelf on which something is."""
    shelf = getattr(event, "shelf", None)
    return shelf is None or shelf == carried.shelf or (isinstance(event, Balance) and not carried.shelf)


def _spelled(param: SymbolParam, symbol: str) -> str:
    return symbol if symbol.endswith(param.suffix) else symbol + param.suffix
