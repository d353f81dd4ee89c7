"""Reads the facts of an OpenAPI or Swagger document, which states them without prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from generator.drift.facts.deprecation import end_of, speaks_of_end
from generator.drift.facts.described_rules import add_rules
from generator.drift.facts.endings import add_ends, key_of_end
from generator.drift.facts.facts import Fact, Facts, brief
from generator.drift.facts.figures import figures_of
from generator.drift.facts.profile import Profile
from generator.drift.facts.sections import bracketed
from generator.drift.pages.headers import is_signing
from generator.drift.pages.openapi import Description, Node

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
BODIES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
PLACES = ("query", "path", "formData", "header")
BOUNDS = (
    "format",
    "default",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "pattern",
    "unit",
)
"""What a schema says of its values, beside its words."""
DEPTH = 12  # schemas in schemas: an object, its list, what that refers to
MOST = 5000  # schemas of one operation; a description in which everything leads to everything has no end


def described_facts(described: Description, profile: Profile) -> Facts:
    """Return everything that a description states of operations, types, addresses and codes."""
    facts = Facts()
    _Reader(described, facts, profile).read()
    for target in dict.fromkeys(described.lost):
        facts.note(described.file, 1, f"the reference `{target[:100]}` leads nowhere")
    return facts


class _Reader:
    def __init__(self, described: Description, facts: Facts, profile: Profile) -> None:
        self._described = described
        self._facts = facts
        self._profile = profile
        self._root: dict[str, Node] = described.root if isinstance(described.root, dict) else {}

    def read(self) -> None:
        add_rules(self._described, self._facts)
        base = str(self._root.get("basePath") or "").rstrip("/")
        for path, item in _items(self._root.get("paths")):
            found, file = self._described.resolve(item)
            for method in METHODS:
                if isinstance(found.get(method), dict):
                    owner = f"{method.upper()} {bracketed(base + path)}"
                    one = _Operation(self._described, self._facts, owner, self._described.line_of(path))
                    one.read(found[method], found.get("parameters"), file, self._auth_of(found[method]))
                    one.read_figures(str(found[method].get("description") or ""), self._profile)
        self._enums()
        for code, entry in _items(self._root.get("x-error-codes")):
            message = str(entry.get("message", "")) if isinstance(entry, dict) else ""
            self._facts.add(("errors", "code", str(code)), Fact(text=message, file=self._described.file, line=1))

    def _auth_of(self, operation: dict[str, Node]) -> str:
        """Return whether a call is `signed` or `none`, as the document says; empty if it says so of no call."""
        needed = operation.get("security", self._root.get("security"))
        return ("signed" if any(_list(needed)) else "none") if self._is_secured else ""

    @cached_property
    def _is_secured(self) -> bool:
        """Whether the document says of some calls what secures them."""
        items = (self._described.resolve(item)[0] for _, item in _items(self._root.get("paths")))
        calls = [item[method] for item in items for method in METHODS if isinstance(item.get(method), dict)]
        return any(_list(each.get("security")) for each in (self._root, *calls))

    def _enums(self) -> None:
        components, _ = self._described.resolve(self._root.get("components") or {})
        for name, schema in (*_items(components.get("schemas")), *_items(self._root.get("definitions"))):
            found, _ = self._described.resolve(schema)
            for value in _values(found):
                self._facts.add((f"enum {brief(name)}", "value", value), Fact(file=self._described.file, line=1))
            for value in _ended(found):
                end = Fact("deprecated", file=self._described.file, line=1)
                self._facts.add(key_of_end(f"enum {brief(name)}", "value", value), end)


@dataclass(frozen=True)
class _Place:
    """Where a schema stands."""

    file: str
    above: tuple[str, ...] = ()
    """The references that led here, empty for what stands in the schema itself."""


class _Operation:
    """Reads one operation."""

    def __init__(self, described: Description, facts: Facts, owner: str, line: int) -> None:
        self._described = described
        self._facts = facts
        self._owner = owner
        self._at = Fact(file=described.file, line=line)
        self._count = 0

    def read(self, operation: dict[str, Node], shared: Node, file: str, auth: str) -> None:
        summary, more = str(operation.get("summary") or ""), str(operation.get("description") or "")
        text = f"{summary} {more}".strip()
        title = summary or str(operation.get("operationId") or "")
        signed = f"{text} {operation['security']}" if "security" in operation else text
        mark = Fact(text=signed).wording
        self._add("operation", "", replace(self._at, text=text, title=title, mark=mark, shown=auth))
        if operation.get("deprecated") is True:
            self._add("deprecated", "", replace(self._at, value=end_of([text], self._owner.split(" ", 1)[1])))
        self._params([*_list(shared), *_list(operation.get("parameters"))], file)
        for name in re.findall(
            r"{(\w+)}", self._owner
        ):  # a gap in the path must be filled, even if nothing describes it
            self._add("param", name, replace(self._at, value="string", required=True))
        self._body(operation.get("requestBody"), file)
        self._response(operation.get("responses"), file)
        self._limits(operation.get("x-rate-limit"))

    def read_figures(self, text: str, profile: Profile) -> None:
        """Read the limits and weights that lines of a text state."""
        for line in text.split("\n"):
            if figures := figures_of(line.strip("*-` "), profile):
                self._add(figures[0], "", replace(self._at, value=figures[1], shown=line))

    def _add(self, kind: str, name: str, fact: Fact) -> None:
        self._facts.add((self._owner, kind, name), fact)

    def _params(self, params: Iterable[Node], file: str) -> None:
        for each in params:
            param, within = self._described.resolve(each, file)
            name, place = str(param.get("name") or ""), param.get("in")
            if place == "body":
                self._members("param", param.get("schema"), _Place(within))
            # What signing adds, callers do not give.
            elif name and place in PLACES and not self._is_added(param, name):
                typed = param if "type" in param else param.get("schema") or _schema_of(param.get("content"))
                text = str(param.get("description") or "")
                text += " Deprecated." * (param.get("deprecated") is True and not speaks_of_end(text))
                self._member("param", name, typed, _Place(within), required=bool(param.get("required")), text=text)

    def _is_added(self, param: dict[str, Node], name: str) -> bool:
        """Whether signing adds a parameter; most documents declare its headers at each operation."""
        signs = param.get("in") == "header" and is_signing(name)
        return signs or "x-added-by" in param or name.lower() in self._described.signing

    def _body(self, body: Node, file: str) -> None:
        found, within = self._described.resolve(body, file)
        self._members("param", _schema_of(found.get("content")), _Place(within))

    def _response(self, responses: Node, file: str) -> None:
        by_status = {str(status): response for status, response in _items(responses)}
        good = sorted(status for status in by_status if status.startswith("2")) or ["default"]
        found, within = self._described.resolve(by_status.get(good[0]), file)
        self._members("field", found.get("schema") or _schema_of(found.get("content")), _Place(within))

    def _limits(self, limits: Node) -> None:
        """Read the limits that documents of this project state; others have no word for them."""
        group = self._owner.split(" ", 1)[0]
        for limit in _list(limits):
            if isinstance(limit, dict) and group and "calls" in limit and "." in str(limit.get("bucket", "")):
                self._add(
                    "limit", "", replace(self._at, value=f"{limit['calls']}/{limit.get('per')} {limit.get('by')}")
                )

    def _members(self, kind: str, schema: Node, at: _Place, path: str = "") -> None:
        """Read the members of an object, or of the objects in a list."""
        found, below = self._enter(schema, at)
        if not found:
            return
        if "items" in found:
            self._members(kind, found["items"], below, f"{path}[]")
        if isinstance(found.get("additionalProperties"), dict):
            self._members(kind, found["additionalProperties"], below, f"{path}.*")
        required = _list(found.get("required"))
        for name, member in _items(found.get("properties")):
            if not (isinstance(member, dict) and "x-added-by" in member):
                needed = name in required if kind == "param" else None
                self._member(kind, f"{path}.{name}".lstrip("."), member, below, required=needed)
        for part in _parts(found):
            self._members(kind, part, below, path)

    def _enter(self, schema: Node, at: _Place) -> tuple[dict[str, Node], _Place]:
        """Return a schema, and the place of what is in it; nothing where it lies within itself, or too deep."""
        target = str(schema.get("$ref", "")) if isinstance(schema, dict) else ""
        self._count += 1
        if self._count > MOST or len(at.above) > DEPTH or (target and target in at.above):
            return {}, at
        found, file = self._described.resolve(schema, at.file)
        return found, _Place(file, (*at.above, target))

    def _member(self, kind: str, path: str, schema: Node, at: _Place, *, required: bool | None, text: str = "") -> None:
        found, file = self._described.resolve(schema, at.file)
        if "contentSchema" in found:
            # JSON within a text, as in forms: what counts is what the text says.
            text, schema = text or str(found.get("description") or ""), found["contentSchema"]
            found, file = self._described.resolve(schema, file)
        typed = self._type(found, file)
        said = text or str(found.get("description") or "")
        said += " Deprecated." * (found.get("deprecated") is True and not speaks_of_end(said))
        bounds = " ".join(f"{word} {found[word]}" for word in BOUNDS if word in found)
        mark = Fact(text=f"{said} {bounds}").wording
        self._add(kind, path, replace(self._at, value=typed, required=required, text=said, mark=mark))
        add_ends(self._facts, (self._owner, kind, path), said, (), self._at)
        if kind == "field":
            self._facts.samples.setdefault(self._owner, []).append((path, typed, str(found.get("example") or "")))
        items, _ = self._described.resolve(found.get("items"), file)
        for value in (*_values(found), *_values(items)):
            self._add("value", f"{path}={value}", self._at)
        for value in (*_ended(found), *_ended(items)):
            self._facts.add(key_of_end(self._owner, "value", f"{path}={value}"), replace(self._at, value="deprecated"))
        self._members(kind, schema, at, path)

    def _type(self, schema: dict[str, Node], file: str, depth: int = 0) -> str:
        named = schema.get("type")
        names = [str(one) for one in named if one != "null"] if isinstance(named, list) else [str(named or "")]
        if names[:1] == ["array"] and depth < 2:
            items, within = self._described.resolve(schema.get("items"), file)
            return brief(f"array[{self._type(items, within, depth + 1)}]")
        if not any(names):
            # What is put together from others is an object, or one of several types, of which the first is told.
            first, _ = self._described.resolve(next(iter(_parts(schema)), None), file)
            return brief(str(first.get("type") or "object") if first or "properties" in schema else "")
        # JSON has one kind of number; the format says which are whole.
        is_whole = names[0] == "number" and str(schema.get("format", "")).startswith("int")
        return "integer" if is_whole else brief(names[0])


def _parts(schema: dict[str, Node]) -> list[Node]:
    """Return the schemas that one is put together from, or may be one of."""
    return [part for together in ("allOf", "oneOf", "anyOf") for part in _list(schema.get(together))]


def _items(node: Node) -> Iterator[tuple[str, Any]]:
    return ((str(key), value) for key, value in node.items()) if isinstance(node, dict) else iter(())


def _list(node: Node) -> list[Any]:
    return node if isinstance(node, list) else []


def _values(schema: dict[str, Node]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(brief(str(value)) for value in _list(schema.get("enum")) if value is not None))


def _ended(schema: dict[str, Node]) -> list[str]:
    """Return the values of an enumeration that a schema marks as deprecated, as documents of this project do."""
    return [brief(str(value)) for value in _list(schema.get("x-deprecated-values"))]


def _schema_of(content: Node) -> Node:
    """Return the schema of a body: JSON if there is one."""
    kinds = dict(_items(content))
    chosen = next((kinds[kind] for kind in BODIES if kind in kinds), next(iter(kinds.values()), None))
    return chosen.get("schema") if isinstance(chosen, dict) else None
