"""Has datamodel-code-generator print the struct classes: it knows what msgspec wants, we know the types and texts.

The library reads JSON Schema, which has no word for an exact number, a unit of time or a flat list. So each member says
its annotation itself, as `x-python-type`, and our template prints the docstrings: no text of a spec passes through the
library, and nothing that it printed is edited afterwards.
"""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.ground.cache import NOWHERE, Cache, digest
from generator.ground.units import with_unit
from generator.model.api import Api
from generator.model.reach import dependencies_first
from generator.model.types import Field, Struct
from generator.python.docstrings import received_docstring
from generator.words.annotations import annotation
from generator.words.literals import doc, docstring, literal

TEMPLATES = Path(__file__).with_name("templates")
AT_ONCE = 100
"""Classes that one call of the library prints: more are no faster, and it holds more memory until all are printed."""
MODELS = "venues.core.answer.models"


def models(api: Api, cache: Cache = NOWHERE) -> str:
    """Return the struct classes of an API: Python text, not formatted yet."""
    received = [struct for struct in api.structs if struct.received]
    return _printed(received, cache, f"models/{api.name}")


def stream_models(api: Api, cache: Cache = NOWHERE) -> str:
    """Return the struct classes that only streams use; those of responses are imported."""
    structs = list(api.streams.structs) if api.streams else []
    return _printed(structs, cache, f"models/{api.name}_streams")


def _printed(structs: Iterable[Struct], cache: Cache, name: str) -> str:
    """Print each struct by itself, so that an edit of one leaves the others in the cache."""
    wanted = [Request(struct) for struct in dependencies_first(structs, _named_fields)]
    with cache.pieces(name) as pieces:
        missing = [request for request in wanted if pieces.get(request.key) is None]
        for request, text in zip(missing, print_classes(missing), strict=True):
            pieces.keep(request.key, text)
        return "\n\n\n".join(pieces.used[request.key] for request in wanted)


class Request:
    """What the library is given to print one struct."""

    def __init__(self, struct: Struct) -> None:
        self.name = struct.name
        self.schema: dict[str, Any] = {
            "type": "object",
            "properties": {field.wire: _member(field) for field in struct.fields},
            "required": [field.wire for field in struct.fields if not field.optional],
            "customBasePath": f"{MODELS}.{_base(struct)}",
        }
        self.names = {f"{struct.name}.{field.wire}": field.name for field in struct.fields if field.wire != field.name}
        self.docs = {field.wire: docstring(doc(with_unit(field.doc, field.unit), 4), 4) for field in struct.fields}
        self.docs[""] = received_docstring(struct)
        self.other_names = {other: field.wire for field in struct.fields for other in field.also}

    @property
    def extra(self) -> dict[str, Any]:
        """What our template is given beside what the library knows."""
        return {"docs": self.docs, "other_names": literal(self.other_names) if self.other_names else ""}

    @cached_property
    def key(self) -> str:
        """A hash of all of it; the template is part of what seals the whole cache."""
        parts = [self.name, self.schema, self.names, self.docs, self.other_names]
        return digest([json.dumps(parts).encode()])


def _member(field: Field) -> dict[str, Any]:
    typed = f"Flat[{annotation(field.type.item)}]" if field.flat else annotation(field.type)
    # The library takes an annotation only where the JSON type contradicts it, and never believes that of `integer`.
    return {"type": "integer", "x-python-type": typed, **({"nullable": True} if field.optional else {})}


def _base(struct: Struct) -> str:
    if struct.array:
        return "ArrayModel"
    return "SecretModel" if any(field.secret for field in struct.fields) else "Model"


def _named_fields(struct: Struct) -> set[str]:
    return {name for field in struct.fields for name in field.type.names}


def print_classes(requests: Sequence[Request]) -> list[str]:
    """Have the classes printed, many by one call of the library, each of which costs as much as some classes."""
    classes = dict[str, str]()
    for at in range(0, len(requests), AT_ONCE):
        printed = _by_library(requests[at : at + AT_ONCE])
        lines = printed.splitlines()
        classes |= {
            node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno])
            for node in ast.parse(printed).body
            if isinstance(node, ast.ClassDef)
        }
    return [classes[request.name] for request in requests]


def _by_library(requests: Sequence[Request]) -> str:
    from datamodel_code_generator import generate
    from datamodel_code_generator.enums import DataModelType, InputFileType
    from datamodel_code_generator.format import PythonVersion

    document = {
        "openapi": "3.1.0",
        "info": {"title": "structs", "version": "1"},
        "paths": {},
        "components": {"schemas": {request.name: request.schema for request in requests}},
    }
    printed = generate(
        json.dumps(document),
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.MsgspecStruct,
        target_python_version=PythonVersion.PY_311,
        custom_template_dir=TEMPLATES,
        extra_template_data=defaultdict(dict, {request.name: request.extra for request in requests}),
        aliases={wire: name for request in requests for wire, name in request.names.items()},
        strict_nullable=True,  # without it, the library has UNSET stand for what is missing
        use_union_operator=True,
        use_double_quotes=True,
        formatters=[],  # ruff formats whole files afterwards
    )
    assert isinstance(printed, str)
    return printed
