"""Cells that no spreadsheet runs, and files that are whole."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from xlsxwriter.utility import xl_col_to_name

from ita.tables import (
    FORMULA_MARKS,
    MAX_CELL_LENGTH,
    CellOrDate,
    CellValue,
    TooManyRows,
    atomic_file,
    csv_bytes,
    escape_formula,
    plain_number,
    sheet_xml,
    unescape_formula,
    write_csv_rows,
    write_file,
    write_xlsx,
    xlsx_bytes,
)
from ita.tables.csv_batches import write_csv_batches
from ita.tables.workbook import BUDDHIST_DATE_FORMAT

TEXTS = st.one_of(st.text(), st.text(alphabet="'=+-@\t\rก1"))


@given(TEXTS)
def test_a_guarded_text_never_begins_as_a_formula_and_comes_back(text: str) -> None:
    assert not escape_formula(text).startswith(FORMULA_MARKS)
    assert unescape_formula(escape_formula(text)) == text


@given(TEXTS)
def test_an_unguarded_text_is_guarded_back_or_needs_no_guard(text: str) -> None:
    if unescape_formula(text) != text:
        assert escape_formula(unescape_formula(text)) == text


@given(TEXTS, TEXTS)
def test_two_texts_never_share_a_guarded_form(one: str, other: str) -> None:
    assert (escape_formula(one) == escape_formula(other)) == (one == other)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (85, "85"),
        (100, "100"),
        (Decimal("85.500000"), "85.5"),
        (Decimal("100"), "100"),
        (Decimal("0E-6"), "0"),
        (Decimal("1E+2"), "100"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (-5, "-5"),
    ],
)
def test_a_number_without_exponent_and_needless_zeros(value: int | Decimal, shown: str) -> None:
    assert plain_number(value) == shown


def test_a_negative_number_stays_a_number_and_a_text_is_guarded() -> None:
    assert (
        csv_bytes(["ก"], [[-5], ["-5"], [None]]).decode("utf-8-sig") == 'ก\r\n-5\r\n\'-5\r\n""\r\n'
    )


def sheet_of(*values: CellOrDate) -> openpyxl.worksheet.worksheet.Worksheet:
    content = xlsx_bytes("ทดสอบ", ["ก"], [[value] for value in values], [10], ["ที่มา"])
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def test_texts_of_a_workbook_are_texts_and_numbers_are_numbers() -> None:
    sheet = sheet_of("=1+1", "http://example.com", Decimal("85.5"), None, "2567")
    cells = [sheet.cell(row, 1) for row in range(2, 7)]
    assert [cell.value for cell in cells] == ["=1+1", "http://example.com", 85.5, None, "2567"]
    assert [cell.data_type for cell in cells] == ["s", "s", "n", "n", "s"]
    assert not any(cell.hyperlink for cell in cells)


def test_a_text_too_long_for_a_cell_is_cut_with_a_mark_and_not_lost() -> None:
    shown = sheet_of("ก" * (MAX_CELL_LENGTH + 1), "ข" * MAX_CELL_LENGTH)
    assert shown["A2"].value == "ก" * (MAX_CELL_LENGTH - 1) + "…"
    assert shown["A3"].value == "ข" * MAX_CELL_LENGTH


def test_a_cut_is_told_where_it_happened() -> None:
    def told(text: str) -> list[str]:
        content = xlsx_bytes("ก", ["ก"], [[text]], [10], ["ที่มา"], "มีข้อความถูกตัด")
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]
        return [row[0] for row in sheet.values]

    assert told("ก" * MAX_CELL_LENGTH) == ["ที่มา"]
    assert told("ก" * (MAX_CELL_LENGTH + 1)) == ["ที่มา", "มีข้อความถูกตัด"]


def test_the_limit_of_a_cell_counts_as_spreadsheets_do() -> None:
    """An emoji is two of theirs; a half of one would be no text."""
    shown = sheet_of("😀" * 16_383, "😀" * 16_384, "ก" + "😀" * 16_383, "ก" * 32_766 + "😀")
    assert shown["A2"].value == "😀" * 16_383
    assert shown["A3"].value == "😀" * 16_383 + "…"
    assert shown["A4"].value == "ก" + "😀" * 16_383
    assert shown["A5"].value == "ก" * 32_766 + "…"


HARMLESS = (
    "<script>alert(1)</script>",
    "<r>&</r>",
    "<r><t>x</t></r>",
    "</t></is></c></row></sheetData>",
    "]]>&amp;&#0;",
    "_x0041_",
    "a_x000D_b_x005F_x0041_",
    " เว้นหน้าและหลัง ",
    "\tแท็บ\n\nสองบรรทัด\n",
    "\u202eกลับด้าน\u202c \u200bมองไม่เห็น",
    "👨‍👩‍👧",
    "๒๕๖๗",
    "'",
    '=HYPERLINK("http://x","y")',
)


def test_texts_of_a_workbook_are_no_markup() -> None:
    sheet = sheet_of(*HARMLESS)
    assert [sheet.cell(row, 1).value for row in range(2, 2 + len(HARMLESS))] == list(HARMLESS)
    # Notes are shared strings, in which openpyxl takes every "x005F_" for an escape.
    said = [text for text in HARMLESS if "x005F" not in text]
    notes = xlsx_bytes("x", ["ก"], [], [10], said)
    told = [row[0] for row in openpyxl.load_workbook(io.BytesIO(notes)).worksheets[1].values]
    assert [text.strip() for text in told] == [text.strip() for text in said]


def test_what_xml_cannot_carry_is_left_out() -> None:
    forbidden = "".join(map(chr, (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, 0xD800)))
    sheet = sheet_of(f"ก{forbidden}ข", "หนึ่ง\rสอง\r\nสาม", forbidden)
    cells = [sheet.cell(row, 1).value for row in (2, 3, 4)]
    assert cells == ["กข", "หนึ่ง\nสอง\nสาม", ""]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_any_text_goes_through_a_workbook(texts: list[str]) -> None:
    sheet = sheet_of(*texts)
    whole = "".join
    for row, text in enumerate(texts, start=2):
        plain = text.replace("\r\n", "\n").replace("\r", "\n")
        kept = whole(c for c in plain if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff"))
        assert (sheet.cell(row, 1).value or "") == kept


@given(st.lists(st.decimals(-10_000, 10_000, places=6), min_size=1, max_size=5))
def test_any_figure_goes_through_a_workbook(figures: list[Decimal]) -> None:
    sheet = sheet_of(*figures)
    for row, figure in enumerate(figures, start=2):
        assert sheet.cell(row, 1).value == pytest.approx(float(figure))
        assert sheet.cell(row, 1).data_type == "n"


@pytest.mark.parametrize("day", [date(1957, 10, 1), date(2024, 2, 29), date(2156, 12, 31)])
def test_a_day_is_a_day_of_the_calendar_shown_in_the_buddhist_era(day: date) -> None:
    sheet = sheet_of(day)
    assert sheet["A2"].value == datetime(day.year, day.month, day.day)
    assert sheet["A2"].number_format == BUDDHIST_DATE_FORMAT


@pytest.mark.parametrize("title", ["History/2567", "ก" * 40, "", "'", "[1]:*?", "ita-scores-A\\B"])
def test_any_title_names_a_sheet(title: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(title, ["ก"], [["ข"]], [10])))
    assert 1 <= len(book.worksheets[0].title) <= 31


@pytest.mark.slow
def test_a_table_of_one_and_of_many_columns_and_rows() -> None:
    for columns, count in ((1, 0), (1, 1), (30, 2_500)):
        header = [f"ช่อง {n}" for n in range(columns)]
        rows = [[f"{row}:{column}" for column in range(columns)] for row in range(count)]
        content = xlsx_bytes("ก", header, iter(rows), [10] * columns)
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        assert [list(row) for row in sheet.values] == [header, *rows]
        last = xl_col_to_name(columns - 1)
        assert sheet.auto_filter.ref == f"A1:{last}{max(count, 1) + 1}"


def test_a_sheet_holds_no_more_rows_than_a_spreadsheet_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheet_xml, "MAX_SHEET_ROWS", 3)
    assert xlsx_bytes("ก", ["ก"], [["ข"]] * 3, [10])
    with pytest.raises(TooManyRows):
        xlsx_bytes("ก", ["ก"], [["ข"]] * 4, [10])


@pytest.mark.slow
def test_rows_take_no_memory_beyond_some_of_them(tmp_path: Path) -> None:
    def rows() -> Iterator[list[str | int]]:
        for number in range(30_000):
            yield [number, f"{number} ตรวจสอบการใช้รถยนต์ส่วนกลาง " * 20]

    tracemalloc.start()
    with atomic_file(tmp_path / "x.xlsx") as stream:
        write_xlsx(stream, "ก", ["ก", "ข"], rows(), [10, 50])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000  # the rows are 50 MB


def test_csv_into_a_stream_is_the_same_and_counts_its_rows() -> None:
    rows = [[number, f"=ข้อ {number}"] for number in range(4_500)]
    stream = io.BytesIO()
    assert write_csv_rows(stream, ["ก", "=ข"], iter(rows)) == 4_500
    assert stream.getvalue() == csv_bytes(["ก", "=ข"], rows)
    assert parsed(stream.getvalue()) == [
        ["ก", "'=ข"],
        *([str(n), f"'=ข้อ {n}"] for n in range(4_500)),
    ]


DECIMALS = st.decimals(-999, 999, allow_nan=False, allow_infinity=False, places=6)
ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), TEXTS.map(lambda text: text.encode("utf-8", "replace").decode())),
        st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1)),
        st.one_of(st.none(), DECIMALS),
        st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
    )
)


@given(ROWS, st.integers(1, 4))
@example([("ก", 1, Decimal("0.000123"), -0.0), (None, None, Decimal("-1.000001"), 1e-7)], 1)
def test_csv_by_columns_says_what_csv_by_rows_says(
    rows: list[tuple[CellValue, ...]], size: int
) -> None:
    types = (pa.string(), pa.int32(), pa.decimal128(9, 6), pa.float64())
    header = ["ก", "=ข", "ค", "ง"]
    schema = pa.schema(list(zip(header, types, strict=True)))
    columns = zip(*rows, strict=True) if rows else ([] for _ in types)
    whole = pa.table([pa.array(c, t) for c, t in zip(columns, types, strict=True)], schema)
    by_rows, by_columns = io.BytesIO(), io.BytesIO()
    write_csv_rows(by_rows, header, rows)
    assert write_csv_batches(by_columns, header, whole.to_batches(max_chunksize=size)) == len(rows)
    assert parsed(by_columns.getvalue()) == parsed(by_rows.getvalue())
    assert by_columns.getvalue().count(b"\r\n") >= len(rows) + 1


def parsed(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_workbook_is_ready_to_print() -> None:
    sheet = sheet_of("ก\nข")
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.row_dimensions[2].height > sheet_of("ก").row_dimensions[2].height
    assert sheet["A2"].alignment.wrap_text


@pytest.mark.parametrize(
    ("lines", "printed"),
    [
        (("รายงานผล", "เทศบาล 1"), "รายงานผล · เทศบาล 1"),
        (("2567 R&D &P", "<b>\x01\n"), "2567 R&&D &&P · <b>"),
        (("&" * 400,), "&" * 220),
        (("ก" * 400,), "ก" * 220),
    ],
)
def test_each_printed_page_says_what_it_belongs_to(lines: tuple[str, ...], printed: str) -> None:
    content = xlsx_bytes("t", ["ก"], [("ข",)], [20], lines)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    header = next(e.text or "" for e in sheet.iter() if e.tag.endswith("oddHeader"))
    assert header == f'&C&"TH SarabunPSK,Bold"&12 {printed}'
    assert len(header) <= 255


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    place = tmp_path / "ก.csv"
    write_file(place, b"one")
    write_file(place, b"two")
    assert place.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [place]


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    place = tmp_path / "folder"
    place.mkdir()
    with pytest.raises(OSError, match="folder"):
        write_file(place, b"one")
    assert list(tmp_path.iterdir()) == [place]
