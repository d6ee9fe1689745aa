"""The report as the authority's own document and as files: HTML, CSV, XLSX, DOCX and PDF; always in Thai.

Word is imported with its first file, so that a start doesn't pay for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ita.documents.html import html_bytes
from ita.documents.model import Document, Paragraph, RuledTable, TableRow
from ita.documents.pdf import pdf_bytes
from ita.documents.settings import apply_settings, with_digits
from ita.domain import FiscalYear
from ita.reports.narrative import COLUMNS, NarrativeReport, NarrativeRow
from ita.tables import csv_bytes, split_row, xlsx_bytes

# Of the five columns, in percent of the table.
WIDTHS = (15, 26, 24, 14, 21)
# The text in the table of a report without rows.
EMPTY_TABLE_TEXT = "ยังไม่มีมาตรการหรือรายงานผลของปีนี้"


def introduction(year: FiscalYear) -> str:
    """The sentence that stands before the table."""
    return (
        "ผลการดำเนินการเพื่อส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงานตามมาตรการส่งเสริมคุณธรรม"
        f"และความโปร่งใส ประจำปีงบประมาณ {int(year)} ดังนี้"
    )


def report_document(report: NarrativeReport) -> Document:
    year = report.fiscal_year
    heading = (report.name, f"ประจำปีงบประมาณ {int(year)}", report.agency)
    return _document(report, heading, introduction(year))


def _document(report: NarrativeReport, heading: tuple[str, ...], opening: str) -> Document:
    table = RuledTable(COLUMNS, WIDTHS, tuple(map(_row, report.rows)), EMPTY_TABLE_TEXT)
    blocks = (Paragraph(opening, is_introduction=True), table)
    return apply_settings(Document(report.title, report.agency, heading, blocks), report.settings)


def _row(row: NarrativeRow) -> TableRow:
    return TableRow(
        (
            row.title,
            row.measure_items,
            row.result_items,
            "\n".join(row.responsible),
            row.outcome or "",
        ),
        continued=f"แบบวัด {row.instrument} (ต่อ)",
    )


def pdf_document(report: NarrativeReport, crest: bytes | None = None) -> bytes:
    """The report on A4. crest: a picture that `ita.reports.looks.validate_crest` validated."""
    return pdf_bytes(report_document(report), crest)


def html_document(report: NarrativeReport) -> bytes:
    """One page that stands alone, in the authority's five columns."""
    return html_bytes(_document(report, (report.title,), report.agency))


def csv_document(report: NarrativeReport) -> bytes:
    rows = [row.cells() for row in report.rows]
    return csv_bytes(COLUMNS, with_digits(rows, report.settings.digits))


# Widths of the workbook's columns.
COLUMN_WIDTHS = (26, 48, 46, 22, 42)


def xlsx_document(report: NarrativeReport) -> bytes:
    instruments = ", ".join(row.instrument for row in report.rows)
    notes = (report.title, report.agency, f"แบบวัด: {instruments}")
    notes, rows = with_digits((notes, list(_sheet_rows(report))), report.settings.digits)
    return xlsx_bytes("รายงานผล", COLUMNS, rows, COLUMN_WIDTHS, notes)


def _sheet_rows(report: NarrativeReport) -> Iterator[tuple[str, ...]]:
    """One row an instrument; more where a sheet can't show so high a row."""
    for row in map(_row, report.rows):
        first, *more = split_row(row.texts, COLUMN_WIDTHS)
        yield first
        yield from ((row.continued, *rest) for _, *rest in more)


def docx_document(
    report: NarrativeReport, template: bytes | None = None, crest: bytes | None = None
) -> bytes:
    """The report in Word's format, in an agency's checked template where there is one."""
    from ita.reports.docx_document import docx_document as filled

    return filled(report, template, crest)


# Format → function of a report that returns the bytes of a file.
DOCUMENT_WRITERS: Mapping[str, Callable[..., bytes]] = {
    "html": html_document,
    "csv": csv_document,
    "xlsx": xlsx_document,
    "docx": docx_document,
    "pdf": pdf_document,
}
