# Edited in templates/venues/mock/trading.py; the copy in generated/ is imported.
"""The trading of the mock exchange, as a test sees and moves it: orders, fills, markets, money."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Literal

from venues.mock.answer.listing import Added
from venues.mock.answer.sent import Answer
from venues.mock.declared.api import Api
from venues.mock.declared.operations import Operation
from venues.mock.exact import Json
from venues.mock.offering import Offering
from venues.mock.request.received import RequestRefused

if TYPE_CHECKING:
    from venues.mock.books.engine import Books
    from venues.mock.books.funds import Funds
    from venues.mock.books.journal import Journal
    from venues.mock.books.market import Market
    from venues.mock.books.markets import Markets
    from venues.mock.books.order import Fill, Order


class Trading(Offering):
    """What is remembered, where a mock exchange is asked to; with `remembers=False`, all of it raises ValueError."""

    def __init__(self, api: Api, *, remembers: bool) -> None:
        super().__init__(api)
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
        with self._every_turn() as markets:
            return markets.orders

    @property
    def fills(self) -> list[Fill]:
        """All fills, the oldest first."""
        with self._every_turn() as markets:
            return markets.fills

    @property
    def journal(self) -> Journal:
        """What happened to orders, balances and positions, in order; for those who push it to streams."""
        return self._kept().journal

    @property
    def account(self) -> Funds:
        """The account's money, positions and loans: `mock.account.deposit("USDT", "1000")`."""
        self._kept()
        from venues.mock.books.funds import Funds

        return Funds(self._every_turn, self._note)

    def market(self, symbol: str, market: str | None = None) -> Market:
        """Return the market of a symbol, so that the test can move it.

        Args:
            symbol: As the exchange writes it in orders.
            market: Such as `spot` or `linear`, where a symbol names something else in each.

        Raises:
            ValueError: for a symbol that the exchange does not have: its price would fill nothing, unnoticed; and where
                there are several markets, unless one of them is said.
        """
        self._kept().of(market)
        if not self.any_symbol and not self._symbols.offers(symbol):
            otherwise = "write it as in an order, or accept any: any_symbol, or --any-symbol"
            raise ValueError(f"{self._api.name} has no symbol {symbol!r}; {otherwise}")
        if not self.any_symbol:
            self._kept().check_symbol(symbol, market)
        from venues.mock.books.market import Market

        named = {"market": market} if market is not None else {}
        return Market(symbol, partial(self._turn, market), lambda line: self._note(line | named))

    def history(
        self,
        symbol: str,
        span: str,
        price: str | int | Decimal | None = None,
        *,
        seed: int = 0,
        market: str | None = None,
    ) -> None:
        """Give a market a past of this length, such as `730d`; see `Market.history`.

        Raises:
            ValueError: as `market` and `Market.history` do.
        """
        self.market(symbol, market).history(span, price, seed=seed)

    @property
    def simulates(self) -> dict[str, Literal["remembers", "plays back"]]:
        """Every operation, and whether it acts on what is remembered or plays back its example."""
        return {
            name: "remembers" if self._books is not None and operation.is_kept else "plays back"
            for name, operation in self._api.by_name.items()
        }

    @property
    def made_up(self) -> dict[str, tuple[str, ...]]:
        """Operations that remember → the members of what they show that are not known, and stay as in the example."""
        if self._books is None:
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for books in self._books.each.values():
            for name, members in books.made_up.items():
                found[name] = tuple(dict.fromkeys((*found.get(name, ()), *members)))
        return found

    @property
    def assumed(self) -> dict[str, tuple[str, ...]]:
        """Market → what no documentation says of it, and is assumed: fees, leverage, or which code a broken rule has.

        Where an exchange has but one market, its name is empty.
        """
        if self._books is None:
            return {}
        trading = {name: own.trading for name, own in self._api.markets.items()} or {"": self._api.trading}
        return {name: own.assumed for name, own in trading.items() if own.assumed}

    def _time(self) -> int:
        return self.now()

    @contextmanager
    def _every_turn(self) -> Generator[Markets]:
        """Wait until no call is carried out, and give the books of all markets as they are at this time."""
        with self._lock:
            markets = self._kept()
            markets.set_time(self._time())
            yield markets

    @contextmanager
    def _turn(self, market: str | None = None) -> Generator[Books]:
        """Return the books of one market; by default, of the only one."""
        with self._every_turn() as markets:
            yield markets.of(market)

    def _offer(self, added: Added) -> None:
        super()._offer(added)
        with self._lock:
            if self._books is not None:
                self._books.of(added.market).account.instruments.add(added.facts["symbol"], added.facts)

    def _do_what_is_due(self) -> None:
        """Do what is due by now: a dead man's switch cancels orders."""
        if self._books is not None:
            with self._every_turn():
                pass

    def _hear_topics(self, topics: Collection[str]) -> None:
        """Note which topics have subscribers: orders may depend on a connection."""
        with self._lock:
            if self._books is not None and self._books.note_topics(topics, self._time()):
                self._note({"topics": sorted(topics)})

    def _kept(self) -> Markets:
        if self._books is None:
            raise ValueError(
                f"this mock exchange keeps no orders; make it without remembers=False: Mock({self._api.name!r})"
            )
        return self._books

    def _begin_anew(self) -> None:
        # Those who listen stay: streams go on after a reset.
        self._books = self._books.anew() if self._books is not None else None
        for added in self._added:
            self._offer(added)

    def _keep_books(self, operation: Operation, arguments: Mapping[str, Json], now: int) -> Answer | None:
        """Carry out what is about orders and money, and return its answer; None for what is not.

        Raises:
            RequestRefused: if the exchange would refuse it, or what it would do is unknown; then the test fails, too.
        """
        if self._books is None or not operation.is_kept:
            return None
        from venues.mock.books.order import DoneInPart, NotSimulated

        try:
            body = self._books.carry_out(operation, arguments, now)
        except NotSimulated as error:
            self._error = self._error or error
            raise RequestRefused("wrong_param", f"not simulated: {error}") from None
        except DoneInPart as done:
            return self._answers.beside(self._answers.code(done.code, now=now), done.more)
        return None if body is None else self._answers.remembered(operation, arguments, body)


def _new_books(api: Api) -> Markets:
    # Imported only here: most tests play back examples, and need no engine.
    from venues.mock.books.markets import Markets

    return Markets(api)
