# Edited in templates/venues/core/books/choice.py; the copy in generated/ is imported.
"""Which channel gives the order book of a symbol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from venues.core.channels.book_rule import BookRule
from venues.core.channels.channel import Channel
from venues.errors import InvalidRequest


def choose_channel(
    api: str, kinds: Sequence[type[Channel[Any]]], symbol: str, depth: int | None, market: str | None = None
) -> Channel[Any]:
    """Return the channel for a book.

    Whole books with enough levels come before changes: they cost no snapshot, and each push heals.

    Args:
        api: Name of the API.
        kinds: The classes of its channels that give books.
        symbol: As the exchange writes it.
        depth: How many levels a side are wanted; as many as there are, if None.
        market: The market of the symbol, where the API has several.

    Raises:
        InvalidRequest: if no channel gives so many, or the API has no order book to keep.
    """
    if not kinds:
        raise InvalidRequest(f"{api} documents no order book that could be kept up to date")
    if depth is not None and (isinstance(depth, bool) or not isinstance(depth, int)):
        raise InvalidRequest(f"depth is {depth!r}; pass an int")
    if depth is not None and depth < 1:
        raise InvalidRequest(f"depth is {depth}; the least is 1")
    kinds = _in_market(api, kinds, market)
    # The smallest that reaches: fewer levels per push, less to read.
    for kind in sorted(kinds, key=lambda kind: _reach(_rule(kind))):
        if _reach(_rule(kind)) >= _reach_of(depth):
            return _open(kind, symbol, depth, market)
    # All levels were asked for, and no channel has all: the deepest comes closest.
    if depth is None:
        return _open(max(kinds, key=lambda kind: _reach(_rule(kind))), symbol, depth, market)
    most = max(_reach(_rule(kind)) for kind in kinds)
    raise InvalidRequest(f"depth is {depth}; {api} gives {most:g} levels a side at most")


def _in_market(api: str, kinds: Sequence[type[Channel[Any]]], market: str | None) -> Sequence[type[Channel[Any]]]:
    """Return the channels that give books of a market; all, where the API has one only."""
    known = dict.fromkeys(name for kind in kinds if kind.SPEC.chosen_by for name in kind.SPEC.connections)
    if not known:
        return kinds
    fitting = [kind for kind in kinds if market in (kind.SPEC.connections or (kind.SPEC.connection,))]
    if not fitting:
        raise InvalidRequest(
            f"{api} has books of several markets; pass one of them as `market`, as {next(iter(known))!r}"
        )
    return fitting


def rule_of(channel: Channel[Any]) -> BookRule:
    """Return how a channel gives an order book.

    Raises:
        InvalidRequest: if it gives none.
    """
    rule = channel.SPEC.book
    if rule is None:
        raise InvalidRequest(f"{channel!r} gives no order book")
    return rule


def _rule(kind: type[Channel[Any]]) -> BookRule:
    rule = kind.SPEC.book
    assert rule is not None, kind
    return rule


def _reach_of(depth: int | None) -> float:
    return float("inf") if depth is None else depth


def _reach(rule: BookRule) -> float:
    """Return how many levels a side a rule gives."""
    most = rule.join.levels if rule.join is not None else rule.most()
    return float("inf") if most is None else most


def _open(kind: type[Channel[Any]], symbol: str, depth: int | None, market: str | None) -> Channel[Any]:
    rule = _rule(kind)
    arguments: dict[str, Any] = {rule.symbol: symbol, **rule.constants}
    if rule.market is not None:
        arguments[rule.market] = market
    if rule.depth is not None:
        arguments[rule.depth] = rule.depths[min(size for size in rule.depths if size >= (depth or rule.most() or 0))]
    opened: Any = kind
    channel: Channel[Any] = opened(**arguments)
    return channel
