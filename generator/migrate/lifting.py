"""Takes keys out of the mapping that holds them, with their comments, to be written elsewhere."""

from __future__ import annotations

import json
import re

import yaml

from generator.migrate.texts import Pair, Text, end_of, indent_of, reindent, start_of

NO_FLOW = re.compile(r"[,\[\]{}]")
"""Characters that end an unquoted string inside braces."""


def lift(text: Text, pair: Pair, name: str) -> str:
    """Return a member of a mapping as a line, or lines, at the root of the file."""
    start = text.line_start(start_of(pair.key))
    if text.text[start : start_of(pair.key)].strip():
        return f"{name}: {text.slice(pair.value)}\n"
    own = text.text[end_of(pair.key) : text.end_of_lines(pair.value)]
    indent = " " * indent_of(pair.key)
    return reindent(f"{text.text[text.comment_start(pair) : start]}{indent}{name}{own}", -indent_of(pair.key))


def within_braces(text: Text, value: yaml.Node) -> str:
    """Return a value as it can be written inside braces."""
    written = text.slice(value)
    plain = isinstance(value, yaml.ScalarNode) and not value.style
    # A JSON string is a quoted YAML string, too.
    return json.dumps(written, ensure_ascii=False) if plain and NO_FLOW.search(written) else written
