"""The confirmation of an import draws itself anew: in the language of the visit, and without the page."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Browser, expect

from ita.web.streamlit_internals import ForwardMsg
from tests.browser.test_browser import FINISHED, VIEWS, Watch, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = {
    "th": ("ผู้นำเข้า", "เหตุผลหรือที่มาของข้อมูล", "บันทึก", "กรุณากรอก “{}”", "บันทึกแล้ว เป็นการนำเข้าครั้งที่"),
    "en": (
        "Imported by",
        "Reason, or source of the data",
        "Save",
        "Fill in “{}”.",
        "Saved as import",
    ),
}
SCORES = "ปีงบประมาณ,หน่วยงาน,คะแนนรวม\n2561,SAMPLE,80\n".encode("utf-8-sig")
FILE = {"name": "scores.csv", "mimeType": "text/csv", "buffer": SCORES}


@pytest.mark.parametrize("language", list(WORDS))
def test_a_name_and_a_reason_are_taken_without_drawing_the_page(
    language: str, own_server: str, browser: Browser
) -> None:
    who, why, save, wanted, receipt = WORDS[language]
    context = browser.new_context(**VIEWS["desktop"])
    page, watch = context.new_page(), Watch()
    watch.on(page, own_server)
    visit(page, f"{own_server}/upload?kind=scores&agency=SAMPLE&lang={language}")
    page.locator("input[type=file]").first.set_input_files(FILE)  # type: ignore[arg-type]
    button = page.get_by_role("button", name=save, exact=True)
    expect(button).to_be_visible()
    page.wait_for_selector(FINISHED)
    # Each run tells first of which parts it is; a run of the whole page names none.
    runs: list[list[str]] = []

    def read(told: dict[str, dict[str, str]]) -> None:
        message = ForwardMsg.FromString(base64.b64decode(told["response"]["payloadData"]))
        if message.WhichOneof("type") == "new_session":
            runs.append(list(message.metadata.run.fragment_ids))

    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.webSocketFrameReceived", read)
    page.get_by_role("textbox", name=who, exact=True).fill("สมศรี")
    page.get_by_role("textbox", name=why, exact=True).fill("")
    page.get_by_role("textbox", name=who, exact=True).press("Tab")
    button.click()
    expect(page.get_by_text(wanted.format(why))).to_be_visible()
    expect(page.get_by_text(wanted.format(who))).to_have_count(0)
    page.wait_for_selector(FINISHED)
    assert len(runs) == 1  # of the click: typing draws nothing
    assert all(runs), runs
    # From the field straight to the button: one click is enough.
    page.get_by_role("textbox", name=why, exact=True).press_sequentially("ประกาศ")
    button.click()
    expect(page.get_by_text(re.compile(receipt))).to_be_visible()
    watch.assert_clean()
    context.close()


def test_a_name_that_is_shown_is_taken_whatever_the_form_is_about_by_then(
    own_server: str, browser: Browser
) -> None:
    """What is typed and not yet sent is the browser's; another batch must not turn it into a picture."""
    context = browser.new_context(**VIEWS["desktop"])
    page = context.new_page()
    visit(page, f"{own_server}/history")
    page.get_by_text("ยกเลิกการนำเข้าครั้งที่ 7").click()
    page.get_by_role("textbox", name="ผู้ยกเลิก", exact=True).fill("สมชาย")
    # A list of choices that is open would close with the run, and with a scroll.
    page.wait_for_selector(FINISHED)
    batches = page.get_by_role("combobox", name=re.compile("ดูรายละเอียดครั้งที่"))
    batches.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    batches.click()
    page.get_by_role("option", name=re.compile("^6 ")).click()
    page.get_by_text("ยกเลิกการนำเข้าครั้งที่ 6").click()
    name = page.get_by_role("textbox", name="ผู้ยกเลิก", exact=True)
    # Folded away in between, the form shows nothing of it: nothing is taken that is not seen.
    expect(name).to_have_value("")
    name.fill("สมชาย")
    page.get_by_role("textbox", name="เหตุผล", exact=True).fill("ผิดปี")
    page.get_by_role("button", name="ยกเลิกครั้งนี้", exact=True).click()
    expect(page.get_by_text("ยกเลิกครั้งที่ 6 แล้ว บันทึกเป็นครั้งที่ 8")).to_be_visible()
    context.close()
