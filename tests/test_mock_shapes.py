"""The quick way to read and check a call says the same as the long one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict

from tests.support.apis import APIS
from venues.mock import Received
from venues.mock.declared.api import Api, load_api
from venues.mock.declared.operations import Operation
from venues.mock.exact import compact
from venues.mock.request.parameters import CONTENT, Parameters
from venues.mock.request.received import RequestRefused
from venues.mock.request.shapes import Shape

WORDS = ["", "0", "1", "-1", "0.5", "1E-7", "true", "null", "[]", '["1"]', "{}", "1795132800000", "9" * 50, "é", "a,b"]
TEXT = st.sampled_from(WORDS)
KEPT: dict[str, Parameters] = {}
VALUE = TEXT | st.sampled_from([None, True, False, 0, 1, 17, [], ["1"], {}, {"side": "BUY"}])


def verdict(parameters: Parameters, operation: Operation, received: Received, sent: Mapping[str, Any]) -> Any:
    """Return what is read of a request, and what is said of it and of some arguments."""
    said: list[Any] = []
    for arguments in (None, sent):
        try:
            found = parameters.read(operation, received, dict.fromkeys(sent, "1")) if arguments is None else arguments
            said.append([*found.items()])
            parameters.check(operation, found)
        except RequestRefused as refused:
            said.append((refused.failure, refused.detail))
    return said


def texts_of(api: Api, operation: Operation) -> Any:
    """Return names and texts for some parameters, right ones among them."""
    enums = [value for param in operation.params for value in api.enums.get(param.type.name, ())]
    return st.dictionaries(
        st.sampled_from([param.wire for param in operation.params] + ["unknown"]), TEXT | st.sampled_from(enums or [""])
    )


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_the_quick_way_says_what_the_long_way_says(data: Any) -> None:
    """What is read quickly, by what is remembered of other calls, is read and passed by the long way, too."""
    api = load_api(data.draw(st.sampled_from(APIS)).name)
    operation = data.draw(st.sampled_from([o for o in api.operations if o.params and "{" not in o.path]))
    query, form = data.draw(texts_of(api, operation)), data.draw(texts_of(api, operation))
    members = data.draw(st.dictionaries(st.sampled_from([p.wire for p in operation.params]), VALUE))
    is_json = operation.carrier == "json"
    body = compact([members] if operation.bare else members) if is_json else urlencode(form)
    content = CONTENT.get("form" if operation.form_or_query else operation.carrier, "")
    names = data.draw(st.dictionaries(st.sampled_from([p.wire for p in operation.params]), TEXT.filter(str.isascii)))
    headers = CIMultiDict(names | {"Content-Type": content})
    received = Received(operation.method, operation.path, urlencode(query), headers, body.encode())
    quick = verdict(KEPT.setdefault(api.name, Parameters(api)), operation, received, members)
    with patch.object(Shape, "sent", lambda *_: None), patch.object(Shape, "is_surely_met", lambda *_: False):
        assert quick == verdict(Parameters(api), operation, received, members)
