# Edited in templates/venues/core/request/operation.py; the copy in generated/ is imported.
"""What a client knows about one call."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from venues.core.request.encoding import Encoding
from venues.core.request.likeness import Likeness
from venues.core.request.limits import Cost, Limit
from venues.core.request.lookups import Echo, Ids, Lookup
from venues.core.request.placing import Constants

if TYPE_CHECKING:
    from venues.core.request.paging import Paging

T_co = TypeVar("T_co", covariant=True)
F_co = TypeVar("F_co", covariant=True)
I_co = TypeVar("I_co", covariant=True)


@dataclass(frozen=True, eq=False)
class Operation(Encoding, Generic[T_co]):
    """One HTTP call of an API."""

    method: Literal["GET", "POST", "PUT", "DELETE", "PATCH"]
    path: str
    auth: Literal["none", "key", "signed"]
    effect: Literal["read", "repeatable", "once"]
    """What sending it twice would do: `read` nothing, `repeatable` no more than once, `once` the same thing twice."""
    returns: Any  # a type, as `list[Order]`; Any because types of generics have no better name
    carrier: Literal["query", "json", "form"] = "query"
    """Where parameters go that have no `place` of their own."""
    bare: bool = False
    """Whether the JSON body is the value of its only parameter, a bare list."""
    constants: Constants = ()
    """What every call sends or signs, whatever the caller passes."""
    schemes: tuple[str, ...] = ()
    """The signing schemes that it accepts; none means all."""
    client_id: str | None = None
    """The parameter (wire name) that holds the caller's own id."""
    payload: Literal["data", "body"] = "data"
    unwrap: str | None = None
    list_of: str | None = None
    """The member of what is returned that a bare list stands for."""
    joins: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]] | None = None
    """A list of the body, a second one whose items belong to those at the same places, and the members that these have."""
    single: bool = False
    lax: bool = False
    """Whether numbers or booleans of the answer arrive inside strings."""
    also: tuple[str, ...] = ()
    """Other names that members of the answer may have; their structs say whose."""
    limit: Limit | None = None
    """A rate limit of this operation alone."""
    costs: tuple[Cost, ...] = ()
    """What a call takes from limits that several operations share; of one limit, the first cost that fits counts."""
    lookups: tuple[Lookup, ...] = ()
    """How to learn the outcome of a call, tried in order."""
    likeness: tuple[Likeness, ...] = ()
    """Where nothing finds what was made by an id: the lists that show it, read together."""
    conclusive: bool = False
    """Whether an order (or loan, …) that no lookup finds was certainly not made."""
    visible_ms: int = 0
    """How long after it was made an order may still be missing from the answers, in milliseconds."""
    findable_ms: int | None = None
    """How long after it was made an order is found for certain, in milliseconds; None: always."""
    ids: Ids = "exact"
    """In which case the exchange writes the caller's id back."""
    prefix: str = ""
    """What the exchange puts before the caller's id."""
    batch: tuple[str, str] | None = None
    """Of a call that makes several things: the parameter that holds the list, and the member with an item's own id."""
    secret: frozenset[str] = frozenset()
    """Parameters (wire names) that must not be shown."""
    needs: tuple[str, ...] = ()
    """The members (wire names) without which what is returned is nothing: its id."""
    echoes: tuple[Echo, ...] = ()
    """What in the answer must agree with what was sent."""
    item_ids: tuple[str, ...] = ()
    """Members (our names) in which the answer to a batch names the caller's ids of its items."""
    item_keys: tuple[str, ...] = ()
    """Members that are objects whose keys are those ids."""
    made_ids: tuple[str, ...] = ()
    """Members (wire names) that hold the exchange's ids of what was made, where the answer is not that one thing."""
    done: frozenset[str] = frozenset()
    """Codes that say, after an earlier attempt, that what was asked for is done."""
    null_is_empty: bool = False
    """Whether the exchange writes null for a list without members."""
    may_be_empty: bool = False
    """Whether an object without members is an answer in some case."""
    paging: Paging | None = None
    """How its pages are asked for, if it returns a list page by page."""

    def __repr__(self) -> str:
        return f"<Operation {self.full_name}: {self.method} {self.path}>"

    def __reduce__(self) -> tuple[Callable[[str, str], Any], tuple[str, str]]:
        """Let pickles and copies be the constant itself: clients compare operations by identity.

        Raises:
            TypeError: if this is no constant, as in what `client.request` returns.
        """
        constant = f"{self.group}_{self.name}".upper()
        for name, module in list(sys.modules.items()):
            if name.endswith(f".operations.{self.group}") and getattr(module, constant, None) is self:
                return _constant, (name, constant)
        raise TypeError(f"{self!r} can't be pickled, for it is none of an API's constants")

    @cached_property
    def own_id(self) -> str | None:
        """The parameter (wire name) without which a call that must happen once can't be looked up."""
        return self.client_id if self.effect == "once" and not self.batch else None

    @cached_property
    def has_conditional_costs(self) -> bool:
        """Whether what a call costs depends on its parameters."""
        return any(cost.when or cost.per for cost in self.costs)

    @cached_property
    def shares_carrier(self) -> bool:
        """Whether all parameters go where the operation's parameters go, so that none has to be placed on its own."""
        # A bare list counts as placed on its own: then no other request is asked whether it is one.
        return not self.bare and all(param.place is None and param.write != "repeat" for param in self.params)


def _constant(module: str, name: str) -> Operation[Any]:
    """Return a constant; what an operation is pickled as."""
    found: Operation[Any] = getattr(import_module(module), name)
    return found


class Findable(Operation[T_co], Generic[T_co, F_co]):
    """An operation whose effect can be looked up: `client.reconcile(error, operation)` finds an F_co."""


class Paged(Operation[T_co], Generic[T_co, I_co]):
    """An operation that returns a list page by page: its `iter_` method gives each I_co."""
