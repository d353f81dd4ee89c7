"""Finds contradictions between the parts of one API, once all of them are built."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.check.envelope import check_envelope
from generator.check.examples import Checker
from generator.check.lookups import check_lookups
from generator.check.names import operations_of
from generator.check.params import check_params, check_rules
from generator.check.signing import NO_HEADER, TOKEN, check_signing
from generator.check.tolerances import check_tolerances
from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.reach import reachable
from generator.model.signing import Scheme
from generator.model.types import Struct
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes


def check_contradictions(source: Source, api: Api, checker: Checker, notes: Notes) -> None:
    """Note what can't be sent, signed or checked as the spec describes it."""
    common = read.mapping(source.files["api.yaml"], "signed_params")
    for group in api.groups:
        for operation, at in zip(group.operations, operations_of(source, group), strict=True):
            _check_operation(api, operation, at, common, notes)
            check_lookups(api, operation, at, notes)
            check_tolerances(api, operation, at, notes)
            own = tuple(param for param in operation.params if not param.common)
            check_params(f"{operation.name}.params", own, read.mapping(at, "params"), checker, notes)
    # Checked once here, not with each operation: a mistake in one place is one problem.
    shared = {param.wire: param for operation in api.operations for param in operation.params if param.common}
    check_params("signed_params", tuple(shared.values()), common, checker, notes)
    structs = read.mapping(source.files.get("types.yaml", read.EMPTY), "structs")
    for struct in api.structs:
        if struct.sent:
            _check_sent_struct(struct, structs, checker, notes)
    check_signing(source.files["api.yaml"], api, notes)
    check_envelope(source, api, notes)
    _check_headers(read.mapping(source.files["api.yaml"], "headers"), notes)


def _check_operation(api: Api, operation: Operation, at: Map, common: Map, notes: Notes) -> None:
    name = operation.name
    if operation.auth == "signed" and not api.signing.schemes:
        notes.add(at, "auth", name, "is signed, but api.yaml has no `signing`")
    for earlier, later in _shadowed(api, operation):
        what = (
            f"does not say how it is signed: `{earlier}` needs no more credentials than `{later}`, which is never used"
        )
        notes.add(at, "auth", name, f"{what}; list one of them in `schemes`")
    for constant in _missing_constants(api, operation):
        notes.add(at, "name", name, f"has no constant `{constant}`, which the signing rule uses; add it to `constants`")
    if operation.auth == "key" and not api.signing.key:
        notes.add(at, "auth", name, "has `auth: key`, but `signing` in api.yaml has no `key`")
    if operation.effect == "read" and (operation.client_id or operation.lookups):
        notes.add(
            at,
            "effect",
            name,
            "has `effect: read`, and reads leave nothing to look up; use `once`, or remove `client_id` and `lookup`",
        )
    for problem in _path_problems(operation):
        notes.add(at, "request", name, problem)
    for problem in _bare_problems(api, operation) if operation.is_bare else ():
        notes.add(at, "carrier", name, problem)
    _check_added(api, operation, at, common, notes)
    check_rules(operation.rules, operation.params, at, name, notes)


def _shadowed(api: Api, operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield pairs of signing rules of which the client would always take the first."""
    if operation.auth != "signed" or operation.schemes:
        return
    schemes = api.signing.schemes
    for index, later in enumerate(schemes):
        for earlier in schemes[:index]:
            if {*earlier.credentials} <= {*later.credentials}:
                yield earlier.name, later.name


def _missing_constants(api: Api, operation: Operation) -> list[str]:
    """Return constants that the operation's signing rules use, and that it does not have."""
    used = {part.name for scheme in _schemes_of(api, operation) for part in scheme.used() if part.kind == "constant"}
    return sorted(used - {constant.wire for constant in operation.constants})


def _path_problems(operation: Operation) -> Iterator[str]:
    filled = {param.wire: param for param in operation.params if param.place == "path"}
    for wire in re.findall(r"\{([^{}]*)\}", operation.path):
        if wire not in filled:
            yield f"the path has {{{wire}}}, but no parameter `{wire}` has `in: path`"
        elif not filled[wire].required:
            yield f"`{wire}` is part of the path; add `required: true`"
    if re.search(r"[?#]", operation.path):
        yield "a path must not contain `?` or `#`; list query parameters in `params`"


def _bare_problems(api: Api, operation: Operation) -> Iterator[str]:
    """Yield why the body of an operation can't be a bare list."""
    sent = [param for param in operation.params if param.place == "body"]
    if len(sent) != 1 or sent[0].type.kind != "list" or sent[0].write != "json" or not sent[0].required:
        given = ", ".join(f"`{param.wire}`" for param in sent) or "none"
        yield f"`list` needs one parameter in the body, a required list that is written as JSON; here: {given}"
    if any(constant.place in (None, "body") for constant in operation.constants):
        yield "a bare list has no place for constants; say `in` of each"
    for scheme in _schemes_of(api, operation):
        if any(placed.place == "param" for placed in scheme.placements) or scheme.body not in ("given", "sorted"):
            yield f"the signing rule `{scheme.name}` writes into the body, and a bare list has no place for that"
        if scheme.uses("params"):
            yield f"the signing rule `{scheme.name}` signs `params`, and the items of a bare list have no names; sign `body`"


def _schemes_of(api: Api, operation: Operation) -> list[Scheme]:
    """Return the signing rules by which an operation may be signed."""
    if operation.auth != "signed":
        return []
    return [s for s in api.signing.schemes if not operation.schemes or s.name in operation.schemes]


def _check_added(api: Api, operation: Operation, at: Map, common: Map, notes: Notes) -> None:
    """Note parameters that the signing rule would overwrite."""
    added = {name for scheme in _schemes_of(api, operation) for name in _added_names(scheme)}
    for param in operation.params:
        if param.wire in added:
            place, where = (
                (common, "signed_params") if param.common else (read.mapping(at, "params"), f"{operation.name}.params")
            )
            notes.add(place, param.wire, f"{where}.{param.wire}", "is added by the signing rule; remove it")


def _added_names(scheme: Scheme) -> Iterator[str]:
    yield from (placement.name for placement in scheme.placements)


def _check_sent_struct(struct: Struct, structs: Map, checker: Checker, notes: Notes) -> None:
    where = f"structs.{struct.name}"
    at = read.mapping(structs, struct.name)
    if struct.array:
        notes.add(at, "array", where, "is part of a request, but `array: true` is only for structs that are received")
    for param in struct.params:
        if struct.name in reachable(param.type, checker.structs):
            notes.add(
                read.mapping(at, "fields"), param.wire, where, "is part of a request, so it must not contain itself"
            )
    check_params(where, struct.params, read.mapping(at, "fields"), checker, notes)
    check_rules(struct.rules, struct.params, at, where, notes)


def _check_headers(headers: Map, notes: Notes) -> None:
    for name, value in headers.items():
        if not TOKEN.fullmatch(name):
            notes.add(headers, name, "headers", NO_HEADER.format(name))
        if not str(value).isprintable():
            notes.add(headers, name, f"headers.{name}", "a header's value must be one printable line")
