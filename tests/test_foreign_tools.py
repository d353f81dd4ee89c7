"""Tools of other people take the documents: validators, generators of clients and of types, a template of pages, type checkers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.foreign import (
    ASYNCAPI,
    OPENAPI,
    ROOT,
    SCRIPTS,
    needs_java,
    needs_node,
    needs_python,
    node,
    python,
    said,
)

STRICT = (
    "--strict",
    "--noEmit",
    "--skipLibCheck",
    "--target",
    "es2020",
    "--module",
    "es2020",
    "--moduleResolution",
    "bundler",
)
DECODE = SCRIPTS.parent / "decode_generated.py"
EXPECTED = {
    "binance_spot": {"market.get_exchange_info": "reads no enum in a list of lists"},
    "bingx_swap": {"market.get_contracts": "reads no list of objects where that is one of several forms"},
}
"""Calls that openapi-generator's Python gets wrong, by API, with what it does not know."""

APIS = [path.stem for path in OPENAPI]


@needs_node
def test_the_official_parser_takes_asyncapi() -> None:
    """The parser of AsyncAPI finds neither an error nor a warning in any document."""
    checked = node("check_asyncapi.mjs", *ASYNCAPI)
    assert (0, "") == (checked.returncode, checked.stdout), checked.stderr


@needs_node
def test_spectral_recommends_nothing() -> None:
    """Spectral's recommended rules find nothing that tests/tools/documents/spectral.yaml does not explain."""
    ruleset = ("--ruleset", SCRIPTS / "spectral.yaml", "--fail-severity", "hint", "--format", "json", "--quiet")
    linted = node("spectral", "lint", *ruleset, *OPENAPI, *ASYNCAPI)
    assert (0, []) == (linted.returncode, json.loads(linted.stdout or "[]")), said(linted)


@needs_node
def test_redocly_recommends_nothing() -> None:
    """Redocly's recommended rules find neither an error nor a warning."""
    linted = node("redocly", "lint", "--config", SCRIPTS / "redocly.yaml", "--format", "github-actions", *OPENAPI)
    assert (0, []) == (linted.returncode, [line for line in linted.stdout.splitlines() if line.startswith("::")])


@needs_node
def test_types_for_typescript_are_strict(tmp_path: Path) -> None:
    """openapi-typescript writes types that TypeScript takes in its strict mode."""
    apis = {path.stem: {"root": str(path), "x-openapi-ts": {"output": f"./{path.stem}.ts"}} for path in OPENAPI}
    (tmp_path / "redocly.yaml").write_text(json.dumps({"apis": apis}), "utf-8")  # JSON is YAML
    written = node("openapi-typescript", "--redocly", tmp_path / "redocly.yaml")
    assert written.returncode == 0, said(written)
    compiled = node("tsc", *STRICT, *(tmp_path / f"{api}.ts" for api in apis))
    assert (0, "") == (compiled.returncode, compiled.stdout)


@needs_node
def test_types_of_streams_have_names(tmp_path: Path) -> None:
    """Modelina makes types of AsyncAPI that TypeScript takes in its strict mode, and no type is anonymous."""
    made = node("model_asyncapi.mjs", tmp_path, *ASYNCAPI)
    assert made.returncode == 0, said(made)
    names = json.loads(made.stdout)
    assert [] == [name for api in names.values() for name in api if "anonymous" in name.lower()]
    compiled = node("tsc", *STRICT, *sorted(tmp_path.glob("*/*.ts")))
    assert (0, "") == (compiled.returncode, compiled.stdout)


@needs_node
def test_the_html_template_shows_streams(tmp_path: Path) -> None:
    """The official template makes a page of a document, with its messages; one document, for it takes long."""
    shown = node("show_asyncapi.mjs", tmp_path, ASYNCAPI[-1])
    assert shown.returncode == 0, said(shown)
    page = (tmp_path / "index.html").read_text("utf-8")
    messages = json.loads(ASYNCAPI[-1].read_text("utf-8"))["components"]["messages"]
    assert {} == {name: message for name, message in messages.items() if name not in page}


@needs_python
def test_pyrefly_finds_no_error() -> None:
    """Pyrefly finds no error in the package, nor in what users write with it."""
    checked = python("pyrefly", "check", "--config", SCRIPTS.parent / "pyrefly.toml")
    assert checked.returncode == 0, said(checked)


@needs_python
@pytest.mark.parametrize("config", ["ty", "ty_package"])
def test_ty_finds_no_error(config: str) -> None:
    """Ty finds no error in what users write with the package, and none in the package that its file does not explain."""
    checked = python(
        "ty", "check", "--project", ROOT, "--config-file", SCRIPTS.parent / f"{config}.toml", "--error-on-warning"
    )
    assert checked.returncode == 0, said(checked)


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clients for all APIs by openapi-generator, which writes them in one run, for it starts slowly."""
    folder = tmp_path_factory.mktemp("clients")
    configs = [_config(folder, kind, path) for kind in ("typescript-fetch", "python") for path in OPENAPI]
    made = python("openapi-generator-cli", "batch", "--fail-fast", *configs)
    assert made.returncode == 0, said(made)
    return folder


@needs_node
@needs_python
@needs_java
def test_a_client_for_typescript_compiles(clients: Path) -> None:
    """openapi-generator's clients for TypeScript compile in its strict mode."""
    entries = [clients / "typescript-fetch" / api / "index.ts" for api in APIS]
    compiled = node("tsc", *STRICT, "--lib", "es2020,dom", *entries)
    assert (0, "") == (compiled.returncode, compiled.stdout)


@needs_python
@needs_java
@pytest.mark.parametrize("api", APIS)
def test_a_client_for_python_reads_every_example(clients: Path, api: str) -> None:
    """openapi-generator's clients for Python send every call, and read its answer without losing anything."""
    document = next(path for path in OPENAPI if path.stem == api)
    found = python("python", DECODE, document, clients / "python" / api, api)
    assert found.returncode == 0, said(found)
    wrong = {name: outcome for name, outcome in json.loads(found.stdout).items() if outcome != "same"}
    assert EXPECTED.get(api, {}).keys() == wrong.keys(), wrong


def _config(folder: Path, kind: str, path: Path) -> Path:
    config = folder / f"{kind}_{path.stem}.json"
    nothing = dict.fromkeys(("modelDocs", "apiDocs", "modelTests", "apiTests"), False)
    config.write_text(
        json.dumps(
            {
                "inputSpec": str(path),
                "generatorName": kind,
                "outputDir": str(folder / kind / path.stem),
                "additionalProperties": {"packageName": path.stem},
                "globalProperties": nothing,
                # It changes the case of names, and some exchanges have both `m` and `M`.
                "nameMappings": {name: f"upper_{name.lower()}" for name in _twice(path)},
            }
        ),
        "utf-8",
    )
    return config


def _twice(path: Path) -> set[str]:
    """Return the names in capitals of members that have a twin in small letters."""
    schemas = json.loads(path.read_text("utf-8"))["components"]["schemas"].values()
    members = [set(schema.get("properties", ())) for schema in schemas]
    return {name for names in members for name in names if name.lower() != name and name.lower() in names}
