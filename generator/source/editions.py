"""Keys of the first edition of the spec language, and what replaces them in the second.

The table has two readers: an old key in a spec is reported with its replacement, and `migrate` rewrites it.
A place is the path of the mapping that holds the key; `*` stands for any key or list index.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct as Record

ADVICE = "in the second edition; run `python -m generator migrate`"


class OldWord(Record, frozen=True):
    """A key that is no longer part of the language."""

    schema: str
    """The schema of the file that held it, such as `rest.json`."""
    place: tuple[str, ...]
    word: str
    replacement: str
    """What the second edition has instead, in words fit for a message."""
    keys: tuple[str, ...]
    """The keys that replace it in the same mapping."""
    renamed: bool
    """Whether only the key changes; otherwise its value moves or changes, too."""

    @property
    def message(self) -> str:
        """The problem's text."""
        return f"`{self.word}` was {'renamed to' if self.renamed else 'replaced by'} `{self.replacement}` {ADVICE}"


def _renames(schema: str, places: Sequence[str], words: Mapping[str, str]) -> Iterator[OldWord]:
    for place in places:
        for old, new in words.items():
            yield OldWord(schema, _steps(place), old, new, (new,), renamed=True)


def _move(schema: str, place: str, word: str, replacement: str, *keys: str) -> OldWord:
    return OldWord(schema, _steps(place), word, replacement, keys, renamed=False)


def _wrong_passphrase(schema: str, *places: str) -> Iterator[OldWord]:
    """The first edition knew of one credential beside the key, by its name."""
    for place in places:
        yield _move(schema, place, "wrong_passphrase", "wrong_credentials: {passphrase: …}, in mock")


def _steps(place: str) -> tuple[str, ...]:
    return tuple(place.split(".")) if place else ()


WORDS = (
    *_renames("api.json", [""], {"time": "server_time", "common": "signed_params", "words": "names"}),
    _move("api.json", "", "requests", "carriers, headers and writing", "carriers"),
    _move("api.json", "", "default_limit", "limits: {…: {…, each: signed}}", "limits"),
    *_renames("api.json", ["signing"], {"single_use": "signature_once_under"}),
    _move("api.json", "signing", "failures", "failures, in mock", "mock"),
    *_wrong_passphrase("api.json", "signing.failures", "mock.failures"),
    *_renames(
        "api.json",
        ["signing.clock"],
        {
            "window": "max_age",
            "ahead": "max_ahead",
            "window_param": "max_age_param",
            "suspects": "may_mean_clock",
        },
    ),
    *_renames("api.json", ["signing.schemes.*"], {"time": "timestamp", "payload": "text", "params": "print_params"}),
    *_renames("api.json", ["signing.schemes.*.vectors.*"], {"time": "at"}),
    *_renames("api.json", ["symbols"], {"params": "named_by"}),
    _move("api.json", "symbols", "offered", "symbols, in mock", "mock"),
    *_renames("api.json", ["pages.*"], {"read": "read_on"}),
    *_renames("api.json", ["common.*", "signed_params.*"], {"wire": "written"}),
    *_renames("rest.json", ["operations.*"], {"payload": "returns_from", "params_in": "carrier"}),
    _move("rest.json", "operations.*", "single", "tolerates: [one_for_list]", "tolerates"),
    _move("rest.json", "operations.*", "unwrap", "tolerates: [{inside: …}]", "tolerates"),
    _move("rest.json", "operations.*", "conclusive", "lookup: {tries: […], conclusive: true}", "lookup"),
    *_renames("rest.json", ["operations.*.lookup.*", "operations.*.lookup.tries.*"], {"params": "with"}),
    *_renames(
        "rest.json",
        ["operations.*.params.*", "operations.*.returns.fields.*", "operations.*.struct.fields.*"],
        {"wire": "written"},
    ),
    *_renames("rest.json", ["operations.*.rules.*"], {"window": "span", "within": "most", "under": "less_than"}),
    *_renames("types.json", ["structs.*.fields.*"], {"wire": "written"}),
    *_renames("types.json", ["structs.*.rules.*"], {"window": "span", "within": "most", "under": "less_than"}),
    *_renames("streams.json", ["structs.*.fields.*"], {"wire": "written"}),
    *_renames("streams.json", ["structs.*.rules.*"], {"window": "span", "within": "most", "under": "less_than"}),
    *_renames("streams.json", ["channels.*"], {"payload": "returns"}),
    *_renames(
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
    *_renames("streams.json", ["connections.*.login"], {"time": "timestamp_as", "window": "max_age"}),
    _move("streams.json", "connections.*.login", "failures", "failures, in mock", "mock"),
    *_wrong_passphrase("streams.json", "connections.*.login.failures", "mock.failures"),
    *_renames("streams.json", ["connections.*.login.schemes.*"], {"time": "timestamp", "payload": "text"}),
    *_renames("streams.json", ["connections.*.login.vectors.*"], {"time": "at"}),
    _move("streams.json", "connections.*.login.vectors.*", "scheme", "the credentials of one scheme"),
    *_renames("streams.json", ["connections.*.listen_key.*"], {"params": "with"}),
)


class OldShape(Record, frozen=True):
    """A key that is still part of the language, but holds another kind of value now."""

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
        f"became a type, with the operation's own struct in `struct` beside it, {ADVICE}",
    ),
    OldShape("rest.json", ("operations", "*", "lookup"), list, f"became `{{tries: […]}}` {ADVICE}"),
)


def old_word(schema: str, path: Sequence[str | int], key: str) -> OldWord | None:
    """Return the entry of a key in the mapping at a path, if the key is one of the first edition."""
    return next((old for old in WORDS if old.word == key and old.schema == schema and _fits(old.place, path)), None)


def old_shape(schema: str, path: Sequence[str | int], value: object) -> OldShape | None:
    """Return the entry of a value at a path, if it has its shape of the first edition."""
    return next((s for s in SHAPES if s.schema == schema and isinstance(value, s.kind) and _fits(s.place, path)), None)


def _fits(place: tuple[str, ...], path: Sequence[str | int]) -> bool:
    return len(place) == len(path) and all(step in ("*", other) for step, other in zip(place, path, strict=True))
