"""Finds requests that a page shows in commands only, and headings that are paths without a method."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.drift.facts.profile import Profile
from generator.drift.facts.request_lines import join_lines
from generator.drift.facts.sections import request_of
from generator.drift.pages.blocks import Block, Code, Heading, Paragraph

_COMMAND = re.compile(r"^\s*(?:\$ )?curl\b", re.MULTILINE)
# `curl -X POST`, `curl --request="POST"`; without it, curl sends GET.
_VERB = re.compile(r"(?:-X|--request)[ =]*['\"]?(GET|POST|PUT|DELETE|PATCH)\b")
_ADDRESS = re.compile(r"https?://[^/\s'\"]+(/[^\s'\"?\\]*)")
_BARE_PATH = re.compile(r"/(?:[\w.{}-]+/)*[\w.{}-]+")


def with_commands(blocks: Sequence[Block], profile: Profile) -> Sequence[Block]:
    """Return the blocks with the requests of commands, if no line of the page states a request in another way."""
    joined = list(join_lines(blocks))
    return blocks if any(request_of(block, profile) for block in joined) else list(_from_commands(blocks))


def names_path_alone(title: str) -> bool:
    """Whether a heading is the path of a call without its method, such as `/private/buy`."""
    return _BARE_PATH.fullmatch(title.strip("`* ")) is not None


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
