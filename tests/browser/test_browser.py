"""The pages as people see them: cold server, every page by its URL, desktop, phone, dark, English."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, ViewportSize, expect

from ita.ui.components.frame import SELECTORS
from ita.web.paths import PAGES, TREND, PageSpec
from tests.browser.conftest import SCREENSHOTS
from tests.browser.controls import faults_of_layout
from tests.patience import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VIEWS = {
    "desktop": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
FINISHED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
TALLEST = 6000
SIZE: ViewportSize = {"width": 1440, "height": 900}


@dataclass
class Watch:
    """What a visit must not do: errors in the console, failed requests, requests elsewhere."""

    console: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def on(self, page: Page, url: str) -> None:
        own = (url, url.replace("http", "ws"), "data:", "blob:", "about:")
        page.on("console", lambda m: self.console.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda fault: self.console.append(str(fault)))
        page.on("request", lambda r: self._request(r.url, own))
        page.on("response", lambda r: self._response(r.status, r.url))

    def _request(self, url: str, own: tuple[str, ...]) -> None:
        if not url.startswith(own):
            self.elsewhere.append(url)

    def _response(self, status: int, url: str) -> None:
        if status >= 400:
            self.failed.append(f"{status} {url}")

    def assert_clean(self) -> None:
        assert (self.console, self.failed, self.elsewhere) == ([], [], [])


def visit(page: Page, url: str) -> None:
    page.set_default_timeout(PATIENCE * 1_000)
    page.goto(url)
    page.wait_for_selector(FINISHED)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.evaluate(
        "document.fonts.ready.then(() => true)"
    )  # by its own way in: the page evaluates nothing
    # A dialog of Streamlit's ("Page not found") would make everything beneath it inert.
    assert not page.evaluate("document.getElementById('root').inert")
    page.wait_for_timeout(300)  # Plotly draws after the last message


def show_all(page: Page) -> None:
    """Make the window as high as the page, or nearly."""
    size = page.viewport_size or SIZE
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": min(height + 40, TALLEST)})
    page.wait_for_timeout(300)


CLOSED_FOLDS = """() => {
  const closed = [...document.querySelectorAll('[data-testid=stMain] details:not([open]) > summary')]
    .filter(one => one.checkVisibility());
  closed.forEach(one => one.click());
  return closed.length;
}"""


def unfold(page: Page) -> None:
    """Open every fold of the page, ours and Streamlit's, and what was folded in them."""
    while page.evaluate(CLOSED_FOLDS):
        page.wait_for_timeout(200)
        page.wait_for_selector(FINISHED)


def keep_screenshot(page: Page, name: str) -> None:
    """The whole page, however long: Streamlit scrolls inside, so the window grows instead."""
    size = page.viewport_size or SIZE
    show_all(page)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    page.set_viewport_size(size)


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.url or "overview")
def test_the_first_visit_of_a_cold_server_may_be_any_page(
    place: PageSpec, cold_server: str, browser: Browser
) -> None:
    """No page may run without the frame, whichever is asked for first (facts about Streamlit)."""
    page = browser.new_page()
    visit(page, f"{cold_server}/{place.url}")
    expect(page.get_by_text("ข้อมูลตัวอย่างที่มากับโปรแกรม").first).to_be_visible()
    page.close()


VISITS = [
    *((place, view, "") for place in PAGES for view in VIEWS),
    *((TREND, view, "?agency=IPST") for view in ("desktop", "phone")),
    *((place, view, "?lang=en") for place in PAGES for view in ("desktop", "phone")),
]


WIDTHS = {
    ("desktop", ""): (1440, 1280, 1024, 720),
    ("phone", ""): (390, 320),
    ("desktop", "?lang=en"): (1110, 720),
    ("phone", "?lang=en"): (320,),
}
"""At which nothing may be covered, cut or over each other: 720 is a desktop at 200 %, 1110 the narrowest
whose bar has all sections."""


def screenshot_name(place: PageSpec, view: str, query: str) -> str:
    return "-".join(filter(None, [place.url or "overview", query.partition("=")[2], view])).lower()


@pytest.mark.parametrize(
    ("place", "view", "query"), VISITS, ids=[screenshot_name(*visit) for visit in VISITS]
)
def test_every_page_in_every_view(
    place: PageSpec, view: str, query: str, shared_server: str, browser: Browser
) -> None:
    context = browser.new_context(**VIEWS[view])
    name = screenshot_name(place, view, query)
    page = look_at(context, f"{shared_server}/{place.url}{query}", name)
    keep_screenshot(page, name)
    found = {}
    for width in WIDTHS.get((view, query), ()):
        page.set_viewport_size({"width": width, "height": VIEWS[view]["viewport"]["height"]})
        page.wait_for_timeout(200)
        found[width] = faults_of_layout(page)
    context.close()
    assert {width: faults for width, faults in found.items() if faults} == {}


def scrolls_sideways(page: Page) -> bool:
    main = "document.querySelector('[data-testid=stMain]')"
    return bool(page.evaluate(f"{main}.scrollWidth > {main}.clientWidth"))


def look_at(context: BrowserContext, url: str, name: str) -> Page:
    """Visit a page and check what must hold for every page in every view."""
    page, watch = context.new_page(), Watch()
    watch.on(page, url[: url.index("/", len("http://"))])
    visit(page, url)
    assert not scrolls_sideways(page), name
    assert page.get_by_test_id("stException").count() == 0
    expected = "en" if "lang=en" in url else "th"
    expect(page.locator("html"), name).to_have_attribute("lang", expected)
    assert "Sarabun" in page.evaluate("getComputedStyle(document.body).fontFamily")
    watch.assert_clean()
    return page


SHOWN = "e => e && getComputedStyle(e, '::after').content"


def test_streamlits_own_words_are_said_in_thai(own_server: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    visit(page, f"{own_server}/upload")
    expect(page).to_have_title(re.compile("^นำเข้าข้อมูล · .* · ITA Trends$"))
    page.get_by_role("radio", name="ไฟล์ Excel").click()
    page.get_by_test_id("stFileUploaderDropzone").wait_for()
    for name, told in (("choose", "เลือกไฟล์"), ("limit", "ไม่เกิน 100 MB")):
        place = page.locator(SELECTORS[name])
        assert place.evaluate(SHOWN) == f'"{told}"', name
        hidden = place.locator("> *").first
        assert hidden.evaluate("e => getComputedStyle(e).fontSize") == "0px", name
    visit(page, f"{own_server}/upload?lang=en")
    expect(page).to_have_title(re.compile("^Import · .* · ITA Trends$"))
    page.get_by_role("radio", name="Excel file").click()
    page.get_by_test_id("stFileUploaderDropzone").wait_for()
    assert page.locator(SELECTORS["choose"]).evaluate(SHOWN) == "none"
    page.close()


def test_a_phone_has_a_menu_and_four_pages_at_the_bottom(own_server: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    visit(page, own_server)
    links = page.locator(".st-key-bar-bottom").get_by_role("link")
    expect(links).to_have_text(["ภาพรวม", "แนวโน้ม", "มาตรการ", "รายงานผล"])
    for link in links.all():
        box = link.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= 844
    page.get_by_role("button", name="เมนู").click()
    menu = page.get_by_test_id("stPopoverBody")
    menu.get_by_role("link", name="เปรียบเทียบ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("เปรียบเทียบ")
    page.close()


def test_the_bar_says_where_one_is_and_loads_no_page_anew(
    own_server: str, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 1366, "height": 800})
    visit(page, f"{own_server}/compare")
    sections = page.locator(".st-key-bar-sections").get_by_role("link")
    expect(sections.filter(has=page.locator("strong"))).to_have_text("ผลคะแนน")
    loads: list[str] = []
    page.on(
        "request", lambda one: loads.append(one.url) if one.resource_type == "document" else None
    )
    sections.filter(has_text="รายงาน").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("รายงานผล")
    expect(sections.filter(has=page.locator("strong"))).to_have_text("รายงาน")
    assert loads == []
    page.close()


def test_the_first_card_begins_at_the_top(own_server: str, browser: Browser) -> None:
    for width in (1366, 1440):
        page = browser.new_page(viewport={"width": width, "height": 800})
        visit(page, own_server)
        card = page.locator('[class*="st-key-card-"], .ita-card').first.bounding_box()
        assert card
        assert card["y"] < 160
        page.close()


def test_a_search_leads_to_a_measure(own_server: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1366, "height": 800})
    visit(page, own_server)
    page.get_by_role("button", name="ค้นหา").click()
    found = page.get_by_test_id("stPopoverBody")
    found.get_by_role("textbox").fill("ทรัพย์สิน")
    found.get_by_role("textbox").press("Enter")
    found.get_by_role("link", name=re.compile("IIT 3")).click()
    page.wait_for_url(re.compile("measures.*measure=IIT-3"))
    page.close()


def test_the_link_to_share_holds_what_the_address_leaves_out(
    own_server: str, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 1366, "height": 800})
    visit(page, f"{own_server}/trend")
    assert "agency" not in page.url
    page.get_by_role("button", name="แชร์").click()
    link = page.get_by_test_id("stPopoverBody").get_by_test_id("stCode").inner_text().strip()
    assert re.search(r"/trend\?.*agency=SAMPLE", link)
    assert "years=2563-2567" in link
    visit(page, link)
    expect(page.get_by_role("heading", level=1)).to_have_text("แนวโน้ม")
    page.close()


def test_choices_live_in_the_url_and_a_link_reopens_the_view(
    own_server: str, browser: Browser
) -> None:
    page = browser.new_page()
    visit(page, f"{own_server}/trend?agency=IPST&years=2563-2566&as=table")
    table = page.locator("table").first
    expect(table).to_contain_text("90.73")
    expect(table).not_to_contain_text("91.15")
    page.get_by_role("radio", name="EN").click()
    page.wait_for_url(re.compile("lang=en"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Trend")
    assert "agency=IPST" in page.url
    assert "years=2563-2566" in page.url
    page.get_by_role("link", name=re.compile("Overview")).first.click()
    expect(page.locator("b", has_text="91.15")).to_be_visible()
    assert "agency=IPST" in page.url
    page.close()


def is_glance(answer: Response) -> bool:
    """Whether a script of the page asked for a file, and not the browser for its download."""
    return answer.request.resource_type == "fetch" and "/media/" in answer.url


def test_downloads_are_files_with_the_filter(own_server: str, browser: Browser) -> None:
    page = browser.new_page()
    visit(page, f"{own_server}/download?table=measures&instruments=OIT")
    with page.expect_download() as started, page.expect_response(is_glance) as glance:
        page.get_by_role("button", name="CSV", exact=True).click()
    # A glance that brings the file too is never read, and holds a connection for good.
    assert glance.value.headers["content-length"] == "0"
    content = started.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert '"OIT"' in text
    assert '"IIT"' not in text
    page.close()


def test_own_data_begin_with_an_empty_dashboard(own_server: str, browser: Browser) -> None:
    page = browser.new_page()
    visit(page, own_server)
    page.get_by_role("button", name="เริ่มใช้ข้อมูลของหน่วยงาน").click()
    page.get_by_role("button", name="นำข้อมูลตัวอย่างออก").click()
    expect(page.get_by_role("button", name="เพิ่มหน่วยงาน")).to_be_visible()
    keep_screenshot(page, "overview-empty-desktop")
    page.close()
