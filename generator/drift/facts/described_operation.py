"""Reads one operation of an OpenAPI document: its parameters, its body and its answer, however deep."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from generator.drift.facts.deprecation import end_of, speaks_of_end
from generator.drift.facts.endings import add_ends, key_of_end
from generator.drift.facts.facts import Fact, Facts, brief
from generator.drift.facts.figures import figures_of
from generator.drift.facts.nodes import ended_values, items_of, list_of, parts_of, schema_of, values_of
from generator.drift.facts.profile import Profile
from generator.drift.pages.headers import is_signing
from generator.drift.pages.openapi import Description, Node

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


@dataclass(frozen=True)
class _Place:
    """Where a schema stands."""

    file: str
    above: tuple[str, ...] = ()
    """The references that led here, empty for what stands in the schema itself."""


class OperationReader:
    """Adds what a description states of one operation."""

    def __init__(self, described: Description, facts: Facts, owner: str, line: int) -> None:
        self._described = described
        self._facts = facts
        self._owner = owner
        self._at = Fact(file=described.file, line=line)
        self._count = 0

    def read(self, operation: dict[str, Node], shared: Node, file: str, auth: str) -> None:
        """Add the facts of an operation.

        Args:
            operation: What the document has under its method.
            shared: The parameters of all methods of its path.
            file: Where it stands.
            auth: Whether it is `signed`, or `none`; empty if the document does not say it.
        """
        summary, more = str(operation.get("summary") or ""), str(operation.get("description") or "")
        text = f"{summary} {more}".strip()
        title = summary or str(operation.get("operationId") or "")
        signed = f"{text} {operation['security']}" if "security" in operation else text
        mark = Fact(text=signed).wording
        self._add("operation", "", replace(self._at, text=text, title=title, mark=mark, shown=auth))
        if operation.get("deprecated") is True:
            self._add("deprecated", "", replace(self._at, value=end_of([text], self._owner.split(" ", 1)[1])))
        self._params([*list_of(shared), *list_of(operation.get("parameters"))], file)
        # A gap in the path must be filled, even if nothing describes it.
        for name in re.findall(r"{(\w+)}", self._owner):
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
                typed = param if "type" in param else param.get("schema") or schema_of(param.get("content"))
                text = str(param.get("description") or "")
                text += " Deprecated." * (param.get("deprecated") is True and not speaks_of_end(text))
                self._member("param", name, typed, _Place(within), required=bool(param.get("required")), text=text)

    def _is_added(self, param: dict[str, Node], name: str) -> bool:
        """Whether signing adds a parameter; most documents declare its headers at each operation."""
        signs = param.get("in") == "header" and is_signing(name)
        return signs or "x-added-by" in param or name.lower() in self._described.signing

    def _body(self, body: Node, file: str) -> None:
        found, within = self._described.resolve(body, file)
        self._members("param", schema_of(found.get("content")), _Place(within))

    def _response(self, responses: Node, file: str) -> None:
        by_status = {str(status): response for status, response in items_of(responses)}
        good = sorted(status for status in by_status if status.startswith("2")) or ["default"]
        found, within = self._described.resolve(by_status.get(good[0]), file)
        self._members("field", found.get("schema") or schema_of(found.get("content")), _Place(within))

    def _limits(self, limits: Node) -> None:
        """Read the limits that documents of this project state; others have no word for them."""
        group = self._owner.split(" ", 1)[0]
        for limit in list_of(limits):
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
        required = list_of(found.get("required"))
        for name, member in items_of(found.get("properties")):
            if not (isinstance(member, dict) and "x-added-by" in member):
                needed = name in required if kind == "param" else None
                self._member(kind, f"{path}.{name}".lstrip("."), member, below, required=needed)
        for part in parts_of(found):
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
        for value in (*values_of(found), *values_of(items)):
            self._add("value", f"{path}={value}", self._at)
        for value in (*ended_values(found), *ended_values(items)):
            self._facts.add(key_of_end(self._owner, "value", f"{path}={value}"), replace(self._at, value="deprecated"))
        self._members(kind, schema, at, path)

    def _type(self, schema: dict[str, Node], file: str, depth: int = 0) -> str:
        named = schema.get("type")
        names = [str(one) for one in named if one != "null"] if isinstance(named, list) else [str(named or "")]
        if names[:1] == ["array"] and depth < 2:
            items, within = self._described.resolve(schema.get("items"), file)
            return brief(f"array[{self._type(items, within, depth + 1)}]")
        if not any(names):
            # What is put together from others is an object, or one of several types, of which the first is taken.
            first, _ = self._described.resolve(next(iter(parts_of(schema)), None), file)
            return brief(str(first.get("type") or "object") if first or "properties" in schema else "")
        # JSON has one kind of number; the format says which are whole.
        is_whole = names[0] == "number" and str(schema.get("format", "")).startswith("int")
        return "integer" if is_whole else brief(names[0])
