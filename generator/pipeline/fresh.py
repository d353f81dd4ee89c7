"""Renders one API from its spec; imported only when something must be rendered, because its libraries load slowly."""

from __future__ import annotations

from functools import partial

from generator.check.unproved import unproved
from generator.ground.cache import NOWHERE, Cache, Texts, digest
from generator.model.api import Api
from generator.model.per_api import forget
from generator.model.summarize import summary_of
from generator.model.summary import Summary
from generator.output.grounds import Grounds
from generator.output.render import api_texts
from generator.output.template_problems import jinja_errors_as_problems
from generator.pipeline.api_output import ApiOutput
from generator.pipeline.reuse import Reuse
from generator.pipeline.timings import Timings
from generator.pipeline.validate import model_of
from generator.pipeline.work import Task, Work
from generator.python.formatter import format_all
from generator.reference.offers import offers
from generator.source.folder import read_source


def render_api(work: Work, task: Task, timings: Timings) -> ApiOutput:
    """Return the output of one API.

    Raises:
        SpecError: with every problem of its spec, or of a template.
    """
    pages = Reuse(work, task)
    texts, summary = _rendered(work, task, pages, timings)
    texts |= _formatted(texts, task.name, NOWHERE if pages.taken else work.cache)
    texts = pages.completed(texts)
    timings.mark("format")
    return ApiOutput(texts, summary)


def _rendered(work: Work, task: Task, pages: Reuse, timings: Timings) -> tuple[Texts, Summary]:
    """Return the texts of one API, not formatted yet, and the API in short; source and model are not kept any longer."""
    api, warnings = _model(work, task.name)
    timings.mark("validate")
    with jinja_errors_as_problems(work.templates):
        lacks = partial(pages.lacks, Grounds(api, work.made_with))
        texts = api_texts(work.templates, api, work.version, work.cache, lacks)
    summary = summary_of(api, offers(api), warnings)
    forget(api)
    timings.mark("render")
    return texts, summary


def _model(work: Work, name: str) -> tuple[Api, tuple[str, ...]]:
    source = read_source(work.specs, work.specs / name, work.cache)
    api = model_of(source, work.specs, work.cache)
    return api, tuple(map(str, unproved(source, api)))


def _formatted(texts: Texts, name: str, cache: Cache) -> Texts:
    """Return the Python files among these texts, formatted; what was formatted in an earlier run comes from the cache."""
    # Each text has its own entry: if one operation changes, only its files go through the formatter, the slowest step.
    # Where pages are taken from the last output, few are left to format, and the entries of all others must stay.
    with cache.pieces(f"format/{name}") as pieces:
        keys = {path: digest([raw]) for path, raw in texts.items() if path.endswith(".py")}
        missing = [path for path, key in keys.items() if pieces.get(key) is None]
        # All at once: starting the formatter costs more than formatting one file.
        for path, text in format_all({path: texts[path].decode() for path in missing}).items():
            pieces.keep(keys[path], text)
    # Not before the pieces are kept: the texts of a large API are megabytes, and are held twice from here on.
    return {path: pieces.used[key].encode() for path, key in keys.items()}
