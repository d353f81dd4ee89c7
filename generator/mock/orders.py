"""What the mock exchange needs to keep orders: which calls are about them, and where their meanings stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.mock.conditions import condition_data
from generator.mock.holders import Holders
from generator.mock.records import record_data
from generator.mock.signing import set_members
from generator.model.api import Api
from generator.model.codes import ErrorCode
from generator.model.deeds import Deed
from generator.model.operations import Operation
from generator.model.remembering import is_paging, order_memory, span_of, value_text
from generator.model.types import Param

Data = dict[str, Any]  # JSON


def _codes(errors: Iterable[ErrorCode], kind: str) -> list[str]:
    """Return the codes of a kind, and then those that have it with a certain message: `-2010 Duplicate order sent.`."""
    listed = list(errors)
    codes = [error.code for error in listed if error.kind == kind]
    return codes + [f"{error.code} {says}" for error in listed for says, meant in error.meanings if meant.kind == kind]


class OrderCalls:
    """Says of the calls of one API what they do with orders."""

    def __init__(self, api: Api, failures: Mapping[str, str] | None = None) -> None:
        """Look at an API, or at a market of one.

        Args:
            api: The API.
            failures: The codes that the market has of its own.
        """
        self._api = api
        self._failures = failures or {}
        self.memory = order_memory(api)
        self.holders = Holders(api, self.memory)
        self._replies = self.memory.replies
        self._structs = {struct.name: struct for struct in api.structs}
        self._wallets = {o.shelf.name for o in api.operations if any(d.about == "balance" for d in o.deeds)}

    def of(self, operation: Operation) -> Data:
        """Return what an operation does with orders; nothing where its example is played back."""
        deed = self.memory.deed(operation)
        if deed is None:
            return {}
        return set_members(
            does=_name(deed),
            of=operation.of,
            of_cases=[{"when": [*map(condition_data, when)], "of": of} for of, when in operation.of_cases],
            shelf=operation.shelf.name,
            becomes=self.memory.becomes(operation),
            wallet=self.wallet(operation),
            sent=self.sent(operation.params, operation),
            items=[self._items(param, operation) for param in self.memory.items(operation)],
            span=span_of(operation),
            paging=self.paging(operation),
            holders=[
                *self.holders.of(operation, "order", self.memory.makers(operation)),
                *self.holders.refusals(operation),
            ],
            absent=self._failures.get("unknown_order") or self.code(operation, "OrderNotFound"),
            duplicate=self._failures.get("duplicate_client_id") or self.code(operation, "DuplicateClientId"),
            unique=self._unique(operation),
            halves=self._halves(operation),
        )

    def _halves(self, operation: Operation) -> Data | None:
        """Return how a call that cancels one order and places another reports the outcome of each."""
        halves = self._api.mock.halves.get(operation.full_name)
        if halves is None:
            return None
        wire, text = halves.goes_on
        return record_data(halves) | {"goes_on": {"wire": wire, "text": text}}

    def wallet(self, operation: Operation) -> str:
        """Return the account whose money a call moves: that of its shelf, if there is one."""
        return operation.shelf.name if operation.shelf.name in self._wallets else ""

    def sent(self, params: Iterable[Param], operation: Operation) -> list[Data]:
        """Return the parameters that describe the order, and what each means."""
        halves = self._api.mock.halves.get(operation.full_name)
        apart = [*self.memory.items(operation), *(p for p in params if halves and p.wire == halves.goes_on[0])]
        return [self._sent(param) for param in params if not is_paging(param, operation) and param not in apart]

    def _unique(self, operation: Operation) -> str | None:
        """Return for how long a client id can't be used again: what one call says holds for the whole shelf."""
        makers = (operation, *self.memory.makers(operation))
        params = [param for maker in makers for param in self._every_param(maker) if param.phrase == "client_id"]
        return next((param.unique for param in params if param.unique), None)

    def _every_param(self, operation: Operation) -> list[Param]:
        structs = [struct for param in self.memory.items(operation) if (struct := self.memory.item(param))]
        return [*operation.params, *(param for struct in structs for param in struct.params)]

    def _items(self, param: Param, operation: Operation) -> Data:
        struct = self.memory.item(param)
        if struct is None:
            return {"wire": param.wire, "phrase": param.phrase}
        return {"wire": param.wire, "sent": self.sent(struct.params, operation)}

    def _sent(self, param: Param) -> Data:
        return set_members(
            wire=param.wire,
            phrase=param.phrase,
            cases=[*_cases(param)] if param.phrase is None else [],
            says=self.memory.says(param),
            default=None if param.default is None else value_text(param.default),
            harmless=param.means is not None and not param.means.phrases,
            unit=param.unit if param.phrase in ("trailing", "after", "quantity") else None,
        )

    def code(self, operation: Operation, kind: str) -> str | None:
        """Return the first code of a kind that the operation lists, or else the only one of the API."""
        own = _codes(operation.errors, kind)
        every = _codes(self._api.errors, kind)
        return own[0] if own else every[0] if len(every) == 1 else None

    def paging(self, operation: Operation) -> Data:
        """Return how the pages of a list are asked for."""
        paging = operation.paging
        if paging is None:
            return {}
        struct = self._structs.get(operation.returns.name) if operation.returns else None
        payload = self._replies.payload(operation)
        wires = {field.name: (*payload, field.wire) for field in struct.fields} if struct else {}
        return set_members(
            by=paging.by,
            start=paging.start,
            end=paging.end,
            limit=paging.limit,
            size=paging.size,
            goes=paging.goes,
            keeps=paging.keeps,
            begin=None if paging.begin is None else str(paging.begin),
            total=wires.get(paging.total or ""),
            next=wires.get(paging.next or ""),
            number=wires.get(paging.number or ""),
        )


def _cases(param: Param) -> Iterator[Data]:
    """Yield what a parameter means in which case, the first that holds first."""
    for phrase in param.means.phrases if param.means else ():
        yield set_members(phrase=phrase.text, when=[*map(condition_data, phrase.when)])


def _name(deed: Deed) -> str:
    return f"{deed.verb}_all" if deed.every else deed.verb
