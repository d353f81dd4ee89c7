"""Edits one YAML file in place: comments, order and all other lines stay unchanged."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from generator.drift.pages.blocks import Unreadable

Node = Any  # ruamel's maps, lists and scalars


class Editor:
    """One file, read; `doc` may be changed, `text` returns what to write."""

    def __init__(self, path: Path, *, is_ours: bool = False) -> None:
        """Read a file; one that is ours was printed by us, and has no layout of others to keep."""
        self._original = path.read_text("utf-8") if path.is_file() else ""
        self._is_ours = is_ours
        try:
            self.doc: Node = _yaml().load(self._original) if self._original else CommentedMap()
        except YAMLError as error:
            raise Unreadable(f"{path}: {error}") from None
        # Printing and comparing takes most of the time of a draft.
        self._printed = _print(self.doc) if self._original and not is_ours else ""

    def text(self) -> str:
        """Return the text with the changes, all other lines as they were."""
        printed = _print(self.doc)
        if printed == self._printed or not self.doc:
            return self._original
        if self._is_ours:
            return printed
        # ruamel changes the layout of lines that were not edited, so only the difference of two prints is applied.
        return merged(self._original, self._printed, printed)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 4096  # else ruamel breaks long lines, and each edit rewrites its neighbors
    yaml.preserve_quotes = True
    yaml.brace_single_entry_mapping_in_flow_sequence = True  # else `{is: 20}` in a list is printed as `is: 20`
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _print(doc: Node) -> str:
    buffer = io.StringIO()
    _yaml().dump(doc, buffer)
    return buffer.getvalue()


def merged(original: str, before: str, after: str) -> str:
    """Apply what changed from `before` to `after` to `original`, whose lines are those of `before` but for layout."""
    mine, old, new = (text.splitlines(keepends=True) for text in (original, before, after))
    place = _places(old, mine)
    result, at = list[str](), 0
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        start, end = place[i1], max(place[i2], place[i1])
        result += mine[at:start] + new[j1:j2]
        at = end
    return "".join(result + mine[at:])


def _places(old: list[str], mine: list[str]) -> list[int]:
    """Return for each line of `old` (and for its end) where it stands in `mine`."""
    places = [0] * (len(old) + 1)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, mine, autojunk=False).get_opcodes():
        for index in range(i1, i2):
            places[index] = j1 + (index - i1) if tag == "equal" else j1
        places[i2] = j2
    places[len(old)] = len(mine)
    return places


def flow(members: Mapping[str, object]) -> CommentedMap:
    """Return a mapping that is printed in braces."""
    result = CommentedMap({key: braced(value) for key, value in members.items()})
    result.fa.set_flow_style()
    return result


def flow_list(members: list[object]) -> CommentedSeq:
    """Return a list that is printed in brackets."""
    result = CommentedSeq([braced(value) for value in members])
    result.fa.set_flow_style()
    return result


def block(members: Mapping[str, object]) -> CommentedMap:
    """Return a mapping that is printed line by line; one that is so already keeps its comments."""
    return members if isinstance(members, CommentedMap) else CommentedMap(members)


def braced(value: object) -> object:
    """Return a value as it is printed within braces."""
    if isinstance(value, Mapping):
        return flow(value)
    if isinstance(value, list):
        return flow_list(value)
    if isinstance(value, str):
        return text_node(value)
    return value


def text_node(value: str) -> str:
    """Return a text, with quotes if YAML would read it as another type or braces would cut it."""
    special = not value or value[0] in "-?!@&*%#|>'\"~=<{[` " or any(c in value for c in ",:#{}[]\"'\n")
    special = special or re.fullmatch(r"[-+.0-9_eExob:TZ ]+", value) is not None
    # YAML 1.1 reads them as booleans, and editors that people open specs with do so, too.
    words = value.lower() in ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
    return DoubleQuotedScalarString(value) if special or words else value


def dumped(document: Mapping[str, object]) -> str:
    """Return a new file's text: outer levels line by line, the innermost in braces."""
    return _print(_shaped(document))


def _shaped(value: object) -> object:
    if isinstance(value, (CommentedMap, CommentedSeq)):
        return value
    if isinstance(value, Mapping):
        return CommentedMap({key: _shaped(member) for key, member in value.items()})
    if isinstance(value, list) and all(isinstance(member, (str, int)) for member in value):
        return flow_list(value)
    if isinstance(value, list):
        return CommentedSeq([_shaped(member) for member in value])
    return text_node(value) if isinstance(value, str) else value
