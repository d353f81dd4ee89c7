"""What names a spec may not use follows from what the generated modules use themselves."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from generator.check.names import ARGUMENTS, CLASSES, CLIENT, GROUP
from generator.ground.naming import TAKEN
from generator.model.api import Api
from generator.output.render import api_texts
from generator.pipeline.validate import model_of
from generator.source.folder import read_source
from tests.support.apis import APIS
from tests.support.made import TEMPLATES
from venues.core.async_client import AsyncCore
from venues.core.client import SyncCore

SPECS = Path(__file__).parent / "cases" / "every_kind_of_text" / "specs"
PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")


@pytest.fixture(scope="module")
def api() -> Api:
    return model_of(read_source(SPECS, SPECS / "demo"), SPECS)


@pytest.fixture(scope="module")
def modules(api: Api) -> dict[str, ast.Module]:
    """The modules of an API as the templates print them, before unused imports are dropped."""
    made = {path: text.decode() for path, text in api_texts(TEMPLATES, api, "1").items() if path.endswith(".py")}
    return {path: ast.parse(text) for path, text in made.items()}


def own(api: Api) -> set[str]:
    """Return the class names that follow from the names of a spec."""
    names = {api.client, f"Async{api.client}", *(enum.name for enum in api.enums)}
    for struct in api.structs:
        names |= {struct.name, f"{struct.name}Fields"}
    for group in api.groups:
        names |= {group.class_name, f"Async{group.class_name}"}
    if api.streams:
        names |= {struct.name for struct in api.streams.structs}
        for channel in api.streams.channels:
            names |= {channel.class_name, channel.event_class, channel.name.upper()}
    return names | {scheme.class_name for scheme in api.signing.schemes}


def bound(tree: ast.Module) -> set[str]:
    """Return every name that a module binds at its top, also where only types are checked."""
    names: set[str] = set()
    for node in [*tree.body, *(inner for block in tree.body if isinstance(block, ast.If) for inner in block.body)]:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def test_no_type_can_hide_what_a_module_binds(api: Api, modules: dict[str, ast.Module]) -> None:
    """Each class name that a template brings in beside those of a spec is one that no type may have."""
    mixed = [names for names in map(bound, modules.values()) if names & own(api)]
    brought = {name for names in mixed for name in names if PASCAL.fullmatch(name)} - own(api)
    assert set() == brought - CLASSES


def test_no_group_can_hide_an_attribute_of_the_client() -> None:
    """Each public attribute of a client is one that no group may be called."""
    public = {name for core in (SyncCore, AsyncCore) for name in dir(core) if re.fullmatch("[a-z][a-z0-9_]*", name)}
    assert set() == public - CLIENT


def test_no_credential_can_be_an_argument_twice() -> None:
    """Each argument of a client beside its credentials is one that no credential may be called."""
    for api in APIS:
        given = set(inspect.signature(api.client.__init__).parameters)
        credentials = {name for made in api.client.PROFILE.signers() for name in made.credentials}
        assert set() == given - credentials - ARGUMENTS, api.name


def test_no_operation_can_hide_what_annotations_use(modules: dict[str, ast.Module]) -> None:
    """Each small name in an annotation of a method is one that no operation may be called."""
    trees = [tree for path, tree in modules.items() if "/rest/" in path]
    functions = [
        node for tree in trees for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    annotations = [arg.annotation for f in functions for arg in f.args.kwonlyargs] + [f.returns for f in functions]
    names = {
        n.id for a in annotations if a is not None for n in ast.walk(a) if isinstance(n, ast.Name) and n.id.islower()
    }
    assert set() == names - GROUP


def test_no_parameter_can_hide_what_a_method_uses(modules: dict[str, ast.Module]) -> None:
    """Each name in the body of a method, parameters aside, is one that no parameter may have."""
    trees = [tree for path, tree in modules.items() if "/rest/" in path]
    functions = [
        node for tree in trees for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    used = {
        (node.id, frozenset(arg.arg for arg in function.args.kwonlyargs))
        for function in functions
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name)
    }
    assert set() == {name for name, params in used if name not in params} - TAKEN
