"""The plan as files: the same value as HTML, CSV, XLSX, DOCX and PDF.

Word and typst are imported with the first file of theirs, so that a start doesn't pay for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape

from ita.documents.html_page import html_page, html_row, html_table
from ita.planning.printed_plan import (
    MEASURE_COLUMNS,
    MEASURE_WIDTHS,
    NO_MEASURES,
    WEAK_WIDTHS,
    PrintedPlan,
    pdf_document,
)
from ita.tables import csv_bytes, xlsx_bytes

INSTRUMENT = "แบบวัด"
# Widths of the workbook's columns, the instrument's first.
COLUMN_WIDTHS = (26, 6, 36, 46, 36, 24, 14, 20, 24)


def _rows(plan: PrintedPlan) -> Iterator[tuple[str, ...]]:
    for group in plan.groups:
        yield from ((group.title, *row) for row in group.rows)


def csv_document(plan: PrintedPlan) -> bytes:
    """The measures alone: a CSV holds one table."""
    return csv_bytes((INSTRUMENT, *MEASURE_COLUMNS), _rows(plan))


def xlsx_document(plan: PrintedPlan) -> bytes:
    """The measures, and the analysis on the second sheet."""
    weak = (_one_line(plan.weak_columns, row) for row in plan.weak)
    notes = (*plan.heading, plan.introduction, plan.analysis_title, *plan.analysis, *weak)
    analysis_notes = (*notes, *([plan.no_weak_text] if not plan.weak and plan.no_weak_text else []))
    follow_up = (plan.follow_up_title, *plan.follow_up)
    header = (INSTRUMENT, *MEASURE_COLUMNS)
    rows = ((title, _typed(number), *rest) for title, number, *rest in _rows(plan))
    return xlsx_bytes("มาตรการ", header, rows, COLUMN_WIDTHS, (*analysis_notes, *follow_up))


def _typed(number: str) -> str | int:
    """A measure's number as a sheet sorts it; what a draft has between two (1.5) stays as written."""
    return int(number) if number.isdecimal() else number


def _one_line(columns: Sequence[str], row: Sequence[str]) -> str:
    cells = (cell.replace("\n", " ") for cell in row)
    number, *rest = zip(columns, cells, strict=True)
    return f"{number[1]}. " + " · ".join(f"{name}: {cell}" for name, cell in rest)


def html_document(plan: PrintedPlan) -> bytes:
    """One page that stands alone. Text is never markup."""
    heading = "<br>".join(map(escape, plan.heading))
    weak = html_table(plan.weak_columns, WEAK_WIDTHS, map(html_row, plan.weak))
    body = (
        f"<h1>{heading}</h1>\n<p>{escape(plan.introduction)}</p>\n"
        f"<h2>{escape(plan.analysis_title)}</h2>\n{_paragraphs(plan.analysis)}"
        f"{weak if plan.weak else _paragraphs([plan.no_weak_text])}"
        f"<h2>{escape(plan.measures_title)}</h2>\n"
        f"{html_table(MEASURE_COLUMNS, MEASURE_WIDTHS, _measure_rows(plan))}"
        f"<h2>{escape(plan.follow_up_title)}</h2>\n{_paragraphs(plan.follow_up)}"
    )
    return html_page(plan.title, body)


def _measure_rows(plan: PrintedPlan) -> Iterator[str]:
    colspan = f'colspan="{len(MEASURE_COLUMNS)}"'
    for group in plan.groups:
        yield f'<tr><th scope="rowgroup" {colspan}>{escape(group.title)}</th></tr>'
        yield from map(html_row, group.rows)
    if not plan.groups:
        yield f"<tr><td {colspan}>{escape(NO_MEASURES)}</td></tr>"


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f'<p class="left">{escape(text)}</p>\n' for text in texts if text)


def docx_document(plan: PrintedPlan) -> bytes:
    """The plan in Word's format."""
    from ita.planning.docx import docx_document as written

    return written(plan)


# Format → function of a plan that returns the bytes of a file.
DOCUMENT_WRITERS: Mapping[str, Callable[[PrintedPlan], bytes]] = {
    "html": html_document,
    "csv": csv_document,
    "xlsx": xlsx_document,
    "docx": docx_document,
    "pdf": pdf_document,
}
