"""Reads what an OpenAPI or Swagger document states outside of operations: addresses, signing, and its introduction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from generator.drift.facts.facts import Fact, Facts
from generator.drift.facts.prose import add_prose, section_owner
from generator.drift.facts.sections import Section
from generator.drift.pages.blocks import Paragraph
from generator.drift.pages.openapi import Description, Node

SECURITY = Section("Security")
_HEADING = re.compile(r"#{1,6}\s+(?P<title>.*?)[\s#]*")


def add_rules(described: Description, facts: Facts) -> None:
    """Add the facts of what every call follows."""
    root = described.root if isinstance(described.root, dict) else {}
    _add_addresses(root, facts, described.file)
    info = root.get("info")
    text = info.get("description") if isinstance(info, dict) else None
    for section, lines in _sections(str(text or "")):
        add_prose(facts, described.file, section, lines)
    _add_security(described, root, facts)


def _add_addresses(root: dict[str, Node], facts: Facts, file: str) -> None:
    listed = root.get("servers")
    servers = (
        [str(each.get("url", "")) for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    )
    if "host" in root:
        schemes = root.get("schemes")
        servers += [f"{scheme}://{root['host']}" for scheme in (schemes if isinstance(schemes, list) else ["https"])]
    found = "|".join(sorted(server for server in servers if server))
    if found:
        facts.add(("section servers", "stated", "address"), Fact(found, file=file, line=1))


def _sections(text: str) -> Iterator[tuple[Section, list[Paragraph]]]:
    """Yield the parts of an introduction, which is a page of Markdown in one text."""
    section, lines = Section("Introduction"), list[Paragraph]()
    for line in text.split("\n"):
        if heading := _HEADING.fullmatch(line.strip()):
            yield section, lines
            section, lines = Section(heading["title"]), []
        elif line.strip():
            lines.append(Paragraph(1, line.strip()))
    yield section, lines


def _add_security(described: Description, root: dict[str, Node], facts: Facts) -> None:
    """Add how calls are signed: headers by name, whatever they are called, and the words about them."""
    components, _ = described.resolve(root.get("components") or {})
    schemes = components.get("securitySchemes") or root.get("securityDefinitions")
    found = [described.resolve(scheme)[0] for scheme in schemes.values()] if isinstance(schemes, dict) else []
    lines = [
        " ".join(str(scheme.get(key, "")) for key in ("type", "in", "name", "scheme", "description"))
        for scheme in found
    ]
    add_prose(facts, described.file, SECURITY, [Paragraph(1, line) for line in lines])
    names = [str(scheme["name"]).lower() for scheme in found if scheme.get("name")]
    if names:
        key = (section_owner(SECURITY), "stated", "signing")
        known = facts.facts.get(key, Fact(file=described.file, line=1))
        facts.facts[key] = replace(
            known, value="|".join(dict.fromkeys(filter(None, [*known.value.split("|"), *names])))
        )
