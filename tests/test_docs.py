"""The reference pages: complete, linked, harmless, and with samples that hold."""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from generator.ground.tree import ROOT
from generator.model.api import Api
from generator.model.types import Field, Param, Type
from generator.words.markdown import anchor
from tests.support.docs import DOCS, OPERATION_PAGES, PAGES, STREAM_PAGES, TYPE_PAGES, Page
from tests.support.specs import models
from tests.support.waiting import PATIENCE
from venues.mock import Mock

MODELS = models()
NEEDS_SHELL = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl")), reason="curl and openssl are not installed"
)


def named(value: object) -> str:
    return value.name if isinstance(value, (Api, Page)) else str(value)


each_api = pytest.mark.parametrize("api", MODELS, ids=named)
FOLDERS = sorted({page.api for page in PAGES})
each_folder = pytest.mark.parametrize("folder", FOLDERS)
each_stream = pytest.mark.parametrize("page", STREAM_PAGES, ids=named)
each_operation = pytest.mark.parametrize("page", OPERATION_PAGES, ids=named)


@pytest.fixture(scope="module")
def mocks() -> Iterator[dict[str, Mock]]:
    """One mock exchange an API."""
    with ExitStack() as stack:
        yield {api.name: stack.enter_context(Mock(api.name, remembers=False)) for api in MODELS}


def page_at(*parts: str) -> Page:
    return Page(DOCS.joinpath(*parts))


@cache
def anchors_of(path: Path) -> frozenset[str]:
    """The places of a page, to which many others link."""
    return frozenset(Page(path).anchors())


@each_folder
def test_links_lead_somewhere(folder: str) -> None:
    """Every link within the reference leads to a page and a place that exist."""
    for page in PAGES:
        inner = [target for target in page.links() if not target.startswith("https://")] if page.api == folder else []
        for target in inner:
            path, _, place = target.partition("#")
            led = (page.path.parent / path).resolve() if path else page.path
            assert led.is_file(), (page.name, target)
            assert not place or place in anchors_of(led), (page.name, target)


@each_folder
def test_anchors_are_unique(folder: str) -> None:
    """A deep link has one place to lead to."""
    places = Counter((page.name, anchor) for page in PAGES if page.api == folder for anchor in page.anchors())
    assert [] == [place for place, times in places.items() if times > 1]


@each_api
def test_every_operation_has_a_page(api: Api) -> None:
    """Every operation has a page with its method and path, and no page is left of one that is gone."""
    expected = {f"{api.name}/{o.group}/{o.name}.md": f"{o.method} {o.path}" for o in api.operations}
    found = {page.name: page.blocks("http")[0] for page in OPERATION_PAGES if page.api == api.name}
    assert expected == found


@each_api
def test_every_parameter_and_field_has_an_anchor(api: Api) -> None:
    """Whatever is sent or answered can be linked to, however deep it lies."""
    for operation in api.operations:
        anchors = set(page_at(api.name, operation.group, f"{operation.name}.md").anchors())
        expected = set(param_places(api, operation.params, ())) | set(field_places(api, operation.returns, ()))
        assert set() == expected - anchors


@each_api
def test_whatever_streams_take_and_push_has_an_anchor(api: Api) -> None:
    """Parameters of channels and members of pushes can be linked to, too."""
    structs = (*api.structs, *(api.streams.structs if api.streams else ()))
    for channel in api.streams.channels if api.streams else ():
        anchors = set(page_at(api.name, "streams", f"{channel.name}.md").anchors())
        expected = {anchor("param", each.wire) for each in channel.params}
        for typed in channel.types:
            struct = struct_of(replace(api, structs=structs), typed)
            expected |= {anchor("field", struct.name, field.wire) for field in struct.fields} if struct else set()
        assert set() == expected - anchors


def param_places(api: Api, params: tuple[Param, ...], above: tuple[str, ...]) -> Iterator[str]:
    for param in params:
        yield anchor("param", *above, param.wire)
        inner = struct_of(api, param.type)
        if inner is not None and len(above) < 3:
            yield from param_places(api, inner.params, (*above, param.wire))


def field_places(api: Api, typed: Type | None, above: tuple[str, ...]) -> Iterator[str]:
    struct = struct_of(api, typed)
    fields: tuple[Field, ...] = struct.fields if struct is not None and len(above) < 3 else ()
    for field in fields:
        yield anchor("field", *above, field.wire)
        yield from field_places(api, field.type, (*above, field.wire))


def struct_of(api: Api, typed: Type | None) -> Any:
    while typed is not None and typed.item is not None:
        typed = typed.item
    return next((s for s in api.structs if typed is not None and s.name == typed.name), None)


@each_api
def test_every_enum_value_has_an_anchor(api: Api) -> None:
    """Enums have a page, on which their values can be linked to."""
    for enum in api.enums:
        expected = {anchor("value", member.value) for member in enum.members}
        assert set() == expected - set(page_at(api.name, "types", f"{enum.name}.md").anchors())


@each_api
def test_every_type_has_a_page(api: Api) -> None:
    """Whatever is taken, returned or pushed has a page with its members, and no page is left of a type that is gone."""
    structs = (*api.structs, *(api.streams.structs if api.streams else ()))
    names = {enum.name for enum in api.enums} | {struct.name for struct in structs}
    assert names == {p.path.stem for p in TYPE_PAGES if p.api == api.name}
    for struct in structs:
        kind = "param" if struct.sent else "field"
        anchors = set(page_at(api.name, "types", f"{struct.name}.md").anchors())
        assert set() == {anchor(kind, field.wire) for field in struct.fields} - anchors


@each_api
def test_types_are_imported_as_their_pages_say(api: Api) -> None:
    """Whoever copies an import gets what the page is about."""
    for page in TYPE_PAGES:
        if page.api == api.name:
            names: dict[str, Any] = {}
            exec("\n".join(page.blocks("python")), names)
            assert page.path.stem in {getattr(one, "__name__", "") for one in names.values()}, page.name


@each_api
def test_types_lead_to_their_uses(api: Api) -> None:
    """The page of a type leads to each call that takes or returns it, unless there are very many."""
    for operation in api.operations:
        types = [param.type for param in operation.params] + ([operation.returns] if operation.returns else [])
        for name in {name for typed in types for name in typed.names}:
            text = page_at(api.name, "types", f"{name}.md").text
            assert f"](../{operation.group}/{operation.name}.md" in text or " more" in text, (name, operation.full_name)


@each_api
def test_every_code_has_a_row_with_kind_and_outcome(api: Api) -> None:
    """Codes can be linked to, and their rows say what they mean and what they leave open."""
    text = page_at(api.name, "errors.md").text
    for error in api.errors:
        row = next(line for line in text.splitlines() if f'<a id="{anchor("code", error.code)}"></a>' in line)
        outcome = "done" if error.kind == "Success" else "unknown" if error.unknown else "rejected"
        assert (f"`{error.kind}`", outcome) == (row.split(" | ")[1], row.removesuffix(" |").split(" | ")[-1])


@each_operation
def test_page_has_every_part(page: Page) -> None:
    """A reader finds the same parts on every page, in the same order: what to write comes first."""
    headings = re.findall(r"^## (.+)$", page.prose, re.MULTILINE)
    assert ["Example", "Parameters", "Response", "Errors", "Limits and cost", "Source"] == [
        h for h in headings if h not in ("Unknown outcome", "Related", "Quirks")
    ]
    assert page.text.index("```pyi") < page.text.index("## Example")


@each_operation
def test_samples_are_in_every_language(page: Page) -> None:
    """Every page has at least one program with either client, and one for the shell; no two have the same name."""
    tabs = re.findall(r'^=== "(.+)"$', page.text, re.MULTILINE)
    assert ["Async", "Shell"] == tabs[-2:]
    assert len(tabs) == len(set(tabs)) >= 3


@each_api
def test_the_first_order_is_a_limit_order(api: Api) -> None:
    """Where a parameter says the kind of order, the first sample places the kind that most people place."""
    for page in OPERATION_PAGES:
        names = re.findall(r"(\w+)=OrderType\.", page.blocks("python")[0])
        if page.api == api.name and page.name.endswith("/place_order.md") and names:
            assert "LIMIT" in page.blocks("python")[0], page.name


@each_operation
def test_signatures_are_those_of_the_client(page: Page) -> None:
    """What a page shows as the signature is what Python says of the method, but for what it says to leave out."""
    group, name = page.path.parts[-2:]
    made = importlib.import_module(f"venues.{page.api}.rest.{group}")
    holder = next(one for key, one in vars(made).items() if hasattr(one, name[:-3]) and not key.startswith("Async"))
    expected = inspect.signature(getattr(holder, name[:-3]))
    (shown,) = page.blocks("pyi")
    found = ast.parse(shown).body[0]
    assert isinstance(found, ast.FunctionDef)
    given = {one.arg: ast.unparse(one.annotation) for one in found.args.kwonlyargs if one.annotation}
    required = {
        one.arg for one, value in zip(found.args.kwonlyargs, found.args.kw_defaults, strict=True) if value is None
    }
    known = {n: str(p.annotation) for n, p in expected.parameters.items() if n != "self"}
    assert given.items() <= known.items()
    assert required == {n for n, p in expected.parameters.items() if n != "self" and p.default is p.empty}
    assert "# and" in shown or given.keys() == known.keys()
    assert found.returns is not None
    assert ast.unparse(found.returns) == expected.return_annotation


LISTS = [DOCS / "llms.txt", *sorted(DOCS.glob("*/llms.txt"))]
SMALL = 30_000
"""Bytes of an index that fits beside a question."""


def linked(path: Path) -> list[Path]:
    """Return the files that a list of pages links to."""
    return [(path.parent / target).resolve() for target in re.findall(r"\]\(([^)]+)\)", path.read_text("utf-8"))]


def test_llms_txt_lists_every_page() -> None:
    """A machine that reads llms.txt, and then the list of an API, finds the Markdown of every page."""
    assert {path.resolve() for path in LISTS[1:]} <= set(linked(LISTS[0]))
    listed = {found for path in LISTS for found in linked(path)}
    assert {page.path.resolve() for page in PAGES} == {path for path in listed if path.suffix == ".md"}


def test_links_of_llms_txt_lead_somewhere() -> None:
    """The pages and documents that the lists name are there."""
    assert [] == [str(target) for path in LISTS for target in linked(path) if not target.is_file()]


def test_llms_txt_is_small_and_goes_by_task() -> None:
    """The first list fits beside a question, and leads from a task to the call of each API that does it."""
    text = LISTS[0].read_text("utf-8")
    assert len(text.encode()) < SMALL
    line = next(line for line in text.splitlines() if line.startswith("- Place an order:"))
    assert {f"[{api.name}]" for api in MODELS} == set(re.findall(r"\[\w+\]", line))


def test_python_samples_type_check(tmp_path: Path) -> None:
    """Every Python sample passes mypy --strict."""
    # Imports of types are run instead, which is much faster for so many.
    for number, page in enumerate(page for page in PAGES if page not in TYPE_PAGES):
        for index, sample in enumerate(page.blocks("python")):
            (tmp_path / f"sample_{number}_{index}.py").write_text(f"# {page.name}\n{sample}\n", "utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(ROOT / "pyproject.toml"), str(tmp_path)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout[-4000:]


def test_python_samples_are_tidy() -> None:
    """A sample's imports stand as in a file of its reader's own: those of Python first, then a blank line."""
    samples = [sample for page in PAGES for sample in page.blocks("python")]
    assert [] == [one for one in samples if re.search(r"^(import|from) (?!venues).*\nfrom venues", one, re.MULTILINE)]


def test_one_is_not_several() -> None:
    """No page, and no line of llms.txt, speaks of 1 members or 1 operations."""
    texts = [path.read_text("utf-8") for path in (*DOCS.rglob("*.md"), DOCS / "llms.txt")]
    assert set() == {found for text in texts for found in re.findall(r"\b1 (?:members|characters|operations)\b", text)}


@each_operation
def test_python_samples_run(page: Page, mocks: dict[str, Mock], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Python sample runs against the mock exchange, which accepts its call."""
    mock = mocks[page.api]
    given(monkeypatch, page.api, mock)
    for sample in page.blocks("python"):
        before = len(mock.requests)
        run(directed(sample, mock))
        assert ["accepted"] == [request.verdict for request in mock.requests[before:]], sample


@each_api
@pytest.mark.parametrize("name", ["authentication.md", "instruments.md", "mock.md"])
def test_samples_of_overviews_run(api: Api, name: str, mocks: dict[str, Mock], monkeypatch: pytest.MonkeyPatch) -> None:
    """Samples about an API as a whole run against its mock exchange, and print something."""
    given(monkeypatch, api.name, mocks[api.name])
    for sample in page_at(api.name, name).blocks("python"):
        told: list[object] = []
        run(directed(sample, mocks[api.name]), told)
        assert [] != told, sample


@each_stream
def test_stream_samples_run(page: Page, mocks: dict[str, Mock], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sample of a stream runs against the mock exchange, and prints what is pushed."""
    given(monkeypatch, page.api, mocks[page.api])
    for sample in page.blocks("python"):
        told: list[object] = []
        run(directed(sample, mocks[page.api]), told)
        assert [] != told, sample


@each_api
def test_samples_of_order_books_run(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an API has order books, their sample runs against its mock exchange, and prints the best levels."""
    with Mock(api.name, remembers=False) as mock:
        given(monkeypatch, api.name, mock)
        for sample in page_at(api.name, "streams", "index.md").blocks("python") if api.streams else ():
            told: list[object] = []
            run(directed(sample, mock), told)
            assert [] != told, sample


@each_stream
def test_stream_page_has_every_part(page: Page) -> None:
    """A reader of a stream's page finds parameters, both samples, the frames and the payload."""
    headings = [h.partition(" of ")[0] for h in re.findall(r"^## (.+)$", page.prose, re.MULTILINE)]
    assert ["Parameters", "Example", "Frames", "Payload"] == list(dict.fromkeys(h for h in headings if h != "Quirks"))
    assert ['=== "Python"', '=== "Async"'] == re.findall(r"^=== .+$", page.text, re.MULTILINE)
    assert page.blocks("json")


@each_api
def test_logins_can_be_signed_by_hand(api: Api) -> None:
    """Whoever writes a login himself finds the key, the unit of the time, and a text with its signature."""
    text = (DOCS / api.name / "streams" / "index.md").read_text("utf-8")
    connections = api.streams.connections if api.streams else ()
    for login in [connection.login for connection in connections if connection.login]:
        for scheme in login.schemes:
            unit = "seconds" if scheme.time == "s" else "milliseconds"
            told = next(line for line in text.splitlines() if line.startswith(f"- Signature (`{scheme.name}`)"))
            assert f"with `{scheme.secret}` over" in told
            assert told.endswith(f"; the timestamp is Unix time in {unit}")
        assert all(f"`{vector.text}`" in text and f"`{vector.signature}`" in text for vector in login.vectors)


def given(monkeypatch: pytest.MonkeyPatch, api: str, mock: Mock) -> None:
    """Put the mock's credentials where the samples look for them."""
    for name, value in mock.credentials.items():
        monkeypatch.setenv(f"{api}_{name}".upper(), value)


def directed(sample: str, mock: Mock) -> str:
    """Lead the client of a sample to the mock exchange."""
    made = re.compile(r"(\w+(?:\.from_env)?)\(\) as client")
    return made.sub(rf'\1(base_url="{mock.url}", limiter="off") as client', sample)


def run(sample: str, told: list[object] | None = None) -> None:
    """Run a sample as a program; what it prints goes to `told`."""
    code = compile(sample, "sample", "exec")
    printed: list[object] = [] if told is None else told
    try:
        exec(code, {"__name__": "__main__", "print": lambda *words: printed.extend(words)})
    finally:
        asyncio.set_event_loop(None)


@NEEDS_SHELL
@each_operation
def test_curl_samples_run(page: Page, mocks: dict[str, Mock]) -> None:
    """Every sample for the shell runs, and the mock exchange accepts its request and signature."""
    mock = mocks[page.api]
    (sample,) = page.blocks("sh")
    script = re.sub(r"https://[^/\"]+(?:/open-api)?(?=/)", mock.url, sample, count=1)
    credentials = {f"{page.api}_{name}".upper(): value for name, value in mock.credentials.items()}
    before = len(mock.requests)
    done = subprocess.run(
        ["sh", "-euc", script],
        env={**os.environ, **credentials},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert ["accepted"] == [request.verdict for request in mock.requests[before:]], done.stdout
