"""Compares documented figures: whether a limit, a weight or a window refuses calls that were accepted before."""

from __future__ import annotations

import re

from generator.drift.compare.changes import Level

_AMOUNT = re.compile(r"(?P<amount>\d[\d,]*)(?P<rest>.*)")


def level_of_figures(name: str, old: str, new: str) -> Level:
    """Return what a change of a `limit`, a `weight` or a `window` means for those who call.

    A new one is news: it may be as old as the exchange. One that goes refuses no request.
    Where it can't be said which of two is tighter, the new one is.
    """
    return "new" if not old or not new or _is_looser(name, old, new) else "breaking"


def _is_looser(name: str, old: str, new: str) -> bool:
    """Whether none of several figures became tighter, in the same order and with the same words behind them."""
    before, after = _amounts(old), _amounts(new)
    if [rest for _, rest in before] != [rest for _, rest in after]:
        return False
    # Of weights, the small ones are loose.
    low, high = (after, before) if name == "weight" else (before, after)
    return all(small <= large for (small, _), (large, _) in zip(low, high, strict=True))


def _amounts(text: str) -> list[tuple[int, str]]:
    """Return figures with what follows them: `10/1s ip` is 10 of `/1s ip`; a figure that can't be read is -1."""
    found = [(part, _AMOUNT.fullmatch(part)) for part in text.split("|")]
    return [(int(m["amount"].replace(",", "")), m["rest"]) if m else (-1, part) for part, m in found]
