"""Decides what the pages of an API say; the templates only print it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from generator.filters import fixed_headers
from generator.model import Api, ErrorCode, Operation
from generator.reference.curl import Curl
from generator.reference.samples import Samples
from generator.reference.text import anchor, code, codes, fenced, link, listed, pretty, prose, sentence, spot
from generator.reference.trees import HOME, Trees
from generator.reference.words import (
    Namer,
    cost_words,
    limit_words,
    outcome,
    place_words,
    quirk_words,
    rule_words,
    type_words,
)

EFFECTS = {
    "read": "`read`: it changes nothing, so the client repeats it when the connection fails.",
    "repeatable": "`repeatable`: a second time does no more than the first, so the client repeats it like a read.",
    "once": "`once`: a second time would do it twice, so the client never repeats it "
    "unless it is certain that it was not executed. See [Unknown outcome](#unknown-outcome).",
}


@dataclass(frozen=True)
class Reference:
    """Everything about one API that its pages say."""

    api: Api

    @cached_property
    def trees(self) -> Trees:
        """Print parameters and answers."""
        return Trees(self.api)

    @cached_property
    def samples(self) -> Samples:
        """Print calls in Python."""
        return Samples(self.api)

    @cached_property
    def curl(self) -> Curl:
        """Print calls in the shell."""
        return Curl(self.api)

    def facts(self, operation: Operation) -> list[tuple[str, str]]:
        """Return what a reader wants to know first, by name."""
        name = Namer("param", operation.params)
        found = [("Python", f"{code(f'client.{operation.full_name}(…)')} returns {code(operation.annotation)}")]
        found.append(("Authentication", self._auth(operation)))
        limit = operation.limit or self.api.default_limits.get(operation.auth)
        if limit:
            found.append(("Limit", f"at most {limit_words(limit)}"))
        found += [("Cost", cost_words(cost, HOME, name)) for cost in operation.costs]
        found.append(("Effect", EFFECTS[operation.effect]))
        if operation.params:
            found.append(("Parameters", f"go into {place_words(operation)}"))
        if operation.deprecated:
            found.append(("Deprecated", prose(sentence(operation.deprecated))))
        return [*found, ("Source", self._source(operation))]

    def _auth(self, operation: Operation) -> str:
        page = f"{HOME}authentication.md"
        if operation.auth == "none":
            return "none; anybody may call it"
        if operation.auth == "key":
            return link("the key alone", f"{page}#{anchor('scheme', 'key')}") + ", without a signature"
        names = operation.schemes or tuple(scheme.name for scheme in self.api.signing.schemes)
        schemes = listed([link(code(name), f"{page}#{anchor('scheme', name)}") for name in names], "or")
        permission = f"; the key needs the permission {code(operation.permission)}" if operation.permission else ""
        return f"signed by {schemes}{permission}"

    def _source(self, operation: Operation) -> str:
        page = operation.page
        title = link(prose(page.title or page.name), f"<{page.url}>")
        heading = f", “{prose(operation.heading)}”" if operation.heading else ""
        return f"{title}{heading}, read {page.read}"

    def rules(self, operation: Operation) -> list[str]:
        """Return the rules about several parameters."""
        name = Namer("param", operation.params)
        return [rule_words(rule, name) for rule in operation.rules]

    def answer_words(self, operation: Operation) -> str:
        """Say what is answered, and where in the envelope."""
        if operation.returns is None:
            return "Nothing but the envelope, which says whether it succeeded."
        what = type_words(operation.returns, HOME)
        if operation.single:
            what += " (a bare object is read as a list of one)"
        if operation.payload == "body":
            return f"The body itself is {_article(what)}."
        envelope = link("envelope", f"{HOME}index.md#envelope")
        return f"{code(self.api.envelope.data)} of the {envelope} holds {_article(what)}."

    def unknown_outcome(self, operation: Operation) -> list[str]:
        """Say what to do when nobody knows whether a call was executed, a paragraph each."""
        words = [
            "After a time-out, a broken connection, HTTP 5xx or a code with outcome *unknown*, the exchange may or may "
            "not have carried this out. The client then raises `ExecutionUnknown`, and sends nothing again by itself."
        ]
        if operation.lookup is None:
            return [
                *words,
                "This call cannot be looked up by an id of your own. "
                "Before you repeat it, ask for what it would have changed: orders, balances or records.",
            ]
        group, _, name = operation.lookup.operation.partition(".")
        target = link(code(operation.lookup.operation), f"{HOME}{group}/{name}.md")
        words.append(f"Give {code(operation.client_id)} with every call, and ask {target} what became of it:")
        words.append(fenced("text", self.samples.lookup(operation)))
        if operation.lookup.absent:
            known = codes(operation.lookup.absent, "or")
            words.append(f"Code {known} says that there is no such thing: it was not executed.")
        return words

    def request_tabs(self, operation: Operation) -> Iterator[tuple[str, str]]:
        """Return the samples by the name of their tab."""
        yield "Python", fenced("python", self.samples.sync(operation), 4)
        yield "Python async", fenced("python", self.samples.awaited(operation), 4)
        yield "curl", fenced("sh", self.curl(operation), 4)

    def response(self, operation: Operation) -> str:
        """Print the answer to the example."""
        return fenced("json", pretty(operation.response))

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
            where = ", ".join(link(o.full_name, f"{o.group}/{o.name}.md") for o in used.get(error.code, []))
            yield error_row(error, "code", [where])

    def headers(self) -> dict[str, str]:
        """Return the headers that every request carries."""
        return fixed_headers(self.api)


def error_row(error: ErrorCode, kind: str, more: list[str]) -> str:
    """Print a row of a table of codes, with an anchor."""
    words = " ".join([prose(sentence(error.message)), *(f"Quirk: {quirk_words(quirk)}" for quirk in error.quirks)])
    cells = [spot(anchor(kind, error.code)) + code(error.code), code(error.kind), words, outcome(error.unknown), *more]
    return f"| {' | '.join(cells)} |"


def error_link_row(error: ErrorCode) -> str:
    """Print a row that leads to the table of codes."""
    target = link(code(error.code), f"{HOME}errors.md#{anchor('code', error.code)}")
    return f"| {target} | {code(error.kind)} | {prose(sentence(error.message))} | {outcome(error.unknown)} |"


def _article(words: str) -> str:
    return f"{'an' if words[:1] in 'aeio' else 'a'} {words}" if words[:1].isalpha() and "any" not in words[:3] else words
