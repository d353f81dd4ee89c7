"""Reads the files of one API; those that have not changed since the last run come from the cache."""

from __future__ import annotations

import pickle
from pathlib import Path

from generator.ground.cache import NOWHERE, Cache, digest
from generator.ground.problems import Problem
from generator.ground.tree import READING_RULES
from generator.source.load import Map, Source, parse


def read_source(specs: Path, folder: Path, cache: Cache = NOWHERE) -> Source:
    """Read the files of one API; those that were read without a problem before come from the cache."""
    source = Source(folder.name)
    for path in sorted(folder.rglob("*.y*ml")):
        if path.name == READING_RULES:
            continue
        shown = path.relative_to(specs.parent).as_posix()
        if path.suffix != ".yaml":
            source.problems.append(Problem(shown, 1, "file", "would be ignored; rename it to end in .yaml"))
            continue
        data, name = path.read_bytes(), path.relative_to(folder).as_posix()
        key = digest([data])
        content = _parse_once(data, shown, source.problems, cache, key)
        if content is not None:
            source.files[name] = content
            source.hashes[name] = key
    return source


def _parse_once(data: bytes, file: str, problems: list[Problem], cache: Cache, key: str) -> Map | None:
    """Parse a file, or take what was made of the same bytes before; that is ten times as fast."""
    kept = cache.get(f"sources/{file}", key)
    if kept is not None:
        # Unpickling can run code. The cache lies beside the generator: a person who can change one can change the other.
        found: Map = pickle.loads(kept)  # noqa: S301
        return found
    before = len(problems)
    content = parse(data, file, problems)
    if content is not None and len(problems) == before:
        cache.keep(f"sources/{file}", pickle.dumps(content), key)
    return content
