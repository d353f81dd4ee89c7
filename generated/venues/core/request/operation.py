# Edited in templates/venues/core/request/operation.py; the copy in generated/ is imported.
"""What a client knows about one call, and how it writes and checks the arguments."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from venues.core.request.likeness import Likeness
from venues.core.request.limits import Cost, Limit
from venues.core.request.params import Param
from venues.core.request.placing import Constants
from venues.core.request.rules import Rule
from venues.core.values.checks import did_you_mean
from venues.errors import InvalidRequest

if TYPE_CHECKING:
    from venues.core.request.paging import Paging

T_co = TypeVar("T_co", covariant=True)
F_co = TypeVar("F_co", covariant=True)
I_co = TypeVar("I_co", covariant=True)
Ids = Literal["exact", "lower", "upper"]
"""In which case an exchange writes the caller's ids."""


@dataclass(frozen=True)
class Lookup:
    """A call that finds out whether another one was executed."""

    operation: str
    """Group and name."""
    params: tuple[tuple[str, str], ...]
    """Its parameters and what fills them, by wire name; `$sent` is the time of the lost call."""
    absent: tuple[str, ...] = ()
    """Codes that mean that there is no such order (or loan, …)."""
    client_id: str | None = None
    """The member of what is found that holds the caller's id."""
    made: str | None = None
    """The member that says when it came to be, in milliseconds."""
    agrees: tuple[tuple[str, str], ...] = ()
    """Parameters of the lost call, and the members of what is found that must say the same."""


@dataclass(frozen=True)
class Echo:
    """A member of an answer that names the thing which a parameter named: the two must agree."""

    param: str
    """The parameter (wire name)."""
    path: tuple[str, ...]
    """Where the answer has it: wire names, from the payload inward."""
    ids: Ids = "exact"
    """In which case the exchange writes it back."""
    prefix: str = ""
    """What the exchange puts before it."""

    def agrees(self, sent: str, answered: str) -> bool:
        """Whether two ids are the same as this exchange writes them."""
        return is_written_as(sent, answered, self.ids, self.prefix)


def is_written_as(sent: str, answered: str, ids: Ids, prefix: str) -> bool:
    """Whether an exchange that writes the caller's ids in this case, with this prefix, answers this one so."""
    expected = (sent, f"{prefix}{sent}")
    if ids == "exact":
        return answered in expected
    return answered.lower() in [text.lower() for text in expected]


@dataclass(frozen=True, eq=False)
class Operation(Generic[T_co]):
    """One HTTP call of an API."""

    group: str
    name: str
    method: Literal["GET", "POST", "PUT", "DELETE", "PATCH"]
    path: str
    auth: Literal["none", "key", "signed"]
    effect: Literal["read", "repeatable", "once"]
    """What sending it twice would do: `read` nothing, `repeatable` no more than once, `once` the same thing twice."""
    returns: Any  # a type, as `list[Order]`; Any because types of generics have no better name
    carrier: Literal["query", "json", "form"] = "query"
    """Where parameters go that have no `place` of their own."""
    params: tuple[Param, ...] = ()
    bare: bool = False
    """Whether the JSON body is the value of its only parameter, a bare list."""
    constants: Constants = ()
    """What every call sends or signs, whatever the caller passes."""
    rules: tuple[Rule, ...] = ()
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
    """How to find out what became of a call, tried in order."""
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
    def full_name(self) -> str:
        """Group and name: isolated.place_order."""
        return f"{self.group}.{self.name}"

    @cached_property
    def by_name(self) -> dict[str, Param]:
        """Python name → parameter."""
        return {param.name: param for param in self.params}

    @cached_property
    def by_wire(self) -> dict[str, Param]:
        """Wire name → parameter."""
        return {param.wire: param for param in self.params}

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
        """Whether all parameters go where the operation's parameters go, so that none has to be placed by itself."""
        # A bare list counts as placed by itself: then no other request is asked whether it is one.
        return not self.bare and all(param.place is None and param.write != "repeat" for param in self.params)

    @cached_property
    def required(self) -> tuple[Param, ...]:
        """Parameters that must be given."""
        return tuple(param for param in self.params if param.required)

    @cached_property
    def required_wires(self) -> frozenset[str]:
        """The wire names of the parameters that must be given."""
        return frozenset(param.wire for param in self.required)

    def to_wire(self, arguments: Mapping[str, object]) -> dict[str, object]:
        """Turn Python names into wire names, in the caller's order.

        Raises:
            InvalidRequest: for a name that the operation does not have.
        """
        try:
            return dict(zip(map(self._wire_of, arguments), arguments.values(), strict=True))
        except KeyError:
            name = next(name for name in arguments if name not in self.by_name)
        hint = did_you_mean(name, self.by_name, self.by_wire)
        raise InvalidRequest(f"{self.full_name} has no parameter {name!r}{hint}")

    @cached_property
    def _wire_of(self) -> Callable[[str], str]:
        """Python name → wire name."""
        return {param.name: param.wire for param in self.params}.__getitem__

    def encode(self, arguments: Mapping[str, object], validate: bool) -> dict[str, object]:
        """Write arguments, by wire name, as they will be sent; None and empty strings are not given, and left out.

        Raises:
            InvalidRequest: for a value that can't be sent, or that breaks a rule (unless `validate` is false).
        """
        # Only with validation: without it, the exchange judges, as after a change of its rules.
        if not validate:
            return self.encode_as_declared(arguments, validate=False)
        wires = [*arguments]
        try:
            if wires == self._wires:  # as methods call it
                return self._line(*arguments.values())
            sent = self._line(*{**self._nothing, **arguments}.values())
            return sent if [*sent] == wires else _in_order_of(arguments, sent)
        except self._doubts:
            pass
        return self.encode_as_declared(arguments, validate=True)  # out here, where its error has no other one behind it

    def encode_as_declared(self, arguments: Mapping[str, object], *, validate: bool) -> dict[str, object]:
        """Do what `encode` does, by the declarations of parameters and rules: they say exactly what is wrong.

        Raises:
            InvalidRequest: for a value that can't be sent, or that breaks a rule (unless `validate` is false).
        """
        sent: dict[str, object] = {}
        writers = self._writers if validate else self._unchecked_writers
        try:
            for wire, value in arguments.items():
                # Exchanges differ in what an empty parameter means, and some sign it and some do not; so none is sent.
                if value is not None and (value or value != ""):
                    sent[wire] = writers[wire](value)
            for wire, written in self.always:
                sent.setdefault(wire, written)
            if validate:
                self._check(sent)
        except InvalidRequest as error:
            raise InvalidRequest(f"{self.full_name}: {error}") from None
        return sent

    @cached_property
    def _line(self) -> Callable[..., dict[str, object]]:
        """What writes and judges the values of all parameters, in their order."""
        from venues.core.request.straight import compile_line

        return compile_line(self.full_name, self.params, self.rules, self.always)

    @cached_property
    def _doubts(self) -> tuple[type[Exception], ...]:
        """What the straight line raises where a call may be wrong."""
        from venues.core.request.straight import Doubt

        return Doubt, KeyError, InvalidRequest

    @cached_property
    def _wires(self) -> list[str]:
        """The wire names of the parameters, in their order."""
        return [param.wire for param in self.params]

    @cached_property
    def _nothing(self) -> dict[str, Any]:  # Any: a value of any type may take the place
        """Wire name → None: a call without arguments."""
        return dict.fromkeys(self._wires)

    @cached_property
    def _writers(self) -> dict[str, Callable[[object], object]]:
        """Wire name → what writes and checks a value."""
        from venues.core.request.writers import checked_writer

        return {param.wire: checked_writer(param) for param in self.params}

    @cached_property
    def _unchecked_writers(self) -> dict[str, Callable[[object], object]]:
        """Wire name → what writes a value."""
        from venues.core.request.writers import unchecked_writer

        return {param.wire: unchecked_writer(param) for param in self.params}

    @cached_property
    def always(self) -> list[tuple[str, object]]:
        """Wire name and value of what is sent where the caller gives nothing."""
        given = {p: int(p.default) if p.kind == "integer" else p.default for p in self.params if p.always and p.default}
        return [(param.wire, param.encode(value, param.name)) for param, value in given.items()]

    def _check(self, sent: Mapping[str, object]) -> None:
        # One comparison of sets in the usual case; the names are looked up only for the message.
        if not sent.keys() >= self.required_wires:
            missing = [param.name for param in self.required if param.wire not in sent]
            raise InvalidRequest(f"{' and '.join(missing)} must be given")
        for rule in self.rules:
            rule.check(sent, self.by_wire)


def _in_order_of(arguments: Mapping[str, object], sent: dict[str, object]) -> dict[str, object]:
    """Return what is sent in the caller's order, and then what is sent always."""
    given = [wire for wire, value in arguments.items() if value is not None]
    return {wire: sent[wire] for wire in (*given, *sent)}


def _constant(module: str, name: str) -> Operation[Any]:
    """Return a constant; what an operation is pickled as."""
    found: Operation[Any] = getattr(import_module(module), name)
    return found


class Findable(Operation[T_co], Generic[T_co, F_co]):
    """An operation whose effect can be looked up: `client.reconcile(error, operation)` finds an F_co."""


class Paged(Operation[T_co], Generic[T_co, I_co]):
    """An operation that returns a list page by page: its `iter_` method gives each I_co."""
