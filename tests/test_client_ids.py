"""Client order ids: every API takes them, they sort by time, and no two are the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import pytest

from generator.ground.tree import ROOT
from tests.support.apis import APIS, Api
from tests.support.specs import model
from venues.core.request.params import Fields, ListOf, Param
from venues.core.values.client_ids import ClientIdForm, new_client_id
from venues.errors import InvalidRequest

ANY = ClientIdForm()
WITHOUT_IDS = {"bingx_swap"}


@cache
def makers(api: str) -> set[str]:
    """Return the calls of an API that place orders; all calls where its spec does not say what they do."""
    operations = model(api).operations
    placing = [operation for operation in operations if operation.does("place", "order")]
    return {operation.full_name for operation in placing or operations}


def params_of(api: Api) -> list[Param]:
    """Return the parameters of an API that hold client order ids, those inside batches included."""
    found = []
    for operation in api.operations:
        if operation.full_name not in makers(api.name):
            continue
        if operation.client_id is not None:
            found.append(operation.by_wire[operation.client_id])
        if operation.batch is not None:
            wire, member = operation.batch
            kind = operation.by_wire[wire].kind
            assert isinstance(kind, ListOf)
            assert isinstance(kind.item, Fields)
            found.append(kind.item.by_name[member])
    return found


@pytest.mark.parametrize("api", [api for api in APIS if api.name not in WITHOUT_IDS], ids=lambda api: api.name)
def test_every_parameter_for_ids_takes_one(api: Api) -> None:
    """An id of `client.new_id()` has the form that each call of the API that places orders takes."""
    client: Any = api.client
    made = client().new_id("mm-")
    params = params_of(api)
    assert params
    for param in params:
        param.check(param.encode(made, param.name), made)


@pytest.mark.parametrize("api", [api for api in APIS if api.name in WITHOUT_IDS], ids=lambda api: api.name)
def test_where_orders_take_no_id_none_is_made(api: Api) -> None:
    """The error says that the API takes none."""
    client: Any = api.client
    assert [] == params_of(api)
    with pytest.raises(InvalidRequest, match="takes no client order ids"):
        client().new_id()


def test_ids_sort_by_time() -> None:
    """Later ids are greater as strings, also within a microsecond."""
    made = [new_client_id(ANY, "a-") for _ in range(2000)]
    assert sorted(made) == made


def test_ids_sort_after_the_clock_was_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """An id that is made after another is greater, whatever the machine's clock says."""
    before = new_client_id(ANY)
    monkeypatch.setattr("venues.core.values.client_ids.time.time_ns", lambda: 0)
    assert before < new_client_id(ANY)


def test_threads_never_get_the_same_id() -> None:
    """Ids of several threads differ."""
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: new_client_id(ANY), range(4000)))
    assert len(made) == len(set(made))


FORKING = """
import os, time
from venues.core.values.client_ids import ClientIdForm, new_client_id
time.time_ns = lambda: 1_795_132_800_000_000_000
new_client_id(ClientIdForm())
os.fork(), os.fork()
print(*[new_client_id(ClientIdForm()) for _ in range(100)], flush=True)  # few enough for a pipe to take them in one piece
while True:
    try:
        os.wait()
    except ChildProcessError:
        break
"""
"""Makes four processes of one, whose clocks stand still at the same moment."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_forks_never_get_the_same_id() -> None:
    """Processes that are copies of each other, at the same moment, make different ids."""
    # In an interpreter of its own: this one may run threads, which a fork does not survive.
    done = subprocess.run(
        [sys.executable, "-c", FORKING],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT / "generated")},
    )
    made = done.stdout.split()
    assert (400, 400) == (len(made), len(set(made)))


@pytest.mark.parametrize(
    ("form", "alphabet"),
    [
        (ClientIdForm(max_length=20), "[0-9a-v]+"),
        (ClientIdForm(patterns=("[A-Z0-9]{8,32}",)), "[0-9A-V]+"),
        (ClientIdForm(max_length=36, patterns=("[0-9]+",)), "[0-9]+"),
    ],
)
def test_the_form_of_the_exchange_decides(form: ClientIdForm, alphabet: str) -> None:
    """Short ids, ids in upper case and ids of digits are made where an exchange takes only those."""
    made = new_client_id(form)
    assert form.accepts(made)
    assert re.fullmatch(alphabet, made)


@pytest.mark.parametrize("prefix", ["x" * 20, "with space"])
def test_a_prefix_that_does_not_fit_is_an_error(prefix: str) -> None:
    """Nothing is shortened silently: a prefix leaves room for what makes an id unique, or there is an error."""
    with pytest.raises(InvalidRequest, match="has the form that the exchange takes"):
        new_client_id(ClientIdForm(max_length=36, patterns=("[a-z0-9-]+",)), prefix)
