"""Files of an agency's own events: in, out, taken back; their form to fill in."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest

from ita.domain import FiscalYear
from ita.exports.templates import load_template, template_csv, template_xlsx
from ita.exports.writers import load_export
from ita.i18n import language_set_to
from ita.imports.datasets import Dataset
from ita.store import Store
from ita.store.batches import UndoBlocked
from ita.store.changes import load_changes, rows_as_of
from tests.builders import NEW_YEAR
from tests.imports.bringing import (
    committed_reference,
    counts,
    export_bytes,
    found,
    rows,
    take,
    taken,
    two_agencies,
    undo,
)

EVENTS = "วันที่,หน่วยงาน,เหตุการณ์,ส่วน,แหล่งที่มา\n"
OPENED = f"{EVENTS}21 เม.ย. 2567,A,เปิดระบบ,EIT,คำสั่ง 1/2567\n22/4/67,A,อบรม,,\n"


def test_events_are_stored_by_agency_and_day(store: Store) -> None:
    outcome = taken(two_agencies(store), "annotations", OPENED)
    assert counts(outcome) == (2, 0, 0)
    assert rows(store, "annotation") == [
        ("A", "2024-04-21", "เปิดระบบ", "EIT", "คำสั่ง 1/2567"),
        ("A", "2024-04-22", "อบรม", None, None),
    ]


def test_the_same_day_again_changes_its_text(store: Store) -> None:
    taken(two_agencies(store), "annotations", OPENED)
    again = "วันที่,หน่วยงาน,เหตุการณ์\n2024-04-21,A,เปิดระบบใหม่\n21 เมษายน 2567,B,อื่น\n"
    shown = taken(store, "annotations", again, dry_run=True)
    assert [vars(change) for change in shown.differences] == [
        {
            "key": {"agency": "A", "date": "2024-04-21"},
            "field": "event",
            "old": "เปิดระบบ",
            "new": "เปิดระบบใหม่",
        },
        {
            "key": {"agency": "B", "date": "2024-04-21"},
            "field": "event",
            "old": None,
            "new": "อื่น",
        },
    ]
    assert shown.missing == 0
    assert counts(taken(store, "annotations", again)) == (1, 1, 0)
    assert rows(store, "annotation")[0] == (
        "A",
        "2024-04-21",
        "เปิดระบบใหม่",
        "EIT",  # the file says nothing of it
        "คำสั่ง 1/2567",
    )


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("คะแนนรวม", "total"),
        ("Total", "total"),
        ("", None),
        ("-", None),
        ("ทุกส่วน", None),
        ("oit", "OIT"),
        ("แบบวัด EIT", "EIT"),
        ("7", "7"),
        ("๗", "7"),
        ("ตัวชี้วัดที่ 10", "10"),
        ("ind7", "7"),
    ],
)
def test_a_part_as_offices_write_it(store: Store, said: str, stored: str | None) -> None:
    taken(two_agencies(store), "annotations", f"{EVENTS}1/5/67,A,ก,{said},\n")
    assert rows(store, "annotation", "part") == [(stored,)]


@pytest.mark.parametrize("said", ["งบประมาณ", "0", "IIT และ EIT", "1,2", "ตัวชี้วัด"])
def test_a_part_that_nobody_knows_is_refused(store: Store, said: str) -> None:
    outcome = take(two_agencies(store), "annotations", f'{EVENTS}1/5/67,A,ก,"{said}",\n')
    assert found(outcome) == [("unknown-part", 2, "ส่วน")]


@pytest.mark.parametrize(
    "day", ["30 ก.ย. 2556", f"1 ต.ค. {NEW_YEAR + 1}", "31 ธ.ค. 2699", "24/6/1967"]
)
def test_a_day_far_from_the_known_years_is_a_slip(store: Store, day: str) -> None:
    outcome = take(two_agencies(store), "annotations", f"{EVENTS}{day},A,ก,,\n")
    assert found(outcome) == [("not-a-date", 2, "วันที่")]
    assert "ปีอยู่นอกช่วง" in outcome.problems[0].message()


def test_the_first_and_last_days_that_are_taken(store: Store) -> None:
    two_agencies(store)
    taken(store, "annotations", f"{EVENTS}1 ต.ค. 2556,A,ก,,\n30 ก.ย. {NEW_YEAR + 1},A,ข,,\n")


def test_two_rows_of_a_day_are_named_in_thai_years(store: Store) -> None:
    text = f"{EVENTS}21/4/2567,A,ก,,\n2024-04-21,A,ข,,\n"
    (problem,) = take(two_agencies(store), "annotations", text).problems
    assert (problem.kind, problem.line, problem.value) == ("duplicate-key", 3, "A 21 เม.ย. 2567")


def test_the_agency_may_be_chosen_instead_of_named(store: Store) -> None:
    two_agencies(store)
    taken(store, "annotations", "วันที่,เหตุการณ์\n1/5/67,ก\n", agency="B")
    assert rows(store, "annotation", "agency_id") == [("B",)]
    assert found(take(store, "annotations", "วันที่,เหตุการณ์\n1/5/67,ก\n")) == [
        ("missing-column", 1, None)
    ]


def test_dates_of_a_workbook_are_days_whatever_their_era(store: Store) -> None:
    """Thai offices type 2567 into Excel, which takes it for a year of the common era."""
    book = openpyxl.Workbook()
    book.active.append(["วันที่", "หน่วยงาน", "เหตุการณ์"])
    book.active.append([datetime(2024, 4, 21), "A", "ก"])
    book.active.append([datetime(2567, 4, 22), "A", "ข"])
    stream = io.BytesIO()
    book.save(stream)
    taken(two_agencies(store), "annotations", stream.getvalue(), name="x.xlsx")
    assert rows(store, "annotation", "day") == [("2024-04-21",), ("2024-04-22",)]


def test_a_batch_of_events_is_looked_into_taken_back_and_seen_as_it_was(store: Store) -> None:
    first = taken(two_agencies(store), "annotations", OPENED).batch or 0
    second = taken(store, "annotations", f"{EVENTS}21/4/67,A,ใหม่,,\n").batch or 0
    with pytest.raises(UndoBlocked):
        undo(store, first, "p", "r")
    undo(store, second, "p", "r")
    assert rows(store, "annotation", "event") == [("เปิดระบบ",), ("อบรม",)]
    with store.reading() as cursor:
        (change,) = load_changes(cursor, second, 10)
        assert change.key == {"agency_id": "A", "day": "2024-04-21"}
        assert ("event", "เปิดระบบ", "ใหม่") in change.fields
        assert [r["event"] for r in rows_as_of(cursor, "annotation", second)] == ["ใหม่", "อบรม"]
    undo(store, first, "p", "r")
    assert rows(store, "annotation") == []


def test_an_agency_is_not_pulled_from_under_its_events(store: Store) -> None:
    batch = taken(store, "agencies", "agency_id,name_th\nA,ก\n").batch or 0
    later = taken(store, "annotations", OPENED).batch
    with pytest.raises(UndoBlocked) as blocked:
        undo(store, batch, "p", "r")
    assert blocked.value.blocking_batches == (later,)


def test_an_export_says_days_in_thai_for_people_and_as_iso_for_programs(store: Store) -> None:
    taken(two_agencies(store), "annotations", f"{EVENTS}21/4/67,A,ก,total,\n")
    for language in ("th", "en"):
        with language_set_to(language), store.reading() as cursor:
            for where in ([], [("date", "2024-04-21")], [("วันที่", "21 เม.ย. 2567")]):
                made = load_export(cursor, "annotations", committed_reference(), where)
                text = export_bytes(made, "csv").decode("utf-8-sig")
                assert "21 เม.ย. 2567,A,ก,คะแนนรวม," in text
                assert '"2024-04-21"' in export_bytes(made, "json").decode()


def test_the_form_holds_the_events_of_its_fiscal_year_and_comes_back(store: Store) -> None:
    two_agencies(store)
    outside = "30 ก.ย. 2566,A,ก่อน,,\n1 ต.ค. 2567,A,หลัง,,\n1 ต.ค. 2566,B,อื่น,,\n"
    taken(store, "annotations", f"{OPENED}{outside}1 ต.ค. 2566,A,แรก,7,\n30 ก.ย. 2567,A,ท้าย,,\n")
    with store.reading() as cursor:
        made = load_template(
            cursor, Dataset.ANNOTATIONS, "A", FiscalYear(2567), None, committed_reference()
        )
    assert [row[0] for row in made.rows] == [
        "1 ต.ค. 2566",
        "21 เม.ย. 2567",
        "22 เม.ย. 2567",
        "30 ก.ย. 2567",
    ]
    for content, name in ((template_csv(made), "x.csv"), (template_xlsx(made), "x.xlsx")):
        assert counts(taken(store, "annotations", content, name=name)) == (0, 0, 4)


def test_days_of_the_form_are_text_so_that_excel_leaves_them(store: Store) -> None:
    with two_agencies(store).reading() as cursor:
        made = load_template(
            cursor, Dataset.ANNOTATIONS, "A", FiscalYear(2567), None, committed_reference()
        )
    sheet = openpyxl.load_workbook(io.BytesIO(template_xlsx(made))).worksheets[0]
    assert sheet.column_dimensions["A"].number_format == "@"
