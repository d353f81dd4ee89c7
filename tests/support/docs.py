"""The reference pages as a reader's tools see them."""

from __future__ import annotations

import html
import re
import textwrap
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

DOCS = Path(__file__).parent.parent.parent / "generated" / "docs"
BLOCK = re.compile(r"^( *)(`{3,})(\w*)\n(.*?)\n\1\2$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!\\)\]\(<?([^)>\s]+)>?\)")
TARGET = re.compile(r"\]\([^)]*\)")
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One page of `generated/docs`."""

    path: Path

    @property
    def name(self) -> str:
        """Its path below the folder of all pages."""
        return self.path.relative_to(DOCS).as_posix()

    @property
    def api(self) -> str:
        """The API that it belongs to."""
        return self.name.partition("/")[0]

    @cached_property
    def text(self) -> str:
        """The whole page."""
        return self.path.read_text("utf-8")

    @cached_property
    def prose(self) -> str:
        """The page without its blocks of code."""
        return BLOCK.sub("", self.text)

    def blocks(self, language: str) -> list[str]:
        """Return the blocks of code in a language."""
        return [textwrap.dedent(found[4]) for found in BLOCK.finditer(self.text) if found[3] == language]

    def anchors(self) -> list[str]:
        """Return all ids, those of headings as GitHub and the site builder make them."""
        headings = [html.unescape(TARGET.sub("", heading)) for heading in HEADING.findall(self.prose)]
        slugs = [re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings]
        return [*ANCHOR.findall(self.text), *(re.sub(r"[-\s]+", "-", slug) for slug in slugs)]

    def links(self) -> list[str]:
        """Return where its links lead."""
        return LINK.findall(self.prose)


PAGES = [Page(path) for path in sorted(DOCS.rglob("*.md"))]
SINGLE = [page for page in PAGES if page.name.count("/") == 2 and not page.name.endswith("/index.md")]
TYPE_PAGES = [page for page in SINGLE if "/types/" in page.name]
STREAM_PAGES = [page for page in SINGLE if "/streams/" in page.name]
OPERATION_PAGES = [page for page in SINGLE if page not in STREAM_PAGES and page not in TYPE_PAGES]
