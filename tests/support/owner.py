"""The money of an account on a mock exchange that remembers, for any API."""

from __future__ import annotations

from tests.support.orders import OrderCall
from tests.support.traders import PLACES, Trader
from venues.mock import Mock
from venues.mock.books.money import Balance
from venues.mock.declared.holders import Holder
from venues.mock.exact import parse, value_at


def coins_of(mock: Mock, symbol: str) -> tuple[str, str]:
    """Return the base and quote coin of a symbol."""
    with mock._turn() as books:
        instrument = books.account.instruments.of(symbol)
        return instrument.coin("base"), instrument.coin("quote")


def has_contracts(place: OrderCall) -> bool:
    return any(wallet.contracts for wallet in place.spec.wallets.values())


class Owner:
    """The money of the account that a way to place orders takes it from."""

    def __init__(self, trading: Trader, symbol: str = "") -> None:
        self.trading, self.mock = trading, trading.mock
        # An order against a position has no symbol of its own.
        examples = [place.example for api, place in [(trading.api, trading.place), *PLACES] if api is trading.api]
        self.symbol: str = symbol or next(example["symbol"] for example in examples if "symbol" in example)
        self.base, self.quote = coins_of(self.mock, self.symbol)
        wallet = trading.place.spec.wallets.get(trading.place.declared.wallet)
        self._where = {
            "wallet": trading.place.declared.wallet,
            "symbol": self.symbol if wallet and wallet.per_symbol else "",
        }

    def deposit(self, coin: str, quantity: str) -> None:
        self.mock.account.deposit(coin, quantity, **self._where)

    def balance(self, coin: str) -> Balance:
        return self.mock.account.balance(coin, **self._where)

    async def shown(self, thing: str, **meant: str) -> list[dict[str, str]]:
        """Return what every call that shows such things shows, by what the members mean."""
        found = []
        for operation in self.trading.place.spec.operations:
            things = operation.things
            if things is None or things.does not in ("get", "list") or things.wallet != self._where["wallet"]:
                continue
            for holder in things.holders:
                if holder.thing == thing:
                    body = await self.trading.call_operation(operation, symbol=self.symbol, **meant)
                    found += _read(holder, body)
        return found


def _read(holder: Holder, body: bytes) -> list[dict[str, str]]:
    listed = value_at(parse(body), holder.path)
    things = listed if isinstance(listed, list) and holder.form == "list" else [listed]
    return [
        {
            member.phrase: str(value_at(one, member.path))
            for member in holder.members
            if value_at(one, member.path) is not None
        }
        for one in things
    ]
