"""Files as sheets: separators, header and line numbers, the formats that `export` writes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ita.config import Limits
from ita.imports.datasets import Dataset, columns_of
from ita.imports.header import recogniser
from ita.imports.readers import sheet_part
from ita.imports.readers.limits import Unreadable
from ita.imports.readers.sheets import Sheet, read_sheet
from tests.imports.bringing import committed_reference, delimited

HEADER = ["ปีงบประมาณ", "หน่วยงาน", "คะแนนรวม", "แหล่งที่มา"]
ROWS = [["2569", "A", "90", "ประกาศ, “ร่าง”"], ["2568", "B", "", 'ก "ข"; ค|ง\tจ']]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp874")


def read(
    content: bytes | str,
    name: str = "x.csv",
    limits: Limits | None = None,
    kind: Dataset = Dataset.SCORES,
) -> Sheet:
    raw = content.encode() if isinstance(content, str) else content
    score = recogniser(columns_of(kind, committed_reference()))
    return read_sheet(raw, name, score, limits or Limits())


def book(*sheets: list[list[object]], change: Callable[[openpyxl.Workbook], None] = id) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for rows in sheets:
        sheet = made.create_sheet()
        for row in rows:
            sheet.append(row)
    change(made)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def zipped(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name in names:
            target.writestr(name, "<x/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (zipped("mimetype", "content.xml"), "open-document"),
        (zipped("[Content_Types].xml", "word/document.xml"), "word"),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), "slides"),
        (zipped("xl/workbook.bin"), "broken-xlsx"),
        (zipped("scores.csv"), "other-zip"),
        (book([HEADER, *ROWS])[:-40], "broken-xlsx"),
    ],
)
def test_what_is_no_workbook_is_told_for_what_it_is(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content, "x.xlsx")
    assert refused.value.problem.kind == "unreadable-encoding"
    assert refused.value.problem.expected["why"] == why


@pytest.mark.parametrize("content", ["\n \n,,,\n", " ; ;\n;;\n"])
def test_separators_alone_are_an_empty_file(content: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert refused.value.problem.kind == "empty-file"


def rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """A workbook with something else in the XML of its first sheet."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            # How openpyxl writes an empty value depends on whether lxml is there.
            part = source.read(name).replace(b"<v />", b"<v></v>")
            if name.endswith("sheet1.xml"):
                assert old in part
                part = part.replace(old, new)
            target.writestr(name, part)
    return stream.getvalue()


def refusal(content: bytes | str, name: str = "x.csv", limits: Limits | None = None) -> str:
    with pytest.raises(Unreadable) as refused:
        read(content, name, limits)
    return refused.value.problem.kind.value


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_each_separator_in_each_encoding(separator: str, encoding: str) -> None:
    sheet = read(delimited([HEADER, *ROWS], separator).encode(encoding))
    assert list(sheet.header) == HEADER
    assert sheet.rows == ROWS
    assert sheet.lines == [2, 3]


def test_a_cell_with_line_breaks_counts_as_one_row() -> None:
    sheet = read(delimited([HEADER, ["2569", "A", "90", "หนึ่ง\nสอง\nสาม"], ROWS[1]]))
    assert sheet.lines == [2, 3]


def test_blank_rows_count_but_are_left_out() -> None:
    sheet = read("\n\nปีงบประมาณ,คะแนนรวม\n\n2569,90\n \n2568,91\n")
    assert sheet.header_line == 3
    assert sheet.lines == [5, 7]


def test_the_header_is_the_row_that_names_most_columns() -> None:
    sheet = read("รายงาน ปีงบประมาณ,\nปีงบประมาณ,2569\nปีงบประมาณ,คะแนนรวม\n2569,90\n")
    assert sheet.header_line == 3


def test_a_header_far_down_is_found() -> None:
    assert read("หัวเรื่อง\n" * 39 + "ปีงบประมาณ,คะแนนรวม\n2569,90\n").header_line == 40


def test_the_line_of_an_unclosed_quote_is_the_row_of_a_spreadsheet() -> None:
    with pytest.raises(Unreadable) as refused:
        read('ปีงบประมาณ,แหล่งที่มา\n2569,"ก\nข"\n2568,"ไม่ปิด\n2567,x\n')
    assert refused.value.problem.line == 3


def test_a_file_one_byte_over_the_limit_is_refused_and_one_at_it_is_read() -> None:
    text = "ปีงบประมาณ,คะแนนรวม\n2569,90\n"
    size = len(text.encode())
    assert read(text, limits=Limits(file_bytes=size)).rows == [["2569", "90"]]
    assert refusal(text, limits=Limits(file_bytes=size - 1)) == "file-too-large"


def test_one_row_over_the_limit_is_refused() -> None:
    text = "ปีงบประมาณ,คะแนนรวม\n2569,90\n2568,91\n"
    assert len(read(text, limits=Limits(rows=2)).rows) == 2
    assert refusal(text, limits=Limits(rows=1)) == "file-too-large"


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    content = book([HEADER, *ROWS])
    assert refusal(content, limits=Limits(unpacked_bytes=1000)) == "file-too-large"


def test_a_workbook_with_too_many_cells_is_refused() -> None:
    assert refusal(book([HEADER, *ROWS]), limits=Limits(cells=5)) == "file-too-large"


def test_a_sheet_with_too_many_rows_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    read_cells: list[object] = []
    cell_text = sheet_part._SheetHandler._text
    monkeypatch.setattr(
        sheet_part._SheetHandler,
        "_text",
        lambda handler, cell: read_cells.append(cell) or cell_text(handler, cell),
    )
    content = book([HEADER, *[[2569, "A", 90, "x"]] * 1_000])
    assert refusal(content, limits=Limits(rows=10)) == "file-too-large"
    assert 0 < len(read_cells) < 200 * len(HEADER)


def test_a_sheet_says_its_size_wrongly_and_is_read_all_the_same() -> None:
    content = rewritten(book([HEADER, *ROWS]), b'ref="A1:D3"', b'ref="A1"')
    assert read(content).rows == [[*ROWS[0]], [*ROWS[1]]]


def test_millions_of_merged_cells_cost_nothing() -> None:
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A4:XFD1048576"/></mergeCells>'
    content = rewritten(book([HEADER, *ROWS]), b"</sheetData>", merged)
    assert len(read(content).rows) == 2


@pytest.mark.slow
def test_a_row_number_beyond_every_sheet_is_refused() -> None:
    content = rewritten(book([HEADER, *ROWS]), b'<row r="3"', b'<row r="999999999"')
    content = rewritten(content, b'r="A3"', b'r="A999999999"')
    assert refusal(content) == "unreadable-encoding"


def test_a_merged_cell_says_one_thing_of_all_its_rows() -> None:
    def merge(made: openpyxl.Workbook) -> None:
        made.worksheets[0].merge_cells("B2:B4")

    content = book(
        [HEADER, [2569, "A", 90], [2568, None, 91], [2567, None, 92], [2566, "B", 93]], change=merge
    )
    assert [row[1] for row in read(content).rows] == ["A", "A", "A", "B"]


def test_a_merge_is_found_wherever_it_stands_in_the_file() -> None:
    """The sheet is gone through in pieces of one megabyte; here a merge lies across two of them."""

    def merge(made: openpyxl.Workbook) -> None:
        made.worksheets[0].merge_cells("B2:B3")

    content = book([HEADER, [2569, "A", 90], [2568, None, 91]], change=merge)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.read("xl/worksheets/sheet1.xml").index(b"<mergeCell ")
    padding = b"x" * (1024 * 1024 - start - len("<!----><mergeCell r"))
    padded = rewritten(content, b"<mergeCells", b"<!--" + padding + b"--><mergeCells")
    assert [row[1] for row in read(padded).rows] == ["A", "A"]


def test_a_merge_over_blank_rows_makes_no_rows() -> None:
    def merge(made: openpyxl.Workbook) -> None:
        made.worksheets[0].merge_cells("B2:B9")
        made.worksheets[0]["A9"] = " "

    assert len(read(book([HEADER, [2569, "A", 90]], change=merge)).rows) == 1


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.85, "0%", "85%"),
        (0.8549999999999999, "0.00%", "85.49999999999999%"),
        (85, '0"%"', "85"),
        (85, "0\\%", "85"),
        (85.5, "#,##0.00", "85.5"),
        (2567.0, "General", "2567"),
        (1e300, "General", "1E+300"),
        (299, "0000000", "0000299"),
        (12345678, "0000000", "12345678"),
        (0.5, "000", "0.5"),
        (1, "0" * 5_000, "1".zfill(40)),
        (True, "General", "True"),
    ],
)
def test_numbers_of_a_workbook_as_text(value: object, number_format: str, shown: str) -> None:
    def style(made: openpyxl.Workbook) -> None:
        made.worksheets[0]["C2"].number_format = number_format

    content = book([HEADER, [2569, "A", value]], change=style)
    assert read(content).rows[0][2] == shown


def test_a_formula_counts_by_its_result_and_shows_itself_without_one() -> None:
    content = book([HEADER, [2569, "A", "=1+1", "x"], [2568, "A", 90, "y"]])
    assert read(content).rows[0][2] == "=…1+1"
    worked_out = rewritten(content, b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
    assert read(worked_out).rows[0][2] == "2"


def test_a_formula_whose_result_is_no_text_is_blank() -> None:
    content = book([HEADER, [2569, "A", "=1+1", "x"]])
    blank = rewritten(content, b'r="C2"', b'r="C2" t="str"')
    assert read(blank).rows[0][2] == ""


def test_the_sheet_whose_header_fits_is_read() -> None:
    content = book([["คำชี้แจง"], ["ปีงบประมาณ"]], [HEADER, [2569, "A", 90]], [["อื่น ๆ"]])
    assert list(read(content).header) == HEADER


@pytest.mark.parametrize("content", [b"PK", b"PK\x03\x04" + b"x" * 50, b"PAR1", b"PAR1xxxxPAR1"])
def test_broken_containers_are_refused(content: bytes) -> None:
    assert refusal(content) == "unreadable-encoding"


def test_every_truncation_of_a_workbook_is_refused() -> None:
    whole = book([HEADER, *ROWS])
    for length in range(3, len(whole) - 30, len(whole) // 40):
        assert refusal(whole[:length]) == "unreadable-encoding"


def parquet(columns: dict[str, list[object]]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def test_parquet_is_read_by_what_it_holds() -> None:
    sheet = read(parquet({"fiscal_year": [2569], "total": [90.5], "source": [None]}), "x.csv")
    assert (list(sheet.header), sheet.rows, sheet.encoding) == (
        ["fiscal_year", "total", "source"],
        [["2569", "90.5", ""]],
        "parquet",
    )


def test_parquet_with_more_cells_than_allowed_is_refused_before_it_is_read() -> None:
    assert refusal(parquet({"total": [1.0] * 10}), limits=Limits(cells=9)) == "file-too-large"


def test_truncated_parquet_is_refused() -> None:
    whole = parquet({"fiscal_year": [2569], "total": [90.5]})
    assert {refusal(whole[:length]) for length in range(4, len(whole), 25)} == {
        "unreadable-encoding"
    }


def test_json_records_need_not_have_the_same_fields() -> None:
    sheet = read('[{"fiscal_year": 2569, "total": 90}, {"total": 91.50, "iit": null}]', "x.json")
    assert list(sheet.header) == ["fiscal_year", "total", "iit"]
    assert sheet.rows == [["2569", "90", ""], ["", "91.5", ""]]


@pytest.mark.parametrize(
    "text",
    ["{}x", '{"total": 1}', "[1, 2]", '[{"total": 1}', "null", "5", '["a"]', "[[1]]", "[" * 9999],
)
def test_json_that_is_no_list_of_records_is_refused(text: str) -> None:
    assert refusal(text, "x.json") == "unreadable-encoding"


def test_json_whose_records_all_differ_is_refused_before_it_grows() -> None:
    records = [{f"c{number}": 1} for number in range(100)]
    assert refusal(json.dumps(records), limits=Limits(cells=9_999)) == "file-too-large"


def test_numbers_beyond_all_bounds_stay_short() -> None:
    sheet = read('[{"total": 1e999999999}, {"total": 1e-999999999}]')
    assert [row[0] for row in sheet.rows] == ["1E+999999999", "1E-999999999"]


def test_half_a_character_in_json_becomes_the_mark_of_a_lost_letter() -> None:
    assert read('[{"source": "ก\\ud800ข"}]').rows == [["ก\ufffdข"]]


def test_a_number_that_a_program_has_not_is_missing() -> None:
    assert read('[{"total": NaN, "source": "ก"}]').rows == [["", "ก"]]


def test_json_is_utf_8_also_without_a_thai_letter() -> None:
    text = json.dumps([{"source": "Café"}], ensure_ascii=False)
    assert read(text).rows == [["Café"]]
    assert read(text.encode("utf-16")).rows == [["Café"]]


def test_a_title_in_brackets_is_no_json() -> None:
    assert read("[ ร่าง ] คะแนน,\nปีงบประมาณ,คะแนนรวม\n2569,90\n").header_line == 2
