"""Tells a mistake in a template as a problem with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import walk_tb

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from generator.problems import Problem, SpecError


@contextmanager
def told(templates: Path) -> Iterator[None]:
    """Turn what Jinja finds wrong into problems.

    Raises:
        SpecError: with the template and the line.
    """
    try:
        yield
    except TemplateError as error:
        file, line = _place(error, templates)
        what = f"no template {error.message}" if isinstance(error, TemplateNotFound) else error.message
        raise SpecError([Problem(f"{templates.name}/{file}", line, "template", what or str(error))]) from None


def _place(error: TemplateError, templates: Path) -> tuple[str, int]:
    if isinstance(error, TemplateSyntaxError):
        return error.name or "?", error.lineno
    places = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]
    inside = [(path.relative_to(templates).as_posix(), line) for path, line in places if templates in path.parents]
    return inside[-1] if inside else ("?", 1)
