"""Finds credentials and codes in `mock.wrong_credentials` that are not there; api.yaml and streams.yaml both have it."""

from __future__ import annotations

from collections.abc import Iterable

from generator.model.signing import Signing
from generator.source import reading as read
from generator.source.load import Map
from generator.source.reading import Notes


def check_wrong_credentials(at: Map, signing: Signing, codes: Iterable[str], notes: Notes) -> None:
    """Note each name that is no credential, and each code that errors.yaml does not have; `at` is the root of a file."""
    named, known = read.mapping(read.mapping(at, "mock"), "wrong_credentials"), set(codes)
    credentials = [credential.name for credential in signing.credentials]
    for name, code in named.items():
        where = f"mock.wrong_credentials.{name}"
        notes.known(named, name, where, name, credentials, "credential")
        notes.known(named, name, where, str(code), known, "code")
