"""A draft written in the real grid: it stays through a change of language, and is checked as it stands."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from ita.domain import FiscalYear, thai_today
from ita.ui.planning.draft import ROW_HEIGHT
from ita.web.paths import PLANNING
from tests.browser.test_browser import Watch, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

YEAR = int(FiscalYear.containing(thai_today()))
HEADER, MEASURE = 38, 380
"""Points from the grid's corner: the height of its header, and into the column of measures."""


def _still(place: Locator) -> FloatRect:
    """Where something stands once nothing above it moves it any more."""
    before = None
    while (now := place.bounding_box()) is None or now != before:
        before = now
        place.page.wait_for_timeout(300)
    return now


def _write(page: Page, row: int, text: str) -> None:
    """Into the measure of a row that can be seen."""
    grid = page.get_by_test_id("stDataFrame")
    box = _still(grid)
    page.mouse.dblclick(box["x"] + MEASURE, box["y"] + HEADER + ROW_HEIGHT * (row + 0.5))
    editor = page.locator("textarea.gdg-input")
    expect(editor).to_be_focused()
    editor.fill(text)
    editor.press("Enter")
    expect(
        grid.get_by_test_id(re.compile(rf"glide-cell-\d+-{row}$")).get_by_text(text)
    ).to_be_attached()


def test_what_is_written_stays_and_is_checked(own_server: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 3000})
    watch = Watch()
    watch.on(page, own_server)
    visit(page, f"{own_server}/{PLANNING.url}?agency=SAMPLE")
    expect(page.locator("[data-testid=stDataFrame] canvas").first).to_be_visible()
    _write(page, 3, "จัดทำทะเบียนคุมทรัพย์สิน")
    kept = page.get_by_text("ร่างอยู่ในหน้าต่างนี้เท่านั้นจนกว่าจะบันทึก")
    expect(kept).to_be_visible()
    page.get_by_role("radio", name="EN", exact=True).click()
    check = page.get_by_role("button", name="Check the draft")
    expect(check).to_be_visible()
    check.click()
    # Two rows were blank; one of them is filled in, and line 9 is the other.
    place = page.locator(".st-key-plan-checked")
    expect(place.get_by_role("cell", name=f"SAMPLE {YEAR} EIT 4")).to_be_visible()
    expect(place.get_by_role("cell", name=f"SAMPLE {YEAR} IIT 4")).to_have_count(0)
    watch.assert_clean()
    page.close()
