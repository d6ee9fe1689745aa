"""An old report in a real browser: dropped, compared with its original, mended, saved, and on รายงานผล."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from ita.config import PROJECT
from ita.i18n import LANGUAGE_NAMES, SHORT_LANGUAGE_NAMES
from ita.imports.datasets import Dataset
from ita.store import open_store
from tests.browser.conftest import SCREENSHOTS
from tests.browser.test_browser import VIEWS, Watch, keep_screenshot, visit
from tests.calling import ita
from tests.imports.bringing import taken
from tests.reports.reading.invented import TOWN

pytestmark = [pytest.mark.browser, pytest.mark.slow]

YEAR = TOWN.year
IIT = TOWN.rows[0]
MENDED = "จัดทำคู่มือการปฏิบัติงานของทุกส่วนราชการ ฉบับที่เจ้าหน้าที่ตรวจแล้ว"


def sample_name() -> str:
    """What the agency of the samples is called."""
    with (PROJECT / "data/samples/agencies.csv").open(encoding="utf-8-sig", newline="") as stream:
        return next(row[1] for row in csv.reader(stream) if row[0] == "SAMPLE")


def printed_report(folder: Path) -> bytes:
    """An invented report of the samples' agency, as our own PDF of another store."""
    measures = ["fiscal_year,agency,instrument,seq,measure,divisions"]
    texts = ["fiscal_year,agency,instrument,type,seq,text"]
    for row in TOWN.rows:
        of = f"{YEAR},SAMPLE,{row.instrument}"
        divisions = ";".join(row.divisions)
        measures += [f'{of},{n},"{m}","{divisions}"' for n, m in enumerate(row.measures, 1)]
        texts += [f'{of},result,{n},"{text}"' for n, text in enumerate(row.results, 1)]
        texts += [f'{of},outcome,,"{row.outcome}"']
        texts += [f'{of},period,,"{row.period}"'] if row.period else []
    store, out = folder / "other.duckdb", folder / "report.pdf"
    with open_store(store) as opened:
        taken(opened, Dataset.AGENCIES, f"agency_id,name_th\nSAMPLE,{sample_name()}\n")
        taken(opened, Dataset.MEASURES, "\n".join(measures))
        taken(opened, Dataset.NARRATIVE, "\n".join(texts))
    options = ("--agency", "SAMPLE", "--year", str(YEAR), "--format", "pdf", "--out", str(out))
    assert ita(store, "report", *options).code == 0
    return out.read_bytes()


@dataclass
class Officer:
    """One visit, and what its screenshots are called."""

    page: Page
    shots: str

    def keep(self, step: str) -> None:
        self.page.wait_for_timeout(600)  # animations of expanders
        keep_screenshot(self.page, f"old-report-{step}-{self.shots}")

    def drop(self, content: bytes) -> None:
        file = {"name": "รายงาน 2566.pdf", "mimeType": "application/pdf", "buffer": content}
        self.page.locator("input[type=file]").set_input_files(file)

    def field(self, label: str) -> Locator:
        return self.page.get_by_role("textbox", name=label, exact=True)

    def write(self, label: str, text: str) -> None:
        self.field(label).fill(text)
        self.field(label).press("Tab")

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).click()

    def choose_language(self, code: str) -> None:
        """By the toggle of the bar; on a phone by the menu."""
        toggle = self.page.get_by_role("radio", name=SHORT_LANGUAGE_NAMES[code], exact=True)
        if toggle.is_visible():
            toggle.click()
            return
        self.page.locator(".st-key-bar-menu").get_by_role("button").click()
        self.press(LANGUAGE_NAMES[code])
        self.page.keyboard.press("Escape")

    def is_narrow(self) -> None:
        main = "document.querySelector('[data-testid=stMain]')"
        assert self.page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")


@pytest.mark.parametrize("view", ["desktop", "phone", "dark"])
def test_an_old_report_comes_in(
    view: str, own_server: str, browser: Browser, tmp_path: Path
) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    content = printed_report(tmp_path)
    context = browser.new_context(**VIEWS[view])
    page, watch = context.new_page(), Watch()
    watch.on(page, own_server)
    officer = Officer(page, view)

    visit(page, f"{own_server}/upload?kind=report&agency=SAMPLE")
    officer.keep("1-choose")
    officer.drop(content)
    expect(page.get_by_text(f"จะบันทึกเป็นของ {sample_name()} ปี {YEAR}")).to_be_visible()
    expect(officer.field("มาตรการ 1")).to_have_value(IIT.measures[0])
    picture = page.locator(".st-key-original-shown img")
    expect(picture).to_be_visible()
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") > 1_000
    officer.keep("2-draft")
    officer.is_narrow()

    officer.write("มาตรการ 1", MENDED)
    expect(page.get_by_role("cell", name=MENDED)).to_be_visible()
    officer.choose_language("en")
    expect(officer.field("Measure 1")).to_have_value(MENDED)
    officer.choose_language("th")
    expect(officer.field("มาตรการ 1")).to_have_value(MENDED)
    page.get_by_role("radio", name="รายงานผล", exact=True).click()
    expect(page.get_by_role("button", name="แบบฟอร์ม", exact=True)).to_be_visible()
    page.get_by_role("radio", name="รายงานเดิม", exact=True).click()
    expect(page.get_by_text("เปิดค้างไว้: รายงาน 2566.pdf")).to_be_visible()
    expect(officer.field("มาตรการ 1")).to_have_value(MENDED)

    officer.press("ตรวจแล้ว ใช้ตามที่เสนอ")
    expect(page.get_by_text("ตอบมาตรการข้อ (ระบบเสนอ กรุณาตรวจ)")).to_have_count(0)
    officer.keep("3-mended")
    officer.write("ผู้นำเข้า", "สมศรี")
    officer.write("เหตุผลหรือที่มาของข้อมูล", "รายงานปีก่อนจากไฟล์ PDF")
    officer.press("บันทึก")
    expect(page.get_by_text("กรุณาติ๊ก")).to_be_visible()  # other instruments' links are not looked at
    page.locator("label", has_text="ตรวจร่างเทียบกับต้นฉบับ").click()
    officer.press("บันทึก")
    expect(page.get_by_text("พร้อมเก็บต้นฉบับไว้กับรายงาน")).to_be_visible()
    officer.keep("4-receipt")

    page.get_by_role("link", name="เปิดรายงานผลของปีนี้").click()
    expect(page.get_by_text(MENDED)).to_be_visible()
    for row in TOWN.rows:
        page.get_by_role("radio", name=row.instrument.value, exact=True).click()
        expect(page.get_by_text(row.measures[-1])).to_be_visible()
        expect(page.get_by_text(row.results[0])).to_be_visible()
    page.locator(".st-key-readiness").get_by_role("button", name="ดาวน์โหลด").click()
    with page.expect_download() as started:
        page.get_by_role("button", name="ต้นฉบับ").click()
    assert Path(started.value.path()).read_bytes() == content
    page.keyboard.press("Escape")
    officer.keep("5-report")
    officer.is_narrow()
    watch.assert_clean()
    context.close()
