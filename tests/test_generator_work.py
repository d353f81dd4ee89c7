"""How much the generator does again, how far what it kept is believed, and how its work grows: counted, not timed."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from jsonschema.exceptions import ValidationError

from generator.build.api import build
from generator.check.api import check
from generator.ground.problems import Problem, SpecError
from generator.model.api import Api
from generator.model.capabilities import Capabilities, capabilities
from generator.pipeline import fresh, workers
from generator.pipeline import run as pipeline
from generator.pipeline.workers import Work
from generator.python import formatter, models
from generator.source import load, schema
from generator.source.load import Map, read_source, source_folders
from tests.bench.multiplied import multiplied
from tests.support.made import TEMPLATES, texts_of

SPECS = Path(__file__).parent / "cases" / "every_kind_of_text" / "specs"
REST = "demo/rest/market.yaml"


class Counted:
    """The texts that were formatted, the members that were printed, the files whose shape was checked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.formatted: list[str] = []
        self.printed: list[str] = []
        self.checked: list[str] = []
        formatting, printing, checking = formatter.format_all, models.print_members, schema.shape_errors

        def formats(texts: Mapping[str, str]) -> dict[str, str]:
            self.formatted += texts
            return formatting(texts)

        def prints(members: Sequence[models.Member]) -> dict[models.Member, str]:
            self.printed += [member.name for member in members]
            return printing(members)

        def checks(name: str, content: Map) -> list[ValidationError]:
            self.checked.append(name)
            return checking(name, content)

        monkeypatch.setattr(fresh, "format_all", formats)
        monkeypatch.setattr(models, "print_members", prints)
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


def test_member_that_no_struct_had_is_printed_alone(specs: Path, counted: Counted, tmp_path: Path) -> None:
    """A member more is checked in its file, and the library prints it and no other one."""
    field = "      orderId: {type: string, doc: Text about a field., example: Text of an id}\n"
    edit(specs / "demo" / "types.yaml", field, f"{field}      note: {{type: string, optional: true, doc: A note.}}\n")
    texts_of(specs, tmp_path / "cache")
    assert (["types.json"], ["note"]) == (counted.checked, counted.printed)


def test_edit_of_a_file_parses_that_file(specs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the files of an API, the edited one is parsed, and the others are taken as they were read before."""
    parsed, parsing = list[str](), load.parse

    def parses(data: bytes, file: str, problems: list[Problem]) -> Map | None:
        parsed.append(file)
        return parsing(data, file, problems)

    monkeypatch.setattr(load, "parse", parses)
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
    assert {"order_id", "price"} <= set(counted.printed)
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


def side_by_side(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Use two processes however little there is to do; return how many APIs each other process was given."""
    started = list[int]()
    starting = workers.start_process

    def start(work: Work, tasks: Sequence[workers.Task]) -> object:
        started.append(len(tasks))
        return starting(work, tasks)

    monkeypatch.setattr(workers, "ENOUGH", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(workers, "start_process", start)
    return started


def test_side_by_side_makes_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes make what one makes."""
    specs = several(tmp_path / "specs")
    alone = texts_of(specs, tmp_path / "alone")
    started = side_by_side(monkeypatch)
    assert alone == texts_of(specs, tmp_path / "together")
    assert 1 == len(started)


def test_side_by_side_tells_every_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mistakes that two processes find are told together."""
    specs = several(tmp_path / "specs")
    for name in ("one", "two", "three"):
        edit(specs / name / "errors.yaml", "codes:", "colour: red\ncodes:")
    side_by_side(monkeypatch)
    with pytest.raises(SpecError) as told:
        texts_of(specs, tmp_path / "cache")
    files = {f"specs/{name}/errors.yaml" for name in ("one", "two", "three")}
    assert files == {problem.file for problem in told.value.problems}


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
    """A run with nothing to do calls at most 17,000 functions, one after an edit 56,000; all anew takes 600,000."""
    nothing = calls(specs, tmp_path / "cache")
    edit(specs / REST, "summary: Text about an operation.", "summary: Places an order.")
    edited = calls(specs, tmp_path / "cache")
    assert nothing <= 17_000, nothing
    assert edited <= 56_000, edited


def test_work_grows_with_the_operations_and_not_faster(tmp_path: Path) -> None:
    """Twice as many operations take at most a tenth more than twice the work."""
    real, made = TEMPLATES.parent / "specs", list[int]()
    for size in (2, 30, 60):  # the first loads what the others need
        folder = tmp_path / str(size)
        multiplied(real, folder / "specs", size)
        made.append(calls(folder / "specs", folder / "cache"))
    assert made[2] <= 2.2 * made[1]


def test_pages_of_operations_do_not_each_look_at_all_operations(
    specs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an API can do is found out once for all pages of its operations, and not once for each."""
    asked = list[str]()

    def notes(api: Api) -> Capabilities:
        asked.append(api.name)
        return capabilities(api)

    monkeypatch.setattr("generator.reference.compare.capabilities", notes)
    edit(specs / REST, "summary: Text about an operation.", "summary: Places an order.")
    texts_of(specs, tmp_path / "cache")
    # Once for the pages, once for the comparison of all APIs.
    assert ["demo"] * 2 == asked


def test_multiplied_specs_contradict_nothing(tmp_path: Path) -> None:
    """Copies of the operations of every API, some of them cut off, pass every check: `make bench` can generate them."""
    multiplied(TEMPLATES.parent / "specs", tmp_path / "specs", 800)
    sources = [read_source(tmp_path / "specs", folder) for folder in source_folders(tmp_path / "specs")]
    # Not against the schemas, which take ten times as long and see one file at a time.
    assert [] == [problem for source in sources for problem in check(build(source))]


def test_templates_print_for_each_operation_and_not_for_each_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice the groups and types are printed in twice the text: no module lists what only others need."""
    shutil.copytree(TEMPLATES.parent / "specs" / "sixmm", tmp_path / "real" / "sixmm")
    printed = list[int]()

    def noted(texts: Mapping[str, str]) -> dict[str, str]:
        printed[-1] += sum(map(len, texts.values()))
        return dict(texts)  # laying them out takes most of the time, and changes nothing of what is counted

    monkeypatch.setattr(fresh, "format_all", noted)
    for size in (200, 400):
        multiplied(tmp_path / "real", tmp_path / str(size), size)
        printed.append(0)
        texts_of(tmp_path / str(size), tmp_path / f"cache {size}")
    assert printed[1] < 2.1 * printed[0]
