"""A run after a run: where nothing changed it ends before it reads, and whatever changed, it leaves what a first run makes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import cli
from generator.ground.tree import read_file
from generator.output import write as writing
from generator.output.readme import BEGIN, END
from generator.pipeline import left
from generator.pipeline import run as pipeline
from generator.pipeline.folders import Folders
from generator.pipeline.timings import Timings

SPECS = Path(__file__).parent / "cases" / "every_kind_of_text" / "specs"
PAGE = "{{ api.title }}\n{% for operation in api.operations %}\n{{ operation.summary }}\n{% endfor %}"
GROUP, PLAIN = "specs/demo/rest/market.yaml", "templates/plain.txt"


@dataclass
class Shop:
    """Specs, templates, a generator's code, and what is made of them, in one folder."""

    folder: Path
    patch: pytest.MonkeyPatch

    def command(self, output: str = "output", cache: str = "cache") -> Result:
        """Run the command."""
        self.patch.setattr(cli, "Folders", lambda specs, templates: Folders(specs, templates, self.folder / cache))
        places = {"specs": "specs", "templates": "templates", "output": output}
        command = ["generate", *(f"--{name}={self.folder / place}" for name, place in places.items())]
        return CliRunner().invoke(cli.main, command)

    def generate(self, output: str = "output", cache: str = "cache") -> list[str]:
        """Run the command; return what it says."""
        done = self.command(output, cache)
        assert 0 == done.exit_code, done.output
        return done.stdout.splitlines()

    def files(self, output: str = "output") -> dict[str, bytes]:
        """Return what lies in the output folder."""
        folder = self.folder / output
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def anew(self) -> dict[str, bytes]:
        """Return what a first run makes."""
        for name in ("new", "new-cache"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self.generate("new", "new-cache")
        return self.files("new")

    def ends_at_once(self) -> bool:
        """Whether a run finds without reading that there is nothing to do."""
        asked, making = list[Folders](), pipeline.generate

        def makes(folders: Folders, timings: Timings, has: pipeline.Has) -> pipeline.Output:
            asked.append(folders)
            return making(folders, timings, has)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pipeline, "generate", makes)
            self.generate()
        return not asked


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A folder in which everything was made; the tests leave it as they will."""
    folder = tmp_path_factory.mktemp("shop")
    with pytest.MonkeyPatch.context() as patch:
        for module in (left, pipeline):
            patch.setattr(module, "CODE", folder / "generator")
        shop = Shop(folder, patch)
        set_up(shop)
        yield shop


def set_up(shop: Shop) -> None:
    """Put everything there that a run reads."""
    for name in ("specs", "templates", "generator", "output", "cache"):
        shutil.rmtree(shop.folder / name, ignore_errors=True)
    shutil.copytree(SPECS, shop.folder / "specs")
    (shop.folder / "templates" / "{api}").mkdir(parents=True)
    (shop.folder / "templates" / "{api}" / "page.md.j2").write_text(PAGE)
    (shop.folder / PLAIN).write_text("plain 0\n")
    (shop.folder / "generator").mkdir()
    (shop.folder / "generator" / "code.py").write_text("number = 0\n")
    shop.generate()


def replace(path: Path, old: str, new: str) -> None:
    """Replace a text in a file, where it is."""
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def write(path: Path, text: str) -> None:
    """Write a file where it is, or where it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def change(path: Path, text: str) -> None:
    """Write a file, if it is there."""
    if path.is_file():
        path.write_text(text)


def remove(path: Path) -> None:
    """Remove a file or a folder if it is there."""
    path.unlink(missing_ok=True) if path.is_symlink() or path.is_file() else shutil.rmtree(path, ignore_errors=True)


def add_api(specs: Path) -> None:
    """Add another API, if it is not there."""
    shutil.copytree(SPECS / "demo", specs / "two", dirs_exist_ok=True)
    replace(specs / "two" / "api.yaml", "client: Demo", "client: Two")


def link(path: Path, target: Path) -> None:
    """Put a link in the place of a file."""
    remove(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


EDITS: dict[str, Callable[[Path, int], object]] = {
    "a summary": lambda folder, n: replace(folder / GROUP, "summary: Text", f"summary: {n} Text"),
    "a word of the same length": lambda folder, n: replace(folder / GROUP, "about an", f"abou{n} an"),
    "a template": lambda folder, n: write(folder / "templates/{api}/page.md.j2", f"{PAGE}{n}\n"),
    "a plain file": lambda folder, n: write(folder / PLAIN, f"plain {n}\n"),
    "a new template": lambda folder, n: write(folder / f"templates/more{n}.txt", "more\n"),
    "a template less": lambda folder, n: remove(folder / f"templates/more{n}.txt"),
    "the generator's code": lambda folder, n: write(folder / "generator/code.py", f"number = {n}\n"),
    "another API": lambda folder, _: add_api(folder / "specs"),
    "an API less": lambda folder, _: remove(folder / "specs/two"),
    "a file of the output": lambda folder, n: write(folder / "output/plain.txt", f"plain {n + 1}\n"),
    "a page of the other API": lambda folder, n: change(folder / "output/two/page.md", f"edited {n}\n"),
    "a page of the other API is gone": lambda folder, _: remove(folder / "output/two/page.md"),
    "a file of the output is gone": lambda folder, _: remove(folder / "output/demo/page.md"),
    "a file of the output is a link": lambda folder, _: link(folder / "output/plain.txt", folder / PLAIN),
    "all output is gone": lambda folder, _: remove(folder / "output"),
    "a spec is touched": lambda folder, _: (folder / GROUP).touch(),
    "the cache is gone": lambda folder, _: remove(folder / "cache"),
    "the cache is damaged": lambda folder, n: write(folder / "cache/left", "x" * 100 * n),
}
NOTHING_TO_DO = {"a template less", "an API less", "a page of the other API", "a page of the other API is gone"}
"""Where there was none."""


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 3)), max_size=3), max_size=5))
def test_whatever_changed_a_run_leaves_what_a_first_run_makes(shop: Shop, runs: list[list[tuple[str, int]]]) -> None:
    """After edits of specs, templates, code, output and cache in any order, each run leaves what a first run would."""
    set_up(shop)
    for edits in runs:
        for name, number in edits:
            EDITS[name](shop.folder, number)
        shop.generate()
        assert shop.anew() == shop.files()


def test_run_after_a_run_ends_before_it_reads(shop: Shop) -> None:
    """Where all is as it was left, nothing is made, and what is said is the same."""
    set_up(shop)
    assert shop.ends_at_once()
    assert ["2 files, 0 of them new or changed"] == shop.generate()


@pytest.mark.parametrize("edit", sorted(EDITS.keys() - NOTHING_TO_DO))
def test_run_after_a_change_does_not_end_at_once(shop: Shop, edit: str) -> None:
    """Whatever changed, the next run looks more closely; the one after it ends at once again."""
    set_up(shop)
    EDITS[edit](shop.folder, 1)
    assert not shop.ends_at_once()
    assert shop.ends_at_once()


def test_edit_in_the_tick_of_the_last_run_is_seen(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that looks the same, because the disk's clock has not gone on since it was read, is read."""
    set_up(shop)
    look, still = left._look, (shop.folder / GROUP).stat().st_mtime_ns

    def stands_still(path: str, *, follow: bool = False) -> left.Look | None:
        seen = look(path, follow=follow)
        return seen and (*seen[:3], still, still)

    monkeypatch.setattr(left, "_look", stands_still)
    monkeypatch.setattr("time.time_ns", lambda: still + 1)
    shop.generate()
    assert shop.ends_at_once()
    EDITS["a word of the same length"](shop.folder, 1)
    assert not shop.ends_at_once()
    (shop.folder / "output" / "plain.txt").write_text("plain 9\n")
    assert not shop.ends_at_once()
    assert shop.anew() == shop.files()


def test_what_is_edited_while_it_is_read_is_read_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit after a run read a file, and before it ended, is found by the next run."""
    set_up(shop)
    making = pipeline.generate

    def edited_meanwhile(folders: Folders, timings: Timings, has: pipeline.Has) -> pipeline.Output:
        made = making(folders, timings, has)
        EDITS["a word of the same length"](shop.folder, 7)
        return made

    EDITS["a summary"](shop.folder, 1)
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "generate", edited_meanwhile)
        shop.generate()
    assert not shop.ends_at_once()
    assert shop.anew() == shop.files()


def test_what_somebody_else_writes_to_the_output_meanwhile_is_seen(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that another program changes just after it was written is not taken for what was generated."""
    set_up(shop)
    write = writing.write

    def changed_at_once(texts: dict[str, bytes], output: Path, left: Set[str]) -> object:
        changes = write(texts, output, left)
        (output / "demo" / "page.md").write_text("theirs\n")
        return changes

    EDITS["a summary"](shop.folder, 1)
    with monkeypatch.context() as patch:
        patch.setattr(writing, "write", changed_at_once)
        # As if it had stood there for a while when the run ended.
        patch.setattr(left, "_is_young", lambda look, now: False)
        shop.generate()
    shop.generate()
    assert shop.anew() == shop.files()


def test_another_library_is_noticed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upgrade changes no file that is looked at, and yet the next run does not end at once."""
    set_up(shop)
    monkeypatch.setattr(left, "libraries", lambda: [b"jinja2-99.dist-info"])
    assert not shop.ends_at_once()


def test_files_of_others_are_told_of_each_time(shop: Shop) -> None:
    """A run that leaves somebody's file alone says so, and so does the next one."""
    set_up(shop)
    (shop.folder / "output" / "mine.txt").write_text("mine")
    assert "left  mine.txt" in shop.generate()
    assert "left  mine.txt" in shop.generate()


def test_edited_table_of_the_readme_is_noticed(shop: Shop) -> None:
    """The table in the README beside the output counts as output."""
    readme = shop.folder / "README.md"
    readme.write_bytes(BEGIN + END)
    set_up(shop)
    written = readme.read_bytes()
    assert shop.ends_at_once()
    readme.write_bytes(BEGIN + b"typed by hand\n" + END)
    shop.generate()
    assert written == readme.read_bytes()
    remove(readme)


def test_what_lies_behind_a_link_is_read_each_time(shop: Shop) -> None:
    """A spec in a folder elsewhere, to which a link leads, is not looked at: so nothing is taken for unchanged."""
    set_up(shop)
    (shop.folder / "specs" / "demo").rename(shop.folder / "elsewhere")
    (shop.folder / "specs" / "demo").symlink_to(shop.folder / "elsewhere")
    shop.generate()
    assert not shop.ends_at_once()
    replace(shop.folder / "elsewhere" / "rest" / "market.yaml", "summary: Text", "summary: Linked text")
    shop.generate()
    assert shop.anew() == shop.files()
    (shop.folder / "specs" / "demo").unlink()
    shutil.rmtree(shop.folder / "elsewhere")


def test_lost_manifest_is_written_again(shop: Shop) -> None:
    """The list of our files is part of what a run leaves."""
    set_up(shop)
    remove(shop.folder / "output" / ".manifest")
    shop.generate()
    assert shop.anew() == shop.files()


def test_warnings_are_repeated(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the authors of specs are warned of is said by a run that ends at once, too."""
    set_up(shop)
    monkeypatch.setattr(cli, "_warnings", lambda _: ["mind the step"])
    EDITS["a summary"](shop.folder, 1)
    told = [shop.command().stderr for _ in range(2)]
    assert ["warning: mind the step\n"] * 2 == told


def test_edit_of_an_api_reads_nothing_of_the_output_of_others(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an edit, the files of the other APIs are neither compared nor taken from the cache."""
    set_up(shop)
    add_api(shop.folder / "specs")
    monkeypatch.setattr(left, "_is_young", lambda look, now: False)
    shop.generate()
    read, reading = list[str](), read_file

    def reads(folder: Path | str, path: str) -> bytes:
        read.append(path)
        return reading(folder, path)

    monkeypatch.setattr(writing, "read_file", reads)
    remove(shop.folder / "cache" / "apis" / "two")
    EDITS["a summary"](shop.folder, 1)
    shop.generate()
    assert ["demo/page.md", "plain.txt"] == sorted(read)
    assert shop.anew() == shop.files()


def calls(shop: Shop) -> int:
    """Count the calls of functions that a run takes."""
    count = 0

    def note(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        shop.generate()
    finally:
        sys.setprofile(None)
    return count


def test_run_that_ends_at_once_calls_three_functions_a_file(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is to be done, each file is found, looked at, and asked for its age."""
    monkeypatch.setattr(left, "_is_young", lambda look, now: False)
    set_up(shop)
    few = calls(shop)
    for number in range(100):
        EDITS["a new template"](shop.folder, number)
    shop.generate()
    # Each is read, and each is written.
    assert calls(shop) - few <= 2 * 100 * 3 + 20
