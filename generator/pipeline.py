"""specs → problems → model → texts; what did not change is taken from a cache outside the output."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.cache import Cache, contents, digest
from generator.load import READING_RULES, read_source, source_folders
from generator.model import Api
from generator.problems import Problem, SpecError
from generator.render import Texts, api_texts, plain_files, shared_texts
from generator.template_problems import misplaced, told

ROOT = Path(__file__).parent.parent
CODE = Path(__file__).parent
LOCK = ROOT / "requirements.lock"


@dataclass
class Timings:
    """Seconds a step took."""

    steps: dict[str, float] = field(default_factory=dict)
    _last: float = field(default_factory=time.perf_counter)

    def mark(self, step: str) -> None:
        """Note the end of a step."""
        now = time.perf_counter()
        self.steps[step] = self.steps.get(step, 0.0) + now - self._last
        self._last = now


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
    inputs = _inputs(places.templates)
    timings.mark("hash")
    problems = list(misplaced(places.templates))
    result = Result(plain_files(places.templates), [])
    for folder in _folders(places.specs):
        try:
            texts, summary = _api(places, folder, inputs, timings)
        except SpecError as error:
            problems += error.problems
            continue
        problems += _collisions(result.texts, texts, f"{places.specs.name}/{folder.name}/api.yaml")
        result.texts |= texts
        result.summaries.append(summary)
    problems += _same_clients(places.specs, result.summaries)
    if problems:
        raise SpecError(problems)
    result.texts |= _shared(places, result.summaries, inputs)
    timings.mark("shared")
    return result


def _inputs(templates: Path) -> bytes:
    """Hash what every API's texts depend on: templates, schemas, the generator and the versions of its libraries."""
    parts = [*contents(templates, "*.j2"), *contents(CODE, "*.py"), *contents(ROOT / "specs" / "schema", "*.json")]
    return digest([*parts, _version(templates).encode(), _libraries()]).encode()


def _cache(places: Places) -> Cache:
    return Cache(places.cache, _libraries())


def _libraries() -> bytes:
    return LOCK.read_bytes() if LOCK.is_file() else b""


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


def _api(places: Places, folder: Path, inputs: bytes, timings: Timings) -> tuple[Texts, dict[str, Any]]:
    cache = _cache(places)
    key = digest([inputs, *contents(folder, "*.y*ml", without=READING_RULES)])
    kept = cache.texts(key)
    if kept is None:
        kept = _fresh(places, folder, timings)
        cache.keep_texts(key, *kept)
    timings.mark("cache")
    return kept


def _fresh(places: Places, folder: Path, timings: Timings) -> tuple[Texts, dict[str, Any]]:
    from generator.validate import model_of

    api = model_of(read_source(places.specs, folder), places.specs)
    timings.mark("validate")
    with told(places.templates):
        texts = api_texts(places.templates, api, _version(places.templates), _cache(places))
    timings.mark("render")
    texts = {path: _tidy(path, raw, _cache(places)) for path, raw in texts.items()}
    timings.mark("tidy")
    return texts, _summary(api)


def _tidy(path: str, raw: bytes, cache: Cache) -> bytes:
    from generator.tidy import formatted

    if not path.endswith(".py"):
        return raw
    key = digest([raw, (CODE / "tidy.py").read_bytes(), _libraries()])
    kept = cache.text(key)
    if kept is None:
        try:
            kept = formatted(raw.decode()).encode()
        except SyntaxError as error:
            what = f"the template prints what is no Python, {error.msg}: {(error.text or '').strip()}"
            raise SpecError([Problem(path, error.lineno or 1, "output", what)]) from None
        cache.keep_text(key, kept)
    return kept


def _summary(api: Api) -> dict[str, Any]:
    """Return what the templates that are made once for all APIs may say of each."""
    return {
        "name": api.name,
        "title": api.title,
        "short": api.client,
        "client": api.client,
        "summary": api.summary,
        "operations": len(api.operations),
        "codes": len(api.errors),
        "groups": [[group.name, [[o.name, o.summary] for o in group.operations]] for group in api.groups],
        "channels": [[c.name, c.summary] for c in api.streams.channels] if api.streams else [],
        "coverage": [[c.what, c.covered, c.documented, c.why] for c in api.coverage],
    }


def _shared(places: Places, summaries: list[dict[str, Any]], inputs: bytes) -> Texts:
    """Return what is made once for all APIs."""
    if not any("{" not in path.relative_to(places.templates).as_posix() for path in places.templates.rglob("*.j2")):
        return {}
    cache = _cache(places)
    key = digest([b"shared", inputs, json.dumps(summaries).encode()])
    kept = cache.texts(key)
    if kept is None:
        with told(places.templates):
            kept = shared_texts(places.templates, summaries), None
        cache.keep_texts(key, *kept)
    return kept[0]


def _collisions(made: Texts, more: Texts, file: str) -> Iterator[Problem]:
    """Yield where an API would overwrite, or hide as a package, what is there already."""
    modules = {path.removesuffix(".py") for path in made}
    for path in more:
        if path in made or any(parent.as_posix() in modules for parent in Path(path).parents):
            yield Problem(
                file, 1, "folder", f"its name is taken: {path} would clash with the runtime; rename the folder"
            )
            return


def _same_clients(specs: Path, summaries: list[dict[str, Any]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for summary in summaries:
        name, client = str(summary["name"]), str(summary["client"])
        if client in seen:
            at = read_source(specs, specs / name).files["api.yaml"]
            what = f"the client of {seen[client]} is called `{client}` too; choose another"
            yield Problem(at.file, at.line_of("client"), "client", what)
        seen.setdefault(client, name)
