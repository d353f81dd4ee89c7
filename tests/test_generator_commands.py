"""`python -m generator generate` and `check`: what they write, say and leave alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator import cli
from generator.output.readme import BEGIN, END
from generator.pipeline.folders import Folders

Run = Callable[..., Result]
SPECS = Path(__file__).parent / "cases" / "every_kind_of_text" / "specs"
DOCS = "{{ api.title }}\n{% for operation in api.operations %}\n{{ operation.name }}\n{% endfor %}"


@pytest.fixture
def run(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on a spec, templates and output that all lie outside the repository."""
    monkeypatch.setattr(cli, "Folders", lambda specs, templates: Folders(specs, templates, cache))
    shutil.copytree(SPECS, tmp_path / "specs")
    (tmp_path / "templates" / "{api}").mkdir(parents=True)
    (tmp_path / "templates" / "{api}" / "page.md.j2").write_text(DOCS)
    (tmp_path / "templates" / "plain.txt").write_text("plain\n")
    folders = [f"--{name}={tmp_path / name}" for name in ("specs", "templates", "output")]

    def command(name: str, *more: str) -> Result:
        return CliRunner().invoke(cli.main, [name, *folders, *more])

    return command


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder but the manifest of what was written."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("[!.]*") if path.is_file()}


def test_generate_writes_what_the_templates_name(run: Run, tmp_path: Path) -> None:
    """A spec outside the repository, with templates of its own, makes files in a folder of its own."""
    assert 0 == run("generate").exit_code
    page = b"Text of the title\nplace_order\nget_price\n"
    assert {"demo/page.md": page, "plain.txt": b"plain\n"} == files(tmp_path / "output")


def write_before(output: Path, path: str) -> None:
    """Put a file there as if an earlier run had written it."""
    (output / path).parent.mkdir(parents=True, exist_ok=True)
    (output / path).write_text("of an API that is gone")
    with (output / ".manifest").open("a") as manifest:
        manifest.write(f"{path}\n")


def test_check_agrees_after_generate(run: Run) -> None:
    """What was just generated is what the specs make."""
    run("generate")
    assert 0 == run("check").exit_code


def test_check_names_missing_changed_and_stray_files(run: Run, tmp_path: Path) -> None:
    """Each file that differs is named with the way in which it does, and the command fails."""
    run("generate")
    (tmp_path / "output" / "demo" / "page.md").write_text("edited by hand")
    (tmp_path / "output" / "plain.txt").unlink()
    write_before(tmp_path / "output", "old/page.md")
    (tmp_path / "output" / "zz.txt").write_text("mine")
    expected = ["changed  demo/page.md", "stray    old/page.md", "missing  plain.txt", "foreign  zz.txt"]
    result = run("check")
    assert expected == result.stdout.splitlines()[:4]
    assert 1 == result.exit_code


def test_check_writes_nothing(run: Run, tmp_path: Path) -> None:
    """Checking an empty folder leaves it empty."""
    run("check")
    assert not (tmp_path / "output").exists()


def test_generate_writes_the_table_of_the_readme(run: Run, tmp_path: Path) -> None:
    """Between its marks the README beside the output gets the figures of all APIs; the rest of it stays."""
    readme = tmp_path / "README.md"
    readme.write_bytes(b"Mine.\r\n\xff" + BEGIN + b"typed by hand\n" + END + b"Mine too.")
    with (tmp_path / "specs" / "demo" / "api.yaml").open("a") as api:
        api.write("documented: {operations: 3, codes: {count: 2, why: One was lost.}}\n")
    assert "changed  README.md" in run("check").stdout
    assert "wrote  the table of coverage in README.md" in run("generate").stdout
    table = b"| API | operations | codes |\n| --- | --- | --- |\n| `demo` | 2/3 | 1/2 |\n"
    assert b"Mine.\r\n\xff" + BEGIN + table + END + b"Mine too." == readme.read_bytes()
    lacking = "  operations: no reason is given; correct `documented` in api.yaml, or say `why` there"
    told = ["demo: operations 2/3, codes 1/2", lacking, "  codes: One was lost."]
    assert told == run("check").stdout.splitlines()


def test_the_readme_of_other_specs_is_left_alone(run: Run, tmp_path: Path) -> None:
    """Whoever writes into a folder beside somebody else's README changes nothing in it."""
    theirs = tmp_path / "theirs" / "README.md"
    theirs.parent.mkdir()
    theirs.write_bytes(BEGIN + END)
    assert 0 == run("generate", f"--output={theirs.parent / 'output'}").exit_code
    assert BEGIN + END == theirs.read_bytes()


def test_a_readme_without_marks_is_left_alone(run: Run, tmp_path: Path) -> None:
    """Who wants no table gets none."""
    (tmp_path / "README.md").write_text("Mine.\n")
    run("generate")
    assert "Mine.\n" == (tmp_path / "README.md").read_text()


def test_generate_removes_strays(run: Run, tmp_path: Path) -> None:
    """What nothing makes any more is gone, its empty folders too."""
    run("generate")
    write_before(tmp_path / "output", "old/page.md")
    assert "removed  old/page.md" in run("generate").stdout
    assert not (tmp_path / "output" / "old").exists()


def test_generate_deletes_nothing_that_it_did_not_write(run: Run, tmp_path: Path) -> None:
    """A file that somebody put beside the output stays, and is named each time."""
    run("generate")
    (tmp_path / "output" / "notes.txt").write_text("mine")
    assert "left  notes.txt" in run("generate").stdout
    assert b"mine" == files(tmp_path / "output")["notes.txt"]


def test_generate_leaves_equal_files_untouched(run: Run, tmp_path: Path) -> None:
    """A file whose content stays keeps its inode and its time."""
    run("generate")
    before = {path: kept(path) for path in (tmp_path / "output").rglob("*.txt")}
    assert before
    (tmp_path / "output" / "demo" / "page.md").write_text("edited by hand")
    run("generate")
    assert before == {path: kept(path) for path in before}


def kept(path: Path) -> tuple[int, int]:
    """Return a file's inode, and when it was written; not when it was read, which the generator does to compare it."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns


def test_generate_refuses_a_folder_of_other_files(run: Run, tmp_path: Path) -> None:
    """A folder in which nothing was generated is not emptied: it was probably meant for something else."""
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "thesis.txt").write_text("years of work")
    result = run("generate")
    assert {"thesis.txt": b"years of work"} == files(tmp_path / "output")
    assert (2, True) == (result.exit_code, "holds other files, such as thesis.txt" in result.stderr)


def test_generate_refuses_a_repository(run: Run, tmp_path: Path) -> None:
    """Nor is a whole repository emptied, even if it once held generated files."""
    run("generate")
    (tmp_path / "output" / ".git").mkdir()
    (tmp_path / "output" / "mine.py").write_text("mine = 1")
    assert 2 == run("generate").exit_code
    assert b"mine = 1" == files(tmp_path / "output")["mine.py"]


@pytest.mark.parametrize("option", ["--specs", "--templates"])
def test_missing_folder_is_told(run: Run, option: str) -> None:
    """A folder that is not there is a mistake on the command line, not a spec without APIs."""
    result = run("generate", option, "/nowhere/at/all")
    assert (2, True) == (result.exit_code, "/nowhere/at/all is not a folder" in result.stderr)


def test_timings_name_the_steps(run: Run) -> None:
    """`--timings` says how long each step took."""
    steps = [line.split()[0] for line in run("generate", "--timings").stdout.splitlines() if line.endswith(" ms")]
    assert {"hash", "cache", "write", "in"} <= set(steps)
