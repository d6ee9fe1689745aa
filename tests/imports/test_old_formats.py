"""Workbooks of every age, and what only bears their name: read, or told for what they are."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from ita.config import Limits
from ita.imports.readers.limits import Budget, Unreadable
from ita.imports.readers.sheets import Dialect
from ita.imports.readers.worksheets import fill_down
from ita.store import Store
from tests.imports.bringing import counts, found, rows, take, taken, with_measures
from tests.imports.test_worksheets import PROGRESS, Made, progress, read, workbook

BOOKS = Path(__file__).parent / "books"
"""Written by LibreOffice: two sheets that fit, one of them with percents, a merged and a hidden row,
the other with an error and a day, and a hidden sheet between them."""
HEADER = [*PROGRESS, "ผลการดำเนินงาน"]


def refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert refused.value.problem.kind == "unreadable-encoding"
    return str(refused.value.problem.expected["why"])


@pytest.mark.parametrize("form", ["xls", "ods"])
def test_an_old_workbook_is_read_with_all_that_it_shows(form: str) -> None:
    sheet = read((BOOKS / f"quarters.{form}").read_bytes())
    assert sheet.encoding == form
    assert list(sheet.header) == HEADER
    assert sheet.sheets is not None
    assert sheet.sheets.as_json() == {
        "read": ["ไตรมาส 1", "ไตรมาส 2"],
        "not_read": [],
        "hidden": ["เดิม"],
    }
    assert [
        (int(line), list(row[1:])) for line, row in zip(sheet.lines, sheet.rows, strict=True)
    ] == [
        (3, ["1", "A", "IIT", "1", "25%", "ประชุม\nคณะทำงาน"]),
        (4, ["1", "A", "IIT", "2", "40%", "ประชุม\nคณะทำงาน"]),
        (5, ["1", "A", "EIT", "1", "60%", "แจ้งเวียน"]),
        (2, ["2", "A", "IIT", "1", "80", "#DIV/0!"]),
        (3, ["2", "A", "IIT", "2", "90", "2024-06-24"]),
    ]
    told = {problem.kind.value: problem for problem in sheet.problems}
    assert told.keys() == {"sheets-not-read", "hidden-rows"}
    assert told["hidden-rows"].lines == (4,)
    assert told["hidden-rows"].sheet == "ไตรมาส 1"


@pytest.mark.parametrize("form", ["xls", "ods"])
def test_an_old_workbook_comes_in(store: Store, form: str) -> None:
    with_measures(store)
    content = (BOOKS / f"quarters.{form}").read_bytes()
    outcome = taken(
        store, "progress", content, reading=Dialect(sheets=("ไตรมาส 1",), skip_hidden=True)
    )
    assert counts(outcome) == (2, 0, 0)
    assert outcome.encoding == form
    assert rows(store, "completion", "percent") == [(60,), (25,)]


@pytest.mark.parametrize("form", ["xls", "ods"])
def test_a_damaged_old_workbook_is_refused_and_nothing_else(form: str) -> None:
    whole = (BOOKS / f"quarters.{form}").read_bytes()
    for length in range(9, len(whole), 397):
        try:
            read(whole[:length])
        except Unreadable as fault:
            assert fault.problem.kind in ("unreadable-encoding", "empty-file")
    for at in range(0, len(whole), 611):
        changed = bytearray(whole)
        changed[at : at + 8] = b"\xff" * 8
        try:
            read(bytes(changed))
        except Unreadable as fault:
            assert fault.problem.kind in ("unreadable-encoding", "empty-file", "file-too-large")


def test_an_xls_with_a_password_speaks_of_the_password() -> None:
    whole = (BOOKS / "quarters.xls").read_bytes()
    code_page = struct.pack("<HHH", 0x0042, 2, 0x04B0)
    assert code_page in whole
    locked = whole.replace(code_page, struct.pack("<HHH", 0x002F, 2, 0))
    assert refusal(locked) == "password"
    assert refusal(whole[:8] + "EncryptedPackage".encode("utf-16-le") + whole) == "password"


@pytest.mark.parametrize(
    ("name", "why"), [("WordDocument", "word"), ("PowerPoint Document", "slides")]
)
def test_an_old_document_of_another_kind_is_told(name: str, why: str) -> None:
    whole = (BOOKS / "quarters.xls").read_bytes()
    assert refusal(whole + name.encode("utf-16-le")) == why


# .xlsb, written by hand: nobody but Excel writes it.


def record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(data)
    size = b""
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + data


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb_sheet(table: Sequence[Sequence[object]], hidden: Sequence[int] = ()) -> bytes:
    """Percents are floats below one, errors are None."""
    made = record(129) + record(148, struct.pack("<4I", 0, len(table) - 1, 0, 6)) + record(145)
    for line, row in enumerate(table):
        flags = 0x10 if line + 1 in hidden else 0
        made += record(0, struct.pack("<IIHBB", line, 0, 300, 0, flags) + b"\x00" * 5)
        for column, value in enumerate(row):
            percent = isinstance(value, float) and value < 1
            cell = struct.pack("<II", column, 1 if percent else 0)
            if value is None:
                made += record(3, cell + b"\x17")
            elif isinstance(value, str):
                made += record(6, cell + wide(value))
            else:
                made += record(5, cell + struct.pack("<d", float(str(value))))
    return made + record(146) + record(130)


def xlsb(sheets: dict[str, bytes], hidden: Sequence[str] = ()) -> bytes:
    book = record(131) + record(143)
    relations = ""
    for number, name in enumerate(sheets, start=1):
        state = struct.pack("<II", int(name in hidden), number)
        book += record(156, state + wide(f"rId{number}") + wide(name))
        relations += (
            f'<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/'
            f'2006/relationships/worksheet" Target="worksheets/sheet{number}.bin"/>'
        )
    book += record(144) + record(132)
    plain, percent = (struct.pack("<HH", 0, number) + b"\x00" * 12 for number in (0, 9))
    styles = (
        record(617, struct.pack("<I", 2)) + record(47, plain) + record(47, percent) + record(618)
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr("[Content_Types].xml", "<Types/>")
        target.writestr("xl/workbook.bin", book)
        target.writestr("xl/styles.bin", record(278) + styles + record(279))
        target.writestr(
            "xl/_rels/workbook.bin.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{relations}</Relationships>",
        )
        for number, sheet in enumerate(sheets.values(), start=1):
            target.writestr(f"xl/worksheets/sheet{number}.bin", sheet)
    return stream.getvalue()


def test_a_binary_workbook_is_read_with_all_that_it_shows() -> None:
    table = [HEADER, [2567, 1, "A", "IIT", 1, 0.25, "หนึ่ง"], [2567, 1, "A", "IIT", 2, 80, None]]
    content = xlsb({"งาน": xlsb_sheet(table, hidden=[3]), "เดิม": xlsb_sheet(table)}, hidden=["เดิม"])
    sheet = read(content)
    assert sheet.encoding == "xlsb"
    assert [list(row[4:]) for row in sheet.rows] == [["1", "25%", "หนึ่ง"], ["2", "80", "#REF!"]]
    assert sheet.sheets is not None
    assert sheet.sheets.hidden == ("เดิม",)
    assert [problem.kind for problem in sheet.problems] == ["sheets-not-read", "hidden-rows"]


def test_a_cell_in_the_last_corner_costs_nothing() -> None:
    far = record(0, struct.pack("<IIHBB", 1_048_575, 0, 300, 0, 0) + b"\x00" * 5)
    far += record(5, struct.pack("<II", 16_383, 0) + struct.pack("<d", 1.0))
    sheet = xlsb_sheet([HEADER, [2567, 1, "A", "IIT", 1, 50, ""]])
    content = xlsb({"งาน": sheet.replace(record(146), far + record(146))})
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert refused.value.problem.kind == "file-too-large"


# .ods with what a bomb is made of.


def ods(
    table: str, styles: str = "", kind: str = "spreadsheet", more: dict[str, str] | None = None
) -> bytes:
    spaces = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for n in ("office", "table", "text", "style")
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        for other, text in (more or {}).items():
            target.writestr(other, text)
        target.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
            f'<office:body><office:spreadsheet><table:table table:name="งาน">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return stream.getvalue()


def ods_row(*cells: str, repeated: int = 1) -> str:
    texts = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{texts}</table:table-row>'


def test_repeated_rows_and_cells_of_an_ods() -> None:
    last = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    table = ods_row(*PROGRESS) + ods_row("2567", "1", "A", "IIT", "1", "50", repeated=2) + last
    assert read(ods(table)).lines == [2, 3]
    bomb = ods_row(*PROGRESS) + ods_row("2567", repeated=1_000_000)
    with pytest.raises(Unreadable) as refused:
        read(ods(bomb))
    assert refused.value.problem.kind == "file-too-large"


def test_an_ods_with_a_password_and_one_without_a_table() -> None:
    locked = ods("", more={"META-INF/manifest.xml": "<x><manifest:encryption-data/></x>"})
    assert refusal(locked) == "password"
    text = ods("", kind="text")
    assert refusal(text) == "open-document"


def test_an_entity_of_xml_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("ความลับ", encoding="utf-8")
    content = ods(ods_row(*PROGRESS) + ods_row("2567", "1", "&x;", "IIT", "1", "50"))
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "content.xml":
                part = f'<!DOCTYPE x [<!ENTITY x SYSTEM "file://{secret}">]>'.encode() + part
            target.writestr(name, part)
    try:
        sheet = read(stream.getvalue())
    except Unreadable:
        return
    assert "ความลับ" not in str(sheet.rows)


# Strict Open XML.


def test_strict_open_xml_is_read_as_any_other() -> None:
    usual = workbook(Made("งาน", [PROGRESS, *progress(1, 1)], hidden_lines=[2]))
    stream = io.BytesIO()
    names = (
        ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "spreadsheetml/main"),
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "officeDocument/relationships",
        ),
    )
    with zipfile.ZipFile(io.BytesIO(usual)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            for theirs, strict in names:
                part = part.replace(
                    theirs.encode(), f"http://purl.oclc.org/ooxml/{strict}".encode()
                )
            target.writestr(name, part)
    sheet = read(stream.getvalue())
    assert (sheet.encoding, len(sheet.rows)) == ("xlsx", 1)
    assert [problem.kind for problem in sheet.problems] == ["hidden-rows"]


# What other systems call .xls.


def page(*tables: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body>{''.join(tables)}</body></html>"


def html_table(*lines: Sequence[object]) -> str:
    made = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in lines)
    return f"<table border=1>{made}</table>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
def test_a_web_page_called_xls_is_read(store: Store, encoding: str) -> None:
    with_measures(store)
    row = [2567, 1, "A", "IIT", 1, "85.50&nbsp;%", "ประชุม<br/>ครั้ง <b>ที่ 2</b> &amp; สรุป"]
    text = page(
        "<table><tr><td>ระบบรายงาน</td></tr></table>",
        html_table(HEADER, row),
        head='<meta http-equiv="Content-Type" content="text/html; charset=windows-874">',
    )
    outcome = taken(store, "progress", text.encode(encoding), name="รายงาน.xls")
    assert outcome.encoding == "html"
    assert rows(store, "completion", "percent, note") == [(85.5, "ประชุม\nครั้ง ที่ 2 & สรุป")]


def test_spans_and_hidden_rows_of_a_web_page() -> None:
    lines = (
        f"<tr>{''.join(f'<th>{name}</th>' for name in HEADER)}</tr>"
        "<tr><td rowspan=2>2567<td>1<td>A<td>IIT<td>1<td>50<td>ก</tr>"
        "<tr style='display: none'><td>1<td>A<td>IIT<td>2<td>60<td>ข</tr>"
    )
    sheet = read(page(f"<table><caption>รายงาน</caption><tbody>{lines}</tbody></table>").encode())
    assert [row[0] for row in sheet.rows] == ["2567", "2567"]
    assert sheet.rows[1][5] == "60"
    assert [problem.kind for problem in sheet.problems] == ["hidden-rows"]


def test_a_web_page_without_a_table_is_told() -> None:
    assert refusal(page("<p>กรุณาเข้าสู่ระบบ</p>").encode()) == "web-page"
    assert refusal(b"MIME-Version: 1.0\nContent-Type: multipart/related\n") == "web-page"


XML_2003 = """<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel"><Styles><Style ss:ID="p"><NumberFormat ss:Format="0%"/></Style></Styles>
<Worksheet ss:Name="เดิม"><Table><Row><Cell><Data ss:Type="String">ลับ</Data></Cell></Row></Table>
<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>
<Worksheet ss:Name="งาน"><Table><Row ss:Index="2">{header}</Row>
<Row ss:Hidden="1"><Cell ss:MergeDown="1"><Data ss:Type="Number">2567</Data></Cell>{first}</Row><Row>{second}</Row></Table></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "windows-874"])
def test_excels_xml_of_2003_is_read(encoding: str) -> None:
    def cells(*values: object, start: int = 1) -> str:
        return "".join(
            f'<Cell ss:Index="{place}"'
            + (' ss:StyleID="p"' if isinstance(value, float) else "")
            + f'><Data ss:Type="{"String" if isinstance(value, str) else "Number"}">{value}</Data></Cell>'
            for place, value in enumerate(values, start=start)
        )

    text = XML_2003.format(
        encoding=encoding,
        header=cells(*HEADER),
        first=cells(1, "A", "IIT", 1, 0.25, "หนึ่ง", start=2),
        second=cells(1, "A", "IIT", 2, 80, "สอง", start=2),
    )
    sheet = read(text.encode("cp874" if encoding == "windows-874" else encoding))
    assert (sheet.encoding, sheet.header_line, sheet.lines) == ("xml", 2, [3, 4])
    assert [list(row) for row in sheet.rows] == [
        ["2567", "1", "A", "IIT", "1", "25%", "หนึ่ง"],
        ["2567", "1", "A", "IIT", "2", "80", "สอง"],
    ]
    assert sheet.sheets is not None
    assert sheet.sheets.hidden == ("เดิม",)
    assert [problem.kind for problem in sheet.problems] == ["sheets-not-read", "hidden-rows"]


def test_a_csv_called_xls_is_a_csv(store: Store) -> None:
    with_measures(store)
    text = ",".join(PROGRESS) + "\n2567,1,A,IIT,1,50\n"
    assert taken(store, "progress", text.encode("cp874"), name="รายงาน.xls").encoding == "cp874"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"RIFF\x00\x00\x00\x00WEBP", "picture"),
        (b"Rar!\x1a\x07", "other-zip"),
        (b"7z\xbc\xaf\x27\x1c", "other-zip"),
        (b"{\\rtf1\\ansi", "word"),
    ],
)
def test_what_is_no_table_is_told_for_what_it_is(store: Store, content: bytes, why: str) -> None:
    assert refusal(content + b"\x00" * 40) == why
    assert found(take(store, "progress", content + b"\x00" * 40)) == [
        ("unreadable-encoding", None, None)
    ]


def test_the_bounds_of_xlsx_hold_for_every_workbook() -> None:
    from ita.imports.readers.binary_workbooks import xls_worksheets

    with pytest.raises(Unreadable) as refused:
        xls_worksheets((BOOKS / "quarters.xls").read_bytes(), Limits(cells=10))
    assert refused.value.problem.kind == "file-too-large"


def test_merged_areas_fill_no_more_than_a_file_may_hold() -> None:
    """Areas may lie over each other by the thousand, in a file of some kilobytes."""
    records = [["1"] for _ in range(100)]
    fill_down(records, [(0, 0, 99)] * 10, Budget(Limits(cells=990)))
    with pytest.raises(Unreadable) as refused:
        fill_down(records, [(0, 0, 99)] * 10, Budget(Limits(cells=989)))
    assert refused.value.problem.kind == "file-too-large"
