"""Which frames an exception holds: tools that print tracebacks print their variables, too."""

from __future__ import annotations

from collections.abc import Iterator
from types import FrameType

SENDING = "venues.core.http."
"""Where our transports are; their `send` holds a request, which prints masked, and what it calls holds its headers bare."""
LIBRARIES = ("aiohttp", "http", "pyreqwest", "urllib3")


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception, and everything that it came from, once each."""
    todo, seen = [error], set[int]()
    while todo:
        one = todo.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            todo += [other for other in (one.__cause__, one.__context__) if other is not None]


def frames(error: BaseException) -> Iterator[FrameType]:
    """Yield every frame that an exception or one of its causes passed."""
    for one in chain(error):
        trace = one.__traceback__
        while trace is not None:
            yield trace.tb_frame
            trace = trace.tb_next


def frames_below_send(error: BaseException) -> list[str]:
    """Return the frames that hold key and signature bare, whatever their variables print: builders print nothing."""
    places = [(str(frame.f_globals.get("__name__")), frame.f_code.co_name) for frame in frames(error)]
    return [f"{module}.{name}" for module, name in places if _is_below_send(module, name)]


def _is_below_send(module: str, name: str) -> bool:
    return module.partition(".")[0] in LIBRARIES or (module.startswith(SENDING) and name != "send")
