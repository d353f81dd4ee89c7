"""Schemathesis tries the mock exchanges with what the documents say, signed on the way."""

from __future__ import annotations

import pytest

from tests.support.apis import APIS, Api, label
from tests.support.foreign import OPENAPI, needs_python, python, said
from tests.support.signing_proxy import signing_proxy
from venues.mock import Mock

pytestmark = needs_python
DOCUMENTS = {path.stem: path for path in OPENAPI}
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
QUIET = ("--workers", 1, "--no-color")
EXAMPLES = 2
EXPLAINED = {
    "aster_futures": {"tradeCancelOrders": "no parameter that is a JSON text is sent, and the call needs one"},
    "binance_spot": {
        "accountGetPreventedMatches": "an id found in another answer is sent beside one that excludes it",
        "getAccountTrades": "an id found in another answer is sent beside times that exclude it",
    },
    "bybit": {"marketGetRecentTrades": "the default of a parameter is sent in a category that has no such parameter"},
}
"""Calls that are left out, by API, with what the tool does that no document can say; the client's tests have them."""


@pytest.mark.parametrize("api", APIS, ids=label)
def test_examples_are_answered_as_documented(api: Api) -> None:
    """Every call with the document's example gets an answer whose status, type and schema the document has."""
    left_out = [f"--exclude-operation-id={name}" for name in EXPLAINED.get(api.name, ())]
    how = ("--phases", "examples", "--mode", "positive", "--checks", CHECKS, *QUIET, *left_out)
    with Mock(api.name, remembers=False) as mock, signing_proxy(api, mock) as url:
        tried = python("schemathesis", "run", DOCUMENTS[api.name], "--url", url, *how)
        refused = {request.operation for request in mock.requests if request.verdict != "accepted"}
    assert (0, set()) == (tried.returncode, refused), said(tried)


@pytest.mark.parametrize("api", APIS, ids=label)
def test_no_input_gets_an_answer_that_is_not_documented(api: Api) -> None:
    """Whatever is sent, right or wrong by the document, the answer's status, type and schema are those of the document."""
    # The same inputs at every run, and few: to make them up takes most of the time.
    how = ("--phases", "fuzzing", "--mode", "all", "--max-examples", EXAMPLES, "--generation-deterministic")
    with Mock(api.name, remembers=False) as mock, signing_proxy(api, mock) as url:
        tried = python("schemathesis", "run", DOCUMENTS[api.name], "--url", url, *how, "--checks", CHECKS, *QUIET)
        verdicts = {request.verdict for request in mock.requests}
    assert (0, True) == (tried.returncode, {"accepted", "missing_param"} <= verdicts), said(tried)
