# Edited in templates/venues/mock/trading.py; the copy in generated/ is imported.
"""The trading of the mock exchange, as a test sees and moves it: orders, fills, markets, money."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from venues.mock.answer.build import Answer
from venues.mock.declared.api import Api, Operation
from venues.mock.exact import Json
from venues.mock.request.received import RequestRefused
from venues.mock.request.symbols import SymbolCheck
from venues.mock.script import Script

if TYPE_CHECKING:
    from venues.mock.books.engine import Books
    from venues.mock.books.funds import Funds
    from venues.mock.books.journal import Journal
    from venues.mock.books.market import Market
    from venues.mock.books.order import Fill, Order


class Trading(Script):
    """What is remembered, where a mock exchange is asked to; with `remembers=False`, all of it raises ValueError."""

    def __init__(self, api: Api, *, remembers: bool) -> None:
        super().__init__(api)
        self.any_symbol = False
        """Whether symbols that the specification does not list are accepted."""
        self._symbols = SymbolCheck(api)
        self._error: BaseException | None = None
        self._books = _new_books(api) if remembers else None

    @abstractmethod
    def now(self) -> int:
        """Return the exchange's time, in milliseconds."""

    @property
    def orders(self) -> list[Order]:
        """All orders as they stand, the oldest first.

        Raises:
            ValueError: with `remembers=False`, as everything else that asks for what is remembered.
        """
        with self._turn() as books:
            return [*books.matching.orders.values()]

    @property
    def fills(self) -> list[Fill]:
        """All fills, the oldest first."""
        with self._turn() as books:
            return [*books.matching.fills]

    @property
    def journal(self) -> Journal:
        """What happened to orders, balances and positions, in order; for those who push it to streams."""
        return self._kept().journal

    @property
    def account(self) -> Funds:
        """The account's money, positions and loans: `mock.account.deposit("USDT", "1000")`."""
        self._kept()
        from venues.mock.books.funds import Funds

        return Funds(self._turn, self._note)

    def market(self, symbol: str) -> Market:
        """Return the market of a symbol, so that the test can move it.

        Args:
            symbol: As the exchange writes it in orders.

        Raises:
            ValueError: for a symbol that the exchange does not have: its price would fill nothing, unnoticed.
        """
        self._kept()
        if not self.any_symbol and not self._symbols.offers(symbol):
            raise ValueError(f"{self._api.name} has no symbol {symbol!r}; write it as in an order, or set any_symbol")
        from venues.mock.books.market import Market

        return Market(symbol, self._turn, self._note)

    def history(self, symbol: str, span: str, price: str | int | Decimal | None = None, *, seed: int = 0) -> None:
        """Give a market a past of so long, such as `730d`; see `Market.history`.

        Raises:
            ValueError: as `market` and `Market.history` do.
        """
        self.market(symbol).history(span, price, seed=seed)

    @property
    def simulates(self) -> dict[str, Literal["remembers", "plays back"]]:
        """Every operation, and whether it acts on what is remembered or plays back its example."""
        return {
            name: "remembers" if self._books is not None and operation.kept is not None else "plays back"
            for name, operation in self._api.by_name.items()
        }

    @property
    def made_up(self) -> dict[str, tuple[str, ...]]:
        """Operations that remember → the members of what they show that are not known, and stay as in the example."""
        if self._books is None:
            return {}
        replies = self._books.replies
        declared = {name: operation.kept for name, operation in self._api.by_name.items()}
        found = {
            name: tuple(member for holder in what.holders for member in replies.writer(holder).made_up)
            for name, what in declared.items()
            if what is not None
        }
        return {name: members for name, members in found.items() if members}

    def _time(self) -> int:
        return self.now()

    @contextmanager
    def _turn(self) -> Generator[Books]:
        """Wait until no call is carried out, and give the books as they are at this time."""
        with self._lock:
            books = self._kept()
            books.set_time(self._time())
            yield books

    @abstractmethod
    def _note(self, books: Books, line: Mapping[str, Json]) -> None:
        """Write down what a test has done to the market or the account, so that it can be done again."""

    def _do_what_is_due(self) -> None:
        """Do what time has brought: a dead man's switch cancels orders."""
        if self._books is not None:
            with self._turn():
                pass

    def _kept(self) -> Books:
        if self._books is None:
            raise ValueError(
                f"this mock exchange keeps no orders; make it without remembers=False: Mock({self._api.name!r})"
            )
        return self._books

    def _begin_anew(self) -> None:
        # Those who listen stay: streams go on after a test has begun anew.
        self._books = self._books.anew() if self._books is not None else None

    def _keep_books(self, operation: Operation, arguments: Mapping[str, Json]) -> Answer | None:
        """Carry out what is about orders and money, and return its answer; None for what is not.

        Raises:
            RequestRefused: if the exchange would refuse it, or nobody knows what it would do; then the test fails, too.
        """
        if self._books is None or operation.kept is None:
            return None
        from venues.mock.books.order import DoneInPart, NotSimulated

        try:
            body = self._books.carry_out(operation, arguments, self.now())
        except NotSimulated as error:
            self._error = self._error or error
            raise RequestRefused("wrong_param", f"not simulated: {error}") from None
        except DoneInPart as done:
            return self._answers.beside(self._answers.code(done.code), done.more)
        return None if body is None else self._answers.remembered(operation, arguments, body)


def _new_books(api: Api) -> Books:
    # Imported only here: most tests play back examples, and need no engine.
    from venues.mock.books.engine import Books

    return Books(api)
