"""Notes the calls that a page leaves to an API description, where that document was not given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.drift.facts.facts import Facts
from generator.drift.facts.sections import bracketed
from generator.drift.pages.blocks import Document
from generator.drift.pages.openapi import is_openapi

UNREAD = "which was not read; give it with --docs"
"""How the note of such a call ends."""
# GitBook: {% openapi-operation spec="lamps" path="/v1/lamp" method="post" %}, with a link to the document below it.
_BLOCK = re.compile(
    r"\{% (?:openapi|swagger)(?:-operation)?\s(?P<attributes>(?:\"[^\"\n]*\"|[^\"%\n])*)%\}(?P<below>[^\n]*\n?[^\n]*)"
)
_ATTRIBUTE = re.compile(r"\b(src|spec|path|method)=\"([^\"]*)\"")
_LINK = re.compile(r"\]\(([^()\s]+)\)")
# The lines above a page: `openapi: lamps.json POST /v1/lamp`.
_FRONT = re.compile(
    r"^openapi: *[\"']?(?:(?P<src>\S+\.(?:json|ya?ml)) +)?(?P<method>GET|POST|PUT|DELETE|PATCH) +(?P<path>/[^\s\"']+)",
    re.MULTILINE | re.IGNORECASE,
)
FRONT = 2000  # letters; the lines above a page are no longer


def note_described_elsewhere(facts: Facts, document: Document, files: Mapping[str, Document]) -> None:
    """Add a note for each call of which the page only says in which description it is."""
    found = list(_references(document.text))
    described = [other.text for other in files.values() if is_openapi(other)] if found else []
    for line, owner, source in found:
        path = owner.split(" ", 1)[1]
        is_told = any(any(facts.of(kind, owner)) for kind in ("param", "field", "sample"))
        if not is_told and not any(path in text for text in described):
            facts.note(document.file, line, f"`{owner}` is described in `{source[:80]}`, {UNREAD}")


def _references(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, operation and description of each."""
    for match in _BLOCK.finditer(text):
        given = dict(_ATTRIBUTE.findall(match["attributes"]))
        link = _LINK.search(match["below"])
        source = given.get("src") or (link[1] if link else "") or given.get("spec", "")
        if source and given.get("path") and given.get("method"):
            line = text.count("\n", 0, match.start()) + 1
            yield line, f"{given['method'].upper()} {bracketed(given['path'])}", source
    front = _FRONT.search(text[:FRONT]) if text.startswith("---") else None
    if front:
        owner = f"{front['method'].upper()} {bracketed(front['path'])}"
        yield text.count("\n", 0, front.start()) + 1, owner, front["src"] or "an OpenAPI document"
