"""One cell of a workbook mended on the page: no other row changes, whatever the sheet looks like."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ita.config import Limits
from ita.imports.datasets import Dataset, columns_of
from ita.imports.draft import ImportRequest
from ita.imports.problems import Problem
from ita.imports.readers.sheets import AUTO, Dialect
from ita.imports.repairs import bad_rows, padded, rebuilt, rebuilt_reading, wide_header
from ita.imports.validation.rows import ValidatedFile, validate
from ita.store import Store, open_memory_store
from tests.imports.bringing import committed_reference, with_measures

VALUES: dict[str, list[Any]] = {
    "agency_id": ["X1", "X2", 41, "0042", None],
    "agency": ["A", "B", "ไม่มีใคร", None],
    "fiscal_year": [2567, "๒๕๖๘", "67", "ปีหน้า", None],
    "quarter": [1, 2, "ไตรมาส 3", "ต้นปี", None],
    "instrument": ["IIT", "EIT", "XIT", None],
    "seq": [1, 2, 3, "สอง", None],
    "type": ["สรุปผล", "ผลลัพธ์", "บทนำ", None],
    "date": ["21 เม.ย. 2567", "1/5/2567", "เมื่อวาน", None],
}
FIGURES = [0, 45.5, "ครึ่ง", 88, None]
TEXTS = ["ก", "=1+1", "สอง\nบรรทัด", "'=x", "รวมใจ", None, None]


@dataclass(frozen=True)
class Made:
    kind: Dataset
    content: bytes


@st.composite
def workbooks(draw: st.DrawFn) -> Made:
    """A sheet with titles, records with blank cells at their ends, merged cells, and a total."""
    kind = draw(st.sampled_from(list(Dataset)))
    columns = [c for c in columns_of(kind, committed_reference()) if draw(st.integers(0, 9)) > 1]
    columns = draw(st.permutations(columns)) or list(columns_of(kind, committed_reference()))
    book = openpyxl.Workbook()
    sheet = book.active
    titles = draw(st.integers(0, 2))
    for number in range(titles):
        sheet.cell(number + 1, 1, "แบบรายงานของหน่วยงาน")
    for place, column in enumerate(columns, start=1):
        sheet.cell(titles + 1, place, column.thai)
    line = titles + 1
    for _ in range(draw(st.integers(1, 6))):
        line += draw(st.sampled_from([1, 1, 1, 2]))
        for place, column in enumerate(columns, start=1):
            figures = column.part or column.name == "percent"
            choices = VALUES.get(column.name, FIGURES if figures else TEXTS)
            sheet.cell(line, place, draw(st.sampled_from(choices)))
        if draw(st.integers(0, 5)) == 0:
            sheet.cell(line, len(columns) + draw(st.integers(1, 2)), "เกิน")
    if line > titles + 2 and draw(st.booleans()):
        first = draw(st.integers(titles + 2, line - 1))
        place = draw(st.integers(1, len(columns)))
        sheet.merge_cells(start_row=first, end_row=line, start_column=place, end_column=place)
    if draw(st.booleans()):
        sheet.cell(line + 1, 1, "รวม")
        sheet.cell(line + 3, 1, "หมายเหตุ ร่าง")
    stream = io.BytesIO()
    book.save(stream)
    return Made(kind, stream.getvalue())


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_memory_store() as opened:
        yield with_measures(opened)


def checked(store: Store, kind: Dataset, content: bytes, reading: Dialect = AUTO) -> ValidatedFile:
    request = ImportRequest(kind, content, "file.xlsx", "A", dialect=reading)
    with store.reading() as cursor:
        return validate(request, cursor, committed_reference(), Limits())


def others(found: ValidatedFile, line: int) -> list[tuple[Any, ...]]:
    """The problems of other rows, as they are told of a file that may be in another form."""
    return sorted(map(_problem, (p for p in found.problems if p.line not in (None, line))))


def _problem(problem: Problem) -> tuple[Any, ...]:
    return (problem.line, problem.kind.value, str(problem.column), str(problem.value))


def _rows(found: ValidatedFile, line: int) -> dict[int, dict[str, Any]]:
    records = found.frame.to_dict("records")
    return {int(row.pop("line")): row for row in records if row["line"] != line}


@pytest.mark.slow
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(made=workbooks(), data=st.data())
def test_one_mended_cell_changes_nothing_elsewhere(
    made: Made, data: st.DataObject, store: Store
) -> None:
    before = checked(store, made.kind, made.content)
    bad = bad_rows(before)
    if not bad:
        return
    row = data.draw(st.sampled_from(bad))
    cells = padded(row.cells, len(wide_header(before)))
    place = data.draw(st.integers(0, len(before.sheet.header) - 1))
    cells[place] = data.draw(st.sampled_from(["45", "IIT", "1", "2567", "A", ""]))
    content = rebuilt(before, {row.place: cells}, set())
    for reading in (AUTO, rebuilt_reading(before)):
        after = checked(store, made.kind, content, reading)
        assert after.header.places == before.header.places
        assert after.sheet.header_line == before.sheet.header_line
        known = others(before, row.line)
        # A row that is now the same as another one's key, or no longer is, changes that one's.
        new = [p for p in others(after, row.line) if p not in known and p[1] != "duplicate-key"]
        if made.kind is not Dataset.SCORES:  # there one figure may settle the scale of all
            assert new == []
            lines = _rows(before, row.line).keys() & _rows(after, row.line).keys()
            assert lines == _rows(before, row.line).keys()
        kept = {line: list(cells) for line, cells in _texts(before).items() if line != row.line}
        assert {n: list(c) for n, c in _texts(after).items() if n != row.line} == kept


def _texts(found: ValidatedFile) -> dict[int, list[str]]:
    width = len(wide_header(found))
    sheet = found.sheet
    rows = zip(sheet.lines, sheet.rows, strict=True)
    return {line: [cell.strip() for cell in padded(row, width)][:width] for line, row in rows}


def test_blank_cells_at_the_end_of_other_rows_stay_as_they_are(store: Store) -> None:
    book = openpyxl.Workbook()
    columns = columns_of(Dataset.PROGRESS, committed_reference())
    book.active.append([column.thai for column in columns])
    for number, percent in ((1, "ครึ่ง"), (2, 50)):
        book.active.append([2567, 2, "A", "IIT", number, percent])
    stream = io.BytesIO()
    book.save(stream)
    before = checked(store, Dataset.PROGRESS, stream.getvalue())
    (row,) = bad_rows(before)
    cells = padded(row.cells, len(columns))
    cells[5] = "45"
    after = checked(store, Dataset.PROGRESS, rebuilt(before, {row.place: cells}, set()))
    assert after.problems == ()
    assert after.lines == before.lines == [2, 3]


def test_lines_stay_what_they_were_in_the_file(store: Store) -> None:
    text = "รายงาน,,,,,\n\nปีงบประมาณ,ไตรมาส,หน่วยงาน,แบบวัด,ลำดับ,ร้อยละความสำเร็จ\n"
    text += "2567,1,A,IIT,1,x\n\n2567,1,A,IIT,2,y\n"
    before = checked(store, Dataset.PROGRESS, text.encode())
    after = checked(store, Dataset.PROGRESS, rebuilt(before, {}, {0}), rebuilt_reading(before))
    assert [p.line for p in before.problems] == [4, 6]
    assert [p.line for p in after.problems] == [6]
    assert after.sheet.header_line == 3


def test_a_text_row_cut_short_stays_so_after_mending(store: Store) -> None:
    text = "ปีงบประมาณ,ไตรมาส,แบบวัด,ลำดับ,ร้อยละความสำเร็จ,ผลการดำเนินงาน\n"
    text += "2567,1,IIT,1,x,ดี\n2567,1,IIT,2,50\n"
    before = checked(store, Dataset.PROGRESS, text.encode())
    (row,) = bad_rows(before)
    after = checked(
        store,
        Dataset.PROGRESS,
        rebuilt(before, {row.place: ["2567", "1", "IIT", "1", "9", "ดี"]}, set()),
    )
    assert [p.kind.value for p in after.problems] == ["short-row"]
