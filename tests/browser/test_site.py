"""The built site in a real browser, as a reader has it."""

from __future__ import annotations

import gzip
import html
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from tests.browser.conftest import AXE, OPENED, PICTURES, SITE, Browser
from tests.support.docs import DOCS, PAGES, Page

API = "bitget_margin"
KINDS = {
    "start": "index.html",
    "guide": "guide/orders.html",
    "atlas": "signing.html",
    "missing": "nothing/of_this_kind.html",
    "mock": f"{API}/mock.html",
    "instruments": f"{API}/instruments.html",
    "overview": f"{API}/index.html",
    "authentication": f"{API}/authentication.html",
    "signing": f"{API}/signing.html",
    "group": f"{API}/isolated/index.html",
    "order": f"{API}/isolated/place_order.html",
    "batch": f"{API}/isolated/place_orders.html",
    "streams": f"{API}/streams/index.html",
    "stream": f"{API}/streams/cross_orders.html",
    "type": f"{API}/types/NewOrder.html",
    "enum": f"{API}/types/OrderType.html",
    "compare": "compare/place-an-order.html",
    "errors": f"{API}/errors.html",
    "changes": f"{API}/changes.html",
}
LARGEST = 300_000
"""Bytes of a page."""
MOST_NODES = 7_000
"""Elements of a page, those of its menus included."""
MOST_REQUESTS = 12
MOST_BYTES = 900_000
"""Bytes that a first visit loads, as they are before compression, the index of the search aside."""
LARGEST_INDEX = 600_000
"""Bytes of the index of the search, compressed as hosts do; a worker loads it while the page is read."""
PICTURED = ("start", "guide", "missing", "overview", "signing", "order", "stream", "errors")

each_kind = pytest.mark.parametrize("kind", KINDS)


def test_search_for_a_code_finds_its_row(browser: Browser) -> None:
    """The first result for an error code leads to that code."""
    browser.open("index.html")
    assert browser.search("43012")[0].endswith("#code-43012")


def test_search_for_a_wire_name_finds_a_page(browser: Browser) -> None:
    """The exchange's word for a parameter leads to a call that takes it."""
    browser.open("index.html")
    found = browser.search("baseQuantity")[0]
    assert found.startswith(f"{API}/")
    assert found.endswith("#param-baseQuantity")


def test_search_for_a_python_name_finds_a_page(browser: Browser) -> None:
    """Our word for the same parameter leads to the same place."""
    browser.open("index.html")
    found = browser.search("base_quantity")[0]
    assert found.startswith(f"{API}/")
    assert found.endswith("#param-baseQuantity")


def test_search_for_an_operation_finds_its_page(browser: Browser) -> None:
    """The name of a call leads to its page."""
    browser.open("index.html")
    assert browser.search("isolated.place_order")[0].startswith(f"{API}/isolated/place_order.html")


ASKED: dict[str, str] = yaml.safe_load((Path(__file__).parent / "questions.yaml").read_text("utf-8"))
QUESTIONS = {
    "What does 43012 mean?": f"{API}/errors.html#code-43012",
    "-2018": "aster_futures/errors.html#code--2018",
    "how do I sign a GET": "signing.html#sign-a-get-request",
    "which fields come back from cross fills": f"{API}/cross/get_fills.html",
    "what to do after ExecutionUnknown": "guide/orders.html",
    "aster listen key": "aster_futures/user_stream/create_listen_key.html",
    "bitget place order": f"{API}/cross/place_order.html",
    "place_order": "/place_order.html",
    "placeOrder": f"{API}/cross/place_order.html",
    "cancel all orders": "/cancel_all_orders.html",
    "order type": "#param-orderType",
    "client_oid": "#param-clientOid",
    "clientoid": "#param-clientOid",
    "OrderType": "types/OrderType.html",
    "post only": f"{API}/types/TimeInForce.html#value-post_only",
    "timeInForce values": "/types/TimeInForce.html",
    "PlacedOrder": "types/PlacedOrder.html",
    "compare place an order": "compare/place-an-order.html",
    "userTrades": "aster_futures/trade/get_account_trades.html",
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_answered_at_the_top(browser: Browser, question: str) -> None:
    """What a reader types leads to what the reader wants, as the first result."""
    browser.open("index.html")
    first = re.sub(r"\?[^#]*", "", browser.search(question)[0])
    assert QUESTIONS[question] in f"/{first}"


@pytest.mark.parametrize("words", ASKED)
def test_what_readers_type_is_answered_first_or_second(browser: Browser, words: str) -> None:
    """The words of the trade, of other clients and of Chinese documentation lead to the page that answers them."""
    browser.open("index.html")
    found = browser.search(words)[:2]
    assert any(re.search(ASKED[words], address) for address in found), found


def test_enter_opens_the_first_result(browser: Browser) -> None:
    """The whole search works without a mouse."""
    from selenium.webdriver.common.keys import Keys

    browser.open("index.html")
    browser.search("43012")
    browser.type(Keys.ENTER)
    assert browser.until("return location.hash === '#code-43012'")


def test_tabs_switch(browser: Browser) -> None:
    """A click on a tab shows that sample and hides the others."""
    browser.open(KINDS["order"])
    shown = (
        "return [...document.querySelectorAll('.tabbed-block')].map(block => +(block.offsetParent !== null)).join('')"
    )
    assert browser.until(f"{shown} === '10000'")
    browser.run("[...document.querySelectorAll('.tabbed-labels label')].find(l => l.innerText === 'Shell').click()")
    assert browser.until(f"{shown} === '00001'")


def test_deep_link_scrolls_to_a_parameter(browser: Browser) -> None:
    """A link to a parameter shows that parameter below the header."""
    browser.open(f"{KINDS['batch']}#param-orderList-clientOid")
    assert browser.until(
        "const header = document.querySelector('.md-header').getBoundingClientRect().bottom;"
        "const { top } = document.getElementById('param-orderList-clientOid').getBoundingClientRect();"
        "return 0 < top && header <= top && top < 500"
    )


def test_rows_of_codes_are_filtered(browser: Browser) -> None:
    """Typing above the table of codes leaves the rows that match."""
    browser.open(KINDS["errors"])
    browser.until("const box = document.querySelector('.venues-filter'); box?.focus(); return box")
    browser.type("43012")
    shown = (
        "return [...document.querySelectorAll('article table')][0].querySelectorAll('tbody tr:not([hidden])').length"
    )
    assert browser.until(f"{shown} === 1")


def test_dark_mode_follows_the_system_and_can_be_switched(browser: Browser) -> None:
    """The page is dark where the reader's system is, until the reader switches."""
    scheme = "return document.body.getAttribute('data-md-color-scheme')"
    browser.open("index.html", dark=True)
    assert "slate" == browser.run(scheme)
    browser.run("document.querySelector('[data-md-component=palette] label:not([hidden])').click()")
    assert browser.until(f"{scheme} === 'default'")


def test_every_exchange_is_one_click_away(browser: Browser) -> None:
    """Every page leads to every exchange."""
    browser.open(KINDS["order"])
    led = browser.run("return [...document.querySelectorAll('.md-tabs__link')].map(a => a.href)")
    expected = {f"{browser.site}{path.parent.name}/index.html" for path in DOCS.glob("*/index.md")}
    assert expected <= set(led)


@each_kind
def test_nothing_to_complain_about(browser: Browser, kind: str) -> None:
    """No page writes an error to the console or asks another machine for anything."""
    browser.requests()
    browser.open(KINDS[kind])
    browser.search("order")
    # The browser itself notes when a page does not exist, as the one for wrong addresses.
    known = browser.site + KINDS[kind] if kind == "missing" else "none"
    assert [] == [message for message in browser.messages() if not message.startswith(known)]
    assert [] == [
        url for url in browser.requests() if not url.startswith((browser.site, "data:", "blob:", "about:", "chrome:"))
    ]


@each_kind
@pytest.mark.parametrize(("dark", "width"), [(False, 1280), (True, 390)], ids=["light", "dark phone"])
@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: run `make tools`")
def test_accessible(browser: Browser, kind: str, dark: bool, width: int) -> None:
    """Every page keeps WCAG 2.1 AA as far as a machine can tell: light and dark, on desks and phones."""
    browser.open(KINDS[kind], dark=dark, width=width)
    assert [] == browser.violations()


def test_a_wide_dark_page_is_accessible(browser: Browser) -> None:
    """Menus that a phone hides keep it, too."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: run `make tools`")
    browser.open(KINDS["order"], dark=True)
    assert [] == browser.violations()


@pytest.mark.parametrize("kind", ["start", "order", "missing"])
def test_a_first_visit_is_light(browser: Browser, kind: str) -> None:
    """A reader who comes from elsewhere loads a few small files."""
    browser.requests()
    browser.open(KINDS[kind])
    files = {url.partition("#")[0] for url in browser.requests() if url.startswith(browser.site)}
    assert len(files) <= MOST_REQUESTS
    names = {url.removeprefix(browser.site) for url in files} - {"search.json"}
    assert sum((SITE / name).stat().st_size for name in names if (SITE / name).is_file()) <= MOST_BYTES


def test_every_page_says_what_it_is(site: str) -> None:
    """Search engines and chats find a title and a description on each page, the same in its preview, and no page is huge."""
    for path in SITE.rglob("*.html"):
        text = path.read_text("utf-8")
        (title,) = re.findall(r"<title>(.*?)</title>", text)
        (about,) = re.findall(r'<meta name="description" content="([^"]*)">', text)
        assert [html.escape(html.unescape(title))] == re.findall(
            r'<meta property="og:title" content="([^"]*)">', text
        ), path
        assert [about] == re.findall(r'<meta property="og:description" content="([^"]*)">', text), path
        assert "Venues" in title
        assert 20 <= len(html.unescape(about)) <= 160, path
        assert len(re.findall(r"<[a-z]", text)) <= MOST_NODES, path


def test_breadcrumbs_lead_back(browser: Browser) -> None:
    """The page of a call leads to its group, its API and the start."""
    browser.open(KINDS["order"])
    led = browser.run("return [...document.querySelectorAll('.md-path a')].map(a => a.getAttribute('href'))")
    assert ["../../index.html", "../index.html", "./index.html"] == led


def test_a_wrong_address_leads_on(browser: Browser) -> None:
    """The page for addresses that do not exist leads to the guide and every API, and searches for what was meant."""
    from selenium.webdriver.common.keys import Keys

    browser.open("bitget_margin/spot/place_order.html")
    links = browser.run("return [...document.querySelectorAll('article a[href]')].map(a => a.href)")
    expected = {f"{browser.site}{path.parent.name}/index.html" for path in DOCS.glob("*/index.md")}
    assert expected <= set(links)
    browser.until("const box = document.querySelector('[data-venues-search]'); box.focus(); return !box.hidden")
    browser.type(Keys.ENTER)
    found = browser.until(OPENED, "place order")
    assert any("place_order" in link for link in found)


def test_the_keyboard_is_enough(browser: Browser) -> None:
    """The first key shows the way past the menus; everything that has the focus has an outline."""
    from selenium.webdriver.common.keys import Keys

    browser.open(KINDS["order"])
    browser.until("return document.activeElement === document.body")
    browser.type(Keys.TAB)
    assert "Skip to content" == browser.run("return document.activeElement.innerText.trim()")
    assert browser.until("return getComputedStyle(document.activeElement).opacity === '1'")
    browser.type(Keys.ENTER)
    assert browser.until("return location.hash === '#__skip'")
    outlined = "const seen = getComputedStyle(document.activeElement); return seen.outlineStyle !== 'none' && parseFloat(seen.outlineWidth) >= 1"
    for _ in range(12):
        browser.type(Keys.TAB)
        assert browser.run(outlined), browser.run("return document.activeElement.outerHTML")


def test_fingers_find_the_copy_button(browser: Browser) -> None:
    """Where nothing hovers, the button that copies code is seen and large enough, in both schemes."""
    for dark in (False, True):
        browser.open(KINDS["guide"], width=390, dark=dark)
        assert browser.run("return matchMedia('(hover: none)').matches")
        button = browser.until("return document.querySelector('.md-code__button')")
        seen = browser.run(
            "const { color, width, height } = getComputedStyle(arguments[0], ''); return [color, width, height]", button
        )
        text = browser.run("return getComputedStyle(document.querySelector('article')).color")
        assert text == seen[0]
        assert min(float(one.removesuffix("px")) for one in seen[1:]) >= 24


@pytest.mark.parametrize("kind", PICTURED)
def test_pictures_for_people(browser: Browser, kind: str) -> None:
    """`make browser` leaves pictures of the kinds of pages, for those who judge by eye."""
    for name, dark, width in (("wide", False, 1280), ("phone_dark", True, 390)):
        browser.open(KINDS[kind], dark=dark, width=width)
        browser.picture(f"{kind}_{name}")
    assert (PICTURES / f"{kind}_wide.png").stat().st_size > 5_000


@each_kind
@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desktop"])
def test_nothing_scrolls_sideways(browser: Browser, kind: str, width: int) -> None:
    """The page fits the screen, whatever its width."""
    browser.open(KINDS[kind], width=width)
    assert browser.run("return document.documentElement.scrollWidth") <= width


@each_kind
def test_paper_shows_all_samples(browser: Browser, kind: str) -> None:
    """In print, every tab is shown and no navigation is."""
    browser.open(KINDS[kind])
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    hidden = (
        "return [...document.querySelectorAll('.tabbed-block')].filter(b => getComputedStyle(b).display === 'none')"
    )
    assert [] == browser.run(hidden)
    menus = "return [...document.querySelectorAll('.md-tabs, .md-sidebar')].filter(m => m.offsetParent).length"
    assert 0 == browser.run(menus)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_the_index_of_the_search_is_small(site: str) -> None:
    """Readers on a phone wait little for the first answer."""
    assert len(gzip.compress((SITE / "search.json").read_bytes())) <= LARGEST_INDEX


def test_no_page_is_large(site: str) -> None:
    """Every page loads fast on a phone."""
    assert [] == [str(path) for path in SITE.rglob("*.html") if path.stat().st_size > LARGEST]


def test_markdown_lies_beside_every_page(site: str) -> None:
    """Whoever takes the .html off an address and puts .md there gets plain Markdown, whose links hold there too."""
    for page in PAGES:
        made = SITE / page.name
        assert page.blocks("python") == Page(made).blocks("python")
        assert page.anchors() == Page(made).anchors()
        assert made.with_suffix(".html").is_file()
    for made in (*SITE.rglob("*.md"), *SITE.rglob("llms.txt")):
        targets = [target.partition("#")[0] for target in Page(made).links() if not target.startswith("https://")]
        assert [] == [target for target in targets if target and not (made.parent / target).is_file()]


def test_every_anchor_is_there_once(site: str) -> None:
    """What has an anchor in Markdown has it on the page, and no page has an id twice."""
    for page in PAGES:
        ids = Links((SITE / page.name).with_suffix(".html").read_text("utf-8")).ids
        assert [] == [one for one, times in Counter(ids).items() if times > 1], page.name
        assert set() == set(page.anchors()) - set(ids), page.name


class Links(HTMLParser):
    """Collects the links and ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.add(value)
            elif name == "id" and value:
                self.ids.append(value)


def test_no_link_is_broken(site: str) -> None:
    """Every link of the built site leads to a file and a place in it."""
    pages = {path: Links(path.read_text("utf-8")) for path in SITE.rglob("*.html") if path.name != "404.html"}
    broken = {
        f"{path.relative_to(SITE)} → {link}"
        for path, page in pages.items()
        for link in page.links
        if bad(path, link, pages)
    }
    assert set() == broken


def bad(path: Path, link: str, pages: dict[Path, Links]) -> bool:
    if re.match(r"https?:|data:|mailto:", link):
        return False
    target, _, place = link.partition("#")
    led = (path.parent / target.partition("?")[0]).resolve() if target else path
    if led not in pages:
        return not led.is_file()
    return bool(place) and place not in pages[led].ids
