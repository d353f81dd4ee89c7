"""A real browser and a server for the site; without either, the tests here are skipped and say what is missing."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import sys
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
SITE = ROOT / "site"
TOOLS = ROOT / ".cache" / "browser"
PICTURES = ROOT / ".cache" / "pictures"
AXE = TOOLS / "node_modules" / "axe-core" / "axe.min.js"
sys.path.append(str(TOOLS))  # last, so that the driver's own libraries replace none of the project's
PATIENCE = 60.0
"""Seconds to wait for a page: the search reads an index of some megabytes first, and a busy machine takes its time."""
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COUNTED = """
window.questions = 0;
window.Worker = class extends Worker {
  constructor(...given) {
    super(...given);
    this.addEventListener('message', told => { if (told.data.type === 3) window.questions -= 1; });
  }
  postMessage(told, ...rest) {
    if (told.type === 2) window.questions += 1;
    super.postMessage(told, ...rest);
  }
};
"""  # every letter is a question to the search, and answers to earlier letters are shown until the last one comes
OPENED = """
const roots = [document, ...[...document.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean)];
const links = roots.flatMap(root => [...root.querySelectorAll('a[href*="h="]')]);
const asked = link => new URL(link.href).searchParams.get('h').trim();
return window.questions === 0 && links.length && links.every(link => asked(link) === arguments[0]) && links.map(link => link.getAttribute('href'));
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer as hosts of sites do: with the site's own page for addresses that do not exist."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder, and return its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address at which the built site is served."""
    if not (SITE / "index.html").is_file():
        pytest.skip("there is no site: run `make site`")
    with served(SITE) as address:
        yield address


@dataclass
class Browser:
    """A browser that looks at the site."""

    driver: Any  # selenium has no types of its own in the main environment
    site: str

    def open(self, path: str, *, dark: bool = False, width: int = 1280) -> None:
        """Open a page; below 500 pixels as a phone does, with fingers."""
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
        self.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": width < 500})
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.get("about:blank")
        if dark:
            # Another process shows the site than the blank page. Its scripts may ask for the scheme before that process
            # was told of it, and they ask once; so the page is loaded a second time.
            self.driver.get(self.site + path)
            self.until("return matchMedia('(prefers-color-scheme: dark)').matches")
        self.driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": self.site, "storageTypes": "all"})
        self.driver.get(self.site + path)
        self.until("return document.readyState === 'complete'")
        self.until("return document.body.dataset.mdColorScheme === arguments[0]", "slate" if dark else "default")

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def until(self, script: str, *arguments: object) -> Any:
        from selenium.webdriver.support.ui import WebDriverWait

        return WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05).until(lambda _: self.run(script, *arguments))

    def type(self, keys: str) -> None:
        self.driver.switch_to.active_element.send_keys(keys)

    def search(self, words: str) -> list[str]:
        """Search with the keyboard alone; return where the results lead."""
        from selenium.webdriver.common.by import By
        from selenium.webdriver.support.ui import WebDriverWait

        def opened(driver: Any) -> Any:
            driver.find_element(By.TAG_NAME, "body").send_keys("/")
            return self.run("return document.activeElement !== document.body")

        WebDriverWait(self.driver, PATIENCE, poll_frequency=0.1).until(opened)
        self.type(words)
        return [str(href).removeprefix(self.site) for href in self.until(OPENED, words)]

    def messages(self) -> list[str]:
        """Return what the console has to complain about."""
        return [e["message"] for e in self.driver.get_log("browser") if e["level"] in ("WARNING", "SEVERE")]

    def requests(self) -> list[str]:
        """Return the addresses that were asked for."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]

    def picture(self, name: str) -> None:
        """Keep a picture of the screen for people to look at."""
        taken = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
        PICTURES.mkdir(parents=True, exist_ok=True)
        (PICTURES / f"{name}.png").write_bytes(b64decode(taken["data"]))

    def violations(self) -> list[str]:
        """Return what breaks WCAG 2.1 at level AA, whatever its impact, and what axe-core calls serious or critical."""
        self.run(AXE.read_text("utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {resultTypes: ['violations']}).then(found => done(found.violations));"
        )
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in found
            if one["impact"] in ("serious", "critical") or any(tag.startswith("wcag") for tag in one["tags"])
            for node in one["nodes"][:3]
        ]


@pytest.fixture(scope="module")
def browser(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    webdriver: Any = pytest.importorskip("selenium.webdriver", reason="selenium is not installed: run `make tools`")
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip("chromium and chromedriver are not installed")
    options = webdriver.ChromeOptions()
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}", "--window-size=1280,900"):
        options.add_argument(flag)
    options.binary_location = shutil.which("chromium")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    driver.set_script_timeout(60)
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": COUNTED})
    yield Browser(driver, site)
    driver.quit()
