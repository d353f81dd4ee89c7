"""Guesses what a spec says about parameters and fields that only the documentation has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.drift.edit.yaml_edit import text_node
from generator.drift.facts.endings import KIND
from generator.drift.facts.facts import Facts
from generator.ground.naming import snake

TODO = "TODO: "
# Names of what is exact, and therefore a decimal and no float: money, quantities, and what they are multiplied by.
_AMOUNT = re.compile(
    r"price|amount|qty|quantity|volume|balance|fee|rate|margin|pnl|profit|equity|value|ratio|interest|cap|floor|size",
    re.IGNORECASE,
)
_FINER = re.compile(r"\b(?:nano|micro)(?:second)?s?\b|\b(?:ns|us|µs)\b", re.IGNORECASE)
_SECONDS = re.compile(r"(?<!milli)(?<!micro)(?<!nano)(?<!-)\bsec(?:ond)?s?\b", re.IGNORECASE)
# Whatever says that a number is a time: `in ms`, `Unix seconds`, `epoch`.
_UNIT = re.compile(r"\b(?:milli)?(?:sec(?:ond)?|milli)s?\b|\bms\b|unix|epoch", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"(?:time|timestamp|Time|Timestamp|At|Ts|ts|Date)\Z")
EXAMPLES: dict[str, object] = {
    "string": "text",
    "integer": 1,
    "decimal": "1",
    "boolean": True,
    "timestamp_ms": 1717200000000,
    "timestamp_s": 1717200000,
    "json": {},
}
Tree = dict[str, dict[str, Any]]  # Any: name → its type, whether it is required, and its members, a tree again


def spec_type(name: str, documented: str, shown: str = "", text: str = "") -> str:
    """Guess a type of the spec language: documentation's own word first, then what a sample shows, then the name.

    What the page says of a time decides its unit; the language has milliseconds and seconds, and no other unit of it.
    """
    guessed = _guessed(name, documented, shown)
    if guessed == "decimal" and re.fullmatch(r"-?[\d.]+%", shown):
        return "string"
    # `startTime`, `end_at`, `from`: the edge of a span.
    is_edge = re.match(
        r"(?:start|end|from|to|since|until|begin|after|before)(?:[_-]?(?:time|at|ts))?\Z", name, re.IGNORECASE
    )
    if guessed == "timestamp_ms":
        return _of_time(documented, shown, text)
    if is_edge and guessed in ("integer", "string") and _UNIT.search(text) and not _ISO.match(shown):
        return _of_time(documented, shown, text)
    return guessed


def _of_time(documented: str, shown: str, text: str) -> str:
    """Return the type of a time: by the digits of its sample, else by the unit that the page names."""
    plain = "string" if re.match(r"str|date", documented.lower()) else "integer"
    if _ISO.match(shown):
        return "string"
    if re.fullmatch(r"\d{16}|\d{19}", shown) or (_FINER.search(text) and not re.fullmatch(r"\d{13}", shown)):
        return plain
    in_seconds = re.fullmatch(r"\d{10}", shown) or (_SECONDS.search(text) and not re.fullmatch(r"\d{13}", shown))
    return "timestamp_s" if in_seconds else "timestamp_ms"


def _guessed(name: str, documented: str, shown: str) -> str:
    word, leaf = documented.lower().strip("`* "), name.rsplit(".", 1)[-1].removesuffix("[]")
    inner = re.search(r"^(?!map<)\w+<(\w+)>|^(\w+)\[\]", word)
    if inner or re.match(r"list|array", word):
        item = next((g for g in inner.groups() if g), "string") if inner else "string"
        return f"list[{spec_type('', item)}]"
    if keyed := re.fullmatch(r"map<(\w+)>", word):
        return f"map[{spec_type('', keyed[1], shown)}]"
    if word.startswith(("object", "map", "json", "null", "any")):
        return "json"
    if word.startswith("bool"):
        return "boolean"
    if re.match(r"u?int|long|short|timestamp|date", word):
        return "timestamp_ms" if _TIME.search(leaf) or word.startswith(("timestamp", "date")) else "integer"
    if re.match(r"number|numeric|decimal|float|double|big", word):
        return "timestamp_ms" if _TIME.search(leaf) else "decimal"
    if _TIME.search(leaf) and re.fullmatch(r"1\d{12}", shown):
        return "timestamp_ms"
    # Pages call amounts String as often as ids, so the sample and the name decide.
    if re.fullmatch(r"-?\d+\.\d+", shown) and not re.search(r"version", leaf, re.IGNORECASE):
        return "decimal"
    return "decimal" if _AMOUNT.search(leaf) and not re.search(r"type|mode|id\Z", leaf, re.IGNORECASE) else "string"


def tree(facts: Facts, owner: str) -> Tree:
    """Return the members of an operation's parameters as a tree."""
    root: Tree = {}
    for key, fact in facts.of("param", owner):
        _plant(root, key[2], fact.value, fact.required)
        if fact.text and (node := _node(root, key[2])):
            node["text"] = fact.text
    _mark_ends(root, facts, owner, "param")
    return root


def _mark_ends(root: Tree, facts: Facts, owner: str, kind: str) -> None:
    for key, fact in facts.of(KIND, owner):
        node = _node(root, key[2].removeprefix(f"{kind} ")) if key[2].startswith(f"{kind} ") else None
        if node is not None:
            node["ended"] = fact.value


def ending(node: Mapping[str, Any]) -> dict[str, object]:  # Any: a node of a tree
    """Return the key that says that a parameter or member is deprecated, as a person must word it; nothing for others."""
    return {"deprecated": text_node(deprecation_text(node["ended"]))} if node.get("ended") else {}


def deprecation_text(stated: str) -> str:
    """Return what a spec says of the end of something, with the date and the successor that a page states."""
    return f"{TODO}say why, and what to use instead ({stated})."


def answer(facts: Facts, owner: str) -> Tree:
    """Return the fields of a response as a tree: samples give the shape, tables the types and what samples lack."""
    root: Tree = {}
    tables = {key[2]: fact for key, fact in facts.of("field", owner)}
    types = {_leaf(path): fact.value for path, fact in tables.items() if fact.value}
    for path, kind, shown in facts.samples.get(owner, []):
        known = kind if kind in ("array", "object") else types.get(_leaf(path)) or kind
        _plant(root, path, known, None, shown)
    # Every sample counts, not only the first.
    for key, fact in facts.of("sample", owner):
        if _leaf(key[2]) not in set(leaves(root)):
            _plant(root, key[2], types.get(_leaf(key[2])) or fact.value, None)
    found = set(leaves(root))
    for path, fact in tables.items():
        if _leaf(path) not in found:
            _plant(_home(root, path), path, fact.value, None)
    for kind in ("sample", "field"):
        for key, fact in facts.of(kind, owner):
            if fact.text and (node := _node(root, key[2])):
                node["text"] = fact.text
    _mark_ends(root, facts, owner, "field")
    return root


def _node(root: Tree, path: str) -> dict[str, Any] | None:
    """Return what lies at a path."""
    node: dict[str, Any] = {"members": root}
    for part in path.removeprefix("[].").split("."):
        below = node["members"].get(part.removesuffix("[]"))
        if below is None:
            return None
        node = below
    return node


def _home(root: Tree, path: str) -> Tree:
    """Return the members among which a path begins: those with its first part, else the fullest."""
    first = path.removeprefix("[].").split(".", 1)[0].removesuffix("[]")
    if "." not in path or first in root:
        return root if "." in path else _fullest(root)
    below = (_home(node["members"], path) for node in root.values() if node["members"])
    return next((home for home in below if first in home), root)


def _fullest(root: Tree) -> Tree:
    """Return the members of the largest object: flat tables usually describe that one."""
    below = [root, *(_fullest(node["members"]) for node in root.values() if node["members"])]
    return max(below, key=len)


def _plant(root: Tree, path: str, kind: str, required: bool | None, shown: str = "") -> None:
    at, parts = root, [part for part in path.removeprefix("[].").split(".") if part]
    for part in parts[:-1]:
        node = at.setdefault(part.removesuffix("[]"), {"type": "", "required": None, "members": {}})
        node["type"] = "array" if part.endswith("[]") else node["type"]
        at = node["members"]
    if parts:
        node = at.setdefault(parts[-1].removesuffix("[]"), {"type": "", "required": None, "members": {}})
        node["type"] = "array" if parts[-1].endswith("[]") else node["type"] or kind
        node["required"] = required
        node["shown"] = shown


def _leaf(path: str) -> str:
    return path.rsplit(".", 1)[-1].removesuffix("[]")


def leaves(members: Tree) -> Iterator[str]:
    """Yield all names in a tree."""
    for name, node in members.items():
        yield name
        yield from leaves(node["members"])


def example(typed: str) -> object:
    """Return a value that fits a scalar type or a list of one."""
    if typed.startswith("list["):
        return [example(typed[5:-1])]
    if typed.startswith("map["):
        return {"ABC": example(typed[4:-1])}
    return EXAMPLES.get(typed, {})


def enum_member_name(value: str) -> str:
    """Name a member of an enum after its value."""
    word = re.sub(r"[^A-Za-z0-9]+", "_", value).strip("_")
    name = "_".join(filter(None, snake(word).split("_"))).upper() if not word.isupper() else word.upper()
    name = re.sub(r"_+", "_", name)
    return name if name[:1].isalpha() else f"VALUE_{name}".rstrip("_")
