"""Run by the site's own Python: turns Markdown pages into HTML as the site builder does, and looks for what leaked.

Prints every tag and attribute that no page should have, and every table whose rows differ in length.
"""

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

from markdown import markdown  # type: ignore[import-not-found,import-untyped,unused-ignore]

EXTENSIONS = [
    "attr_list",
    "md_in_html",
    "tables",
    "toc",
    "pymdownx.highlight",
    "pymdownx.superfences",
    "pymdownx.tabbed",
]
OPTIONS = {"pymdownx.tabbed": {"alternate_style": True}, "toc": {"permalink": True}}
TAGS = {
    *("h1", "h2", "h3", "p", "a", "code", "pre", "span", "div", "ul", "ol", "li", "strong", "em"),
    *("table", "thead", "tbody", "tr", "th", "td", "input", "label", "button", "nav"),
}
ATTRIBUTES = {"id", "class", "href", "title", "type", "name", "for", "checked", "data-tabs", "tabindex"}


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.leaks: list[str] = []
        self.widths: set[int] = set()
        self.cells = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.leaks.append(f"<{tag}>")
        self.leaks += [f"{tag} {name}={value!r}" for name, value in attrs if name not in ATTRIBUTES]
        self.leaks += [f"{tag} leads to {v!r}" for name, v in attrs if name == "href" and not harmless(v or "")]
        if tag == "table":
            self.widths = set()
        elif tag == "tr":
            self.cells = 0
        elif tag in ("td", "th"):
            self.cells += 1

    def handle_comment(self, data: str) -> None:
        self.leaks.append(f"comment {data!r}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self.widths.add(self.cells)
        elif tag == "table" and len(self.widths) > 1:
            self.leaks.append(f"a table with rows of {sorted(self.widths)} cells")


def harmless(target: str) -> bool:
    return target.startswith(("#", "https://")) or re.fullmatch(r"[\w./-]+\.(md|json|txt)(#.*)?", target) is not None


def main(folder: str) -> None:
    found = {}
    for path in sorted(Path(folder).rglob("*.md")):
        body = path.read_text("utf-8").split("---\n", 2)[2]
        leaks = Page(markdown(body, extensions=EXTENSIONS, extension_configs=OPTIONS)).leaks
        if leaks:
            found[path.name] = leaks
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
