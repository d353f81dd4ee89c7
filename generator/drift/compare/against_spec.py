"""Compares documentation with the spec: what the spec lacks, and where it differs; quirks are respected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from generator.drift.compare.against_lists import list_changes
from generator.drift.compare.amounts import level_of_figures
from generator.drift.compare.changes import IDS, Change, Level, in_order
from generator.drift.compare.channels import channel_changes
from generator.drift.compare.endings import member_ends, value_end
from generator.drift.compare.quirks import Accepted
from generator.drift.compare.renames import moved, renamed
from generator.drift.compare.spec_facts import SpecFacts, added_by_signing, owner_of
from generator.drift.facts.endings import key_of_end
from generator.drift.facts.facts import Fact, Facts
from generator.drift.facts.profile import Profile
from generator.model.api import Api
from generator.model.operations import Operation
from generator.model.types import NUMBERS, Type


def against_spec(api: Api, docs: Facts, profile: Profile, pages: Iterable[str]) -> tuple[list[Change], int]:
    """Return the differences, and how many more are explained by quirks or accepted by the profile."""
    spec = SpecFacts(api)
    found = list(_Comparison(spec, docs, profile, set(pages)).changes())
    accepted = Accepted(spec, profile)
    open_ones = [change for change in found if not accepted.covers(change)]
    return in_order(list(dict.fromkeys(open_ones))), len(found) - len(open_ones)


class _Comparison:
    def __init__(self, spec: SpecFacts, docs: Facts, profile: Profile, pages: set[str]) -> None:
        self._spec = spec
        self._docs = docs
        self._pages = pages
        self._operations = {owner_of(operation): operation for operation in spec.api.operations}
        self._shared = profile.shared | added_by_signing(spec.api)
        self._moved = self._moves()
        envelope = spec.api.envelope
        self._members = {_leaf(k[2]) for kind in ("field", "sample") for k, _ in docs.of(kind)}
        self._envelope = {envelope.code, *envelope.message, envelope.data or "", *envelope.other, "code", "msg", "data"}

    def changes(self) -> Iterator[Change]:
        """Yield all differences."""
        documented = self._docs.owners()
        yield from self._missing(documented)
        for owner in documented:
            operation = self._operations.get(self._moved.get(owner, owner)) or self._other_method(owner)
            # If a page documents a path under two methods, each is compared with its own operation only.
            if operation is not None and (owner_of(operation) == owner or owner_of(operation) not in documented):
                yield from self._params(owner, operation)
                yield from self._fields(owner, operation)
                yield from self._values(owner, operation)
                yield from self._figures(owner, operation)
                yield from self._end(owner, operation)
        yield from list_changes(self._spec, self._docs)
        yield from channel_changes(self._spec.api, self._docs, self._pages)

    def _missing(self, documented: list[str]) -> Iterator[Change]:
        for owner in documented:
            twin = self._other_method(owner)
            if owner in self._operations or (twin is not None and owner_of(twin) in documented):
                continue
            before = owner_of(twin) if twin is not None else self._moved.get(owner)
            if before is None:
                yield self._change("operation-added", owner, "", "", "", (owner, "operation", ""))
            else:
                yield self._change("operation-moved", before, "", before, owner, (owner, "operation", ""))
        # A path that is documented under another method has moved, and was reported above.
        paths = {owner.split(" ", 1)[1] for owner in documented}
        for owner, operation in self._operations.items():
            gone = owner not in documented and owner not in self._moved.values()
            if gone and operation.page.name in self._pages and operation.path not in paths:
                yield self._change("operation-removed", owner)

    def _moves(self) -> dict[str, str]:
        """Return documented operation → ours, for those that went to another path."""
        documented = self._docs.owners()
        come = [owner for owner in documented if owner not in self._operations and self._other_method(owner) is None]
        pages = {owner: operation.page.name for owner, operation in self._operations.items()}
        # Only pages of this run count: an operation of a page that was not read is not gone.
        gone = [owner for owner, page in pages.items() if owner not in documented and page in self._pages]
        found = moved(self._spec.facts(), self._docs, gone, come) if come and gone else {}
        return {after: before for before, after in found.items()}

    def _other_method(self, owner: str) -> Operation | None:
        path = owner.split(" ", 1)[1]
        same = [o for o in self._operations.values() if o.path == path]
        return same[0] if len(same) == 1 else None

    def _change(
        self,
        id: str,
        owner: str,
        name: str = "",
        before: str = "",
        after: str = "",
        at: tuple[str, str, str] | None = None,
        level: Level | None = None,
    ) -> Change:
        fact = self._docs.facts.get(at, Fact()) if at else Fact()
        return Change(id, owner, name, before, after, level or IDS[id], fact.file, fact.line)

    def _params(self, owner: str, operation: Operation) -> Iterator[Change]:
        # Timestamps and signatures are in the tables of some exchanges, and never in the spec of an operation.
        documented = {k[2]: f for k, f in self._docs.of("param", owner) if _leaf(k[2]) not in self._shared}
        specified = {path: (typed, required) for path, typed, required in self._spec.params(operation)}
        # Tables may be missing where the page refers to another one; then nothing is known, rather than all removed.
        if not documented:
            return
        renames = self._renames(documented, specified)
        for name, fact in documented.items():
            if name in renames:
                before, id = renames[name], "param-renamed"
                yield self._change(id, owner_of(operation), name, before, name, (owner, "param", name))
                yield from self._param(owner, owner_of(operation), name, fact, *specified[before])
                continue
            if name not in specified:
                level: Level = "breaking" if fact.required else "new"
                yield self._change(
                    "param-added", owner_of(operation), name, "", fact.value, (owner, "param", name), level
                )
                continue
            yield from self._param(owner, owner_of(operation), name, fact, *specified[name])
        # By last name: nested parameters are often documented in a table of their own, without the path to them.
        # The gaps of a path are documented by the path, whether or not a table repeats them.
        known = {_leaf(name) for name in documented} | set(re.findall(r"\{(\w+)\}", owner))
        # A page that marks nothing as required often shows one sample, which need not have every optional parameter.
        marked = any(fact.required is not None for fact in documented.values())
        for name, (_, required) in specified.items():
            if (
                name in renames.values()
                or _leaf(name) in known | self._shared
                or not (marked or required)
                or _opaque(name, documented)
            ):
                continue
            yield self._change("param-removed", owner_of(operation), name)

    def _renames(self, documented: Mapping[str, Fact], specified: Iterable[str]) -> dict[str, str]:
        """Return documented name → ours, where they only differ in case, hyphens or underscores."""
        come = {name: fact for name, fact in documented.items() if name not in specified}
        gone = {name: Fact() for name in specified if name not in documented and _leaf(name) not in self._shared}
        return {after: before for before, after in renamed(gone, come).items()}

    def _param(self, owner: str, shown: str, name: str, fact: Fact, typed: Type, required: bool) -> Iterator[Change]:
        if fact.required is not None and fact.required != required:
            id = "param-became-required" if fact.required else "param-became-optional"
            yield self._change(id, shown, name, _mark(required), _mark(fact.required), (owner, "param", name))
        if fact.value and not _compatible(fact.value, typed):
            yield self._change("param-type-changed", shown, name, typed.spec, fact.value, (owner, "param", name))

    def _fields(self, owner: str, operation: Operation) -> Iterator[Change]:
        kinds = ("field", "sample")
        documented = {_leaf(k[2]): (k, f) for kind in kinds for k, f in self._docs.of(kind, owner)}
        if not documented:
            return
        paths = {k[2] for kind in kinds for k, _ in self._docs.of(kind, owner)}
        members = [(p, optional) for p, _, optional in self._spec.fields(operation) if not _opaque(p, paths)]
        specified = {_leaf(path): optional for path, _, optional in self._spec.fields(operation)}
        within = {_leaf(part) for kind in kinds for k, _ in self._docs.of(kind, owner) for part in k[2].split(".")}
        # Samples of maps have ids as keys, such as `"11111": …`; they are no fields.
        keyed = {_leaf(m) for m in documented if m.isdigit()}
        for name, (key, fact) in documented.items():
            strange = name not in specified and name not in self._envelope and name not in keyed
            if name and strange and operation.unwrap != name:
                yield self._change("response-field-added", owner_of(operation), name, "", fact.value, key)
        for name, optional in sorted({_leaf(path): optional for path, optional in members}.items()):
            # Optional fields may be documented anywhere: a shared struct has fields that some operations never return.
            if name not in within and not self._is_array(operation) and not (optional and name in self._members):
                yield self._change("response-field-removed", owner_of(operation), name)

    def _is_array(self, operation: Operation) -> bool:
        names = operation.returns.names if operation.returns else ()
        return any(self._spec.structs[name].array for name in names if name in self._spec.structs)

    def _values(self, owner: str, operation: Operation) -> Iterator[Change]:
        types = {_leaf(path): typed for path, typed, _ in self._spec.fields(operation)}
        types |= {_leaf(path): typed for path, typed, _ in self._spec.params(operation)}
        for key, _ in self._docs.of("value", owner):
            name, _, value = key[2].partition("=")
            enum = self._spec.enum_of(types[_leaf(name)]) if _leaf(name) in types else None
            ends = self._docs.facts.get(key_of_end(owner, "value", key[2]))
            if enum is not None and ends is not None:
                yield from value_end(enum, value, ends)
            if enum is None or value.lower() in {str(member.value).lower() for member in enum.members}:
                continue
            # Without one known value in the same cell, the words are probably no values of this enum.
            if any(str(m.value) == v for m in enum.members for v in self._values_of(owner, name)):
                yield self._change("enum-value-added", f"enum {enum.name}", value, "", f"{owner} {name}", key)

    def _values_of(self, owner: str, name: str) -> list[str]:
        return [k[2].partition("=")[2] for k, _ in self._docs.of("value", owner) if k[2].partition("=")[0] == name]

    def _figures(self, owner: str, operation: Operation) -> Iterator[Change]:
        stated = SpecFacts(self._spec.api)
        specified = Facts()
        stated._figures(specified, operation)
        for kind in ("limit", "weight"):
            fact, ours = self._docs.facts.get((owner, kind, "")), specified.facts.get((owner_of(operation), kind, ""))
            if fact and fact.value and ours and not _same_figures(fact.value, ours.value):
                level = level_of_figures(kind, ours.value, fact.value)
                at = (owner, kind, "")
                yield self._change("limit-changed", owner_of(operation), kind, ours.value, fact.value, at, level)

    def _end(self, owner: str, operation: Operation) -> Iterator[Change]:
        ended = self._docs.facts.get((owner, "deprecated", ""))
        if ended is not None and operation.deprecated is None:
            at = (owner, "deprecated", "")
            yield self._change("operation-deprecated", owner_of(operation), "", "", ended.value, at)
        yield from member_ends(self._spec, self._docs, owner, operation)


def _leaf(path: str) -> str:
    return path.rsplit(".", 1)[-1].removesuffix("[]")


def _opaque(path: str, documented: Iterable[str]) -> bool:
    """Whether documentation names what a member lies in, but none of the members."""
    parent = _leaf(path.rpartition(".")[0])
    leaves = {_leaf(name) for name in documented}
    return bool(parent) and parent in leaves and not any(parent in map(_leaf, n.split(".")[:-1]) for n in documented)


def _mark(required: bool) -> str:
    return "required" if required else "optional"


def _same_figures(documented: str, ours: str) -> bool:
    # Facts are as exact as the page: `10/1s ip`, `10/1s` without a scope, the weights of several cases, `1|40`, or the
    # rates of several products, of which a spec has one.
    if " " in documented:
        return documented == ours
    if "/" in documented:
        return ours.split(" ", maxsplit=1)[0] in documented.split("|")
    return set(documented.split("|")) == set(ours.split("|"))


def _compatible(documented: str, typed: Type) -> bool:
    """Whether a documented type can be ours: documentation says `String` for nearly everything."""
    word = documented.lower()
    # Only contradictions count. Numbers and enums are documented as String or Int at will, sometimes within one table.
    listed = bool(re.search(r"list|array|\[\]", word))
    if typed.kind in ("list", "map", "struct", "json"):
        return listed or bool(re.search(r"object|map|json|string", word)) or typed.kind == "json"
    if listed or word in ("object", "map"):
        return False
    return not (word.startswith("bool") and typed.kind in NUMBERS)
