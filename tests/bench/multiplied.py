"""Makes valid specs of any size by multiplying real ones: groups, and every type that they use, under other names."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

Data = dict[str, Any]  # YAML
TYPED = {"type", "returns"}
"""Keys whose texts name types."""
FREE = {"example", "rules"}
COPIES = 12
"""How many copies of its groups an API gets: with 26, the file of Bybit's types is longer than the loader takes."""
SHELF = "ordinary"
"""The shelf of orders that have none in the spec."""
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # the fast one, where it is there
    """Writes everything out: the language knows no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def multiplied(specs: Path, into: Path, operations: int) -> None:
    """Write a folder of specs with so many operations: whole APIs while they fit, then copies of their groups.

    An API that has COPIES of them begins again under another name.
    """
    apis, left = list[_Api](), operations
    for folder in sorted(path.parent for path in specs.glob("*/api.yaml")):
        api = _Api(folder)
        if api.size <= left or not apis:
            apis.append(api)
            left -= api.size
    growing, number = apis.copy(), 1
    while left > 0:
        number += 1
        for index, api in enumerate(growing):
            if api.copies < COPIES or left < api.size:
                left -= api.copy(number, left)
            else:
                growing[index] = _Api(api.folder, str(number))
                apis.append(growing[index])
                left -= api.size
    for api in apis:
        api.write(into)


class _Api:
    """One API, and the copies of its parts."""

    def __init__(self, folder: Path, suffix: str = "") -> None:
        self.folder = folder
        self.copies = 0
        self._suffix = suffix
        self._types = _read(folder / "types.yaml")
        self._named = {name: kind for kind in ("enums", "structs") for name in self._types.get(kind, {})}
        self._groups = {path.stem: _read(path) for path in sorted(folder.glob("rest/*.yaml"))}
        self._more: dict[str, Data] = {}
        self._more_types: dict[str, Data] = {"enums": {}, "structs": {}}
        self.size = sum(len(group["operations"]) for group in self._groups.values())

    def copy(self, number: int, most: int) -> int:
        """Add copies of the groups under other names; return how many operations were added."""
        self.copies += 1
        kept = dict[str, Data]()
        added = 0
        for name, group in self._groups.items():
            if operations := group["operations"][: most - added]:
                kept[name] = group | {"operations": operations}
                added += len(operations)
        there = {f"{name}.{operation['name']}" for name, group in kept.items() for operation in group["operations"]}
        for name, group in kept.items():
            self._copy_group(f"{name}_{number}", group, number, there)
        return added

    def _copy_group(self, name: str, group: Data, number: int, there: set[str]) -> None:
        own = {operation["struct"]["name"] for operation in group["operations"] if "struct" in operation}
        used = self._reached(group)
        renamed = _Renamed({*own, *used}, number)
        copy = renamed.of(group)
        for operation in copy["operations"]:
            operation["request"] += f"/copy{number}"
            _look_among_copies(operation, number, there)
        _move(copy, number)
        self._more[name] = copy
        for one in used:
            kind = self._named[one]
            self._more_types[kind][f"{one}{number}"] = renamed.of(self._types[kind][one])

    def _reached(self, group: Data) -> set[str]:
        """Return the types that a group uses, and those that they use."""
        waiting, found = self._names(group), set[str]()
        while waiting:
            name = waiting.pop()
            found.add(name)
            waiting |= self._names(self._types[self._named[name]][name]) - found
        return found

    def _names(self, value: object) -> set[str]:
        words = {word for text in _texts(value, TYPED) for word in re.findall(r"\w+", text)}
        return words & self._named.keys()

    def write(self, specs: Path) -> None:
        """Write everything."""
        into = specs / f"{self.folder.name}{self._suffix and '_'}{self._suffix}"
        shutil.copytree(self.folder, into, ignore=shutil.ignore_patterns("docs.yaml", "observed.json"))
        if self._suffix:
            api = _read(into / "api.yaml")
            _write(into / "api.yaml", api | {"client": api["client"] + self._suffix})
        for kind, types in self._more_types.items():
            if types:
                self._types[kind] |= types
        _write(into / "types.yaml", self._types)
        if self._more:
            self._shelve(into)
        for name, group in self._more.items():
            _write(into / "rest" / f"{name}.yaml", group)

    def _shelve(self, into: Path) -> None:
        """Give the orders of the API itself a shelf, where they need none as long as nothing else places orders."""
        for name, group in self._groups.items():
            _move(group)
            _write(into / "rest" / f"{name}.yaml", group)
        if (into / "streams.yaml").exists():
            streams = _read(into / "streams.yaml")
            for channel in streams["channels"]:
                channel.setdefault("shelf", SHELF)
            _write(into / "streams.yaml", streams)


class _Renamed:
    """Gives types other names wherever they are named."""

    def __init__(self, names: Iterable[str], number: int) -> None:
        self._pattern = re.compile(rf"\b({'|'.join(sorted(map(re.escape, names)))})\b")
        self._number = number

    def of(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            # The name of an operation's own struct is a type.
            keys = {k: "returns" if (key, k) == ("struct", "name") else k for k in value}
            return {k: member if k in FREE else self.of(member, keys[k]) for k, member in value.items()}
        if isinstance(value, list):
            return [self.of(member, key) for member in value]
        if isinstance(value, str) and key in TYPED:
            return self._pattern.sub(rf"\g<1>{self._number}", value)
        return value


def _move(group: Data, number: int | None = None) -> None:
    """Put the orders of a group on the shelf of this number: those of a copy are found by its own calls only."""
    for place in (group, *group["operations"]):
        shelved = "shelf" in group or "shelf" in place
        if not shelved and any(does.endswith(" order") for does in _listed(place.get("does", ()))):
            place["shelf"] = SHELF
        if number is not None and isinstance(place.get("shelf"), str):
            place["shelf"] += str(number)


def _look_among_copies(operation: Data, number: int, there: set[str]) -> None:
    """Let a copy look for what it made with the copies of the calls that the spec names; with none that is not there."""
    tries = operation.get("lookup", {}).get("tries", [])
    if any(found["operation"] not in there for found in tries):
        del operation["lookup"]
        return
    for found in tries:
        group, _, name = found["operation"].partition(".")
        found["operation"] = f"{group}_{number}.{name}"


def _listed(value: Any) -> list[str]:
    """Return one text, or several."""
    return [value] if isinstance(value, str) else list(value)


def _texts(value: object, keys: set[str], key: str = "") -> list[str]:
    """Return the texts that stand under some keys, however deep."""
    if isinstance(value, dict):
        return [text for k, member in value.items() if k not in FREE for text in _texts(member, keys, k)]
    if isinstance(value, list):
        return [text for member in value for text in _texts(member, keys, key)]
    return [value] if isinstance(value, str) and key in keys else []


def _read(path: Path) -> Data:
    found: Data = yaml.load(path.read_text("utf-8"), LOADER)  # plain data: a safe loader
    return found


def _write(path: Path, content: Data) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.dump(content, Dumper=Dumper, sort_keys=False, allow_unicode=True), "utf-8")
