"""A gap of the report mended by keyboard, from the readiness list to the receipt."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_accessibility import findings
from tests.browser.test_browser import VIEWS, Watch, keep_screenshot, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("view", ["desktop", "phone-dark"])
def test_a_gap_is_mended_where_it_is(view: str, own_server: str, browser: Browser) -> None:
    context = browser.new_context(**VIEWS[view])
    page, watch = context.new_page(), Watch()
    watch.on(page, own_server)
    visit(page, f"{own_server}/report?agency=SAMPLE&year=2567")
    page.get_by_role("button", name="2 · สรุปผล EIT ข้อ 3").press("Enter")
    adding = page.get_by_role("button", name="เพิ่มสรุปผลของมาตรการ 3")
    expect(adding).to_be_focused()
    expect(adding).to_be_in_viewport()
    expect(page).to_have_url(re.compile("edit=EIT-result-3"))
    adding.press("Enter")
    field = page.get_by_role("textbox", name="สรุปผลที่ 4")
    expect(field).to_be_focused()
    page.keyboard.type("เปิดช่องทางสอบถามสองทางแล้ว <script>")
    page.keyboard.press("Tab")
    check = page.get_by_role("button", name="ตรวจสิ่งที่จะเปลี่ยน")
    expect(check).to_be_enabled()
    check.press("Enter")
    expect(page.get_by_text("สิ่งที่จะเปลี่ยน", exact=True)).to_be_visible()
    assert findings(page) == []
    keep_screenshot(page, f"report-editing-{view}")
    for label, text in (("ผู้นำเข้า", "สมศรี"), ("เหตุผลหรือที่มาของข้อมูล", "แก้ตามที่ตรวจ")):
        written = page.get_by_role("textbox", name=label, exact=True)
        written.fill(text)
        written.press("Tab")
    save = page.get_by_role("button", name="บันทึก", exact=True)
    expect(save).to_be_enabled()
    save.press("Enter")
    receipt = page.get_by_text(re.compile("บันทึกแล้ว เป็นการนำเข้าครั้งที่ 8"))
    expect(receipt).to_be_in_viewport()
    expect(page.get_by_role("cell").filter(has_text="<script>").first).to_be_visible()
    expect(page.get_by_role("button", name="สรุปผล EIT ข้อ 3")).to_have_count(0)
    watch.assert_clean()
    context.close()


def test_loading_anew_asks_while_something_typed_is_not_saved(
    own_server: str, browser: Browser
) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    visit(page, f"{own_server}/report?agency=SAMPLE&year=2567&edit=OIT-period")
    field = page.get_by_role("textbox", name="ระยะเวลาดำเนินการของแบบวัดนี้")
    expect(field).to_be_visible()
    page.reload()
    assert asked == []
    expect(field).to_be_visible()
    field.fill("ไตรมาส 2")
    field.press("Tab")
    expect(page.get_by_role("button", name="ยกเลิกการแก้ไข")).to_be_visible()
    page.wait_for_function("window.onbeforeunload !== null")
    page.reload()
    assert asked == ["beforeunload"]
    page.close()
