"""How much of a page was read: what it seems to hold, beside what became a fact."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.drift.facts.elsewhere import UNREAD
from generator.drift.facts.facts import Facts
from generator.drift.facts.sections import bracketed
from generator.drift.pages.blocks import Document

UNUSED_TABLE = "a table has no owner"
"""How the note of such a table begins."""
# A method in capitals, and a path of a call: not `/`, and no link to another page.
_ENDPOINT = re.compile(r"\b(GET|POST|PUT|DELETE|PATCH)\b[`*\s:|]{1,6}(/?[\w{}<>:.-]+(?:/[\w{}<>:.\[\]-]+)+)")
# Known tags only: `<symbol>` in a path is a parameter.
_TAG = re.compile(
    r"</?(?:code|b|strong|em|i|span|p|a|br|li|ul|td|tr|th|h[1-6]|div|pre|mark)\b[^<>]{0,200}>", re.IGNORECASE
)
ENOUGH = 5
"""Endpoints or tables; fewer say nothing of a page."""
MOST = 0.6
"""The share of them that may be unread."""


@dataclass(frozen=True)
class Coverage:
    """Figures of one page, or of several."""

    operations: int = 0
    endpoints: int = 0
    """Different endpoints that the text names, those included that were read."""

    parameters: int = 0
    fields: int = 0
    codes: int = 0
    channels: int = 0
    tables: int = 0
    unused: int = 0
    """Tables without an owner."""

    elsewhere: int = 0
    """Calls whose description is a document that was not read."""

    def __str__(self) -> str:
        return (
            f"{self.operations} of {self.endpoints} endpoints, {self.parameters} parameters, {self.fields} fields, "
            f"{self.codes} codes, {self.channels} channels; {self.unused} of {self.tables} tables have no owner"
        )

    def doubts(self) -> Iterator[str]:
        """Yield what makes this look as if most of a page was passed over."""
        if self.endpoints >= ENOUGH and self.endpoints - self.operations > MOST * self.endpoints:
            yield f"only {self.operations} of the {self.endpoints} endpoints that it names were read; {_HELP}"
        if self.elsewhere:
            yield f"{self.elsewhere} of its calls are described in a document {UNREAD}"
        if self.tables >= ENOUGH and self.unused > MOST * self.tables:
            yield f"{self.unused} of its {self.tables} tables have no owner; {_HELP}"


_HELP = "if that is wrong, tell docs.yaml how the page is written"


def coverage_of(documents: Mapping[str, Document], facts: Mapping[str, Facts]) -> Coverage:
    """Count what pages hold, and what was read of them; what several of them have counts once."""
    keys = {key for page in facts.values() for key in page.facts}
    counts = Counter(key[1] for key in keys)
    read = {key[0].partition(" ")[2].strip("/") for key in keys if key[1] == "operation"}
    named = {path for name in facts for path in _named(documents[name])}
    notes = [note.what for page in facts.values() for note in page.notes]
    return Coverage(
        operations=counts["operation"],
        endpoints=len(named - read) + counts["operation"],
        parameters=counts["param"],
        fields=counts["field"] + counts["sample"],
        codes=counts["code"],
        channels=counts["channel"],
        tables=sum(page.tables for page in facts.values()),
        unused=sum(what.startswith(UNUSED_TABLE) for what in notes),
        elsewhere=sum(what.endswith(UNREAD) for what in notes),
    )


def _named(document: Document) -> set[str]:
    # In HTML, tags divide words; `<symbol>` in a path is none.
    text = _TAG.sub("", document.text)
    return {bracketed("/" + path.strip("/")).strip("/") for _, path in _ENDPOINT.findall(text)}


def passed_over(documents: Mapping[str, Document], facts: Mapping[str, Facts]) -> list[str]:
    """Return the pages of which most was not read, with what makes it look so."""
    return [
        f"{documents[name].file}: {what}"
        for name in documents
        for what in coverage_of({name: documents[name]}, {name: facts[name]}).doubts()
    ]


def coverage_lines(documents: Mapping[str, Document], facts: Mapping[str, Facts]) -> list[str]:
    """Say how much was read, and what looks as if too little was."""
    return [f"read {coverage_of(documents, facts)}", *(f"doubt  {line}" for line in passed_over(documents, facts))]
