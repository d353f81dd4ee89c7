"""What the rule of an entry is said with, and what it signs."""

from __future__ import annotations

from collections.abc import Iterator

from tests.atlas.entries import Entry, Yaml

NAMED = ("algorithm", "encoding")
"""Their values say it all."""
WITH_VALUE = ("timestamp", "expires", "nonce", "query", "body")
COVERS = {
    "query": {"query", "?query", "raw_query", "?raw_query", "params"},
    "body": {"body", "params"},
}
"""Parts of a text that sign the query, or the body."""
PARTS = ("host", "params", "raw_query", "?raw_query")
"""Parts of a text that are worth a mention."""


def words_of(entry: Entry) -> list[str]:
    """Return the words that an entry's rules are said with, in alphabetical order."""
    schemes = entry.written["api"]["signing"]["schemes"].values()
    found = {word for scheme in schemes for word in _words(scheme)}
    found |= {"constants" for call in entry.calls if "constants" in call}
    return sorted(found | {"carrier: list" for call in entry.calls if call.get("carrier") == "list"})


def _words(scheme: Yaml) -> Iterator[str]:
    yield from (str(scheme[key]) for key in NAMED if key in scheme)
    yield from (f"{key}: {scheme[key]}" for key in WITH_VALUE if key in scheme)
    if isinstance(scheme.get("secret"), dict) and "as" in scheme["secret"]:
        yield f"secret as {scheme['secret']['as']}"
    if any(place.get("at") == "first" for place in scheme.get("place", [])):
        yield "at: first"
    if isinstance(scheme.get("text"), dict):
        yield "text by method"
    yield from (part for part in PARTS if part in _parts(scheme))
    for value in scheme.get("values", {}).values():
        yield "values"
        yield from (key for key in ("json", "jwt", "sign", "when") if key in value)
        yield from (str(value[key]) for key in ("hash", "encoding") if key in value)


def _parts(scheme: Yaml) -> set[str]:
    """Return all parts of the texts of a scheme."""
    texts = [scheme.get("text", []), *(value.get("of", []) for value in scheme.get("values", {}).values())]
    return {part for text in texts for parts in (text.values() if isinstance(text, dict) else [text]) for part in parts}


def signed_parts(schemes: Yaml, call: Yaml) -> set[str]:
    """Return which of query and body is signed in a call, by the first of the rules that it accepts."""
    name, method = call.get("schemes", list(schemes))[0], call["request"].partition(" ")[0]
    scheme = schemes[name]
    values = scheme.get("values", {})
    # What has a hash, or is a token, proves something without a signature.
    waiting = [
        *_of(scheme.get("text", []), method),
        *(name for name in values if {"hash", "jwt"} & values[name].keys()),
    ]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += _of_value(values.get(name, {}), method)
    return {part for part, names in COVERS.items() if seen & names}


def _of(text: Yaml, method: str) -> list[str]:
    """Return the parts of a text, which may depend on the method."""
    parts: list[str] = text.get(method) or text.get("other") or [] if isinstance(text, dict) else text
    return parts


def _of_value(value: Yaml, method: str) -> list[str]:
    """Return the parts of a value."""
    members = [*value.get("json", {}).values(), *value.get("jwt", {}).values()]
    return _of(value.get("of", []), method) + [str(one["value"] if isinstance(one, dict) else one) for one in members]
