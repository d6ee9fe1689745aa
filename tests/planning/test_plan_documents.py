"""The plan on paper: what readers find in it is what went in, in every format, whatever the texts."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from docx import Document as open_docx
from docx.oxml.ns import qn

from ita.documents.model import REPLACEMENT, Document, Paragraph, Section, plain_lines
from ita.domain import FiscalYear
from ita.i18n import language_set_to
from ita.measures.plan_drafts import PlannedRow, planned_row
from ita.planning.analysis import PlanAnalysis, load_plan_analysis
from ita.planning.drafts import build_first_draft
from ita.planning.plan_document import (
    DOCUMENT_WRITERS,
    DRAFT_MARK,
    MEASURE_COLUMNS,
    NO_MEASURES,
    NO_WEAK_POINT,
    build_plan_document,
)
from ita.reference import Reference
from ita.store import Store
from tests.builders import EIT, IIT, measure
from tests.reports.printing import BAD, PAGE, READERS, as_printed, bare

TODAY = date(2026, 11, 23)
YEAR = FiscalYear(2570)


def _found(store: Store, reference: Reference, agency: str = "SAMPLE") -> PlanAnalysis:
    with store.reading() as cursor:
        return load_plan_analysis(cursor, agency, YEAR, FiscalYear(2567), reference, TODAY)


@pytest.fixture(scope="module")
def analysis(sample_store: Store, reference: Reference) -> PlanAnalysis:
    return _found(sample_store, reference)


@pytest.fixture(scope="module")
def plan(analysis: PlanAnalysis, reference: Reference) -> Document:
    return build_plan_document(analysis, build_first_draft(analysis, ()), reference, is_draft=True)


def _of(analysis: PlanAnalysis, reference: Reference, *rows: PlannedRow) -> Document:
    return build_plan_document(analysis, rows, reference, is_draft=False)


def _expected(plan: Document) -> str:
    """The document as it is read from top to bottom, its repeated headings once."""
    told = [*plan.heading, *plain_lines(plan.blocks[:1])]
    for section in _sections(plan):
        told.append(section.title)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                told.append(block.text)
            else:
                told += [text for row in block.rows for text in row.texts] or [block.empty_text]
    return _without_heads("".join(told), plan)


def _sections(plan: Document) -> list[Section]:
    """Analysis, measures, follow-up."""
    return [block for block in plan.blocks if isinstance(block, Section)]


def _weak(plan: Document) -> list[tuple[str, ...]]:
    """The rows of the weak points."""
    return [row.texts for row in plan.tables[0].rows]


def _measures(plan: Document) -> list[tuple[str, ...]]:
    """The rows of the measures without the names of instruments."""
    return [row.texts for row in plan.tables[-1].rows if not row.is_heading]


def _instruments(plan: Document) -> list[str]:
    return [row.texts[0] for row in plan.tables[-1].rows if row.is_heading]


def _without_heads(text: str, plan: Document) -> str:
    """Bare text without what comes again on each page."""
    heads = ["".join(table.columns) for table in plan.tables]
    for repeated in [*heads, *_instruments(plan)]:
        text = bare(text).replace(bare(repeated), "")
    return bare(text)


def _read(reader: str, content: bytes, plan: Document, folder: Path) -> str:
    """All that a reader finds, without page numbers and repeated headings."""
    pages = READERS[reader](content, folder)
    told = "".join(re.sub(r"หน้า \d+ จาก \d+", "", page[0]) for page in pages)
    return _without_heads(told, plan)


@pytest.mark.parametrize("reader", READERS)
def test_every_word_comes_out_of_the_pdf_and_nothing_else(
    reader: str, plan: Document, tmp_path: Path
) -> None:
    assert _read(reader, DOCUMENT_WRITERS["pdf"](plan), plan, tmp_path) == _expected(plan)


def test_each_page_has_its_headings_and_its_number(plan: Document, tmp_path: Path) -> None:
    pages = [page[0] for page in READERS["pdfium"](DOCUMENT_WRITERS["pdf"](plan), tmp_path)]
    for number, text in enumerate(pages, start=1):
        assert f"หน้า {number} จาก {len(pages)}" in text
    with_measures = [bare(text) for text in pages if bare(MEASURE_COLUMNS[2]) in bare(text)]
    assert len(with_measures) > 2
    for text in with_measures:
        head = text.index(bare("".join(MEASURE_COLUMNS)))
        after = text[head + len(bare("".join(MEASURE_COLUMNS))) :]
        assert after.startswith("แบบวัด"), "each page names the instrument that goes on"


def test_the_sheet_is_a4_across_marked_for_keeping_and_for_screen_readers(
    plan: Document,
) -> None:
    content = DOCUMENT_WRITERS["pdf"](plan)
    assert (
        b"<pdfaid:part>2</pdfaid:part>" in content and b"<pdfuaid:part>1</pdfuaid:part>" in content
    )
    assert re.search(rb"/Lang ?\(th-TH\)", content)
    document = pypdfium2.PdfDocument(content)
    assert document.get_metadata_value("Title") == plan.title
    assert document.is_tagged()
    for page in document:
        assert page.get_size() == pytest.approx(PAGE, abs=1)


def test_a_draft_says_so_and_a_stored_plan_does_not(
    analysis: PlanAnalysis, reference: Reference, plan: Document
) -> None:
    stored = _of(analysis, reference, planned_row(measure(year=2570)))
    assert DRAFT_MARK in plan.title and DRAFT_MARK in plan.heading
    assert DRAFT_MARK not in stored.title and DRAFT_MARK not in stored.heading


def test_figures_carry_year_change_mark_and_source(plan: Document) -> None:
    assert _weak(plan)[0] == (
        "1",
        "ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร (EIT)\nต้องแก้ไขโดยเร่งด่วน",
        "82.31",
        "+3.79\nจากปี 2566",
        "85\n(ขาด 2.69)",
        "0.27",
        "ไม่มี",
    )
    assert plan.tables[0].columns[2] == "คะแนนปี 2567"
    assert any("ข้อมูลสมมติ" in text for text in plain_lines(_sections(plan)[0].blocks))


def test_follow_up_names_the_days_of_rule_101(plan: Document) -> None:
    follow_up = list(plain_lines(_sections(plan)[2].blocks))
    assert follow_up[1] == (
        "ไตรมาส 1 (1 ต.ค. 2569 ถึง 31 ธ.ค. 2569) รายงานภายใน 30 ม.ค. 2570 และเผยแพร่ภายใน 14 ก.พ. 2570"
    )
    assert len(follow_up) == 5


def test_nothing_is_filled_in_for_the_agency(analysis: PlanAnalysis, reference: Reference) -> None:
    bare_row = _of(analysis, reference, PlannedRow("IIT", "1", "มาตรการ"))
    assert _measures(bare_row)[0] == ("1", "", "มาตรการ", "", "", "", "", "")
    half = _of(analysis, reference, PlannedRow("IIT", "1", "ก", "4,5", start_quarter="2"))
    assert _measures(half)[0][1] == "(ตัวชี้วัดที่ 4, 5)"
    assert _measures(half)[0][5] == "ไตรมาส 2"


def test_it_is_thai_whatever_is_spoken(sample_store: Store, reference: Reference) -> None:
    with language_set_to("th"):
        found = _found(sample_store, reference)
        expected = build_plan_document(
            found, build_first_draft(found, ()), reference, is_draft=True
        )
    with language_set_to("en"):
        # What the analysis says itself is said when it is made; the page makes it in Thai.
        english = build_plan_document(found, build_first_draft(found, ()), reference, True)
        assert _weak(english) == _weak(expected)


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", BAD)
def test_bad_texts_print_as_they_are(
    name: str, reader: str, analysis: PlanAnalysis, reference: Reference, tmp_path: Path
) -> None:
    text = BAD[name][0]
    plan = _of(analysis, reference, PlannedRow("IIT", "1", text, cause="ประเด็น", target=text))
    told = "".join(page[0] for page in READERS[reader](DOCUMENT_WRITERS["pdf"](plan), tmp_path))
    assert bare(told).count(bare(as_printed(name))) >= 2
    assert _measures(plan)[0][2] == as_printed(name)


def test_emoji_print_as_boxes_and_stay_in_word(
    analysis: PlanAnalysis, reference: Reference, tmp_path: Path
) -> None:
    plan = _of(analysis, reference, PlannedRow("IIT", "1", "ดี 👍 มาก"))
    told = READERS["pdfium"](DOCUMENT_WRITERS["pdf"](plan), tmp_path)
    assert f"ดี{REPLACEMENT}มาก" in bare("".join(page[0] for page in told))
    assert "ดี 👍 มาก" in _docx_cells(DOCUMENT_WRITERS["docx"](plan))


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("place", ["measure", "follow_up"])
def test_five_thousand_letters_print_whole(
    place: str, reader: str, analysis: PlanAnalysis, reference: Reference, tmp_path: Path
) -> None:
    text = " ".join(f"ข้อ {n} ตรวจสอบการใช้รถยนต์ส่วนกลาง" for n in range(160))[:5_000]
    plan = _of(analysis, reference, replace(PlannedRow("IIT", "1", "ก"), **{place: text}))
    assert _read(reader, DOCUMENT_WRITERS["pdf"](plan), plan, tmp_path) == _expected(plan)


def test_sixty_measures_print_whole(
    analysis: PlanAnalysis, reference: Reference, tmp_path: Path
) -> None:
    rows = [planned_row(measure(i, seq, year=2570)) for i in (IIT, EIT) for seq in range(1, 31)]
    plan = _of(analysis, reference, *rows)
    assert _read("pdfium", DOCUMENT_WRITERS["pdf"](plan), plan, tmp_path) == _expected(plan)


def _docx_cells(content: bytes) -> list[str]:
    return [
        cell.text
        for table in open_docx(io.BytesIO(content)).tables
        for row in table.rows
        for cell in row.cells
    ]


def test_word_has_every_cell_and_thai_properties(plan: Document) -> None:
    content = DOCUMENT_WRITERS["docx"](plan)
    document = open_docx(io.BytesIO(content))
    weak, measures = document.tables
    assert [tuple(c.text for c in row.cells) for row in weak.rows] == [
        plan.tables[0].columns,
        *_weak(plan),
    ]
    told = [tuple(cell.text for cell in row.cells) for row in measures.rows]
    expected = [MEASURE_COLUMNS]
    for row in plan.tables[1].rows:
        expected.append(row.texts * len(MEASURE_COLUMNS) if row.is_heading else row.texts)
    assert told == expected
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    styles = zipfile.ZipFile(io.BytesIO(content)).read("word/styles.xml").decode()
    assert "TH SarabunPSK" in styles and "w:szCs" in styles
    lines = [paragraph.text for paragraph in document.paragraphs]
    analysis, _, follow_up = _sections(plan)
    paragraphs = [b for b in (*analysis.blocks, *follow_up.blocks) if isinstance(b, Paragraph)]
    for text in (*plan.heading, *plain_lines([*plan.blocks[:1], *paragraphs])):
        assert text in lines


def test_bold_thai_is_bold_for_complex_scripts_too(plan: Document) -> None:
    body = (
        zipfile.ZipFile(io.BytesIO(DOCUMENT_WRITERS["docx"](plan)))
        .read("word/document.xml")
        .decode()
    )
    assert body.count("<w:b/>") == body.count("<w:bCs/>") == len(_instruments(plan))


def test_no_format_holds_anything_live(analysis: PlanAnalysis, reference: Reference) -> None:
    formula, script = '=HYPERLINK("http://x","y")', "<script>alert(1)</script>"
    plan = _of(analysis, reference, PlannedRow("IIT", "1", formula, cause=script, target="+1"))
    sheet = openpyxl.load_workbook(io.BytesIO(DOCUMENT_WRITERS["xlsx"](plan))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert formula in {cell.value for row in sheet.iter_rows() for cell in row}
    row = list(csv.reader(io.StringIO(DOCUMENT_WRITERS["csv"](plan).decode("utf-8-sig"))))[1]
    assert (row[3], row[7]) == (f"'{formula}", "'+1")
    html = DOCUMENT_WRITERS["html"](plan).decode()
    assert script not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize("agency", ["SAMPLE", "IPST", "NOBODY"])
def test_a_plan_without_measures_or_scores_prints(
    agency: str, sample_store: Store, reference: Reference, tmp_path: Path
) -> None:
    with sample_store.reading() as cursor:
        scored = None if agency == "NOBODY" else FiscalYear(2567)
        found = load_plan_analysis(cursor, agency, YEAR, scored, reference, TODAY)
    plan = build_plan_document(found, (), reference, is_draft=False)
    for name, make in DOCUMENT_WRITERS.items():
        assert make(plan), name
    told = READERS["pdfium"](DOCUMENT_WRITERS["pdf"](plan), tmp_path)
    assert bare(NO_MEASURES) in bare("".join(page[0] for page in told))
    if found.obstacle:
        assert bare(found.obstacle) in bare("".join(page[0] for page in told))
        assert NO_WEAK_POINT not in plain_lines(plan.blocks)


def test_the_workbook_tells_the_analysis_on_its_second_sheet(plan: Document) -> None:
    book = openpyxl.load_workbook(io.BytesIO(DOCUMENT_WRITERS["xlsx"](plan)))
    first, about = book.worksheets
    assert [cell.value for cell in first[1]] == ["แบบวัด", *MEASURE_COLUMNS]
    assert first.max_row == 1 + len(_measures(plan))
    assert {type(row[1].value) for row in first.iter_rows(min_row=2)} == {int}
    notes = [row[0].value for row in about.iter_rows()]
    assert list(plain_lines(_sections(plan)[2].blocks))[1] in notes
    assert any(note.startswith("1. ") and "82.31" in note for note in notes if note)
