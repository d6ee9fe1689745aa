"""The plan as PDF/A-2a and PDF/UA-1, set by typst; typst is imported with the first file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ita.report.pieces import lines_of_pieces
from ita.report.planning.document import (
    MEASURE_COLUMNS,
    MEASURE_WIDTHS,
    NO_MEASURES,
    WEAK_WIDTHS,
    PrintedPlan,
)
from ita.report.typeset import typeset

TEMPLATE = Path(__file__).resolve().parent / "plan.typ"


def pdf_document(plan: PrintedPlan) -> bytes:
    """The plan on A4 across. A sign that no font has, such as an emoji, is printed as an empty box."""
    told = json.dumps(_told(plan), ensure_ascii=False)
    return typeset(TEMPLATE, told, datetime.now(UTC).replace(microsecond=0))


def _told(plan: PrintedPlan) -> dict[str, Any]:
    def rows(cells: tuple[tuple[str, ...], ...]) -> list[Any]:
        return [[lines_of_pieces(cell) for cell in row] for row in cells]

    return {
        "title": plan.title,
        "agency": plan.agency,
        "heading": list(map(lines_of_pieces, plan.heading)),
        "introduction": lines_of_pieces(plan.introduction),
        "analysis_title": lines_of_pieces(plan.analysis_title),
        "analysis": list(map(lines_of_pieces, plan.analysis)),
        "weak_columns": list(map(lines_of_pieces, plan.weak_columns)),
        "weak_widths": WEAK_WIDTHS,
        "weak": rows(plan.weak),
        "no_weak": lines_of_pieces(plan.no_weak),
        "measures_title": lines_of_pieces(plan.measures_title),
        "columns": list(map(lines_of_pieces, MEASURE_COLUMNS)),
        "widths": MEASURE_WIDTHS,
        "groups": [
            {"title": lines_of_pieces(group.title), "rows": rows(group.rows)}
            for group in plan.groups
        ],
        "nothing": NO_MEASURES,
        "follow_up_title": lines_of_pieces(plan.follow_up_title),
        "follow_up": list(map(lines_of_pieces, plan.follow_up)),
    }
