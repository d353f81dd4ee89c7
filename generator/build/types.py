"""Builds enums, structs and parameters."""

from __future__ import annotations

from typing import cast

from msgspec.structs import replace

from generator.build import only
from generator.build.enums import enum
from generator.build.meaning import meaning, things
from generator.build.rules import ParamRules
from generator.build.type_texts import Types, UnknownType
from generator.ground.naming import python_name
from generator.model.operations import Carrier
from generator.model.types import Condition, Enum, Field, Param, Place, Scalar, Struct, Type
from generator.source import reading as read
from generator.source.load import Map, Source
from generator.source.reading import Notes

INVALID = Type("json")
"""Stands for a type that could not be parsed; checks recognize it by identity, and report nothing more about it."""


class TypeBuilder:
    """Builds everything that has a type, and notes mistakes in it."""

    def __init__(self, source: Source, notes: Notes) -> None:
        self._notes = notes
        self._api = source.files["api.yaml"]
        self._file = source.files.get("types.yaml", read.EMPTY)
        self.rules = ParamRules(self._file, notes)
        self._own = [
            struct
            for name, content in source.files.items()
            if name.startswith("rest/")
            for operation in read.maps(content, "operations")
            if (struct := read.mapping(operation, "struct"))
        ]
        self.words = read.pairs(self._api, "names")
        self._streamed = read.entries(source.files.get("streams.yaml", read.EMPTY), "structs")
        names = [name for name, _ in [*read.entries(self._file, "structs"), *self._streamed]]
        enums = [name for name, _ in read.entries(self._file, "enums")]
        self.types = Types(enums, [*names, *(str(s["name"]) for s in self._own)])
        self._writing = read.mapping(self._api, "writing")
        self._symbols = _symbols_without_slash(self._api)
        self._market = read.exact(read.mapping(self._api, "symbols"), "within")

    def enums(self) -> tuple[Enum, ...]:
        """Build all enums."""
        return tuple(enum(name, at, self._notes) for name, at in read.entries(self._file, "enums"))

    def structs(self) -> tuple[Struct, ...]:
        """Build all structs, those of single operations included."""
        structs = [*read.entries(self._file, "structs"), *((str(s["name"]), s) for s in self._own)]
        return tuple(self._struct(name, at) for name, at in structs)

    def stream_structs(self) -> tuple[Struct, ...]:
        """Build the structs that only streams use."""
        return tuple(self._struct(name, at) for name, at in self._streamed)

    def member_name(self, wire: str) -> str:
        """Derive the Python name of a wire name."""
        return python_name(wire, None, self.words)

    def _struct(self, name: str, at: Map) -> Struct:
        where = f"structs.{name}"
        members = read.mapping(at, "fields")
        params = tuple(self._member_param(wire, f, where) for wire, f in read.entries(at, "fields"))
        params = self.with_meanings(members, where, params)
        fields = tuple(self._field(members, param, where) for param in params)
        self.check_clashes(members, where, [(f.wire, f.name) for f in fields])
        by_wire = {p.wire: p for p in params}
        return Struct(
            name,
            read.text(at, "doc"),
            read.flag(at, "array"),
            fields,
            params,
            self.rules.of(at, where, by_wire),
            read.quirks(at),
            things=things(at, lambda case: self.rules.conditions(case, where, by_wire)),
        )

    def with_meanings(self, at: Map, where: str, params: tuple[Param, ...]) -> tuple[Param, ...]:
        """Return parameters with what the spec says that they mean, which may depend on the others."""
        by_wire = {param.wire: param for param in params}
        if self._market is not None and where.startswith("structs."):
            # An order of a batch means what it does in the market that the whole batch names.
            by_wire.setdefault(self._market, _market_param(self._market))

        def said(param: Param) -> Param:
            place = read.mapping(at, param.wire)

            def conditions(case: Map) -> tuple[Condition, ...]:
                return self.rules.conditions(case, f"{where}.{param.wire}", by_wire)

            defaults = tuple((cast(Scalar, case["is"]), conditions(case)) for case in read.maps(place, "default"))
            return replace(param, means=meaning(place, conditions) or param.means, default_cases=defaults)

        return tuple(map(said, params))

    def _field(self, members: Map, param: Param, where: str) -> Field:
        wire, at = param.wire, read.mapping(members, param.wire)
        cases = read.mapping(at, "only")
        return Field(
            wire,
            param.name,
            param.type,
            param.doc,
            read.flag(at, "optional") or "only" in at,
            at.get("written") == "text",
            param.unit,
            param.example,
            read.flag(at, "flat"),
            param.secret,
            param.means,
            read.exact(at, "keys"),
            read.texts(at, "also"),
            {one: read.scalars(cases, one) for one in cases},
            param.is_deprecated,
        )

    def _member_param(self, wire: str, at: Map, where: str) -> Param:
        return self.param(wire, at, where, "json", required=not read.flag(at, "optional") and "only" not in at)

    def param(self, wire: str, at: Map, where: str, carrier: Carrier, *, required: bool | None = None) -> Param:
        """Build a request parameter that is sent in the query or body; of members, their struct says what is required."""
        typed = self.type(at, "type", f"{where}.{wire}")
        default: Place = "query" if carrier == "query" else "body"
        place = cast(Place, at.get("in", default))
        in_json = carrier == "json" and place == "body"
        return Param(
            wire=wire,
            name=self._name(wire, at, where),
            type=typed,
            doc=only.doc_of(at),
            required=read.flag(at, "required") if required is None else required,
            place=place,
            elsewhere="in" in at,
            write=str(at.get("written") or self._usual_form(typed, in_json)),
            unit=read.maybe_text(at, "unit"),
            default=None if isinstance(at.get("default"), list) else read.scalar(at, "default"),
            always=read.flag(at, "always"),
            minimum=read.number(at, "min"),
            maximum=read.number(at, "max"),
            pattern=read.exact(at, "pattern"),
            min_length=read.integer(at, "min_length"),
            max_length=read.integer(at, "max_length"),
            min_items=read.integer(at, "min_items"),
            max_items=read.integer(at, "max_items"),
            values=read.scalars(at, "values"),
            secret=read.flag(at, "secret"),
            example=read.json(at.get("example")),
            without_slash=wire in self._symbols,
            unique=read.exact(at, "unique"),
            is_deprecated="deprecated" in at,
        )

    def _usual_form(self, typed: Type, in_json: bool) -> str:
        if typed.kind in ("list", "map", "struct", "json"):
            return "json" if in_json else str(self._writing.get("list", "json"))
        if not in_json:
            return "text"
        # In JSON, decimals are strings by default: many parsers read a JSON number as a float, which loses digits.
        number = typed.kind.startswith("timestamp") or self._is_integer_enum(typed)
        kind = "integer" if number else typed.kind
        return str(
            self._writing.get(kind, {"decimal": "text", "integer": "number", "boolean": "json"}.get(kind, "text"))
        )

    def _is_integer_enum(self, typed: Type) -> bool:
        # Read from the YAML: enums may not be built yet.
        enums = read.mapping(self._file, "enums")
        return typed.kind == "enum" and read.mapping(enums, typed.name).get("base") == "integer"

    def type(self, at: Map, key: str, where: str) -> Type:
        """Parse the type at a key; an unknown one is noted and becomes `INVALID`."""
        try:
            return self.types.parse(str(at[key]))
        except UnknownType as error:
            self._notes.add(at, key, where, str(error), "unknown", (error.name,))
            return INVALID

    def _name(self, wire: str, at: Map, where: str) -> str:
        given = read.maybe_text(at, "name")
        # Streams abbreviate (`s`, `p`, `q`); such a name says nothing to the caller.
        if len(wire) == 1 and given is None:
            self._notes.add(at, "name", f"{where}.{wire}", "a wire name of one letter needs a `name`")
        name = python_name(wire, given, self.words)
        if not name.isidentifier():
            what = (
                f"becomes `{name}`, which is not a Python name"
                if name
                else "has nothing that a Python name can be made from"
            )
            self._notes.add(at, "name", f"{where}.{wire}", f"{what}; give it a `name`")
        # Wire names are printed into code, pages and log lines, where control characters do harm.
        if not wire.isprintable():
            self._notes.add(at, "", f"{where}.{wire}", "a wire name must be printable")
        return name

    def check_clashes(self, at: Map, where: str, names: list[tuple[str, str]]) -> None:
        """Note wire names that become the same Python name."""
        seen: dict[str, str] = {}
        for wire, name in names:
            if name in seen:
                self._notes.add(
                    at, wire, f"{where}.{wire}", f"becomes `{name}` in Python, like `{seen[name]}`; give one a `name`"
                )
            seen.setdefault(name, wire)


def _symbols_without_slash(api: Map) -> frozenset[str]:
    """Return the parameters that name a symbol, if no symbol of the API has a slash."""
    offered = read.exact(read.mapping(api, "mock"), "symbols")
    has_slash = offered is None or "/" in offered
    return frozenset() if has_slash else frozenset(read.texts(read.mapping(api, "symbols"), "named_by"))


def _market_param(wire: str) -> Param:
    """Return what chooses the market, as the members of a batch see it."""
    return Param(wire, wire, Type("string"), "", required=True, place="body", elsewhere=False, write="json")
