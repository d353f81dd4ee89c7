"""Hostile text in any place of a spec, names included: a problem with a line, or an output in which it is no code."""

from __future__ import annotations

import ast
import json
import random
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from generator.ground.problems import Problem, SpecError
from generator.output.render import api_texts
from generator.pipeline.validate import model_of
from generator.python.formatter import format_all
from generator.source.folder import read_source
from generator.source.load import Map, Seq, Source, Value
from tests.test_hostile_text import SPECS, code_templates

CASES = Path(__file__).parent / "cases"
EVIL = "pwned"
WORST = [
    f'"""\n{EVIL}()\n"""', f"'); {EVIL}(); ('", f'"); {EVIL}(); ("', f"\\'); {EVIL}() #", f"{{{{ {EVIL}() }}}}", f"{{% set x = {EVIL}() %}}",
    f"{{{EVIL}()}}", f"x\n    {EVIL}()\n", f"x\r{EVIL}()", f"x\u2028{EVIL}()", f"\u202e{EVIL}()\u202c", f"x\x00{EVIL}()", f"{EVIL}() if 1 else ",
    f"list[{EVIL}()]", f"map[{EVIL}()]", f"__import__('{EVIL}')", f"../../{EVIL}", f"/{EVIL}", f"..\\{EVIL}", f"lambda: {EVIL}()", f"*{EVIL}", f"x={EVIL}()",
    f"(?P<{EVIL}>", f"[{EVIL}", f"(({EVIL}+)+)+$", f"`{EVIL}`", f"<script>{EVIL}()</script>", f"# {EVIL}()", f"$({EVIL})", f"%({EVIL})s", f"x: {EVIL}", "class", "None", "self",
    "__init__", "", " ", "-1", "1e999", "\ud7ff", "ﬁ", "ｅval", EVIL * 2000,
]  # fmt: skip
SPECIMENS = [
    SPECS,
    *(CASES / name / "specs" for name in ("signed_post_method", "other_algorithms", "stream_by_listen_key")),
]
Place = tuple[Map | Seq, str | int, bool]
"""Where a text stands: a mapping or list, the key or index, and whether it is the key itself."""


def places(value: Value) -> Iterator[Place]:
    """Yield every place of a spec in which a text, a number or a name stands."""
    if isinstance(value, Map):
        for key, member in value.items():
            yield value, key, True
            yield from places(member) if isinstance(member, (Map, Seq)) else [(value, key, False)]
    elif isinstance(value, Seq):
        for index, member in enumerate(value):
            yield from places(member) if isinstance(member, (Map, Seq)) else [(value, index, False)]


def spoil(source: Source, chance: random.Random) -> str:
    """Put hostile text into one place; return which."""
    content, key, renamed = chance.choice([place for part in source.files.values() for place in places(part)])
    evil = chance.choice(WORST)
    if renamed and isinstance(content, Map):
        members = [(evil if name == key else name, value, content.line_of(name)) for name, value in content.items()]
        content.clear()
        for name, value, line in members:
            content[name] = value
            content.lines[name] = line
    elif isinstance(content, Map):
        content[str(key)] = evil
    else:
        content[int(key)] = evil
    return f"{key!r} → {evil[:60]!r}"


def executed(tree: ast.AST) -> list[str]:
    """Return what of an output would run something of the hostile text."""
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    imports = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    return [text for text in (*calls, *imports) if EVIL in text]


def outcome(source: Source, specs: Path) -> tuple[dict[str, str], list[Problem]]:
    """Return what is made of a spec, or what is wrong with it."""
    try:
        made = api_texts(code_templates(), model_of(source, specs), "1")
    except SpecError as error:
        return {}, error.problems
    return {path: text.decode() for path, text in made.items()}, []


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("specs", SPECIMENS, ids=lambda specs: specs.parent.name)
def test_no_place_of_a_spec_takes_code(specs: Path, seed: int) -> None:
    """Wherever a hostile text stands, the spec is refused with a line, or nothing of it is more than a literal."""
    chance = random.Random(seed)
    for _ in range(6):
        source = read_source(specs, specs / "demo")
        where = spoil(source, chance)
        made, problems = outcome(source, specs)
        assert made or problems, where
        assert all(problem.line > 0 and str(problem).isprintable() for problem in problems), where
        made |= format_all({path: text for path, text in made.items() if path.endswith(".py")})
        for path, text in made.items():
            assert ".." not in PurePosixPath(path).parts, where
            assert not path.startswith("/"), where
            if path.endswith(".py"):
                assert [] == executed(ast.parse(text)), where
            elif path.endswith(".json"):
                assert json.loads(text), where
