"""Writes the pages of a draft: with their addresses, or with what is known of them and one question for the rest."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml.comments import CommentedMap

from generator.drift.edit.shapes import TODO
from generator.drift.edit.yaml_edit import flow, text_node
from generator.drift.pages.blocks import Document

UNKNOWN = "https://example.com/unknown"
# The lines above a page may name where it stands on the site.
_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_SLUG = re.compile(r"^slug: *[\"']?/?([\w./-]+)[\"']?\s*$", re.MULTILINE)


def pages_of(documents: Mapping[str, Document], today: str) -> dict[str, CommentedMap]:
    """Return the entries of all pages by name.

    Files lie in folders as their pages lie on the site, unless a page names its place; what all have in common, the
    address of the documentation, is asked once.
    """
    files = [document.file for document in documents.values() if not document.file.startswith("https://")]
    folder = os.path.commonpath([str(Path(file).parent) for file in files]) if files else ""
    pages = dict[str, CommentedMap]()
    for name, document in documents.items():
        url = document.file if document.file not in files else f"{UNKNOWN}/{_place(document, folder)}"
        pages[name] = flow({"url": url, "read_on": today})
    unknown = [page for page in pages.values() if str(page["url"]).startswith(UNKNOWN)]
    if unknown:
        what = f"put the address of the documentation in place of {UNKNOWN} in all {len(unknown)} pages, and try them."
        unknown[0]["title"] = text_node(f"{TODO}{what}")
    return pages


def _place(document: Document, folder: str) -> str:
    front = _FRONT.match(document.text)
    slug = _SLUG.search(front[1]) if front else None
    if slug:
        return slug[1].strip("/")
    path = Path(os.path.relpath(document.file, folder or ".")).with_suffix("").as_posix()
    # Other signs would have to be escaped, and a page's address seldom has them.
    return re.sub(r"[^\w./-]", "-", path)
