"""The report as files: the same value as HTML, CSV, XLSX, DOCX and PDF.

Word is imported with its first file, so that a start doesn't pay for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape

from ita.documents.html_page import html_page, html_row, html_table
from ita.reports.narrative import COLUMNS, NarrativeReport
from ita.reports.printed_report import WIDTHS, pdf_document
from ita.tables import csv_bytes, split_row, xlsx_bytes


def html_document(report: NarrativeReport) -> bytes:
    """One page that stands alone, in the authority's five columns."""
    table = html_table(COLUMNS, WIDTHS, (html_row(row.cells()) for row in report.rows))
    body = f"<h1>{escape(report.title)}</h1>\n<p>{escape(report.agency)}</p>\n{table}"
    return html_page(report.title, body)


def csv_document(report: NarrativeReport) -> bytes:
    return csv_bytes(COLUMNS, (row.cells() for row in report.rows))


# Widths of the workbook's columns.
COLUMN_WIDTHS = (26, 48, 46, 22, 42)


def xlsx_document(report: NarrativeReport) -> bytes:
    instruments = ", ".join(row.instrument for row in report.rows)
    notes = (report.title, report.agency, f"แบบวัด: {instruments}")
    return xlsx_bytes("รายงานผล", COLUMNS, _sheet_rows(report), COLUMN_WIDTHS, notes)


def _sheet_rows(report: NarrativeReport) -> Iterator[tuple[str, ...]]:
    """One row an instrument; more where a sheet can't show so high a row."""
    for row in report.rows:
        first, *more = split_row(row.cells(), COLUMN_WIDTHS)
        yield first
        yield from ((f"แบบวัด {row.instrument} (ต่อ)", *rest) for _, *rest in more)


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
