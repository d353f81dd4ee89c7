"""Finds open decisions in a spec: texts that begin with TODO, as `draft` and `drift --write` leave them."""

from __future__ import annotations

from collections.abc import Iterator

from generator.ground.problems import Problem
from generator.source.load import Map, Seq, Source

MARK = "TODO"


def undecided(source: Source) -> Iterator[Problem]:
    """Yield a problem for each text that begins with TODO."""
    for content in source.files.values():
        if _is_marked(content):
            yield from _below(content, "")


def _is_marked(value: object) -> bool:
    """Whether a text begins with TODO, however deep: few files have one, and to name each place takes long."""
    if isinstance(value, str):
        return value.startswith(MARK)
    if isinstance(value, (Map, Seq)):
        return any(map(_is_marked, value.values() if isinstance(value, Map) else value))
    return False


def _below(at: Map | Seq, where: str) -> Iterator[Problem]:
    for key, value in at.items() if isinstance(at, Map) else enumerate(at):
        place = f"{where}.{_label(at, key, value)}".lstrip(".")
        if isinstance(value, (Map, Seq)):
            yield from _below(value, place)
        elif isinstance(value, str) and value.startswith(MARK):
            line = at.line_of(str(key)) if isinstance(at, Map) else at.lines[int(key)]
            what = value.removeprefix(MARK).lstrip(": ") or "this"
            # A problem, not a warning: what is undecided must not reach a client that trades.
            yield Problem(at.file, line, place, f"a person must decide: {what}")


def _label(at: Map | Seq, key: object, value: object) -> object:
    if isinstance(at, Seq) and isinstance(value, Map):
        return value.get("name") or value.get("code") or key
    return key
