"""observed.json: the last reading, page by page; facts and hashes of descriptions, no sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.drift.facts.facts import Fact, Facts
from generator.drift.pages.blocks import Unreadable
from generator.drift.pages.escape import printable_json

VERSION = 1
Entry = Mapping[str, str]
"""A change, by the names of its parts."""


def load_observed(path: Path) -> dict[str, Facts]:
    """Return the facts of each page; nothing before the first reading.

    Raises:
        Unreadable: if the file was not written by `dump`.
    """
    if not path.is_file():
        return {}
    try:
        document = json.loads(path.read_text("utf-8"))
        return {page: _facts(owners) for page, owners in document["pages"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, UnicodeDecodeError):
        raise Unreadable(f"{path} is damaged; restore it from git") from None


def load_open(path: Path) -> list[Entry]:
    """Return the changes that were reported earlier and are still open.

    Raises:
        Unreadable: if the file was not written by `dump`.
    """
    if not path.is_file():
        return []
    try:
        kept = json.loads(path.read_text("utf-8")).get("open", [])
        return [{str(key): str(value) for key, value in entry.items()} for entry in kept]
    except (ValueError, TypeError, AttributeError, UnicodeDecodeError):
        raise Unreadable(f"{path} is damaged; restore it from git") from None


def dump(pages: Mapping[str, Facts], open_ones: Sequence[Entry] = ()) -> str:
    """Return the text of observed.json: what was read, and the changes that are still open."""
    document: dict[str, object] = {"version": VERSION}
    document |= {"pages": {page: _owners(facts) for page, facts in sorted(pages.items())}}
    document |= {"open": list(open_ones)} if open_ones else {}
    return _compact(printable_json(document, indent=1, sort_keys=True)) + "\n"


def _facts(owners: dict[str, dict[str, dict[str, list[Any]]]]) -> Facts:  # Any: JSON
    facts = Facts()
    for owner, kinds in owners.items():
        for kind, names in kinds.items():
            for name, (value, required, mark) in names.items():
                facts.facts[owner, kind, name] = Fact(str(value), required, mark=str(mark))
    return facts


def _owners(facts: Facts) -> dict[str, dict[str, dict[str, list[str | bool | None]]]]:
    owners: dict[str, dict[str, dict[str, list[str | bool | None]]]] = {}
    for (owner, kind, name), fact in facts.facts.items():
        owners.setdefault(owner, {}).setdefault(kind, {})[name] = [fact.value, fact.required, fact.wording]
    return owners


def _compact(text: str) -> str:
    """Put each fact on one line, so that differences read well."""
    lines, result = text.split("\n"), list[str]()
    for line in lines:
        if result and "[" in result[-1] and "]" not in result[-1]:
            result[-1] += line.strip() if line.strip().startswith("]") else line.strip() + " "
            result[-1] = result[-1].replace(" ]", "]")
        else:
            result.append(line)
    return "\n".join(result)
