"""Links the types in a page's Python to their pages, and drops markup that changes no color."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

PLAIN = re.compile(r'<span class="(?:n|w|p)">([^<]*)</span>')
"""Names, blanks and punctuation: a page has hundreds of them, and they look like the text around them."""
BLOCK = re.compile(r'<div class="language-(\w+) highlight">.*?</div>', re.DOTALL)
NAME = re.compile(r'<span class="n">([A-Z]\w*)</span>')


def type_linker(docs: Path) -> Callable[[Path, str], str]:
    """Return what links the types of a page; it takes its path below the root, and its HTML."""
    types = {folder.parent.name: {page.stem for page in folder.glob("*.md")} for folder in docs.glob("*/types")}

    def linked(path: Path, page: str) -> str:
        names = types.get(path.parts[0], set())
        home = "../" * (len(path.parts) - 2)

        def link(found: re.Match[str]) -> str:
            name = found[1]
            known = name in names and path.stem != name
            return f'<a href="{home}types/{name}.html">{name}</a>' if known else found[0]

        def tidy(found: re.Match[str]) -> str:
            block = NAME.sub(link, found[0]) if found[1] == "pyi" else found[0]
            return PLAIN.sub(r"\1", block)

        return BLOCK.sub(tidy, page)

    return linked
