"""Prints what an API says that helps to trade."""

from __future__ import annotations

from generator.model.api import Api
from generator.model.trading import ClientIdForm, client_id_form
from generator.python.calls import Code, call, maybe, unless


def trading(api: Api) -> Code:
    """Print the runtime's description of it."""
    return call("Trading", client_ids=maybe(_client_ids, client_id_form(api)))


def _client_ids(form: ClientIdForm) -> Code:
    return call("ClientIdForm", max_length=unless(None, form.max_length), patterns=unless((), form.patterns))
