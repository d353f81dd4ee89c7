"""Reuses the pages of the last run for which nothing that they depend on has changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from generator.ground.cache import Cache, Texts
from generator.output.grounds import Grounds, prose_of
from generator.pipeline.api_output import ApiOutput
from generator.pipeline.work import Task, Work


class Reuse:
    """The pages of one API: which of the last run can be reused, and which must be rendered."""

    def __init__(self, work: Work, task: Task) -> None:
        """Look up the last output."""
        self._cache, self._task = work.cache, task
        self._templates, self._prose = work.templates, dict[str, tuple[str, ...]]()
        self._before, self._texts = _last(work.cache, task.name)
        self._now: dict[str, str] = {}
        """Path → hash of what its page depends on."""

    def lacks(self, grounds: Grounds, path: str, template: str, about: Mapping[str, Any]) -> bool:
        """Whether a page must be rendered: it is new, or something that it depends on has changed."""
        if template not in self._prose:
            self._prose[template] = prose_of(self._templates, template)
        self._now[path] = grounds.of(self._prose[template], about)
        return self._before.get(path) != self._now[path]

    @property
    def taken(self) -> int:
        """How many pages are reused."""
        return sum(self._before.get(path) == made_from for path, made_from in self._now.items())

    def completed(self, made: Texts) -> Texts:
        """Return all pages in the order in which they were asked for, and store the hashes for the next run."""
        # What is taken may be nothing: a template that prints nothing makes no file.
        texts = {path: made if self._before.get(path) != key else self._texts for path, key in self._now.items()}
        self._cache.keep(f"pages/{self._task.name}", json.dumps([self._task.key, self._now]).encode())
        return {path: where[path] for path, where in texts.items() if path in where}


def _last(cache: Cache, name: str) -> tuple[dict[str, str], Mapping[str, bytes]]:
    """Return what the pages of the last output were made from, and its texts; nothing where it is lost."""
    key, made_from = json.loads(cache.get(f"pages/{name}") or b'["", {}]')
    output = ApiOutput.of(cache, name, key)
    return (made_from, output.texts) if output is not None else ({}, {})
