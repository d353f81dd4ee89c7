"""Makes several APIs anew, side by side where there is enough to do.

python -m generator.pipeline.workers     reads tasks, prints what was made; only `made` starts it
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from generator.ground.cache import Cache, packed, unpacked
from generator.ground.problems import Problem, SpecError
from generator.ground.tree import ROOT
from generator.pipeline.timings import Timings

ENOUGH = 200_000
"""Bytes of YAML: below it, starting another Python costs more than it saves."""


@dataclass(frozen=True)
class Task:
    """An API to be made."""

    name: str
    key: str
    """What it is made from."""
    size: int
    """Bytes of YAML."""


@dataclass(frozen=True)
class Work:
    """Tasks, and where everything is."""

    specs: str
    templates: str
    version: str
    cache: str
    makers: str
    tasks: Sequence[Task]


@dataclass
class Made:
    """What became of tasks."""

    texts: dict[str, bytes]
    """Name of an API → its texts, packed."""
    problems: list[Problem]


def made(work: Work, timings: Timings) -> Made:
    """Make everything, here and in as many more processes as there are cores to spare."""
    mine, *others = _shares(work.tasks)
    with ExitStack() as processes:
        running = [processes.enter_context(_started(work, share)) for share in others]
        result = _here(work, mine, timings)
        for share, process in zip(others, running, strict=True):
            content = process.communicate()[0]
            # What failed there is made here, so that it is told as if there were no other process.
            more = _here(work, share, timings) if process.returncode else _received(content, timings)
            result.texts |= more.texts
            result.problems += more.problems
    return result


def _shares(tasks: Sequence[Task]) -> list[list[Task]]:
    """Divide tasks into shares of much the same size."""
    count = min(len(tasks), os.cpu_count() or 1) if sum(task.size for task in tasks) >= ENOUGH else 1
    shares: list[list[Task]] = [[] for _ in range(max(count, 1))]
    for task in sorted(tasks, key=lambda task: (-task.size, task.name)):
        min(shares, key=lambda share: sum(other.size for other in share)).append(task)
    return shares


def _here(work: Work, tasks: Iterable[Task], timings: Timings) -> Made:
    result = Made({}, [])
    cache = Cache(Path(work.cache), work.makers)
    for task in tasks:
        from generator.pipeline.fresh import texts_of

        try:
            texts = texts_of(Path(work.specs), Path(work.templates), task.name, work.version, cache, timings)
        except SpecError as error:
            result.problems += error.problems
            continue
        result.texts[task.name] = packed(*texts)
        cache.keep(f"apis/{task.name}", result.texts[task.name], task.key)
    return result


@contextmanager
def _started(work: Work, tasks: Sequence[Task]) -> Iterator[subprocess.Popen[bytes]]:
    """Give tasks to another process, which does not outlive this one's interest in it."""
    command = [sys.executable, "-m", "generator.pipeline.workers"]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(asdict(work) | {"tasks": [asdict(task) for task in tasks]}).encode())
        process.stdin.close()
        process.stdin = None
        try:
            yield process
        finally:
            process.kill()


def _received(content: bytes, timings: Timings) -> Made:
    texts, more = unpacked(content)
    timings.add(Timings(more["steps"]))
    return Made(texts, [Problem(*problem) for problem in more["problems"]])


def main() -> None:
    """Do the tasks that another process reads the result of."""
    output, sys.stdout = sys.stdout.buffer, sys.stderr
    given = json.load(sys.stdin)
    timings = Timings()
    result = _here(Work(**given | {"tasks": ()}), [Task(**task) for task in given["tasks"]], timings)
    problems = [[one.file, one.line, one.where, one.what] for one in result.problems]
    output.write(packed(result.texts, {"steps": timings.steps, "problems": problems}))


if __name__ == "__main__":
    main()
