"""Decides the content of the reference pages of an API; templates only print it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

from generator.model.api import Api
from generator.model.codes import ErrorCode
from generator.model.documentation import Quirk
from generator.model.lookups import Lookup
from generator.model.operations import Group, Operation
from generator.reference.compare import deed_links
from generator.reference.curl import Curl
from generator.reference.related import Related
from generator.reference.samples import Samples
from generator.reference.signatures import Signatures
from generator.reference.trees import HOME, Trees
from generator.reference.variants import Variants
from generator.words.annotations import annotation
from generator.words.markdown import anchor, code, code_block, codes, enumeration, link, pretty, prose, sentence, spot
from generator.words.paging import completeness, iter_name, order
from generator.words.phrases import (
    Namer,
    cost_words,
    limit_words,
    outcome,
    place_words,
    python_prose,
    quirk_words,
    rule_words,
    source_words,
    type_words,
)

EFFECTS = {
    "read": "`read`: changes nothing, so the client retries it when the connection fails.",
    "repeatable": "`repeatable`: idempotent, so the client retries it like a read.",
    "once": "`once`: not idempotent, so the client retries it only when it was certainly not executed. "
    "See [Unknown outcome](#unknown-outcome).",
}
MOST_NAMED = 12
"""Calls that a row of the table of codes links to; with all of them, the page would be long and slow."""
MOST_LISTED = 600
"""Calls that the overview of an API links to, divided among its groups; the page of a group lists all its calls."""
MOST_ODD = 500
"""Quirks of one day that the page of changes lists; each is also on the page of its operation or type."""

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


@dataclass(frozen=True)
class Reference:
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
    def compared(self) -> dict[str, list[str]]:
        """Link to what other APIs have for the same deed: asked once, since the answer takes a look at every call."""
        return deed_links(self.api)

    def signature(self, operation: Operation) -> str:
        """Print what a call takes and returns, in Python."""
        used = {wire for _, call in self.variants(operation) for wire in call.example}
        # A stub and no program: nobody shall run it.
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

    def unknown_outcome(self, operation: Operation) -> list[str]:
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
        return self.samples.reconcile_call(self.variants(operation)[0][1])

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
        found = next(one for one in self.api.operations if one.full_name == lookup.operation)
        return next((param.name for param in found.params if param.wire == wire), wire)

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

    def neighbours(self) -> dict[str, list[Operation]]:
        """Return code → the operations that list it."""
        found: dict[str, list[Operation]] = {}
        for operation in self.api.operations:
            for error in operation.errors:
                found.setdefault(error.code, []).append(operation)
        return found

    def error_rows(self) -> Iterator[str]:
        """Return the rows of the table of codes."""
        used = self.neighbours()
        for error in self.api.errors:
            calls = used.get(error.code, [])
            where = [link(code(o.full_name), f"{o.group}/{o.name}.md") for o in calls[:MOST_NAMED]]
            where += [f"{len(calls) - MOST_NAMED} more"] if len(calls) > MOST_NAMED else []
            yield error_row(error, "code", f" Likely for {enumeration(where)}." if where else "")
            yield from (message_row(says, meant) for says, meant in error.meanings)

    def findings(self) -> list[tuple[str, list[str]]]:
        """Return the quirks of the documentation by day, the latest first."""
        days: dict[str, list[str]] = {}
        for where, quirk in self._oddities():
            # The day is the heading of the list, so it is not repeated in each line.
            days.setdefault(quirk.seen or "unknown date", []).append(
                f"{where}: {quirk_words(replace(quirk, seen=None))}"
            )
        return [(day, _at_most(MOST_ODD, found)) for day, found in sorted(days.items(), reverse=True)]

    def _oddities(self) -> Iterator[tuple[str, Quirk]]:
        api = self.api
        for quirk in (*api.quirks, *api.signing.quirks, *(q for s in api.signing.schemes for q in s.quirks)):
            yield "The API", quirk
        for operation in api.operations:
            where = link(code(operation.full_name), f"{operation.group}/{operation.name}.md")
            yield from ((where, quirk) for quirk in operation.quirks)
        for name, quirks in [(t.name, t.quirks) for t in api.structs] + [(t.name, t.quirks) for t in api.enums]:
            yield from ((code(name), quirk) for quirk in quirks)
        for error in (*api.errors, *api.stream_errors):
            yield from ((f"Code {code(error.code)}", quirk) for quirk in error.quirks)


def error_row(error: ErrorCode, kind: str, more: str = "") -> str:
    """Print a row of a table of codes, with an anchor; `more` is added to its meaning."""
    words = " ".join([prose(sentence(error.message)), *(f"Quirk: {quirk_words(quirk)}" for quirk in error.quirks)])
    cells = [spot(anchor(kind, error.code)) + code(error.code), code(error.kind), words + more, outcome(error)]
    return f"| {' | '.join(cells)} |"


def message_row(says: str, meant: ErrorCode) -> str:
    """Print a row for what a code means with a certain message."""
    cells = [
        f"{code(meant.code)} with “{prose(says)}”",
        code(meant.kind),
        prose(sentence(meant.message)),
        outcome(meant),
    ]
    return f"| {' | '.join(cells)} |"


def _filled(source: str, names: Mapping[str, str]) -> str:
    """Say what fills a parameter of a lookup."""
    return "the time when it was sent" if source == "$sent" else f"the {code(names.get(source, source))} sent"


def _at_most(most: int, found: list[str]) -> list[str]:
    more = len(found) - most
    return [*found[:most], f"{more} more, on the pages of their operations and types"] if more > 0 else found


def _article(words: str) -> str:
    return (
        # Types begin with a word or with a link in code; `any JSON` takes no article.
        f"{'an' if words[:1] in 'aeio' else 'a'} {words}"
        if words[:1].isalpha() and "any" not in words[:3]
        else words
    )
