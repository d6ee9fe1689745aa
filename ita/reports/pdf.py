"""The report as PDF/A-2a and PDF/UA-1, set by typst; typst is imported with the first file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ita.documents.line_breaking import split_lines
from ita.documents.typeset import typeset
from ita.reports.narrative import COLUMNS, NarrativeReport
from ita.reports.printed_report import (
    EMPTY_TABLE_TEXT,
    WIDTHS,
    PrintedReport,
    PrintedRow,
    build_printed_report,
)

TEMPLATE = Path(__file__).resolve().parent / "report.typ"


def pdf_document(report: NarrativeReport, crest: bytes | None = None) -> bytes:
    """The report on A4. A sign that no font has, such as an emoji, is printed as an empty box.

    crest: a picture that `ita.reports.crests.validate_crest` validated.
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
        "rows": list(map(_row, report.rows)),
        "nothing": EMPTY_TABLE_TEXT,
        "crest": list(crest) if crest else None,
        "crest_alt": f"ตรา{report.agency}",
    }


def _row(row: PrintedRow) -> dict[str, Any]:
    return {
        "instrument": row.instrument,
        "title": split_lines(row.title),
        "measures": [(number, split_lines(text)) for number, text in row.measures],
        "results": list(map(split_lines, row.results)),
        "responsible": list(map(split_lines, row.responsible)),
        "outcome": split_lines(row.outcome),
    }
