"""Finds mistakes in templates, and reports them with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from generator.ground.problems import Problem, SpecError, suggest
from generator.ground.tree import templates_in

if TYPE_CHECKING:
    from jinja2 import TemplateError

PLACEHOLDERS = ("api", "group", "operation", "channel", "type", "deed")


def path_problems(templates: Path) -> Iterator[Problem]:
    """Yield the files of a template tree that would make no output, or one with a brace in its name."""
    for name in templates_in(templates):
        file, used = f"{templates.name}/{name}", re.findall(r"\{(.*?)\}", name)
        for word in used:
            if word not in PLACEHOLDERS:
                yield Problem(file, 1, "path", f"there is no placeholder {{{word}}}{suggest(word, PLACEHOLDERS)}")
        if used and not name.endswith(".j2"):
            yield Problem(file, 1, "path", "a template that is rendered once for each must end in .j2")
        # Deeds are compared across all APIs.
        if used and "api" not in used and used != ["deed"]:
            yield Problem(file, 1, "path", f"{{{used[0]}}} needs {{api}} in the path before it")


@contextmanager
def jinja_errors_as_problems(templates: Path) -> Iterator[None]:
    """Turn Jinja's errors into problems.

    Raises:
        SpecError: with the template and the line.
    """
    from jinja2 import TemplateError, TemplateNotFound

    try:
        yield
    except TemplateError as error:
        file, line = _place(error, templates)
        what = f"no template {error.name}" if isinstance(error, TemplateNotFound) else error.message or str(error)
        raise SpecError([Problem(f"{templates.name}/{file}", line, "template", what)]) from None


def _place(error: TemplateError, templates: Path) -> tuple[str, int]:
    from traceback import walk_tb

    from jinja2 import TemplateSyntaxError

    if isinstance(error, TemplateSyntaxError):
        return error.name or "?", error.lineno
    # Jinja rewrites tracebacks so that frames of compiled templates show the template's file and line.
    places = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]
    inside = [(path.relative_to(templates).as_posix(), line) for path, line in places if templates in path.parents]
    return inside[-1] if inside else ("?", 1)
