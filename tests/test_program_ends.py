"""How a program ends that used `fast`, whose library has threads that Python does not know."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

GENERATED = str(Path(__file__).parent.parent / "generated")
HOLDING = """
import _thread, atexit, time
from venues.core.http import foreign_threads
foreign_threads.LONGEST = 60.0
def stay():
    inside.release()
    time.sleep(0.1)
    print("left", flush=True)
inside = _thread.allocate_lock()
inside.acquire()
atexit.register(foreign_threads.let_leave)
_thread.start_new_thread(stay, ())  # the module threading knows nothing of it
inside.acquire()
"""
LEAVING_AT_ONCE = """
import asyncio
from venues.aster_futures import AsyncAsterFutures
from venues.fast import AsyncFastTransport
from venues.mock import Mock
mock = Mock("aster_futures").__enter__()
client = AsyncAsterFutures(base_url=mock.url, transport=AsyncFastTransport(), limiter="off")
async def main():
    await asyncio.gather(*(client.market.get_server_time() for _ in range(50)))
asyncio.run(main())
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": GENERATED}, capture_output=True, text=True, check=False
    )


def test_threads_of_others_leave_before_a_program_ends() -> None:
    """A thread that Python did not start, and that is in the middle of Python code, comes to its end first."""
    ended = run(HOLDING)
    assert (0, "left\n") == (ended.returncode, ended.stdout)


def test_program_ends_well_right_after_its_last_answer() -> None:
    """Nothing ends the process by a signal where a program leaves as soon as the last answer is there."""
    pytest.importorskip("pyreqwest", reason="the extra `fast` is not installed")
    assert [(0, "")] * 3 == [(ended.returncode, ended.stderr) for ended in (run(LEAVING_AT_ONCE) for _ in range(3))]
