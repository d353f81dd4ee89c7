"""Words of the first edition of the spec language, and what the second edition says instead.

One table, read twice: an old word in a spec is a problem that names the new one, and `migrate` rewrites it.
A place is where the mapping lies that holds the word; `*` stands for one key or one number of a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

ADVICE = "since the second edition; run `python -m generator migrate`"


@dataclass(frozen=True)
class OldWord:
    """A word that is no longer part of the language."""

    schema: str
    """The schema of the file that held it, as `rest.json`."""
    place: tuple[str, ...]
    word: str
    said: str
    """How it is said now, as it may stand in a message."""
    keys: tuple[str, ...]
    """The keys that stand there instead, beside the old one."""
    renamed: bool
    """Whether only the word differs; else something moves."""

    @property
    def message(self) -> str:
        """What to tell the author of a spec."""
        return f"`{self.word}` is {'called' if self.renamed else 'written as'} `{self.said}` {ADVICE}"


def _renamed(schema: str, places: Sequence[str], words: Mapping[str, str]) -> Iterator[OldWord]:
    for place in places:
        for old, new in words.items():
            yield OldWord(schema, _steps(place), old, new, (new,), renamed=True)


def _moved(schema: str, place: str, word: str, said: str, *keys: str) -> OldWord:
    return OldWord(schema, _steps(place), word, said, keys, renamed=False)


def _wrong_passphrase(schema: str, *places: str) -> Iterator[OldWord]:
    """The first edition knew of one credential beside the key, by its name."""
    for place in places:
        yield _moved(schema, place, "wrong_passphrase", "wrong_credentials: {passphrase: …}, in mock")


def _steps(place: str) -> tuple[str, ...]:
    return tuple(place.split(".")) if place else ()


WORDS = (
    *_renamed("api.json", [""], {"time": "server_time", "common": "signed_params", "words": "names"}),
    _moved("api.json", "", "requests", "carriers, headers and writing", "carriers"),
    _moved("api.json", "", "default_limit", "limits: {…: {…, each: signed}}", "limits"),
    *_renamed("api.json", ["signing"], {"single_use": "signature_once_under"}),
    _moved("api.json", "signing", "failures", "failures, in mock", "mock"),
    *_wrong_passphrase("api.json", "signing.failures", "mock.failures"),
    *_renamed(
        "api.json",
        ["signing.clock"],
        {
            "window": "max_age",
            "ahead": "max_ahead",
            "window_param": "max_age_param",
            "suspects": "may_mean_clock",
        },
    ),
    *_renamed("api.json", ["signing.schemes.*"], {"time": "timestamp", "payload": "text", "params": "print_params"}),
    *_renamed("api.json", ["signing.schemes.*.vectors.*"], {"time": "at"}),
    *_renamed("api.json", ["symbols"], {"params": "named_by"}),
    _moved("api.json", "symbols", "offered", "symbols, in mock", "mock"),
    *_renamed("api.json", ["pages.*"], {"read": "read_on"}),
    *_renamed("api.json", ["common.*", "signed_params.*"], {"wire": "written"}),
    *_renamed("rest.json", ["operations.*"], {"payload": "returns_from", "params_in": "carrier"}),
    _moved("rest.json", "operations.*", "single", "tolerates: [one_for_list]", "tolerates"),
    _moved("rest.json", "operations.*", "unwrap", "tolerates: [{inside: …}]", "tolerates"),
    _moved("rest.json", "operations.*", "conclusive", "lookup: {tries: […], conclusive: true}", "lookup"),
    *_renamed("rest.json", ["operations.*.lookup.*", "operations.*.lookup.tries.*"], {"params": "with"}),
    *_renamed(
        "rest.json",
        ["operations.*.params.*", "operations.*.returns.fields.*", "operations.*.struct.fields.*"],
        {"wire": "written"},
    ),
    *_renamed("rest.json", ["operations.*.rules.*"], {"window": "span", "within": "most", "under": "less_than"}),
    *_renamed("types.json", ["structs.*.fields.*"], {"wire": "written"}),
    *_renamed("types.json", ["structs.*.rules.*"], {"window": "span", "within": "most", "under": "less_than"}),
    *_renamed("streams.json", ["structs.*.fields.*"], {"wire": "written"}),
    *_renamed("streams.json", ["structs.*.rules.*"], {"window": "span", "within": "most", "under": "less_than"}),
    *_renamed("streams.json", ["channels.*"], {"payload": "returns"}),
    *_renamed(
        "streams.json",
        ["limits", "connections.*.limits"],
        {
            "streams": "topics_per_connection",
            "topics": "topics_per_frame",
            "bytes": "bytes_per_frame",
            "connections": "connections_per_address",
            "life": "connection_life",
        },
    ),
    *_renamed("streams.json", ["connections.*.login"], {"time": "timestamp_as", "window": "max_age"}),
    _moved("streams.json", "connections.*.login", "failures", "failures, in mock", "mock"),
    *_wrong_passphrase("streams.json", "connections.*.login.failures", "mock.failures"),
    *_renamed("streams.json", ["connections.*.login.schemes.*"], {"time": "timestamp", "payload": "text"}),
    *_renamed("streams.json", ["connections.*.login.vectors.*"], {"time": "at"}),
    _moved("streams.json", "connections.*.login.vectors.*", "scheme", "the credentials of one scheme"),
    *_renamed("streams.json", ["connections.*.listen_key.*"], {"params": "with"}),
)


@dataclass(frozen=True)
class OldShape:
    """A word that is still there, but holds something else now."""

    schema: str
    place: tuple[str, ...]
    """Where the value lies, its own key included."""
    kind: type
    """What it was: a list or a mapping."""
    message: str


SHAPES = (
    OldShape(
        "rest.json",
        ("operations", "*", "returns"),
        dict,
        f"is a type, and a struct of its own stands in `struct` beside it, {ADVICE}",
    ),
    OldShape("rest.json", ("operations", "*", "lookup"), list, f"is written as `{{tries: […]}}` {ADVICE}"),
)


def old_word(schema: str, path: Sequence[str | int], key: str) -> OldWord | None:
    """Return what is known of a key of the mapping at a path, if it is a word of the first edition."""
    return next((old for old in WORDS if old.word == key and old.schema == schema and _fits(old.place, path)), None)


def old_shape(schema: str, path: Sequence[str | int], value: object) -> OldShape | None:
    """Return what is known of a value at a path, if it has the shape that it had in the first edition."""
    return next((s for s in SHAPES if s.schema == schema and isinstance(value, s.kind) and _fits(s.place, path)), None)


def _fits(place: tuple[str, ...], path: Sequence[str | int]) -> bool:
    return len(place) == len(path) and all(step in ("*", other) for step, other in zip(place, path, strict=True))
