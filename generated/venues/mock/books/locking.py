# Edited in templates/venues/mock/books/locking.py; the copy in generated/ is imported.
"""What orders lock, until they are filled or have ended: coins, or margin where contracts are traded."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec.structs import replace

from venues.mock.books.journal import Journal
from venues.mock.books.limits import ONE, Instruments
from venues.mock.books.money import Position
from venues.mock.books.order import NOTHING, Order
from venues.mock.books.purse import Holdings, Key, Purse
from venues.mock.books.settings import Settings
from venues.mock.declared.things import Trading, Wallet
from venues.mock.request.received import RequestRefused


class Locking(Purse):
    """The money of one account as far as orders lock it, and the positions that they enlarge or reduce."""

    def __init__(
        self,
        trading: Trading,
        wallets: Mapping[str, Wallet],
        instruments: Instruments,
        journal: Journal,
        holdings: Holdings | None = None,
        market: str = "",
    ) -> None:
        super().__init__(wallets, journal, holdings, market)
        self.trading = trading
        self.instruments = instruments
        self.has_contracts: bool = any(wallet.contracts for wallet in wallets.values())
        self.positions: dict[tuple[str, str], Position] = {}
        """By symbol and slot; those that were closed are not among them."""
        self.settings: Settings = Settings(Decimal(trading.leverage))

    def lock(self, order: Order, price: Decimal) -> Order:
        """Lock what an order needs, and return it with that.

        Args:
            order: A new order, or one whose size or price has changed; nothing is locked for it.
            price: At which it is expected to fill at worst.

        Raises:
            RequestRefused: if there is not enough, and anything was deposited at all.
        """
        key, each = self._need(order, price)
        needed = each * order.open_quantity
        available = self.balance(key).available
        # Most tests are not about money: without a deposit, everything can be paid.
        if self.is_counted(key) and needed > available:
            raise RequestRefused("insufficient_balance", f"{needed:f} {key[2]} are needed, {available:f} are available")
        if needed:
            self._hold(key, needed)
        return replace(order, held=each, held_coin=key[2])

    def unlock(self, order: Order, quantity: Decimal) -> None:
        """Free what was locked for a part of an order."""
        if order.held and quantity:
            self._hold(self._key_of(order), -order.held * quantity)

    def relock(self, order: Order) -> None:
        """Lock again what was locked for an order before."""
        if order.held:
            self._hold(self._key_of(order), order.held * order.open_quantity)

    def _hold(self, key: Key, quantity: Decimal) -> None:
        is_margin = self.market and self.has_contracts
        self.change(key, locked=quantity, margin_locked=quantity if is_margin else NOTHING)

    def tell_locked(self, order: Order) -> None:
        """Tell those who listen of the balance in which money for an order is locked, if any is."""
        if order.held and order.open_quantity:
            self.tell(self._key_of(order))

    def _key_of(self, order: Order) -> Key:
        return self.key(order.wallet, order.symbol, order.held_coin)

    def _need(self, order: Order, price: Decimal) -> tuple[Key, Decimal]:
        """Return which coin an order locks, and how much for each unit."""
        instrument = self.instruments.of(order.symbol)
        if not self.has_contracts:
            coin = instrument.coin("quote" if order.side == "buy" else "base")
            return self.key(order.wallet, order.symbol, coin), price if order.side == "buy" else ONE
        key = self.key(order.wallet, order.symbol, instrument.coin("coin"))
        return key, NOTHING if self.reduces(order) else price * instrument.worth / self.leverage(order)

    def reduces(self, order: Order) -> bool:
        """Whether an order can only make a position smaller, and so needs no margin."""
        position = self.positions.get((order.symbol, order.slot))
        if position is None or position.side == order.side:
            return False
        return order.is_reducing or order.open_quantity <= position.quantity

    def reducible(self, order: Order) -> Decimal:
        """Return how much of a position an order could close."""
        position = self.positions.get((order.symbol, order.slot))
        return position.quantity if position is not None and position.side != order.side else NOTHING

    def leverage(self, order: Order) -> Decimal:
        """Return the leverage that an order opens with: its own, or that of the symbol."""
        own = order.said.get("leverage")
        return Decimal(own) if own else self.settings.leverage(order.symbol, order.slot or order.side)
