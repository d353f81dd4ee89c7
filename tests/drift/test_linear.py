"""Reading twice as many pages, or a page twice as long, takes at most 2.2 times the work."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import FrameType

import pytest
from markdown_it import MarkdownIt

from generator.drift.compare.compare import compare
from generator.drift.compare.reading import read_pages
from generator.drift.draft.spec import Draft
from generator.drift.facts.profile import default_profile
from generator.drift.pages.blocks import Document
from generator.drift.pages.document import marked_up
from generator.drift.pages.markdown import inline_text
from tests.drift.reading import SPECS

MOST = 2.2
TABLE = "| Name | Type | Required | Description |\n|---|---|---|---|\n"
CALL = (
    "## Look at pond {n}\n\n`GET /v1/pond{n}/{{id}}`\n\n"
    + TABLE
    + '| depth{n} | int | Yes | How *deep* |\n| kind | string | No | `A` / `B{n}` |\n\n```json\n{{"a{n}": [{{"b": 1}}]}}\n```\n\n'
)
ONE = "## Look at ponds\n\n`GET /v1/ponds`\n\n"
KINDS: dict[str, Callable[[int], str]] = {
    "calls": lambda n: "".join(CALL.format(n=i) for i in range(n)),
    # One section without an end: what looks ahead or back in it would be quadratic.
    "programs": lambda n: ONE + '```python\nlook({"a": 1})\n```\n\n' * n,
    "samples": lambda n: ONE + "".join(f'```json\n{{"a{i}": {{"b": 1}}}}\n```\n\n' for i in range(n)),
    "headings": lambda n: ONE + "".join(f"### Part {i}\n\nIt is *wet*.\n\n" for i in range(n)),
    "rows": lambda n: ONE + TABLE + "".join(f"| a{i} | array | No | Stones |\n" for i in range(n)),
    "values": lambda n: ONE
    + TABLE
    + "".join(f"| a{i} | string | No | `FLAT`, `ROUND` or `DEEP` |\n" for i in range(n)),
    "requests": lambda n: ONE + "".join(f"`GET /v1/pond{i}`\n\nIt is wet.\n\n" for i in range(n)),
    "codes": lambda n: "".join(f"## Error codes {i}\n\n- -{1000 + i} BAD_POND\n\n" for i in range(n)),
    "lists": lambda n: "## Enums\n\n" + "".join(f"**Kind{i}**\n\n- `ROUND`\n- `FLAT`\n\n" for i in range(n)),
}


def work(*documents: Document) -> int:
    """Count the calls of functions while pages are read for the first time."""
    return calls_of(lambda: read_pages(list(documents), default_profile()))


def calls_of(action: Callable[[], object]) -> int:
    """Count the calls of functions in an action, with nothing read before."""
    marked_up.cache_clear()
    inline_text.cache_clear()
    calls = 0

    def note(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return calls


def document(text: str, ending: str, name: str = "page") -> Document:
    """A page in one of the formats."""
    html = MarkdownIt("commonmark").enable("table").render(text) if ending == "html" else text
    return Document(name, f"{name}.{ending}", html)


@pytest.mark.parametrize("ending", ["md", "html", "txt"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_page_twice_as_long_takes_twice_the_work(kind: str, ending: str) -> None:
    """Whatever it is that repeats, in each format."""
    once, twice = (work(document(KINDS[kind](n), ending)) for n in (100, 200))
    assert twice <= MOST * once


def test_comparing_twice_as_many_members_takes_twice_the_work() -> None:
    """All of them have other names now, and other words."""
    counts = list[int]()
    for size in (100, 200):
        rows = ("".join(f"| {name}{i}x | int | No | {name} {i} |\n" for i in range(size)) for name in ("a", "b"))
        old, new = (read_pages([document(ONE + TABLE + text, "md")], default_profile()).all for text in rows)
        counts.append(calls_of(partial(compare, old, new)))
    assert counts[1] <= MOST * counts[0]


def test_twice_as_many_pages_take_twice_the_work() -> None:
    """Pages are read one by one."""
    pages = [document(KINDS["calls"](20), "md", f"page{i}") for i in range(8)]
    work(pages[0])  # imports are no work
    assert work(*pages) <= MOST * work(*pages[:4])


def test_a_draft_of_twice_as_many_pages_takes_twice_the_work(tmp_path: Path) -> None:
    """From pages to files: also four times as many, where a small quadratic part would show."""
    counts = list[int]()
    for size in (1, 2, 4, 8):
        specs = tmp_path / str(size)
        specs.mkdir()
        (specs / "schema").symlink_to(SPECS / "schema")
        pages = [document("".join(CALL.format(n=i * 5 + at) for at in range(5)), "md", f"page{i}") for i in range(size)]
        draft = Draft("ponds", pages, specs, "2026-11-20")
        counts.append(calls_of(draft.write))
    _imports, *sizes = counts
    assert all(twice <= MOST * once for once, twice in pairwise(sizes)), sizes
