# Edited in templates/venues/cli/stream.py; the copy in generated/ is imported.
"""venues stream: print what a channel pushes."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from venues.cli.printing import json_value, one_line, print_line
from venues.cli.tables import table
from venues.cli.target import client_of, values_of
from venues.cli.usage import Usage
from venues.core.channels.channel import Channel, Event, Gap


def run(options: Namespace) -> None:
    """Print a line of JSON for each push, until Ctrl-C or `--count`; without a channel, list the channels."""
    make = client_of(options.api)
    known = channels_of(options.api)
    if options.channel is None:
        for line in table([_row(name, kind) for name, kind in known.items()]):
            print_line(line)
        return
    channel = channel_of(options.api, options.channel, known, options.values)
    try:
        with (
            make(base_url=options.base_url, environment=options.environment, timeout=options.timeout) as client,
            client.streams() as streams,
            streams.subscribe(channel) as pushes,
        ):
            _print(pushes, options.count)
    except KeyboardInterrupt:
        return


def _print(pushes: Any, count: int | None) -> None:
    seen = 0
    for push in pushes:
        if isinstance(push, Gap):
            sys.stderr.write(f"venues: a gap ({push.reason}): pushes may be missing\n")
            continue
        seen += 1
        line = {"time": push.time, "data": json_value(push.data)} if isinstance(push, Event) else json_value(push.data)
        print_line(json.dumps(line, ensure_ascii=False))
        sys.stdout.flush()  # a program that reads it through a pipe waits for every line
        if seen == count:
            return


def channels_of(api: str) -> dict[str, type[Channel[Any]]]:
    """Return the channels of an API by name.

    Raises:
        Usage: if it has no streams.
    """
    if find_spec(f"venues.{api}.streams") is None:
        raise Usage(f"{api} has no streams")
    kinds = vars(import_module(f"venues.{api}.streams.channels")).values()
    found = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Channel) and kind is not Channel]
    return {kind.SPEC.name: kind for kind in found}


def channel_of(api: str, name: str, known: dict[str, type[Channel[Any]]], words: list[str]) -> Channel[Any]:
    """Return the channel that a command names, with its arguments."""
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"`venues stream {api}` lists them"
        raise Usage(f"{api} has no channel {name!r}; {hint}")
    kind: Any = known[name]
    try:
        channel: Channel[Any] = kind(**values_of(name, {one.param.name: one.param for one in kind.SPEC.params}, words))
    except TypeError as error:  # an argument is missing
        raise Usage(f"{name}: {one_line(str(error).partition('() ')[2])}") from None
    return channel


def _row(name: str, kind: type[Channel[Any]]) -> list[str]:
    params = " ".join(f"{one.param.name}=" for one in kind.SPEC.params)
    return [name, params, (kind.__doc__ or "").partition("\n")[0]]
