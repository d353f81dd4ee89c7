"""Extracts text from the elements of an HTML page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from generator.drift.pages.blocks import one_line
from generator.model.operations import METHODS

SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "svg",
        "nav",
        "header",
        "footer",
        "button",
        "form",
        "template",
        "iframe",
        "head",
        "select",
        "input",
        "textarea",
    ]
)
INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "cite",
        "code",
        "del",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "var",
    ]
)
MENUS = frozenset({"navigation", "tab", "tablist", "menu", "search", "banner", "contentinfo"})
LISTS = ("ul", "ol", "dl")
BELOW = frozenset({*LISTS, "table", "pre"})
"""Elements inside the description of a term that are read separately."""
SPACED = frozenset({"br", "li", "p", "div", "td", "th", "dt", "dd"})
MARKS = {"code": "`", "del": "~~", "s": "~~", "strike": "~~"}
"""What stands around the text of an element: a line through a name says that it ends."""
_TITLES = ("h1", "h2", "h3", "h4", "h5", "h6")
Element = etree._Element
_ENDPOINT = re.compile(r"(?:GET|POST|PUT|DELETE|PATCH)\s*(?:https?:/)?/\S+\Z", re.IGNORECASE)
"""The text of a button that unfolds an endpoint."""


def hidden(element: Element) -> bool:
    """Whether an element is not part of the documentation, such as menus, scripts and buttons."""
    if element.tag.lower() in SKIPPED:
        # The header of an article has its title; that of a site has its menu.
        if element.tag == "header" and next(element.iter(*_TITLES), None) is not None:
            return False
        return not (element.tag == "button" and _ENDPOINT.match("".join(map(str, element.itertext())).strip()))
    return (element.get("role") or "") in MENUS


def only_inline(element: Element) -> bool:
    """Whether an element contains only running text."""
    return all(
        isinstance(child.tag, str) and child.tag.lower() in INLINE | {"br", "wbr", "img"}
        for child in element.iterdescendants()
    )


def is_item(element: Element) -> bool:
    """Whether an element is an entry of a list, or the first paragraph in one."""
    parent = element.getparent()
    first = parent is not None and parent.tag == "li" and element.getprevious() is None
    return element.tag == "li" or (first and not (parent.text or "").strip() if parent is not None else False)


def depth_of(element: Element) -> int:
    """Return the number of lists around an element."""
    return sum(1 for _ in element.iterancestors(*LISTS))


def topmost(element: Element) -> Iterator[Element]:
    """Yield the lists, tables and samples in an element, without those inside another of them."""
    for found in element.iter(*sorted(BELOW)):
        outer = next(found.iterancestors(*sorted(BELOW)), None)
        if outer is None or outer in element.iterancestors():
            yield found


def content(element: Element, without: frozenset[str] = frozenset()) -> str:
    """Return the text of an element; line breaks become spaces, and code and struck text are marked as in Markdown."""
    pieces, walk = list[str](), etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if not isinstance(node.tag, str):
            continue
        left_out = node is not element and (node.tag in without or hidden(node))
        mark = "" if left_out else MARKS.get(node.tag, "")
        if event == "start" and left_out:
            # Walked without recursion: pages nest a thousand elements deep.
            walk.skip_subtree()
            pieces.append(" ")
        elif event == "start":
            pieces += [" " if node.tag in SPACED else "", mark, node.text or ""]
        else:
            pieces += [mark, (node.tail or "") if node is not element else ""]
    return "".join(pieces)


def pieces_of(element: Element) -> list[str]:
    """Return the texts of an element's children one by one if they are labels in a row, else its whole text."""
    members = [child for child in element if isinstance(child.tag, str) and child.tag.lower() in INLINE]
    loose = one_line((element.text or "") + "".join(child.tail or "" for child in element))
    if len(members) == 1 and len(element) == 1 and not loose and len(members[0]):
        return pieces_of(members[0])
    texts = [text for child in members if not hidden(child) and (text := one_line(content(child)))]
    # `price` `decimal` `required` are labels; `GET` `/v1/time` is one request, and belongs together as `/v1` `/time` does.
    is_request = bool(texts) and (texts[0].strip("`").upper() in METHODS or texts[0].startswith("/"))
    if len(texts) > 1 and not loose and " " not in texts[0] and not is_request:
        return texts
    return [one_line(content(element))]


def code_text(element: Element) -> str:
    """Return a sample with its line breaks."""
    pieces = list[str]()
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        if event == "start":
            pieces += ["\n" if node.tag == "br" else "", (node.text or "") if node.tag not in SKIPPED else ""]
        else:
            # Highlighters put each line of a sample into an element, without a line break.
            line = node.tag == "div" or "token-line" in (node.get("class") or "")
            pieces += ["\n" if line else "", (node.tail or "") if node is not element else ""]
    return "".join(pieces)
