"""How channels give order books: what streams.yaml says, together with what the members of their data mean."""

from __future__ import annotations

from msgspec import Struct as Record

from generator.model.api import Api
from generator.model.channels import BookArguments, BookJoin, Channel, ChannelParam
from generator.model.operations import Operation
from generator.model.types import Field, Type


class Sides(Record, frozen=True):
    """Where an order book has its levels."""

    bids: tuple[Field, ...]
    """From the outside in."""

    asks: tuple[Field, ...]
    price: Field
    """Of a level."""

    quantity: Field
    """Of a level."""


class Snapshot(Record, frozen=True):
    """A snapshot that is asked for."""

    join: BookJoin
    operation: Operation
    sides: Sides
    number: Field
    """Numbers the last change in it."""


class Book(Record, frozen=True):
    """How a channel gives an order book."""

    channel: Channel
    sides: Sides
    symbol: ChannelParam
    arguments: BookArguments
    snapshot: Snapshot | None

    @property
    def most(self) -> int | None:
        """How many levels a side it can give; None if all that there are."""
        if self.snapshot is not None:
            return self.snapshot.join.levels
        return max(self.arguments.depths, default=None)


def books(api: Api) -> tuple[Book, ...]:
    """Return the channels of an API that give order books, in order."""
    channels = api.streams.channels if api.streams else ()
    return tuple(book for channel in channels if (book := book_of(api, channel)) is not None)


def book_of(api: Api, channel: Channel) -> Book | None:
    """Return how a channel gives an order book; None if it gives none, or does not say enough."""
    sides = sides_of(api, channel.payload)
    symbols = symbol_params(channel)
    # With several open parameters, it is unknown which of them takes the symbol.
    if sides is None or len(symbols) != 1:
        return None
    snapshot = snapshot_of(api, channel.join) if channel.join else None
    # Changes alone, whose beginning nothing gives, make no book.
    if channel.delivers == "change" and snapshot is None:
        return None
    return Book(channel, sides, symbols[0], channel.book or BookArguments(), snapshot)


def symbol_params(channel: Channel) -> tuple[ChannelParam, ...]:
    """Return the required parameters that `book` gives no value: one of them, which is the symbol, makes a book."""
    named = {channel.chosen_by} | ({channel.book.depth, *channel.book.constants} if channel.book else set())
    return tuple(each for each in channel.params if each.param.required and each.wire not in named)


def sides_of(api: Api, typed: Type | None) -> Sides | None:
    """Return where a type has the levels of one order book; None if it is none, or they are not known."""
    held = [each for each in api.meanings.held(typed, "book") if not each.many]
    # A list of books, as of all symbols, cannot be kept as one.
    if len(held) != 1:
        return None
    buy, sell = (api.meanings.place(held[0].struct, phrase) for phrase in ("buy", "sell"))
    if buy is None or sell is None:
        return None
    price, quantity = (_of_level(api, buy.field.type, phrase) for phrase in ("price", "quantity"))
    if price is None or quantity is None:
        return None
    return Sides((*held[0].fields, *buy.fields), (*held[0].fields, *sell.fields), price, quantity)


def _of_level(api: Api, typed: Type, phrase: str) -> Field | None:
    if typed.kind != "list" or typed.item is None:
        return None
    structs = (*api.structs, *(api.streams.structs if api.streams else ()))
    fields = next((struct.fields for struct in structs if struct.name == typed.item.name), ())
    return next((field for field in fields if field.phrase == phrase), None)


def snapshot_of(api: Api, join: BookJoin) -> Snapshot | None:
    """Return the snapshot that a channel's changes continue; None if the operation returns no order book."""
    operation = next((each for each in api.operations if each.full_name == join.operation), None)
    sides = sides_of(api, operation.returns) if operation is not None else None
    number = number_of(api, operation, join) if operation is not None else None
    return Snapshot(join, operation, sides, number) if operation and sides and number else None


def number_of(api: Api, operation: Operation, join: BookJoin) -> Field | None:
    """Return the member of the answer that numbers the last change in a snapshot."""
    held = api.meanings.held(operation.returns, "book")
    fields = held[0].struct.fields if held else ()
    return next((field for field in fields if field.wire == join.at), None)
