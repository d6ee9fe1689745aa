"""The report as PDF/A-2a and PDF/UA-1, set by typst; typst is imported with the first file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ita.report.narrative import COLUMNS, NarrativeReport
from ita.report.pieces import lines_of_pieces
from ita.report.printed import NOTHING, WIDTHS, PrintedReport, PrintedRow, printed
from ita.report.typeset import typeset

TEMPLATE = Path(__file__).resolve().parent / "report.typ"


def pdf_document(report: NarrativeReport, crest: bytes | None = None) -> bytes:
    """The report on A4. A sign that no font has, such as an emoji, is printed as an empty box.

    crest: a picture that `ita.report.crests.checked_crest` has let through.
    """
    told = json.dumps(_told(printed(report), crest), ensure_ascii=False)
    return typeset(TEMPLATE, told, datetime.now(UTC).replace(microsecond=0))


def _told(report: PrintedReport, crest: bytes | None) -> dict[str, Any]:
    return {
        "title": report.title,
        "agency": report.agency,
        "heading": list(map(lines_of_pieces, report.heading)),
        "introduction": report.introduction,
        "columns": list(map(lines_of_pieces, COLUMNS)),
        "widths": WIDTHS,
        "rows": list(map(_row, report.rows)),
        "nothing": NOTHING,
        "crest": list(crest) if crest else None,
        "crest_alt": f"ตรา{report.agency}",
    }


def _row(row: PrintedRow) -> dict[str, Any]:
    return {
        "instrument": row.instrument,
        "title": lines_of_pieces(row.title),
        "measures": [(number, lines_of_pieces(text)) for number, text in row.measures],
        "results": list(map(lines_of_pieces, row.results)),
        "responsible": list(map(lines_of_pieces, row.responsible)),
        "outcome": lines_of_pieces(row.outcome),
    }
