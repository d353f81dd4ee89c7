"""Makes the output of several APIs, in several processes where there is enough to do.

python -m generator.pipeline.workers     reads tasks from stdin, writes their output to stdout; only `run_all` starts it
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from generator.ground.cache import Cache, pack, unpack
from generator.ground.problems import Problem, SpecError
from generator.ground.tree import ROOT
from generator.pipeline.api_output import ApiOutput
from generator.pipeline.timings import Timings

ENOUGH = 200_000
"""Bytes of YAML: below it, starting another Python costs more than it saves."""


@dataclass(frozen=True)
class Task:
    """An API whose output must be made."""

    name: str
    key: str
    """A hash of all that its output depends on."""

    size: int
    """Bytes of YAML."""


@dataclass(frozen=True)
class Work:
    """Tasks, and where everything is: as texts, since it goes to other processes as JSON."""

    specs: str
    templates: str
    version: str
    cache: str
    makers: str
    tasks: Sequence[Task] = ()


@dataclass
class Done:
    """What became of tasks."""

    outputs: dict[str, ApiOutput] = field(default_factory=dict)
    """By the name of the API; one with a problem has none."""

    problems: list[Problem] = field(default_factory=list)


def run_all(work: Work, timings: Timings) -> Done:
    """Do all tasks, here and in as many more processes as there are cores to spare."""
    mine, *others = _shares(work.tasks)
    with ExitStack() as processes:
        running = [processes.enter_context(start_process(work, share)) for share in others]
        done = run_tasks(work, mine, timings)
        for share, process in zip(others, running, strict=True):
            content = process.communicate()[0]
            # What failed there is tried here, so that its error is reported as if there were no other process.
            more = run_tasks(work, share, timings) if process.returncode else _received(content, timings)
            done.outputs |= more.outputs
            done.problems += more.problems
    return done


def _shares(tasks: Sequence[Task]) -> list[list[Task]]:
    """Divide tasks into shares of much the same size, one a process: the largest first, to the least busy."""
    count = min(len(tasks), os.cpu_count() or 1) if sum(task.size for task in tasks) >= ENOUGH else 1
    shares: list[list[Task]] = [[] for _ in range(max(count, 1))]
    for task in sorted(tasks, key=lambda task: (-task.size, task.name)):
        min(shares, key=lambda share: sum(other.size for other in share)).append(task)
    return shares


def run_tasks(work: Work, tasks: Sequence[Task], timings: Timings) -> Done:
    """Do tasks in this process, one after the other, and keep their output in the cache."""
    done = Done()
    cache = Cache(Path(work.cache), work.makers)
    for task in tasks:
        from generator.pipeline.fresh import render_api

        try:
            output = render_api(Path(work.specs), Path(work.templates), task.name, work.version, cache, timings)
        except SpecError as error:
            done.problems += error.problems
            continue
        done.outputs[task.name] = output
        cache.keep(f"apis/{task.name}", output.to_bytes(), task.key)
    return done


@contextmanager
def start_process(work: Work, tasks: Sequence[Task]) -> Iterator[subprocess.Popen[bytes]]:
    """Give tasks to another process, which does not outlive this one's interest in it."""
    command = [sys.executable, "-m", "generator.pipeline.workers"]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(asdict(work) | {"tasks": [asdict(task) for task in tasks]}).encode())
        process.stdin.close()
        process.stdin = None  # or communicate() would close it once more, and fail
        try:
            yield process
        finally:
            process.kill()


def _received(content: bytes, timings: Timings) -> Done:
    """Read what `main` wrote in another process."""
    outputs, more = unpack(content)
    timings.add(Timings(more["steps"]))
    return Done(
        {name: ApiOutput.from_bytes(output) for name, output in outputs.items()},
        [Problem(*problem) for problem in more["problems"]],
    )


def main() -> None:
    """Do the tasks of another process, which reads the output from stdout."""
    output, sys.stdout = sys.stdout.buffer, sys.stderr  # what a library prints must not get between the texts
    given = json.load(sys.stdin)
    timings = Timings()
    done = run_tasks(Work(**given | {"tasks": ()}), [Task(**task) for task in given["tasks"]], timings)
    outputs = {name: each.to_bytes() for name, each in done.outputs.items()}
    problems = [[problem.file, problem.line, problem.where, problem.what] for problem in done.problems]
    output.write(pack(outputs, {"steps": timings.steps, "problems": problems}))


if __name__ == "__main__":
    main()
