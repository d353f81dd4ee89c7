# Edited in templates/venues/mock/lasting.py; the copy in generated/ is imported.
"""The trading of the mock exchange over a restart: what was done to it is written down, and done again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing, suppress
from decimal import Decimal
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from venues.mock.answer.listing import Added
from venues.mock.answer.sent import Answer
from venues.mock.declared.api import Api
from venues.mock.declared.operations import Operation
from venues.mock.diary import Diary
from venues.mock.exact import Json
from venues.mock.request.received import RequestRefused
from venues.mock.trading import Trading

if TYPE_CHECKING:
    from venues.mock.books.funds import Funds
    from venues.mock.books.market import Market

Deed = Callable[..., object]


class Lasting(Trading):
    """Trading that a file keeps: calls, deposits, prices, trades, books, fees; not the clock, nor requests and plans."""

    def __init__(self, api: Api, *, remembers: bool, state: str | PathLike[str] | None) -> None:
        super().__init__(api, remembers=remembers)
        self._diary: Diary | None = None
        self._then: int | None = None
        """The time of what is done again; None once all of it is."""
        if state is not None:
            self._kept()
            with ExitStack() as failed:
                diary = failed.enter_context(closing(Diary(Path(state))))
                self._repeat(diary)
                failed.pop_all()
            self._diary = diary

    def _time(self) -> int:
        return super()._time() if self._then is None else self._then

    def _repeat(self, diary: Diary) -> None:
        """Do again what was done before, at the times at which it was done.

        Raises:
            ValueError: for a line with which that can't be done.
        """
        for number, line in enumerate(diary.lines(), 1):
            self._then = line["at"]
            try:
                self._kept().set_time(line["at"])
                self._repeat_one(line)
            except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
                what = "it can't be done again, for it is damaged or of another API"
                raise ValueError(f"{diary.place(number)}: {what} ({type(error).__name__}: {error})") from None
        if self._then is not None:
            # The connections of the earlier process are closed.
            self._kept().note_topics((), self._then)
        self._then = None

    def _repeat_one(self, line: Mapping[str, Json]) -> None:
        from venues.mock.books.funds import Funds
        from venues.mock.books.market import Market
        from venues.mock.books.order import DoneInPart

        market = line.get("market")
        if "call" in line:
            with suppress(RequestRefused, DoneInPart):
                self._kept().carry_out(self._api.by_name[line["call"]], line["arguments"], line["at"])
        elif "does" in line:
            own = Market(line["symbol"], partial(self._turn, market))
            _market_deeds(own)[line["does"]](**line["with"])
        elif "account" in line:
            funds = Funds(self._every_turn)
            _account_deeds(funds)[line["account"]](**line["with"])
        elif "instrument" in line:
            self._offer(Added(**line["instrument"]))
        elif "anew" in line:
            self._begin_anew()
        elif "topics" in line:
            self._kept().note_topics(line["topics"], line["at"])
        else:
            self._move(line["symbol"], Decimal(line["price"]), line.get("quantity"), market)

    def _move(self, symbol: str, price: Decimal, quantity: Json, market: str | None) -> bool:
        """Move a market; return whether anybody but the market itself may have noticed."""
        matching = self._kept().of(market).matching
        matching.move(symbol, price, None if quantity is None else Decimal(quantity))
        return bool(matching.open_orders(symbol))

    def _note(self, line: dict[str, Json]) -> None:
        if self._diary is not None:
            self._diary.write({"at": self._kept().first.matching.now, **line})

    def _keep_books(self, operation: Operation, arguments: Mapping[str, Json], now: int) -> Answer | None:
        answer = super()._keep_books(operation, arguments, now)
        if operation.effect != "read" and operation.is_kept:
            self._note({"call": operation.full_name, "arguments": dict(arguments)})
        return answer

    def _begin_anew(self) -> None:
        if self._books is not None:
            self._note({"anew": True})
        super()._begin_anew()

    def _close_state(self) -> None:
        """Close the file of the state."""
        if self._diary is not None:
            self._diary.close()
            self._diary = None


def _market_deeds(own: Market) -> Mapping[str, Deed]:
    """Return what a line may do to a market: a closed list, for a file must not choose among all that an object has."""
    return {"price": own.price, "trade": own.trade, "book": own.book, "fund": own.fund, "history": own.history}


def _account_deeds(funds: Funds) -> Mapping[str, Deed]:
    """Return what a line may do to an account, for the same reason from a closed list."""
    return {"deposit": funds.deposit, "set_fees": funds.set_fees, "set_interest": funds.set_interest}
