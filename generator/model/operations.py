"""The HTTP calls: what is sent, what comes back, and what is known of what they do."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct as Record

from generator.model.codes import ErrorCode
from generator.model.deeds import Deed, Forgets, Leg, Shelf
from generator.model.documentation import Page, Quirk
from generator.model.likeness import Likeness
from generator.model.limits import Cost, Limit
from generator.model.lookups import Batch, Echo, Ids, Lookup
from generator.model.paging import Paging
from generator.model.types import Condition, Json, Param, Rule, Scalar, Type

# The words of the spec language, checked by the schema; here they let mypy check each comparison with them.
Auth = Literal["none", "key", "signed"]
Effect = Literal["read", "repeatable", "once"]
Carrier = Literal["query", "json", "form"]
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")


class Join(Record, frozen=True):
    """Two lists of an answer whose items belong together, place by place."""

    into: tuple[str, ...]
    """From the top of the body, as the next one."""
    source: tuple[str, ...]
    members: tuple[str, ...]
    """What the items of the second list have."""


class Variant(Record, frozen=True):
    """What an operation answers in a case."""

    when: tuple[Condition, ...]
    response: Json
    """The whole body."""


class Constant(Record, frozen=True):
    """What every call of an operation sends or signs, whatever the caller passes."""

    wire: str
    value: Scalar
    place: Literal["query", "body", "header", "text"] | None
    """Where it goes if not where the operation's parameters go; `text`: it is only signed."""


class Operation(Record, frozen=True):
    """One HTTP call."""

    group: str
    name: str
    # Computed once here: templates, docstrings and drift's impact must agree on it.
    constant: str
    summary: str
    doc: str | None
    method: str
    path: str
    auth: Auth
    schemes: tuple[str, ...]
    permission: str | None
    effect: Effect
    client_id: str | None
    # Several, in order: an order may be among the open ones or, filled at once, in the history only.
    lookups: tuple[Lookup, ...]
    conclusive: bool
    """Whether a thing that no lookup finds was certainly not made."""

    visible_ms: int
    """How long after it was made a thing may still be missing."""

    ids: Ids
    """In which case the exchange writes the caller's id back."""

    prefix: str
    """What the exchange puts before the caller's id."""

    batch: Batch | None

    limit: Limit | None
    costs: tuple[Cost, ...]
    carrier: Carrier
    params: tuple[Param, ...]
    rules: tuple[Rule, ...]
    returns: Type | None
    payload: Literal["data", "body"]
    unwrap: str | None
    single: bool
    lax: bool
    """Whether numbers of the answer arrive inside strings."""

    also: tuple[str, ...]
    """Other names that members of the answer may have."""

    errors: tuple[ErrorCode, ...]
    example: dict[str, Json]
    response: Json
    """The whole body that the exchange would answer."""

    quirks: tuple[Quirk, ...]
    deprecated: str | None
    page: Page
    heading: str
    done: tuple[str, ...] = ()
    """Codes that say, after an earlier attempt, that what was asked for is done."""

    variants: tuple[Variant, ...] = ()
    """Other answers than `response`, of which the first that fits what is asked counts."""

    joins: Join | None = None
    """A second list that belongs to the first."""

    null_is_empty: bool = False
    """Whether null is how a list without members is written."""

    list_of: str | None = None
    """The member of what is returned that a bare list stands for."""

    may_be_empty: bool = False
    """Whether an object without members is an answer in some case."""

    is_bare: bool = False
    """Whether the JSON body is the value of its only parameter, a bare list."""

    needs: tuple[str, ...] = ()
    """The members without which what is returned is nothing."""

    echoes: tuple[Echo, ...] = ()
    """What in the answer must agree with what was sent."""

    paging: Paging | None = None
    """How its pages are asked for, if it returns a list page by page."""

    unpaged: str | None = None
    """Why a list can't be read page by page, although it comes in pages."""

    constants: tuple[Constant, ...] = ()
    item_ids: tuple[str, ...] = ()
    """Members (Python names) in which the answer to a batch names the caller's ids of its items."""

    item_keys: tuple[str, ...] = ()
    """Members that are objects whose keys are those ids."""

    made_ids: tuple[str, ...] = ()
    """Members that hold the exchange's ids of what was made, where the answer is not that one thing."""

    deeds: tuple[Deed, ...] = ()
    """What it does. Empty where no word says it."""

    of: Literal["open", "closed", "all", "some"] = "some"
    """Which things a `get` or `list` can find; `some` proves nothing."""

    of_cases: tuple[tuple[str, tuple[Condition, ...]], ...] = ()
    """Which others it finds under some conditions, of which the first that holds counts."""

    forgets: Forgets | None = None
    findable_ms: int | None = None
    """How long after it was made its lookups find a thing, where not finding it proves something; None: always."""

    shelf: Shelf = Shelf()
    pairs: Literal["order", "client_id", "id"] | None = None
    """How the answers of a batch find what was asked for."""

    receipt: bool = False
    """Whether the answer only says that the call was received."""

    legs: tuple[Leg, ...] = ()
    """The orders of a group that it places."""

    likeness: tuple[Likeness, ...] = ()
    """Lists that may show what it made, where no lookup finds it by a client id."""

    @property
    def found(self) -> tuple[Type, ...]:
        """The types of what `reconcile` may find, each once."""
        # A dict keeps the order of the lookups, which a set does not.
        found = [*(lookup.found for lookup in self.lookups), *(likeness.found for likeness in self.likeness)]
        return tuple(dict.fromkeys(typed for typed in found if typed))

    def does(self, verb: str, thing: str) -> bool:
        """Whether it does this to one or several such things, but not to all of them."""
        return any((deed.verb, deed.thing, deed.every) == (verb, thing, False) for deed in self.deeds)

    @property
    def full_name(self) -> str:
        """Group and name: isolated.place_order."""
        return f"{self.group}.{self.name}"


class Group(Record, frozen=True):
    """The operations behind one attribute of the client."""

    name: str
    class_name: str
    doc: str
    operations: tuple[Operation, ...]
