"""Updates the README's table of coverage, whose figures would otherwise become outdated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from generator.model.summary import Summary
from generator.output.folder import README

BEGIN = b"<!-- coverage: written by make generate -->\n"
END = b"<!-- end of coverage -->\n"


def readme_updates(summaries: Sequence[Summary], specs: Path, output: Path) -> dict[Path, bytes]:
    """Return the new content of the README beside specs and output, if its table of coverage is outdated."""
    path = output.resolve().parent / README
    # Specs from outside with our output folder, or the reverse: the README is not about them.
    if specs.resolve().parent != path.parent:
        return {}
    before, begin, rest = (path.read_bytes() if path.is_file() else b"").partition(BEGIN)
    old, end, after = rest.partition(END)
    new = _table(summaries).encode()
    return {path: before + begin + new + end + after} if end and old != new else {}


def _table(summaries: Sequence[Summary]) -> str:
    whats = list(dict.fromkeys(figure.what for summary in summaries for figure in summary.coverage))
    lines = [_line(["API", *(what.replace("_", " ") for what in whats)]), _line(["---"] * (len(whats) + 1))]
    for summary in summaries:
        figures = {one.what: f"{one.covered}/{one.documented}" for one in summary.coverage}
        lines.append(_line([f"`{summary.name}`", *(figures.get(what, "") for what in whats)]))
    return "".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
