"""Compares the APIs deed by deed: what means the same stands in the same row, whatever an exchange calls it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct as Record

from generator.model.api import Api
from generator.model.capabilities import OPERATIONS, capabilities
from generator.model.summary import Offer, Summary
from generator.words.markdown import code, link, prose
from generator.words.meaning import phrase_words

LEFT_OUT = "Look up a lost order"
"""That is said of each call that makes something."""
FIRST = ("symbol", "coin", "side", "kind", "quantity", "value", "price", "stop price", "client_id", "id", "order.id")
"""Meanings in the order in which traders think of them; others follow by name."""


class Column(Record, frozen=True):
    """One API in a comparison."""

    api: Summary
    offer: Offer
    """The call that is compared."""

    also: tuple[str, ...]
    """The pages of its other calls that do the same."""


class Comparison(Record, frozen=True):
    """What several APIs offer for one deed."""

    name: str
    columns: tuple[Column, ...]
    missing: tuple[str, ...]
    """The titles of the APIs that have no such call."""

    @property
    def slug(self) -> str:
        """The name of its page."""
        return slug(self.name)

    @property
    def tables(self) -> list[tuple[str, list[str]]]:
        """Title and lines of each table."""
        calls = {"Call": [_page(column.api, column.offer.page) for column in self.columns]}
        calls["Also"] = [", ".join(_page(c.api, page) for page in c.also) for c in self.columns]
        facts = _rows([column.offer.facts for column in self.columns])
        found = [("Call", calls | facts)]
        found += [("Parameters", _rows([column.offer.params for column in self.columns], _ordered))]
        found += [("Answer", _rows([column.offer.fields for column in self.columns], _ordered))]
        return [(title, list(self._lines(rows))) for title, rows in found if rows]

    def _lines(self, rows: dict[str, list[str]]) -> Iterator[str]:
        heads = [link(prose(column.api.title), f"../{column.api.name}/index.md") for column in self.columns]
        yield f"| | {' | '.join(heads)} |"
        yield f"|---|{'---|' * len(heads)}"
        for name, cells in rows.items():
            if any(cells):
                yield f"| {name} | {' | '.join(cell or '–' for cell in cells)} |"


def slug(name: str) -> str:
    """Return the name of the page of a deed."""
    return re.sub(r"\W+", "-", name.lower())


def comparisons(apis: Sequence[Summary]) -> list[Comparison]:
    """Return every deed that some API has a call for."""
    found = []
    for name in OPERATIONS:
        if _is_compared(apis, name):
            having = [api for api in apis if name in api.capabilities]
            missing = tuple(prose(api.title) for api in apis if api not in having)
            found.append(Comparison(name, tuple(_column(api, name) for api in having), missing))
    return found


def deed_link(apis: Sequence[Summary], name: str) -> str:
    """Return the name of a capability, linked to its comparison if it has one."""
    return link(name, f"compare/{slug(name)}.md") if _is_compared(apis, name) else name


def _is_compared(apis: Iterable[Summary], name: str) -> bool:
    return name in OPERATIONS and name != LEFT_OUT and any(name in api.capabilities for api in apis)


def deed_links(api: Api) -> dict[str, list[str]]:
    """Return links to the comparisons of what each call does, by its page and from there: group/operation."""
    found: dict[str, list[str]] = {}
    for name, pages in capabilities(api).items():
        if name in OPERATIONS and name != LEFT_OUT:
            for page in pages:
                found.setdefault(page, []).append(link(name, f"../../compare/{slug(name)}.md"))
    return found


def _column(api: Summary, name: str) -> Column:
    known = {offer.page: offer for offer in api.offers}
    found = [known[page] for page in api.capabilities[name]]
    # Of several, the one that can say most is the usual one.
    usual = max(found, key=lambda offer: (offer.plain, len(offer.params), -found.index(offer)))
    return Column(api, usual, tuple(offer.page for offer in found if offer is not usual))


def _page(api: Summary, page: str) -> str:
    return link(code(page.replace("/", ".")), f"../{api.name}/{page}.md")


def _rows(
    columns: Sequence[dict[str, str]], order: Callable[[Iterable[str]], list[tuple[str, str]]] | None = None
) -> dict[str, list[str]]:
    keys = list(dict.fromkeys(key for column in columns for key in column))
    named = order(keys) if order else [(key, key) for key in keys]
    return {words: [column.get(key, "") for column in columns] for key, words in named}


def _ordered(phrases: Iterable[str]) -> list[tuple[str, str]]:
    """Return meanings with their words, in order."""
    named = [(text, (phrase_words(text) or "type").capitalize()) for text in phrases]
    return sorted(named, key=lambda one: (FIRST.index(one[0]) if one[0] in FIRST else len(FIRST), one[1]))
