"""The officer's quarter in a real browser: template, filled, mended, seen, confirmed, taken back.

With LibreOffice on the machine it is LibreOffice that saves the filled template as CSV.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SCREENSHOTS
from tests.browser.test_browser import FINISHED, VIEWS, Watch, keep_screenshot, visit
from tests.patience import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHEET = "กรอกข้อมูล"
LIBREOFFICE_CHARSETS = {"cp874": 32, "utf-8": 76}
"""Numbers of LibreOffice's CSV filter (rtl/textenc.h)."""


def filled(template: Path, place: Path) -> Path:
    """The template as an officer leaves it: OIT 2 reported with a word for a number, EIT 3 not yet."""
    book = openpyxl.load_workbook(io.BytesIO(template.read_bytes()))
    sheet = book[SHEET]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row in range(sheet.max_row, 1, -1):
        measure = (
            sheet.cell(row, heads["แบบวัด"]).value,
            sheet.cell(row, heads["ลำดับ"]).value,
        )
        if measure == ("OIT", 2):
            sheet.cell(row, heads["ร้อยละความสำเร็จ"], "เก้าสิบสาม")
            sheet.cell(row, heads["ผลการดำเนินงาน"], "รายงานแล้ว รอเผยแพร่")
        elif measure == ("EIT", 3):
            sheet.delete_rows(row)
    book.save(place)
    return place


def saved_as_csv(book: Path, encoding: str) -> bytes:
    """The filled template as CSV, by LibreOffice where there is one."""
    office = shutil.which("soffice")
    if office:
        charset = LIBREOFFICE_CHARSETS[encoding]
        profile = (book.parent / "office").as_uri()
        subprocess.run(
            [
                office,
                f"-env:UserInstallation={profile}",
                "--headless",
                "--convert-to",
                f"csv:Text - txt - csv (StarCalc):44,34,{charset},1",
                "--outdir",
                str(book.parent),
                str(book),
            ],
            check=True,
            timeout=3 * PATIENCE,  # it starts cold beside a server and a browser, which wait for it
            capture_output=True,
        )
        content = book.with_suffix(".csv").read_bytes()
    else:
        stream = io.StringIO(newline="")
        rows = openpyxl.load_workbook(book)[SHEET].iter_rows(values_only=True)
        csv.writer(stream).writerows(["" if cell is None else cell for cell in r] for r in rows)
        content = stream.getvalue().encode(encoding)
    assert "เก้าสิบสาม" in content.decode(encoding)
    return content


@dataclass
class Officer:
    """One visit: the page, and a name for the screenshots of this way through; "" keeps none."""

    page: Page
    url: str
    shots: str

    def keep(self, step: str) -> None:
        if self.shots:
            self.page.wait_for_timeout(600)  # animations of grids and expanders
            keep_screenshot(self.page, f"import-{step}-{self.shots}")

    def press(self, label: str) -> None:
        button = self.page.get_by_role("button", name=label, exact=True)
        expect(button).to_be_enabled()
        button.click()

    def write(self, label: str, text: str) -> None:
        field = self.page.get_by_role("textbox", name=label, exact=True)
        field.fill(text)
        field.press("Tab")

    def choose_period(self) -> None:
        self.press("เปลี่ยนช่วงเวลา")
        self.page.get_by_role("combobox", name=re.compile("ปีงบประมาณ")).click()
        self.page.get_by_role("option", name="ปี 2567", exact=True).click()
        self.page.get_by_role("radio", name="4", exact=True).click()
        expect(self.page.get_by_role("radio", name="4", exact=True)).to_be_checked()
        self.page.wait_for_timeout(500)
        self.page.keyboard.press("Escape")

    def choose_file(self) -> None:
        self.page.get_by_role("radio", name="ไฟล์ Excel", exact=True).click()
        expect(self.page.locator("input[type=file]")).to_be_attached()

    def download_template(self) -> Path:
        self.press("แบบฟอร์ม")
        with self.page.expect_download() as started:
            self.press("แบบฟอร์ม Excel")
        name = "แบบฟอร์ม-ความสำเร็จรายไตรมาส-SAMPLE-2567-ไตรมาส4.xlsx"
        assert started.value.suggested_filename == name
        self.page.keyboard.press("Escape")
        return Path(started.value.path())

    def upload(self, name: str, content: bytes) -> None:
        self.page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )

    def mend_in_grid(self, header: str, value: str) -> None:
        grid = self.page.get_by_test_id("stDataFrame").last
        expect(grid).to_be_visible()
        heads = grid.locator("canvas thead th, canvas [role=columnheader]")
        expect(heads.first).to_be_attached()
        names = heads.all_text_contents()
        place = next(i for i, name in enumerate(names) if header in name)
        grid.locator(".dvn-scroller").click(position={"x": 25, "y": 52})
        for _ in range(place):
            self.page.keyboard.press("ArrowRight")
        expect(grid.get_by_test_id(f"glide-cell-{place}-0")).to_have_text("เก้าสิบสาม")
        self.page.keyboard.press("Enter")
        editor = self.page.locator("textarea.gdg-input")
        editor.fill(value)
        editor.press("Enter")
        expect(grid.get_by_test_id(f"glide-cell-{place}-0")).to_have_text(value)
        self.keep("3-mending")
        # A grid sends a cell 150 ms after it is left; a click before that would be of the old value.
        self.page.wait_for_timeout(600)
        self.page.wait_for_selector(FINISHED)
        self.press("ตรวจอีกครั้ง")

    def overview_tells(self, text: str, there: bool) -> None:
        visit(self.page, f"{self.url}/?agency=SAMPLE")
        expect(self.page.get_by_text("88.92").first).to_be_visible()
        expect(self.page.get_by_text(text)).to_have_count(1 if there else 0)


@pytest.mark.parametrize(
    ("form", "view", "shots"),
    [
        ("xlsx", "desktop", "desktop"),
        ("cp874", "phone", "phone"),
        ("utf-8", "desktop", ""),
    ],
)
def test_a_quarter_goes_in_and_comes_out_again(
    form: str, view: str, shots: str, own_server: str, browser: Browser, tmp_path: Path
) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    context = browser.new_context(**VIEWS[view], accept_downloads=True)
    page, watch = context.new_page(), Watch()
    watch.on(page, own_server)
    officer = Officer(page, own_server, shots)
    officer.overview_tells("93 %", there=False)

    visit(page, f"{own_server}/upload?agency=SAMPLE")
    officer.choose_period()
    officer.choose_file()
    officer.keep("1-choose")
    book = filled(officer.download_template(), tmp_path / "q4.xlsx")
    if form == "xlsx":
        officer.upload("ไตรมาส 4.xlsx", book.read_bytes())
    else:
        officer.upload("ไตรมาส 4.csv", saved_as_csv(book, form))

    expect(page.get_by_text("ต้องแก้ 1 แห่ง")).to_be_visible()
    expect(page.get_by_text("“เก้าสิบสาม” ไม่ใช่ตัวเลข").first).to_be_visible()
    expect(page.get_by_role("button", name="บันทึก", exact=True)).to_have_count(0)
    officer.keep("2-errors")
    officer.mend_in_grid("ร้อยละความสำเร็จ", "93")

    expect(page.get_by_text("ไม่พบข้อผิดพลาด")).to_be_visible()
    effect = page.locator("table").filter(has_text="ความสำเร็จเฉลี่ยไตรมาส 4/2567")
    expect(effect).to_contain_text("(รายงาน 8 จาก 9 มาตรการ)")
    officer.keep("4-effect")
    officer.write("ผู้นำเข้า", "สมศรี")
    reason = page.get_by_role("textbox", name="เหตุผลหรือที่มาของข้อมูล", exact=True)
    expect(reason).to_have_value("รายงานความสำเร็จไตรมาส 4/2567")
    officer.press("บันทึก")
    receipt = page.get_by_text(re.compile(r"บันทึกแล้ว เป็นการนำเข้าครั้งที่ \d+"))
    expect(receipt).to_be_visible()
    batch = int(re.findall(r"ครั้งที่ (\d+)", receipt.inner_text())[0])
    officer.keep("5-receipt")

    officer.overview_tells("93 %", there=True)
    officer.keep("6-overview")

    visit(page, f"{own_server}/history")
    expect(page.get_by_role("cell", name="สมศรี")).to_be_visible()
    officer.keep("7-history")
    page.get_by_text(f"ยกเลิกการนำเข้าครั้งที่ {batch}").click()
    officer.write("ผู้ยกเลิก", "สมศรี")
    officer.write("เหตุผล", "ส่งผิดไตรมาส")
    officer.press("ยกเลิกครั้งนี้")
    expect(page.get_by_text(f"ยกเลิกครั้งที่ {batch} แล้ว บันทึกเป็นครั้งที่ {batch + 1}")).to_be_visible()
    officer.keep("8-undone")

    officer.overview_tells("93 %", there=False)
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    watch.assert_clean()
    context.close()


def test_files_dropped_together_go_in_with_one_save(cold_server: str, browser: Browser) -> None:
    """A wrong one among them is mended in Excel and dropped again."""
    progress = "ปีงบประมาณ,ไตรมาส,หน่วยงาน,แบบวัด,ลำดับ,ร้อยละความสำเร็จ\n2567,{},SAMPLE,OIT,2,{}\n"
    files = {
        "ไตรมาส 4.csv": progress.format(4, "เก้าสิบ"),
        "ไตรมาส 3.csv": progress.format(3, 81),
        "คะแนน.csv": "ปีงบประมาณ,หน่วยงาน,คะแนนรวม\n2562,SAMPLE,79\n",
    }
    page, watch = browser.new_context(**VIEWS["phone"]).new_page(), Watch()
    watch.on(page, cold_server)
    visit(page, f"{cold_server}/upload?agency=SAMPLE&way=file")

    def drop(*names: str) -> None:
        page.locator("input[type=file]").set_input_files(
            [
                {"name": name, "mimeType": "text/csv", "buffer": files[name].encode()}
                for name in names
            ]
        )

    drop(*files)
    bar = page.locator(".st-key-save-bar")
    expect(bar.get_by_text("บันทึก 2 ไฟล์ในคราวเดียว")).to_be_visible()
    expect(bar.get_by_text("ไม่บันทึก 1 ไฟล์: ไตรมาส 4.csv")).to_be_visible()
    expect(page.get_by_text("“เก้าสิบ” ไม่ใช่ตัวเลข")).to_have_count(1)
    files["ไตรมาส 4.csv"] = progress.format(4, 90)
    drop("ไตรมาส 4.csv")
    expect(page.get_by_text("ใช้ไฟล์ที่เลือกหลังสุด: ไตรมาส 4.csv")).to_be_visible()
    expect(bar.get_by_text("บันทึก 3 ไฟล์ในคราวเดียว")).to_be_visible()
    page.wait_for_selector(FINISHED)
    page.get_by_role("textbox", name="ผู้นำเข้า", exact=True).fill("สมศรี")
    agreement = bar.get_by_text("ตรวจดูข้อควรระวังแล้ว")
    if agreement.count():
        agreement.click()
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_text("บันทึกแล้ว 3 ไฟล์ในคราวเดียว")).to_be_visible()
    page.get_by_role("link", name=re.compile("^ครั้งที่")).first.click()
    expect(page.get_by_text("คะแนน.csv").first).to_be_visible()
    assert "batch=" in page.url
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    watch.assert_clean()
    page.context.close()
