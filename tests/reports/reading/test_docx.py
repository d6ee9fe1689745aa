"""Word documents: our own word for word, and what else Word can put into one."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from ita.documents.docx import docx_bytes
from ita.documents.model import plain_lines
from ita.domain import FiscalYear
from ita.planning.analysis import load_plan_analysis
from ita.planning.drafts import build_first_draft
from ita.planning.plan_document import MEASURE_COLUMNS, build_plan_document
from ita.reference import Reference
from ita.reports.docx_document import docx_document
from ita.reports.narrative import COLUMNS, load_narrative_report
from ita.reports.reading.docx import read_docx
from ita.reports.reading.errors import READ_LIMITS, UnreadableDocument
from ita.reports.reading.layout import Layout
from ita.reports.report_document import report_document
from ita.store import Store
from tests.reports.printing import picture
from tests.reports.reading.making import (
    assert_row,
    assert_text,
    cell_lines,
    cell_texts,
    lines_of,
    tables_of,
)


def _read(document: Any) -> Layout:
    stream = io.BytesIO()
    document.save(stream)
    return read_docx(stream.getvalue(), READ_LIMITS)


def test_our_report_comes_back_word_for_word(sample_store: Store, reference: Reference) -> None:
    with sample_store.reading() as cursor:
        report = load_narrative_report(
            cursor, "SAMPLE", FiscalYear(2567), reference, date(2024, 11, 1)
        )
    layout = read_docx(docx_document(report), READ_LIMITS)
    printed = report_document(report)
    (table,) = tables_of(layout)
    assert_row(table.rows[0], COLUMNS)
    for row, expected in zip(table.rows[1:], printed.tables[0].rows, strict=True):
        assert_row(row, expected.texts)
        assert len(row[1].lines) == len(expected.cells[1])
    above = (*printed.heading, *plain_lines(printed.blocks[:1]))
    assert_text(lines_of(layout), "\n".join(above))
    assert layout.kind == "docx"
    assert all(line.bold for cell in table.rows[0] for line in cell.lines)
    assert not any(line.bold for cell in table.rows[1] for line in cell.lines)


def test_our_plan_comes_back_word_for_word(sample_store: Store, reference: Reference) -> None:
    with sample_store.reading() as cursor:
        analysis = load_plan_analysis(
            cursor, "SAMPLE", FiscalYear(2568), FiscalYear(2567), reference, date(2026, 11, 23)
        )
    plan = build_plan_document(analysis, build_first_draft(analysis, ()), reference, is_draft=False)
    weak, measures = tables_of(read_docx(docx_bytes(plan), READ_LIMITS))
    for found, table in zip((weak, measures), plan.tables, strict=True):
        expected = (table.columns, *(row.texts for row in table.rows))
        for row, texts in zip(found.rows, expected, strict=True):
            assert_row(row, texts)
    assert {row[0].column_span for row in measures.rows if len(row) == 1} == {len(MEASURE_COLUMNS)}


def test_merged_cells_count_what_they_cover() -> None:
    document = Document()
    table = document.add_table(3, 4)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = str(number)
    table.cell(0, 0).merge(table.cell(2, 0)).text = "IIT"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "หัว"
    (found,) = tables_of(_read(document))
    assert cell_texts(found) == [["IIT", "หัว", "3"], ["5", "6", "7"], ["9", "10", "11"]]
    assert (found.rows[0][0].row_span, found.rows[0][1].column_span) == (3, 2)


def test_text_under_a_merged_cell_is_not_lost() -> None:
    document = Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(1, 0))
    below = table.rows[1]._tr.tc_lst[0]
    below.append(parse_xml(f"<w:p {nsdecls('w')}><w:r><w:t>ข้างล่าง</w:t></w:r></w:p>"))
    table.rows[0].cells[0].paragraphs[0].add_run("ข้างบน")
    (found,) = tables_of(_read(document))
    assert cell_lines(found.rows[0][0]) == ["ข้างบน", "ข้างล่าง"]


def test_rows_that_begin_or_end_inside_the_table_keep_their_columns() -> None:
    document = Document()
    table = document.add_table(2, 3)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = str(number)
    row = table.rows[1]._tr
    row.remove(row.tc_lst[0])
    row.insert(0, parse_xml(f'<w:trPr {nsdecls("w")}><w:gridBefore w:val="1"/></w:trPr>'))
    (found,) = tables_of(_read(document))
    assert cell_texts(found) == [["0", "1", "2"], ["", "4", "5"]]


def test_blocks_stand_in_their_order_with_tables_between() -> None:
    document = Document()
    document.add_heading("แบบวัด IIT", 1)
    document.add_table(1, 2).cell(0, 0).text = "ก"
    document.add_paragraph("แบบวัด EIT")
    document.add_table(1, 2).cell(0, 1).text = "ข"
    layout = _read(document)
    assert [getattr(b, "text", None) for b in layout.blocks] == [
        "แบบวัด IIT",
        None,
        "แบบวัด EIT",
        None,
    ]
    assert layout.blocks[0].bold  # type: ignore[union-attr]
    assert not layout.blocks[2].bold  # type: ignore[union-attr]


def test_a_table_of_one_cell_is_a_frame_and_a_table_in_a_cell_is_its_lines() -> None:
    document = Document()
    frame = document.add_table(1, 1).cell(0, 0)
    frame.text = "ในกรอบ"
    inner = frame.add_table(2, 2)
    inner.cell(0, 0).text = "ก"
    inner.cell(1, 1).text = "ง"
    outer = document.add_table(1, 2)
    outer.cell(0, 1).text = "ข้าง"
    nested = outer.cell(0, 1).add_table(1, 2)
    nested.cell(0, 0).text = "ใน"
    layout = _read(document)
    assert lines_of(layout) == ["ในกรอบ"]
    first, second = tables_of(layout)
    assert cell_texts(first) == [["ก", ""], ["", "ง"]]
    assert cell_lines(second.rows[0][1]) == ["ข้าง", "ใน"]


NUMBERING = """
<w:abstractNum {ns} w:abstractNumId="90">
  <w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum>"""


def _list(form: str, text: str, levels: tuple[int, ...], start: int = 1) -> list[str]:
    document = Document()
    numbering = document.part.numbering_part.element
    numbering.insert(
        0, parse_xml(NUMBERING.format(ns=nsdecls("w"), form=form, text=text, start=start))
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/></w:num>')
    )
    for level in levels:
        paragraph = document.add_paragraph("มาตรการ")
        paragraph._p.get_or_add_pPr().append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="91"/></w:numPr>'
            )
        )
    return [line.removesuffix(" มาตรการ") for line in lines_of(_read(document))]


@pytest.mark.parametrize(
    ("form", "text", "start", "expected"),
    [
        ("decimal", "%1.", 1, ["1.", "2.", "3."]),
        ("decimal", "ข้อ %1)", 4, ["ข้อ 4)", "ข้อ 5)", "ข้อ 6)"]),
        ("thaiNumbers", "%1.", 1, ["๑.", "๒.", "๓."]),
        ("thaiLetters", "%1)", 1, ["ก)", "ข)", "ค)"]),
        ("lowerLetter", "%1.", 1, ["a.", "b.", "c."]),
        ("upperRoman", "%1.", 3, ["III.", "IV.", "V."]),
        ("bullet", "\uf0b7", 1, ["-", "-", "-"]),
    ],
)
def test_numbers_that_word_draws_by_itself_are_written(
    form: str, text: str, start: int, expected: list[str]
) -> None:
    assert _list(form, text, (0, 0, 0), start) == expected


def test_deeper_numbers_begin_anew_under_each_number() -> None:
    assert _list("decimal", "%1.", (0, 1, 1, 0, 1)) == ["1.", "1.1", "1.2", "2.", "2.1"]


def test_lists_of_a_style_count_too() -> None:
    document = Document()
    for text in ("หนึ่ง", "สอง"):
        document.add_paragraph(text, style="List Number")
    assert lines_of(_read(document)) == ["1. หนึ่ง", "2. สอง"]


def test_text_boxes_are_read_once() -> None:
    document = Document()
    box = "<w:txbxContent><w:p><w:r><w:t>ในกล่อง</w:t></w:r></w:p></w:txbxContent>"
    document.add_paragraph("ข้างกล่อง")._p.append(
        parse_xml(
            f"<w:r {nsdecls('w')} xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"
            " xmlns:v='urn:schemas-microsoft-com:vml'>"
            f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
    )
    assert lines_of(_read(document)) == ["ข้างกล่อง", "ในกล่อง"]


def test_what_was_deleted_hidden_or_a_field_is_no_text_and_what_was_inserted_is() -> None:
    document = Document()
    paragraph = document.add_paragraph("เดิม ")
    for xml in (
        "<w:del {ns}><w:r><w:delText>ลบแล้ว</w:delText></w:r></w:del>",
        "<w:ins {ns}><w:r><w:t>เพิ่ม</w:t></w:r></w:ins>",
        "<w:r {ns}><w:rPr><w:vanish/></w:rPr><w:t>ซ่อน</w:t></w:r>",
        "<w:r {ns}><w:instrText>PAGE</w:instrText></w:r>",
        "<w:hyperlink {ns}><w:r><w:t> ลิงก์</w:t></w:r></w:hyperlink>",
        "<w:sdt {ns}><w:sdtContent><w:r><w:t> ช่อง</w:t></w:r></w:sdtContent></w:sdt>",
    ):
        paragraph._p.append(parse_xml(xml.format(ns=nsdecls("w"))))
    assert lines_of(_read(document)) == ["เดิม เพิ่ม ลิงก์ ช่อง"]


def test_breaks_are_lines_and_pages_are_counted() -> None:
    document = Document()
    paragraph = document.add_paragraph("หน้าหนึ่ง")
    paragraph.add_run().add_break()
    paragraph.add_run("บรรทัดสอง")
    paragraph.add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("หน้าสอง")
    layout = _read(document)
    assert [(b.text, b.page) for b in layout.blocks] == [  # type: ignore[union-attr]
        ("หน้าหนึ่ง", 1),
        ("บรรทัดสอง", 1),
        ("หน้าสอง", 2),
    ]
    assert layout.pages == 2


def test_heads_and_feet_are_beside_the_text() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "ส่วนราชการ"
    document.add_paragraph("รายงาน")
    layout = _read(document)
    assert lines_of(layout) == ["รายงาน"]
    assert [line.text for line in layout.margins] == ["ส่วนราชการ"]


def test_a_document_of_pictures_is_a_scan() -> None:
    document = Document()
    document.add_picture(io.BytesIO(picture("PNG")), width=Cm(3))
    with pytest.raises(UnreadableDocument) as raised:
        _read(document)
    assert raised.value.error.code == "scan"


def test_tables_in_tables_without_end_are_not_followed_to_it() -> None:
    document = Document()
    document.add_paragraph("ข้อความ")
    cell = document.add_table(1, 2).cell(0, 0)
    for _ in range(60):
        cell = cell.add_table(1, 2).cell(0, 0)
    cell.text = "ลึก"
    assert lines_of(_read(document)) == ["ข้อความ"]


def test_a_row_in_a_content_control_is_a_row() -> None:
    document = Document()
    table = document.add_table(2, 2)
    table.cell(1, 0).text = "ในช่อง"
    row = table.rows[1]._tr
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    row.addprevious(control)
    control.find(qn("w:sdtContent")).append(row)
    (found,) = tables_of(_read(document))
    assert cell_texts(found) == [["", ""], ["ในช่อง", ""]]
