"""The ways in which pages write method and path of an endpoint: `[POST] /v1/order`, `URL: POST /v1/order`, and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.drift.pages.blocks import Block, Heading, Paragraph

_METHOD = r"(?P<method>GET|POST|PUT|DELETE|PATCH)"
# With or without the host, which may be a gap of its own: `{{baseUrl}}/v1/order`.
_HOST = r"(?:https?://[^/\s]+|\{\{?\s*\w+\s*\}?\}|<\w+>)?"
_PATH = rf"{_HOST}(?P<path>/[A-Za-z{{<:\[][^\s,，;；)]*)"
_LABEL = (
    r"(?:(?:http|https|rest|api|full|request)[ _-]?)?(?:request|endpoint|url|uri|path|route|address|api)"
    r"(?:[ _-](?:url|uri|path|endpoint|address|line|type))?\s*[:：]\s*"
)
# Methods in capitals: `get /var/log` is a sentence.
_LINE = re.compile(
    rf"(?i:{_LABEL})?[\[(（]?{_METHOD}[\])）]?\s*(?:[-–—|:：]\s*)?{_PATH}(?:\s+HTTP/[\d.]+)?"
    rf"|(?i:{_LABEL})?(?P<path2>/[A-Za-z{{][^\s]*)\s+[\[(（](?P<method2>GET|POST|PUT|DELETE|PATCH)[\])）]"
)
# A request in a title: `Place order - POST /v1/order`, `Place order (POST /v1/order)`, `POST /v1/order - Place order`.
_TITLED = re.compile(
    rf"(?:[^\n]{{2,80}}?(?:\s[-–—|]|[:：])\s+|[^\n]{{2,80}}?\s[(（])?{_METHOD}\s+{_PATH}[)）]?(?:\s+[-–—|:]\s+.{{2,80}})?"
)
# Apart: `Method: POST`, `URL: /v1/order`, in one line or two that follow each other.
_METHOD_TOLD = (
    r"(?:(?:http|request|api)\s*)?(?:method|type|verb|protocol|请求方法|请求方式)\s*[:：]\s*"
    r"(?i:(?P<method>get|post|put|delete|patch)"
    # Some calls take either of two: `Method: POST/PUT`.
    r"(?:\s*(?:/|,|or)\s*(?P<second>post|put|delete|patch))?)\b"
)
_PATH_TOLD = rf"(?:{_LABEL}|(?:请求地址|请求路径|接口地址|请求接口)\s*[:：]\s*){_PATH}"
_APART = tuple(re.compile(rf"{told}\.?", re.IGNORECASE) for told in (_METHOD_TOLD, _PATH_TOLD))
_TOGETHER = tuple(
    re.compile(rf"{first}\s*[,，;]?\s+{second}", re.IGNORECASE)
    for first, second in ((_METHOD_TOLD, _PATH_TOLD), (_PATH_TOLD, _METHOD_TOLD))
)
_EMPHASIS = re.compile(r"[*`]+")


def request_line(text: str, *, is_heading: bool = False) -> str | None:
    """Return `POST /v1/order` for a line that names an endpoint in another form; None for other lines.

    Args:
        text: The line.
        is_heading: Whether it is a heading, which may have a title beside the endpoint.
    """
    if "/" not in text or len(text) > 300:
        return None
    bare = _EMPHASIS.sub("", text).strip()
    match = _LINE.fullmatch(bare) or (_TITLED.fullmatch(bare) if is_heading else None)
    match = match or next((together for form in _TOGETHER if (together := form.fullmatch(bare))), None)
    if match is None:
        return None
    found: dict[str, str | None] = match.groupdict()
    method, path = (found.get(key) or found[f"{key}2"] or "" for key in ("method", "path"))
    return f"{method.upper()} {path}"


def join_lines(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks with one line for a method and a path that stand in two: `Method: POST`, then `URL: /v1/order`."""
    at = 0
    while at < len(blocks):
        joined = _join(blocks[at], blocks[at + 1]) if at + 1 < len(blocks) else None
        yield joined or blocks[at]
        at += 2 if joined else 1


def _join(first: Block, second: Block) -> Paragraph | None:
    if not (_is_brief(first) and _is_brief(second)):
        return None
    lines = [_EMPHASIS.sub("", block.text).strip() for block in (first, second) if isinstance(block, Paragraph)]
    for method, path in (lines, lines[::-1]):
        told, at = _APART[0].fullmatch(method), _APART[1].fullmatch(path)
        if told and at:
            # Of two methods, the one that may change something: what is only read is read by it, too.
            return Paragraph(first.line, f"{(told['second'] or told['method']).upper()} {at['path']}")
    return None


def _is_brief(block: Block) -> bool:
    return isinstance(block, Paragraph) and not isinstance(block, Heading) and len(block.text) < 200
