# Edited in templates/venues/core/trading/spelling.py; the copy in generated/ is imported.
"""How an exchange spells BTC/USDT."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from venues.core.trading.instrument import Instrument
from venues.errors import InvalidRequest


def find_symbol(pair: str, instruments: Mapping[str, Instrument]) -> str:
    """Return the exchange's spelling of a pair.

    Raises:
        InvalidRequest: if nothing, or more than one thing, is traded under that name.
    """
    # The exchange's own spelling is always accepted, even if it looks like a pair.
    if pair in instruments:
        return pair
    coins = pair.upper().split("/")
    found = [symbol for symbol, instrument in instruments.items() if coins == _coins(instrument)]
    # A dated contract has the same coins as the perpetual one; its symbol also says the date.
    bare = [symbol for symbol in found if _letters(symbol) == "".join(coins)]
    for candidates in (found, bare):
        if len(candidates) == 1:
            return candidates[0]
    if found:
        raise InvalidRequest(f"{pair} is traded as {', '.join(sorted(found))}; pass one of them")
    raise InvalidRequest(f"{pair!r} is not traded here{_hint(pair, instruments)}")


def is_traded(pair: str, instruments: Mapping[str, Instrument]) -> bool:
    """Whether something is traded under a name."""
    coins = pair.upper().split("/")
    return pair in instruments or any(coins == _coins(instrument) for instrument in instruments.values())


def find_instrument(symbol: str, instruments: Mapping[str, Instrument]) -> Instrument:
    """Return an instrument by the exchange's spelling of its symbol.

    Raises:
        InvalidRequest: if there is none.
    """
    if symbol in instruments:
        return instruments[symbol]
    raise InvalidRequest(f"there is no instrument {symbol!r}{_hint(symbol, instruments)}")


def _hint(symbol: str, instruments: Mapping[str, Instrument]) -> str:
    """Return a hint at the symbol with the same letters, or at the nearest one."""
    spelled = {_letters(known): known for known in instruments}
    near = get_close_matches(_letters(symbol), spelled, n=1)
    return f"; did you mean {spelled[near[0]]!r}?" if near else "; pass base and quote asset, such as BTC/USDT"


def _letters(symbol: str) -> str:
    return "".join(filter(str.isalnum, symbol)).upper()


def _coins(instrument: Instrument) -> list[str]:
    return [(instrument.base or "").upper(), (instrument.quote or "").upper()]
