"""One API, made anew; everything that this needs is imported only when there is something to make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator.ground.cache import Cache, Texts, digest
from generator.model.api import Api
from generator.output.render import api_texts
from generator.output.template_problems import told
from generator.pipeline.timings import Timings
from generator.pipeline.validate import model_of
from generator.python.formatter import format_all
from generator.source.load import read_source

Summary = dict[str, Any]  # JSON


def texts_of(
    specs: Path, templates: Path, name: str, version: str, cache: Cache, timings: Timings
) -> tuple[Texts, Summary]:
    """Return the texts of one API, and what the templates that are made once for all APIs may say of it.

    Raises:
        SpecError: with every problem of its spec, or of a template.
    """
    api = model_of(read_source(specs, specs / name), specs, cache)
    timings.mark("validate")
    with told(templates):
        texts = api_texts(templates, api, version, cache)
    timings.mark("render")
    with cache.pieces(f"tidy/{api.name}") as pieces:
        keys = {path: digest([raw]) for path, raw in texts.items() if path.endswith(".py")}
        missing = [path for path, key in keys.items() if pieces.get(key) is None]
        for path, text in format_all({path: texts[path].decode() for path in missing}).items():
            pieces.keep(keys[path], text)
        texts |= {path: pieces.used[key].encode() for path, key in keys.items()}
    timings.mark("tidy")
    return texts, summary(api)


def summary(api: Api) -> Summary:
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
