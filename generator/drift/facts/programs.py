"""Tells code of programming languages from samples: braces of a program are no answer."""

from __future__ import annotations

import re

from generator.drift.pages.blocks import Block, Code

LANGUAGES = frozenset(
    [
        "python",
        "python3",
        "py",
        "java",
        "kotlin",
        "scala",
        "go",
        "golang",
        "ruby",
        "rb",
        "php",
        "perl",
        "csharp",
        "c#",
        "cs",
        "cpp",
        "c++",
        "c",
        "rust",
        "rs",
        "swift",
        "dart",
        "lua",
        "r",
        "bash",
        "sh",
        "shell",
        "zsh",
        "console",
        "powershell",
        "typescript",
        "ts",
        "node",
        "nodejs",
    ]
)
"""`javascript` is not here: many pages call their JSON samples so."""
_STATEMENT = re.compile(
    r"""
    ^\s*(?:
        (?:import|package|using|require|include|\#include|from|use)\b\s*[\w.{"'<(*\\]
      | (?:const|let|var|val|def|func|fun|fn|function|class|public|private|static|async|await|return|print|echo)\b[\s(]
      | [A-Za-z_$][\w$.]*\s*:?=\s                       # an assignment
      | [A-Za-z_$][\w$.]*\(.*\)\s*;?\s*$                # a call
    )
    """,
    re.MULTILINE | re.VERBOSE,
)


def is_program(block: Block) -> bool:
    """Whether a block is code of a programming language; what begins with a bracket is a sample, whatever it is called."""
    if not isinstance(block, Code):
        return False
    bare = block.text.lstrip()
    if bare[:1] in ("{", "[", "<"):
        return False
    return block.language.lower() in LANGUAGES or _STATEMENT.search(block.text) is not None
