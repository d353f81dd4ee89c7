"""Divides a page into sections, each with at most one operation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from generator.drift.facts.profile import Profile
from generator.drift.facts.request_lines import join_lines, request_line
from generator.drift.pages.blocks import Block, Code, Heading, Paragraph

_QUERIED = re.compile(
    r"""
    [?&] (?P<name>[A-Za-z_][\w.-]*) =
    (?: <[^<>\s]+> | \{[^{}\s]+\} | \[[^\[\]\s]+\] | :\w+ )   # a gap; a value is an example, and says less
    """,
    re.VERBOSE,
)


_VALUE = re.compile(r"\d+ | (?=[\w-]*\d)[0-9A-Fa-f-]{8,} | [A-Z0-9]{2,}(?:[-_/][A-Z0-9]+)*", re.VERBOSE)
"""What can only be a value in a path: a number, an id or a symbol. A word may be an operation of its own."""


# `Topic: <symbol>@trade`, with something behind the colon.
_TOPIC = re.compile(r"\W*(?:topic|channel|stream)(?: name)?s?\W*[:：]\W*[`<{\w]", re.IGNORECASE)
_STATES = re.compile(r"[^:：]{2,40}[:：]\s*\S.{0,80}")
"""A name, a colon, and what is so called."""
_STATED = re.compile(
    r"(?:api key )?(?:permissions?|rate limits?[\w ]{0,20}|(?:request )?weight|scope|auth\w*|frequency)\s*[:：]",
    re.IGNORECASE,
)
"""What is stated of a call, also in a heading that stands alone."""


@dataclass
class Section:
    """A heading and the blocks below it."""

    title: str = ""
    line: int = 1
    level: int = 0
    operation: str = ""
    blocks: list[Block] = field(default_factory=list)
    above: tuple[str, ...] = ()
    """The headings that this one lies below, outermost first."""


def sections(blocks: Sequence[Block], profile: Profile) -> Iterator[Section]:
    """Yield the sections in order."""
    without = _without_worked(list(join_lines(blocks)), profile)
    for section in _join(_split(_restore_headings(without, profile), profile), profile):
        yield from _by_operation(section, profile)


def request_of(block: Block, profile: Profile) -> str | None:
    """Return the operation that a block names, as `GET /v1/time`."""
    if not isinstance(block, (Paragraph, Code, Heading)):
        return None
    # A request stands at the top of its block; further down are other requests, which programs send.
    lines = block.text.split("\n")[:12] if isinstance(block, Code) else [block.text]
    for line in lines:
        named = _operation_in(line.strip().strip("*` ").strip(), profile)
        # A whole message, with its headers, is an example of a request; pages paste that of another endpoint.
        is_message = " HTTP/" in line and len(lines) > 1
        # Other forms last: docs.yaml may say what a line means that looks like one of them.
        other = None if named or is_message else request_line(line, is_heading=isinstance(block, Heading))
        named = named or (_operation_in(other, profile) if other else None)
        if named:
            return named
    return None


def _operation_in(line: str, profile: Profile) -> str | None:
    for pattern in profile.request:
        match = pattern.fullmatch(line)
        if match:
            path = bracketed(match.group("path").split("?")[0].rstrip("`.,"))
            return f"{match.group('method').upper()} {path if path.startswith('/') else profile.prefix + path}"
    return None


def _without_worked(blocks: Sequence[Block], profile: Profile) -> list[Block]:
    """Return the blocks without worked addresses: `/orders/5bd0aa11` beside `/orders/{id}` is an example of it."""
    named = [request_of(block, profile) for block in blocks]
    templates = {found: _template(found) for found in named if found and "{" in found}
    if not templates:
        return list(blocks)
    by_length = dict[tuple[str, int], list[re.Pattern[str]]]()
    for found, pattern in templates.items():
        by_length.setdefault((found.split(" ")[0], found.count("/")), []).append(pattern)
    kept = list[Block]()
    for index, (block, name) in enumerate(zip(blocks, named, strict=True)):
        fits = by_length.get((name.split(" ")[0], name.count("/")), []) if name and name not in templates else []
        shown = index > 0 and _is_example(blocks[index - 1], profile)
        values = next((match.groups() for p in fits if (match := p.fullmatch(name or ""))), ())
        if not values or not (shown or any(_VALUE.fullmatch(value) for value in values)):
            kept.append(block)
    return kept


def _template(operation: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^{}]*\}", operation)
    return re.compile("([^/{}]+)".join(map(re.escape, parts)))


def _is_example(block: Block, profile: Profile) -> bool:
    return isinstance(block, (Heading, Paragraph)) and profile.role_of(block.text) == "request"


def queried(block: Block, profile: Profile) -> list[str]:
    """Return the parameters in the query of an address that shows gaps: `?symbol=<symbol>&limit={limit}`."""
    if not isinstance(block, (Paragraph, Code, Heading)) or request_of(block, profile) is None:
        return []
    return list(dict.fromkeys(_QUERIED.findall(block.text)))


def bracketed(path: str) -> str:
    """Return a path whose gaps are in braces: `/orders/:id`, `/orders/<id>` and `/orders/[id]` are `/orders/{id}`."""
    gaps = r"(?<=/)(?::(\w+)|<(\w+)>|\[(\w+)\])(?=/|\Z)"
    return re.sub(gaps, lambda gap: f"{{{gap.group(1) or gap.group(2) or gap.group(3)}}}", path)


def _restore_headings(blocks: Sequence[Block], profile: Profile) -> Iterator[Block]:
    """Turn lines of extracted text that were headings into headings again, and headings that are lines into lines."""
    for index, block in enumerate(blocks):
        if isinstance(block, Heading) and _is_line(block, blocks[max(0, index - 1) : index + 2]):
            yield Paragraph(block.line, block.text)
        elif isinstance(block, Paragraph) and _is_heading(block, blocks[index + 1 : index + 2], profile):
            yield Heading(block.line, block.text, 2)
        else:
            yield block


def _is_line(block: Heading, around: Sequence[Block]) -> bool:
    """Whether a heading only states something, as `Rate limit: 20 requests per 2 seconds` beside another one does."""
    beside = any(isinstance(b, Heading) and b.level == block.level for b in around if b is not block)
    return _STATES.fullmatch(block.text) is not None and (beside or _STATED.match(block.text) is not None)


def _is_heading(block: Paragraph, following: Sequence[Block], profile: Profile) -> bool:
    # Longer lines are sentences, even if a pattern fits them.
    if profile.role_of(block.text) is not None or len(block.text) > 120:
        return False
    if any(pattern.fullmatch(block.text) for pattern in profile.like):
        return True
    texts = [b.text.split("\n")[0].strip() for b in following if isinstance(b, (Paragraph, Code))]
    return any(pattern.match(text) for pattern in profile.before for text in texts)


def _split(blocks: Iterator[Block], profile: Profile) -> Iterator[Section]:
    section = Section()
    for block in blocks:
        if isinstance(block, Heading) and profile.role_of(block.text) is None:
            yield section
            section = Section(block.text, block.line, block.level)
            if request_of(block, profile):
                section.blocks.append(block)
        else:
            section.blocks.append(block)
    yield section


def _join(found: Iterator[Section], profile: Profile) -> Iterator[Section]:
    """Join a section to the operation above it, if it lies deeper and names none itself."""
    last, above = Section(), list[Section]()
    for section in found:
        above = [s for s in above if s.level < section.level]
        section.above = tuple(s.title for s in above)
        above.append(section)
        named = any(request_of(block, profile) for block in section.blocks)
        within = section.level > last.level or _continues(section, last, profile)
        if last.operation and not named and within and not _names_topic(section, profile):
            last.blocks += [Paragraph(section.line, section.title), *section.blocks]
            continue
        if last.title or last.blocks:
            yield last
        last = section
        last.operation = next((o for b in section.blocks if (o := request_of(b, profile))), "")
    yield last


def _names_topic(section: Section, profile: Profile) -> bool:
    """Whether a line of a section names what one subscribes to: then it is no part of a call."""
    texts = [block.text for block in section.blocks if isinstance(block, Paragraph)]
    patterns = profile.channels or (_TOPIC,)
    return any(pattern.match(text) for text in texts for pattern in patterns)


def _continues(section: Section, last: Section, profile: Profile) -> bool:
    """Whether a section at the level of the operation above it has what that operation still lacks.

    Headings inside an operation are often as deep as its own. Events are never part of a call.
    """
    if section.level != last.level or re.search(
        r"event|stream|channel|push|websocket|推送|频道", section.title, re.IGNORECASE
    ):
        return False
    return bool(announced(section, profile) - announced(last, profile))


def announced(section: Section, profile: Profile) -> set[str]:
    """Return which halves of a call the labels of a section introduce: request, response."""
    texts = [block.text for block in section.blocks if isinstance(block, (Paragraph, Heading))]
    kinds = {"params": "asks", "body": "asks", "fields": "answers", "response": "answers"}
    return {kinds[role] for text in texts if (role := profile.role_of(text)) in kinds}


def _by_operation(section: Section, profile: Profile) -> Iterator[Section]:
    """Split a section that names several operations; what comes before the first belongs to it."""
    part = Section(section.title, section.line, section.level, section.operation, [], section.above)
    for block in section.blocks:
        named = request_of(block, profile)
        if named and part.operation and named != part.operation and _has_request(part, profile):
            yield part
            part = Section(section.title, block.line, section.level, named, [], section.above)
        part.blocks.append(block)
    yield part


def _has_request(part: Section, profile: Profile) -> bool:
    return any(request_of(block, profile) for block in part.blocks)


def is_skipped(section: Section, profile: Profile) -> bool:
    """Whether the profile says not to read a section."""
    titles = (*section.above, section.title)
    return any(pattern.search(re.sub(r"[*_`]", "", title)) for pattern in profile.skip for title in titles)
