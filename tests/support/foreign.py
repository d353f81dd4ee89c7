"""Other people's tools, where they are installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
NODE = ROOT / ".cache" / "documents"
PYTHON = ROOT / ".cache" / "openapi-client" / "bin"
SCRIPTS = ROOT / "tests" / "tools" / "documents"
OPENAPI = sorted((ROOT / "generated" / "openapi").glob("*.json"))
ASYNCAPI = sorted((ROOT / "generated" / "asyncapi").glob("*.json"))
HAS_NODE = shutil.which("node") is not None and (NODE / "node_modules" / ".bin").is_dir()
HAS_PYTHON = (PYTHON / "openapi-generator-cli").is_file()

needs_node = pytest.mark.skipif(not HAS_NODE, reason="tools for documents are not installed: run `make tools`")
needs_python = pytest.mark.skipif(not HAS_PYTHON, reason="generators of clients are not installed: run `make tools`")
needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="openapi-generator needs Java")


def node(tool: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a tool of npm, or a script of ours that uses one."""
    path = SCRIPTS / tool if tool.endswith(".mjs") else NODE / "node_modules" / ".bin" / tool
    return _run(["node", path, *arguments])


def python(tool: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a tool of Python's, or Python itself, in the environment of the tools."""
    return _run([PYTHON / tool, *arguments])


def _run(command: list[object]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, command)], cwd=NODE, capture_output=True, text=True, check=False)


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Return what a tool printed, for whoever reads why a test failed."""
    return (done.stdout + done.stderr)[-4000:]
