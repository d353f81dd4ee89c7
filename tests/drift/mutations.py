"""Changes one row of a page, as an exchange would, and says what drift has to tell of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from generator.drift.compare.changes import IDS
from generator.drift.facts.facts import Fact, Facts, Key

Told = tuple[str, str, str, str]
"""Id, level, owner and name of a change."""
Edit = tuple[list[str], set[Told]]
"""The new lines of a row, and what they have changed."""
WHAT = {"param": "param", "field": "response-field", "code": "error-code", "value": "enum-value"}
MARKS = {"Yes": "No", "YES": "NO", "required": "optional", "Required": "Optional", "true": "false", "是": "否"}
NEW = "brandNew"
LONGEST = 12


@dataclass(frozen=True)
class Row:
    """One row of a page: what it states, and its lines, whether a table has it on one or flattened to several."""

    key: Key
    fact: Fact
    lines: list[str]

    @property
    def text(self) -> str:
        """The row as one text."""
        return "\n".join(self.lines)

    @property
    def leaf(self) -> str:
        """The name in the row itself."""
        return self.key[2].rpartition(".")[2]

    @property
    def new(self) -> str:
        """A name that no page has; a code stays a number of its length."""
        return re.sub(r"\d", "8", self.leaf) if self.key[1] == "code" else NEW

    def told(self, verb: str, name: str | None = None, level: str = "") -> Told:
        """What drift has to say about a member of this row's owner."""
        owner, kind, own = self.key
        id = f"{WHAT[kind]}-{verb}"
        return id, level or IDS[id], owner, own if name is None else own[: len(own) - len(self.leaf)] + name


def rows(facts: Facts, text: str) -> Iterator[Row]:
    """Yield the rows that state one fact and nothing else.

    A row whose members are rows of their own, or that a second table repeats, is more than one fact.
    """
    lines, many = text.split("\n"), Counter(fact.line for fact in facts.facts.values() if fact.line)
    parents = {(owner, kind, name.rpartition(".")[0].removesuffix("[]")) for owner, kind, name in facts.facts}
    shared = {key[:2] for key in facts.facts if key[1] == "param" and "." in key[2]} | {key[:2] for key in facts.strays}
    listed = [key for key in facts.facts if key[1] in WHAT and key not in parents and key[:2] not in shared]
    for key, following in pairwise(listed):
        start, end = facts.facts[key].line, facts.facts[following].line
        whole = key[:2] == following[:2] and 0 < end - start <= LONGEST and " /" in key[0]
        if key[0].startswith(("enum ", "errors")) and "|" in lines[start - 1]:
            whole, end = True, start + 1
        row = Row(key, facts.facts[key], lines[start - 1 : end - 1])
        if (
            whole
            and "=" not in key[2]
            and sum(map(many.__getitem__, range(start, end))) == row.text.count(row.leaf) == 1
        ):
            yield row


def deleted(row: Row) -> Edit:
    """The row is gone."""
    return [], {row.told("removed")}


def inserted(row: Row) -> Edit:
    """A row like it, of another name, follows."""
    level = "breaking" if row.fact.required and row.key[1] == "param" else ""
    return row.lines + _named(row), {row.told("added", row.new, level)}


def renamed(row: Row) -> Edit | None:
    """It has another name; where it has words of its own, drift knows it again."""
    if row.key[1] not in ("param", "field"):
        return None
    if row.fact.wording:
        return _named(row), {row.told("renamed", row.new)}
    level = "breaking" if row.fact.required and row.key[1] == "param" else ""
    return _named(row), {row.told("removed"), row.told("added", row.new, level)}


def marked(row: Row) -> Edit | None:
    """It must be given now, or need not be any more."""
    words = MARKS if row.fact.required else {no: yes for yes, no in MARKS.items()}
    pattern = rf"(?:(?<![\w'])|(?<={re.escape(row.fact.value)}))({'|'.join(words)})(?=[\s|<,)\"]|[A-Z]|\Z)"
    if row.key[1] != "param" or row.fact.required is None or len(re.findall(pattern, row.text)) != 1:
        return None
    text = re.sub(pattern, lambda match: words[match.group(1)], row.text)
    return text.split("\n"), {row.told("became-optional" if row.fact.required else "became-required")}


def retyped(row: Row) -> Edit | None:
    """It is of another type."""
    typed = row.fact.value
    if row.key[1] not in ("param", "field") or not typed or row.text.count(typed) != 1:
        return None
    other = "string" if typed.lower().startswith("bool") else "boolean"
    return row.text.replace(typed, other).split("\n"), {row.told("type-changed")}


MUTATIONS: dict[str, Callable[[Row], Edit | None]] = {
    mutation.__name__: mutation for mutation in (deleted, inserted, renamed, marked, retyped)
}


def _named(row: Row) -> list[str]:
    return row.text.replace(row.leaf, row.new).split("\n")
