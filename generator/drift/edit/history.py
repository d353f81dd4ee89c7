"""Records changes of the documentation in the API's history, the newest first."""

from __future__ import annotations

import re
from pathlib import Path

from generator.drift.compare.changes import Change

HEAD = "# yaml-language-server: $schema=../schema/history.json\nhistory:\n"
MOST = 200  # changes of one day: a page that was rewritten has thousands, which nobody reads
OTHER_TYPES = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""Words that YAML reads as something else than texts, unless they are quoted."""


def with_revision(path: Path, changes: list[Change], today: str) -> str:
    """Return the text of history.yaml with one more entry."""
    before = path.read_text("utf-8") if path.is_file() else HEAD
    # A second --write on one day must not record the same changes twice.
    if before.startswith(entry := _entry(changes, today), before.find("history:\n") + len("history:\n")):
        return before
    at = before.index("history:\n") + len("history:\n")
    return before[:at] + entry + before[at:]


def _entry(changes: list[Change], today: str) -> str:
    lines = [f"  - seen: {today}", "    changes:"]
    # New wordings only if there is nothing else: they would bury the changes of substance.
    for change in [c for c in changes if c.level != "wording"][:MOST] or changes[:MOST]:
        parts = {"change": change.id, "level": change.level, "owner": change.owner, "name": change.name}
        if change.id != "wording-changed":
            parts |= {"before": change.before, "after": change.after}
        inner = ", ".join(f"{key}: {quoted(value)}" for key, value in parts.items() if value)
        lines.append(f"      - {{{inner}}}")
    return "\n".join(lines) + "\n"


def quoted(value: str) -> str:
    """Return a text as YAML has it inside braces."""
    # From its first letter on: `-1008` would be read as a number.
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", value) and value.lower() not in OTHER_TYPES:
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'
