"""Says what to do when it is unknown whether a call was executed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.model.api import Api
from generator.model.lookups import Lookup
from generator.model.operations import Operation
from generator.reference.samples import Samples
from generator.reference.trees import HOME
from generator.reference.variants import Variants
from generator.words.markdown import code, code_block, codes, enumeration, link

LOST = (
    "After a timeout, a lost connection, HTTP 5xx or a code with outcome *unknown*, the request may have been executed. "
    "The client then raises `ExecutionUnknown` and does not retry. "
    "If the call is interrupted (Ctrl-C, a canceled task, a time limit), the interruption is raised, with that error "
    "as its `__cause__`."
)
NO_LOOKUP = (
    "This call cannot be looked up by a client order id. "
    "Before you call it again, check what it would have changed: orders, balances or records."
)
OUTCOME = (
    "The outcome is what is known: `executed` is `True`, and `found` is what was created; or `False`, if it is certain "
    "that nothing was executed; or `None`: ask again later. `evidence` lists the lookups and what they returned."
)
ALIKE = (
    "No call finds it by a client order id. `client.reconcile(error)` therefore looks for something like it, which is not "
    "older than the call and agrees in what was sent: {members}. It reads, up to the end:"
)
DECEIVES = (
    "Exactly one counts as found, unless this client made another call like it. `found` is then what the list returned, "
    'and `evidence` says "by likeness". What another program made with the same key can be mistaken for it. Several '
    "prove nothing, and neither does none: `executed` is then `None`, and it is never `False` here."
)
PROVED = "If no lookup finds it, the documentation says that it was not created, so `executed` is then `False`."
UNPROVED = (
    "The documentation does not say that what is not found was not created, so `executed` is never `False` here: "
    "check before you call again."
)
EACH = "Each order of the batch is looked up by its own id; `orders` has the outcome of each."


class LostCalls:
    """Words what the page of a call says of it."""

    def __init__(self, api: Api, samples: Samples, variants: Variants) -> None:
        self._api = api
        self._samples = samples
        self._variants = variants

    def __call__(self, operation: Operation) -> list[str]:
        """Return what to do when it is unknown whether a call was executed, as paragraphs."""
        words = [LOST]
        if operation.likeness:
            return [*words, *self._alike(operation), code_block("python", self._reconciling(operation))]
        if not operation.lookups:
            return [*words, NO_LOOKUP]
        words.append("`client.reconcile(error)` then looks it up, in this order:")
        words.append("\n".join(f"- {self._lookup(operation, lookup)}" for lookup in operation.lookups))
        words.append(" ".join([OUTCOME, PROVED if operation.conclusive else UNPROVED]))
        if operation.batch is not None:
            words.append(EACH)
        return [*words, code_block("python", self._reconciling(operation))]

    def _reconciling(self, operation: Operation) -> str:
        return self._samples.reconcile_call(self._variants(operation)[0][1])

    def _alike(self, operation: Operation) -> Iterator[str]:
        """Say how what the call made is found by what it says."""
        yield ALIKE.format(members=enumeration([code(wire) for wire, _ in operation.likeness[0].agrees]))
        pages = {one.operation: f"{HOME}{one.operation.replace('.', '/')}.md" for one in operation.likeness}
        yield "\n".join(f"- {link(code(name), page)}" for name, page in pages.items())
        yield DECEIVES

    def _lookup(self, operation: Operation, lookup: Lookup) -> str:
        group, _, name = lookup.operation.partition(".")
        names = {param.wire: param.name for param in operation.params}
        given = [f"{code(self._name(lookup, wire))} = {_filled(source, names)}" for wire, source in lookup.params]
        words = f"{link(code(lookup.operation), f'{HOME}{group}/{name}.md')} with {enumeration(given)}"
        absent = f"; code {codes(lookup.absent, 'or')} means not found" if lookup.absent else ""
        return f"{words}{absent}"

    def _name(self, lookup: Lookup, wire: str) -> str:
        """Return the Python name of a parameter of a lookup."""
        found = next(one for one in self._api.operations if one.full_name == lookup.operation)
        return next((param.name for param in found.params if param.wire == wire), wire)


def _filled(source: str, names: Mapping[str, str]) -> str:
    """Say what fills a parameter of a lookup."""
    return "the time when it was sent" if source == "$sent" else f"the {code(names.get(source, source))} sent"
