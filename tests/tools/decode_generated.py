"""Run by the tools' own Python: calls every operation of a client by openapi-generator, with the document's examples.

A stand-in for the network gives the example of the answer. Prints what became of each call: "same" if the client sent
the request of the document and what it returns says what the example says, else what went wrong.
"""

import importlib
import inspect
import json
import re
import sys
from collections.abc import Iterator
from enum import EnumMeta
from pathlib import Path
from typing import Any

WHOLE = {"integer": 1767225600000, "string": "1767225600000"}
"""What stands for the times and marks that a signing rule adds."""


def main(document: str, folder: str, package: str) -> None:
    sys.path.insert(0, folder)
    whole = json.loads(Path(document).read_text("utf-8"))
    api, models = importlib.import_module(f"{package}.api"), importlib.import_module(f"{package}.models")
    client = importlib.import_module(f"{package}.api_client").ApiClient()
    groups = [kind(client) for name, kind in vars(api).items() if name.endswith("Api") and isinstance(kind, type)]
    calls = [(path, method, call) for path, ms in whole["paths"].items() for method, call in ms.items()]
    print(json.dumps({call["x-method"]: outcome(*one, groups, models, client) for one in calls for call in [one[2]]}))


def outcome(path: str, method: str, call: dict[str, Any], groups: list[Any], models: Any, client: Any) -> str:
    answer = call["responses"]["200"]["content"]["application/json"]["examples"]["answer"]["value"]
    network = Network(answer)
    client.rest_client = network
    name = f"{call['operationId']}withhttpinfo".lower()
    methods = (getattr(group, one) for group in groups for one in dir(group) if one.replace("_", "") == name)
    function = next(methods, None)
    if function is None:
        return "no such method"
    try:
        returned = function(**arguments(function, call, models)).data
    except Exception as error:  # whatever it is, the test shows it
        return f"failed: {error!r}"
    if network.sent[0] != method.upper() or not network.sent[1].endswith(path.partition("#")[0]):
        return f"sent {network.sent}"
    lost = list(differences(answer, printed(returned), ""))
    return "; ".join(lost) or "same"


class Network:
    """Answers every request with the same JSON."""

    def __init__(self, answer: object) -> None:
        self._body = json.dumps(answer).encode()
        self.sent = ("", "")

    def request(self, method: str, url: str, **_: object) -> "Answer":
        self.sent = (method, re.sub(r"^https?://[^/]+|\?.*$", "", url))
        return Answer(self._body)


class Answer:
    """What the client's own library would return."""

    status, reason = 200, "OK"
    headers = {"content-type": "application/json"}  # noqa: RUF012 - never changed

    def __init__(self, body: bytes) -> None:
        self.data = body

    def read(self) -> bytes:
        return self.data

    def getheaders(self) -> dict[str, str]:
        return self.headers


def arguments(function: Any, call: dict[str, Any], models: Any) -> dict[str, Any]:
    """Return the arguments of a call, from the examples of the document."""
    taken = {letters(name): name for name in inspect.signature(function).parameters}
    given = dict(parameters(call, models))
    for media, content in call.get("requestBody", {}).get("content", {}).items():
        example = content["example"]
        if media == "application/json":
            # Named after the first operation that has such a body.
            name = next((name for name in taken.values() if name.endswith("_request")), "")
            given |= {name: getattr(models, pascal(name)).from_dict(example)} if name else {}
        else:
            given |= example
    return {taken[letters(name)]: value for name, value in given.items() if letters(name) in taken}


def parameters(call: dict[str, Any], models: Any) -> Iterator[tuple[str, Any]]:
    for parameter in call["parameters"]:
        schema = parameter.get("schema") or parameter["content"]["application/json"]["schema"]
        if "example" in parameter:
            yield parameter["name"], typed(parameter["example"], schema, models)
        elif parameter["required"]:
            yield parameter["name"], schema.get("const", WHOLE.get(schema.get("type", "string"), "text"))


def typed(value: Any, schema: dict[str, Any], models: Any) -> Any:
    """Return an example as a user would give it: a member of an enum, where it is one."""
    name = schema.get("allOf", [schema])[0].get("$ref", "").rpartition("/")[2]
    kind = getattr(models, name, None)
    return kind(value) if isinstance(kind, EnumMeta) else value


def letters(name: str) -> str:
    """Return a name without what generators change in it."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def printed(value: Any) -> Any:
    """Turn what was decoded back into JSON."""
    if isinstance(value, list):
        return [printed(member) for member in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


def differences(wanted: Any, found: Any, place: str) -> Iterator[str]:
    """Yield where something of an example was lost."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name, value in wanted.items():
            yield from differences(value, found.get(name), f"{place}.{name}")
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, (value, other) in enumerate(zip(wanted, found, strict=True)):
            yield from differences(value, printed(other), f"{place}[{index}]")
    elif wanted != printed(found):
        yield f"{place or 'the answer'} is {found!r}, not {wanted!r}"


if __name__ == "__main__":
    main(*sys.argv[1:])
