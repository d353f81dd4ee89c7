# Edited in templates/venues/mock/books/showing.py; the copy in generated/ is imported.
"""Carries out the calls about money and markets: lists fills, balances, positions, prices; borrows, repays, sets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from venues.mock.books.account import Account
from venues.mock.books.asked import Asked
from venues.mock.books.candles import Candle, Computed
from venues.mock.books.exits import KINDS, Exits, Kind
from venues.mock.books.facts import Facts, facts_of_fill
from venues.mock.books.market_facts import facts_of_book, facts_of_candle, facts_of_ticker, facts_of_trade
from venues.mock.books.matching import Matching
from venues.mock.books.money import Balance, Entry, Loan, Position
from venues.mock.books.money_facts import facts_of_balance, facts_of_entry, facts_of_loan, facts_of_position
from venues.mock.books.order import NotSimulated
from venues.mock.books.pages import note_page, page_of, times_of, within
from venues.mock.books.purse import Key
from venues.mock.books.quotes import Quotes
from venues.mock.books.reply import Replies
from venues.mock.books.understanding import asked_for
from venues.mock.books.writing import can_say
from venues.mock.declared.holders import Holder
from venues.mock.declared.operations import Operation
from venues.mock.declared.things import Things
from venues.mock.exact import Json

LENGTHS = {"s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000, "mo": 30 * 86_400_000}
"""Milliseconds; a month counts 30 days, because all candles of a list are equally long here."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """Something that is listed."""

    id: int
    at: int
    facts: Facts


class Showing:
    """Answers of one account for everything but its orders."""

    def __init__(self, account: Account, matching: Matching, replies: Replies, exits: Exits | None = None) -> None:
        self._account, self._matching, self._replies, self._exits = account, matching, replies, exits

    def body(self, operation: Operation, arguments: Mapping[str, Json]) -> Json:
        """Return the body of an answer; None where the example says it: nothing has happened in a market yet."""
        declared = operation.things
        assert declared is not None  # the caller asks only for calls about things
        asked = asked_for(operation.full_name, declared.sent, arguments)
        if declared.does == "set":
            self._set(asked)
            return None
        if declared.does == "amend":
            self._set_exits(operation, asked)
            return None
        if declared.does == "place":
            return self._borrow_or_repay(operation, declared, asked)
        return self._shown(operation, declared, asked, arguments)

    def _set(self, asked: Asked) -> None:
        symbol = asked.texts.get("symbol", "")
        if "leverage" in asked.texts:
            self._account.set_leverage(symbol, asked.slot(), Decimal(asked.texts["leverage"]))
        if "isolated" in asked.settings:
            self._account.set_isolated(symbol, isolated=asked.settings["isolated"])
        if "hedged" in asked.settings:
            self._account.settings.set_hedged(symbol, hedged=asked.settings["hedged"])

    def _set_exits(self, operation: Operation, asked: Asked) -> None:
        assert self._exits is not None  # only where exits are simulated, such calls are remembered
        prices: dict[Kind, Decimal] = {
            kind: Decimal(asked.texts[name]) for kind in KINDS if (name := f"exit.{kind} price") in asked.texts
        }
        self._exits.change(operation.full_name, (asked.texts.get("symbol", ""), asked.slot()), prices)

    def _borrow_or_repay(self, operation: Operation, declared: Things, asked: Asked) -> Json:
        quantity = asked.number("quantity")
        if quantity is None or "coin" not in asked.texts:
            raise NotSimulated(f"{operation.full_name} without a coin or a quantity")
        key = self._key(declared, asked)
        lent = declared.holders[0].thing == "loan"
        loan = self._account.borrow(key, quantity) if lent else self._account.repay(key, quantity)
        return self._replies.body(operation, declared.holders, {declared.holders[0].thing: [facts_of_loan(loan)]})

    def _key(self, declared: Things, asked: Asked) -> Key:
        return self._account.key(declared.wallet, asked.texts.get("symbol", ""), asked.texts.get("coin", ""))

    def _shown(self, operation: Operation, declared: Things, asked: Asked, arguments: Mapping[str, Json]) -> Json:
        found: Sequence[Row] = ()
        page: Sequence[Row] = ()
        things: dict[str, list[Facts]] = {}
        for holder in declared.holders:
            rows = self._rows(holder, declared, asked, arguments)
            if rows is None:
                return None
            found = within(rows, declared.span if holder.thing != "candle" else (), arguments)
            page = self._page(found, declared, arguments)
            things[holder.thing] = [row.facts for row in page]
        if any(holder.form == "one" and not things[holder.thing] for holder in declared.holders):
            return None
        body = self._replies.body(operation, declared.holders, things)
        if declared.paging is not None:
            note_page(body, declared.paging, page, len(found), arguments)
        return body

    @staticmethod
    def _page(found: Sequence[Row], declared: Things, arguments: Mapping[str, Json]) -> Sequence[Row]:
        return page_of(found, declared.paging, arguments) if declared.paging is not None else found

    def _rows(
        self, holder: Holder, declared: Things, asked: Asked, arguments: Mapping[str, Json]
    ) -> Sequence[Row] | None:
        """Return what is listed, the oldest first; None where no test has moved a market."""
        private: Mapping[str, Callable[[], Iterable[Row]]] = {
            "fill": lambda: self._fills(declared, asked),
            "balance": lambda: self._balances(declared, asked),
            "position": lambda: self._positions(asked),
            "loan": lambda: self._loans(declared, asked, repaid=False),
            "repayment": lambda: self._loans(declared, asked, repaid=True),
            "entry": lambda: self._entries(holder, declared, asked),
        }
        if holder.thing in private:
            return [*private[holder.thing]()]
        markets = [each for each in self._matching.quotes.values() if asked.wants("symbol", each.symbol)]
        moved = [market for market in markets if market.bids or market.asks or market.last is not None]
        if holder.thing == "candle":
            return self._candle_rows(moved[0], asked, declared, arguments) if moved else None
        return [*self._public(holder.thing, moved, asked)] if moved else None

    def _public(self, thing: str, markets: Sequence[Quotes], asked: Asked) -> Iterator[Row]:
        now = self._matching.now
        for market in markets:
            if thing == "trade":
                yield from (Row(trade.id, trade.at, facts_of_trade(trade)) for trade in market.trades)
            elif thing == "book":
                levels = asked.texts.get("levels")
                yield Row(now, now, facts_of_book(market, now, int(levels) if levels else None))
            elif market.price is not None:
                yield Row(now, now, facts_of_ticker(market, now))

    def _candle_rows(
        self, market: Quotes, asked: Asked, declared: Things, arguments: Mapping[str, Json]
    ) -> Sequence[Row]:
        """Return the candles that are asked for, which are made where a page has them: there may be years of them."""
        paging, now = declared.paging, self._matching.now
        step = length_of(asked.texts.get("step", "1m"))
        wires = (paging.start, paging.end or "") if paging is not None and paging.by == "time" else declared.span
        start, end = times_of(wires, arguments)
        # No candle begins after now, whatever a call asks for.
        found = market.candles.between(
            step, start if start is not None else 0, min(end if end is not None else now, now)
        )
        return Computed(len(found), lambda index: _candle_row(found[index], market.symbol, step))

    def _fills(self, declared: Things, asked: Asked) -> Iterator[Row]:
        for fill in self._matching.fills:
            fits = fill.wallet == declared.wallet and asked.wants("symbol", fill.symbol)
            own = asked.wants("order.id", str(fill.order_id)) and asked.wants("order.client_id", fill.client_id)
            if fits and own:
                yield Row(fill.id, fill.at, facts_of_fill(fill))

    def _balances(self, declared: Things, asked: Asked) -> Iterator[Row]:
        for balance in self.balances(declared.wallet):
            if asked.wants("symbol", balance.symbol) and asked.wants("coin", balance.coin):
                yield Row(0, balance.changed_at, facts_of_balance(balance))

    def balances(self, wallet: str) -> list[Balance]:
        """Return the balances of an account."""
        return [balance for balance in self._account.balances.values() if balance.wallet == wallet]

    def _positions(self, asked: Asked) -> Iterator[Row]:
        for position in self.positions():
            fits = asked.wants("symbol", position.symbol) and asked.wants("coin", position.coin)
            if fits and asked.wants("id", str(position.id)):
                yield Row(position.id, position.opened_at, facts_of_position(position))

    def positions(self) -> list[Position]:
        """Return the open positions."""
        return [*self._account.positions.values()]

    def _loans(self, declared: Things, asked: Asked, *, repaid: bool) -> Iterator[Row]:
        for loan in self._account.loans:
            fits = loan.repaid == repaid and loan.wallet == declared.wallet and _is_asked_for(loan, asked)
            if fits and asked.wants("id", str(loan.id)):
                yield Row(loan.id, loan.at, facts_of_loan(loan))

    def _lines(self, holder: Holder) -> Sequence[Entry]:
        """Return the ledger, in lines that a place has words for."""
        entries = self._account.entries
        says_fees = can_say(holder, {"kind": [("fee",)]}) or not can_say(holder, {"kind": [("fill",)]})
        return entries if says_fees else _as_fills(entries)

    def _entries(self, holder: Holder, declared: Things, asked: Asked) -> Iterator[Row]:
        if not any(member.phrase == "kind" for member in holder.members):
            return  # it lists but one kind, and does not say which
        for entry in self._lines(holder):
            fits = entry.wallet == declared.wallet and asked.wants("coin", entry.coin)
            fits = fits and asked.wants("within", entry.market)
            facts = facts_of_entry(entry)
            if fits and asked.wants("symbol", entry.symbol) and can_say(holder, facts.words):
                yield Row(entry.id, entry.at, facts)


def _as_fills(entries: Iterable[Entry]) -> list[Entry]:
    """Return a ledger that has one line for each fill, in place of one for its profit and one for its fee."""
    found: dict[tuple[object, str], Entry] = {}
    for entry in entries:
        key = (entry.fill_id or entry.id, entry.coin) if entry.kind in ("profit", "fee") else (entry.id, entry.coin)
        known = found.get(key)
        paid = -entry.quantity if entry.kind == "fee" else entry.fee
        if known is not None:
            found[key] = replace(known, quantity=known.quantity + entry.quantity, fee=known.fee + paid)
        else:
            is_fill = entry.kind in ("profit", "fee")
            found[key] = replace(entry, kind="fill" if is_fill else entry.kind, fee=paid)
    return [*found.values()]


def _is_asked_for(loan: Loan, asked: Asked) -> bool:
    return asked.wants("coin", loan.coin) and asked.wants("symbol", loan.symbol)


def _candle_row(candle: Candle, symbol: str, step: int) -> Row:
    return Row(candle.at, candle.at, facts_of_candle(candle, symbol, step))


def length_of(step: str) -> int:
    """Return how long a candle is, in milliseconds."""
    found = re.fullmatch(r"([0-9]+)([a-z]+)", step)
    if found is None or found.group(2) not in LENGTHS:
        raise NotSimulated(f"candles of {step}")
    return int(found.group(1)) * LENGTHS[found.group(2)]
