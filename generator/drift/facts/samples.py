"""JSON samples as documentation prints them: comments, lost commas, lost line breaks, trailing commas.

Every sample yields its members' paths as far as it can be read; `broken` says where it could not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

# Far above any real sample; they bound the time that a broken or hostile page costs.
MAX_DEPTH = 40
MAX_TOKENS = 200_000
# More than JSON: comments, single quotes, bare words and dots, as samples in documentation have them.
_TOKEN = re.compile(
    r"""(?P<space>[\s,;]+)|(?P<comment>//|\#(?!\w)|/\*)|(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<open>[{\[])|(?P<close>[}\]])|(?P<colon>:)|(?P<dots>\.\.\.|…)|(?P<word>[^\s{}\[\],:"'/\#]+)|(?P<other>.)"""
)
# In a sample on one line, whose line breaks were lost, a comment ends where the next key or the last bracket begins.
_GLUED_END = re.compile(r"""\s*(?:[{}\[\],\s]*(?:"[A-Za-z_$][\w.$-]*"\s*:)|[{}\[\],\s]*\Z)""")
_NUMBER = re.compile(r"-?\d+\Z")
_DECIMAL = re.compile(r"-?\d*\.?\d+(?:[eE][-+]?\d+)?\Z")


@dataclass(frozen=True)
class Member:
    """One member of a sample, with what its comment says."""

    path: str
    type: str
    value: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Sample:
    """What could be read from a sample."""

    members: tuple[Member, ...] = ()
    """In order, each path once."""
    strict: bool = True
    """Whether it is valid JSON."""
    broken: int | None = None
    """The line, counted from the sample's first, after which nothing could be read."""
    rows: tuple[tuple[str, tuple[Member, ...]], ...] = ()
    """Path of a list of arrays → what stands at each position of such an array: `[["15100", "0.2"], …]`."""


@lru_cache(maxsize=32)  # a section looks ahead at its samples before it reads them
def read_sample(text: str) -> Sample:
    """Read a sample, or several that stand one after the other."""
    reader = _Reader(text)
    reader.read()
    return Sample(tuple(reader.merged()), _is_strict(text), reader.broken, tuple(reader.rows.items()))


def _is_strict(text: str) -> bool:
    import json

    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    glued, tokens, at = "\n" not in text.strip(), list[_Token](), 0
    while at < len(text) and len(tokens) < MAX_TOKENS:
        match = _TOKEN.match(text, at)
        if match is None:
            break
        kind, end = match.lastgroup or "other", match.end()
        if kind == "comment":
            end = _comment_end(text, match, glued=glued)
        if kind != "space":
            tokens.append(_Token(kind, text[match.start() : end], match.start()))
        at = max(end, at + 1)
    return tokens


def _comment_end(text: str, match: re.Match[str], *, glued: bool) -> int:
    if match.group() == "/*":
        end = text.find("*/", match.end())
        return end + 2 if end >= 0 else len(text)
    if not glued:
        end = text.find("\n", match.end())
        return end if end >= 0 else len(text)
    # Any of these letters may also be part of the comment, so each place is tried.
    for at in range(match.end(), len(text)):
        if text[at] in ' "}]' and _GLUED_END.match(text, at):
            return at
    return len(text)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._at = 0
        self._members = dict[str, Member]()
        self.rows = dict[str, tuple[Member, ...]]()
        self.broken: int | None = None
        self._last = ""

    def read(self) -> None:
        """Read all values that begin with a bracket."""
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind == "open":
                self._value("", 0)
            else:
                self._comment(token)
                self._at += 1

    def merged(self) -> list[Member]:
        """Return the members in the order in which their paths were first seen."""
        return list(self._members.values())

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _comment(self, token: _Token) -> None:
        if token.kind == "comment" and self._last in self._members:
            member = self._members[self._last]
            if not member.comment:
                self._members[self._last] = replace(member, comment=_words(token))

    def _value(self, path: str, depth: int) -> tuple[str, str]:
        """Read one value; return its type and, for a scalar, its text."""
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "open" and depth > MAX_DEPTH:
            self._stop(token)
            return "object", ""
        if token.kind == "open":
            return self._object(path, depth) if token.text == "{" else self._array(path, depth)
        if token.kind == "string":
            return "string", token.text[1:-1]
        return _word_type(token.text), token.text

    def _object(self, path: str, depth: int) -> tuple[str, str]:
        while (token := self._peek()) is not None:
            if token.kind == "close":
                # A bracket of the wrong kind closes the outer value, too: the right one was forgotten.
                self._at += token.text == "}"
                return "object", ""
            if token.kind in ("string", "word") and self._colon_follows():
                self._at += 2
                key = token.text.strip("\"'") or "?"
                self._member(f"{path}.{key}" if path else key, depth)
                continue
            self._comment(token)
            if token.kind not in ("comment", "dots", "close", "string", "word"):
                self._stop(token)
            self._at += 1
        self._stop(None)
        return "object", ""

    def _colon_follows(self) -> bool:
        return self._at + 1 < len(self._tokens) and self._tokens[self._at + 1].kind == "colon"

    def _member(self, path: str, depth: int) -> None:
        placed = Member(path, "")
        self._members.setdefault(path, placed)
        self._last = path
        while (token := self._peek()) is not None and token.kind == "comment":
            self._comment(token)
            self._at += 1
        if token is None or token.kind == "close":
            return
        kind, value = self._value(path, depth + 1)
        known = self._members[path]
        # The items of a list are merged: null in the first one says nothing about the type.
        if not known.type or known.type == "null":
            self._members[path] = Member(path, kind, value, known.comment)
        self._last = path if kind not in ("object", "array") else self._last

    def _array(self, path: str, depth: int) -> tuple[str, str]:
        row = list[Member]()
        while (token := self._peek()) is not None:
            if token.kind == "close":
                self._at += token.text == "]"
                self._row(path, row)
                return "array", ""
            if token.kind in ("open", "string", "word"):
                kind, value = self._value(f"{path}[]", depth + 1)
                row.append(Member(str(len(row)), kind, value))
                continue
            if token.kind == "comment" and row and path.endswith("[]"):
                row[-1] = replace(row[-1], comment=row[-1].comment or _words(token))
            self._comment(token)
            self._at += 1
        self._stop(None)
        return "array", ""

    def _row(self, path: str, row: list[Member]) -> None:
        """Keep an array within a list, whose positions have meanings; comments often stand in the first one only."""
        known = self.rows.get(path.removesuffix("[]"), ())
        is_better = len(row) > len(known) or (not any(m.comment for m in known) and any(m.comment for m in row))
        if path.endswith("[]") and len(row) > 1 and is_better and row[0].type not in ("object", "array"):
            self.rows[path.removesuffix("[]")] = tuple(row)

    def _stop(self, token: _Token | None) -> None:
        if self.broken is None:
            self.broken = self._text.count("\n", 0, token.at if token else len(self._text))


def _words(comment: _Token) -> str:
    return comment.text.lstrip("/#* ").removesuffix("*/").strip()


def _word_type(word: str) -> str:
    if word in ("true", "false", "True", "False"):
        return "bool"
    if word in ("null", "None", "undefined"):
        return "null"
    if _NUMBER.match(word):
        return "int"
    return "number" if _DECIMAL.match(word) else "string"
