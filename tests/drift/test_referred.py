"""A page may say that a call takes what another one takes, and list only what comes in addition."""

from __future__ import annotations

from tests.drift.reading import names, read

PAGE = """\
## Light a lamp

`POST /v1/lamps`

| Name | Type | Required |
|---|---|---|
| lamp | string | YES |
| shade | string | NO |

## Try to light a lamp

`POST /v1/lamps/try`

In addition to all parameters accepted by [`POST /v1/lamps`](#light-a-lamp), this one may be sent:

| Name | Type | Required |
|---|---|---|
| dry | boolean | NO |

## Put a lamp out

`DELETE /v1/lamps`

All parameters are optional; see `POST /v1/lamps`.

| Name | Type | Required |
|---|---|---|
| lamp | string | NO |
"""


def test_parameters_of_the_call_that_is_named_are_its_own() -> None:
    """With their marks; a call that is only mentioned gives none."""
    facts = read(PAGE)
    assert {"dry": False, "lamp": True, "shade": False} == names(facts, "param", "POST /v1/lamps/try")
    assert {"lamp": False} == names(facts, "param", "DELETE /v1/lamps")
