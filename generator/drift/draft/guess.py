"""Guesses a profile for documentation that has none, from the layout of its pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise, takewhile

from generator.drift.draft.columns import MOST, guessed_roles
from generator.drift.facts.profile import Profile, default_profile, profile_of
from generator.drift.facts.sections import request_of
from generator.drift.pages.blocks import Block, Code, Document, Heading, Paragraph, Table
from generator.drift.pages.document import read_blocks
from generator.drift.pages.words import Words
from generator.source.load import parse

_METHOD = "(?P<method>GET|POST|PUT|DELETE|PATCH)"
# How pages write a request, the most specific pattern first: a path without its slash, a label before the method
# with or without a known word, a list or heading, and the path before the method.
REQUESTS = (
    rf"{_METHOD} +(?P<path>[a-z][\w-]*/[^\s`?]+)\S*",
    rf"[^:：]{{1,25}}[:：*` ]+{_METHOD}\W+(?:https?://[^/\s]+)?(?P<path>/[^\s`?]+)\S*",
    rf"(?:http request|request|endpoint|url|path|接口)\W+{_METHOD}\W+(?:https?://[^/\s]+)?(?P<path>/[^\s`?]+)\S*",
    rf"\[{_METHOD}\]\W*(?:https?://[^/\s]+)?(?P<path>/[^\s`?]+)",
    rf"[-*#\d. ]*`?{_METHOD}`? +`?(?:https?://[^/\s]+)?(?P<path>/[^\s`?]+)`?(?: +[-–—:(].{{1,60}})?",
    rf"`?(?P<path>/[^\s`?]+)`? +\[?\(?{_METHOD}\)?\]?",
)
# Samples of what is sent, and of how it is signed, are no answers.
_SENT = re.compile(r"request|subscri|login|auth|sign|header|payload|python|curl|请求", re.IGNORECASE)
Found = dict[str, object]


class Guess:
    """Looks at the blocks of all pages."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._words = Words()
        self._profile = default_profile()
        self._pages = [read_blocks(document, self._words) for document in documents]

    def profile(self, signs: Collection[str] = ()) -> tuple[Profile, str]:
        """Return a profile, and the text of the docs.yaml that says it.

        Args:
            signs: Parameters, in lower case, that signing adds: those found become `shared`, so that drift ignores
                them, as the draft does.
        """
        found: Found = {}
        requests = list(self._requests())
        found |= {"request": requests} if requests else {}
        self._profile = _profile_and_text(found)[0]
        found |= self._headings()
        columns = self._columns()
        found |= {"columns": columns} if columns else {}
        self._profile = _profile_and_text(found)[0]
        labels = self._labels()
        found |= {"labels": labels} if labels else {}
        shared = sorted(name for name in self._names() if name.lower() in signs)
        found |= {"shared": shared} if shared else {}
        return _profile_and_text(found)

    def _names(self) -> set[str]:
        """Return what stands in the first column of tables."""
        return {row.cells[0].strip("`* ") for table in self._tables() for row in table.rows if row.cells}

    def _requests(self) -> Iterator[str]:
        """Yield the patterns that find endpoints which the common ones do not."""
        lines = [line for page in self._pages for block in page for line in _lines(block)]
        known = self._profile.request
        left = [line for line in lines if not any(pattern.fullmatch(line) for pattern in known)]
        for text in REQUESTS:
            pattern = re.compile(text, re.IGNORECASE)
            if any(pattern.fullmatch(line) for line in left):
                yield text
                # A pattern is kept only if it finds lines that no earlier one finds.
                left = [line for line in left if not pattern.fullmatch(line)]

    def _headings(self) -> Found:
        """Find what follows titles on pages without headings: the same words each time."""
        following = list[str]()
        for page in self._pages:
            named = [index for index, block in enumerate(page) if request_of(block, self._profile)]
            if sum(isinstance(block, Heading) for block in page) * 2 < len(named):
                following += [run[1] for index in named if len(run := _lines_before(page, index)) > 1]
        if not following:
            return {}
        # Four letters, since a title may begin with a number: `1. GET`, `2. GET`.
        start, count = Counter(text[:4] for text in following).most_common(1)[0]
        if count >= 2 and count >= MOST * len(following):
            same = _beginning([text for text in following if text.startswith(start)]).rstrip()
            return {"headings": {"before": [re.escape(same)]}}
        return {"headings": {"before": ["(?:- )?1?(?:GET|POST|PUT|DELETE|PATCH) ?/"]}}

    def _columns(self) -> Found:
        """Return the roles of unknown columns, by their cells."""
        found: dict[str, set[str]] = {}
        for table in self._tables():
            for heading, role in guessed_roles(table, self._words).items():
                found.setdefault(role, set()).add(heading)
        return {role: sorted(words) for role, words in sorted(found.items())}

    def _tables(self) -> Iterator[Table]:
        return (block for page in self._pages for block in page if isinstance(block, Table) and len(block.rows) > 0)

    def _labels(self) -> Found:
        """Find the lines that repeatedly precede tables and samples."""
        seen: dict[str, Counter[str]] = {"params": Counter(), "fields": Counter(), "response": Counter()}
        for page in self._pages:
            for before, block in pairwise(page):
                role = self._announcement(block)
                if role and isinstance(before, (Paragraph, Heading)) and _is_label(before.text, role):
                    seen[role][before.text.strip("*:： ")] += 1
        return {role: found for role, counts in seen.items() if (found := self._unknown_labels(counts))}

    def _unknown_labels(self, counts: Counter[str]) -> list[str]:
        names = self._names()
        # Once may be chance, and a label that occurs once is quicker to write by hand.
        often = [t for t, count in counts.items() if count >= 2 and t not in names and not self._profile.role_of(t)]
        return sorted(re.escape(text) for text in often)

    def _announcement(self, block: Block) -> str | None:
        if isinstance(block, Table):
            roles = {self._profile.words.role(heading) for heading in block.header}
            if not {"name", "field"} & roles:
                return None
            return "params" if "required" in roles else "fields" if "type" in roles else None
        is_sample = isinstance(block, Code) and block.text.lstrip()[:1] in ("{", "[")
        return "response" if is_sample else None


def _lines_before(page: Sequence[Block], index: int) -> list[str]:
    """Return the lines of text right before a block, and its own first line."""
    run = [_lines(page[index])[0]]
    while index > 0 and len(run) < 5 and isinstance(page[index - 1], Paragraph):
        index -= 1
        run.insert(0, _lines(page[index])[0])
    return run


def _beginning(texts: list[str]) -> str:
    """Return what all texts begin with."""
    letters = (group[0] for group in takewhile(lambda g: len(set(g)) == 1, zip(*texts, strict=False)))
    return "".join(letters)


def _is_label(text: str, role: str) -> bool:
    is_sent = role == "response" and _SENT.search(text)
    return 2 < len(text) < 40 and not re.search(r"[.!?。]$", text) and not is_sent


def _lines(block: Block) -> list[str]:
    if isinstance(block, Code):
        return [line.strip() for line in block.text.split("\n")[:12]]
    return [block.text.strip("*` ")] if isinstance(block, (Paragraph, Heading)) else []


def _profile_and_text(found: Found) -> tuple[Profile, str]:
    from generator.drift.edit.yaml_edit import dumped

    text = dumped(found) if found else "{}\n"
    at = parse(text.encode(), "docs.yaml", [])
    assert at is not None
    return profile_of(at), text
