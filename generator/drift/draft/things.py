"""Names the structs of a draft after what they are; a person checks the names once for each file.

Drafted files are printed by this package, so their lines have one form, and names that begin with `Todo` are all its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator.check.names import CLASSES
from generator.drift.draft.rows import ONCE
from generator.drift.edit.shapes import TODO
from generator.drift.edit.stated import proposed_text
from generator.drift.edit.verbs import READING, VERBS
from generator.ground.naming import pascal, snake

_STRUCT = re.compile(r"^ {6}name: (Todo\w+)$|^ {2}(Todo\w+):$")
# A member with such a struct, however deep in lists: `data: {type: "list[TodoData]", …`.
_MEMBER = re.compile(r'^\s+"?([\w.-]+)"?: \{type: "?(?:(?:list|map)\[)*(Todo\w+)')
_NAME = re.compile(r"\bTodo[A-Z0-9]\w*")
_DOC = re.compile(rf'^(\s+doc: )"{TODO}name this struct, [^"]*"$')
_LISTED = re.compile(r'^\s+returns: "?(?:list|map)\[(Todo\w+)')
_ENUM = re.compile(r"^ {2}(\w+):$")
_CHANNEL = re.compile(r"^ {2}- name: (\w+)$")
HOLDERS = frozenset({"list", "rows", "items", "data", "result", "results", "records", "entries"})
"""Members that say nothing of what is in them."""


@dataclass
class Thing:
    """A struct of a draft."""

    name: str
    held: list[tuple[str, str]] = field(default_factory=list)
    """Its members that are structs: wire name and type."""


def name_things(files: Mapping[str, str], client: str) -> dict[str, str]:
    """Return the files of a draft with names and descriptions of structs in place of a TODO for each of them."""
    things = {thing.name: thing for text in files.values() for thing in _things(text)}
    listed = {found[1] for text in files.values() for line in text.splitlines() if (found := _LISTED.match(line))}
    named = _Names(things, listed, _taken(files, client)).all()
    return {path: _with_names(text, named, asks=path == "types.yaml") for path, text in files.items()}


def _things(text: str) -> Iterator[Thing]:
    thing: Thing | None = None
    for line in text.splitlines():
        if found := _STRUCT.match(line):
            if thing is not None:
                yield thing
            thing = Thing(found[1] or found[2])
        elif thing is not None and (member := _MEMBER.match(line)):
            thing.held.append((member[1], member[2]))
    if thing is not None:
        yield thing


def _taken(files: Mapping[str, str], client: str) -> set[str]:
    """Return names that enums, groups, events and the runtime have."""
    lines = [line for text in files.values() for line in text.splitlines()]
    enums = {found[1] for line in lines if (found := _ENUM.match(line))}
    events = {f"{pascal(found[1])}Event" for line in lines if (found := _CHANNEL.match(line))}
    groups = {f"{pascal(path.rpartition('/')[2].partition('.')[0])}Group" for path in files}
    return {*CLASSES, client, f"Async{client}", *enums, *events, *groups}


class _Names:
    """Chooses a name for each struct: that of the thing that is listed comes before that of the list."""

    def __init__(self, things: Mapping[str, Thing], listed: set[str], taken: set[str]) -> None:
        self._things = things
        self._listed = listed
        self._taken = taken
        self._named = dict[str, str]()

    def all(self) -> dict[str, str]:
        """Return the old name of each struct → the new one."""
        inner = {name for thing in self._things.values() for _, name in thing.held}
        for name in [*(name for name in self._things if name not in inner), *self._things]:
            if name in self._things and name not in self._named:
                what = _thing_of(name)
                self._name_all(self._things[name], _singular(what) if name in self._listed else what)
        return self._named

    def _name_all(self, thing: Thing, what: str) -> None:
        """Name a struct and those below it; `what` is what it is, or what is in its list."""
        self._named[thing.name] = ""  # a struct may hold itself
        is_list = False
        for wire, name in thing.held:
            if name in self._things and name not in self._named:
                is_list = is_list or wire.lower() in HOLDERS
                item = _singular(what.removesuffix("Result"))
                own = item if wire.lower() in HOLDERS else _singular(pascal(snake(wire)))
                self._name_all(self._things[name], own if own not in self._taken else f"{item}{own}")
        whole = f"{what}Page" if is_list and not what.endswith(("List", "Result")) else what
        number = 2
        while (name := whole if number == 2 else f"{whole}{number - 1}") in self._taken:
            number += 1
        self._taken |= {name, f"{name}Fields"}
        self._named[thing.name] = name


def _thing_of(name: str) -> str:
    """Return what a call returns, by its name: of `get_orders` orders, of `place_order` its result."""
    words = snake(name.removeprefix("Todo")).split("_")
    verb, noun = words[0], words[1:]
    if verb in READING and noun:
        return pascal("_".join(noun))
    return pascal("_".join(words)) + ("Result" if verb in VERBS else "")


def _singular(name: str) -> str:
    name = re.sub(r"(?<=.)List\Z", "", name)
    return re.sub(r"(?<=[a-rt])ies\Z", "y", name) if name.endswith("ies") else re.sub(r"(?<=[^suia])s\Z", "", name)


def _with_names(text: str, named: Mapping[str, str], *, asks: bool) -> str:
    lines, name = list[str](), ""
    for line in text.splitlines():
        if found := _STRUCT.match(line):
            name = named[found[1] or found[2]]
        if found := _DOC.match(line):
            check = f"check the names of the structs below, and the types and texts of their members; {ONCE}."
            said = f"{TODO}describe this struct, and {check}" if asks else proposed_text(name)
            lines.append(f'{found[1]}"{said}"')
            asks = False
        else:
            lines.append(_NAME.sub(lambda old: named.get(old[0], old[0]), line))
    return "\n".join(lines) + "\n"
