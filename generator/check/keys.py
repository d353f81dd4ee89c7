"""Finds keys that can't be read in the form that a signing rule says."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.api import Api
from generator.model.signing import Scheme
from generator.signing.keys import can_read_key
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes

PRIVATE = ("rsa-sha256", "ecdsa-sha256", "ed25519")
"""Algorithms that sign with a private key, which is bytes."""
TEXTS = ("md5", "upper", "base64-text")
"""Forms that make another text of a secret, where a private key is bytes."""


def check_keys(at: Map, api: Api, notes: Notes) -> None:
    """Note every key that can't be read; `at` is `signing` in api.yaml."""
    for scheme in api.signing.schemes:
        rule = read.mapping(read.mapping(at, "schemes"), scheme.name)
        if scheme.algorithm in PRIVATE and scheme.secret_form in TEXTS:
            what = f"`{scheme.secret_form}` makes a text, and the key of {scheme.algorithm} is bytes; remove `as`, or say how it is encoded"
            notes.add(rule, "secret", f"signing.{scheme.name}", what)
            continue
        for name, example in _examples(api, scheme):
            if not can_read_key(scheme, example):
                place = read.mapping(read.mapping(at, "credentials"), name)
                notes.add(place, "example", f"signing.credentials.{name}", _unreadable(scheme, "the example"))
        for vector, place in zip(scheme.vectors, read.maps(rule, "vectors"), strict=True):
            given = vector.credentials.get(scheme.secret or "")
            if given is not None and not can_read_key(scheme, given):
                where = f"signing.{scheme.name}.vectors.{vector.name}"
                notes.add(place, "credentials", where, _unreadable(scheme, f"`{scheme.secret}`"))


def _examples(api: Api, scheme: Scheme) -> Iterator[tuple[str, str]]:
    yield from ((one.name, one.example) for one in api.signing.credentials if one.name == scheme.secret)


def _unreadable(scheme: Scheme, what: str) -> str:
    seed = ", 32 bytes of it" if scheme.algorithm == "ed25519" else ""
    return f"{what} can't be read as {scheme.secret_form}{seed}, and nothing can be signed with it; write one that can"
