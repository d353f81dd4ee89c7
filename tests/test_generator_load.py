"""How YAML is read: plain data with lines, exact numbers, and no way to break the reader."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.ground.problems import Problem, printable
from generator.source.load import MAX_BYTES, MAX_DEPTH, Map, Seq, Value, parse


def read(text: str) -> tuple[Map | None, list[str]]:
    """Return what was read, and the problems as they are printed."""
    problems: list[Problem] = []
    return parse(text.encode(), "f", problems), [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1, "1"),
        (-5, "-5"),
        (Decimal("0.10"), "0.10"),
        (Decimal("1.5e-7"), "1.5e-7"),
        (True, "true"),
        (False, "false"),
        (None, "null"),
        (None, "~"),
        (None, ""),
        ("1", '"1"'),
        ("yes", "yes"),
        ("NO", "NO"),
        ("2026-11-20", "2026-11-20"),
        ("12:30:45", "12:30:45"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e5", "1e5"),
        (".inf", ".inf"),
        ("9" * 80, "9" * 80),
    ],
)
def test_scalars(value: Value, written: str) -> None:
    """Numbers are exact, two words are booleans, and whatever else YAML would guess is text."""
    content, problems = read(f"key: {written}\n")
    assert ({"key": value}, []) == (content, problems)
    assert content is not None
    assert type(value) is type(content["key"])


def test_lines_are_remembered() -> None:
    """Each key and each member knows its line."""
    content, _ = read("a: 1\n\nb:\n  - x\n  - {c: 2,\n     d: 3}\n")
    assert content is not None
    members = content["b"]
    assert isinstance(members, Seq)
    inner = members[1]
    assert isinstance(inner, Map)
    assert (1, 3, [4, 5], 5, 6) == (
        content.line_of("a"),
        content.line_of("b"),
        members.lines,
        inner.line_of("c"),
        inner.line_of("d"),
    )


@pytest.mark.parametrize(
    ("told", "opening"),
    [
        (f"nested more than {MAX_DEPTH} levels deep; no spec needs that", "["),
        (f"nested more than {MAX_DEPTH} levels deep; no spec needs that", "{a: "),
        (f"nested more than {MAX_DEPTH} levels deep; no spec needs that", "- "),
        ("a key must be a plain string", "? "),
    ],
)
def test_endless_nesting_is_a_problem(told: str, opening: str) -> None:
    """A hundred thousand brackets do not exhaust the stack: they are told in a line."""
    _, problems = read("a:\n  " + opening * 100_000)
    assert f"f:2  YAML: {told}" == problems[0]


def test_huge_file_is_a_problem() -> None:
    """A file that is no spec is not even parsed."""
    _, problems = read("a: " + "x" * MAX_BYTES)
    assert [f"f:1  file: more than {MAX_BYTES} bytes; split it"] == problems


def test_byte_order_mark_is_skipped() -> None:
    """A mark that editors on Windows write is no part of the first key."""
    assert ({"a": 1}, []) == read("\ufeffa: 1\n")


def test_tab_is_called_a_tab() -> None:
    """A line that is indented with a tab is told so."""
    _, problems = read("a:\n\tb: 1\n")
    assert ["f:2  YAML: found character that cannot start any token; indent with spaces, not tabs"] == problems


@given(st.text(max_size=60))
@example("a: &x [*x]")
@example("%YAML 1.1\n---\na: 1\n...\nb")
@example("? [a]\n: b")
@example("a: !!python/object/apply:os.abort []")
@example("<<: {a: 1}")
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever a file holds, it is read or told, and every problem is one printable line."""
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        return
    problems: list[Problem] = []
    content = parse(encoded, "f", problems)
    assert content is not None or problems
    assert all(str(problem).isprintable() for problem in problems)


@given(st.text(max_size=30))
def test_printable_is_one_line(text: str) -> None:
    """Messages hold no line breaks and no escape sequences, whatever they quote."""
    assert printable(text).isprintable()
