"""Builds groups and their operations."""

from __future__ import annotations

from typing import Literal, cast

from msgspec.structs import replace

from generator.build import meaning
from generator.build.constants import constants
from generator.build.limits import Costs, limit
from generator.build.types import TypeBuilder
from generator.build.written_lookups import WrittenLookups
from generator.ground.naming import constant, pascal
from generator.ground.problems import suggest
from generator.model.api import Envelope
from generator.model.codes import ErrorCode
from generator.model.documentation import Page
from generator.model.operations import Auth, Carrier, Constant, Effect, Group, Join, Operation, Variant
from generator.model.reach import has_scalars_in_text, other_names
from generator.model.types import Json, Param, Struct, Type
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes

CARRIERS: dict[str, Carrier] = {"GET": "query", "DELETE": "query", "POST": "json", "PUT": "json", "PATCH": "json"}
"""Where parameters go unless the operation or api.yaml says otherwise. Some proxies drop the body of a DELETE."""


class OperationBuilder:
    """Builds the operations of one API."""

    def __init__(
        self,
        source: Source,
        notes: Notes,
        types: TypeBuilder,
        structs: tuple[Struct, ...],
        errors: tuple[ErrorCode, ...],
        pages: tuple[Page, ...],
        envelope: Envelope,
    ) -> None:
        self._source = source
        self._api = source.files["api.yaml"]
        self._notes = notes
        self._types = types
        self._structs = {struct.name: struct for struct in structs}
        self._errors = {error.code: error for error in errors}
        self._pages = {page.name: page for page in pages}
        self._costs = Costs(notes, types.rules, set(read.mapping(self._api, "limits")))
        self._finding = WrittenLookups(source, notes, types.rules, self._structs, self._errors)
        self._envelope = envelope
        self._schemes = set(read.mapping(read.mapping(self._api, "signing"), "schemes"))

    def groups(self) -> tuple[Group, ...]:
        """Build all groups, in alphabetical order of their files."""
        files = [(name, at) for name, at in self._source.files.items() if name.startswith("rest/")]
        groups = tuple(self._group(name.removeprefix("rest/").removesuffix(".yaml"), at) for name, at in files)
        self._check_requests([at for _, file in files for at in read.maps(file, "operations")])
        return groups

    def _group(self, name: str, at: Map) -> Group:
        self._notes.check_unique(read.maps(at, "operations"), "name", name)
        operations = tuple(self._operation(name, o, at) for o in read.maps(at, "operations"))
        return Group(name, f"{pascal(name)}Group", read.text(at, "doc"), operations)

    def _check_requests(self, operations: list[Map]) -> None:
        seen: dict[tuple[str, tuple[tuple[str, str], ...]], Map] = {}
        for at in operations:
            request = str(at["request"])
            # What distinguishes the calls of an API that has one path for all of them.
            key = request, tuple(sorted((c.wire, str(c.value)) for c in constants(at) if c.place != "text"))
            if key in seen:
                first = seen[key]
                self._notes.add(
                    at, "request", str(at["name"]), f"{request} is also {first['name']} ({first.file}:{first.line})"
                )
            seen.setdefault(key, at)

    def _operation(self, group: str, at: Map, file: Map) -> Operation:
        name = str(at["name"])
        method, path = str(at["request"]).split(" ", 1)
        carrier = self._carrier(at, method)
        params = self._params(at, name, carrier)
        by_wire = {param.wire: param for param in params}
        returns = self._returns(at, name)
        lookup, example = read.mapping(at, "lookup"), read.mapping(at, "example")
        operation = Operation(
            group=group,
            name=name,
            constant=constant(group, name),
            summary=read.text(at, "summary"),
            doc=read.maybe_text(at, "doc"),
            method=method,
            path=path,
            auth=cast(Auth, at["auth"]),
            schemes=self._scheme_names(at, name),
            permission=read.maybe_text(at, "permission"),
            effect=cast(Effect, at["effect"]),
            client_id=self._finding.client_id(at, name, by_wire),
            batch=self._finding.batch(at, name, by_wire),
            lookups=tuple(self._finding.lookup(one, name, by_wire) for one in read.maps(lookup, "tries")),
            conclusive=read.flag(lookup, "conclusive"),
            visible_ms=read.maybe_span(lookup, "visible") or 0,
            ids=cast(Literal["exact"], lookup.get("ids", "exact")),
            prefix=read.exact(lookup, "prefix") or "",
            limit=limit(name, read.mapping(at, "limit")) if "limit" in at else None,
            costs=self._costs.of(at, name, by_wire),
            carrier=carrier,
            is_bare=at.get("carrier") == "list",
            params=params,
            constants=self._own_constants(at, name, by_wire),
            rules=self._types.rules.of(at, name, by_wire),
            returns=returns,
            payload="body" if at.get("returns_from") == "body" or self._envelope.data is None else "data",
            unwrap=_named_form(at, "inside"),
            list_of=_named_form(at, "list_of"),
            single="one_for_list" in read.texts(at, "tolerates"),
            lax=returns is not None and has_scalars_in_text(returns, self._structs),
            also=other_names(returns, self._structs) if returns is not None else (),
            errors=self._codes(at, name),
            example=read.json_map(example, "params"),
            response=None,
            quirks=read.quirks(at),
            deprecated=read.maybe_text(at, "deprecated"),
            page=self._page(at, name),
            heading=str(read.mapping(at, "source").get("heading", "")),
            done=self._done(at, name),
            null_is_empty="null_for_list" in read.texts(at, "tolerates"),
            may_be_empty=_may_be_empty(at),
            deeds=meaning.deeds(at),
            of=meaning.of(at),
            of_cases=meaning.of_cases(at, lambda case: self._types.rules.conditions(case, f"{name}.of", by_wire)),
            forgets=meaning.forgets(at),
            shelf=meaning.shelf(at, file),
            pairs=cast("meaning.Pairs | None", at.get("pairs")),
            receipt=read.flag(at, "receipt"),
            legs=meaning.legs(at),
            joins=self._join(read.mapping(at, "joins"), name),
        )
        # The example response depends on the operation: its envelope is filled by `returns_from`.
        variants = tuple(self._variant(operation, case, by_wire) for case in read.maps(example, "cases"))
        return replace(operation, response=self._response(operation, example), variants=variants)

    def _variant(self, operation: Operation, at: Map, params: dict[str, Param]) -> Variant:
        conditions = self._types.rules.conditions(at, f"{operation.name}.example.cases", params)
        return Variant(conditions, self._response(operation, at))

    def _carrier(self, at: Map, method: str) -> Carrier:
        carriers = read.mapping(self._api, "carriers")
        own = "json" if at.get("carrier") == "list" else at.get("carrier")
        return cast(Carrier, own or carriers.get(method) or CARRIERS[method])

    def _own_constants(self, at: Map, name: str, params: dict[str, Param]) -> tuple[Constant, ...]:
        for wire in read.mapping(at, "constants"):
            if wire in params:
                place = read.mapping(at, "constants")
                self._notes.add(place, wire, f"{name}.constants.{wire}", "is also a parameter; remove one of them")
        return constants(at)

    def _params(self, at: Map, name: str, carrier: Carrier) -> tuple[Param, ...]:
        where = f"{name}.params"
        own = tuple(self._types.param(wire, p, where, carrier) for wire, p in read.entries(at, "params"))
        own = self._types.with_meanings(read.mapping(at, "params"), where, own)
        common = read.entries(self._api, "signed_params") if at["auth"] == "signed" else []
        shared = tuple(replace(self._types.param(wire, p, "signed_params", carrier), common=True) for wire, p in common)
        # An operation may describe a shared parameter itself, for instance with another maximum.
        wires = {param.wire for param in own}
        params = own + tuple(param for param in shared if param.wire not in wires)
        places = read.mapping(at, "params") or read.mapping(self._api, "signed_params")
        self._types.check_clashes(places, where, [(p.wire, p.name) for p in params])
        self._check_path(at, name, params)
        return params

    def _check_path(self, at: Map, name: str, params: tuple[Param, ...]) -> None:
        path = str(at["request"])
        for param in params:
            if param.place == "path" and f"{{{param.wire}}}" not in path:
                self._notes.add(at, "request", f"{name}.{param.wire}", f"the path has no {{{param.wire}}}")

    def _returns(self, at: Map, name: str) -> Type | None:
        if "returns" not in at:
            return None
        typed, own = self._types.type(at, "returns", f"{name}.returns"), read.mapping(at, "struct")
        if own and str(own["name"]) not in typed.names:
            self._notes.add(own, "name", f"{name}.struct", f"`returns` does not name `{own['name']}`")
        return typed

    def _scheme_names(self, at: Map, name: str) -> tuple[str, ...]:
        schemes = read.texts(at, "schemes")
        for scheme in schemes:
            self._notes.check_known(at, "schemes", name, scheme, self._schemes, "signing scheme")
        return schemes

    def _join(self, at: Map, name: str) -> Join | None:
        if not at:
            return None
        into, source = (tuple(str(at[key]).split(".")) for key in ("into", "from"))
        if self._envelope.data is not None and into[0] != self._envelope.data:
            what = f"begins at the top of the body, so with `{self._envelope.data}`"
            self._notes.add(at, "into", f"{name}.joins", what)
        return Join(into, source, read.texts(at, "members"))

    def _codes(self, at: Map, name: str) -> tuple[ErrorCode, ...]:
        found = []
        for code in read.texts(at, "errors"):
            if code in self._errors:
                found.append(self._errors[code])
            else:
                what = f"no code `{code}` in errors.yaml{suggest(code, self._errors)}"
                self._notes.add(at, "errors", name, what, "unknown", (code,))
        return tuple(found)

    def _done(self, at: Map, name: str) -> tuple[str, ...]:
        codes = read.texts(at, "done")
        for code in codes:
            self._notes.check_known(at, "done", name, code, self._errors, "code")
        return codes

    def _page(self, at: Map, name: str) -> Page:
        source = read.mapping(at, "source")
        page = str(source.get("page"))
        if page not in self._pages:
            self._notes.add(
                source, "page", f"{name}.source", f"no page `{page}` in api.yaml{suggest(page, self._pages)}"
            )
            # A stand-in lets the build go on, so that one run reports all mistakes.
            return Page(page, "", "")
        return self._pages[page]

    def _response(self, operation: Operation, example: Map) -> Json:
        payload = read.json(example.get("response"))
        if operation.payload == "body":
            return payload if "response" in example else dict(self._envelope.example)
        envelope: dict[str, Json] = dict(self._envelope.example)
        if "response" in example and self._envelope.data is not None:
            envelope[self._envelope.data] = payload
        return envelope


def _named_form(at: Map, form: str) -> str | None:
    """Return the member that a tolerated form of the answer names."""
    return next((str(way[form]) for way in read.maps(at, "tolerates") if form in way), None)


def _may_be_empty(at: Map) -> bool:
    cases = read.maps(read.mapping(at, "example"), "cases")
    return "empty_object" in read.texts(at, "tolerates") or any(case.get("response") == {} for case in cases)
