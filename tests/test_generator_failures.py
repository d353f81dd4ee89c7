"""Whatever goes wrong, it is told in a line, and the output stays as it was."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.output.write import write
from tests.test_generator_commands import Run, files, run

__all__ = ["run"]
PAGE = "templates/{api}/page.md.j2"


def test_spec_mistake_leaves_the_output(run: Run, tmp_path: Path) -> None:
    """A spec with a mistake is told with file and line, and nothing is written."""
    run("generate")
    before = files(tmp_path / "output")
    (tmp_path / "templates" / "plain.txt").write_text("changed\n")
    with (tmp_path / "specs" / "demo" / "errors.yaml").open("a") as file:
        file.write("colour: red\n")
    result = run("generate")
    assert ["specs/demo/errors.yaml:11  file: unknown key `colour`", "1 problem; nothing was written"] == [
        line.partition(";")[0] if line.startswith("specs") else line for line in result.stderr.splitlines()
    ]
    assert (1, before) == (result.exit_code, files(tmp_path / "output"))


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("fine\n{{ api.titel }}\n", f"{PAGE}:2  template: 'generator.model.api.Api object' has no attribute 'titel'"),
        ("fine\n\n{{ apy.title }}\n", f"{PAGE}:3  template: 'apy' is undefined"),
        ("\n{% frob %}\n", f"{PAGE}:2  template: Encountered unknown tag 'frob'."),
        ("\n{{ api.title | shout }}\n", f"{PAGE}:2  template: No filter named 'shout'."),
        ('{% include "_macros/none.j2" %}\n', f"{PAGE}:1  template: no template _macros/none.j2"),
    ],
)
def test_template_mistake_is_one_line(run: Run, tmp_path: Path, template: str, told: str) -> None:
    """A mistake in a template is told with its file and line, and nothing is written."""
    run("generate")
    before = files(tmp_path / "output")
    (tmp_path / PAGE).write_text(template)
    result = run("generate")
    assert [told, "1 problem; nothing was written"] == result.stderr.splitlines()
    assert (1, before) == (result.exit_code, files(tmp_path / "output"))


def test_shared_template_mistake_is_one_line(run: Run, tmp_path: Path) -> None:
    """So is a mistake in a template that is made once for all APIs."""
    (tmp_path / "templates" / "index.md.j2").write_text("{% for api in apis %}{{ api.colour }}{% endfor %}")
    assert (
        "templates/index.md.j2:1  template: 'generator.model.summary.Summary object' has no attribute 'colour'"
        in run("generate").stderr
    )


def test_macro_mistake_names_the_macro(run: Run, tmp_path: Path) -> None:
    """The file and line are those of the macro, not of the template that calls it."""
    (tmp_path / "templates" / "_macros").mkdir()
    (tmp_path / "templates" / "_macros" / "said.j2").write_text(
        "{% macro said(word) %}\n{{ word.colour }}\n{% endmacro %}"
    )
    (tmp_path / PAGE).write_text('{% from "_macros/said.j2" import said %}\n{{ said(api) }}')
    assert run("generate").stderr.startswith("templates/_macros/said.j2:2  template: ")


def test_output_that_is_no_python_is_told(run: Run, tmp_path: Path) -> None:
    """A template that prints broken Python is told with what it printed, and nothing is written."""
    (tmp_path / "templates" / "{api}" / "code.py.j2").write_text("import json\ndef {{ api.title }}():\n")
    result = run("generate")
    assert result.stderr.startswith("demo/code.py:2  output: the template does not print valid Python")
    assert (1, False) == (result.exit_code, (tmp_path / "output").exists())


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("{api}/plain.txt", "a template that is rendered once for each must end in .j2"),
        ("{group}.txt.j2", "{group} needs {api} in the path before it"),
        ("{api}/{gruop}.txt.j2", "there is no placeholder {gruop}; did you mean `group`?"),
    ],
)
def test_template_without_an_output_is_told(run: Run, tmp_path: Path, path: str, told: str) -> None:
    """No file of the template tree is passed over in silence."""
    (tmp_path / "templates" / path).write_text("text")
    assert f"templates/{path}:1  path: {told}" in run("generate").stderr.splitlines()


def test_failed_write_leaves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk refuses in the middle, every file is the old one again, and nothing else lies about."""
    old = {f"{folder}/{name}": f"old {name}\n".encode() for folder in "xy" for name in "abcd"}
    new = {name: content.replace(b"old", b"new") for name, content in old.items() if "b" not in name}
    write(old, tmp_path)
    for rounds in range(9):
        refuse_after(rounds, monkeypatch)
        with pytest.raises(OSError, match="no space"):
            write(new | {"z/e": b"e"}, tmp_path)
        monkeypatch.undo()
        assert old == files(tmp_path)
        assert {"x", "y", ".manifest"} == {path.name for path in tmp_path.iterdir()}
    write(new | {"z/e": b"e"}, tmp_path)
    assert new | {"z/e": b"e"} == files(tmp_path)


def refuse_after(rounds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let so many files be removed or put in place, and then no more; putting back works."""
    left = [rounds]

    def counted(act: Callable[..., Any]) -> Callable[..., Any]:
        def acting(path: Path | str, *more: Any, **options: Any) -> Any:
            if ".old" not in Path(path).name:
                left[0] -= 1
                if left[0] == -1:
                    raise OSError(errno.ENOSPC, "no space left")
            return act(path, *more, **options)

        return acting

    monkeypatch.setattr(os, "replace", counted(os.replace))
    monkeypatch.setattr(os, "unlink", counted(os.unlink))


def test_first_write_that_fails_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that did not exist does not exist afterwards."""
    refuse_after(1, monkeypatch)
    with pytest.raises(OSError, match="no space"):
        write({"x/a": b"a", "x/b": b"b"}, tmp_path / "output")
    assert [] == list(tmp_path.iterdir())


def test_folder_may_become_a_file_and_back(tmp_path: Path) -> None:
    """What is in the way goes first."""
    for texts in ({"a/b": b"1", "x": b""}, {"a": b"2", "x": b""}, {"a/b/c": b"3", "x": b""}):
        write(texts, tmp_path)
        assert texts == files(tmp_path)


def test_disk_that_refuses_is_one_line(run: Run, tmp_path: Path) -> None:
    """What can't be read or written is named, without a traceback."""
    (tmp_path / "specs" / "demo" / "errors.yaml").unlink()
    (tmp_path / "specs" / "demo" / "errors.yaml").symlink_to(tmp_path / "nowhere.yaml")
    result = run("generate")
    assert (1, 1) == (result.exit_code, result.stderr.count("\n"))
    assert "demo/errors.yaml: No such file or directory" in result.stderr


def test_broken_cache_is_made_again(run: Run, tmp_path: Path, cache: Path) -> None:
    """What was kept is a convenience: cut off, or where nothing can be kept, everything is made."""
    run("generate")
    before = files(tmp_path / "output")
    for kept in cache.rglob("*"):
        if kept.is_file():
            kept.write_bytes(kept.read_bytes()[:20])
    shutil.rmtree(tmp_path / "output")
    assert (0, before) == (run("generate").exit_code, files(tmp_path / "output"))
    shutil.rmtree(cache)
    cache.write_text("a file")
    assert 0 == run("check").exit_code
    cache.unlink()
