"""Turns the bytes of a page into text, or says that it is no page of documentation."""

from __future__ import annotations

import re

from generator.drift.pages.blocks import Unreadable

# Only encodings of text: Python knows others, such as zip or idna, that a page must not choose.
_CHARSET = re.compile(
    r"""
    charset=["']?
    (
        iso-8859-\d+ | windows-125\d | koi8-[ru]  # Europe
        | gb2312 | gbk | gb18030 | big5            # China
        | shift_jis | euc-(?:jp|kr)                # Japan, Korea
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DOCUMENTATION = re.compile(r"text/|application/(?:xhtml|markdown|json|yaml|x-yaml|vnd\.oai\.openapi)")
"""Kinds of files in which exchanges publish documentation; `vnd.oai.openapi` is an OpenAPI document."""


def decoded(body: bytes, content_type: str, place: str) -> str:
    """Return the text of a page.

    Raises:
        Unreadable: if it is no text, such as an archive or an image.
    """
    if content_type and not _DOCUMENTATION.match(content_type):
        raise Unreadable(f"{place}: {content_type.partition(';')[0]} is not a documentation page")
    # Archives and images may come as text/plain.
    if b"\0" in body[:4000]:
        raise Unreadable(f"{place}: not a text file")
    charset = _CHARSET.search(content_type) or _CHARSET.search(body[:2000].decode("ascii", "replace"))
    for encoding in ("utf-8", charset.group(1) if charset else "utf-8"):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    # A few wrong characters in a description do no harm; a page that is not read at all does.
    return body.decode("utf-8", "replace")
