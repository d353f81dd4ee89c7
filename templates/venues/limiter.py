# Edited in templates/venues/limiter.py; the copy in generated/ is imported.
"""Keeps calls within the exchange's limits: in memory, or in Redis by Redis itself.

One limiter may serve several clients; with a Redis URL it serves all processes and machines that share a key or address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from venues.core.request.limits import Charge, Limit, Usage
from venues.errors import InvalidRequest

if TYPE_CHECKING:
    from venues.core.outcome.limits.in_memory import MemoryCounts
    from venues.core.outcome.limits.in_redis import RedisCounts

__all__ = ["Bucket", "Charge", "Limit", "Limiter", "Limits", "NoLimiter", "Usage", "limiter_of", "owner_of"]


def owner_of(api: str, by: str, key: str | None) -> str:
    """Name the owner of a limit: the address, or a hash of the API key."""
    if by == "ip" or key is None:
        return f"{api}:ip"
    # A hash, because owners are keys in Redis, which others may read; 80 bits are enough to tell keys apart.
    return f"{api}:{hashlib.sha256(key.encode()).hexdigest()[:20]}"


Bucket = Limit
"""The former name of `Limit`."""


class Limiter:
    """Counts calls in moving windows; by default in this process's memory, with a `redis://` URL in Redis."""

    def __init__(
        self, url: str = "memory://", *, wait: bool = True, longest: float = 65.0, timeout: float = 5.0
    ) -> None:
        """Make a limiter.

        Args:
            url: Where the counts are: `memory://`, or `redis://host:port/db` (needs the extra `redis`).
            wait: Whether a call waits until it may be sent; otherwise it raises `RateLimited` and nothing is sent.
            longest: Seconds that a call waits at most before it raises all the same; the windows of most exchanges have
                a minute, and a margin.
            timeout: Seconds to wait for Redis; less where a client's own time-out is less.

        Raises:
            InvalidRequest: if the address can't be read; its password is not shown.
        """
        if not isinstance(url, str) or not url.startswith(("memory:", "redis:", "rediss:", "unix:")):
            raise InvalidRequest("limiter is none of a `Limiter`, `memory://`, a `redis://` address and `off`")
        self.wait = wait
        self.longest = longest
        self._is_in_memory = url.startswith("memory:")
        # Loaded when it is chosen: most programs never need the library for Redis.
        self._counts: MemoryCounts | RedisCounts = _in_memory() if self._is_in_memory else _in_redis(url, timeout)

    def __repr__(self) -> str:
        return f"<Limiter {'in memory' if self._is_in_memory else 'in Redis'}>"

    def take(self, charges: Sequence[Charge], *owners: str) -> float:
        """Take from the limits; return 0, or the seconds after which it is worth trying again.

        Args:
            charges: What is taken from which limit.
            *owners: Whose calls these are; while one of them is blocked, nothing is taken.

        Raises:
            ConnectionFailed: if Redis can't be reached; nothing is sent then.
        """
        return self._counts.take(charges, owners)

    async def take_async(self, charges: Sequence[Charge], *owners: str) -> float:
        """Do what `take` does, without blocking the loop."""
        return await self._counts.take_async(charges, owners)

    def taker(self, *owners: str) -> Callable[[Sequence[Charge]], float]:
        """Return what does the same as `take` for these owners, with a call less; each call of a client asks it."""
        if type(self).take is Limiter.take:
            return partial(self._counts.take, owners=owners)
        return lambda charges: self.take(charges, *owners)

    def taker_async(self, *owners: str) -> Callable[[Sequence[Charge]], Awaitable[float]]:
        """Return what does the same as `take_async`."""
        if type(self).take_async is Limiter.take_async:
            return partial(self._counts.take_async, owners=owners)
        return lambda charges: self.take_async(charges, *owners)

    def correct(self, charge: Charge, used: int) -> None:
        """Raise the count to what the exchange says is used."""
        self._counts.correct(charge, used)

    async def correct_async(self, charge: Charge, used: int) -> None:
        """Do what `correct` does, without blocking the loop."""
        await _on_thread(self.correct, charge, used)

    def block(self, owner: str, seconds: float) -> None:
        """Send nothing for this owner for a while."""
        self._counts.block(owner, seconds)

    async def block_async(self, owner: str, seconds: float) -> None:
        """Do what `block` does, without blocking the loop."""
        await _on_thread(self.block, owner, seconds)

    def correct_soon(self, charge: Charge, used: int) -> None:
        """Do what `correct` does, without waiting for Redis."""
        self._counts.correct_soon(charge, used)

    def block_soon(self, owner: str, seconds: float) -> None:
        """Do what `block` does, without waiting for Redis; in this process it holds at once."""
        self._counts.block_soon(owner, seconds)

    def usage(self, limit: Limit, owner: str) -> Usage:
        """Tell how much of a limit is used.

        Raises:
            ConnectionFailed: if Redis can't be reached.
        """
        used, left = self._counts.usage(limit, owner)
        return Usage(limit.name, limit.amount, used, left if used >= limit.amount else 0.0)

    def blocked(self, owner: str) -> float:
        """Return the seconds for which nothing is sent for an owner.

        Raises:
            ConnectionFailed: if Redis can't be reached.
        """
        return self._counts.blocked(owner)

    def is_silent(self, *owners: str) -> bool:
        """Whether nothing is sent for one of these owners, as far as this process knows; Redis is not asked."""
        return self._counts.block_left(owners) > 0

    def lift(self, owner: str) -> None:
        """End a block, everywhere.

        Raises:
            ConnectionFailed: if Redis can't be reached.
        """
        self._counts.lift(owner)

    def bound(self, seconds: float) -> None:
        """Wait for Redis no longer than so many seconds, from its next connection on."""
        self._counts.bound(seconds)

    def close(self) -> None:
        """Close the connections to Redis that sync clients opened; the limiter opens new ones when it is used again."""
        self._counts.close()

    async def close_async(self) -> None:
        """Close the connections to Redis that async clients of this event loop opened."""
        await self._counts.close_async()


def _in_memory() -> MemoryCounts:
    from venues.core.outcome.limits.in_memory import MemoryCounts

    return MemoryCounts()


def _in_redis(url: str, timeout: float) -> RedisCounts:
    from importlib.util import find_spec

    if find_spec("redis") is None:
        raise InvalidRequest("a limiter at a redis:// address needs the extra `redis`: pip install 'venues[redis]'")
    from venues.core.outcome.limits.in_redis import RedisCounts

    return RedisCounts(url, timeout)


class NoLimiter(Limiter):
    """Counts nothing and never waits; what the exchange refuses is then refused."""

    def take(self, charges: Sequence[Charge], *owners: str) -> float:
        """Let everything pass."""
        return 0.0

    async def take_async(self, charges: Sequence[Charge], *owners: str) -> float:
        """Let everything pass."""
        return 0.0

    def correct(self, charge: Charge, used: int) -> None:
        """Count nothing."""

    async def correct_async(self, charge: Charge, used: int) -> None:
        """Count nothing."""

    def block(self, owner: str, seconds: float) -> None:
        """Block nothing."""

    def correct_soon(self, charge: Charge, used: int) -> None:
        """Count nothing."""

    def block_soon(self, owner: str, seconds: float) -> None:
        """Block nothing."""


class Limits:
    """What of an API's limits is used, as `client.limits`: by this client, and by all that share its limiter.

    With a limiter in Redis each method asks it, and blocks so long; in an event loop call it by `asyncio.to_thread`.
    """

    def __init__(
        self,
        limiter: Limiter,
        owners: Mapping[str, str],
        known: Callable[[], Mapping[str, Limit]],
        named: Callable[[str], Limit | None],
    ) -> None:
        self._limiter = limiter
        self._owners = owners
        self._known = known
        self._named = named

    def __repr__(self) -> str:
        return f"<Limits: {', '.join(self._known()) or 'none'}>"

    def usage(self, *names: str) -> dict[str, Usage]:
        """Return how much of the limits is used, by their names.

        Args:
            names: Limits that operations share, or operations that have a limit of their own, as `trade.place_order`.
                Without any: all that are shared, and those of the operations that this client has called.

        Raises:
            InvalidRequest: if the API has no limit of that name.
            ConnectionFailed: if the limiter's Redis can't be reached.
        """
        limits = {name: self._limit(name) for name in names} or self._known()
        return {name: self._limiter.usage(limit, self._owners[limit.by]) for name, limit in limits.items()}

    def _limit(self, name: str) -> Limit:
        limit = self._named(name)
        if limit is None:
            raise InvalidRequest(f"there is no limit {name!r}; the API has {', '.join(self._known()) or 'none'}")
        return limit

    def blocked(self) -> float:
        """Return the seconds for which nothing is sent, because the exchange asked for silence; 0 if it did not.

        Raises:
            ConnectionFailed: if the limiter's Redis can't be reached.
        """
        return max(self._limiter.blocked(owner) for owner in set(self._owners.values()))

    def lift(self) -> None:
        """Send again although the exchange asked for silence; it may ban who does so too early.

        Raises:
            ConnectionFailed: if the limiter's Redis can't be reached.
        """
        for owner in set(self._owners.values()):
            self._limiter.lift(owner)


async def _on_thread(work: Callable[..., None], *given: Any) -> None:  # Any: passed on as given
    from asyncio import to_thread

    await to_thread(work, *given)


def limiter_of(given: Limiter | str | None) -> Limiter:
    """Return a limiter: the given one, one at an address, `off`, or the one that all clients of this process share."""
    if isinstance(given, Limiter):
        return given
    if given == "off":
        return NoLimiter()
    if given is not None:
        return Limiter(given)
    from venues.core.outcome.limits.in_memory import SHARED

    limiter = Limiter()
    limiter._counts = SHARED
    return limiter
