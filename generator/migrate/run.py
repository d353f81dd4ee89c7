"""Rewrites spec files, and lists what a person must rewrite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from generator.ground.files import replace
from generator.ground.problems import Problem
from generator.ground.tree import source_folders
from generator.migrate.moves import MOVES
from generator.migrate.texts import Edit, Mapping, Text, Undecided, end_of, line_of, pair_of, pairs, start_of
from generator.source.editions import old_shape, old_word
from generator.source.load import parse
from generator.source.schema import schema_of

BOM = "\ufeff"


@dataclass
class Migration:
    """What was done to the files."""

    changed: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """Places that a person must rewrite, and files that can't be read."""


def migrate(specs: Path) -> Migration:
    """Rewrite every file of every API in place; files of the second edition stay unchanged, byte for byte."""
    result = Migration()
    for folder in source_folders(specs):
        for path in sorted(folder.rglob("*.yaml")):
            schema = schema_of(path.relative_to(folder).as_posix())
            # A file that is no part of a spec is not ours to rewrite.
            if schema is not None:
                _rewrite_file(path, schema, path.relative_to(specs.parent).as_posix(), result)
    return result


def _rewrite_file(path: Path, schema: str, shown: str, result: Migration) -> None:
    data = path.read_bytes()
    try:
        text, problems = rewrite(data.decode(), schema)
    except (UnicodeDecodeError, yaml.YAMLError):
        unread = list[Problem]()
        parse(data, shown, unread)
        result.problems += unread or [Problem(shown, 1, "YAML", "cannot be parsed; fix it, and migrate again")]
        return
    result.problems += [Problem(shown, error.line, where, error.what) for where, error in problems]
    if text.encode() != data:
        replace(path, text.encode())
        result.changed.append(path)


def rewrite(content: str, schema: str) -> tuple[str, list[tuple[str, Undecided]]]:
    """Return a file in the second edition, and (place, reason) for all that a person must rewrite.

    Raises:
        yaml.YAMLError: where it is no YAML.
    """
    # Byte order mark and line ends are kept: the diff must show only what changed.
    start = BOM if content.startswith(BOM) else ""
    breaks = "\r\n" if "\r\n" in content else "\n"
    content = content.removeprefix(BOM).replace("\r\n", "\n")
    # One step at a time: an edit moves everything behind it, so positions hold only until the first edit.
    while True:
        text, undecided = Text(content), list[tuple[str, Undecided]]()
        edits = next((edits for edits in _steps(text, schema, undecided) if edits), None)
        if edits is None:
            return start + content.replace("\n", breaks), undecided
        content = text.apply(edits)


def _steps(text: Text, schema: str, undecided: list[tuple[str, Undecided]]) -> Iterator[list[Edit]]:
    """Yield what can be done with the file as it is; after the first of it, the file must be read again."""
    yield list(_renames(text, schema, undecided))
    for word, move in MOVES.items():
        for path, mapping in text.mappings():
            pair = pair_of(mapping, word)
            if pair is not None and _is_old(schema, path, word, pair.value):
                try:
                    yield move(text, mapping, pair)
                except Undecided as error:
                    undecided.append((_where(path, word), error))


def _renames(text: Text, schema: str, undecided: list[tuple[str, Undecided]]) -> Iterator[Edit]:
    for path, mapping in text.mappings():
        for pair in pairs(mapping):
            old = old_word(schema, path, pair.name)
            if old is None or not old.renamed:
                continue
            if pair_of(mapping, old.replacement) is None:
                yield Edit(start_of(pair.key), end_of(pair.key), old.replacement)
            else:
                what = f"both `{old.word}` and `{old.replacement}` are given; remove one"
                undecided.append((_where(path, old.word), Undecided(line_of(pair.key), what)))


def _is_old(schema: str, path: tuple[str | int, ...], word: str, value: yaml.Node) -> bool:
    kind: object = {} if isinstance(value, Mapping) else [] if isinstance(value, yaml.SequenceNode) else ""
    return old_word(schema, path, word) is not None or old_shape(schema, (*path, word), kind) is not None


def _where(path: tuple[str | int, ...], word: str) -> str:
    return ".".join(map(str, (*path, word)))
