"""The table on the first page of the reference: what can be done with which API."""

from __future__ import annotations

from collections.abc import Sequence

from generator.model.capabilities import NAMES
from generator.model.summary import Summary
from generator.words.markdown import code, link

MOST = 3
"""Links in one cell; the pages that they lead to name the other calls."""


def capability_names(apis: Sequence[Summary]) -> list[str]:
    """Return the capabilities that some API has, in their order."""
    return [name for name in NAMES if any(name in api.capabilities for api in apis)]


def capability_links(api: Summary, name: str) -> str:
    """Return what has a capability in an API, linked; a dash if nothing has."""
    pages = api.capabilities.get(name, ())
    links = [link(code(page.replace("/", ".")), f"{api.name}/{page}.md") for page in pages[:MOST]]
    more = [f"{len(pages) - MOST} more"] if len(pages) > MOST else []
    return ", ".join([*links, *more]) or "–"
