"""Reads one page into facts, as a profile says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from generator.drift.facts.channels import with_channels
from generator.drift.facts.commands import names_path_alone, with_commands
from generator.drift.facts.described import described_facts
from generator.drift.facts.elsewhere import note_described_elsewhere
from generator.drift.facts.endings import settle_ends
from generator.drift.facts.facts import Fact, Facts, united
from generator.drift.facts.maps import fold_alike, fold_maps
from generator.drift.facts.mentions import drop_mentions
from generator.drift.facts.profile import Profile
from generator.drift.facts.prose import add_prose
from generator.drift.facts.referred import copy_referred
from generator.drift.facts.section_reader import NO_CODE, SectionReader
from generator.drift.facts.sections import is_skipped, request_of, sections
from generator.drift.facts.tables import marks_optional
from generator.drift.pages.blocks import Block, Code, Document, Heading, Paragraph, Table
from generator.drift.pages.document import MAX_BYTES, read_blocks
from generator.drift.pages.openapi import Description, is_data, is_openapi

_HOST = re.compile(r"(https?://[\w.-]+\.[a-z]{2,}(?::\d+)?)/", re.IGNORECASE)
# As GitBook exports a call; a sample of something else does not begin like this.
_DESCRIPTION = re.compile(r"\s*\{\s*\"(?:openapi|swagger)\"\s*:\s*\"[23]")
NO_FILES: Mapping[str, Document] = {}


def read_page(document: Document, profile: Profile, files: Mapping[str, Document] = NO_FILES) -> Facts:
    """Return everything that a page states.

    Args:
        document: The page.
        profile: How to read it.
        files: All documents that are read, in some of which an API description may have its parts.

    Raises:
        Unreadable: if the page is too large, or no YAML or JSON although its name says so.
    """
    if is_openapi(document) and len(document.text) <= MAX_BYTES:
        return described_facts(Description(document, files), profile)
    if is_data(document):  # a part of a description, which is read where it is referred to
        return Facts()
    blocks = read_blocks(document, profile.words)
    enclosed = _descriptions(document, blocks)
    facts = united(described_facts(Description(each, files), profile) for each in enclosed.values())
    blocks = tuple(block for block in blocks if block not in enclosed) if enclosed else blocks
    # A convention of the page: one `[Optional]` anywhere says what the rows without one mean.
    marked = any(isinstance(block, Table) and marks_optional(block, profile.words) for block in blocks)
    blocks = tuple(with_commands(blocks, profile))
    for section in with_channels(sections(blocks, profile), profile):
        if not is_skipped(section, profile):
            reader = SectionReader(facts, profile, document.file, section, marked=marked)
            reader.read()
            if not reader.names_owner and names_path_alone(section.title):
                facts.note(
                    document.file, section.line, f"`{section.title[:80]}` has no method, and was not read as a call"
                )
            if not reader.names_owner:
                add_prose(facts, document.file, section, reader.prose)
    if any(facts.of("code")):  # a heading may stand far above the tables of codes
        facts.notes = [note for note in facts.notes if not note.what.startswith(NO_CODE)]
    _add_hosts(facts, document.file, blocks, profile)
    copy_referred(facts)
    drop_mentions(facts)
    settle_ends(facts)
    fold_maps(facts)
    fold_alike(facts)
    _drop_repeated(facts)
    note_described_elsewhere(facts, document, files)
    return facts


def _add_hosts(facts: Facts, file: str, blocks: Sequence[Block], profile: Profile) -> None:
    """Add the hosts that stand before the paths of endpoints; pages may name them nowhere else."""
    named = [block for block in blocks if isinstance(block, (Paragraph, Heading)) and request_of(block, profile)]
    found = [(block.line, match[1].lower()) for block in named if (match := _HOST.search(block.text))]
    if found:
        hosts = "|".join(sorted({host for _, host in found}))
        facts.add(("section servers", "stated", "address"), Fact(hosts, file=file, line=found[0][0]))


def _descriptions(document: Document, blocks: Sequence[Block]) -> dict[Block, Document]:
    """Return the descriptions that a page encloses: under a heading that says so, as exports of ReadMe do, or whole."""
    found, title = dict[Block, Document](), ""
    for block in blocks:
        title = block.text if isinstance(block, Heading) else title
        if isinstance(block, Code) and (_DESCRIPTION.match(block.text) or re.search("(?i)openapi|swagger", title)):
            # Empty lines before it, so that its lines are those of the page.
            whole = Document(document.name, document.file, "\n" * (block.line - 1) + block.text)
            found |= {block: whole} if is_openapi(whole) else {}
    return found


def _drop_repeated(facts: Facts) -> None:
    """Remove members of samples that a table lists: each member is one fact."""
    named = {(key[0], key[2].rsplit(".", 1)[-1].removesuffix("[]")) for key, _ in facts.of("field")}
    for key, fact in list(facts.of("sample")):
        # Kept apart, because a draft takes the shape of a response from its sample even if a table lists the fields.
        facts.samples.setdefault(key[0], []).append((key[2], fact.value, fact.shown))
        if (key[0], key[2].rsplit(".", 1)[-1].removesuffix("[]")) in named:
            del facts.facts[key]
