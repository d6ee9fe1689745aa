"""Web pages: headings, paragraphs, lists and tables with their spans."""

from __future__ import annotations

from datetime import date

import pytest

from ita.domain import FiscalYear
from ita.reference import Reference
from ita.reports.narrative import COLUMNS, load_narrative_report
from ita.reports.reading.errors import READ_LIMITS, UnreadableDocument
from ita.reports.reading.html import read_html
from ita.reports.reading.layout import Layout
from ita.reports.report_document import html_document
from ita.store import Store
from tests.reports.reading.making import assert_row, cell_lines, cell_texts, lines_of, tables_of


def _read(page: str, encoding: str = "utf-8") -> Layout:
    return read_html(page.encode(encoding), READ_LIMITS)


def test_our_report_comes_back_word_for_word(sample_store: Store, reference: Reference) -> None:
    with sample_store.reading() as cursor:
        report = load_narrative_report(
            cursor, "SAMPLE", FiscalYear(2567), reference, date(2024, 11, 1)
        )
    layout = read_html(html_document(report), READ_LIMITS)
    (table,) = tables_of(layout)
    assert_row(table.rows[0], COLUMNS)
    for row, expected in zip(table.rows[1:], report.rows, strict=True):
        assert_row(row, expected.cells())
    assert lines_of(layout) == [report.title, report.agency]
    assert layout.kind == "html"


@pytest.mark.parametrize("encoding", ["utf-8", "cp874", "utf-16"])
def test_order_headings_and_encodings(encoding: str) -> None:
    layout = _read(
        "<!doctype html><html><head><title>ไม่ใช่ข้อความ</title><style>p{}</style></head><body>"
        "<h2>แบบวัด&nbsp;IIT</h2><p>ย่อหน้า<br>สอง  บรรทัด</p><div>ก<div>ข</div>ค</div>"
        "<table><tr><th>ที่<th>มาตรการ<tr><td>1<td>อบรม</table><script>x()</script>ท้าย",
        encoding,
    )
    assert lines_of(layout) == ["แบบวัด IIT", "ย่อหน้า", "สอง บรรทัด", "ก", "ข", "ค", "ท้าย"]
    assert cell_texts(tables_of(layout)[0]) == [["ที่", "มาตรการ"], ["1", "อบรม"]]
    assert layout.blocks[0].bold  # type: ignore[union-attr]
    assert all(cell.lines[0].bold for cell in tables_of(layout)[0].rows[0])


def test_spans_and_lines_of_cells() -> None:
    (table,) = tables_of(
        _read(
            "<table><thead><tr><th rowspan=2>แบบวัด<th colspan='2'>ผล</thead><tbody><tr><td>ก<td>ข"
            "<tr><td>IIT<td><ol start=3><li>อบรม<li>เผยแพร่</ol><td><p>หนึ่ง<p>สอง</table>"
        )
    )
    assert [(c.column_span, c.row_span) for c in table.rows[0]] == [(1, 2), (2, 1)]
    assert [len(row) for row in table.rows] == [2, 2, 3]
    assert cell_lines(table.rows[2][1]) == ["3. อบรม", "4. เผยแพร่"]
    assert cell_lines(table.rows[2][2]) == ["หนึ่ง", "สอง"]


def test_a_table_that_arranges_the_page_is_no_table_and_one_in_a_cell_is_its_lines() -> None:
    layout = _read(
        "<table><tr><td><h1>หัว</h1><table><tr><td>ก<td>ข<table><tr><td>ใน<td>นอก</table></table></table>"
    )
    assert lines_of(layout) == ["หัว"]
    (table,) = tables_of(layout)
    assert cell_lines(table.rows[0][1]) == ["ข", "ใน", "นอก"]


def test_what_is_hidden_is_not_read() -> None:
    layout = _read(
        "<html><p>เห็น<p style='display: none'>ไม่เห็น<p hidden>ไม่เห็น<ul><li>ข้อ</ul>"
        "<table><tr><td>ก<td>ข<tr style='DISPLAY:none'><td>ค<td>ง</table>"
    )
    assert lines_of(layout) == ["เห็น", "- ข้อ"]
    assert cell_texts(tables_of(layout)[0]) == [["ก", "ข"]]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<html><p>  &nbsp; </html>", "no-text"),
        ("<html>" + "<p>" * 500_000, "too-complex"),
        ("<html>" + "<table><tr><td>x" * 3_000, None),
        ("<html>" + "<div>" * 5_000 + "x", None),
        ("<html><table><tr><td colspan=99999999 rowspan=99999999>x<td>y</table>", None),
        ("<html>\x00\x01\x02", "damaged"),
    ],
)
def test_pages_that_would_cost_too_much_do_not(page: str, code: str | None) -> None:
    try:
        found = _read(page)
    except UnreadableDocument as fault:
        assert fault.error.code in (code, "no-text")
    else:
        assert code is None
        assert len(found.blocks) < 10_000
