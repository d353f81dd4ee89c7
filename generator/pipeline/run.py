"""Generates all output: specs → problems → model → texts; what has not changed comes from the cache.

Inputs are hashed before anything heavy is imported, so a run with nothing to do is fast.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from itertools import accumulate, chain
from pathlib import Path

from msgspec import Struct as Record

from generator.ground.cache import Cache, Texts, digest
from generator.ground.packed import Joined, pack
from generator.ground.problems import Problem, SpecError
from generator.ground.tree import (
    CODE,
    LOCK,
    READING_RULES,
    SCHEMAS,
    contents,
    files_below,
    libraries,
    plain_files,
    source_folders,
)
from generator.model.summary import Summary
from generator.output.template_problems import jinja_errors_as_problems, path_problems
from generator.output.unasync import derive_all, wrong_lines
from generator.pipeline.api_output import ApiOutput
from generator.pipeline.folders import Folders
from generator.pipeline.timings import Timings
from generator.pipeline.work import Task, Work
from generator.pipeline.workers import run_all

ATLAS = "atlas.json"
"""What `make atlas` measured; it lies beside the specs."""


class Files(Record, frozen=True):
    """Files, and a hash of all that they are made from."""

    made_from: str
    paths: tuple[str, ...]


Has = Callable[[str, Files], bool]
"""Whether the files of an API, by its name, lie in the output folder as they should."""


class Output(Record):
    """All generated texts, and a summary of each API."""

    texts: Joined
    summaries: list[Summary]
    left: frozenset[str] = frozenset()
    """The paths of files that lie in the output folder as they should, in place of their texts."""
    apis: dict[str, Files] = {}
    """The files of each API, by its name."""

    @property
    def paths(self) -> Set[str]:
        """The paths of all files."""
        return self.texts.keys() | self.left


def generate(folders: Folders, timings: Timings, has: Has = lambda name, files: False) -> Output:
    """Generate all texts.

    Args:
        folders: Where to read.
        timings: Where to note how long each step takes.
        has: Whether the files of an API lie in the output folder as they should; their texts are not needed then.

    Raises:
        SpecError: with every problem of every API and template.
    """
    cache, version = Cache(folders.cache, _makers()), _version(folders.templates)
    # A template can affect every API, so all templates are part of the key of each.
    shared = digest([*contents(folders.templates, "*.j2"), version.encode()]).encode()
    tasks = [_task(folder, shared) for folder in _spec_folders(folders.specs)]
    timings.mark("hash")
    plain = plain_files(folders.templates)
    output = Output(Joined(plain), [])
    problems = [*path_problems(folders.templates), *_derive_sync_modules(folders.templates, plain, output, cache)]
    outputs = _left(tasks, cache, has)
    outputs |= _cached([task for task in tasks if task.name not in outputs], cache)
    missing = [task for task in tasks if task.name not in outputs]
    done = run_all(Work(folders.specs, folders.templates, version, shared.decode(), cache, missing), timings)
    problems += chain.from_iterable(done.problems.values())
    outputs |= done.outputs
    # In the order of the folders, wherever each came from: the output must not depend on what the cache holds.
    problems += _add(output, [outputs[task.name] for task in tasks if task.name in outputs], folders.specs)
    output.apis = {task.name: _files(cache, task, outputs[task.name]) for task in tasks if task.name in outputs}
    timings.mark("cache")
    problems += _same_clients(folders.specs, output.summaries)
    if problems:
        raise SpecError(problems)
    output.texts.add(_shared(folders, output.summaries, shared, cache))
    timings.mark("shared")
    return output


def _left(tasks: list[Task], cache: Cache, has: Has) -> dict[str, ApiOutput]:
    """Return the outputs, without texts, that lie in the output folder as they should."""
    found = [(task, ApiOutput.head_of(cache, task.name, task.key)) for task in tasks]
    return {task.name: one for task, one in found if one is not None and has(task.name, _files(cache, task, one))}


def _files(cache: Cache, task: Task, output: ApiOutput) -> Files:
    return Files(digest([cache.makers.encode(), task.key.encode()]), output.paths)


def _cached(tasks: list[Task], cache: Cache) -> dict[str, ApiOutput]:
    """Return the outputs that the cache has for the same input, by API name."""
    found = {task.name: ApiOutput.of(cache, task.name, task.key) for task in tasks}
    return {name: output for name, output in found.items() if output is not None}


def _add(output: Output, apis: list[ApiOutput], specs: Path) -> Iterator[Problem]:
    """Add the output of each API; yield a problem for each that would overwrite a module of the runtime."""
    taken = set(output.texts)
    modules = {path.removesuffix(".py") for path in taken}
    for api in apis:
        if clash := _collision(taken, modules, api.paths):
            what = f"the name is reserved: {clash} would clash with the runtime; rename the folder"
            yield Problem(f"{specs.name}/{api.summary.name}/api.yaml", 1, "folder", what)
        taken.update(api.paths)
        output.texts.add(api.texts)
        output.left |= frozenset(api.left)
        output.summaries.append(api.summary)


def _derive_sync_modules(templates: Path, plain: Texts, output: Output, cache: Cache) -> list[Problem]:
    """Add the sync modules that are derived from async ones, formatted; or return what is wrong with their tables."""
    inputs = digest(
        [*contents(templates, "*.unasync"), *chain(*((path.encode(), text) for path, text in plain.items()))]
    )
    kept: Mapping[str, bytes] | None = cache.packed("derived", inputs)
    if kept is None:
        if problems := [*wrong_lines(templates)]:
            return problems
        # Imported here, so that a run in which nothing changed does not load the formatter.
        from generator.python.formatter import format_all

        kept = {path: text.encode() for path, text in format_all(derive_all(templates)).items()}
        cache.keep("derived", pack(kept, None), inputs)
    output.texts.add(kept)
    return []


def _makers() -> str:
    """Hash what affects the output besides specs and templates: code, schemas and library versions."""
    code = [*contents(CODE, "*.py", "*.jinja2"), *contents(SCHEMAS, "*.json")]
    return digest([*code, LOCK.read_bytes() if LOCK.is_file() else b"", *libraries()])


def _task(folder: Path, shared: bytes) -> Task:
    """Return the task of an API; `shared` is a hash of what all tasks depend on besides the generator."""
    files = contents(folder, "*.y*ml", without=READING_RULES)
    return Task(folder.name, digest([shared, *files]), sum(map(len, files)))


def _version(templates: Path) -> str:
    path = templates / "venues" / "__init__.py"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    # Read as text: importing the package would load the runtime. Tests have template trees without it.
    return next((line.split('"')[1] for line in lines if line.startswith("__version__")), "0")


def _spec_folders(specs: Path) -> list[Path]:
    folders = source_folders(specs)
    if not folders:
        what = "contains no API; each API is a folder with an api.yaml"
        raise SpecError([Problem(specs.name, 1, "folder", what)])
    return folders


def _shared(folders: Folders, summaries: list[Summary], shared: bytes, cache: Cache) -> Mapping[str, bytes]:
    """Render the templates that are about all APIs, such as the first page of the docs.

    Args:
        folders: The folders of specs and templates.
        summaries: What the templates print.
        shared: A hash of what all texts depend on besides the generator.
        cache: Where the texts are kept.
    """
    if not any("{" not in path and path.endswith(".j2") for path in files_below(folders.templates)):
        return {}
    # Few edits change what is said of an API where all are listed.
    said = [json.dumps(summary.as_json()).encode() for summary in summaries]
    key = digest([shared, *contents(folders.specs, ATLAS), *said])
    kept = cache.packed("shared", key)
    if kept is not None:
        return kept
    # Imported here, so that a run in which nothing changed does not load Jinja.
    from generator.build.atlas import atlas
    from generator.output.render import shared_texts

    measured = atlas(folders.specs)
    with jinja_errors_as_problems(folders.templates):
        texts = shared_texts(folders.templates, summaries, measured, cache)
    cache.keep("shared", pack(texts, None), key)
    return texts


def _collision(taken: set[str], modules: set[str], more: Iterable[str]) -> str | None:
    """Return the first text of an API that would overwrite an existing module, or hide it behind a package."""
    # Python prefers the package: venues/errors/ would hide venues/errors.py.
    folders = {path.rpartition("/")[0] for path in more}
    hiding = {folder for folder in folders if not modules.isdisjoint(accumulate(folder.split("/"), "{}/{}".format))}
    return next((path for path in more if path in taken or path.rpartition("/")[0] in hiding), None)


def _same_clients(specs: Path, summaries: list[Summary]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for summary in summaries:
        if summary.client in seen:
            from generator.source.folder import read_source

            at = read_source(specs, specs / summary.name).files["api.yaml"]
            what = f"{seen[summary.client]} already has a client named `{summary.client}`; choose another name"
            yield Problem(at.file, at.line_of("client"), "client", what)
        seen.setdefault(summary.client, summary.name)
