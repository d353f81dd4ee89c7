"""Prints the tables of codes and statuses: what each means, and which calls it is likely for."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.api import Api
from generator.model.codes import ErrorCode
from generator.model.operations import Operation
from generator.words.markdown import anchor, code, enumeration, link, prose, sentence, spot
from generator.words.phrases import outcome, quirk_words

MOST_NAMED = 12
"""Calls that a row of the table of codes links to; with all of them, the page would be long and slow."""


def error_rows(api: Api) -> Iterator[str]:
    """Return the rows of the table of codes."""
    used = _likely_calls(api)
    for error in api.errors:
        calls = used.get(error.code, [])
        where = [link(code(o.full_name), f"{o.group}/{o.name}.md") for o in calls[:MOST_NAMED]]
        where += [f"{len(calls) - MOST_NAMED} more"] if len(calls) > MOST_NAMED else []
        yield error_row(error, "code", f" Likely for {enumeration(where)}." if where else "")
        yield from (_message_row(says, meant) for says, meant in error.meanings)


def _likely_calls(api: Api) -> dict[str, list[Operation]]:
    """Return code → the operations that list it."""
    found: dict[str, list[Operation]] = {}
    for operation in api.operations:
        for error in operation.errors:
            found.setdefault(error.code, []).append(operation)
    return found


def error_row(error: ErrorCode, kind: str, more: str = "") -> str:
    """Print a row of a table of codes, with an anchor; `more` is added to its meaning."""
    words = " ".join([prose(sentence(error.message)), *(f"Quirk: {quirk_words(quirk)}" for quirk in error.quirks)])
    cells = [spot(anchor(kind, error.code)) + code(error.code), code(error.kind), words + more, outcome(error)]
    return f"| {' | '.join(cells)} |"


def _message_row(says: str, meant: ErrorCode) -> str:
    """Print a row for what a code means with a certain message."""
    cells = [
        f"{code(meant.code)} with “{prose(says)}”",
        code(meant.kind),
        prose(sentence(meant.message)),
        outcome(meant),
    ]
    return f"| {' | '.join(cells)} |"
