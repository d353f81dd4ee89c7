"""What a template says in its first line of the prose that it prints, and what is made anew after another word."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace

from generator.ground.tree import ROOT, source_folders
from generator.model.api import Api
from generator.model.channels import Channel
from generator.model.documentation import Quirk
from generator.model.operations import Operation
from generator.model.types import Enum, Field, Param, Struct
from generator.output.grounds import Grounds, prose_of
from generator.output.render import api_texts
from generator.pipeline.validate import model_of
from generator.source.folder import read_source
from tests.support.made import TEMPLATES, texts_of

SPECS = ROOT / "specs"
NAMES = [folder.name for folder in source_folders(SPECS)]
One = TypeVar("One", Field, Param)


@once
def real(name: str) -> Api:
    """Return the model of an API."""
    return model_of(read_source(SPECS, SPECS / name), SPECS)


@dataclass
class Rewording:
    """Says some things of an API in other words."""

    of: Callable[[object], bool]
    """Whether a thing is said in other words."""

    def __call__(self, api: Api) -> Api:
        """Return the API in other words."""
        groups = tuple(replace(g, operations=tuple(map(self._operation, g.operations))) for g in api.groups)
        streams = api.streams and replace(
            api.streams,
            channels=tuple(map(self._channel, api.streams.channels)),
            structs=tuple(map(self._struct, api.streams.structs)),
        )
        enums, structs = tuple(map(self._enum, api.enums)), tuple(map(self._struct, api.structs))
        return replace(api, groups=groups, streams=streams, enums=enums, structs=structs)

    def _operation(self, one: Operation) -> Operation:
        if not self.of(one):
            return one
        params = tuple(map(member, one.params))
        return replace(
            one, summary=other(one.summary), doc=one.doc and other(one.doc), quirks=odd(one.quirks), params=params
        )

    def _channel(self, one: Channel) -> Channel:
        if not self.of(one):
            return one
        return replace(one, summary=other(one.summary), doc=one.doc and other(one.doc), quirks=odd(one.quirks))

    def _struct(self, one: Struct) -> Struct:
        if not self.of(one):
            return one
        fields, params = tuple(map(member, one.fields)), tuple(map(member, one.params))
        return replace(one, doc=other(one.doc), quirks=odd(one.quirks), fields=fields, params=params)

    def _enum(self, one: Enum) -> Enum:
        if not self.of(one):
            return one
        members = tuple(replace(each, doc=other(each.doc)) for each in one.members)
        return replace(one, doc=other(one.doc), quirks=odd(one.quirks), members=members)


def other(text: str) -> str:
    """Return other words."""
    return f"{text} Said otherwise."


def member(one: One) -> One:
    """Describe a member or parameter in other words."""
    return replace(one, doc=other(one.doc))


def odd(quirks: tuple[Quirk, ...]) -> tuple[Quirk, ...]:
    """Tell quirks in other words."""
    return tuple(replace(quirk, what=other(quirk.what), why=other(quirk.why)) for quirk in quirks)


def some(seed: int) -> Callable[[object], bool]:
    """Choose every other thing, by chance."""
    chance = Random(seed)
    return lambda _: chance.random() < 0.5


WHAT: dict[str, Callable[[object], bool]] = {
    "operations": lambda one: isinstance(one, Operation),
    "types": lambda one: isinstance(one, (Enum, Struct)),
    "channels": lambda one: isinstance(one, Channel),
    "some": some(1),
    "others": some(2),
}


@dataclass
class Printed:
    """The pages of an API, and what each was made from."""

    texts: dict[str, bytes]
    made_from: dict[str, str]


def printed(api: Api) -> Printed:
    """Print all pages."""
    grounds, made_from = Grounds(api, ""), dict[str, str]()

    def noted(path: str, template: str, about: dict[str, Any]) -> bool:
        made_from[path] = grounds.of(prose_of(TEMPLATES, template), about)
        return True

    return Printed(api_texts(TEMPLATES, api, "0", wanted=noted), made_from)


@pytest.fixture(scope="module", params=NAMES)
def pages(request: pytest.FixtureRequest) -> tuple[Api, Printed]:
    """An API and its pages."""
    api = real(request.param)
    return api, printed(api)


@pytest.mark.parametrize("what", WHAT)
def test_pages_made_from_the_same_are_the_same(pages: tuple[Api, Printed], what: str) -> None:
    """Whatever is said in other words, a page that says to be made of the same prints the same."""
    api, before = pages
    after = printed(Rewording(WHAT[what])(api))
    same = [path for path, made_from in after.made_from.items() if before.made_from[path] == made_from]
    assert same
    assert [] == [path for path in same if before.texts.get(path) != after.texts.get(path)]


def templates() -> Iterator[str]:
    """Yield our templates that are about one API."""
    return (path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.j2") if "{api}" in str(path))


def test_words_of_first_lines_are_known() -> None:
    """No template says something of its prose that nobody understands, which would count as anything."""
    known = {"operation", "group", "channel", "type", "channels", "types", "nothing", "anything"}
    assert set() == {word for name in templates() for word in prose_of(TEMPLATES, name)} - known


def test_another_summary_prints_few_pages_anew() -> None:
    """Of the pages of the largest API, another summary of one operation changes what 11 were made from, at most."""
    api = real("bybit")
    chosen = api.operations[-1]
    one, two = printed(api).made_from, printed(Rewording(lambda each: each is chosen)(api)).made_from
    assert 4 <= sum(one[path] != made_from for path, made_from in two.items()) <= 11


def test_template_that_says_nothing_may_print_anything(tmp_path: Path) -> None:
    """A page of somebody's own template is made anew after any edit, whatever its path says that it is about."""
    (tmp_path / "page.md.j2").write_text("{% for each in api.operations %}{{ each.summary }}{% endfor %}")
    api = real("sixmm")
    first, last = api.operations[0], api.operations[-1]
    about = {"operation": first, "group": api.groups[0]}
    said = prose_of(tmp_path, "page.md.j2")
    reworded = Rewording(lambda each: each is last)(api)
    assert Grounds(api, "").of(said, about) != Grounds(reworded, "").of(said, about)


@pytest.mark.parametrize("said", [("operation",), ("colours",), ("anything",)])
def test_what_is_not_understood_counts_as_anything(said: tuple[str, ...]) -> None:
    """A template that names what its page is not about, or what there is not, is printed anew after any edit."""
    api = real("sixmm")
    last = api.operations[-1]
    reworded = Rewording(lambda each: each is last)(api)
    assert Grounds(api, "").of(said, {}) != Grounds(reworded, "").of(said, {})


EVERY_KIND = Path(__file__).parent / "cases" / "every_kind_of_text" / "specs"
STEP = 6
"""How many texts are left as they are between two that are edited."""


def test_edits_one_after_the_other_leave_what_a_first_run_prints(tmp_path: Path) -> None:
    """Whatever kind of text is edited, what is taken from the last output is what would be printed anew."""
    shutil.copytree(EVERY_KIND, tmp_path / "specs")
    files = sorted((tmp_path / "specs" / "demo").rglob("*.yaml"))
    places = [(path, at.start()) for path in files for at in re.finditer(r"\bText (about|with)\b", path.read_text())]
    warm, full = tmp_path / "warm", tmp_path / "full"
    texts_of(tmp_path / "specs", warm)
    for path, at in places[::STEP]:
        text = path.read_text()
        path.write_text(f"{text[:at]}Word{text[at + 4:]}")
        shutil.rmtree(full / "pages", ignore_errors=True)
        assert texts_of(tmp_path / "specs", full) == texts_of(tmp_path / "specs", warm), (path, at)
