"""Measures are cancelled, and taken up again, by a column of their file, in every form of file."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ita.domain import FiscalYear
from ita.exports.files import table_bytes
from ita.imports.problems import ProblemKind
from ita.integrity.checking import check_integrity
from ita.planning.drafts import load_plan_document
from ita.reports.narrative import load_narrative_report
from ita.store import Store, open_memory_store
from ita.store.rollup import find_rollup_errors
from tests.imports.bringing import (
    PROGRESS,
    TESTER,
    committed_reference,
    counts,
    found,
    rows,
    take,
    taken,
    undo,
    with_measures,
)

HEADER = "ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ,ยกเลิก\n"
REASON = "ผู้รับจ้างทิ้งงาน จึงทำต่อไม่ได้"


def _cells(store: Store) -> list[str | None]:
    return [reason for (reason,) in rows(store, "measure", "cancelled")]


def _file(*reasons: str) -> str:
    keys = ("2567,A,EIT,1,สาม", "2567,A,IIT,1,หนึ่ง", "2567,A,IIT,2,สอง")
    out = io.StringIO()
    csv.writer(out).writerows(
        [*key.split(","), reason] for key, reason in zip(keys, reasons, strict=False)
    )
    return HEADER + out.getvalue()


def _forms(records: list[dict[str, object]]) -> dict[str, bytes]:
    """The same rows as a file of each kind."""
    names = list(records[0])
    lines = [names, *([str(r[n] or "") for n in names] for r in records)]
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    xlsx, parquet = io.BytesIO(), io.BytesIO()
    book.save(xlsx)
    pq.write_table(pa.Table.from_pylist(records), parquet)
    return {
        "f.csv": "\n".join(";".join(line) for line in lines).encode("cp874"),
        "f.tsv": "\n".join("\t".join(line) for line in lines).encode("utf-16"),
        "f.xlsx": xlsx.getvalue(),
        "f.json": json.dumps(records, ensure_ascii=False).encode(),
        "f.parquet": parquet.getvalue(),
    }


@pytest.mark.parametrize("form", ["f.csv", "f.tsv", "f.xlsx", "f.json", "f.parquet"])
@pytest.mark.parametrize("header", ["ยกเลิก", "cancelled", "เหตุผลที่ยกเลิก"])
def test_it_is_cancelled_and_taken_up_again(store: Store, form: str, header: str) -> None:
    with_measures(store)
    key = {"ปีงบประมาณ": 2567, "หน่วยงาน": "A", "แบบวัด": "IIT", "ลำดับ": 2, "มาตรการ": "สอง"}
    for cell, stored, changed in (
        (f"ยกเลิก: {REASON}", REASON, (0, 1, 0)),
        (None, REASON, (0, 0, 1)),
        ("-", REASON, (0, 0, 1)),
        ("ไม่ยกเลิก", None, (0, 1, 0)),
        ("ดำเนินการต่อ", None, (0, 0, 1)),
    ):
        outcome = taken(store, "measures", _forms([{**key, header: cell}])[form], name=form)
        already = any(p.kind is ProblemKind.ALREADY_IMPORTED for p in outcome.problems)
        assert already or counts(outcome) == changed
        assert _cells(store) == [None, None, stored]


@pytest.mark.parametrize(
    "cell", ["ยกเลิก", "ยกเลิกแล้ว", "x", "✓", "/", "1", "ยกเลิก: ", "Cancelled", "yes"]
)
def test_a_mark_is_no_reason(store: Store, cell: str) -> None:
    with_measures(store)
    outcome = take(store, "measures", _file("", cell))
    assert found(outcome) == [("required-value", 3, "ยกเลิก")]
    assert "เหตุผลที่ยกเลิก" in outcome.problems[0].message()
    assert _cells(store) == [None, None, None]


def test_a_broken_reason_is_refused(store: Store) -> None:
    with_measures(store)
    assert found(take(store, "measures", _file("????? ???"))) == [("broken-text", 2, "ยกเลิก")]


def test_a_file_without_the_column_and_a_plain_form_keep_it(store: Store) -> None:
    with_measures(store)
    taken(store, "measures", _file(REASON, "", ""))
    taken(store, "measures", HEADER.replace(",ยกเลิก", "") + "2567,A,EIT,1,สามใหม่\n")
    assert _cells(store) == [REASON, None, None]
    taken(store, "measures", _file("", "", "").replace("สาม", "สามใหม่กว่า"))
    assert _cells(store) == [REASON, None, None]
    # New rows of a form with a blank column are not cancelled either.
    taken(store, "measures", HEADER + "2568,A,EIT,1,ใหม่,\n2568,A,EIT,2,ใหม่,เลิกโครงการ\n")
    assert _cells(store) == [REASON, None, None, None, "เลิกโครงการ"]


def test_dry_run_shows_it_and_undo_takes_it_back(store: Store) -> None:
    with_measures(store)
    dry = take(store, "measures", _file(REASON), dry_run=True)
    assert [(c.field, c.old, c.new) for c in dry.differences] == [("cancelled", None, REASON)]
    assert _cells(store) == [None, None, None]
    batch = taken(store, "measures", _file(REASON)).batch
    assert batch
    undo(store, batch, "tester", "ยกเลิกผิดข้อ")
    assert _cells(store) == [None, None, None]
    assert check_integrity(store, committed_reference()) == ()


def test_the_rollup_leaves_it_out(store: Store) -> None:
    with_measures(store)
    head = "ปีงบประมาณ,ไตรมาส,หน่วยงาน,แบบวัด,ลำดับ,ร้อยละความสำเร็จ\n"
    taken(store, "progress", f"{head}2567,1,A,IIT,1,20\n2567,1,A,IIT,2,80\n")

    def first_quarter() -> tuple[object, ...]:
        with store.reading() as cursor:
            assert find_rollup_errors(cursor) == ()
            row = cursor.execute(
                "SELECT expected, reported, percents FROM quarter_sums WHERE quarter = 1"
            ).fetchone()
        return row or ()

    assert first_quarter() == (3, 2, 100)
    taken(store, "measures", _file("", "", REASON))
    assert first_quarter() == (2, 1, 20)
    assert rows(store, "completion", "percent") == [(20,), (80,)]  # what was reported stays
    taken(store, "measures", _file(REASON, REASON, ""))
    assert first_quarter() == ()
    taken(store, "measures", _file("ไม่ยกเลิก", "ไม่ยกเลิก", "ไม่ยกเลิก"))
    assert first_quarter() == (3, 2, 100)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "parquet"])
def test_export_reads_back_the_same(store: Store, form: str) -> None:
    with_measures(store)
    taken(store, "measures", _file(REASON, "", "ยกเลิกโครงการทั้งหมดตามมติที่ประชุม"))
    with store.reading() as cursor:
        content = table_bytes(cursor, "measures", form, committed_reference(), TESTER)
    assert counts(taken(store, "measures", content, name=f"m.{form}")) == (0, 0, 3)
    with open_memory_store() as other:
        with_measures(other)
        taken(other, "measures", content, name=f"m.{form}")
        assert rows(other, "measure") == rows(store, "measure")


def test_report_and_plan_tell_it_in_its_row(store: Store) -> None:
    with_measures(store)
    taken(store, "measures", _file("", REASON, ""))
    year, reference, today = FiscalYear(2567), committed_reference(), date(2026, 11, 30)
    with store.reading() as cursor:
        report = load_narrative_report(cursor, "A", year, reference, today)
        plan = load_plan_document(cursor, "A", year, reference, today)
    row = next(row for row in report.rows if row.instrument == "IIT")
    assert f"1. หนึ่ง\n(ยกเลิก: {REASON})\n2. สอง" in row.cells()[1]
    assert {gap.seq for gap in row.gaps} <= {2, None}
    assert plan
    assert f"หนึ่ง\n(ยกเลิก: {REASON})" in [
        row.cells[2] for row in plan.tables[-1].rows if not row.is_heading
    ]


@pytest.mark.parametrize("form", ["f.csv", "f.tsv", "f.xlsx", "f.json", "f.parquet"])
def test_a_report_of_a_cancelled_measure_is_warned_of(store: Store, form: str) -> None:
    taken(with_measures(store), "progress", f"{PROGRESS}2567,1,A,IIT,1,40\n")
    taken(store, "measures", _file("", REASON, ""))
    columns = ("ปีงบประมาณ", "ไตรมาส", "หน่วยงาน", "แบบวัด", "ลำดับ", "ร้อยละความสำเร็จ")
    reports = [(1, 1, 40), (2, 1, 55), (2, 2, 60), (3, 1, 5)]  # quarter, measure, percent
    records = [
        dict(zip(columns, (2567, quarter, "A", "IIT", seq, percent), strict=True))
        for quarter, seq, percent in reports
    ]
    outcome = taken(store, "progress", _forms(records)[form], name=form)
    told = [(p.kind.value, p.column) for p in outcome.problems if p.kind.value != "progress-fell"]
    assert told == [("cancelled-measure", "ลำดับ")] * 2  # not of the row that is stored already
    problem = next(p for p in outcome.problems if p.kind is ProblemKind.CANCELLED_MEASURE)
    assert not problem.blocks
    assert REASON in problem.message()
    assert len(rows(store, "completion")) == 4


def test_what_is_stored_of_a_cancelled_measure_comes_in_again_without_a_word(store: Store) -> None:
    noted = PROGRESS.strip() + ",note\n"
    taken(with_measures(store), "progress", f"{noted}2567,1,A,IIT,1,40,เริ่มแล้ว\n")
    taken(store, "measures", _file("", REASON, ""))
    assert found(take(store, "progress", f"{noted}2567,1,A,IIT,1,40,เริ่มแล้ว\n")) == [
        ("already-imported", None, None)
    ]
    assert found(take(store, "progress", f"{noted}2567,1,A,IIT,1,40.0,เริ่มแล้ว\n")) == []
    changed = take(store, "progress", f"{noted}2567,1,A,IIT,1,40,หยุดแล้ว\n", dry_run=True)
    assert found(changed) == [("cancelled-measure", 2, "ลำดับ")]
