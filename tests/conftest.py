"""Options and fixtures that several test files share."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest

from venues.core.outcome.limits.in_memory import SHARED

UNTIMED = (hypothesis.HealthCheck.too_slow,)
"""The check of health that goes by the clock, and blames a test for a machine that is busy."""
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=UNTIMED)
hypothesis.settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="Rewrite the expected files of tests/cases; read the diff.")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Begin each test as a program begins: with nothing counted, and nobody banned by what another test met."""
    SHARED._windows.clear()
    SHARED._blocks.clear()


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether expected files are to be rewritten."""
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the generator keeps what it made, for this run of the tests only."""
    return tmp_path_factory.mktemp("cache")


MATRIX = "test_no_fault_executes_an_order_twice_or_hides_one"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how large the matrix of faults was, since a smaller one would pass as well."""
    ran = [report for report in terminalreporter.stats.get("passed", []) if MATRIX in report.nodeid]
    if ran:
        terminalreporter.write_line(f"{len(ran)} cases of fault × effect × API × kind of client hold")
