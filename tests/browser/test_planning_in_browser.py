"""A draft written in its rows: it stays through a change of language, and is checked as it stands."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from ita.domain import FiscalYear, thai_today
from ita.web.paths import PLANNING
from tests.browser.test_browser import Watch, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

YEAR = int(FiscalYear.containing(thai_today()))


def test_what_is_written_stays_and_is_checked(own_server: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 3000})
    watch = Watch()
    watch.on(page, own_server)
    visit(page, f"{own_server}/{PLANNING.url}?agency=SAMPLE")
    row = page.locator(".st-key-plan-row-3")
    row.get_by_role("button", name="กรอก").click()
    row.get_by_label("มาตรการ", exact=True).fill("จัดทำทะเบียนคุมทรัพย์สิน")
    # The click that ends the typing closes the row.
    row.get_by_role("button", name="ปิด").click()
    expect(row.get_by_label("มาตรการ", exact=True)).to_have_count(0)
    expect(row.get_by_text("จัดทำทะเบียนคุมทรัพย์สิน")).to_be_visible()
    kept = page.get_by_text("ร่างอยู่ในหน้าต่างนี้เท่านั้นจนกว่าจะบันทึก")
    expect(kept).to_be_visible()
    page.get_by_role("radio", name="EN", exact=True).click()
    check = page.get_by_role("button", name="Check the draft")
    expect(check).to_be_visible()
    expect(row.get_by_text("จัดทำทะเบียนคุมทรัพย์สิน")).to_be_visible()
    check.click()
    # Two rows were blank; one of them is filled in, and row 8 is the other.
    place = page.locator(".st-key-plan-checked")
    expect(place.get_by_role("cell", name=f"SAMPLE {YEAR} EIT 4")).to_be_visible()
    expect(place.get_by_role("cell", name=f"SAMPLE {YEAR} IIT 4")).to_have_count(0)
    watch.assert_clean()
    page.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_no_thai_word_of_a_row_is_cut_and_nothing_is_wider_than_the_page(
    width: int, own_server: str, browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    visit(page, f"{own_server}/{PLANNING.url}?agency=SAMPLE")
    page.get_by_text("มาตรการในร่าง 9 ข้อ").click()
    expect(page.locator(".st-key-plan-row-0").get_by_role("button")).to_be_visible()
    for position in range(11):
        row = page.locator(f".st-key-plan-row-{position}")
        button, text = row.get_by_role("button").bounding_box(), row.locator("p").first
        assert button and button["x"] + button["width"] <= width
        beside = text.bounding_box()
        assert beside and beside["x"] + beside["width"] <= button["x"]
        assert beside["height"] < 110
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
