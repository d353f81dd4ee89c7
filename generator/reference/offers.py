"""Says what the calls of one API offer, by meaning: the cells of the pages that compare APIs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.model.api import Api
from generator.model.capabilities import OPERATIONS, capabilities
from generator.model.operations import Operation
from generator.model.summary import Offer
from generator.model.types import Param, Struct
from generator.words.limits import cost_words, limit_words
from generator.words.markdown import anchor, code, link
from generator.words.paging import iter_name

ACCESS = {"none": "public", "key": "API key, no signature", "signed": "signed"}
LIMIT = "limit"
KINDS = {
    LIMIT: "limit",
    "market": "market",
    "stop": "stop",
    "take_profit": "take-profit",
    "trailing": "trailing stop",
    "post_only": "post-only",
    "ioc": "IOC",
    "fok": "FOK",
    "reduce_only": "reduce-only",
    "close": "close a position",
}
"""What an order can be, in the order of a trader's questions."""
LOST_LIKE = "`reconcile` looks for something like it, and never proves that it was not executed"
LOST_PROVED = "`reconcile` looks it up, and proves whether it was executed"
LOST_FOUND = "`reconcile` looks it up; if it finds nothing, that proves nothing"
LOST = "check by yourself"

Cells = dict[str, list[str]]


def offers(api: Api) -> tuple[Offer, ...]:
    """Return what the calls of an API offer that are compared."""
    able = capabilities(api)
    pages = {page for name in OPERATIONS for page in able.get(name, ())}
    found = [operation for operation in api.operations if f"{operation.group}/{operation.name}" in pages]
    return tuple(Offers(api).of(operation) for operation in found)


class Offers:
    """Says what the calls of one API offer."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._structs = {struct.name: struct for struct in api.structs}
        self._enums = {enum.name: enum for enum in api.enums}

    def of(self, operation: Operation) -> Offer:
        """Return what a call offers."""
        page = f"{operation.group}/{operation.name}"
        params = self._params(operation, operation.params, "")
        return Offer(
            page,
            self._is_plain(operation),
            dict(self._facts(operation)),
            _joined(params),
            _joined(self._fields(operation)),
        )

    def _is_plain(self, operation: Operation) -> bool:
        placing = operation.does("place", "order")
        return len(operation.deeds) == 1 and (not placing or LIMIT in self._words(operation))

    def _facts(self, operation: Operation) -> Iterator[tuple[str, str]]:
        names = {param.wire: code(param.name) for param in operation.params}
        yield "Access", ACCESS[operation.auth]
        limit = operation.limit or self._api.default_limits.get(operation.auth)
        costs = [
            cost_words(cost, f"../{self._api.name}/", lambda wire: names.get(wire, code(wire)))
            for cost in operation.costs
        ]
        yield "Limit", "; ".join([*([limit_words(limit)] if limit else []), *costs])
        yield "Kinds of orders", self._kinds(operation)
        yield "Sent again by itself", "never" if operation.effect == "once" else "yes"
        yield "If the response is lost", _lost(operation)
        yield "Success means", "received; a query or a stream shows the result" if operation.receipt else ""
        yield "All pages", code(f"{iter_name(operation.name)}(…)") if operation.paging else ""

    def _kinds(self, operation: Operation) -> str:
        """Name the kinds of orders that a call places."""
        if not operation.does("place", "order"):
            return ""
        words = self._words(operation)
        return ", ".join(text for word, text in KINDS.items() if word in words)

    def _words(self, operation: Operation) -> set[str]:
        return {word for param in self._all_params(operation.params) for word in self._features(param)}

    def _all_params(self, params: Iterable[Param]) -> Iterator[Param]:
        for param in params:
            yield param
            for name in param.type.names:
                yield from self._structs[name].params if name in self._structs else ()

    def _features(self, param: Param) -> Iterator[str]:
        enum = self._enums.get(param.type.name)
        if param.phrase == "kind" and enum:
            allowed = [one for one in enum.members if not param.values or str(one.value) in map(str, param.values)]
            known = [one.means for one in allowed if one.means is not None]
            yield from (word for words in known for word in words)
            # A time in force knows no market orders; its plain value is no kind of order.
            if () in known and any("market" in (one.means or ()) for one in enum.members):
                yield LIMIT
        elif param.phrase:
            yield param.phrase
        if param.phrase in ("stop price", "take_profit price"):
            yield param.phrase.removesuffix(" price")

    def _params(self, operation: Operation, params: Iterable[Param], above: str) -> Cells:
        """Return meaning → the parameters that have it, linked; those of the items of a batch, too."""
        found: Cells = {}
        for param in params:
            place = anchor("param", *(part for part in (above, param.wire) if part))
            target = f"../{self._api.name}/{operation.group}/{operation.name}.md#{place}"
            words = link(code(param.name), target) + (" **required**" if param.required else "")
            for text in dict.fromkeys(phrase.text for phrase in param.means.phrases) if param.means else ():
                found.setdefault(text, []).append(words)
            inner = self._inner(param) if not above else None
            for text, cells in self._params(operation, inner.params, param.wire).items() if inner else ():
                found.setdefault(text, []).extend(cells)
        return found

    def _inner(self, param: Param) -> Struct | None:
        return next((self._structs[name] for name in param.type.names if name in self._structs), None)

    def _fields(self, operation: Operation) -> Cells:
        """Return meaning → the members of what is returned that have it, linked."""
        found: Cells = {}
        for deed in operation.deeds:
            for held in self._api.meanings.held(operation.returns, deed.about):
                for place in self._api.meanings.places(held.struct, deed.about):
                    words = link(code(".".join(place.names)), f"../{self._api.name}/types/{held.struct.name}.md")
                    cells = found.setdefault(place.phrase.text, [])
                    cells += [words] if words not in cells else []
        return found


def _lost(operation: Operation) -> str:
    if operation.effect != "once":
        return ""
    if operation.likeness:
        return LOST_LIKE
    return LOST if not operation.lookups else LOST_PROVED if operation.conclusive else LOST_FOUND


def _joined(cells: Cells) -> dict[str, str]:
    return {name: ", ".join(words) for name, words in cells.items()}
