"""How many clicks and typed texts an officer's jobs take: from nothing to a full dashboard, a quarter
typed or by file, one mistake mended. They may become fewer, not more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from ita.domain import FiscalYear, Instrument, thai_today
from ita.store import open_store
from tests.browser.test_browser import FINISHED, VIEWS, visit
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MEASURES = [(instrument.value, seq) for instrument in Instrument for seq in (1, 2, 3)]


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[str]:
    """A server on a store that is there, so no samples come in, and holds nothing."""
    open_store(tmp_path / "ita.duckdb").close()
    with serving(tmp_path) as served:
        yield served.url


@dataclass
class Officer:
    """What is done on a page, counted. texts: beside the figures of a table."""

    page: Page
    clicks: int = 0
    texts: int = 0

    def click(self, place: Locator) -> None:
        place.click()
        self.clicks += 1
        self.page.wait_for_selector(FINISHED)

    def press(self, label: str | re.Pattern[str]) -> None:
        self.click(self.page.get_by_role("button", name=label, exact=isinstance(label, str)))

    def choose(self, label: str) -> None:
        self.click(self.page.get_by_role("radio", name=label, exact=True))

    def write(self, label: str, text: str) -> None:
        field = self.page.get_by_role("textbox", name=label, exact=True)
        if field.input_value() == text:
            return  # remembered
        field.fill(text)
        field.press("Enter")
        self.texts += 1
        self.page.wait_for_selector(FINISHED)

    def pick_file(self, name: str, rows: list[str]) -> None:
        """One click: on the field, or a file dropped on it."""
        content = "\n".join(rows).encode("utf-8-sig")
        self.page.locator("input[type=file]").first.set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": content}
        )
        self.clicks += 1

    def save(self) -> None:
        button = self.page.get_by_role("button", name="บันทึก", exact=True)
        expect(button).to_be_in_viewport()
        self.page.wait_for_selector(FINISHED)
        self.page.wait_for_timeout(600)  # it still scrolls to its result
        self.write("ผู้นำเข้า", "สมศรี")
        agreement = self.page.get_by_role("checkbox", name=re.compile("^ตรวจดูข้อควรระวังแล้ว"))
        if agreement.count():
            self.click(self.page.get_by_text("ตรวจดูข้อควรระวังแล้ว"))
            expect(agreement).to_be_checked()
        self.press("บันทึก")
        expect(self.page.get_by_text("บันทึกแล้ว เป็นการนำเข้าครั้งที่")).to_be_visible()

    def next_step(self) -> str:
        """Go on by the primary button of the receipt; what it says."""
        button = self.page.get_by_role("button", name=re.compile("^ขั้นต่อไป"))
        label = button.inner_text()
        self.click(button)
        return label


def scores_of(year: int) -> list[str]:
    return [
        "ปีงบประมาณ,IIT,EIT,OIT,คะแนนรวม",
        *(f"{year - back},{n},{n},{n},{n}" for back, n in ((2, 82), (1, 86), (0, 90))),
    ]


def measures_of(year: int) -> list[str]:
    return [
        "ปีงบประมาณ,แบบวัด,ลำดับ,มาตรการ,ไตรมาสเริ่ม,ไตรมาสสิ้นสุด",
        *(f"{year},{i},{n},ปรับปรุงงานบริการเรื่องที่ {n} ของ {i},1,4" for i, n in MEASURES),
    ]


def quarter_of(year: int, quarter: int) -> list[str]:
    return [
        "ปีงบประมาณ,ไตรมาส,แบบวัด,ลำดับ,ร้อยละความสำเร็จ,ผลการดำเนินงาน",
        *(f"{year},{quarter},{i},{n},{quarter * 25},ดำเนินการตามแผน" for i, n in MEASURES),
    ]


def report_of(year: int) -> list[str]:
    texts = [f"{year},{i},สรุปผล,{n},ดำเนินการตามมาตรการที่ {n} แล้วทั้งปี,{n}" for i, n in MEASURES]
    for instrument in Instrument:
        texts.append(f"{year},{instrument},ระยะเวลา,,ตุลาคม ถึง กันยายน,")
        texts.append(f"{year},{instrument},ผลลัพธ์,,ผู้รับบริการได้รับความสะดวกขึ้น,")
    return ["ปีงบประมาณ,แบบวัด,ประเภท,ลำดับ,ข้อความ,มาตรการที่", *texts]


def year_in(label: str) -> int:
    return int(re.findall(r"25\d\d", label)[-1])


def test_from_nothing_to_a_full_dashboard(empty_server: str, browser: Browser) -> None:
    page = browser.new_context(**VIEWS["desktop"]).new_page()
    visit(page, empty_server)
    officer = Officer(page)
    officer.press(re.compile("เพิ่มหน่วยงาน"))
    officer.write("ชื่อหน่วยงาน", "เทศบาลตำบลลำน้ำใส")
    officer.save()
    label = officer.next_step()
    officer.pick_file("คะแนน.csv", scores_of(year_in(label)))
    officer.save()
    officer.next_step()
    year = FiscalYear.containing(thai_today()) - 1  # all of its quarters have ended
    officer.pick_file("มาตรการ.csv", measures_of(year))
    officer.save()
    for quarter in (1, 2, 3, 4):
        assert f"ไตรมาส {quarter}/{year}" in officer.next_step()
        if quarter == 1:
            officer.choose("ไฟล์ Excel")
        officer.pick_file(f"ไตรมาส {quarter}.csv", quarter_of(year, quarter))
        officer.save()
    officer.press("นำเข้าไฟล์อื่น")
    officer.choose("รายงานผล")
    officer.pick_file("รายงานผล.csv", report_of(year))
    officer.save()
    print("from nothing:", officer.clicks, "clicks", officer.texts, "texts")
    visit(page, empty_server)
    expect(page.get_by_text("90.00").first).to_be_visible()
    assert officer.clicks <= 30
    assert officer.texts <= 6
    page.context.close()


def test_a_quarter_typed_and_by_file(own_server: str, browser: Browser, tmp_path: Path) -> None:
    page = browser.new_context(**VIEWS["desktop"], accept_downloads=True).new_page()
    visit(page, f"{own_server}/upload?agency=SAMPLE&kind=progress&year=2567&quarter=4")
    officer = Officer(page)
    for measure, percent in (("OIT 2", "95"), ("EIT 3", "๘๐")):
        field = page.get_by_role("textbox", name=f"{measure} ร้อยละความสำเร็จ", exact=True)
        field.fill(percent)
        field.press("Tab")
        page.wait_for_selector(FINISHED)
    officer.press("ตรวจข้อมูลที่กรอก")
    officer.save()
    print("typed:", officer.clicks, "clicks", officer.texts, "texts")
    assert (officer.clicks, officer.texts) <= (2, 1)

    visit(page, f"{own_server}/upload?agency=SAMPLE&kind=progress&year=2567&quarter=4")
    officer = Officer(page)
    officer.choose("ไฟล์ Excel")
    officer.press("แบบฟอร์ม")
    with page.expect_download() as started:
        officer.press("แบบฟอร์ม CSV")
    page.keyboard.press("Escape")
    rows = Path(started.value.path()).read_text(encoding="utf-8-sig").splitlines()
    officer.pick_file("ไตรมาส 4.csv", [row.replace(",95,", ",97,") for row in rows])
    officer.save()
    print("by file:", officer.clicks, "clicks", officer.texts, "texts")
    assert officer.clicks <= 6
    assert officer.texts <= 1
    page.context.close()


def test_one_mistake_is_mended_on_the_page(own_server: str, browser: Browser) -> None:
    page = browser.new_context(**VIEWS["desktop"]).new_page()
    visit(page, f"{own_server}/upload?agency=SAMPLE&kind=progress&year=2567&quarter=4&way=file")
    officer = Officer(page)
    rows = quarter_of(2567, 4)
    rows[8] = rows[8].replace(",100,", ",ครบ,")
    officer.pick_file("ไตรมาส 4.csv", rows)
    expect(page.get_by_text("“ครบ” ไม่ใช่ตัวเลข")).to_have_count(1)
    grid = page.get_by_test_id("stDataFrame").last
    expect(grid).to_be_visible()
    page.wait_for_selector(FINISHED)
    # Line and removal come first, then what must be mended.
    grid.locator(".dvn-scroller").click(position={"x": 25, "y": 52})
    officer.clicks += 1
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(grid.get_by_test_id("glide-cell-2-0")).to_have_text("ครบ")
    page.keyboard.press("Enter")
    editor = page.locator("textarea.gdg-input")
    editor.fill("100")
    editor.press("Enter")
    expect(grid.get_by_test_id("glide-cell-2-0")).to_have_text("100")
    officer.texts += 1
    officer.press("ตรวจอีกครั้ง")
    expect(page.get_by_text("ไม่พบข้อผิดพลาด")).to_be_visible()
    print("one mistake:", officer.clicks, "clicks", officer.texts, "texts")
    assert officer.clicks <= 3
    assert officer.texts <= 1
    page.context.close()
