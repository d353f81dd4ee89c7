# Edited in templates/venues/mock/books/account.py; the copy in generated/ is imported.
"""What orders lock and what fills move: coins, or positions where contracts are traded."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec.structs import replace

from venues.mock.books.interest import Interests
from venues.mock.books.journal import Journal
from venues.mock.books.limits import ONE, Instruments
from venues.mock.books.money import Loan, Position
from venues.mock.books.order import NOTHING, Fill, Order
from venues.mock.books.positions import enlarged, reduced, rounded, with_leverage
from venues.mock.books.purse import Holdings, Key, Purse
from venues.mock.books.settings import Settings
from venues.mock.declared.things import Fees, Trading, Wallet
from venues.mock.request.received import RequestRefused

FREE = Fees(NOTHING, NOTHING)


class Account(Purse):
    """The money and the positions of one account."""

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
        self.fees: Fees = trading.fees or FREE
        self.has_contracts: bool = any(wallet.contracts for wallet in wallets.values())
        self.positions: dict[tuple[str, str], Position] = {}
        """By symbol and slot; those that were closed are not among them."""
        self.settings: Settings = Settings(Decimal(trading.leverage))
        self.interests: Interests | None = Interests(self, trading.interest) if trading.interest is not None else None

    def borrow(self, key: Key, quantity: Decimal) -> Loan:
        """Add borrowed money, and charge its first interest."""
        loan = super().borrow(key, quantity)
        if self.interests is not None:
            self.interests.begin(key, quantity)
        return loan

    def lock(self, order: Order, price: Decimal) -> Order:
        """Lock what an order needs, and return it with that.

        Args:
            order: A new order, or one whose size or price has changed; nothing is locked for it.
            price: At which it is expected to fill at worst.

        Raises:
            RequestRefused: if there is not enough, and somebody has deposited something at all.
        """
        key, each = self._need(order, price)
        needed = each * order.open_quantity
        available = self.balance(key).available
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

    def set_leverage(self, symbol: str, slot: str, leverage: Decimal) -> None:
        """Change the leverage of a symbol, or of one of its sides."""
        self.settings.set_leverage(symbol, slot, leverage)
        for key, position in self.positions.items():
            if position.symbol == symbol and slot in ("", position.side):
                self.positions[key] = new = with_leverage(position, leverage)
                self.change(self._margin_key(position), margin=new.margin - position.margin)

    def set_isolated(self, symbol: str, *, isolated: bool) -> None:
        """Change whether a symbol has margin of its own."""
        self.settings.set_isolated(symbol, isolated=isolated)
        for key, position in self.positions.items():
            if position.symbol == symbol:
                self.positions[key] = replace(position, isolated=isolated)

    def _margin_key(self, position: Position) -> Key:
        return self.key(position.wallet, position.symbol, position.coin)

    def settle(self, order: Order, price: Decimal, quantity: Decimal, *, maker: bool) -> Fill:
        """Let a part of an order be filled, and return that: money and position have moved then."""
        self.unlock(order, quantity)
        id = self.new_id()
        fill = Fill(
            order.id,
            order.symbol,
            order.side,
            price,
            quantity,
            maker,
            self.now,
            id,
            slot=order.slot,
            shelf=order.shelf,
            wallet=order.wallet,
            client_id=order.client_id,
            features=order.features,
            market=self.market,
            order_price=order.price or NOTHING,
            order_quantity=order.quantity,
            order_left=order.open_quantity - quantity,
        )
        return self._settle_contract(order, fill) if self.has_contracts else self._settle_coins(fill)

    def _rate(self, fill: Fill) -> Decimal:
        return self.fees.maker if fill.maker else self.fees.taker

    def _settle_coins(self, fill: Fill) -> Fill:
        instrument = self.instruments.of(fill.symbol)
        base, quote = (self.key(fill.wallet, fill.symbol, instrument.coin(which)) for which in ("base", "quote"))
        value = fill.price * fill.quantity
        moved = {base: fill.quantity, quote: -value} if fill.side == "buy" else {base: -fill.quantity, quote: value}
        received = base if fill.side == "buy" else quote
        paying = received if self.fees.paid_in == "received" else quote
        fee = rounded((fill.quantity if paying == base else value) * self._rate(fill))
        for key, change in moved.items():
            paid = fee if key == paying else NOTHING
            self.change(key, quantity=change - paid)
            self.add_entry("fill", key, change - paid, symbol=fill.symbol, fill=fill, fee=paid)
        return replace(fill, fee=fee, fee_coin=paying[2])

    def _settle_contract(self, order: Order, fill: Fill) -> Fill:
        instrument = self.instruments.of(fill.symbol)
        key = self.key(fill.wallet, fill.symbol, instrument.coin("coin"))
        fee = rounded(fill.price * fill.quantity * instrument.worth * self._rate(fill))
        position, profit = self._moved_position(order, fill, key)
        self.change(key, quantity=profit - fee, profit=profit)
        fill = replace(fill, fee=fee, fee_coin=key[2], profit=profit, position_id=position.id)
        for kind, amount in (("profit", profit), ("fee", -fee)):
            if amount:
                self.add_entry(kind, key, amount, symbol=fill.symbol, fill=fill)  # type: ignore[arg-type]  # literals
        return fill

    def _moved_position(self, order: Order, fill: Fill, key: Key) -> tuple[Position, Decimal]:
        """Let a fill change a position, and return it with the profit."""
        at = (fill.symbol, fill.slot)
        position = self.positions.get(at)
        profit = NOTHING
        rest = fill.quantity
        if position is not None and position.side != fill.side:
            closed = min(rest, position.quantity)
            position, profit = reduced(position, fill.price, closed, self.now)
            rest -= closed
        if rest:
            # What is left of a fill that was larger than the position opens one on the other side.
            opened = position if position is not None and position.quantity else self._new_position(order, fill)
            position = enlarged(opened, fill.price, rest, self.leverage(order), self.now)
        assert position is not None  # a fill is never empty
        old = self.positions.get(at)
        before = (old.margin, old.open_profit) if old else (NOTHING, NOTHING)
        self.change(key, margin=position.margin - before[0], open_profit=position.open_profit - before[1])
        if position.quantity:
            self.positions[at] = position
        else:
            self.positions.pop(at, None)
        return position, profit

    def _new_position(self, order: Order, fill: Fill) -> Position:
        instrument = self.instruments.of(fill.symbol)
        return Position(
            self.new_id(),
            fill.symbol,
            fill.slot,
            fill.side,
            NOTHING,
            NOTHING,
            instrument.worth,
            self.leverage(order),
            self.settings.is_isolated(fill.symbol),
            NOTHING,
            NOTHING,
            instrument.coin("coin"),
            self.now,
            self.now,
            fill.wallet,
            fill.price,
            market=self.market,
        )

    def tell_position(self, fill: Fill) -> None:
        """Tell those who listen what a fill has moved."""
        instrument = self.instruments.of(fill.symbol)
        if not self.has_contracts:
            coins = [instrument.coin(which) for which in ("base", "quote")]
            self.tell(*(self.key(fill.wallet, fill.symbol, coin) for coin in coins))
            return
        position = self.positions.get((fill.symbol, fill.slot))
        if position is not None:
            self._journal.note(position)
        self.tell(self.key(fill.wallet, fill.symbol, instrument.coin("coin")))

    def fund(self, symbol: str, rate: Decimal) -> Decimal:
        """Let the positions of a symbol pay funding or receive it, and return what came of it for the account."""
        received = NOTHING
        for position in [each for each in self.positions.values() if each.symbol == symbol]:
            value = position.market_price * position.quantity * position.worth
            amount = rounded(-value * rate if position.side == "buy" else value * rate)
            key = self._margin_key(position)
            self.change(key, quantity=amount)
            self.add_entry("funding", key, amount, symbol=symbol)
            self.tell(key)
            received += amount
        return received

    def set_price(self, symbol: str, price: Decimal) -> None:
        """Let the open profit of positions follow the market."""
        for at in [at for at in self.positions if at[0] == symbol]:
            old = self.positions[at]
            self.positions[at] = new = replace(old, market_price=price)
            if new.open_profit != old.open_profit:
                self.change(self._margin_key(new), open_profit=new.open_profit - old.open_profit)
