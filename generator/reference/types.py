"""Decides the content of the pages of types: what they have, how to import them, and where they are used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct as Record

from generator.model.api import Api
from generator.model.types import Enum, Field, Param, Struct, Type
from generator.reference.trees import HOME, Trees
from generator.words.markdown import anchor, code, code_block, link, prose, sentence
from generator.words.phrases import quirk_words

MOST = 40
"""Links in one line of uses; a symbol's status is used by few calls, a side by all that place orders."""


class TypePage(Record, frozen=True):
    """What a template prints of a type."""

    name: str
    doc: str
    kind: str
    """What it is, in a few words."""

    what: Enum | Struct


class TypePages:
    """Prints the pages of the types of one API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._pushed = api.streams.structs if api.streams else ()
        self._trees = Trees(api)

    def pages(self) -> list[TypePage]:
        """Return all types by name."""
        enums = [TypePage(one.name, one.doc, "values", one) for one in self._api.enums]
        structs = [TypePage(one.name, one.doc, self._kind(one), one) for one in (*self._api.structs, *self._pushed)]
        return sorted([*enums, *structs], key=lambda page: page.name)

    def _kind(self, struct: Struct) -> str:
        if struct in self._pushed:
            return "pushed by streams"
        return "sent and returned" if struct.sent and struct.received else "sent" if struct.sent else "returned"

    def imports(self, page: TypePage) -> str:
        """Print how a program imports a type."""
        api, name = self._api.name, page.name
        if isinstance(page.what, Enum):
            return code_block("python", f"from venues.{api} import {name}")
        if page.what in self._pushed:
            return code_block("python", f"from venues.{api}.streams.models import {name}")
        lines = [f"from venues.{api} import {name}"] if page.what.received else []
        # Both may have the same name: the one is an object, the other a dict.
        lines += (
            [f"from venues.{api}.params import {name}" + (f" as {name}Dict" if lines else "")] if page.what.sent else []
        )
        return code_block("python", "\n".join(lines))

    def words(self, page: TypePage) -> str:
        """Say what kind of type it is to a program."""
        if isinstance(page.what, Enum):
            base = "int" if page.what.base == "integer" else "str"
            return (
                f"An enum of `{base}`. Calls also take the plain value. The exchange may add values at any time: an "
                "unknown one is returned as a member with that value."
            )
        known = "A dict with these keys, which a call takes." if page.what.sent else ""
        found = "An object that a call returns." if page.what.received else ""
        return (
            "An object that a stream pushes." if page.what in self._pushed else " ".join(filter(None, [known, found]))
        )

    def members(self, page: TypePage) -> list[str]:
        """Print the members of a struct, one line each; what has members of its own has a page of its own."""
        assert isinstance(page.what, Struct)
        if page.what.sent:
            return self._trees.keys(page.what)
        return self._trees.attributes(page.what)

    def rules(self, page: TypePage) -> list[str]:
        """Print the rules about several members of a struct that is sent."""
        return self._trees.rules(page.what) if isinstance(page.what, Struct) and page.what.sent else []

    def quirks(self, page: TypePage) -> list[str]:
        """Print the quirks of a type."""
        return [quirk_words(quirk) for quirk in page.what.quirks]

    def uses(self, page: TypePage) -> list[tuple[str, str]]:
        """Return where a type is used, by the kind of use."""
        return [(kind, _some(links)) for kind, links in self._uses.get(page.name, {}).items()]

    @cached_property
    def _uses(self) -> dict[str, dict[str, list[str]]]:
        """Type → kind of use → links."""
        found: dict[str, dict[str, list[str]]] = {}
        for name, kind, words in self._all_uses():
            links = found.setdefault(name, {}).setdefault(kind, [])
            if words not in links:
                links.append(words)
        return found

    def _all_uses(self) -> Iterator[tuple[str, str, str]]:
        for operation in self._api.operations:
            page = f"{HOME}{operation.group}/{operation.name}.md"
            yield from self._named("Parameter of", operation.full_name, page, "param", operation.params)
            for name in operation.returns.names if operation.returns else ():
                yield name, "Returned by", link(code(operation.full_name), page)
        for struct in (*self._api.structs, *self._pushed):
            kind, members = ("param", struct.params) if struct.sent else ("field", struct.fields)
            yield from self._named("Member of", struct.name, f"{struct.name}.md", kind, members)
        for channel in self._api.streams.channels if self._api.streams else ():
            page, title = f"{HOME}streams/{channel.name}.md", f"streams.{channel.name}"
            yield from self._named("Parameter of", title, page, "param", [each.param for each in channel.params])
            for name in _names(channel.types):
                yield name, "Pushed by", link(code(title), page)

    def _named(
        self, use: str, title: str, page: str, kind: str, members: Iterable[Param | Field]
    ) -> Iterator[tuple[str, str, str]]:
        for member in members:
            for name in member.type.names:
                yield name, use, link(code(f"{title}: {member.name}"), f"{page}#{anchor(kind, member.wire)}")


def _names(types: Iterable[Type]) -> list[str]:
    return list(dict.fromkeys(name for typed in types for name in typed.names))


def _some(links: list[str]) -> str:
    more = len(links) - MOST
    return ", ".join(links[:MOST]) + (f" and {more} more" if more > 0 else "")


def listed(page: TypePage) -> str:
    """Print the line of a type in the list of all types."""
    return f"- {link(code(page.name), f'types/{page.name}.md')} ({page.kind}): {prose(sentence(page.doc))}"
