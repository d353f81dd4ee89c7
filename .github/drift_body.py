"""Prints the body of the nightly pull request: python .github/drift_body.py REPORT RUN_ADDRESS

The report repeats what pages say, so it is fenced off, and nothing in it can end the fence.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

LIMIT = 60_000
"""Characters of a body; GitHub refuses more than 65,536."""

SUMMARY = re.compile(r"^[a-z][a-z0-9_]*: .{0,40}\bchanges\b.{0,200}$", re.MULTILINE)
MOST = 100
"""Lines of the summary."""


def fenced(text: str) -> str:
    """Put a text between fences that are longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text.rstrip()}\n{fence}\n"


def visible(text: str) -> str:
    """Print what does not print, so that no control or direction mark reaches a reader."""
    return "".join(char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text)


def body(report: str, address: str) -> str:
    """Return the body, cut at a line where the report is too long; then what changed of each API stands above it."""
    shown = visible(report)
    head = "The exchanges' documentation changed. A person decides what the spec should say.\n\n"
    note = f"\nThe whole report is an artifact of [this run]({address}).\n"
    if len(shown) > LIMIT:
        # The last API of the report may have the worst change.
        shown = "\n".join(SUMMARY.findall(shown)[:MOST]) + "\n\n" + shown
        shown = shown[:LIMIT].rpartition("\n")[0] + "\n[cut here]"
    return head + fenced(shown) + note


if __name__ == "__main__":
    sys.stdout.write(body(Path(sys.argv[1]).read_text("utf-8", "replace"), sys.argv[2]))
