"""Finds every contradiction in the model of one API."""

from __future__ import annotations

from generator.build.api import Built
from generator.check.contradictions import check_contradictions
from generator.check.deeds import check_deeds
from generator.check.examples import Checker
from generator.check.instruments import check_instruments
from generator.check.keys import check_keys
from generator.check.meaning import check_meaning
from generator.check.mock_facts import (
    check_disconnect,
    check_failures,
    check_halves,
    check_markets,
    check_one_with,
    check_wrong_credentials,
)
from generator.check.names import check_names, operations_of
from generator.check.paging import check_paging
from generator.check.streams import check_streams
from generator.check.symbols import check_symbols
from generator.check.vectors import check_vectors
from generator.ground.problems import Problem
from generator.model.api import Api
from generator.model.reach import reachable
from generator.model.types import Struct
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes


def check(built: Built) -> list[Problem]:
    """Return every problem of a model, including those noted while it was built."""
    source, api, notes = built.source, built.api, built.notes
    at = source.files["api.yaml"]
    structs = (*api.structs, *(api.streams.structs if api.streams else ()))
    checker = Checker(api.enums, structs, notes, empty_is_missing=api.envelope.empty_is_missing)
    _check_examples(source, api, checker)
    check_failures(read.mapping(at, "mock"), "mock", api, notes)
    check_wrong_credentials(at, api.signing, [error.code for error in api.errors], notes)
    _check_single_use(at, api, notes)
    _check_unused(built, {struct.name: struct for struct in structs}, notes)
    check_names(source, api, notes)
    check_contradictions(source, api, checker, notes)
    check_paging(source, api, notes)
    check_vectors(read.mapping(at, "signing"), api, notes)
    check_keys(read.mapping(at, "signing"), api, notes)
    check_symbols(source, api, notes)
    check_meaning(source, api, notes)
    check_deeds(source, api, notes)
    check_instruments(source, api, notes)
    check_one_with(at, api, notes)
    check_markets(at, api, notes)
    check_halves(at, api, notes)
    check_disconnect(at, api, notes)
    check_streams(source, api, checker, notes)
    return notes.problems


def _check_examples(source: Source, api: Api, checker: Checker) -> None:
    for group in api.groups:
        for operation, at in zip(group.operations, operations_of(source, group), strict=True):
            checker.check(operation, at)


def _check_single_use(at: Map, api: Api, notes: Notes) -> None:
    start, at = api.signing.single_use, read.mapping(at, "signing")
    if start and not any(operation.path.startswith(start) for operation in api.operations):
        what = f"no operation has a path that begins with `{start}`"
        notes.add(at, "signature_once_under", "signing.signature_once_under", what, "unused")
    for scheme in api.signing.schemes if start else ():
        # Of a token, or of a secret that is sent as it is, there is no signature that a second call could repeat.
        if scheme.algorithm and not scheme.uses("timestamp", "expires", "nonce"):
            what = "nothing makes each signature different; sign `timestamp` or a `nonce`"
            notes.add(read.mapping(at, "schemes"), scheme.name, f"signing.{scheme.name}", what)
        # Two calls in one second would be signed alike, whatever the client's clock does.
        if scheme.algorithm and scheme.time in ("s", "iso-s") and not scheme.uses("nonce"):
            what = "whole seconds can't make each signature different; use a finer `timestamp`, or a `nonce`"
            place = read.mapping(read.mapping(at, "schemes"), scheme.name)
            notes.add(place, "timestamp", f"signing.{scheme.name}.timestamp", what)


def _check_unused(built: Built, structs: dict[str, Struct], notes: Notes) -> None:
    source, api = built.source, built.api
    operations = api.operations
    used = {name for o in operations for param in o.params for name in reachable(param.type, structs)}
    used |= {name for o in operations if o.returns for name in reachable(o.returns, structs)}
    # `guessed` counts as used: where a type's name is misspelled, the one that was meant is not unused as well.
    used |= {
        name for typed in (api.streams.types if api.streams else ()) for name in reachable(typed, structs)
    } | built.guessed
    for kind in ("enums", "structs"):
        at = read.mapping(source.files.get("types.yaml", read.EMPTY), kind)
        for name in at:
            if name not in used:
                notes.add(at, name, f"{kind}.{name}", "is not used; use it or remove it", "unused")
