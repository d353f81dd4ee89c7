"""Our clients against Prism: a server that knows nothing of an API but its OpenAPI document."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.support.apis import APIS, Api, label
from tests.support.foreign import NODE, OPENAPI, needs_node
from tests.support.mocks import Deviations, client, is_what_was_promised
from venues.mock import Mock

pytestmark = needs_node
SECONDS = 120.0
"""How long it may take to start, on a machine that does much else."""

DOCUMENTS = {path.stem: path for path in OPENAPI}


class Prism:
    """A running Prism."""

    def __init__(self, stack: ExitStack, api: Api) -> None:
        # It takes a free port itself: one that is looked for here may be taken by others until it has started.
        command = ["node", NODE / "node_modules/.bin/prism", "mock", "--port", 0, "--errors", DOCUMENTS[api.name]]
        self._url = ""
        self._listening = threading.Event()
        self._process = stack.enter_context(
            subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        )
        reader = threading.Thread(target=self._read)
        reader.start()
        stack.callback(reader.join)
        stack.callback(self._process.terminate)

    def url(self) -> str:
        """Return its address, as soon as it listens."""
        assert self._listening.wait(SECONDS), "Prism does not start"
        assert self._url, "Prism has ended"
        return self._url

    def _read(self) -> None:
        """Read all that it prints: a pipe that nobody reads fills up, and it would stop."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if found := re.search(r"Prism is listening on (\S+)", line):
                self._url = found[1]
                self._listening.set()
        self._listening.set()


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, str]]:
    """The address of one Prism for each API; all start at once."""
    with ExitStack() as stack:
        started = {api.name: Prism(stack, api) for api in APIS}
        yield {name: prism.url() for name, prism in started.items()}


@pytest.mark.parametrize("api", APIS, ids=label)
def test_prism_takes_every_call(api: Api, servers: dict[str, str]) -> None:
    """Prism refuses no request that a client sends, and the client needs to mend none of its answers."""
    hooks = Deviations()
    wrong = {}
    with client(api, Mock(api.name, remembers=False), base_url=servers[api.name], hooks=hooks) as caller:
        for operation in api.operations:
            try:
                answer = caller.call(operation, **api.arguments(operation))
            except Exception as error:  # whatever it is, the test shows it, with those of the other calls
                wrong[operation.full_name] = repr(error)
            else:
                assert is_what_was_promised(answer.data, operation.returns), operation.full_name
    assert ({}, []) == (wrong, hooks.found)
