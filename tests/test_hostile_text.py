"""No text of a spec becomes code, and no name of a spec leaves the output folder."""

from __future__ import annotations

import ast
import atexit
import json
import shutil
from collections.abc import Callable
from functools import cache as remembered
from itertools import cycle
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from generator.build.api import build
from generator.ground.naming import API_NAME
from generator.ground.problems import SpecError
from generator.model.api import Api
from generator.output.render import PathRefused, api_texts
from generator.output.write import OutputRefused, write
from generator.python.formatter import format_all
from generator.source import reading as read
from generator.source.folder import read_source
from generator.source.load import Map, Seq, Value
from tests.support.made import TEMPLATES, texts_of

SPECS = Path(__file__).parent / "cases" / "every_kind_of_text" / "specs"
HARMLESS = "Text"
WORST = [
    '"""', "'''", '"', "'", "\\", '\\"', "\\'", "\\N{BULLET}", "\\x", "\\u12", "{{ 7 * 7 }}", "{% raw %}", "{%", "{#", "#}",
    "{0}", "{", "}", "%s", "${HOME}", "`", "```", "\n", "\r\n", "\t", "\n\n", "\nimport os\n", "from os import \n", "import os",
    "# type: ignore", "__all__", "VENUES-DOC-1", "<script>", "-->", "|", "\x00", "\x07", "\x1b[31m", "\x7f", "\x85",
    "\u2028", "\u2029", "\u202e", "\u200b", "\ufeff", "\ue000", "\U000e0001", "\U0001f600", "買い", " ", "a", "x" * 300, "word " * 50,
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORST) | st.text(max_size=8), min_size=1, max_size=6).map("".join).filter(str.strip)
SLOW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def model(texts: list[str]) -> Api:
    """Return a model in which the free texts are these, one after the other."""
    source = read_source(SPECS, SPECS / "demo")
    turn = cycle(texts)
    for content in source.files.values():
        spoil(content, lambda: next(turn))
    for _, at in read.entries(read.mapping(source.files["api.yaml"], "signing"), "schemes"):
        for vector in read.maps(at, "vectors"):
            vector.update({key: next(turn) for key in ("text", "signature", "url", "body")})
    return build(source).api


def spoil(value: Value, hostile: Callable[[], str]) -> Value:
    """Put hostile texts in the place of harmless ones."""
    if isinstance(value, Map):
        for key in value:
            value[key] = spoil(value[key], hostile)
    elif isinstance(value, Seq):
        value[:] = [spoil(member, hostile) for member in value]
    if isinstance(value, str) and value.startswith(HARMLESS):
        return hostile()
    return value


@remembered
def code_templates() -> Path:
    """Return a tree of the templates that print code and JSON; pages are many and are not parsed here."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder)
    shutil.copytree(TEMPLATES, folder, ignore=shutil.ignore_patterns("docs", "core", "mock"), dirs_exist_ok=True)
    return folder


def outputs(texts: list[str], templates: Path | None = None) -> dict[str, str]:
    """Return what is made of the spec with these texts."""
    made = {path: text.decode() for path, text in api_texts(templates or code_templates(), model(texts), "1").items()}
    return made | format_all({path: text for path, text in made.items() if path.endswith(".py")})


def shape(path: str, text: str) -> object:
    """Return what of an output is no literal: the syntax tree without texts, or JSON without texts."""
    if path.endswith(".json"):
        return blank(json.loads(text))
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def blank(value: Any) -> Any:  # Any: JSON
    if isinstance(value, dict):
        return {key: blank(member) for key, member in value.items()}
    if isinstance(value, list):
        return [blank(member) for member in value]
    return "" if isinstance(value, str) else value


def shapes(texts: list[str]) -> dict[str, object]:
    return {path: shape(path, text) for path, text in outputs(texts).items()}


@remembered
def harmless_shapes() -> dict[str, object]:
    return shapes([HARMLESS])


@given(st.lists(TEXTS, min_size=1, max_size=12))
@example([text for text in WORST if text.strip()])
@example(['"""\nimport os\nos.abort()\n"""'])
@example(["huge " * 5000])
@example(["ends with a backslash\\"])
@example(['ends with a quote"'])
@example(["{{ api }}{% for x in y %}"])
@SLOW
def test_text_never_becomes_code(texts: list[str]) -> None:
    """Whatever the descriptions say, only literals of the output differ."""
    made = shapes(texts)
    assert harmless_shapes().keys() == made.keys()
    assert [] == [path for path, wanted in harmless_shapes().items() if wanted != made[path]]


@given(TEXTS)
@example("".join(WORST))
@SLOW
def test_text_reaches_the_docstring(text: str) -> None:
    """What a description says can be read in the docstring, whatever it says; only blanks may differ."""
    made = outputs([text])
    for path in (
        "venues/demo/rest/market.py",
        "venues/demo/models.py",
        "venues/demo/enums.py",
        "venues/demo/signing.py",
    ):
        docs = " ".join(" ".join(docstrings(made[path])).split())
        assert " ".join(text.split()) in docs


def docstrings(text: str) -> list[str]:
    """Return every text that stands alone as a statement."""
    nodes = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Expr)]
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def test_pages_are_made_of_the_worst_text() -> None:
    """The reference pages, too, can be printed whatever the descriptions say."""
    worst = [text for text in WORST if text.strip()]
    assert outputs([HARMLESS], TEMPLATES).keys() == outputs(worst, TEMPLATES).keys()


def test_control_characters_are_seen_in_the_source() -> None:
    """A mark that would turn the reading direction stands in the source as an escape, not as itself."""
    made = outputs(["a\u202eb\u200bc\x1bd\u2028e"])
    strange = "\u202e\u200b\x1b\u2028"
    assert [] == [path for path, text in made.items() if path.endswith(".py") and set(strange) & set(text)]


NAMES = st.text(st.characters(exclude_characters="/\x00", exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(NAMES.filter(lambda name: name not in (".", "..")))
@example("fine")
@example("..\\..")
@example("...")
@example("~")
@example("-rf")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_hostile_names_of_files_are_refused(tmp_path: Path, cache: Path, name: str) -> None:
    """Only a name in snake case makes files, whatever a folder or a group's file is called; no path leads outside."""
    for folder, group in ((name, "market"), ("demo", name)):
        shutil.rmtree(tmp_path / "specs", ignore_errors=True)
        rest = tmp_path / "specs" / folder / "rest"
        shutil.copytree(SPECS / "demo", rest.parent)
        (rest / "market.yaml").rename(rest / f"{group}.yaml")
        try:
            made = texts_of(tmp_path / "specs", cache)
        except SpecError:
            continue
        assert API_NAME.fullmatch(name)
        assert [] == [path for path in made if ".." in Path(path).parts or Path(path).is_absolute()]


@pytest.mark.parametrize("name", ["../../evil", "../evil", "a/../../b", "evil\n", "\u202eevil"])
def test_renderer_refuses_paths_outside(tmp_path: Path, name: str) -> None:
    """Even a name that was never checked makes no path outside the output folder."""
    (tmp_path / "{api}").mkdir()
    (tmp_path / "{api}" / "{group}.txt.j2").write_text("harmless")
    api = model([HARMLESS])
    wrong = replace(api, groups=(replace(api.groups[0], name=name),))
    with pytest.raises(PathRefused):
        api_texts(tmp_path, wrong, "1")


@pytest.mark.parametrize("path", ["../evil", "/evil", "a/../../evil", "linked/evil"])
def test_writer_refuses_paths_outside(tmp_path: Path, path: str) -> None:
    """The writer follows neither dots nor links out of the output folder, and then writes nothing at all."""
    output, elsewhere = tmp_path / "output", tmp_path / "elsewhere"
    write({"fine": b"before"}, output)
    elsewhere.mkdir()
    (output / "linked").symlink_to(elsewhere)
    with pytest.raises(OutputRefused, match="would lie outside"):
        write({"fine": b"after", path: b""}, output)
    expected = [elsewhere, output, output / ".manifest", output / "fine", output / "linked"]
    assert expected == sorted(tmp_path.rglob("*"))
    assert b"before" == (output / "fine").read_bytes()
