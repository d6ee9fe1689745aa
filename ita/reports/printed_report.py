"""The printed report: the authority's words around it, and printable texts.

PDF and DOCX render this same value. Removed from texts is what no printed page can show:
control characters, characters without width or shape, and marks that turn the writing direction.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ita.documents.typeset import printable, split_lines, typeset
from ita.reports.narrative import COLUMNS, NarrativeReport, NarrativeRow

# Of the five columns, in percent of the table.
WIDTHS = (15, 26, 24, 14, 21)


# The text in the table of a report without rows.
EMPTY_TABLE_TEXT = "ยังไม่มีมาตรการหรือรายงานผลของปีนี้"


@dataclass(frozen=True)
class PrintedRow:
    """One instrument. measures: number and text. period, outcome: "" where there is none.

    responsible: divisions and period as the fourth column has them. Texts may hold "\\n".
    """

    instrument: str
    title: str
    measures: tuple[tuple[int, str], ...]
    results: tuple[str, ...]
    divisions: tuple[str, ...]
    period: str
    responsible: tuple[str, ...]
    outcome: str


@dataclass(frozen=True)
class PrintedReport:
    """heading: the lines of the title. introduction: the sentence that stands before the table."""

    title: str
    heading: tuple[str, ...]
    agency: str
    year: int
    introduction: str
    rows: tuple[PrintedRow, ...]


def build_printed_report(report: NarrativeReport) -> PrintedReport:
    year = int(report.fiscal_year)
    agency = printable(report.agency)
    return PrintedReport(
        title=report.title,
        heading=(report.name, f"ประจำปีงบประมาณ {year}", agency),
        agency=agency,
        year=year,
        introduction=(
            "ผลการดำเนินการเพื่อส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงานตามมาตรการส่งเสริมคุณธรรม"
            f"และความโปร่งใส ประจำปีงบประมาณ {year} ดังนี้"
        ),
        rows=tuple(map(_row, report.rows)),
    )


def _row(row: NarrativeRow) -> PrintedRow:
    return PrintedRow(
        instrument=row.instrument.value,
        title=printable(row.title),
        measures=tuple((number, printable(text)) for number, text in row.measure_texts),
        results=tuple(printable(result.text) for result in row.results),
        divisions=tuple(map(printable, row.divisions)),
        period=printable(row.period or ""),
        responsible=tuple(map(printable, row.responsible)),
        outcome=printable(row.outcome or ""),
    )


# The report as PDF/A-2a and PDF/UA-1, set by typst; typst is imported with the first file.

TEMPLATE = Path(__file__).resolve().parent / "report.typ"


def pdf_document(report: NarrativeReport, crest: bytes | None = None) -> bytes:
    """The report on A4. A sign that no font has, such as an emoji, is printed as an empty box.

    crest: a picture that `ita.reports.looks.validate_crest` validated.
    """
    data = json.dumps(_template_data(build_printed_report(report), crest), ensure_ascii=False)
    return typeset(TEMPLATE, data, datetime.now(UTC).replace(microsecond=0))


def _template_data(report: PrintedReport, crest: bytes | None) -> dict[str, Any]:
    return {
        "title": report.title,
        "agency": report.agency,
        "heading": list(map(split_lines, report.heading)),
        "introduction": report.introduction,
        "columns": list(map(split_lines, COLUMNS)),
        "widths": WIDTHS,
        "rows": list(map(_template_row, report.rows)),
        "nothing": EMPTY_TABLE_TEXT,
        "crest": list(crest) if crest else None,
        "crest_alt": f"ตรา{report.agency}",
    }


def _template_row(row: PrintedRow) -> dict[str, Any]:
    return {
        "instrument": row.instrument,
        "title": split_lines(row.title),
        "measures": [(number, split_lines(text)) for number, text in row.measures],
        "results": list(map(split_lines, row.results)),
        "responsible": list(map(split_lines, row.responsible)),
        "outcome": split_lines(row.outcome),
    }
