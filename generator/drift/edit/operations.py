"""Writes the entry of an operation that only the documentation has."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Any

from generator.drift.compare.changes import Change
from generator.drift.compare.spec_facts import added_by_signing
from generator.drift.edit.answers import Answers, name_apart
from generator.drift.edit.costs import COUNTED, cost_of, limit_of
from generator.drift.edit.examples import example_of
from generator.drift.edit.files import SpecFiles
from generator.drift.edit.members import Members
from generator.drift.edit.paged import paging_of
from generator.drift.edit.shapes import TODO, deprecation_text, ending, leaves, spec_type, tree
from generator.drift.edit.titles import heading_of, name_of_title
from generator.drift.edit.verbs import effect_of, operation_name
from generator.drift.edit.yaml_edit import block, braced, flow, flow_list, text_node
from generator.drift.facts.facts import Fact, Facts
from generator.drift.facts.profile import Profile
from generator.drift.pages.headers import is_header
from generator.ground.naming import snake
from generator.model.api import Api
from generator.model.paging import PAGES

SIGNS = frozenset({"timestamp", "signature", "sign", "recvWindow", "apiKey"})


class NewOperation:
    """Adds operations to the group with the most similar paths."""

    def __init__(
        self,
        files: SpecFiles,
        api: Api,
        facts: Facts,
        profile: Profile,
        enums: Mapping[str, tuple[str, list[object]]] | None = None,
        titled: Container[str] = (),
    ) -> None:
        self._files = files
        self._enums = enums or {}
        self._api = api
        self._facts = facts
        self._shared = profile.shared | SIGNS | added_by_signing(api)
        self._answers = Answers(files, api, facts, {w: n for w, (n, _) in self._enums.items() if w in titled})

    def add(self, change: Change) -> bool:
        """Add an operation as far as it is documented."""
        file, sibling = self._sibling(change.owner)
        if sibling is None:
            return False
        operations = self._files.editor(file).doc["operations"]
        entry = self.entry(change.owner, sibling, {str(operation["name"]) for operation in operations})
        operations.append(block(entry))
        return True

    def _sibling(self, owner: str) -> tuple[str, Any]:  # Any: YAML
        """Find the operation whose path has most in common with a new one's."""
        path, best = owner.split(" ", 1)[1], ("", None, -1)
        for file in self._files.groups():
            for entry in self._files.editor(file).doc.get("operations") or []:
                method, other = str(entry["request"]).split(" ", 1)
                score = _shared_parts(path, other) * 2 + (method == owner.split(" ", 1)[0])
                if score > best[2]:
                    best = (file, entry, score)
        return best[0], best[1]

    def entry(
        self,
        owner: str,
        sibling: Mapping[str, Any],  # Any: YAML
        taken: set[str],
        because: str = "as in the operation with the most similar path",
    ) -> dict[str, Any]:  # Any: YAML
        """Return the entry; auth, permission and page are those of a sibling, and `because` says why.

        Without a reason, name, auth and types are asked elsewhere: a draft does so once for each group.
        """
        fact = self._facts.facts.get((owner, "operation", ""), Fact())
        name = operation_name(owner, taken, name_of_title(fact.title))
        effect, reason = effect_of(owner, name)
        params = self._params(owner)
        figures, guessed = self._figures(owner, sibling, params)
        # A draft asks once for each group what limits count, too.
        guessed = guessed if because else [text for text in guessed if text != COUNTED]
        guesses = [*(["the name (method and path)", f"auth ({because})", "the types"] if because else []), *guessed]
        guesses += [f"effect ({reason})"] if reason else []
        guesses += self._unmarked(owner)
        read = effect == "read" and owner.startswith("GET ")
        paging, by = self._paging(owner, params) if read else ({}, "")
        guesses += [by] if by else []
        entry: dict[str, Any] = {
            "name": name,
            "summary": text_node(f"{TODO}say what it does."),
            "doc": text_node(f"{TODO}check what was guessed: {'; '.join(guesses)}."),
            "request": owner,
            "auth": str(sibling["auth"]),
        }
        if not guesses:
            del entry["doc"]
        if "permission" in sibling:
            entry["permission"] = str(sibling["permission"]) if read else text_node(f"{TODO}name the permission")
        entry["effect"] = effect
        entry |= figures
        if params:
            entry["params"] = block(params)
        if paging:
            entry["paging"] = flow(paging)
        returns, response = self._answers.returns(owner, name)
        entry |= returns
        entry["example"] = block(
            {"params": flow(self._example_params(params))} | ({"response": braced(response)} if returns else {})
        )
        ended = self._facts.facts.get((owner, "deprecated", ""))
        if ended is not None:
            entry["deprecated"] = text_node(deprecation_text(ended.value))
        page = self._page_of(fact.file) or str(sibling["source"]["page"])
        entry["source"] = flow({"page": page, "heading": heading_of(fact.title) or owner})
        return entry

    def _unmarked(self, owner: str) -> list[str]:
        """Return the question which parameters are required, where a page does not say it of some."""
        stated = [(key[2], fact) for key, fact in self._facts.of("param", owner) if "." not in key[2]]
        open_ = [n for n, f in stated if f.required is None and n not in self._shared and f"{{{n}}}" not in owner]
        return (
            [f"that {', '.join(f'`{n}`' for n in open_)} may be left out (the page does not say it)"] if open_ else []
        )

    def _paging(self, owner: str, params: Mapping[str, Any]) -> tuple[dict[str, object], str]:  # Any: YAML
        """Return how a list is asked for page by page, and what of it was guessed."""
        stated = {key[2]: fact for key, fact in self._facts.of("param", owner) if key[2] in params}
        members, listed = self._answers.unwrapped(owner)
        said = self._facts.facts.get((owner, "operation", ""), Fact()).text
        paging, guessed = paging_of(stated, members, listed=listed, said=said)
        if paging or not PAGES & {wire.lower() for wire in params}:
            return paging, guessed
        return {"unsaid": f"{TODO}say how the pages are asked for, or why that is not known."}, ""

    def _page_of(self, file: str) -> str:
        """Return the page that a file or address is; empty where the spec does not list it."""
        pages = {page.name: page.url for page in self._api.pages}
        named = file.rsplit("/", 1)[-1].split(".", maxsplit=1)[0]
        return next((name for name, url in pages.items() if url == file), named if named in pages else "")

    def _figures(
        self, owner: str, sibling: Mapping[str, Any], params: Mapping[str, Any]  # Any: YAML
    ) -> tuple[dict[str, Any], list[str]]:
        """Return limit or cost, and what of them was guessed."""
        stated = self._facts.facts.get((owner, "limit", ""), Fact()).value
        limit, guessed = limit_of(stated, str((sibling.get("limit") or {}).get("by", "key")))
        buckets = [bucket.name for bucket in self._api.limits if bucket.unit == "weight"]
        weight = self._facts.facts.get((owner, "weight", ""), Fact())
        cost, asked = cost_of(weight, buckets[0], params) if buckets and not limit else ({}, "")
        return limit | cost, [text for text in (guessed, asked) if text]

    def _params(self, owner: str) -> dict[str, Any]:  # Any: YAML
        members = Members(self._files, self._api, self._facts)
        params = dict[str, Any]()
        known = {param.wire: param.type.spec for o in self._api.operations for param in o.params}
        for name, node in tree(self._facts, owner).items():
            if name in self._shared:
                continue
            more: dict[str, object] = {"required": True} if node["required"] else {}
            if f"{{{name}}}" in owner:
                more = {"required": True, "in": "path"}
            elif is_header(name):
                more |= {"in": "header"}
            params[name] = members.definition(name, node["type"], more, node.get("text", ""))
            params[name].update(ending(node))
            if name in self._enums:
                params[name]["type"], some = self._enums[name]
                if some:
                    params[name]["values"] = flow_list(some)
            elif node["members"] and not self._has(known.get(name, ""), set(leaves(node["members"]))):
                params[name]["type"] = self._build_struct(snake(name), node, members)
        for name in re.findall(r"\{(\w+)\}", owner):
            params.setdefault(name, members.definition(name, "string", {"required": True, "in": "path"}))
        name_apart(params)
        return params

    def _has(self, typed: str, names: set[str]) -> bool:
        """Whether a type that the API has elsewhere has all the members that are documented here."""
        inner = typed.rpartition("[")[2].rstrip("]")
        return bool(inner) and names <= self._answers.members(inner, set()).keys()

    def _build_struct(self, name: str, node: Mapping[str, Any], members: Members) -> str:  # Any: a node of a tree
        """Add a struct with the members of a parameter; return the parameter's type."""
        fields = dict[str, Any]()
        for wire, inner in node["members"].items():
            more: dict[str, object] = {} if inner["required"] else {"optional": True}
            fields[wire] = members.definition(wire, inner["type"], more)
            fields[wire].update(ending(inner))
            if inner["members"]:
                fields[wire]["type"] = self._build_struct(f"{name}_{snake(wire)}", inner, members)
        name_apart(fields)
        struct = self._answers.struct_name(name)
        structs = self._files.editor("types.yaml").doc.setdefault("structs", block({}))
        structs[struct] = block(
            {"doc": text_node(f"{TODO}name this struct, and describe it."), "fields": block(fields)}
        )
        return f"list[{struct}]" if spec_type(name, node["type"]).startswith("list") else struct

    def _example_params(self, params: Mapping[str, Any]) -> dict[str, object]:
        required = {name: p for name, p in params.items() if p.get("required")}
        # Of an enum that other calls take more of, the first value that this one takes.
        return {
            name: p["values"][0] if "values" in p else example_of(self._files, name, str(p["type"]))
            for name, p in required.items()
        }


def _shared_parts(path: str, other: str) -> int:
    """Count the parts with which two paths begin alike."""
    pairs = zip(path.split("/"), other.split("/"), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(path.count("/"), other.count("/")) + 1)
