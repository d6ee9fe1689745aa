"""What is typed into the report and not saved yet: none of it is lost, and problems stand at its cells."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ita.i18n import set_language
from ita.imports.problems import Problem, ProblemKind
from ita.imports.saving import ImportResult, RowCounts
from ita.imports.several_files import FilesPreview
from ita.reports.editing import row_cells
from ita.reports.narrative import NarrativeResult, NarrativeRow
from ita.reports.readiness import ReportCell
from ita.ui.narrative.drafts import RowDraft
from ita.ui.narrative.saving import cell_errors
from ita.web.store_access import get_store
from tests.builders import IIT, measure
from tests.imports.bringing import NARRATIVE, taken
from tests.pages.conftest import OpenPage
from tests.pages.moves import button, labels, text_of
from tests.pages.report_moves import (
    CHECK,
    OUTCOME,
    PERIOD,
    REPORT,
    RESULT,
    SAVE,
    cell,
    opened,
    press,
    save,
    stored,
    write,
)

CLAIMS = "pages/report/claims.py"


@pytest.fixture
def page(open_page: OpenPage) -> AppTest:
    return opened(open_page)


@pytest.mark.slow
def test_a_problem_stands_at_its_cell_and_loses_nothing(page: AppTest) -> None:
    press(page, "แก้ไข EIT")
    write(page, OUTCOME, 0, "ก" * 40_000)
    write(page, RESULT, 1, "แก้แล้ว")
    press(page, CHECK)
    told = text_of(page)
    assert "ข้อความยาว 40000 ตัวอักษร" in told
    assert "ยังบันทึกไม่ได้" in told
    assert SAVE not in labels(page)
    assert cell(page, RESULT, 1).value == "แก้แล้ว"
    write(page, OUTCOME, 0, "สั้นแล้ว")
    assert "ยังบันทึกไม่ได้" not in text_of(page)
    assert SAVE in labels(page)


@pytest.mark.slow
def test_what_is_typed_outlives_language_pages_and_closing(page: AppTest) -> None:
    press(page, "แก้ไข EIT")
    press(page, "เพิ่มสรุปผลอีกข้อ")
    write(page, RESULT, -1, "ข้อใหม่")
    write(page, OUTCOME, 0, "พิมพ์ค้างไว้")
    write(page, "divisions", 2, ["กองช่าง"])
    page.segmented_control(key="lang").set_value("en").run()
    assert cell(page, OUTCOME).value == "พิมพ์ค้างไว้"
    set_language("en")  # AppTest finds choices by what they are called in this thread
    page.segmented_control(key="lang").set_value("th").run()
    set_language("th")
    page.switch_page(CLAIMS).run()
    page.switch_page(REPORT).run()
    assert not page.exception
    assert cell(page, RESULT, -1).value == "ข้อใหม่"
    press(page, "ปิด")
    assert "มีข้อความที่ยังไม่บันทึก" in text_of(page)
    press(page, "แก้ไข EIT")
    assert cell(page, OUTCOME).value == "พิมพ์ค้างไว้"
    assert cell(page, RESULT, -1).value == "ข้อใหม่"
    assert cell(page, "divisions", 2).value == ["กองช่าง"]
    press(page, "ยกเลิกการแก้ไข")
    press(page, "แก้ไข EIT")
    assert cell(page, OUTCOME).value != "พิมพ์ค้างไว้"
    assert not button(page, CHECK).disabled
    press(page, CHECK)
    assert "ยังไม่ได้แก้ไขช่องใด" in text_of(page)
    assert SAVE not in labels(page)


@pytest.mark.slow
def test_somebody_elses_save_shows_a_fresh_difference_and_keeps_what_was_typed(
    page: AppTest,
) -> None:
    press(page, "แก้ไข EIT")
    write(page, OUTCOME, 0, "ของเรา")
    press(page, CHECK)
    page.text_input(key="person").set_value("สมศรี")
    next(t for t in page.text_input if t.key.startswith("reason ")).set_value("ยืนยัน")
    save_by_somebody_else("ของเขา")
    press(page, SAVE)
    told = " ".join(text_of(page).split())
    assert "มีผู้บันทึกข้อมูลระหว่างที่ท่านตรวจดู" in told
    assert "ผลลัพธ์หรือความสำเร็จ ของเขา ของเรา" in told
    assert cell(page, OUTCOME).value == "ของเรา"
    assert stored(OUTCOME)[0][0] == "ของเขา"
    assert next(t for t in page.text_input if t.key.startswith("reason ")).value == "ยืนยัน"
    save(page)
    assert stored(OUTCOME)[0][0] == "ของเรา"


def save_by_somebody_else(outcome: str) -> None:
    taken(get_store(), "narrative", f"{NARRATIVE}2567,SAMPLE,EIT,ผลลัพธ์,,{outcome},\n")


@pytest.mark.slow
def test_what_others_saved_meanwhile_is_not_overwritten_by_untouched_cells(page: AppTest) -> None:
    press(page, "แก้ไข EIT")
    write(page, PERIOD, 0, "ไตรมาส 1")
    save_by_somebody_else("ของเขา")
    press(page, CHECK)
    assert cell(page, OUTCOME).value == "ของเขา"
    assert cell(page, PERIOD).value == "ไตรมาส 1"
    save(page)
    assert stored(OUTCOME)[0][0] == "ของเขา"
    assert stored(PERIOD)[0][0] == "ไตรมาส 1"


def test_typing_what_is_stored_changes_nothing(page: AppTest) -> None:
    press(page, "แก้ไข EIT")
    before = get_store().version()
    write(page, OUTCOME, 0, f"{cell(page, OUTCOME).value}  ")
    press(page, CHECK)
    assert "ไม่มีอะไรเปลี่ยน" in text_of(page)
    assert SAVE not in labels(page)
    assert get_store().version() == before


def test_links_that_load_anew_wait_while_something_is_not_saved(page: AppTest) -> None:
    def links() -> int:
        return sum(e.proto.body.count("<a href=") for e in page.get("html"))

    assert links() > 0
    press(page, "แก้ไข EIT")
    write(page, OUTCOME, 0, "ค้างไว้")
    press(page, "ปิด")
    assert "มีข้อความที่ยังไม่บันทึก" in text_of(page)
    assert links() == 0


def test_a_problem_is_told_at_the_cell_that_its_row_of_the_file_came_from() -> None:
    row = NarrativeRow(
        IIT,
        "IIT",
        (measure(IIT, 1), measure(IIT, 2)),
        (NarrativeResult(4, "เดิม", ()),),
        None,
        None,
        (),
        (),
    )
    opened = row_cells(row)
    typed = {
        **opened,
        (ReportCell.DIVISIONS, 2): ("กองคลัง",),
        (ReportCell.RESULT, 4): "แก้",
        (ReportCell.RESULT, -1): " ",
        (ReportCell.RESULT, -2): "ใหม่",
        (ReportCell.OUTCOME, 0): "ดี",
    }
    draft = RowDraft(("A", 2567, IIT), 1, opened, typed)

    def told(kind: ProblemKind, file: int, line: int | None) -> Any:
        """Where a problem of a file, 0 of measures, 1 of texts, and of one of its lines is told."""
        outcomes = [ImportResult(True, None, None, RowCounts(), ()) for _ in range(2)]
        expected = {"limit": 1, "instrument": "IIT", "year": 2567, "reason": "เหตุผล"}
        outcomes[file] = replace(
            outcomes[file], problems=(Problem(kind, line, None, "", expected),)
        )
        ((spot, _),) = cell_errors(draft, row, FilesPreview(tuple(outcomes), 1)).items()
        return spot

    too_long, unknown = ProblemKind.TEXT_TOO_LONG, ProblemKind.UNKNOWN_MEASURE
    assert told(too_long, 0, 2) == (ReportCell.DIVISIONS, 2)
    assert told(too_long, 1, 2) == (ReportCell.RESULT, 4)
    assert told(unknown, 1, 2) == (ReportCell.ANSWERS, 4)
    assert told(too_long, 1, 3) == (ReportCell.RESULT, -2)
    assert told(too_long, 1, 4) == (ReportCell.OUTCOME, 0)
    assert told(ProblemKind.NOT_ALLOWED, 1, None) is None
