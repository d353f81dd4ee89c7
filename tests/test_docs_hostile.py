"""Nothing in a spec becomes markup on a reference page."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.output.render import api_texts
from generator.reference.shell import word
from generator.signing.texts import without_marks
from generator.words.markdown import prose
from tests.support.made import TEMPLATES
from tests.test_hostile_text import WORST, model

ROOT = Path(__file__).parent.parent
PYTHON = ROOT / ".venv-site" / "bin" / "python"
READ = ROOT / "tests" / "tools" / "read_markdown.py"
MARKUP = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[click](javascript:alert(1))", "![x](https://x.test/y.png)",
    "text { onclick=alert(1) }", "`code`{ onmouseover=alert(1) }", "# heading", "## a { #id onclick=x }", "- item", "1. one",
    "| a | b |", "a | b", "`a | b`", "`<b>`", "```\n<script>", "=== \"Tab\"", "!!! note", "> quote", "***", "---", "&lt;script&gt;",
    "&#60;script>", "<!-- x -->", "[^1]: note", "*[HTML]: x", "~~~", "\\<b>", "\\`<b>\\`", "``<b>``", "a\n\n<div>\n", "    indented",
    "https://x.test/<b>", "<https://x.test>", "<a href=\"javascript:1\">", "![[x]]", "{: onclick=x }", "term\n: definition",
    "`\\S+-\\d{1,8}`", "`a\\`", "`\\`", "`{: onclick=x }`", "`&lt;b&gt;`", "`&#60;b>`", "`[a](https://x.test)`", "`$x$`", "` a `",
    "`{\"a\": [1, \"_b_\"]}`{ onclick=x }", "`a` { .x onclick=y }",
]  # fmt: skip


@pytest.mark.parametrize("texts", [MARKUP, WORST, [*reversed(MARKUP)]], ids=["markup", "worst", "reversed"])
@pytest.mark.skipif(not PYTHON.is_file(), reason="the site builder's Markdown is not installed: run `make tools`")
def test_hostile_texts_stay_text(texts: list[str], tmp_path: Path) -> None:
    """The site builder finds no tag, attribute, link or table cell that a text of the spec made."""
    for start in range(0, len(texts), 7):
        api = model([text for text in texts[start:] + texts[:start] if text.strip()])
        for path, content in api_texts(TEMPLATES, api, "0").items():
            if path.endswith(".md"):
                target = tmp_path / str(start) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
    done = subprocess.run([str(PYTHON), str(READ), str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {} == json.loads(done.stdout)


@given(st.text())
def test_prose_is_one_line(text: str) -> None:
    """No text begins a new line, where Markdown would see a block."""
    assert "\n" not in prose(text)
    assert prose(text).isprintable()


@given(st.text(min_size=1))
@example("~")  # the shell's word for home
def test_shell_sees_one_word(text: str) -> None:
    """Whatever a value holds, a shell reads it back as it is."""
    value = str(without_marks(text)).replace("\x00", "").encode("utf-8", "ignore").decode()
    done = subprocess.run(["sh", "-c", f"printf %s {word(value)}"], capture_output=True, check=True)
    assert value.encode() == done.stdout
