"""specs → problems → model → texts; what did not change is taken from a cache outside the output.

Inputs are hashed before anything heavy is imported, so that nothing to do costs almost nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from generator.ground.cache import Cache, Texts, digest, packed, unpacked
from generator.ground.problems import Problem, SpecError
from generator.ground.tree import CODE, READING_RULES, ROOT, contents, libraries, plain_files, source_folders
from generator.output.template_problems import misplaced, told
from generator.output.unasync import derived, wrong_lines
from generator.pipeline.timings import Timings
from generator.pipeline.workers import Task, Work, made

LOCK = ROOT / "requirements.lock"


@dataclass(frozen=True)
class Places:
    """Where everything is."""

    specs: Path = ROOT / "specs"
    templates: Path = ROOT / "templates"
    cache: Path = ROOT / ".cache" / "generator"


@dataclass
class Result:
    """What the specs make."""

    texts: Texts
    summaries: list[dict[str, Any]]  # JSON


def make(places: Places, timings: Timings) -> Result:
    """Return all texts.

    Raises:
        SpecError: with every problem of every API and template.
    """
    folders, cache = _folders(places.specs), Cache(places.cache, _makers())
    inputs = _inputs(places.templates)
    tasks = [_task(folder, inputs) for folder in folders]
    timings.mark("hash")
    problems = [*misplaced(places.templates), *wrong_lines(places.templates)]
    packs = {task.name: cache.get(f"apis/{task.name}", task.key) for task in tasks}
    fresh = made(_work(places, cache, [task for task in tasks if packs[task.name] is None]), timings)
    problems += fresh.problems
    result = Result(plain_files(places.templates), [])
    if not problems:
        result.texts |= _derived(places.templates, cache)
    modules = {path.removesuffix(".py") for path in result.texts}
    for task in tasks:
        pack = packs[task.name] or fresh.texts.get(task.name)
        if pack is not None:
            texts, summary = unpacked(pack)
            if clash := _collision(result.texts, modules, texts):
                what = f"its name is taken: {clash} would clash with the runtime; rename the folder"
                problems.append(Problem(f"{places.specs.name}/{task.name}/api.yaml", 1, "folder", what))
            result.texts |= texts
            result.summaries.append(summary)
    timings.mark("cache")
    problems += _same_clients(places.specs, result.summaries)
    if problems:
        raise SpecError(problems)
    result.texts |= _shared(places, result.summaries, inputs, cache)
    timings.mark("shared")
    return result


def _derived(templates: Path, cache: Cache) -> Texts:
    """Return the sync modules that are derived from async ones, formatted."""
    texts = derived(templates)
    key = digest([json.dumps(texts).encode()])
    kept = cache.get("derived", key)
    if kept is None:
        from generator.python.formatter import formatted

        kept = packed({path: text.encode() for path, text in formatted(texts).items()}, None)
        cache.keep("derived", kept, key)
    return unpacked(kept)[0]


def _makers() -> str:
    """Hash what makes things: the generator's code and schemas, and the versions of its libraries."""
    code = [*contents(CODE, "*.py"), *contents(CODE, "*.jinja2"), *contents(ROOT / "specs" / "schema", "*.json")]
    return digest([*code, LOCK.read_bytes() if LOCK.is_file() else b"", *libraries()])


def _inputs(templates: Path) -> bytes:
    """Hash what every API's texts depend on besides its spec and the generator."""
    return digest([*contents(templates, "*.j2"), _version(templates).encode()]).encode()


def _task(folder: Path, inputs: bytes) -> Task:
    files = contents(folder, "*.y*ml", without=READING_RULES)
    return Task(folder.name, digest([inputs, *files]), sum(map(len, files)))


def _work(places: Places, cache: Cache, tasks: list[Task]) -> Work:
    folders = [str(folder.resolve()) for folder in (places.specs, places.templates, places.cache)]
    return Work(folders[0], folders[1], _version(places.templates), folders[2], cache.makers, tasks)


def _version(templates: Path) -> str:
    path = templates / "venues" / "__init__.py"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return next((line.split('"')[1] for line in lines if line.startswith("__version__")), "0")


def _folders(specs: Path) -> list[Path]:
    folders = source_folders(specs)
    if not folders:
        what = "holds no API; a spec is a folder with an api.yaml"
        raise SpecError([Problem(specs.name, 1, "folder", what)])
    return folders


def _shared(places: Places, summaries: list[dict[str, Any]], inputs: bytes, cache: Cache) -> Texts:
    """Return what is made once for all APIs."""
    if not any("{" not in path.relative_to(places.templates).as_posix() for path in places.templates.rglob("*.j2")):
        return {}
    key = digest([inputs, json.dumps(summaries).encode()])
    kept = cache.get("shared", key)
    if kept is None:
        from generator.output.render import shared_texts

        with told(places.templates):
            kept = packed(shared_texts(places.templates, summaries, cache), None)
        cache.keep("shared", kept, key)
    return unpacked(kept)[0]


def _collision(made: Texts, modules: set[str], more: Texts) -> str | None:
    """Return the first text of an API that would overwrite, or hide as a package, what is there already."""
    folders = {path.rpartition("/")[0] for path in more}
    hiding = {folder for folder in folders if not modules.isdisjoint(accumulate(folder.split("/"), "{}/{}".format))}
    return next((path for path in more if path in made or path.rpartition("/")[0] in hiding), None)


def _same_clients(specs: Path, summaries: list[dict[str, Any]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for summary in summaries:
        name, client = str(summary["name"]), str(summary["client"])
        if client in seen:
            from generator.source.load import read_source

            at = read_source(specs, specs / name).files["api.yaml"]
            what = f"the client of {seen[client]} is called `{client}` too; choose another"
            yield Problem(at.file, at.line_of("client"), "client", what)
        seen.setdefault(client, name)
