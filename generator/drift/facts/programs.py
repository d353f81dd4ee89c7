"""Distinguishes programs from samples: the braces of a program are not a response."""

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
"""Without `javascript`, which many pages write above JSON samples."""
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
    """Whether a block is a program; what begins with a bracket is a sample, whatever its label says."""
    if not isinstance(block, Code):
        return False
    bare = block.text.lstrip()
    if bare[:1] in ("{", "[", "<"):
        return False
    return block.language.lower() in LANGUAGES or _STATEMENT.search(block.text) is not None


FEW = 3  # lines


def is_formula(block: Code) -> bool:
    """Whether a block says how something is computed, as `sign = hex(hmac(secret, text))`: short, and in no language."""
    return block.language.lower() not in LANGUAGES and block.text.count("\n") < FEW
