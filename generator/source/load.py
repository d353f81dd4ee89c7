"""Reads YAML into mappings and lists that remember their lines.

Plain data only: tags, anchors and aliases are problems, no objects are constructed, and numbers stay exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import yaml
from msgspec import Struct as Record
from msgspec import field

from generator.ground.problems import Problem

# Far above any real spec; they bound the time and memory that a broken or hostile file costs.
MAX_BYTES = 4_000_000
MAX_DEPTH = 40
MAX_DIGITS = 60  # longer ones are ids, and Python's conversion of digits is quadratic
# YAML 1.2: `yes`, `no`, `on` and `off` stay strings, which PyYAML's own rules (1.1) would make booleans.
WORDS = {"true": True, "false": False, "": None, "~": None, "null": None}
COLUMNS = (
    "did not find expected key",
    "did not find expected '-' indicator",
    "mapping values are not allowed in this context",
)
"""Parser errors that a wrong indentation can cause, among other mistakes."""
# `\Z`, since `$` also matches before a final line break.
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_EXACT = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+([eE][-+][0-9]{1,3})?\Z")
# YAML 1.1 reads 0123 as octal, 1.2 as 123, and an exchange's code 00404 needs its zeros: the author must decide.
_ZEROS = re.compile(r"[-+]?0[0-9]+(\.[0-9]+)?\Z")
_CORE = "tag:yaml.org,2002:"

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


class Source(Record, frozen=True):
    """The files of one API, as read."""

    name: str
    files: dict[str, Map] = field(default_factory=dict)
    """Path below the API's folder, as `rest/isolated.yaml` → content."""
    problems: list[Problem] = field(default_factory=list)
    """Problems of files that could not be read."""
    hashes: dict[str, str] = field(default_factory=dict)
    """Path as above → a hash of the file."""


def parse(data: bytes, file: str, problems: list[Problem]) -> Map | None:
    """Parse one YAML file whose root is a mapping; mistakes are appended to `problems`."""
    if len(data) > MAX_BYTES:
        problems.append(Problem(file, 1, "file", f"more than {MAX_BYTES} bytes; split it"))
        return None
    try:
        # Editors on Windows put a byte order mark first; `utf-8-sig` drops it.
        value = _Reader(file, data.decode("utf-8-sig"), problems).document()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"the byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        problems.append(Problem(file, line, "YAML", what))
        return None
    except yaml.YAMLError as error:
        problems.append(_unreadable(file, data, error))
        return None
    except _Hopeless:
        return None
    if not isinstance(value, Map):
        problems.append(Problem(file, 1, "file", "the root must be a mapping, such as `key: value`"))
        return None
    return value


def _unreadable(file: str, data: bytes, error: yaml.YAMLError) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        return Problem(
            file, line, "YAML", f"{error.problem or 'cannot be read'}; {_advice(data, line, str(error.problem))}"
        )
    if isinstance(error, yaml.reader.ReaderError):
        line = data.decode("utf-8-sig").partition(chr(error.character))[0].count("\n") + 1
        what = f"the character U+{error.character:04X} is not allowed; write it as an escape in double quotes"
        return Problem(file, line, "YAML", what)
    return Problem(file, 1, "YAML", f"cannot be read: {error}")


def _advice(data: bytes, line: int, problem: str) -> str:
    if b"".join(data.splitlines()[line - 1 : line]).lstrip(b" ").startswith(b"\t"):
        return "indent with spaces, not tabs"
    if problem == "could not find expected ':'":
        return "this line or the one before lacks `: ` after its key"
    quotes = "put values that contain `: `, ` #`, a quote or a bracket in quotes"
    return f"{quotes}, and start the keys or items of one level in the same column" if problem in COLUMNS else quotes


class _Hopeless(Exception):
    """The rest of a file is not worth reading; the problem has been reported."""


class _Reader:
    """Turns the parser's events into values; what the spec language lacks becomes a problem.

    Events, not PyYAML's constructor: it would drop lines, run tags, and read prices as floats.
    """

    def __init__(self, file: str, text: str, problems: list[Problem]) -> None:
        self._file = file
        self._problems = problems
        # libyaml's parser is many times faster; not every build of PyYAML has it.
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    def document(self) -> Value:
        """Read the only document."""
        value = None
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                value = self._value(event, 0)
            elif isinstance(event, yaml.DocumentStartEvent) and value is not None:
                self._refuse(event, "a second YAML document; put it into a file of its own")
                return value
        return value

    def _value(self, event: yaml.Event, depth: int) -> Value:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"aliases are not supported; repeat the value of *{event.anchor} here")
            return None
        assert isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent))
        if event.anchor is not None:
            self._refuse(event, f"anchors are not supported; remove &{event.anchor}")
        if event.tag is not None:
            self._refuse(event, f"tags are not supported; remove {event.tag.replace(_CORE, '!!')}")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if depth > MAX_DEPTH:
            self._refuse(event, f"nested more than {MAX_DEPTH} levels deep; no spec needs that")
            raise _Hopeless  # the parser's time grows with the square of the depth
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth)
        return self._sequence(event, depth)

    def _mapping(self, start: yaml.Event, depth: int) -> Map:
        result = Map(self._file, _line(start))
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = event.value if isinstance(event, yaml.ScalarEvent) else None
            if key is None:
                self._refuse(event, "a key must be a plain string")
                if isinstance(event, yaml.CollectionStartEvent):
                    self._value(event, depth + 1)
            elif key in result.lines:  # PyYAML would silently keep the last one
                self._refuse(event, f"the key `{key}` is given twice (first in line {result.lines[key]})")
            value = self._value(next(self._events), depth + 1)
            if key is not None and key not in result.lines:
                result.lines[key] = _line(event)
                result[key] = value
        return result

    def _sequence(self, start: yaml.Event, depth: int) -> Seq:
        result = Seq(self._file, _line(start))
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            result.lines.append(_line(event))
            result.append(self._value(event, depth + 1))
        return result

    def _scalar(self, event: yaml.ScalarEvent) -> Value:
        text = str(event.value)
        if event.style or len(text) > MAX_DIGITS:  # a style means quotes or a block: always a string
            return text
        if text in WORDS:
            return WORDS[text]
        if _INTEGER.match(text):
            return int(text)
        # YAML accepts a quote inside a plain scalar, but an odd one is a typing error.
        if text.count('"') % 2:
            self._refuse(event, f"`{text}` has an unmatched quote; put the whole value in quotes")
        if _ZEROS.match(text):
            self._refuse(event, f"`{text}` has a leading zero; put it in quotes")
        return Decimal(text) if _EXACT.match(text) else text

    def _refuse(self, event: yaml.Event, what: str) -> None:
        self._problems.append(Problem(self._file, _line(event), "YAML", what))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
