"""Cells of which a row says nothing: what is stored stays, through mending and the file of problems too."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import openpyxl
import pytest

from ita.config import Limits
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.readers.cell_text import KEEP_STORED
from ita.imports.repairs import bad_rows, padded, problems_csv, problems_xlsx, rebuilt
from ita.imports.validation.rows import ValidatedFile, validate
from ita.store import Store
from tests.imports.bringing import committed_reference, rows, taken, with_measures

HEADER = "ปีงบประมาณ,ไตรมาส,หน่วยงาน,แบบวัด,ลำดับ,ร้อยละความสำเร็จ,ผลการดำเนินงาน,ปัญหา/อุปสรรค,หลักฐาน"
STORED = f"{HEADER}\n2567,1,A,IIT,1,15,เดิม,งบน้อย,ก.pdf\n2567,1,A,IIT,2,5,เดิม,คนน้อย,ข.pdf\n"


@pytest.fixture
def reported(store: Store) -> Store:
    taken(with_measures(store), "progress", STORED)
    return store


def texts(store: Store) -> list[tuple[str, ...]]:
    return [
        tuple(map(str, row)) for row in rows(store, "completion", "seq, note, obstacle, evidence")
    ]


def checked(store: Store, content: bytes, name: str) -> ValidatedFile:
    with store.reading() as cursor:
        request = ImportRequest(Dataset.PROGRESS, content, name, agency="A")
        return validate(request, cursor, committed_reference(), Limits())


def book(*sheets: list[list[object]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, table in enumerate(sheets):
        sheet = made.create_sheet(f"กอง {number}")
        for row in table:
            sheet.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_a_field_that_a_record_lacks_is_not_said_and_null_is_empty(reported: Store) -> None:
    key = {"fiscal_year": 2567, "quarter": 1, "instrument": "IIT"}
    records = [
        {**key, "agency": "A", "seq": 1, "percent": 40},
        {**key, "seq": 2, "percent": 50, "note": "ใหม่", "obstacle": None, "evidence": "ค.pdf"},
        {},
    ]
    content = json.dumps(records, ensure_ascii=False).encode()
    outcome = taken(reported, "progress", content, name="f.json", agency="A")
    assert outcome.problems == ()
    assert texts(reported) == [("1", "เดิม", "งบน้อย", "ก.pdf"), ("2", "ใหม่", "None", "ค.pdf")]


def test_the_mark_keeps_what_is_stored_in_texts_and_workbooks(reported: Store) -> None:
    lines = [HEADER, f"2567,1,A,IIT,1,60,{KEEP_STORED},,{KEEP_STORED}"]
    text = "\n".join(lines) + "\n"
    assert taken(reported, "progress", text.encode("utf-8-sig")).problems == ()
    assert texts(reported)[0] == ("1", "เดิม", "None", "ก.pdf")
    table = [line.split(",") for line in text.replace("60", "70").strip().split("\n")]
    assert taken(reported, "progress", book(table), name="f.xlsx").problems == ()
    assert texts(reported)[0] == ("1", "เดิม", "None", "ก.pdf")


@pytest.mark.slow
def test_a_large_file_read_by_column_keeps_it_too(store: Store) -> None:
    first = "agency_id,name_th,agency_type,province\n"
    ids = range(9_000)
    taken(store, "agencies", first + "".join(f"N{n:05},หน่วย {n},เทศบาลตำบล,น่าน\n" for n in ids))
    text = first + "".join(
        f"N{n:05},หน่วยงานใหม่ {n},,{KEEP_STORED if n == 7 else ''}\n" for n in ids
    )
    taken(store, "agencies", text.encode("utf-8-sig"))
    kept = [row for row in rows(store, "agency", "agency_id, province") if row[1]]
    assert kept == [("N00007", "น่าน")]


def test_the_mark_in_a_key_is_a_blank(reported: Store) -> None:
    content = f"{HEADER}\n2567,1,A,IIT,{KEEP_STORED},60,,,\n".encode()
    found = checked(reported, content, "f.csv")
    assert [(p.kind.value, p.column) for p in found.problems] == [("required-value", "ลำดับ")]


def test_sheets_that_lack_different_columns_are_mended_without_loss(reported: Store) -> None:
    start = HEADER.split(",")[:6]
    content = book(
        [[*start, "ปัญหา/อุปสรรค"], [2567, 1, "A", "IIT", 1, "ครึ่ง", "ใหม่"]],
        [[*start, "หลักฐาน"], [2567, 1, "A", "IIT", 2, 70, "ใหม่.pdf"]],
    )
    found = checked(reported, content, "f.xlsx")
    (row,) = bad_rows(found)
    cells = padded(row.cells, len(found.sheet.header))
    cells[5] = "50"
    mended = rebuilt(found, {row.place: cells}, set())
    assert taken(reported, "progress", mended, agency="A").accepted
    assert texts(reported) == [("1", "เดิม", "ใหม่", "ก.pdf"), ("2", "เดิม", "คนน้อย", "ใหม่.pdf")]


def test_a_cut_row_that_a_person_fills_up_says_only_what_was_filled(reported: Store) -> None:
    content = f"{HEADER}\n2567,1,A,IIT,1,ครึ่ง,ดี,ก,ข\n2567,6,A,IIT,2,50\n".encode()
    found = checked(reported, content, "f.csv")
    edits = {row.place: padded(row.cells, 9) for row in bad_rows(found)}
    edits[0][5] = "50"
    edits[1][1] = "1"
    edits[1][8] = "ใหม่.pdf"
    assert taken(reported, "progress", rebuilt(found, edits, set())).accepted
    assert texts(reported)[1] == ("2", "เดิม", "คนน้อย", "ใหม่.pdf")


def _as_csv(found: ValidatedFile) -> bytes:
    table = list(csv.reader(io.StringIO(problems_csv(found).decode("utf-8-sig"))))
    return book([[*row] for row in _mended(table)])


def _as_workbook(found: ValidatedFile) -> bytes:
    sheet = openpyxl.load_workbook(io.BytesIO(problems_xlsx(found))).active
    table = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    return book([[*row] for row in _mended(table)])


def _mended(table: list[list[str]]) -> list[list[str]]:
    return [["50" if cell == "ครึ่ง" else cell for cell in row[:9]] for row in table]


@pytest.mark.parametrize("made", [_as_csv, _as_workbook])
def test_a_mended_file_of_problems_erases_nothing(
    made: Callable[[ValidatedFile], bytes], reported: Store
) -> None:
    content = f"{HEADER}\n2567,1,A,IIT,1,ครึ่ง,ดี,,\n2567,1,A,IIT,2,50\nหมายเหตุ ร่าง\n".encode()
    found = checked(reported, content, "f.csv")
    assert not found.accepted
    outcome = taken(reported, "progress", made(found), name="f.xlsx")
    assert [p.kind.value for p in outcome.problems] == ["skipped-rows"]
    assert texts(reported) == [("1", "ดี", "None", "None"), ("2", "เดิม", "คนน้อย", "ข.pdf")]


def test_a_field_written_twice_in_a_record_loses_no_value(reported: Store) -> None:
    text = (
        '[{"fiscal_year":2567,"quarter":1,"instrument":"IIT","seq":1,"percent":20,"percent":90},'
        '{"fiscal_year":2567,"quarter":1,"instrument":"IIT","seq":2,"percent":30,"percent":30}]'
    )
    found = checked(reported, text.encode(), "f.json")
    assert [(p.kind.value, p.line, p.column) for p in found.problems] == [
        ("not-a-number", 2, "percent")
    ]


def test_cells_beyond_the_header_of_a_workbook_are_no_matter_of_separators(
    reported: Store,
) -> None:
    content = book([HEADER.split(","), [2567, 1, "A", "IIT", 1, 50, *[None] * 4, "ดูไฟล์เดิม"]])
    (problem,) = checked(reported, content, "f.xlsx").problems
    assert (problem.kind.value, problem.value) == ("ragged-row", "11")
    assert "ตัวคั่น" not in problem.sentence()
    (of_text,) = checked(
        reported, f"{HEADER}\n2567,1,A,IIT,1,50,,,,,ข\n".encode(), "f.csv"
    ).problems
    assert "ตัวคั่น" in of_text.sentence()


def test_formulas_without_a_result_and_truths_are_no_texts(reported: Store) -> None:
    content = book([HEADER.split(","), [2567, 1, "A", "IIT", 1, 50, '=B2&" แห่ง"', True, None]])
    problems = checked(reported, content, "f.xlsx").problems
    assert [(p.kind.value, p.column, p.expected["why"]) for p in problems] == [
        ("broken-text", "ผลการดำเนินงาน", "formula"),
        ("broken-text", "ปัญหา/อุปสรรค", "program-value"),
    ]
