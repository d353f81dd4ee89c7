"""Renders several APIs, in several processes if there is enough to do.

python -m generator.pipeline.workers     reads tasks from stdin, writes their output to stdout; only `run_all` starts it
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from generator.ground.cache import Cache
from generator.ground.problems import Problem, SpecError
from generator.ground.tree import ROOT
from generator.pipeline.api_output import ApiOutput
from generator.pipeline.timings import Timings

if TYPE_CHECKING:
    import subprocess

ENOUGH = 200_000
"""Bytes of YAML below which starting another Python process takes longer than it saves."""
SIZE = 8
"""Bytes that say how long what follows them is, between two processes."""


@dataclass(frozen=True)
class Task:
    """An API to render."""

    name: str
    key: str
    """A hash of everything that its output depends on."""

    size: int
    """Bytes of YAML."""


@dataclass(frozen=True)
class Work:
    """Tasks and the folders they need, as strings: other processes get them as JSON."""

    specs: str
    templates: str
    version: str
    cache: str
    makers: str
    tasks: Sequence[Task] = ()


@dataclass
class Done:
    """The results of tasks."""

    outputs: dict[str, ApiOutput] = field(default_factory=dict)
    """By API name; an API with a problem has none."""

    problems: list[Problem] = field(default_factory=list)


def run_all(work: Work, timings: Timings) -> Done:
    """Run all tasks, in this process and in one more for each spare core."""
    mine, *others = _shares(work.tasks)
    with ExitStack() as processes:
        running = [processes.enter_context(start_process(work, share)) for share in others]
        done = run_tasks(work, mine, timings)
        for share, process in zip(others, running, strict=True):
            # What failed there is tried here, so that its error is reported as if there were no other process.
            more = _received(process, timings) or run_tasks(work, share, timings)
            done.outputs |= more.outputs
            done.problems += more.problems
    return done


def _shares(tasks: Sequence[Task]) -> list[list[Task]]:
    """Divide tasks into shares of about the same size, one per process: largest task first, to the smallest share."""
    count = min(len(tasks), os.cpu_count() or 1) if sum(task.size for task in tasks) >= ENOUGH else 1
    shares: list[list[Task]] = [[] for _ in range(max(count, 1))]
    # By name if sizes are equal, so that the shares do not depend on the order of the tasks.
    for task in sorted(tasks, key=lambda task: (-task.size, task.name)):
        min(shares, key=lambda share: sum(other.size for other in share)).append(task)
    return shares


def run_tasks(work: Work, tasks: Sequence[Task], timings: Timings) -> Done:
    """Run tasks in this process, one after the other, and keep their output in the cache."""
    done = Done()
    cache = Cache(Path(work.cache), work.makers)
    for task in tasks:
        # Imported here, because its libraries load slowly and this process may have no task.
        from generator.pipeline.fresh import render_api

        try:
            output = render_api(Path(work.specs), Path(work.templates), task.name, work.version, cache, timings)
        except SpecError as error:
            # The other APIs are still rendered, so that all problems of all specs are reported at once.
            done.problems += error.problems
            continue
        done.outputs[task.name] = output
        cache.keep(f"apis/{task.name}", output.to_bytes(), task.key)
    return done


@contextmanager
def start_process(work: Work, tasks: Sequence[Task]) -> Iterator[subprocess.Popen[bytes]]:
    """Run tasks in another process, which is killed at the end of the block."""
    # Imported here, because it loads slowly and most runs start no process.
    import subprocess

    command = [sys.executable, "-m", "generator.pipeline.workers"]
    # stderr is dropped: what fails there is tried again in this process, which then prints the error once.
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(asdict(work) | {"tasks": [asdict(task) for task in tasks]}).encode())
        process.stdin.close()
        try:
            yield process
        finally:
            # If this process is interrupted, the other one must not go on alone and write to the cache.
            process.kill()


def _received(process: subprocess.Popen[bytes], timings: Timings) -> Done | None:
    """Read what `main` wrote in another process; None if it failed."""
    assert process.stdout is not None
    parts = [*_parts(process.stdout)]
    if process.wait():
        return None
    more = json.loads(parts.pop())
    timings.add(Timings(more["steps"]))
    done = Done(problems=[Problem(*problem) for problem in more["problems"]])
    while parts:  # one after the other, each of which may go as soon as it was read
        output = ApiOutput.from_bytes(parts.pop())
        done.outputs[output.summary.name] = output
    return done


def _parts(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what `_write_part` wrote."""
    while size := stream.read(SIZE):
        yield stream.read(int.from_bytes(size, "big"))


def _write_part(stream: BinaryIO, content: bytes) -> None:
    stream.write(len(content).to_bytes(SIZE, "big"))
    stream.write(content)


def main() -> None:
    """Run the tasks on stdin, and write their output to stdout for the process that started this one."""
    output, sys.stdout = sys.stdout.buffer, sys.stderr  # what a library prints must not get between the texts
    given = json.load(sys.stdin)
    timings = Timings()
    done = run_tasks(Work(**given | {"tasks": ()}), [Task(**task) for task in given["tasks"]], timings)
    # One after the other: all of them in one would be held twice, here and there.
    for each in done.outputs.values():
        _write_part(output, each.to_bytes())
    problems = [[problem.file, problem.line, problem.where, problem.what] for problem in done.problems]
    _write_part(output, json.dumps({"steps": timings.steps, "problems": problems}).encode())


if __name__ == "__main__":
    main()
