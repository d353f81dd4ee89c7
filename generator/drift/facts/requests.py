"""Finds requests that pages write in pieces: a path and its method on lines of their own, or only in a command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.drift.facts.profile import Profile
from generator.drift.facts.sections import request_of
from generator.drift.pages.blocks import Block, Code, Heading, Paragraph

_PATH = re.compile(
    r"\W*(?:(?:request|api|http|endpoint|interface)[ -]?)?(?:path|url|uri|endpoint|address|接口地址|请求路径|请求地址)\s*[:：]"
    r"[\s*`]*(?:https?://[^/\s]+)?(?P<path>/[^\s`*?]+)[`*\s]*",
    re.IGNORECASE,
)
_METHOD = re.compile(
    r"\W*(?:(?:request|http|api)[ -]?)?(?:method|protocol|verb|type|请求方式|请求方法)\s*[:：]"
    r"[\s*`]*(?P<methods>(?:GET|POST|PUT|DELETE|PATCH)(?:\s*(?:/|,|or)\s*(?:GET|POST|PUT|DELETE|PATCH))*)[`*\s]*",
    re.IGNORECASE,
)
NEAR = 3  # blocks between a path and its method
_COMMAND = re.compile(r"^\s*(?:\$ )?curl\b", re.MULTILINE)
_VERB = re.compile(r"(?:-X|--request)[ =]*['\"]?(GET|POST|PUT|DELETE|PATCH)\b")
_ADDRESS = re.compile(r"https?://[^/\s'\"]+(/[^\s'\"?\\]*)")
_BARE_PATH = re.compile(r"/(?:[\w.{}-]+/)*[\w.{}-]+")


def with_requests(blocks: Sequence[Block], profile: Profile) -> Sequence[Block]:
    """Return the blocks with each request on one line."""
    joined = list(_joined(blocks))
    if any(request_of(block, profile) for block in joined):
        return joined
    # A page on which no line states a request shows them in commands, if anywhere.
    return list(_from_commands(joined))


def names_path_alone(title: str) -> bool:
    """Whether a heading is the path of a call without its method, such as `/private/buy`."""
    return _BARE_PATH.fullmatch(title.strip("`* ")) is not None


def _joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """Join a path and the method near it; where a call takes two methods, the one that may change something."""
    used = set[int]()
    for index, block in enumerate(blocks):
        path = _PATH.fullmatch(block.text) if isinstance(block, Paragraph) else None
        found = _method_near(blocks, index) if path else None
        if path and found:
            used.add(found[0])
            yield Paragraph(block.line, f"{found[1]} {path['path']}")
        elif index not in used:
            yield block


def _method_near(blocks: Sequence[Block], at: int) -> tuple[int, str] | None:
    """Return where the method of a path stands, after or before it, and the method."""
    order = [*range(at + 1, at + 1 + NEAR), *range(at - 1, at - 1 - NEAR, -1)]
    for index in (i for i in order if 0 <= i < len(blocks)):
        block = blocks[index]
        found = _METHOD.fullmatch(block.text) if isinstance(block, Paragraph) else None
        if found:
            methods = re.findall(r"[A-Za-z]+", re.sub(r"\bor\b", "/", found["methods"]))
            return index, next((m.upper() for m in methods if m.upper() != "GET"), "GET")
    return None


def _from_commands(blocks: Sequence[Block]) -> Iterator[Block]:
    """Put what a command sends below the heading above it, once for each heading."""
    at, lines = 0, dict[int, Paragraph]()
    for index, block in enumerate(blocks):
        if isinstance(block, Heading) and (block.level <= 2 or names_path_alone(block.text)):
            at = index
        request = _sent(block) if isinstance(block, Code) else ""
        above = blocks[at]
        title = above.text if isinstance(above, Heading) else ""
        fits = not names_path_alone(title) or request.endswith(title.strip("`* "))
        if request and fits:
            lines.setdefault(at, Paragraph(block.line, request))
    for index, block in enumerate(blocks):
        if index in lines and not isinstance(block, Heading):
            yield lines[index]
        yield block
        if index in lines and isinstance(block, Heading):
            yield lines[index]


def _sent(block: Code) -> str:
    """Return the request that a command sends; empty for other code."""
    address = _ADDRESS.search(block.text) if _COMMAND.search(block.text) else None
    if address is None:
        return ""
    verb, has_body = _VERB.search(block.text), re.search(r"\s(?:-d|--data)", block.text)
    return f"{verb[1] if verb else 'POST' if has_body else 'GET'} {address[1]}"
