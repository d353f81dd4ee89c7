"""Generates all output: specs → problems → model → texts; what has not changed comes from the cache.

Inputs are hashed before anything heavy is imported, so a run with nothing to do is fast.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, chain
from pathlib import Path

from generator.ground.cache import Cache, Texts, digest, pack, unpack
from generator.ground.problems import Problem, SpecError
from generator.ground.tree import (
    CODE,
    READING_RULES,
    ROOT,
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
from generator.pipeline.timings import Timings
from generator.pipeline.workers import Task, Work, run_all

LOCK = ROOT / "requirements.lock"
ATLAS = "atlas.json"
"""What `make atlas` measured; it lies beside the specs."""


@dataclass(frozen=True)
class Folders:
    """The folders to read from, and the folder of the cache."""

    specs: Path = ROOT / "specs"
    templates: Path = ROOT / "templates"
    cache: Path = ROOT / ".cache" / "generator"


@dataclass
class Output:
    """All generated texts, and a summary of each API."""

    texts: Texts
    summaries: list[Summary]


def generate(folders: Folders, timings: Timings) -> Output:
    """Generate all texts.

    Raises:
        SpecError: with every problem of every API and template.
    """
    cache, version = Cache(folders.cache, _makers()), _version(folders.templates)
    # A template can affect every API, so all templates are part of the key of each.
    shared = digest([*contents(folders.templates, "*.j2"), version.encode()]).encode()
    tasks = [_task(folder, shared) for folder in _spec_folders(folders.specs)]
    timings.mark("hash")
    output = Output(plain_files(folders.templates), [])
    problems = [*path_problems(folders.templates), *_derive_sync_modules(folders.templates, output, cache)]
    outputs = _cached(tasks, cache)
    missing = [task for task in tasks if task.name not in outputs]
    done = run_all(Work(folders.specs, folders.templates, version, cache, missing), timings)
    problems += chain.from_iterable(done.problems.values())
    outputs |= done.outputs
    # In the order of the folders, wherever each came from: the output must not depend on what the cache holds.
    problems += _add(output, [outputs[task.name] for task in tasks if task.name in outputs], folders.specs)
    timings.mark("cache")
    problems += _same_clients(folders.specs, output.summaries)
    if problems:
        raise SpecError(problems)
    output.texts |= _shared(folders, output.summaries, [task.key for task in tasks], cache)
    timings.mark("shared")
    return output


def _cached(tasks: list[Task], cache: Cache) -> dict[str, ApiOutput]:
    """Return the outputs that the cache has for the same input, by API name."""
    found = {task.name: cache.get(f"apis/{task.name}", task.key) for task in tasks}
    return {name: ApiOutput.from_bytes(content) for name, content in found.items() if content is not None}


def _add(output: Output, apis: list[ApiOutput], specs: Path) -> Iterator[Problem]:
    """Add the output of each API; yield a problem for each that would overwrite a module of the runtime."""
    modules = {path.removesuffix(".py") for path in output.texts}
    for api in apis:
        if clash := _collision(output.texts, modules, api.texts):
            what = f"the name is reserved: {clash} would clash with the runtime; rename the folder"
            yield Problem(f"{specs.name}/{api.summary.name}/api.yaml", 1, "folder", what)
        output.texts |= api.texts
        output.summaries.append(api.summary)


def _derive_sync_modules(templates: Path, output: Output, cache: Cache) -> list[Problem]:
    """Add the sync modules that are derived from async ones, formatted; or return what is wrong with their tables."""
    inputs = digest(
        [*contents(templates, "*.unasync"), *chain(*((path.encode(), text) for path, text in output.texts.items()))]
    )
    kept = cache.get("derived", inputs)
    if kept is None:
        if problems := [*wrong_lines(templates)]:
            return problems
        # Imported here, so that a run in which nothing changed does not load the formatter.
        from generator.python.formatter import format_all

        formatted = {path: text.encode() for path, text in format_all(derive_all(templates)).items()}
        cache.keep("derived", pack(formatted, None), inputs)
    else:
        formatted = unpack(kept)[0]
    output.texts |= formatted
    return []


def _makers() -> str:
    """Hash what affects the output besides specs and templates: code, schemas and library versions."""
    code = [*contents(CODE, "*.py"), *contents(CODE, "*.jinja2"), *contents(ROOT / "specs" / "schema", "*.json")]
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


def _shared(folders: Folders, summaries: list[Summary], inputs: list[str], cache: Cache) -> Texts:
    """Render the templates that are about all APIs, such as the first page of the docs.

    Args:
        folders: The folders of specs and templates.
        summaries: What the templates print.
        inputs: A hash of what each summary was made from; to hash the summaries themselves would take longer.
        cache: Where the texts are kept.
    """
    if not any("{" not in path and path.endswith(".j2") for path in files_below(folders.templates)):
        return {}
    key = digest([*contents(folders.specs, ATLAS), *map(str.encode, inputs)])
    kept = cache.get("shared", key)
    if kept is not None:
        return unpack(kept)[0]
    # Imported here, so that a run in which nothing changed does not load Jinja.
    from generator.build.atlas import atlas
    from generator.output.render import shared_texts

    measured = atlas(folders.specs)
    with jinja_errors_as_problems(folders.templates):
        texts = shared_texts(folders.templates, summaries, measured, cache)
    cache.keep("shared", pack(texts, None), key)
    return texts


def _collision(texts: Texts, modules: set[str], more: Texts) -> str | None:
    """Return the first text of an API that would overwrite an existing module, or hide it behind a package."""
    # Python prefers the package: venues/errors/ would hide venues/errors.py.
    folders = {path.rpartition("/")[0] for path in more}
    hiding = {folder for folder in folders if not modules.isdisjoint(accumulate(folder.split("/"), "{}/{}".format))}
    return next((path for path in more if path in texts or path.rpartition("/")[0] in hiding), None)


def _same_clients(specs: Path, summaries: list[Summary]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for summary in summaries:
        if summary.client in seen:
            from generator.source.folder import read_source

            at = read_source(specs, specs / summary.name).files["api.yaml"]
            what = f"{seen[summary.client]} already has a client named `{summary.client}`; choose another name"
            yield Problem(at.file, at.line_of("client"), "client", what)
        seen.setdefault(summary.client, summary.name)
