"""What the reference says of order books: which channels keep them, how deep, and why there are none."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.api import Api
from generator.model.books import Book, book_of, books
from generator.model.channels import Channel
from generator.model.types import Json
from generator.words.markdown import code, code_block


class BookPages:
    """Prints what the stream pages of one API say of order books."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def facts(self, channel: Channel) -> Iterator[tuple[str, str]]:
        """Yield (name, text) of what a channel does for order books."""
        book = book_of(self._api, channel)
        if book is not None:
            yield "Order book", f"{code('streams.book(…)')} keeps it: {_depth(book)}; {_rule(book)}"

    def section(self) -> list[str]:
        """Return the paragraphs about order books."""
        found = books(self._api)
        if not found:
            return [f"{code('streams.book')} is not available: {self._reason()}."]
        keeps = "keeps an order book up to date, and says when it can't be trusted"
        rows = "\n".join(f"- {code(each.channel.name)}: {_depth(each)}; {_rule(each)}" for each in found)
        return [f"{code('streams.book(symbol, depth=…)')} {keeps}.", rows, self._sample(found[0])]

    def _reason(self) -> str:
        """Say why there is no order book."""
        channels = self._api.streams.channels if self._api.streams else ()
        for channel in channels:
            if any(self._api.meanings.held(typed, "book") for typed in channel.types):
                return f"the documentation does not say how {code(channel.name)} writes bids and asks"
        return "no channel with an order book is documented"

    def _sample(self, book: Book) -> str:
        shown = book.channel.examples[0].params
        symbol = shown.get(book.symbol.wire, "…")
        client = self._api.client
        depth = f", depth={min(book.arguments.depths)}" if book.arguments.depths else ""
        # Where one channel serves several markets, the example says which one its symbol is from.
        market = f", market={_quoted(shown[book.channel.chosen_by])}" if book.channel.chosen_by else ""
        return code_block(
            "python",
            "import asyncio\n\n"
            f"from venues.{self._api.name} import Async{client}\n\n\n"
            "async def main() -> None:\n"
            f"    async with Async{client}() as client, client.streams() as streams:\n"
            f"        async for book in await streams.book({_quoted(symbol)}{depth}{market}):\n"
            "            if book.is_trusted:\n"
            "                print(book.best, book.spread)\n"
            "                return  # one is enough here\n\n\n"
            "asyncio.run(main())",
        )


def _depth(book: Book) -> str:
    if book.snapshot is None and book.arguments.depths:
        *most, last = map(str, sorted(book.arguments.depths))
        return f"{', '.join(most)} or {last} levels per side" if most else f"{last} levels per side"
    return f"up to {book.most:,} levels per side" if book.most else "all levels"


def _rule(book: Book) -> str:
    sequence = book.channel.sequence
    seen = sequence is not None and (sequence.previous is not None or sequence.step is not None)
    shows = "a missing push shows by its number" if seen else "missing pushes do not show"
    if book.snapshot is not None:
        return f"changes continue a snapshot of {code(book.snapshot.operation.full_name)}, and {shows}"
    if book.channel.delivers == "snapshot":
        return "each push is a whole book"
    return f"a snapshot first, then changes, and {shows}"


def _quoted(value: Json) -> str:
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
