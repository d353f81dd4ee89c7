"""The HTTP calls, what they cost, and what the codes mean that answer them."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from msgspec import Struct as Record
from msgspec.structs import replace

from generator.model.documentation import Page, Quirk
from generator.model.likeness import Likeness
from generator.model.paging import Paging
from generator.model.types import Condition, Json, Param, Rule, Scalar, Type
from generator.model.vocabulary import SETTINGS

# The words of the spec language, checked by the schema; here they let mypy check each comparison with them.
Auth = Literal["none", "key", "signed"]
Effect = Literal["read", "repeatable", "once"]
Carrier = Literal["query", "json", "form"]
Ids = Literal["exact", "lower", "upper"]


class Limit(Record, frozen=True):
    """A bucket."""

    name: str
    unit: Literal["calls", "weight"]
    amount: int
    per_ms: int
    # As the spec writes it, for people; `per_ms` is the same for programs.
    per: str
    by: Literal["ip", "uid", "key"]
    header: str | None = None
    doc: str | None = None
    left: str | None = None
    """The response header that reports how much is left."""


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


class Case(Record, frozen=True):
    """What a call costs under some conditions."""

    amount: int
    when: tuple[Condition, ...] = ()
    per: str | None = None
    """The list (wire name) of which each member costs so much."""

    most: int | None = None


class Cost(Record, frozen=True):
    """What a call takes from a bucket: the first case that fits."""

    bucket: str
    cases: tuple[Case, ...]

    @property
    def charging(self) -> tuple[Case, ...]:
        """The cases without a last one that costs nothing: to readers, silence says the same."""
        *most, last = self.cases
        return tuple(most) if most and not last.when and not last.amount else self.cases


class ErrorMessage(Record, frozen=True):
    """What a code means with a certain message."""

    says: str
    """The exchange's message, or a part of it."""

    kind: str
    message: str
    unknown: bool

    @property
    def part(self) -> str:
        """What clients look for: the full stop is in the documentation, and may be missing from an answer."""
        return self.says.removesuffix(".")


class ErrorCode(Record, frozen=True, dict=True):
    """What a code means."""

    code: str
    kind: str
    message: str
    unknown: bool
    """Whether it leaves open if the request was executed."""

    http: int
    quirks: tuple[Quirk, ...] = ()
    messages: tuple[ErrorMessage, ...] = ()
    """What it means with certain messages; the first that fits counts."""

    @cached_property
    def meanings(self) -> tuple[tuple[str, ErrorCode], ...]:
        """The message, as it is documented → the code as it is meant then."""
        return tuple(
            (one.says, replace(self, kind=one.kind, message=one.message, unknown=one.unknown, quirks=(), messages=()))
            for one in self.messages
        )


class Lookup(Record, frozen=True):
    """How to find out what became of a call."""

    operation: str
    params: tuple[tuple[str, str], ...]
    """Its parameters and what fills them: a parameter of the lost call, `$sent`, or `list.member` of a batch."""

    absent: tuple[str, ...] = ()
    client_id: str | None = None
    """The member (Python name) of what is found that holds the caller's id."""

    made: str | None = None
    """The member that says when it came to be."""

    agrees: tuple[tuple[str, str], ...] = ()
    """Parameters of the lost call (wire, in a batch Python names), and the members that must say the same."""

    found: Type | None = None
    """The type of what is found."""


class Batch(Record, frozen=True):
    """Where a call that makes several things has the caller's ids."""

    wire: str
    """The parameter that holds the list."""
    member: str
    """The member of an item that holds its id, by wire name."""
    name: str
    """The same by Python name."""


class Echo(Record, frozen=True):
    """A member of an answer that must agree with a parameter."""

    param: str
    path: tuple[str, ...]
    """Wire names, from the payload inward."""

    ids: Ids = "exact"
    """In which case the exchange writes it back."""

    prefix: str = ""
    """What the exchange puts before it."""


class Constant(Record, frozen=True):
    """What every call of an operation sends or signs, whatever the caller passes."""

    wire: str
    value: Scalar
    place: Literal["query", "body", "header", "text"] | None
    """Where it goes if not where the operation's parameters go; `text`: it is only signed."""


class Leg(Record, frozen=True):
    """One order of a group, and which parameters say what of it."""

    name: str
    sent: dict[str, str]
    """Wire name → what it means for this order."""

    after: str | None = None
    """The leg that must be filled before; None where it is placed at once."""

    kind: tuple[str, ...] = ()
    """The features that it always has."""


class Deed(Record, frozen=True):
    """What a call does."""

    verb: Literal["place", "amend", "cancel", "close", "get", "list", "set"]
    thing: str
    """A thing; of `get` and `set` also a setting."""

    every: bool = False
    """Whether it is done to all of them."""

    @property
    def about(self) -> str:
        """The thing that its parameters describe: closing a position makes an order, and a setting is a position's."""
        if self.verb == "close":
            return "order"
        return "position" if self.thing in SETTINGS else self.thing

    @property
    def spec(self) -> str:
        """As the spec has it: `cancel all order`."""
        return f"{self.verb} {'all ' if self.every else ''}{self.thing}"


class Forgets(Record, frozen=True):
    """How long after its end a thing can be found; None where nothing says that it can't."""

    unfilled_ms: int | None
    """Of an order that ended without a fill."""

    else_ms: int | None

    @property
    def soonest_ms(self) -> int | None:
        """How long anything can be found at least."""
        return min((ms for ms in (self.unfilled_ms, self.else_ms) if ms is not None), default=None)


class Shelf(Record, frozen=True):
    """Things that are identified and listed together."""

    name: str = ""
    by: tuple[str, ...] = ()
    """Parameters whose values tell shelves apart."""


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
