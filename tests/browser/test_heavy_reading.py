"""A large file in a real browser: the page shows that it is read, and its reading can be given up."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import xlsxwriter
from playwright.sync_api import Browser, expect

from tests.patience import PATIENCE
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HEADER = ["ปีงบประมาณ", "ไตรมาส", "หน่วยงาน", "แบบวัด", "ลำดับ", "ร้อยละความสำเร็จ", "ผลการดำเนินงาน"]
READING = re.compile(r"กำลังอ่านไฟล์ large\.xlsx … \d+ วินาที")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook that takes some ten seconds to read."""
    file = tmp_path_factory.mktemp("large") / "large.xlsx"
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for line in range(1, 60_000):
            row = ["2567", "4", "SAMPLE", "OIT", str(line), "90", f"ครั้งที่ {line}"]
            sheet.write_row(line, 0, row)
    return file


def _workers() -> set[psutil.Process]:
    """The worker processes of this process, and of the servers that it started."""
    return {one for one in psutil.Process().children(recursive=True) if _is_worker(one)}


def _is_worker(process: psutil.Process) -> bool:
    """One that has just ended, of another test, is none."""
    try:
        return "ita.workers" in process.cmdline()
    except psutil.Error:
        return False


def _wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def test_a_reading_is_cancelled_by_its_button_and_by_leaving(
    tmp_path: Path, browser: Browser, large: Path
) -> None:
    before = _workers()  # of other tests
    with serving(tmp_path) as served:
        page = browser.new_page()
        page.goto(f"{served.url}/upload?kind=progress&year=2567&way=file")
        page.locator("input[type=file]").first.set_input_files(large)
        expect(page.get_by_text(READING)).to_be_visible()
        (worker,) = _workers() - before
        page.get_by_role("button", name="ยกเลิก", exact=True).click()
        expect(page.get_by_text("ยกเลิกแล้ว ไม่มีข้อมูลใดเปลี่ยน")).to_be_visible()
        _wait_until(lambda: not worker.is_running())
        page.get_by_role("button", name="ลองอีกครั้ง").click()
        expect(page.get_by_text(READING)).to_be_visible()
        (worker,) = _workers() - before
        page.close()
        _wait_until(lambda: not worker.is_running())
