"""Makes printed Python readable: unused imports are dropped, the rest is formatted."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import islice

from generator.python import formatter
from generator.python.formatter import LINE_LENGTH

__all__ = ["LINE_LENGTH", "formatted", "without_nothing", "without_unused"]

_EMPTY = re.compile(r"^ *from [\w.]+ import +\n", re.MULTILINE)
"""Wrapped text never ends a line with a blank, so this matches nothing that a spec says."""


def formatted(text: str) -> str:
    """Drop unused imports and format one text."""
    return formatter.formatted({"": without_unused(text)})[""]


def without_nothing(text: str) -> str:
    """Drop imports of nothing, which a template prints where an API has none of what it lists."""
    return _EMPTY.sub("", text)


def without_unused(text: str) -> str:
    """Drop imported names that nothing below uses; templates may then list what could be needed."""
    text = without_nothing(text)
    tree = ast.parse(text)
    used = _used(tree)
    lines = [f"{line}\n" for line in text.removesuffix("\n").split("\n")]
    first, last = _header(tree, len(lines))
    for node in sorted(_imports(tree.body), key=lambda n: -n.lineno):
        assert node.end_lineno is not None
        reprinted = _reprinted(node, used)
        last += len(reprinted) - (node.end_lineno - node.lineno + 1) if node.lineno <= last else 0
        lines[node.lineno - 1 : node.end_lineno] = reprinted
    lines[first:last] = _without_gaps(lines[first:last])
    return _without_empty_blocks("".join(lines))


def _header(tree: ast.Module, length: int) -> tuple[int, int]:
    """Return where the imports begin and end, as numbers of lines from 0."""
    body = tree.body
    first = body[0].end_lineno if body and isinstance(body[0], ast.Expr) else 0
    others = (n.lineno - 1 for n in body[bool(first) :] if not isinstance(n, (ast.Import, ast.ImportFrom, ast.If)))
    return first or 0, next(others, length)


def _without_gaps(lines: list[str]) -> list[str]:
    """Keep one empty line where dropped imports leave several, and none at the beginning of a block."""
    kept: list[str] = []
    for line in lines:
        gap = not kept or not kept[-1].strip() or kept[-1].startswith("if ")
        if line.strip() or not gap:
            kept.append(line)
    return kept


def _imports(body: list[ast.stmt]) -> Iterator[ast.ImportFrom]:
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            yield node
        elif isinstance(node, ast.If):
            yield from _imports(node.body)


def _used(tree: ast.Module) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    exported = (
        node
        for node in tree.body
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)
    )
    for node in exported:
        names |= {str(item.value) for item in ast.walk(node.value) if isinstance(item, ast.Constant)}
    return names


def _reprinted(node: ast.ImportFrom, used: set[str]) -> list[str]:
    kept = [a for a in node.names if (a.asname or a.name) in used or a.asname == a.name]
    if not kept:
        return []
    names = ", ".join(f"{a.name} as {a.asname}" if a.asname else a.name for a in sorted(kept, key=lambda a: a.name))
    return [f"{' ' * node.col_offset}from {'.' * node.level}{node.module or ''} import {names}\n"]


def _without_empty_blocks(text: str) -> str:
    lines = text.splitlines(keepends=True)
    kept = []
    for index, line in enumerate(lines):
        if line.startswith("if TYPE_CHECKING:"):
            following = next((after for after in islice(lines, index + 1, None) if after.strip()), "")
            if not following.startswith(" "):
                continue
        kept.append(line)
    joined = "".join(kept)
    if "TYPE_CHECKING" in joined and "if TYPE_CHECKING" not in joined:
        joined = joined.replace("from typing import TYPE_CHECKING\n", "")
    return joined
