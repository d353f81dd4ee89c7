"""specs → problems → model → texts; what did not change is taken from a cache outside the output."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.load import read_source, source_folders
from generator.problems import SpecError
from generator.render import Texts, api_texts, plain_files, shared_texts

ROOT = Path(__file__).parent.parent
CODE = Path(__file__).parent


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
        SpecError: with every problem of every API.
    """
    shared = _shared_hash(places)
    timings.mark("hash")
    problems = []
    result = Result(plain_files(places.templates), [])
    for folder in source_folders(places.specs):
        key = _digest([shared, *_files(folder, "*.yaml")])
        try:
            texts, summary = _cached(places.cache, key) or _fresh(places, folder, key, timings)
        except SpecError as error:
            problems += error.problems
            continue
        result.texts |= texts
        result.summaries.append(summary)
        timings.mark("cache")
    if problems:
        raise SpecError(problems)
    result.texts |= shared_texts(places.templates, result.summaries) if _has_shared(places.templates) else {}
    timings.mark("shared")
    return result


def _has_shared(templates: Path) -> bool:
    return any("{" not in path.as_posix() for path in templates.rglob("*.j2"))


def _fresh(places: Places, folder: Path, key: str, timings: Timings) -> tuple[Texts, dict[str, Any]]:
    from generator.tidy import formatted
    from generator.validate import model_of

    api = model_of(read_source(places.specs, folder), places.specs)
    timings.mark("validate")
    texts = api_texts(places.templates, api, _version(places.templates))
    timings.mark("render")
    for path, raw in texts.items():
        if path.endswith(".py"):
            name = _digest([raw, (CODE / "tidy.py").read_bytes()])
            kept = places.cache / "tidy" / name
            if not kept.is_file():
                _keep(kept, formatted(raw.decode()).encode())
            texts[path] = kept.read_bytes()
    timings.mark("tidy")
    summary = {
        "name": api.name,
        "title": api.title,
        "client": api.client,
        "operations": len(api.operations),
        "coverage": [[c.what, c.covered, c.documented] for c in api.coverage],
    }
    _keep(places.cache / "api" / key, json.dumps([{p: t.decode() for p, t in texts.items()}, summary]).encode())
    return texts, summary


def _cached(cache: Path, key: str) -> tuple[Texts, dict[str, Any]] | None:
    path = cache / "api" / key
    if not path.is_file():
        return None
    texts, summary = json.loads(path.read_bytes())
    return {name: text.encode() for name, text in texts.items()}, summary


def _keep(path: Path, content: bytes) -> None:
    from generator.write import replace

    replace(path, content)


def _version(templates: Path) -> str:
    text = (
        (templates / "venues" / "__init__.py").read_text("utf-8")
        if (templates / "venues" / "__init__.py").is_file()
        else ""
    )
    return next((line.split('"')[1] for line in text.splitlines() if line.startswith("__version__")), "0")


def _shared_hash(places: Places) -> bytes:
    """Hash what every API's texts depend on: templates, schemas, the generator and the versions of its libraries."""
    lock = ROOT / "requirements.lock"
    parts = [*_files(places.templates, "*.j2"), *_files(CODE, "*.py"), *_files(ROOT / "specs" / "schema", "*.json")]
    return _digest([*parts, _version(places.templates).encode(), lock.read_bytes() if lock.is_file() else b""]).encode()


def _files(folder: Path, pattern: str) -> list[bytes]:
    found = []
    for path in sorted(folder.rglob(pattern)):
        found += [path.relative_to(folder).as_posix().encode(), path.read_bytes()]
    return [folder.name.encode(), *found]


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
