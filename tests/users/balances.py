"""What an account has on every exchange, asked for at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from decimal import Decimal
from typing import NamedTuple

from venues import errors
from venues.aster_futures import AsyncAsterFutures
from venues.binance_spot import AsyncBinanceSpot
from venues.bingx_swap import AsyncBingXSwap
from venues.bitget_margin import AsyncBitgetMargin
from venues.bybit import AsyncBybit
from venues.hibt_futures import AsyncHibtFutures
from venues.sixmm import AsyncSixMM


class Holding(NamedTuple):
    asset: str
    amount: Decimal


class Account(NamedTuple):
    aster: AsyncAsterFutures
    binance: AsyncBinanceSpot
    bingx: AsyncBingXSwap
    bitget: AsyncBitgetMargin
    bybit: AsyncBybit
    hibt: AsyncHibtFutures
    sixmm: AsyncSixMM

    async def at_aster(self) -> list[Holding]:
        return [Holding(one.asset, one.balance) for one in await self.aster.account.get_balances()]

    async def at_binance(self) -> list[Holding]:
        account = await self.binance.account.get_account(omit_zero_balances=True)
        return [Holding(one.asset, one.free + one.locked) for one in account.balances]

    async def at_bingx(self) -> list[Holding]:
        one = await self.bingx.account.get_balance(currency="USDT")
        return [Holding(one.currency, one.equity)]

    async def at_bitget(self) -> list[Holding]:
        return [Holding(one.coin, one.net) for one in await self.bitget.cross.get_assets()]

    async def at_bybit(self) -> list[Holding]:
        (wallet,) = (await self.bybit.account.get_wallet_balance(account_type="UNIFIED")).items
        return [Holding(one.coin, one.equity) for one in wallet.coin if one.equity is not None]

    async def at_hibt(self) -> list[Holding]:
        one = await self.hibt.account.get_balance()
        return [Holding(one.coin.upper(), one.balance)]

    async def at_sixmm(self) -> list[Holding]:
        one = (await self.sixmm.user.get_assets()).user_asset
        return [Holding(one.asset_type, one.wallet_balance)]


async def holdings(account: Account) -> dict[str, list[Holding]]:
    """Return what is held, by exchange; one that can't be asked holds nothing, and the reason is printed."""
    asks = (
        account.at_aster,
        account.at_binance,
        account.at_bingx,
        account.at_bitget,
        account.at_bybit,
        account.at_hibt,
        account.at_sixmm,
    )
    found = await asyncio.gather(*(_ask(ask) for ask in asks))
    return dict(zip(Account._fields, found, strict=True))


async def _ask(ask: Callable[[], Awaitable[list[Holding]]]) -> list[Holding]:
    try:
        return await ask()
    except errors.VenueError as failure:  # bad key, no connection, maintenance: the others are shown all the same
        print(failure)  # it names the API and the call
        return []


async def main() -> None:
    made = Account(
        AsyncAsterFutures.from_env(),
        AsyncBinanceSpot.from_env(),
        AsyncBingXSwap.from_env(),
        AsyncBitgetMargin.from_env(),
        AsyncBybit.from_env(),
        AsyncHibtFutures.from_env(),
        AsyncSixMM.from_env(),
    )
    async with AsyncExitStack() as stack:
        for client in made:
            stack.push_async_callback(client.close)
        for exchange, held in (await holdings(made)).items():
            for asset, amount in held:
                print(f"{exchange:8} {asset:6} {amount:>20f}")


if __name__ == "__main__":
    asyncio.run(main())
