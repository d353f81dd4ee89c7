"""Run by the client generator's own Python: imports a generated client and decodes every example of its document.

Prints what became of each example: "same" if the decoded answer says what the example says, else what went wrong.
"""

import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

import httpx  # type: ignore[import-not-found]


def main(document: str, package: str) -> None:
    sys.path.insert(0, str(Path(package).parent))
    client = importlib.import_module(Path(package).name)
    modules = {
        info.name.rpartition(".")[2].replace("_", ""): importlib.import_module(info.name)
        for info in pkgutil.walk_packages(client.__path__, f"{client.__name__}.")
        if not info.ispkg
    }
    paths = json.loads(Path(document).read_text("utf-8"))["paths"]
    calls = [call for methods in paths.values() for call in methods.values()]
    print(json.dumps({call["x-method"]: outcomes(call, modules, client) for call in calls}))


def outcomes(call: dict[str, Any], modules: dict[str, Any], client: Any) -> list[str]:
    """Return what became of each example of a call, without repeating the same."""
    content = call["responses"]["200"]["content"]["application/json"]
    examples = [example["value"] for example in content["examples"].values()]
    module = modules.get(call["operationId"].lower())
    return sorted({decoded(example, module, client) for example in examples}) if module else ["no module"]


def decoded(example: object, module: Any, client: Any) -> str:
    response = httpx.Response(200, json=example)
    try:
        found = module._parse_response(client=client.Client(base_url="http://localhost"), response=response)
        return "same" if printed(found) == example else f"{type(found).__name__} differs: {printed(found)!r}"
    except Exception as error:  # whatever it is, the test shows it
        return f"failed: {error!r}"


def printed(value: object) -> object:
    """Turn what was decoded back into JSON."""
    if isinstance(value, list):
        return [printed(member) for member in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


if __name__ == "__main__":
    main(*sys.argv[1:])
