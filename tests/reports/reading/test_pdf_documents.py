"""Our own report and plan as PDF come back word for word, also as LibreOffice prints them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from ita.documents.docx import docx_bytes
from ita.documents.model import Document, Paragraph, Section, plain_lines
from ita.documents.pdf import pdf_bytes
from ita.domain import FiscalYear
from ita.measures.plan_drafts import PlannedRow
from ita.planning.analysis import load_plan_analysis
from ita.planning.drafts import build_first_draft
from ita.planning.plan_document import build_plan_document
from ita.reference import Reference
from ita.reports.docx_document import docx_document
from ita.reports.narrative import COLUMNS, NarrativeReport
from ita.reports.reading.errors import READ_LIMITS
from ita.reports.reading.layout import Layout, TextLine, TextTable
from ita.reports.reading.pdf import read_pdf
from ita.reports.report_document import pdf_document, report_document
from ita.store import Store
from tests.reports.printing import WORK, report_of
from tests.reports.reading.making import (
    FONTS,
    WEB_FONTS,
    as_plain,
    assert_row,
    assert_text,
    in_font,
    lines_of,
    printed_by_libreoffice,
    tables_of,
    with_old_marks,
)

FAMILIES = ("Laksaman", "Sarabun", "Sarabun Old")


def _read(content: bytes) -> Layout:
    return read_pdf(content, READ_LIMITS)


@pytest.fixture(scope="module")
def plan(sample_store: Store, reference: Reference) -> Document:
    with sample_store.reading() as cursor:
        analysis = load_plan_analysis(
            cursor, "SAMPLE", FiscalYear(2568), FiscalYear(2567), reference, date(2026, 11, 23)
        )
    return build_plan_document(analysis, _rows(analysis), reference, is_draft=False)


def _rows(analysis: object) -> tuple[PlannedRow, ...]:
    return tuple(build_first_draft(analysis, ()))  # type: ignore[arg-type]


def assert_report(layout: Layout, report: NarrativeReport) -> None:
    """Title and introduction are lines, the five columns one table: nothing less and nothing else."""
    printed = report_document(report)
    (table,) = tables_of(layout)
    assert table.ruled
    assert_row(table.rows[0], COLUMNS)
    for row, expected in zip(table.rows[1:], printed.tables[0].rows, strict=True):
        assert_row(row, expected.texts)
    above = (*printed.heading, *plain_lines(printed.blocks[:1]))
    assert_text(lines_of(layout), "\n".join(above))


def assert_plan(layout: Layout, plan: Document) -> None:
    for found, table in zip(tables_of(layout), plan.tables, strict=True):
        assert_row(found.rows[0], table.columns)
        for row, expected in zip(found.rows[1:], table.rows, strict=True):
            assert_row(row, expected.texts)
    told = [*plan.heading, *plain_lines(plan.blocks[:1])]
    for section in (block for block in plan.blocks if isinstance(block, Section)):
        told += [section.title, *(b.text for b in section.blocks if isinstance(b, Paragraph))]
    assert_text(lines_of(layout), "\n".join(told))


def test_our_report_comes_back_word_for_word(report: NarrativeReport) -> None:
    layout = _read(pdf_document(report))
    assert layout.kind == "pdf"
    assert layout.pages > 2
    assert_report(layout, report)
    page_numbers = [line.text for line in layout.margins if "หน้า" in line.text]
    assert len(page_numbers) == layout.pages


def test_our_plan_comes_back_word_for_word(plan: Document) -> None:
    layout = _read(pdf_bytes(plan))
    assert layout.pages > 2
    assert_plan(layout, plan)


def test_the_draft_mark_of_a_plan_is_text_like_any_other(plan: Document) -> None:
    draft = replace(plan, is_draft=True, heading=(*plan.heading, "(ร่าง)"))
    assert_plan(_read(pdf_bytes(draft)), draft)


def test_a_row_of_many_pages_stays_one_row() -> None:
    long = report_of(
        *(f"{text} ครั้งที่ {n}" for n, text in enumerate(WORK * 12, start=1)),
        results=WORK * 9,
        outcome=" ".join(WORK * 6),
    )
    layout = _read(pdf_document(long))
    assert layout.pages > 4
    assert_report(layout, long)
    lines = [line for cell in tables_of(layout)[0].rows[1] for line in cell.lines]
    assert {line.page for line in lines} == set(range(1, layout.pages + 1))


def test_each_line_says_where_it_stands(report: NarrativeReport) -> None:
    """Lines of a cell stand below each other, and cells beside each other."""
    row = tables_of(_read(pdf_document(report)))[0].rows[1]
    for cell in row:
        boxes = [(line.page, line.box.top, line.box) for line in cell.lines if line.box]
        assert len(boxes) == len(cell.lines)
        assert [place[:2] for place in boxes] == sorted(place[:2] for place in boxes)
        assert all(0 < box.left < box.right < 842 for *_, box in boxes)
        assert all(0 < box.top < box.bottom < 596 for *_, box in boxes)
    rights = [max(line.box.right for line in cell.lines if line.box) for cell in row]
    lefts = [min(line.box.left for line in cell.lines if line.box) for cell in row]
    assert all(right <= left for right, left in zip(rights, lefts[1:], strict=False))


def test_headings_are_bold_and_cells_are_not(report: NarrativeReport) -> None:
    layout = _read(pdf_document(report))
    (table,) = tables_of(layout)
    assert all(line.bold for cell in table.rows[0] for line in cell.lines)
    assert not any(line.bold for cell in table.rows[1] for line in cell.lines)


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three Thai families; the last one draws high marks by characters of private use."""
    folder = tmp_path_factory.mktemp("fonts")
    for file in FONTS.glob("*.ttf"):
        (folder / file.name).write_bytes(file.read_bytes())
    for style in ("Regular", "Bold"):
        font = TTFont(WEB_FONTS / f"Sarabun-{style}.woff2")
        font.flavor = None
        font.save(folder / f"Sarabun-{style}.ttf")
    for file in FONTS.glob("*.ttf"):
        font = TTFont(file)
        for table in ("GSUB", "GPOS", "GDEF"):
            if table in font:
                del font[table]
        for name in font["name"].names:
            name.string = str(name).replace("Laksaman", FAMILIES[2])
        font.save(folder / f"Old-{file.name}")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES[:2])
def test_our_report_printed_by_libreoffice_comes_back(
    report: NarrativeReport, family: str, fonts: Path, tmp_path: Path
) -> None:
    file = in_font(docx_document(report), family)
    assert_report(_read(printed_by_libreoffice(file, fonts, tmp_path)), report)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES[:2])
def test_our_plan_printed_by_libreoffice_comes_back(
    plan: Document, family: str, fonts: Path, tmp_path: Path
) -> None:
    file = in_font(docx_bytes(plan), family)
    assert_plan(_read(printed_by_libreoffice(file, fonts, tmp_path)), plan)


@pytest.mark.slow
def test_a_document_in_a_font_of_private_marks_comes_back(
    report: NarrativeReport, fonts: Path, tmp_path: Path
) -> None:
    """The text is given as the PDF has it, each mark beside its letter; mending it is the next step."""
    file = with_old_marks(in_font(docx_document(report), FAMILIES[2]))
    layout = _read(printed_by_libreoffice(file, fonts, tmp_path))
    lines = [line for row in tables_of(layout)[0].rows for cell in row for line in cell.lines]
    assert sum("\uf700" <= sign <= "\uf71a" for line in lines for sign in line.text) > 100
    assert_report(_with_plain_marks(layout), report)


def _with_plain_marks(layout: Layout) -> Layout:
    def plain(block: TextLine | TextTable) -> TextLine | TextTable:
        if isinstance(block, TextLine):
            return replace(block, text=as_plain(block.text))
        return replace(
            block,
            rows=tuple(
                tuple(
                    replace(
                        cell,
                        lines=tuple(replace(line, text=as_plain(line.text)) for line in cell.lines),
                    )
                    for cell in row
                )
                for row in block.rows
            ),
        )

    return replace(layout, blocks=tuple(map(plain, layout.blocks)))
