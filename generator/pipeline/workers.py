"""Renders several APIs: in this process, and in a copy of it for each spare core if there is enough to do.

Forked copies, not new processes: what took a second to load and to compile is there already.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct as Record
from msgspec import field

from generator.ground.problems import Problem, SpecError
from generator.pipeline.api_output import ApiOutput
from generator.pipeline.timings import Timings
from generator.pipeline.work import Task, Work

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

ENOUGH = 200_000
"""Bytes of YAML below which another process takes longer than it saves."""
DIGITS = 2
"""Bytes of a task's number in the queue: a pipe gives them out whole, and has room for more tasks than there are APIs."""


class Done(Record):
    """The results of tasks, by API name."""

    outputs: dict[str, ApiOutput] = field(default_factory=dict)
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    """Of an API that has no output for that reason."""

    def left(self, tasks: Iterable[Task]) -> list[Task]:
        """Return the tasks without a result."""
        return [task for task in tasks if task.name not in self.outputs and task.name not in self.problems]


def run_all(work: Work, timings: Timings) -> Done:
    """Run all tasks, in this process and in one more for each spare core."""
    # By name if sizes are equal, so that the order does not depend on that of the tasks.
    tasks = sorted(work.tasks, key=lambda task: (-task.size, task.name))
    count = _processes(tasks)
    if count < 2:
        return run_tasks(work, tasks, timings)
    _load(work, tasks[0].name)
    queue = _queue(tasks)
    with ExitStack() as processes:
        running = [processes.enter_context(start_process(work, queue)) for _ in range(count - 1)]
        done = run_tasks(work, queue, timings)
        for connection in running:
            done.problems |= _received(connection, timings)
    for task in done.left(tasks):
        if (output := ApiOutput.of(work.cache, task.name, task.key)) is not None:
            done.outputs[task.name] = output
    # What failed there is tried here, so that its error is reported as if there were no other process.
    more = run_tasks(work, done.left(tasks), timings)
    return Done(done.outputs | more.outputs, done.problems | more.problems)


def _processes(tasks: Sequence[Task]) -> int:
    """Return in how many processes the tasks are run."""
    # A lock that another thread holds would stay locked in the copy for ever. Windows makes no copies.
    has_threads = len(sys._current_frames()) > 1
    if sum(task.size for task in tasks) < ENOUGH or has_threads or not hasattr(os, "fork"):
        return 1
    return min(len(tasks), os.cpu_count() or 1)


def _load(work: Work, name: str) -> None:
    """Load once what each process would otherwise load: the renderer, and the printer of models if none are kept."""
    from generator.output.render import load_templates
    from generator.pipeline import fresh  # noqa: F401
    from generator.python import models

    load_templates(work.templates, work.cache)
    if not models.are_kept(name, work.cache):
        models.load()


def _queue(tasks: Sequence[Task]) -> Iterator[Task]:
    """Return the tasks that no copy of this process has taken yet: they all take from the same pipe."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(number.to_bytes(DIGITS, "big") for number in range(len(tasks))))
    os.close(writing)
    return _taken(tasks, reading)


def _taken(tasks: Sequence[Task], queue: int) -> Iterator[Task]:
    try:
        while number := os.read(queue, DIGITS):
            yield tasks[int.from_bytes(number, "big")]
    finally:
        os.close(queue)


def run_tasks(work: Work, tasks: Iterable[Task], timings: Timings) -> Done:
    """Run tasks in this process, one after the other, and keep their output in the cache."""
    done = Done()
    for task in tasks:
        try:
            done.outputs[task.name] = _run(work, task, timings)
        except SpecError as error:
            # The other APIs are still rendered, so that all problems of all specs are reported at once.
            done.problems[task.name] = error.problems
    return done


def _run(work: Work, task: Task, timings: Timings) -> ApiOutput:
    # Imported here, because its libraries load slowly and this process may have no task.
    from generator.pipeline.fresh import render_api

    return render_api(work, task, timings).kept(work.cache, task.name, task.key)


@contextmanager
def start_process(work: Work, tasks: Iterator[Task]) -> Iterator[Connection]:
    """Run tasks in a copy of this process, which is killed at the end of the block."""
    # Imported here, because it loads slowly and most runs start no process.
    from multiprocessing import get_context

    context = get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(work, tasks, sending))
    process.start()
    sending.close()
    try:
        yield receiving
    finally:
        # If this process is interrupted, the other one must not go on alone and write to the cache.
        process.kill()
        process.join()
        process.close()
        receiving.close()


def _serve(work: Work, tasks: Iterable[Task], sending: Connection) -> None:
    """Run tasks; their output is in the cache then, and what else there is to say is sent."""
    # What fails here is tried again in the process that started this one, which then prints the error once.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    timings = Timings()
    problems = dict[str, list[Problem]]()
    for task in tasks:
        # One after the other: kept all, the outputs would be held twice, here and there.
        problems |= run_tasks(work, [task], timings).problems
    sending.send((problems, timings))


def _received(receiving: Connection, timings: Timings) -> dict[str, list[Problem]]:
    """Return the problems that another process found, by API name; none if it failed."""
    try:
        problems, spent = receiving.recv()
    except EOFError:
        return {}
    timings.add(spent)
    found: dict[str, list[Problem]] = problems
    return found
