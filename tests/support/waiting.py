"""Waits of tests: long enough for a machine that is busy with other things; whoever waits in vain says for what."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

PATIENCE = 20.0
"""Seconds that tests wait for what must come."""
TESTS = Path(__file__).parents[1]


@asynccontextmanager
async def in_time(came: Callable[[], str] = str, seconds: float = PATIENCE) -> AsyncIterator[None]:
    """Give whatever is awaited inside so many seconds.

    Args:
        came: Says what came instead, if that is known.
        seconds: How many, by the clock of the loop.

    Raises:
        AssertionError: if something does not come; it names the line that waited, and what came.
    """
    with no_wait_in_vain(came):
        async with asyncio.timeout(seconds):
            yield


@contextmanager
def no_wait_in_vain(came: Callable[[], str] = str) -> Iterator[None]:
    """Turn the TimeoutError of a wait, which says nothing, into a failure that does; arguments are those of `in_time`."""
    try:
        yield
    except TimeoutError as late:
        raise AssertionError(f"in vain waited\n  {_line(late)}\n{came()}") from late


def _line(late: BaseException) -> str:
    """Return the lines of tests that waited, the outermost first."""
    chain: list[BaseException] = [late]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(cause)
    frames = [frame for each in chain for frame in traceback.extract_tb(each.__traceback__)]
    own = [frame for frame in frames if _is_of_a_test(Path(frame.filename))]
    lines = dict.fromkeys(f"{Path(frame.filename).name}:{frame.lineno}: {frame.line}" for frame in own)
    return "\n  ".join(lines)


def _is_of_a_test(path: Path) -> bool:
    return path.is_relative_to(TESTS) and not path.is_relative_to(TESTS / "support")
