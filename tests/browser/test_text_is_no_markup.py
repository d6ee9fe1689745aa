"""Texts out of files, names and addresses that would be markup, on every page of a real browser."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from ita.auth.accounts import RoleGrant, add_account
from ita.auth.permissions import Role, User
from ita.auth.sessions import start_session
from ita.config import Limits, Settings
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import import_file
from ita.reference import load_reference
from ita.store import Store, open_store
from ita.web.paths import PAGES
from ita.web.requests import SESSION_COOKIE
from tests.browser.conftest import SCREENSHOTS
from tests.browser.test_browser import Watch, visit
from tests.serving import Served, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TRAP = (
    "**อ้วน** [ลิงก์](http://evil.example/a) ![](http://evil.example/b.png) $x^2$ :material/bomb: "
    ":smile: :red[แดง] <b id='got-in'>หนา</b><script>window.gotIn = 1</script> "
    "http://evil.example/c www.evil.example me@evil.example `โค้ด` # หัว &lt; \\*"
)
SHOWN = "**อ้วน** [ลิงก์](http://evil.example/a)"
NAME = "คุณ **อ้วน** :smile: [ลิงก์](http://evil.example/n) $x^2$"
FILE = "**อ้วน** :material/bomb: [ลิงก์](http---evil).csv"

GOT_IN = """() => ({
  ran: window.gotIn,
  links: [...document.querySelectorAll('a[href*="evil"]')].map(e => e.outerHTML),
  pictures: [...document.querySelectorAll('img[src*="evil"]')].map(e => e.outerHTML),
  formulas: [...document.querySelectorAll('.katex')].map(e => e.textContent),
  bold: [...document.querySelectorAll('strong, b, em, h1, h2, h3')]
    .filter(e => ['อ้วน', 'หนา'].includes(e.textContent.trim())).map(e => e.outerHTML),
  icons: [...document.querySelectorAll('[data-testid=stIconMaterial], [role=img]')]
    .filter(e => e.textContent.trim() === 'bomb' || e.ariaLabel === 'bomb icon').length,
  emoji: document.body.innerText.includes('😄'),
  code: [...document.querySelectorAll('code')].filter(e => e.textContent === 'โค้ด').length,
  coloured: [...document.querySelectorAll('.stMarkdownColoredText')].map(e => e.outerHTML),
})"""
NOTHING = {
    "ran": None,
    "links": [],
    "pictures": [],
    "formulas": [],
    "bold": [],
    "icons": 0,
    "emoji": False,
    "code": 0,
    "coloured": [],
}


def table(*rows: list[str]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


FILES = {
    Dataset.AGENCIES: table(["agency_id", "name_th", "name_en"], ["T", TRAP, TRAP]),
    Dataset.SCORES: table(
        ["fiscal_year", "agency", *(f"ind{n}" for n in range(1, 11)), "total", "source"],
        ["2566", "T", *["80"] * 10, "80", TRAP],
        ["2567", "T", *["90"] * 10, "90", TRAP],
    ),
    Dataset.MEASURES: table(
        [
            "fiscal_year",
            "agency",
            "instrument",
            "seq",
            "measure",
            "indicator",
            "divisions",
            "start_quarter",
            "end_quarter",
            "target",
        ],
        ["2567", "T", "IIT", "1", TRAP, "1", TRAP.replace(",", ""), "1", "4", TRAP],
        ["2567", "T", "EIT", "1", TRAP, "7", "กอง :smile:", "1", "2", TRAP],
    ),
    Dataset.PROGRESS: table(
        [
            "fiscal_year",
            "quarter",
            "agency",
            "instrument",
            "seq",
            "percent",
            "note",
            "obstacle",
            "evidence",
        ],
        ["2567", "1", "T", "IIT", "1", "20", TRAP, TRAP, "http://proof.example/1"],
        ["2567", "1", "T", "EIT", "1", "20", "", "", "javascript:alert(1) **อ้วน** $x^2$"],
    ),
    Dataset.NARRATIVE: table(
        ["fiscal_year", "agency", "instrument", "type", "seq", "text", "measures"],
        ["2567", "T", "IIT", "result", "1", TRAP, "1"],
        ["2567", "T", "IIT", "outcome", "", f"คะแนนเพิ่มขึ้นทุกปี {TRAP}", ""],
        ["2567", "T", "EIT", "outcome", "", f"คะแนนลดลง {TRAP}", ""],
    ),
    Dataset.ANNOTATIONS: table(
        ["date", "agency", "event", "part", "source"], ["2567-01-05", "T", TRAP, "", TRAP]
    ),
}


def furnish(store: Store) -> str:
    """A store full of traps; returns the token of an administrator whose name is one."""
    trapper = User(NAME, Role.ADMIN)
    for kind, content in FILES.items():
        request = ImportRequest(kind, content, FILE)
        reference = load_reference(Settings().reference)
        outcome = import_file(store, request, reference, Limits(), trapper, TRAP)
        assert outcome.accepted, (kind, [p.message() for p in outcome.problems])
    add_account(store, trapper, "trapper", NAME, RoleGrant(Role.ADMIN), "a long password")
    with store.writing() as cursor:
        return start_session(cursor, "trapper", Settings().sign_in)


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str]]:
    folder = tmp_path_factory.mktemp("trapped")
    with open_store(folder / "ita.duckdb") as store:
        token = furnish(store)
    with serving(folder) as served:
        yield served, token


def opened(browser: Browser, trapped: tuple[Served, str]) -> tuple[Page, Watch]:
    served, token = trapped
    context = browser.new_context()
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": served.url}])
    page, watch = context.new_page(), Watch()
    watch.on(page, served.url)
    return page, watch


def open_all(page: Page) -> None:
    """Whatever is folded away; what is so only on a phone is open here."""
    folded = page.locator("details:not([open], .ita-unfolded) > summary")
    for _ in range(folded.count()):
        if folded.count():
            folded.first.click()
            page.wait_for_timeout(150)


def assert_nothing_got_in(page: Page, name: str) -> None:
    page.screenshot(path=SCREENSHOTS / f"trap-{name}.png")
    assert page.evaluate(GOT_IN) == NOTHING, name


def test_a_text_that_would_be_markup_stands_there_as_it_is(
    trapped: tuple[Served, str], browser: Browser
) -> None:
    page, watch = opened(browser, trapped)
    seen = {}
    for place in PAGES:
        visit(page, f"{trapped[0].url}/{place.url}?agency=T&year=2567&lang=th")
        open_all(page)
        page.wait_for_timeout(200)
        assert_nothing_got_in(page, place.url or "overview")
        seen[place.url] = SHOWN in page.locator("body").inner_text()
    watch.assert_clean()
    shows = {url for url, shown in seen.items() if shown}
    assert {"measures", "report", "claims", "history"} <= shows
    page.context.close()


@pytest.mark.parametrize("query", [f"agency={TRAP}", f"division={TRAP}", f"measure={TRAP}&year=x"])
def test_an_address_is_no_markup_either(
    query: str, trapped: tuple[Served, str], browser: Browser
) -> None:
    from urllib.parse import quote

    page, watch = opened(browser, trapped)
    for url in ("", "measures", "history"):
        visit(page, f"{trapped[0].url}/{url}?{quote(query, safe='=&')}")
        assert_nothing_got_in(page, f"address-{url or 'overview'}")
    watch.assert_clean()
    page.context.close()


def test_nor_is_a_file_that_is_looked_at_before_it_is_stored(
    trapped: tuple[Served, str], browser: Browser
) -> None:
    page, watch = opened(browser, trapped)
    faulty = FILES[Dataset.PROGRESS].replace(b",20,", b",%s," % TRAP.replace(",", "").encode())
    faulty = faulty.replace(b"evidence\r\n", f"evidence,{TRAP}\r\n".encode(), 1)
    for number, content in enumerate((faulty, FILES[Dataset.PROGRESS].replace(b",20,", b",30,"))):
        visit(page, f"{trapped[0].url}/upload?agency=T&kind=progress&way=file")
        page.locator("input[type=file]").set_input_files(
            {"name": FILE, "mimeType": "text/csv", "buffer": content}
        )
        page.get_by_role("heading", name="ผลการตรวจ", exact=True).wait_for()
        page.wait_for_timeout(800)
        open_all(page)
        assert_nothing_got_in(page, f"upload-{number}")
    watch.assert_clean()
    page.context.close()
