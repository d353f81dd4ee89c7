"""Whatever goes wrong, it is told in a line, and the output stays as it was."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from generator.write import write
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
    assert ["specs/demo/errors.yaml:11  file: no key `colour` here", "1 problems; nothing was written"] == [
        line.partition(";")[0] if line.startswith("specs") else line for line in result.stderr.splitlines()
    ]
    assert (1, before) == (result.exit_code, files(tmp_path / "output"))


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("fine\n{{ api.titel }}\n", f"{PAGE}:2  template: 'generator.model.Api object' has no attribute 'titel'"),
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
    assert [told, "1 problems; nothing was written"] == result.stderr.splitlines()
    assert (1, before) == (result.exit_code, files(tmp_path / "output"))


def test_shared_template_mistake_is_one_line(run: Run, tmp_path: Path) -> None:
    """So is a mistake in a template that is made once for all APIs."""
    (tmp_path / "templates" / "index.md.j2").write_text("{% for api in apis %}{{ api.colour }}{% endfor %}")
    assert "templates/index.md.j2:1  template: 'dict object' has no attribute 'colour'" in run("generate").stderr


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
    assert result.stderr.startswith("demo/code.py:2  output: the template prints what is no Python")
    assert (1, False) == (result.exit_code, (tmp_path / "output").exists())


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("{api}/plain.txt", "what is made once for each must end in .j2"),
        ("{group}.txt.j2", "{group} needs {api} in the path before it"),
        ("{api}/{gruop}.txt.j2", "nothing is called {gruop}; did you mean `group`?"),
    ],
)
def test_template_without_an_output_is_told(run: Run, tmp_path: Path, path: str, told: str) -> None:
    """No file of the template tree is passed over in silence."""
    (tmp_path / "templates" / path).write_text("text")
    assert f"templates/{path}:1  path: {told}" in run("generate").stderr.splitlines()


def test_interrupted_write_leaves_whole_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk is full in the middle, each file is the old one or the new one, and nothing else lies about."""
    old = {name: f"old {name}\n".encode() * 1000 for name in "abcd"}
    new = {name: f"new {name}\n".encode() * 1000 for name in "abcd"}
    write(old, tmp_path)
    done: list[Path] = []

    def full(self: Path, target: Path) -> Path:
        if len(done) == 2:
            raise OSError(errno.ENOSPC, "no space left")
        done.append(target)
        return renamed(self, target)

    renamed = Path.replace
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write(new, tmp_path)
    assert {"a": new["a"], "b": new["b"], "c": old["c"], "d": old["d"]} == files(tmp_path)
