"""Finds words in the prose of a spec for which the glossary has another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct as Record

from generator.ground.problems import Problem, SpecError
from generator.source.load import Map, Seq, Source, Value, parse

FILE = "glossary.yaml"
PROSE = frozenset({"deprecated", "doc", "message", "note", "summary", "what", "why"})
"""Keys whose texts are written by us, for a reader."""
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|“[^”]*”")
"""The exchange's own words, which stay as they are."""


class Word(Record, frozen=True):
    """What to say, and what not."""

    use: str
    instead_of: re.Pattern[str]


def read_glossary(specs: Path) -> list[Word]:
    """Return the glossary that lies beside the specs; where none does, every word is good.

    Raises:
        SpecError: if it can't be read.
    """
    path, problems = specs / FILE, list[Problem]()
    if not path.is_file():
        return []
    content = parse(path.read_bytes(), f"{specs.name}/{FILE}", problems)
    if content is None or problems:
        raise SpecError(problems)
    return list(_words(content["words"]))


def _words(entries: Value) -> Iterator[Word]:
    assert isinstance(entries, Seq)
    for entry in entries:
        assert isinstance(entry, Map)
        yield Word(str(entry["use"]), re.compile(rf"\b(?:{entry['instead_of']})\b", re.IGNORECASE))


def wording(source: Source, words: list[Word]) -> Iterator[Problem]:
    """Yield each place of a spec that uses another word than the glossary."""
    for content in source.files.values():
        for holder, key, text in _prose(content):
            bare = _QUOTED.sub("``", text)
            for word in words:
                for found in word.instead_of.finditer(bare):
                    yield Problem(holder.file, holder.line_of(key), key, f"says “{found[0]}”; use “{word.use}”")


def prose_of(content: Map) -> Iterator[str]:
    """Yield each text of a file that is written for readers."""
    yield from (text for _, _, text in _prose(content))


def _prose(value: Value) -> Iterator[tuple[Map, str, str]]:
    """Yield each text for readers, with the mapping and the key that hold it."""
    if isinstance(value, Map):
        for key, member in value.items():
            if key in PROSE and isinstance(member, str):
                yield value, key, member
            yield from _prose(member)
    elif isinstance(value, Seq):
        for member in value:
            yield from _prose(member)
