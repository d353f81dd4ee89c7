# Edited in templates/venues/core/call/budget.py; the copy in generated/ is imported.
"""What the calls of a client take from the exchange's rate limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from venues import errors
from venues.core.profile import Profile
from venues.core.request.limits import Charge, Limit
from venues.core.request.operation import Operation
from venues.core.values.secrets import Secret
from venues.limiter import owner_of

SILENCE, SILENCE_OF_THE_BANNED = 1.0, 120.0
"""Seconds in which nothing is sent after 429 and 418, where the exchange does not say how long.

A second is the shortest window that exchanges count in; two minutes are the shortest ban that exchanges document.
"""
NO_USES: Mapping[str, int] = {}
"""What the exchange says is used, where it says nothing."""
MOST_USED = 100
"""How often a limit can be used at most; a header that says more is mistaken, and would silence a key for a minute."""


class Budget:
    """What the calls of one client take from which limit, and whose calls a refusal stops."""

    def __init__(self, profile: Profile, credentials: Mapping[str, Secret], place: str) -> None:
        """Make a budget.

        Args:
            profile: Of the API.
            credentials: Of the client.
            place: Where it sends: a test environment has limits of its own, and so has any other server.
        """
        self._limits = profile.limits
        self._operation = profile.operation
        # The first credential names the account: a hash of it is what its clients have in common.
        name = next((name for name in profile.credentials if name in credentials), None)
        key = credentials[name].reveal() if name else None
        self.owners: dict[str, str] = {by: owner_of(place, by, key) for by in ("ip", "uid", "key")}
        self.parties: tuple[str, str] = (self.owners["key"], self.owners["ip"])
        """Whose silence stops a call."""
        self._own: dict[str, Limit] = {}
        """The limits of single operations that were called, by group and name."""

    def known(self) -> dict[str, Limit]:
        """Return the limits that operations share, and those of single ones that were called, by name."""
        return {**self._limits, **self._own}

    def limit(self, name: str) -> Limit | None:
        """Return a limit by its name, or that of an operation by group and name; None if there is none."""
        if name in self._limits:
            return self._limits[name]
        operation = self._operation(name)
        return operation.limit if operation is not None else None

    def constant_charges(self, operation: Operation[Any]) -> list[Charge] | None:
        """Return what each call of an operation takes; None where that depends on its arguments."""
        return None if operation.has_conditional_costs else self.charges(operation, {})

    def charges(self, operation: Operation[Any], sent: Mapping[str, object]) -> list[Charge]:
        """Return what a call takes.

        Args:
            operation: What is called.
            sent: Its encoded arguments, by wire name: there are calls that cost more the more they ask for.
        """
        charges: dict[str, Charge] = {}
        for cost in operation.costs:
            if cost.limit not in charges and all(when.holds(sent, operation.by_wire) for when in cost.when):
                limit = self._limits[cost.limit]
                charges[cost.limit] = Charge(limit, cost.of(sent), self.owners[limit.by])
        own = operation.limit
        if own is not None:
            # A limit of one operation counts calls, whatever they ask for.
            charges[own.name] = Charge(own, 1, self.owners[own.by])
            self._own[operation.full_name] = own
        # A case may cost nothing, and asking the limiter costs time.
        return [charge for charge in charges.values() if charge.amount]

    def blocks(self, error: errors.ApiError, charges: Sequence[Charge]) -> list[tuple[str, float]]:
        """Return whose calls a refusal stops, and for how many seconds; none if it says nothing of limits."""
        if not isinstance(error, errors.RateLimited):
            return []
        is_ban = isinstance(error, errors.Banned)
        asked = error.retry_after
        if asked is None:
            asked = SILENCE_OF_THE_BANNED if is_ban else SILENCE
        owners = {self.owners["key"], *(charge.owner for charge in charges)}
        if is_ban:  # exchanges ban addresses, so that the other keys behind it have to wait, too
            owners.add(self.owners["ip"])
        return [(owner, asked) for owner in owners] if asked else []


def reported_uses(charges: Sequence[Charge], headers: Mapping[str, str]) -> list[tuple[Charge, int]]:
    """Return how much of each limit is used, as far as the headers of an answer report it."""
    uses = []
    for charge in charges:
        text = headers.get(charge.header) if charge.header else None
        if text is not None and (used := _use(charge.limit, text)) is not None:
            uses.append((charge, used))
    return uses


def _use(limit: Limit, text: str) -> int | None:
    """Return how much of a limit is used, by the text of a header; None if it can't be believed."""
    if not text.isdecimal() or len(text) > errors.DIGITS:
        return None
    # Who is allowed more than the documented limit has more left than it holds: then nothing of it is used.
    used = int(text) if limit.header else max(0, limit.amount - int(text))
    return used if used <= MOST_USED * limit.amount else None


def exceeded_error(wait: float, operation: Operation[Any], *, is_silent: bool) -> errors.RateLimited:
    """Return the error of a call for which the limits leave no room in time, or which the exchange asked to wait."""
    told = "the exchange asks to wait another" if is_silent else "the limit leaves room in"
    message = f"{told} {wait:.2f} s; nothing was sent"
    return errors.RateLimited(
        "", message, status=0, headers={"Retry-After": f"{wait:.3f}"}, body=b"", operation=operation.full_name
    )
