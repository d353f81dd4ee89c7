"""How much the generator does again, how far what it kept is believed, and how its work grows: counted, not timed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema.exceptions import ValidationError

from generator.build.api import build
from generator.check.api import check
from generator.ground.problems import Problem
from generator.ground.tree import source_folders
from generator.model.api import Api
from generator.model.capabilities import capabilities
from generator.model.remembering import OrderMemory
from generator.model.summary import Capabilities
from generator.pipeline import fresh
from generator.pipeline import run as pipeline
from generator.python import formatter, models
from generator.source import load, schema
from generator.source.folder import read_source
from generator.source.load import Map
from tests.bench.multiplied import multiplied
from tests.support.made import TEMPLATES, texts_of

SPECS = Path(__file__).parent / "cases" / "every_kind_of_text" / "specs"
REST = "demo/rest/market.yaml"


class Counted:
    """The texts that were formatted, the kinds of members that were printed, the files whose shape was checked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.formatted: list[str] = []
        self.printed: list[models.Kind] = []
        self.checked: list[str] = []
        formatting, printing, checking = formatter.format_all, models.print_kinds, schema.shape_errors

        def formats(texts: Mapping[str, str]) -> dict[str, str]:
            self.formatted += texts
            return formatting(texts)

        def prints(kinds: Sequence[models.Kind]) -> dict[models.Kind, str]:
            self.printed += kinds
            return printing(kinds)

        def checks(name: str, content: Map) -> list[ValidationError]:
            self.checked.append(name)
            return checking(name, content)

        monkeypatch.setattr(fresh, "format_all", formats)
        monkeypatch.setattr(models, "print_kinds", prints)
        monkeypatch.setattr(schema, "shape_errors", checks)


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A spec that may be edited, made once already."""
    shutil.copytree(SPECS, tmp_path / "specs")
    texts_of(tmp_path / "specs", tmp_path / "cache")
    return tmp_path / "specs"


@pytest.fixture
def counted(specs: Path, monkeypatch: pytest.MonkeyPatch) -> Counted:
    """What is done from now on."""
    return Counted(monkeypatch)


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first place of a text in a file."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_edit_of_an_operation_does_only_what_it_changes(specs: Path, counted: Counted, tmp_path: Path) -> None:
    """Another summary is checked in its file, formatted in its group's two modules, and prints no model again."""
    edit(specs / REST, "summary: Text about an operation.", "summary: Places an order.")
    texts_of(specs, tmp_path / "cache")
    modules = {"venues/demo/operations/market.py", "venues/demo/rest/market.py"}
    assert (["rest.json"], modules, []) == (counted.checked, set(counted.formatted), counted.printed)


MEMBER = "      orderId: {type: string, doc: Text about a field., example: Text of an id}\n"


def add_member(specs: Path, written: str) -> None:
    """Write one more member of a struct."""
    edit(specs / "demo" / "types.yaml", MEMBER, f"{MEMBER}      {written}\n")


def test_member_of_a_new_kind_is_printed_alone(specs: Path, counted: Counted, tmp_path: Path) -> None:
    """A member of a kind that no other is of is checked in its file, and the library prints it and no other one."""
    add_member(specs, "filledAt: {type: timestamp_ms, optional: true, doc: A time.}")
    texts_of(specs, tmp_path / "cache")
    kind = models.Kind("TimestampMs", optional=True, renamed=True)
    assert (["types.json"], [kind]) == (counted.checked, counted.printed)


def test_member_of_a_known_kind_is_not_printed_again(specs: Path, counted: Counted, tmp_path: Path) -> None:
    """One more member of a kind that others are of asks nothing of the library, which takes much of a cold run."""
    add_member(specs, "taker: {type: Side, optional: true, doc: The side that took.}")
    texts_of(specs, tmp_path / "cache")
    assert [] == counted.printed


@pytest.mark.parametrize("optional", [True, False])
@pytest.mark.parametrize(
    "annotation", ["str", "Decimal", "TimestampMs", "list[Order]", "dict[str, Side]", "Flat[Level]"]
)
def test_member_is_printed_as_the_library_prints_it(annotation: str, optional: bool) -> None:
    """The line of a kind with a member's names put in is what the library prints of the member itself."""
    names = {
        "clientOid": "client_oid",
        "it's": "its",
        'a"b': "a_b",
        "a\\n": "a_n",
        "é": "e",
        "for": "for_",
        "price": "price",
    }
    members = [
        models.Member(wire, name, models.Kind(annotation, optional, wire != name)) for wire, name in names.items()
    ]
    lines, theirs = models.print_kinds(dict.fromkeys(member.kind for member in members)), models.print_members(members)
    ours = [models.named(lines[member.kind], member.name, member.wire) for member in members]
    assert [f"{name}: {theirs[name]}" for name in names.values()] == ours


def test_edit_of_a_file_parses_that_file(specs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the files of an API, the edited one is parsed, and the others are taken as they were read before."""
    parsed, parsing = list[str](), load.parse

    def parses(data: bytes, file: str, problems: list[Problem]) -> Map | None:
        parsed.append(file)
        return parsing(data, file, problems)

    monkeypatch.setattr("generator.source.folder.parse", parses)
    edit(specs / REST, "summary: Text about an operation.", "summary: Places an order.")
    texts_of(specs, tmp_path / "cache")
    assert ["specs/demo/rest/market.yaml"] == parsed


def test_nothing_changed_does_nothing(specs: Path, counted: Counted, tmp_path: Path) -> None:
    """The second time, nothing is checked, printed or formatted."""
    texts_of(specs, tmp_path / "cache")
    assert ([], [], []) == (counted.checked, counted.printed, counted.formatted)


@pytest.mark.parametrize("damaged", [b"", b"x", b"\x00" * 200])
def test_damaged_cache_is_as_good_as_none(specs: Path, tmp_path: Path, damaged: bytes) -> None:
    """Whatever was done to the files of the cache, the output is the same."""
    before = texts_of(specs, tmp_path / "cache")
    for path in (tmp_path / "cache").rglob("*"):
        if path.is_file():
            path.write_bytes(damaged)
    assert before == texts_of(specs, tmp_path / "cache")


def test_edited_cache_is_not_believed(specs: Path, tmp_path: Path) -> None:
    """One letter changed by hand in what was kept does not reach the output."""
    before = texts_of(specs, tmp_path / "cache")
    for path in (tmp_path / "cache").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"Text", b"Test"))
    assert before == texts_of(specs, tmp_path / "cache")


def test_another_version_of_a_library_makes_everything_anew(
    specs: Path, counted: Counted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another version of a tool made is not taken."""
    monkeypatch.setattr(pipeline, "libraries", lambda: [b"jinja2-99.dist-info"])
    texts_of(specs, tmp_path / "cache")
    assert models.Kind("Decimal", optional=False, renamed=False) in counted.printed
    assert "venues/demo/models.py" in counted.formatted


def test_cache_that_can_not_be_written_is_done_without(specs: Path, tmp_path: Path) -> None:
    """A file in the place of the cache's folder costs time and nothing else."""
    (tmp_path / "file").write_text("in the way")
    assert texts_of(specs, tmp_path / "cache") == texts_of(specs, tmp_path / "file")


def several(folder: Path) -> Path:
    """Return specs of three APIs."""
    for name in ("one", "two", "three"):
        shutil.copytree(SPECS / "demo", folder / name)
        edit(folder / name / "api.yaml", "client: Demo", f"client: {name.title()}")
    return folder


SIDE_BY_SIDE = """
import hashlib, os, sys
from pathlib import Path
from generator.ground.problems import SpecError
from generator.pipeline import workers
from generator.pipeline.folders import Folders
from generator.pipeline.run import generate
from generator.pipeline.timings import Timings

first, run_tasks = os.getpid(), workers.run_tasks
workers.ENOUGH, os.cpu_count = 0, lambda: 3

def leave_to_copies(work, tasks, timings):
    # What is no list is the queue that all take from; a list, here, is what the copies left.
    assert os.getpid() != first or not isinstance(tasks, list) or tasks == []
    return workers.Done() if os.getpid() == first else run_tasks(work, tasks, timings)

def do_nothing_in_copies(work, tasks, timings):
    assert os.getpid() == first
    return run_tasks(work, [] if not isinstance(tasks, list) else tasks, timings)

workers.run_tasks = {"copies": leave_to_copies, "nobody": do_nothing_in_copies}[sys.argv[4]]
try:
    texts = generate(Folders(*map(Path, sys.argv[1:4])), Timings()).texts
except SpecError as error:
    print(*error.problems, sep="\\n")
else:
    print(*(f"{path} {hashlib.sha256(text).hexdigest()}" for path, text in texts.items()), sep="\\n")
"""
"""Prints what three processes make, in an interpreter of its own: with the threads of tests beside it, none is copied."""


def side_by_side(specs: Path, cache: Path, who: str) -> list[str]:
    """Return what is printed where the copies of a process run all tasks, or none of them survives the first."""
    command = [sys.executable, "-c", SIDE_BY_SIDE, str(specs), str(TEMPLATES), str(cache), who]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=TEMPLATES.parent)
    assert "" == done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("who", ["copies", "nobody"])
def test_side_by_side_makes_the_same(tmp_path: Path, who: str) -> None:
    """Several processes make what one makes, also where all but the first one die."""
    specs = several(tmp_path / "specs")
    alone = texts_of(specs, tmp_path / "alone")
    digests = [f"{path} {hashlib.sha256(text.encode()).hexdigest()}" for path, text in alone.items()]
    assert digests == side_by_side(specs, tmp_path / "together", who)


def test_side_by_side_tells_every_problem(tmp_path: Path) -> None:
    """Mistakes that several processes find are told together."""
    specs = several(tmp_path / "specs")
    for name in ("one", "two", "three"):
        edit(specs / name / "errors.yaml", "codes:", "colour: red\ncodes:")
    told = side_by_side(specs, tmp_path / "cache", "copies")
    assert [f"specs/{name}/errors.yaml" for name in ("one", "three", "two")] == [
        line.partition(":")[0] for line in told
    ]


def calls(specs: Path, cache: Path) -> int:
    """Count the calls of functions that making everything from nothing takes."""
    count = 0

    def note(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        texts_of(specs, cache)
    finally:
        sys.setprofile(None)
    return count


def test_little_to_do_calls_few_functions(specs: Path, tmp_path: Path) -> None:
    """A run with nothing to do calls at most 14,000 functions, one after another word 34,000; all anew takes 900,000."""
    nothing = calls(specs, tmp_path / "cache")
    edit(specs / REST, "summary: Text about an operation.", "summary: Places an order.")
    edited = calls(specs, tmp_path / "cache")
    assert nothing <= 14_000, nothing
    assert edited <= 34_000, edited


@dataclass(frozen=True)
class Made:
    """What making one API from nothing took and gave."""

    calls: int
    """Of functions."""
    letters: int
    """Before they were formatted."""


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> list[Made]:
    """One API with its operations once, twice and four times."""
    folder, name = tmp_path_factory.mktemp("grown"), "sixmm"
    real = folder / "real"
    shutil.copytree(TEMPLATES.parent / "specs" / name, real / name)
    size = sum(path.read_text("utf-8").count("  - name: ") for path in (real / name / "rest").glob("*.yaml"))
    texts_of(SPECS, folder / "loaded")  # loads what the others need
    made, formatting = list[Made](), formatter.format_all
    with pytest.MonkeyPatch.context() as patch:
        for times in (1, 2, 4):
            printed = list[int]()

            def noted(texts: Mapping[str, str], printed: list[int] = printed) -> dict[str, str]:
                printed.append(sum(map(len, texts.values())))
                return formatting(texts)

            patch.setattr(fresh, "format_all", noted)
            multiplied(real, folder / str(times), size * times)
            made.append(Made(calls(folder / str(times), folder / f"cache {times}"), sum(printed)))
    return made


def growth(amounts: Sequence[int]) -> float:
    """Return by how much more the second step adds than the first; 2 where all grows as the operations do."""
    once, twice, four_times = amounts
    return (four_times - twice) / (twice - once)


def test_work_grows_with_the_operations_and_not_faster(grown: list[Made]) -> None:
    """Twice as many more operations take at most 15 % more than twice as much more work."""
    assert growth([made.calls for made in grown]) <= 2.3


def test_templates_print_for_each_operation_and_not_for_each_pair(grown: list[Made]) -> None:
    """Twice as many more groups and types are printed in twice the text: no module lists what only others need."""
    assert growth([made.letters for made in grown]) <= 2.05


def test_pages_of_operations_do_not_each_look_at_all_operations(
    specs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an API can do is found out once for all pages of its operations, and not once for each."""
    asked = list[str]()

    def notes(api: Api) -> Capabilities:
        asked.append(api.name)
        return capabilities(api)

    for module in ("compare", "offers"):
        monkeypatch.setattr(f"generator.reference.{module}.capabilities", notes)
    edit(specs / REST, "summary: Text about an operation.", "summary: Places an order.")
    texts_of(specs, tmp_path / "cache")
    # Once for the pages, once for the comparison of all APIs.
    assert ["demo"] * 2 == asked


def test_what_calls_remember_is_found_out_once(specs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which calls remember orders is found out once for the mock exchange, its page and its streams together."""
    made, making = list[str](), OrderMemory.__init__

    def notes(self: OrderMemory, api: Api) -> None:
        made.append(api.name)
        making(self, api)

    monkeypatch.setattr(OrderMemory, "__init__", notes)
    edit(specs / REST, "summary: Text about an operation.", "summary: Places an order.")
    texts_of(specs, tmp_path / "cache")
    assert ["demo"] == made


def test_multiplied_specs_contradict_nothing(tmp_path: Path) -> None:
    """Copies of the operations of every API, some of them cut off, pass every check: `make bench` can generate them."""
    multiplied(TEMPLATES.parent / "specs", tmp_path / "specs", 800)
    sources = [read_source(tmp_path / "specs", folder) for folder in source_folders(tmp_path / "specs")]
    # Not against the schemas, which take ten times as long and see one file at a time.
    assert [] == [problem for source in sources for problem in check(build(source))]
