"""Reads YAML into mappings and lists that remember their lines.

Safe nodes only: no tag but the plain ones is constructed, aliases are refused, and numbers stay exact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import yaml

from generator.problems import Problem

MAX_BYTES = 4_000_000
MAX_DEPTH = 40

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?\Z")

Value = object
"""Map, Seq, str, int, Decimal, bool or None."""


class Map(dict[str, Value]):
    """A mapping that knows its file and the line of each key."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """Return the line of a key, or of the mapping itself."""
        return self.lines.get(key, self.line)


class Seq(list[Value]):
    """A list that knows its file and the line of each member."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: list[int] = []


@dataclass(frozen=True)
class Source:
    """The files of one API, as read."""

    name: str
    files: dict[str, Map] = field(default_factory=dict)
    """Path below the API's folder, as `rest/isolated.yaml` → content."""
    problems: list[Problem] = field(default_factory=list)
    """What could not be read."""


def source_folders(specs: Path) -> list[Path]:
    """Return the folders of all APIs, in alphabetical order."""
    return sorted(folder for folder in specs.iterdir() if (folder / "api.yaml").is_file())


def read_source(specs: Path, folder: Path) -> Source:
    """Read the files of one API."""
    source = Source(folder.name)
    for path in sorted(folder.rglob("*.yaml")):
        shown = path.relative_to(specs.parent).as_posix()
        content = parse(path.read_bytes(), shown, source.problems)
        if content is not None:
            source.files[path.relative_to(folder).as_posix()] = content
    return source


def parse(data: bytes, file: str, problems: list[Problem]) -> Map | None:
    """Parse one YAML file whose root is a mapping; what is wrong is appended to `problems`."""
    if len(data) > MAX_BYTES:
        problems.append(Problem(file, 1, "file", f"more than {MAX_BYTES} bytes; split it"))
        return None
    try:
        node = yaml.compose(data, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.append(Problem(file, mark.line + 1 if mark else 1, "YAML", error.problem or "cannot be read"))
        return None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        problems.append(Problem(file, 1, "YAML", "cannot be read: not UTF-8 text, or nested without end"))
        return None
    if not isinstance(node, yaml.MappingNode):
        problems.append(Problem(file, 1, "file", "the root must be a mapping"))
        return None
    value = _Reader(file, problems).read(node, 0)
    return value if isinstance(value, Map) else None


def _loader() -> type[yaml.SafeLoader]:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Reader:
    """Turns composed nodes into values; aliases, tags and repeated keys become problems."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self._file = file
        self._problems = problems
        self._seen: set[int] = set()

    def read(self, node: yaml.Node, depth: int) -> Value:
        if depth > MAX_DEPTH:
            self._refuse(node, f"nested deeper than {MAX_DEPTH}")
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if id(node) in self._seen:
            self._refuse(node, "aliases are not part of the language; write it out")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        assert isinstance(node, yaml.SequenceNode)
        return self._sequence(node, depth)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> Map:
        result = Map(self._file, _line(node))
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, "a key must be plain text")
                continue
            key = key_node.value
            if key in result:
                self._refuse(key_node, f"`{key}` stands here twice (first in line {result.lines[key]})")
                continue
            result.lines[key] = _line(key_node)
            result[key] = self.read(value_node, depth + 1)
        return result

    def _sequence(self, node: yaml.SequenceNode, depth: int) -> Seq:
        result = Seq(self._file, _line(node))
        for member in node.value:
            result.lines.append(_line(member))
            result.append(self.read(member, depth + 1))
        return result

    def _scalar(self, node: yaml.ScalarNode) -> Value:
        text = node.value
        if node.style not in (None, "") or node.tag == "tag:yaml.org,2002:str":
            return text
        if text in ("true", "false"):
            return text == "true"
        if text in ("", "~", "null"):
            return None
        if _INTEGER.match(text) and len(text) <= 30:
            return int(text)
        if _FLOAT.match(text) and len(text) <= 60:
            return Decimal(text)
        if node.tag.startswith("tag:yaml.org,2002:"):
            return text
        self._refuse(node, f"the tag {node.tag} is not part of the language")
        return None

    def _refuse(self, node: yaml.Node, what: str) -> None:
        self._problems.append(Problem(self._file, _line(node), "YAML", what))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
