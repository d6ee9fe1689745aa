"""Workbooks read tag by tag show what openpyxl, which built whole trees, showed of them."""

from __future__ import annotations

import io
import warnings
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from ita.config import Limits
from ita.imports.readers.cell_text import shown_number, value_text
from ita.imports.readers.limits import Unreadable
from ita.imports.readers.workbooks import worksheets_of
from tests.faulty.bombs import sheet, xlsx
from tests.tiers import examples


def _oracle(content: bytes) -> list[list[str]]:
    """The first sheet by openpyxl; blank cells at the end of rows and blank rows at the end left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of numbers that are no days
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    rows = [[_shown(cell) for cell in row] for row in book.worksheets[0].iter_rows()]
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _shown(cell: Any) -> str:
    value = cell.value
    if isinstance(value, float | int) and not isinstance(value, bool):
        return shown_number(Decimal(repr(value)), cell.number_format or "")
    return value_text(value)


def _read(content: bytes) -> list[list[str]]:
    rows = [list(row) for row in worksheets_of(content, Limits())[0].rows]
    while rows and not rows[-1]:
        rows.pop()
    return rows


TEXT = st.text(
    st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S", "Zs"]), max_size=12
)
NUMBER = st.integers(-(10**12), 10**12) | st.floats(-1e9, 1e9, allow_subnormal=False)
DAY = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(
    lambda d: d.replace(microsecond=0)
)
FORMATS = [
    "General",
    "0",
    "0.00",
    "0%",
    "0.00%",
    "0000000",
    "#,##0.00",
    '0"%"',
    "d/m/yyyy",
    "[h]:mm",
]
CELL = st.one_of(
    st.none(),
    TEXT,
    st.booleans(),
    st.tuples(NUMBER, st.sampled_from(FORMATS)),
    DAY,
    DAY.map(datetime.date),
    st.just(time(13, 5)),
)
TABLE = st.lists(st.lists(CELL, max_size=6), max_size=6)


@tried(max_examples=examples(200), deadline=None)
@given(TABLE, st.integers(1, 40), st.integers(1, 30))
def test_cells_are_those_that_openpyxl_reads(
    table: list[list[Any]], first_row: int, first_column: int
) -> None:
    book = openpyxl.Workbook()
    for at, row in enumerate(table):
        for beside, value in enumerate(row):
            cell = book.active.cell(at + first_row, beside + first_column)
            if isinstance(value, tuple):
                cell.value, cell.number_format = value
            elif isinstance(value, str):
                cell.value, cell.data_type = value, "s"
            else:
                cell.value = value
    stream = io.BytesIO()
    book.save(stream)
    assert _read(stream.getvalue()) == _oracle(stream.getvalue())


@tried(max_examples=examples(100), deadline=None)
@given(st.lists(st.lists(TEXT | NUMBER | st.dates(date(1950, 1, 1)), max_size=5), max_size=5))
def test_cells_of_another_writer_are_those_that_openpyxl_reads(table: list[list[Any]]) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        day, made = book.add_format({"num_format": "d mmm yyyy"}), book.add_worksheet("ก")
        for at, row in enumerate(table):
            for beside, value in enumerate(row):
                if isinstance(value, str):
                    made.write_string(at, beside, value)
                elif isinstance(value, date):
                    made.write_datetime(at, beside, datetime.combine(value, time()), day)
                else:
                    made.write_number(at, beside, value)
    assert _read(stream.getvalue()) == _oracle(stream.getvalue())


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ('<row r="2"><c r="B2"><v>1</v></c><c><v>2</v></c></row>', [[], ["", "1", "2"]]),
        ("<row><c/><c><v>5.50</v></c></row>", [["", "5.5"]]),
        (
            '<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
            [[], ["2"], ["1"]],
        ),
        (
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="B1"><v>2</v></c></row>',
            [["1", "2"]],
        ),
        ('<row><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>', [["2", "1"]]),
        (
            '<row><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="str"><v>ก</v></c></row>',
            [["True", "#N/A", "ก"]],
        ),
        ("<row><c><f>A1+1</f></c><c><f>1</f><v>7</v></c></row>", [["=…A1+1", "7"]]),
        (
            '<row><c t="inlineStr"><is><r><t>ก</t></r><r><t xml:space="preserve"> ข</t></r><rPh><t>x</t></rPh></is></c></row>',
            [["ก ข"]],
        ),
        (
            '<row><c r="A1"><f t="shared" si="0" ref="A1:A2">B1</f></c></row><row><c r="A2"><f t="shared" si="0"/></c></row>',
            [["=…B1"], ["=…B2"]],
        ),
    ],
)
def test_cells_without_places_or_out_of_order_stand_where_they_belong(
    cells: str, expected: list[list[str]]
) -> None:
    assert _read(xlsx(sheet(cells))) == expected


def test_names_with_a_prefix_are_the_same() -> None:
    text = sheet("<row><c><v>1</v></c></row>").replace("xmlns=", "xmlns:x=")
    for tag in ("worksheet", "sheetData", "row", "c", "v"):
        text = text.replace(f"<{tag}>", f"<x:{tag}>").replace(f"</{tag}>", f"</x:{tag}>")
    text = text.replace("<worksheet ", "<x:worksheet ")
    assert _read(xlsx(text)) == [["1"]]


def test_days_of_1904_are_four_years_later() -> None:
    cells = sheet('<row><c s="1"><v>1</v></c></row>')
    styles = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    content = xlsx(cells, defined='<workbookPr date1904="1"/>', styles=styles)
    assert _read(content) == [["1904-01-02"]]
    assert _read(xlsx(cells, styles=styles)) == [["1900-01-01"]]


def test_a_part_is_one_sheet_only() -> None:
    with pytest.raises(Unreadable):
        worksheets_of(xlsx(sheet("<row><c><v>1</v></c></row>"), sheets=2), Limits())


def test_entities_are_never_expanded() -> None:
    doctype = '<!DOCTYPE x [<!ENTITY e "1">]>'
    with pytest.raises(Unreadable):
        worksheets_of(xlsx(sheet("<row><c><v>&e;</v></c></row>", doctype=doctype)), Limits())


def test_parts_that_nobody_reads_cost_nothing() -> None:
    stream = io.BytesIO(xlsx(sheet("<row><c><v>1</v></c></row>")))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/theme/theme1.xml", "<broken")
        archive.writestr("docProps/core.xml", "<broken")
    assert _read(stream.getvalue()) == [["1"]]
