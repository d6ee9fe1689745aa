"""Files read in the worker process: the same comes out as where they are read in the server."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings

from ita.config import Limits
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.heavy import SMALL_BYTES, SMALL_ROWS, by_column, is_heavy, read_file
from ita.imports.problems import Problem, ProblemKind
from ita.imports.readers.delimited import ColumnRows
from ita.imports.readers.limits import Unreadable
from ita.imports.readers.sheets import Sheet
from ita.imports.validation.rows import ValidatedFile, recogniser_of, validate
from ita.store import Store, open_memory_store
from ita.workers import WorkerPool
from ita.workers.process import REPORTER, Beside
from tests.imports.bringing import committed_reference, with_measures
from tests.imports.test_mending_workbooks import Made, workbooks
from tests.imports.test_old_formats import ods, ods_row

HEADER = ["ปีงบประมาณ", "ไตรมาส", "หน่วยงาน", "แบบวัด", "ลำดับ", "ร้อยละความสำเร็จ", "ผลการดำเนินงาน"]
ROWS = [
    ["2567", "1", "A", "IIT", "1", "45", "ประชุมแล้ว"],
    ["2567", "2", "A", "IIT", "1", "ครึ่ง", ""],
    ["2567", "3", "A", "IIT", "1", "90", 'สอง\nบรรทัด "อ้าง"'],
    ["รวม", "", "", "", "", "90", ""],
]


def _csv(rows: list[list[str]], separator: str = ",") -> bytes:
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in rows]
    return "\r\n".join(separator.join(row) for row in quoted).encode()


def _xlsx(sheets: list[list[list[str]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _parquet(rows: list[list[str]]) -> bytes:
    names = ["fiscal_year", "quarter", "agency", "instrument", "seq", "percent", "note"]
    stream = io.BytesIO()
    columns = zip(*rows, strict=True)
    pq.write_table(pa.table({n: list(c) for n, c in zip(names, columns, strict=True)}), stream)
    return stream.getvalue()


FILES = {
    "csv": _csv([HEADER, *ROWS]),
    "tsv": _csv([HEADER, *ROWS], "\t"),
    "cut short": _csv([HEADER, *(row[:6] for row in ROWS)]),
    "too long": _csv([HEADER, ROWS[0], [*ROWS[1], "อีก"], ROWS[2]]),
    "xlsx": _xlsx([[HEADER, *ROWS]]),
    "sheets": _xlsx([[HEADER, ROWS[0]], [HEADER[:6], ROWS[2][:6]], [["คำอธิบาย"]]]),
    "beyond": _xlsx([[HEADER, ROWS[0], [*ROWS[1], "", "อีก"]]]),
    "parquet": _parquet(ROWS[:3]),
    "one column": "ปีงบประมาณ\n2567\n".encode(),
    "empty": b"  ",
    "broken": b"PK\x03\x04 nothing",
    "other": b"%PDF-1.7",
}


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_memory_store() as opened:
        with_measures(opened)
        yield opened


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool()
    yield made
    made.close()


def _checked(store: Store, request: ImportRequest) -> ValidatedFile | Problem:
    with store.reading() as cursor:
        try:
            return validate(request, cursor, committed_reference(), Limits())
        except Unreadable as fault:
            return fault.problem


def _result(checked: ValidatedFile | Problem) -> object:
    """All that is gone by afterwards."""
    if isinstance(checked, Problem):
        return checked
    cells = {name: list(column) for name, column in checked.cells.items()}
    header = (checked.header, checked.sheet.header, checked.sheet.sheets, checked.sheet.first_rows)
    skipped = [(row.place, row.line, row.words) for row in checked.skipped]
    return checked.lines, cells, checked.problems, header, skipped, checked.not_reported


@pytest.mark.parametrize("name", FILES)
def test_the_same_is_read_in_another_process(name: str, store: Store, pool: WorkerPool) -> None:
    request = ImportRequest(Dataset.PROGRESS, FILES[name], f"file.{name}")
    recognise = recogniser_of(request, committed_reference())
    found = pool.run(
        read_file, Beside(request.content), request.file_name, recognise, Limits(), request.dialect
    )
    assert isinstance(found, Sheet | Problem)
    there = _checked(store, replace(request, sheet=found))
    assert _result(there) == _result(_checked(store, request))


@given(made=workbooks())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_rows_in_columns_say_what_rows_said(store: Store, made: Made) -> None:
    request = ImportRequest(made.kind, made.content, "x.xlsx", agency="A")
    here = _checked(store, request)
    if isinstance(here, Problem):
        return
    there = _checked(store, replace(request, sheet=by_column(here.sheet)))
    assert _result(there) == _result(here)


def test_rows_stay_as_they_are_where_their_width_tells_something() -> None:
    def sheet(rows: list[list[str]], separator: str | None) -> Sheet:
        lines = list(range(2, len(rows) + 2))
        return Sheet(("ก", "ข"), 1, rows, lines, "utf-8", separator)

    assert isinstance(by_column(sheet([["1", "2"], ["3", "4"]], ",")).rows, ColumnRows)
    assert isinstance(by_column(sheet([["1"], ["3", "4", ""]], None)).rows, ColumnRows)
    assert not isinstance(by_column(sheet([["1"], ["3", "4"]], ",")).rows, ColumnRows)
    assert not isinstance(by_column(sheet([["1", "2", "3"]], None)).rows, ColumnRows)


def _xlsx_with_cell(reference: str) -> bytes:
    book = openpyxl.Workbook()
    book.active[reference] = "ก"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _zip_of(length: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * length)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "heavy"),
    [
        (FILES["csv"], False),
        (FILES["xlsx"], False),
        (FILES["parquet"], True),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, True),
        (b"," * SMALL_BYTES, True),
        (b"1,2\n" * (SMALL_ROWS + 1), True),
        (b"1,2\r" * (SMALL_ROWS + 1), True),
        (_zip_of(3 * 1024 * 1024), True),
        (b"PK but no archive", False),
        (_xlsx_with_cell("A200"), False),
        (_xlsx_with_cell("A1048576"), True),
        (_xlsx_with_cell("XFD10000"), True),
    ],
)
def test_what_is_large_or_may_unpack_to_much_is_heavy(content: bytes, heavy: bool) -> None:
    assert is_heavy(content) is heavy


def test_a_file_that_was_not_readable_is_not_read_again(store: Store) -> None:
    problem = Problem(
        ProblemKind.FILE_TOO_LARGE, value="1", expected={"limit": "0", "unit": "rows"}
    )
    assert (
        _checked(store, ImportRequest(Dataset.PROGRESS, FILES["csv"], "x", sheet=problem))
        is problem
    )


def _large(kind: str) -> bytes:
    """A file of thousands of rows, read piece by piece."""
    rows = [[*ROWS[0][:4], str(at % 9_000 + 1), "45", f"ประชุมครั้งที่ {at}"] for at in range(16_000)]
    if kind == "csv":
        # One row too short, so that it is read line by line.
        return _csv([HEADER, *rows, rows[0][:6]])
    if kind == "json":
        return json.dumps([dict(zip(HEADER, row, strict=True)) for row in rows]).encode()
    if kind == "parquet":
        return _parquet(rows * 5)
    return (
        _xlsx([[HEADER, *rows[:4_000]]])
        if kind == "xlsx"
        else ods("".join(ods_row(*row) for row in [HEADER, *rows[:4_000]]))
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "json", "parquet", "xlsx", "ods"])
def test_a_large_file_tells_how_far_its_reading_is(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(REPORTER, "report", lambda done, total: told.append((done, total)))
    request = ImportRequest(Dataset.PROGRESS, _large(kind), f"file.{kind}")
    recognise = recogniser_of(request, committed_reference())
    found = read_file(request.content, request.file_name, recognise, Limits(), request.dialect)
    assert isinstance(found, Sheet)
    shares = [done / total for done, total in told]
    assert shares == sorted(shares)
    assert len(set(shares)) > 1
    assert 0.5 < shares[-1] <= 1
