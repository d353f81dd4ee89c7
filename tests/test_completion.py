"""Bash, zsh and fish complete our commands, each by its own machinery."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.waiting import PATIENCE

COMPLETED = {
    "venues call aster_futures market.get_server": "venues call aster_futures market.get_server_time",
    "venues call aster_futures market.get_klines interval=15": "venues call aster_futures market.get_klines interval=15m",
    "venues call aster_futures market.get_klines sym": "venues call aster_futures market.get_klines symbol=",
}
BASH = """
source <(venues completion bash)
while read -r COMP_LINE; do
    COMP_POINT=${#COMP_LINE}; _venues; echo "${COMPREPLY[@]}"
done
"""
FISH = "venues completion fish | source; while read --local line; complete -C $line; end"
ZSH = """\
unsetopt zle_bracketed_paste; autoload -Uz compinit && compinit -D -u; source <(venues completion zsh)
show() { print -r -- "<$BUFFER>"; BUFFER= }; zle -N show; bindkey '^X' show; print rea''dy
"""
"""Tab completes, and ^X prints the line."""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which `venues` is this very package."""
    folder = tmp_path_factory.mktemp("bin")
    script = folder / "venues"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m venues "$@"\n', "utf-8")
    script.chmod(0o755)
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder), "TERM": "dumb"}
    path = f"{folder}:{os.environ['PATH']}"
    return {**os.environ, **home, "PYTHONPATH": os.pathsep.join(sys.path), "PATH": path}


def test_bash_completes(environment: dict[str, str]) -> None:
    """Bash, which ends words at `=`, is offered what follows it."""
    ends = [line.rpartition(" ")[2] for line in COMPLETED.values()]
    ends = [end if end.endswith("=") else end.rpartition("=")[2] for end in ends]
    assert ends == _asked(["bash", "-c", BASH], environment)


def test_fish_completes(environment: dict[str, str]) -> None:
    """Fish offers the word that is typed, to its end."""
    _skip_without("fish")
    ends = [line.rpartition(" ")[2] for line in COMPLETED.values()]
    assert ends == _asked(["fish", "-N", "-c", FISH], environment)


def test_zsh_completes(environment: dict[str, str]) -> None:
    """Zsh, asked by the tabulator in a terminal, completes the line, and appends no space to what needs a value."""
    _skip_without("zsh")
    lines = list(_typed(environment))
    assert list(COMPLETED.values()) == [line.rstrip() for line in lines]
    assert [line for line in lines if line.endswith("= ")] == []


def _skip_without(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")


def _asked(command: list[str], environment: dict[str, str]) -> list[str]:
    """Return what a shell offers for each line."""
    lines = "".join(f"{line}\n" for line in COMPLETED)
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True, env=environment)
    return done.stdout.splitlines()


def _typed(environment: dict[str, str]) -> Iterator[str]:
    """Yield what each line becomes when the tabulator is typed behind it."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(["zsh", "-f", "-i"], stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as shell:
        os.close(theirs)
        try:
            os.write(ours, ZSH.encode())
            _until(ours, "ready")
            for line in COMPLETED:
                os.write(ours, f"{line}\t\x18".encode())
                yield _until(ours, ">").rpartition("<")[2].removesuffix(">")
        finally:
            shell.kill()
            os.close(ours)


def _until(terminal: int, mark: str) -> str:
    """Read a terminal up to a mark."""
    text = ""
    while mark not in text:
        assert select.select([terminal], [], [], PATIENCE)[0], f"only {text!r} came"
        text += os.read(terminal, 1).decode("latin-1")
    return text
