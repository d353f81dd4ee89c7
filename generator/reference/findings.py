"""Lists the quirks of an API's documentation by the day on which they were seen."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from generator.model.api import Api
from generator.model.documentation import Quirk
from generator.words.markdown import code, link
from generator.words.phrases import quirk_words

MOST_ODD = 500
"""Quirks of one day that the page of changes lists; each is also on the page of its operation or type."""


def findings(api: Api) -> list[tuple[str, list[str]]]:
    """Return the quirks of the documentation by day, the latest first."""
    days: dict[str, list[str]] = {}
    for where, quirk in _oddities(api):
        # The day is the heading of the list, so it is not repeated in each line.
        days.setdefault(quirk.seen or "unknown date", []).append(f"{where}: {quirk_words(replace(quirk, seen=None))}")
    return [(day, _at_most(MOST_ODD, found)) for day, found in sorted(days.items(), reverse=True)]


def _oddities(api: Api) -> Iterator[tuple[str, Quirk]]:
    for quirk in (*api.quirks, *api.signing.quirks, *(q for s in api.signing.schemes for q in s.quirks)):
        yield "The API", quirk
    for operation in api.operations:
        where = link(code(operation.full_name), f"{operation.group}/{operation.name}.md")
        yield from ((where, quirk) for quirk in operation.quirks)
    for name, quirks in [(t.name, t.quirks) for t in api.structs] + [(t.name, t.quirks) for t in api.enums]:
        yield from ((code(name), quirk) for quirk in quirks)
    for error in (*api.errors, *api.stream_errors):
        yield from ((f"Code {code(error.code)}", quirk) for quirk in error.quirks)


def _at_most(most: int, found: list[str]) -> list[str]:
    more = len(found) - most
    return [*found[:most], f"{more} more, on the pages of their operations and types"] if more > 0 else found
