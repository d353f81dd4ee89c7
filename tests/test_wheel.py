"""What is installed: the package, and nothing of the workshop."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


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
