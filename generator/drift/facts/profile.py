"""How to read the documentation of one API: docs.yaml, typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from generator.drift.pages.blocks import Unreadable
from generator.drift.pages.labels import LABELS, role_of
from generator.drift.pages.words import Words
from generator.source import reading as read
from generator.source.load import Map

# What most pages share, so that docs.yaml has only what is special: a method and a path, with or without the host.
REQUEST = (
    r"(?P<method>GET|POST|PUT|DELETE|PATCH)\s*:?\s*`?(?:https?://[^/\s]+)?(?P<path>/[^\s`?]+)(?:\?\S*)?`?(?:\s+\(.{1,40}\))?",
    # Without a slash before it, a path is known by a method in capitals, and by backticks or a version in it.
    r"(?P<method>(?-i:GET|POST|PUT|DELETE|PATCH))\s*:?\s*(?:`(?P<path>[a-z][\w-]*/[^\s`?]+)(?:\?[^\s`]*)?`?)",
    r"(?P<method>(?-i:GET|POST|PUT|DELETE|PATCH))\s*:?\s*(?P<path>(?:[a-z][\w-]*/)*(?:api|v\d+)/[^\s`?]+)(?:\?\S*)?",
)
# `Rate limit: 10 requests per second`, `Weight: 5`.
LIMITS = (
    r"(?:.{0,120}?\brate )?limit(?:s|ing)?\b.*?(?P<calls>\d+) ?(?:requests?|calls?|times)? ?(?:/|per|every) ?(?P<per>\d* ?\w+)",
    r"(?:限速|限频|频率限制|访问限制)\s*[:：]?\s*(?P<calls>\d+)\s*次?\s*[/每]\s*(?P<per>\d*\s*\w+)",
)
WEIGHTS = (r"(?:ip |request )?weight\W*(?P<weight>.*\d.*)",)
FINDERS = ("pairs", "glosses", "quoted", "code", "choices", "commas")


@dataclass(frozen=True)
class ErrorRule:
    """Where error codes stand: in a table or in lines, under a heading."""

    under: re.Pattern[str]
    columns: tuple[str, ...] = ()
    line: re.Pattern[str] | None = None
    stream: bool = False


@dataclass(frozen=True)
class SampleRule:
    """A sample without a heading, which is assigned to its operation by its members."""

    has: frozenset[str]
    role: str
    operation: str


@dataclass(frozen=True)
class Known:
    """A difference between documentation and spec that is accepted."""

    change: str
    why: str
    operation: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Profile:
    """How to read one API's documentation."""

    words: Words = field(default_factory=Words)
    request: tuple[re.Pattern[str], ...] = ()
    prefix: str = "/"
    before: tuple[re.Pattern[str], ...] = ()
    like: tuple[re.Pattern[str], ...] = ()
    labels: Mapping[str, tuple[re.Pattern[str], ...]] = field(default_factory=dict)
    nested: re.Pattern[str] = re.compile(r"^(?:(?:[>»›└├─→+-]|&gt;|·)\s*)+")
    limits: tuple[re.Pattern[str], ...] = ()
    weights: tuple[re.Pattern[str], ...] = ()
    errors: tuple[ErrorRule, ...] = ()
    enum_lists: tuple[re.Pattern[str], ...] = ()
    enum_tables: tuple[re.Pattern[str], ...] = ()
    finders: tuple[str, ...] = FINDERS
    channels: tuple[re.Pattern[str], ...] = ()
    streams: tuple[re.Pattern[str], ...] = ()
    samples: tuple[SampleRule, ...] = ()
    shared: frozenset[str] = frozenset()
    skip: tuple[re.Pattern[str], ...] = ()
    known: tuple[Known, ...] = ()

    def role_of(self, text: str) -> str | None:
        """Return what a label introduces: params, body, fields, response, request or other; None for other lines."""
        return role_of(text, self.labels)


def profile_of(at: Map) -> Profile:
    """Return the profile that a checked docs.yaml gives.

    Raises:
        Unreadable: if a pattern of it does not compile.
    """
    labels, headings, enums = read.mapping(at, "labels"), read.mapping(at, "headings"), read.mapping(at, "enums")
    columns = {role: read.texts(read.mapping(at, "columns"), role) for role in read.mapping(at, "columns")}
    return Profile(
        words=Words().with_more(columns, *(read.texts(at, key) for key in ("types", "yes", "no", "shared"))),
        # Those of docs.yaml first: they are more specific, and the first match counts.
        request=patterns([*read.texts(at, "request"), *REQUEST], at, "request"),
        prefix=read.exact(at, "prefix") or "/",
        before=patterns(read.texts(headings, "before"), at, "headings"),
        like=patterns(read.texts(headings, "like"), at, "headings"),
        labels={role: patterns([*read.texts(labels, role), *own], at, "labels") for role, own in LABELS.items()},
        nested=patterns([read.exact(at, "nested") or Profile.nested.pattern], at, "nested")[0],
        limits=patterns([*read.texts(at, "limits"), *LIMITS], at, "limits"),
        weights=patterns([*read.texts(at, "weights"), *WEIGHTS], at, "weights"),
        errors=tuple(_error_rule(rule) for rule in read.maps(at, "errors")),
        enum_lists=patterns(read.texts(enums, "lists"), at, "enums"),
        enum_tables=patterns(read.texts(enums, "tables"), at, "enums"),
        finders=read.texts(enums, "cells") if "cells" in enums else FINDERS,
        channels=patterns(read.texts(at, "channels"), at, "channels"),
        streams=patterns(read.texts(at, "streams"), at, "streams"),
        samples=tuple(_sample_rule(rule) for rule in read.maps(at, "samples")),
        shared=frozenset(read.texts(at, "shared")),
        skip=patterns(read.texts(at, "skip"), at, "skip"),
        known=tuple(_known_difference(rule) for rule in read.maps(at, "known")),
    )


@lru_cache(maxsize=1)
def default_profile() -> Profile:
    """Return the profile that only knows common words."""
    return profile_of(read.EMPTY)


def patterns(texts: Sequence[str], at: Map, key: str) -> tuple[re.Pattern[str], ...]:
    """Compile patterns; they match in any case."""
    try:
        return tuple(re.compile(text, re.IGNORECASE) for text in texts)
    except re.error as error:
        raise Unreadable(f"{at.file}:{at.line_of(key)}  {key}: {error}") from None


def _error_rule(at: Map) -> ErrorRule:
    line = read.exact(at, "line")
    return ErrorRule(
        patterns([str(at.get("under", ".*"))], at, "under")[0],
        read.texts(at, "columns"),
        patterns([line], at, "line")[0] if line else None,
        read.flag(at, "stream"),
    )


def _sample_rule(at: Map) -> SampleRule:
    return SampleRule(frozenset(read.texts(at, "has")), str(at["as"]), str(at["of"]))


def _known_difference(at: Map) -> Known:
    return Known(str(at["change"]), read.text(at, "why"), read.exact(at, "operation"), read.exact(at, "name"))
