"""What is installed: the package, and nothing of the workshop."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from venues import __version__

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source archive as `make build` does."""
    folder = tmp_path_factory.mktemp("source")
    command = [sys.executable, "-m", "build", "--no-isolation", "--sdist", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as `make build` does."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_wheel_holds_the_package_only(wheel: Path) -> None:
    """Beside its own records there is `venues`, typed, and no spec, template or generator."""
    names = zipfile.ZipFile(wheel).namelist()
    assert {"venues"} == {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert "venues/py.typed" in names


def test_wheel_asks_for_what_the_clients_need(wheel: Path) -> None:
    """It requires the libraries of the runtime; the generator's are none of a user's business."""
    with zipfile.ZipFile(wheel) as opened:
        record = next(name for name in opened.namelist() if name.endswith("/METADATA"))
        required = Parser().parsestr(opened.read(record).decode()).get_all("Requires-Dist") or []
    always = {one.split(">")[0] for one in required if "extra ==" not in one}
    assert {"aiohttp", "msgspec", "sortedcontainers", "urllib3"} == always


def test_installed_package_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """A client imported from the unpacked wheel builds and signs a request."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import venues; assert venues.__file__.startswith(sys.path[0]), venues.__file__\n"
        "from venues.bitget_margin import BitgetMargin, operations\n"
        "client = BitgetMargin(api_key='k', api_secret='s', passphrase='p')\n"
        "print(client.prepare(operations.ISOLATED_GET_ASSETS).method)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert ("GET", "") == (done.stdout.strip(), done.stderr)


def installed(archive: Path, folder: Path, base: str = sys.executable) -> Path:
    """Install into an environment of its own, which shares only the dependencies with `base`; return its Python."""
    subprocess.run([base, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    install = ["install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", str(archive)]
    where = [base, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    shared = subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip()
    environment = {**os.environ, "PYTHONPATH": shared}  # what builds the archive
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python), *install]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    site = next((folder / "lib").glob("python*/site-packages"))
    (site / "dependencies.pth").write_text(f"{shared}\n")
    return python


def use(python: Path, folder: Path) -> None:
    """Call a mock exchange, sync and async, and the command, with a package that is installed in a folder."""
    code = (
        "import asyncio, venues, importlib.metadata as m; assert m.version('venues') == venues.__version__\n"
        f"assert venues.__file__.startswith({str(folder)!r}), venues.__file__\n"
        "from venues.hibt_futures import AsyncHibtFutures, HibtFutures\n"
        "from venues.mock import Mock\n"
        "async def awaited(options):\n"
        "    async with AsyncHibtFutures(**options) as client:\n"
        "        return await client.account.get_balance()\n"
        "with Mock('hibt_futures', remembers=False) as mock:\n"
        "    options = {**mock.credentials, 'base_url': mock.url}\n"
        "    with HibtFutures(**options) as client:\n"
        "        print(client.account.get_balance().coin, asyncio.run(awaited(options)).coin)"
    )
    done = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=False, cwd=folder)
    assert ("usdt usdt", "") == (done.stdout.strip(), done.stderr)
    said = subprocess.run([python.with_name("venues"), "--version"], capture_output=True, text=True, check=True)
    assert f"venues {__version__}" == said.stdout.strip()


@pytest.mark.parametrize("kind", ["wheel", "source"])
def test_fresh_environment_calls_a_mock_exchange(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Wheel and source archive, installed, have the command, the version of the package, and a client that calls."""
    use(installed(request.getfixturevalue(kind), tmp_path / "fresh"), tmp_path)


@pytest.mark.parametrize("version", ["3.12", "3.13", "3.14"])
def test_other_versions_of_python_call_a_mock_exchange(version: str, wheel: Path, tmp_path: Path) -> None:
    """The wheel works with every Python that this machine has, and the newest dependencies."""
    base = ROOT / ".cache" / "pythons" / version / "bin" / "python"
    if not base.is_file():
        pytest.skip(f"no Python {version}: `make tools` makes environments of those that it finds")
    use(installed(wheel, tmp_path / "fresh", str(base)), tmp_path)


def test_interface_that_breaks_programs_is_named(tmp_path: Path) -> None:
    """A parameter that was removed since a commit is named by `make interface`, with its place, unless it is private."""
    module = tmp_path / "generated" / "venues" / "__init__.py"
    module.parent.mkdir(parents=True)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@example.com"]
    private = module.with_name("core.py")
    module.write_text("def call(symbol: str, limit: int = 5) -> None: ...\n")
    private.write_text("def inside(symbol: str, limit: int = 5) -> None: ...\n")
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"], ["tag", "v0.1.0"]):
        subprocess.run([*git, *command], check=True)
    module.write_text("def call(symbol: str) -> None: ...\n")
    private.write_text("def inside(symbol: str) -> None: ...\n")
    make = [
        "make",
        "-s",
        "-f",
        str(ROOT / "Makefile"),
        "-o",
        ".venv/.ready",
        "interface",
        f"BIN={Path(sys.executable).parent}",
    ]
    done = subprocess.run(make, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    assert re.search(r"call\(limit\).*Parameter was removed", said)
    assert "inside" not in said
