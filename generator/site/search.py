"""Builds the search index: one entry for each page, section, parameter, field, value and code, with its anchor."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Item = dict[str, Any]  # JSON, in the form of the site builder's own index

# These match exactly what words/markdown.py prints: the index is built from the pages, as a reader sees them.
SPOT = re.compile(r'<a id="((\w+)-[^"]+)"></a>')
LINK = re.compile(r"\[((?:[^\]\\]|\\.)*)\]\([^)]*\)")
TAG = re.compile(r"</?(?:a|code)\b[^>]*>")
CODE = re.compile(r"`([^`]+)`|<code>(.*?)</code>")
ESCAPE = re.compile(r"\\([\\`*_{}\[\]|>])")
BESIDE = re.compile(r"\[`\w+`\]\([^)]*\) · (?:`[^`]+`|<code>.*?</code>)")
"""Our name of a parameter or field, and the exchange's beside it."""
HEADING = re.compile(r"(#{1,3}) (.+)")
FACT = re.compile(r"- \*\*(?:Limit|Cost):\*\* (.+)")
REQUEST = re.compile(r"[A-Z]+ /\S*")
WORDS = {
    "param": "parameter",
    "field": "field",
    "value": "value",
    "code": "code",
    "status": "HTTP status",
    "stream": "stream code",
}
NAMED_TWICE = frozenset({"value", "code", "status", "stream"})
"""Kinds whose second name belongs into the title: the Python name of a value, the kind of a code."""

SKIPPED = re.compile(
    r"(Parameters|Response|Example|Errors|Codes|HTTP statuses|Stream codes|Unknown outcome|Found odd on .*"
    r"|Limits and cost|Related|Source|Members|Values|Used by)$"
)
"""Sections whose lines have entries of their own, or say what others say."""


@dataclass(frozen=True)
class Page:
    """One Markdown page."""

    path: str
    title: str
    lines: list[str]
    above: list[str]
    """The titles of the pages above it."""

    @property
    def is_type(self) -> bool:
        """Whether it is about a type; those come later, since readers mostly want the call that takes or returns it."""
        return "/types/" in self.path

    @property
    def location(self) -> str:
        """Its address below the root of the site."""
        return self.path.removesuffix(".md") + ".html"


def read_page(folder: Path, path: Path, names: dict[str, str]) -> Page:
    """Read a page; `names` has the titles of the APIs by their folders."""
    parts = path.relative_to(folder).parts
    title, body = front_matter(path)
    above = [names[parts[0]]] if len(parts) > 1 else []
    return Page("/".join(parts), title, body.strip().splitlines(), above)


def front_matter(path: Path) -> tuple[str, str]:
    """Return the title and the body of a page."""
    _, front, body = path.read_text("utf-8").split("---\n", 2)
    title = front.splitlines()[0].removeprefix("title: ").strip()
    return html.unescape(json.loads(title) if title.startswith('"') else title), body


def read_pages(docs: Path) -> list[Page]:
    """Read all pages."""
    names = {path.parent.name: front_matter(path)[0] for path in docs.glob("*/index.md")}
    return [read_page(docs, path, names) for path in sorted(docs.rglob("*.md"))]


def index(pages: list[Page]) -> list[Item]:
    """Return the entries of all pages; a parameter or field that several calls of an API share is one entry."""
    made: dict[tuple[str, ...], Item] = {}
    for page in pages:
        for one in items(page):
            key = (*page.above[:1], one["title"], one["says"]) if one["says"] else (one["location"],)
            if key in made:
                made[key]["of"] += one["of"]
            else:
                made[key] = one
    return [_finish(one) for one in made.values()]


def _finish(one: Item) -> Item:
    says, calls = one.pop("says"), one.pop("of")
    if says:
        one["text"] = html.escape(f"{one['text']} of {', '.join(dict.fromkeys(calls))}: {says}", quote=False)
    return one


def items(page: Page) -> Iterator[Item]:
    """Yield the entries of a page."""
    heading = text_of(next((line[2:] for line in page.lines if line.startswith("# ")), page.title))
    level, title, anchor, text = 1, heading, "", list[str]()
    # Code is left out: names in samples would outweigh the pages that explain them.
    for line in _without_code(page.lines):
        found = HEADING.fullmatch(line)
        if found:
            yield from _section(page, level, title, anchor, text)
            level, title, text = len(found[1]), text_of(found[2]), []
            anchor = f"#{slug(found[2])}" if level > 1 else ""
            continue
        spot = SPOT.search(line)
        if spot and spot[2] in ("param", "field") and page.is_type:
            continue
        if spot and spot[2] in WORDS:
            yield _entity(page, heading, spot, line)
        else:
            text.append(line)
    yield from _section(page, level, title, anchor, text)


def _section(page: Page, level: int, title: str, anchor: str, text: list[str]) -> Iterator[Item]:
    words = text_of(" ".join(line for line in text if not line.startswith("|--")))
    if not words:
        return
    if level > 1:
        if not SKIPPED.match(title):
            above = [*page.above, page.title.partition(":")[0]]
            yield item(page.location + anchor, level, title, _with_words(title, words), above)
    elif page.is_type:
        # Of the second level, so that a call of the same name comes first.
        yield item(page.location, 2, title, f"type: {_with_words(title, words)}", page.above)
    elif page.path.count("/") == 2 and "." in title:
        says = " ".join([words, *_also_called(title), *_requests(page), _limits(page), _names(page)])
        group, _, name = title.rpartition(".")
        yield item(page.location, 1, f"{name} ({group})", says, page.above)
    else:
        yield item(page.location, level, title, words, page.above)


def _also_called(title: str) -> list[str]:
    """Return other words for what a call does."""
    return [f"Also: {words}." for pattern, words in _synonyms() if pattern.search(title)]


@cache
def _synonyms() -> list[tuple[re.Pattern[str], str]]:
    """Read the words that traders type for what the pages call otherwise."""
    listed = yaml.safe_load((Path(__file__).parent / "synonyms.yaml").read_text("utf-8"))
    return [(re.compile(one["of"]), one["words"]) for one in listed]


def _with_words(title: str, text: str) -> str:
    """Add the words of a name such as OrderType to its text, so that a search for "order type" finds it."""
    words = split_words(title)
    return f"{text} ({words})" if " " in words and " " not in title else text


def _requests(page: Page) -> list[str]:
    """Return method and path of a call."""
    return [f"{line}." for line in page.lines if REQUEST.fullmatch(line)]


def _limits(page: Page) -> str:
    """Return how often a call may be made."""
    facts = [FACT.fullmatch(line) for line in page.lines]
    return " ".join(f"Rate limit: {text_of(fact[1])}." for fact in facts if fact)


def _names(page: Page) -> str:
    """Return the names of a call's parameters and fields."""
    found = [(spot[2], CODE.search(line, spot.end())) for line in page.lines if (spot := SPOT.search(line))]
    names = {kind: dict.fromkeys(code[1] for k, code in found if code and k == kind and code[1]) for kind in WORDS}
    says = {"Parameters": names["param"], "Fields": names["field"]}
    return " ".join(f"{what}: {', '.join(listed)}." for what, listed in says.items() if listed)


def _entity(page: Page, heading: str, spot: re.Match[str], line: str) -> Item:
    anchor, kind = spot[1], spot[2]
    rest = line[spot.end() :]
    names = [html.unescape(a or b) for a, b in CODE.findall(rest)]
    beside = BESIDE.match(rest)
    title = names[0] if names else anchor
    if beside:
        title, rest = f"{names[0]} ({names[1]})", rest[beside.end() :]
    elif kind in NAMED_TWICE and len(names) > 1:
        title = f"{title} {names[1]}"
    if kind == "field":
        title = f"→ {title}"
    says = text_of(rest.replace(" | ", " · ")).removeprefix(names[0] if names else "").removesuffix("·").strip(" ·")
    where = f"{page.location}#{anchor}"
    if kind in ("param", "field"):
        return item(where, 2, title, WORDS[kind], [*page.above, heading]) | {"says": says, "of": [heading]}
    words = f"{WORDS[kind]} of {split_words(names[1])}" if kind == "value" and len(names) > 1 else WORDS[kind]
    return item(where, 2, title, f"{words}: {says}", [*page.above, heading])


def split_words(name: str) -> str:
    """Split a name into words: OrderStatus.FILLED → order status filled, client_oid → client oid."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[._]", " ", name).lower()


def item(location: str, level: int, title: str, text: str, path: list[str]) -> Item:
    """Return one entry; what is shown of it is HTML."""
    title, text, *above = (html.escape(words, quote=False) for words in (title, text, *path))
    return {
        "location": location,
        "level": level,
        "title": title,
        "text": text,
        "path": above,
        "tags": [],
        "says": "",
        "of": [],
    }


def text_of(text: str) -> str:
    """Return Markdown without its marks."""
    bare = TAG.sub("", LINK.sub(r"\1", SPOT.sub("", text)))
    bare = ESCAPE.sub(r"\1", re.sub(r"(?<!\\)(\*\*?|`|^ *- |\|)", "", bare))
    return " ".join(html.unescape(bare).split())


def slug(heading: str) -> str:
    """Return the id that the site builder gives a heading."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text_of(heading)).strip().lower())


def _without_code(lines: list[str]) -> Iterator[str]:
    fence = ""
    for line in lines:
        bare = line.strip()
        if fence:
            fence = "" if bare == fence else fence
        elif bare.startswith("```"):
            fence = bare[: len(bare) - len(bare.lstrip("`"))]
        elif not bare.startswith(('=== "', "<div", "</div")):
            yield line
