"""Decides the content of the reference pages of an API; templates only print it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial

from msgspec import Struct as Record

from generator.model.api import Api
from generator.model.operations import Group, Operation
from generator.reference.compare import deed_links
from generator.reference.curl import Curl
from generator.reference.lost import LostCalls
from generator.reference.related import Related
from generator.reference.samples import Samples
from generator.reference.signatures import Signatures
from generator.reference.trees import HOME, Trees
from generator.reference.variants import Variants
from generator.words.annotations import annotation
from generator.words.limits import cost_words, limit_words
from generator.words.markdown import anchor, code, code_block, enumeration, link, pretty, prose, sentence
from generator.words.paging import completeness, iter_name, order
from generator.words.phrases import place_words, python_prose, source_words, type_words
from generator.words.rules import Namer, rule_words

EFFECTS = {
    "read": "`read`: changes nothing, so the client retries it when the connection fails.",
    "repeatable": "`repeatable`: idempotent, so the client retries it like a read.",
    "once": "`once`: not idempotent, so the client retries it only when it was certainly not executed. "
    "See [Unknown outcome](#unknown-outcome).",
}
MOST_LISTED = 600
"""Calls that the overview of an API links to, divided among its groups; the page of a group lists all its calls."""


class Reference(Record, frozen=True, dict=True):
    """The content of the pages of one API."""

    api: Api

    @cached_property
    def trees(self) -> Trees:
        """Print parameters and responses."""
        return Trees(self.api)

    @cached_property
    def related(self) -> Related:
        """Know which calls are about the same things."""
        return Related(self.api)

    @cached_property
    def samples(self) -> Samples:
        """Print calls in Python."""
        return Samples(self.api)

    @cached_property
    def curl(self) -> Curl:
        """Print calls in the shell."""
        return Curl(self.api)

    @cached_property
    def variants(self) -> Variants:
        """Choose the calls that a page shows."""
        return Variants(self.api)

    @cached_property
    def unknown_outcome(self) -> LostCalls:
        """Say what to do when it is unknown whether a call was executed."""
        return LostCalls(self.api, self.samples, self.variants)

    @cached_property
    def compared(self) -> dict[str, list[str]]:
        """Link to what other APIs have for the same deed: asked once, since the answer takes a look at every call."""
        return deed_links(self.api)

    def signature(self, operation: Operation) -> str:
        """Print what a call takes and returns, in Python."""
        used = {wire for _, call in self.variants(operation) for wire in call.example}
        # A stub, not a program: it must not be run.
        return code_block("pyi", Signatures(self.api)(operation, used))

    def demands(self, operation: Operation) -> list[tuple[str, str]]:
        """Return what a call demands and costs, by name."""
        name = Namer("param", operation.params)
        found = [("Authentication", self._auth(operation))]
        limit = operation.limit or self.api.default_limits.get(operation.auth)
        if limit:
            found.append(("Limit", f"at most {limit_words(limit)}"))
        found += [("Cost", cost_words(cost, HOME, name)) for cost in operation.costs]
        return [*found, ("Effect", EFFECTS[operation.effect])]

    def relations(self, operation: Operation) -> list[tuple[str, str]]:
        """Return what else is done with the same things, and how a list is read to its end, by name."""
        found = [*self.related.facts(operation), *(("Pages", words) for words in self._pages(operation))]
        compared = self.compared.get(f"{operation.group}/{operation.name}", [])
        return [*found, ("Compared with other APIs", enumeration(compared))] if compared else found

    def origin(self, operation: Operation) -> list[tuple[str, str]]:
        """Return where a call is documented, and what changed there, by name."""
        found = [("Documentation", source_words(operation.page, operation.heading))]
        if operation.params:
            found.append(("Parameters", f"sent in {place_words(operation)}"))
        found += [("Changed", words) for words in self._changes(operation)]
        return found

    def _changes(self, operation: Operation) -> Iterator[str]:
        owner = f"{operation.method} {operation.path}"
        for revision in self.api.history:
            for change in revision.changes:
                if change.owner == owner:
                    what = f" {code(change.name)}" if change.name else ""
                    yield f"{revision.seen}, {prose(change.change.replace('-', ' '))}{what}"

    def _pages(self, operation: Operation) -> list[str]:
        """Say how to read the whole list, or why that is not possible."""
        if operation.unpaged:
            return [f"no method reads all pages. {prose(sentence(operation.unpaged))}"]
        if operation.paging is None:
            return []
        paging, names = operation.paging, {param.wire: code(param.name) for param in operation.params}
        method = code(f"client.{operation.group}.{iter_name(operation.name)}(…)")
        item = code(annotation(paging.item))
        return [f"{method} gives each {item} of all pages once, {order(paging)}. {completeness(paging, names)}".strip()]

    def _auth(self, operation: Operation) -> str:
        page = f"{HOME}authentication.md"
        if operation.auth == "none":
            return "none (public)"
        if operation.auth == "key":
            return link("API key only", f"{page}#{anchor('scheme', 'key')}") + ", no signature"
        names = operation.schemes or tuple(scheme.name for scheme in self.api.signing.schemes)
        schemes = enumeration([link(code(name), f"{page}#{anchor('scheme', name)}") for name in names], "or")
        permission = f"; the key needs the permission {code(operation.permission)}" if operation.permission else ""
        return f"signed by {schemes}{permission}"

    def rules(self, operation: Operation) -> list[str]:
        """Return the rules about several parameters."""
        name = Namer("param", operation.params)
        said = partial(python_prose, members=operation.params)
        return [rule_words(rule, name, said=said) for rule in operation.rules]

    def answer_words(self, operation: Operation) -> str:
        """Say what is returned, and where in the envelope."""
        if operation.returns is None:
            return "Only the envelope, which says whether the call succeeded."
        what = type_words(operation.returns, HOME)
        if operation.single:
            what += " (a single object is read as a list of one)"
        if operation.payload == "body":
            return f"The body is {_article(what)}."
        envelope = link("envelope", f"{HOME}index.md#envelope")
        return f"{code(self.api.envelope.data)} of the {envelope} holds {_article(what)}."

    def request_tabs(self, operation: Operation) -> Iterator[tuple[str, str]]:
        """Return the samples by the name of their tab."""
        calls = self.variants(operation)
        for title, call in calls:
            yield title, code_block("python", self.samples.sync_call(call), 4)
        yield "Async", code_block("python", self.samples.async_call(calls[0][1]), 4)
        yield "Shell", code_block("sh", self.curl(calls[0][1]), 4)

    def response(self, operation: Operation) -> str:
        """Print a response."""
        return code_block("json", pretty(operation.response))

    def listed_operations(self, group: Group) -> tuple[Operation, ...]:
        """Return the operations of a group that the overview links to: all, unless the API has very many."""
        if len(self.api.operations) <= MOST_LISTED:
            return group.operations
        # At least one, so that no group looks empty.
        return group.operations[: max(1, MOST_LISTED // len(self.api.groups))]

    def left_out(self, group: Group) -> int:
        """Return how many operations of a group only its own page links to."""
        return len(group.operations) - len(self.listed_operations(group))


def _article(words: str) -> str:
    return (
        # Types begin with a word or with a link in code; `any JSON` takes no article.
        f"{'an' if words[:1] in 'aeio' else 'a'} {words}"
        if words[:1].isalpha() and "any" not in words[:3]
        else words
    )
