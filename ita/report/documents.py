"""The report as files: the same value as HTML, CSV, XLSX, DOCX and PDF.

Word and typst are imported with the first file of theirs, so that a start doesn't pay for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

from ita.report.html_page import html_page, html_row, html_table
from ita.report.narrative import COLUMNS, NarrativeReport
from ita.report.printed import WIDTHS
from ita.spreadsheet import csv_bytes, xlsx_bytes


def html_document(report: NarrativeReport) -> bytes:
    """One page that stands alone, in the authority's five columns."""
    table = html_table(COLUMNS, WIDTHS, (html_row(row.cells()) for row in report.rows))
    body = f"<h1>{escape(report.title)}</h1>\n<p>{escape(report.agency)}</p>\n{table}"
    return html_page(report.title, body)


def _rows(report: NarrativeReport) -> list[tuple[str, ...]]:
    return [row.cells() for row in report.rows]


def csv_document(report: NarrativeReport) -> bytes:
    return csv_bytes(COLUMNS, _rows(report))


def xlsx_document(report: NarrativeReport) -> bytes:
    instruments = ", ".join(row.instrument for row in report.rows)
    notes = (report.title, report.agency, f"แบบวัด: {instruments}")
    return xlsx_bytes("รายงานผล", COLUMNS, _rows(report), (26, 45, 45, 22, 40), notes)


def docx_document(
    report: NarrativeReport, template: bytes | None = None, crest: bytes | None = None
) -> bytes:
    """The report in Word's format, in an agency's checked template where there is one."""
    from ita.report.docx_document import docx_document as filled

    return filled(report, template, crest)


def pdf_document(report: NarrativeReport, crest: bytes | None = None) -> bytes:
    """The report to be handed in and kept: PDF/A and PDF/UA."""
    from ita.report.pdf import pdf_document as printed

    return printed(report, crest)


DOCUMENTS: Mapping[str, Callable[..., bytes]] = {
    "html": html_document,
    "csv": csv_document,
    "xlsx": xlsx_document,
    "docx": docx_document,
    "pdf": pdf_document,
}
"""Every format that a report can be had in: the report → the bytes of a file."""
