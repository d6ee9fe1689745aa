"""The plan as PDF/A-2a and PDF/UA-1, set by typst; typst is imported with the first file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ita.documents.line_breaking import split_lines
from ita.documents.typeset import typeset
from ita.planning.printed_plan import (
    MEASURE_COLUMNS,
    MEASURE_WIDTHS,
    NO_MEASURES,
    WEAK_WIDTHS,
    PrintedPlan,
)

TEMPLATE = Path(__file__).resolve().parent / "plan.typ"


def pdf_document(plan: PrintedPlan) -> bytes:
    """The plan on A4 across. A sign that no font has, such as an emoji, is printed as an empty box."""
    data = json.dumps(_template_data(plan), ensure_ascii=False)
    return typeset(TEMPLATE, data, datetime.now(UTC).replace(microsecond=0))


def _template_data(plan: PrintedPlan) -> dict[str, Any]:
    def rows(cells: tuple[tuple[str, ...], ...]) -> list[Any]:
        return [[split_lines(cell) for cell in row] for row in cells]

    return {
        "title": plan.title,
        "agency": plan.agency,
        "heading": list(map(split_lines, plan.heading)),
        "introduction": split_lines(plan.introduction),
        "analysis_title": split_lines(plan.analysis_title),
        "analysis": list(map(split_lines, plan.analysis)),
        "weak_columns": list(map(split_lines, plan.weak_columns)),
        "weak_widths": WEAK_WIDTHS,
        "weak": rows(plan.weak),
        "no_weak": split_lines(plan.no_weak_text),
        "measures_title": split_lines(plan.measures_title),
        "columns": list(map(split_lines, MEASURE_COLUMNS)),
        "widths": MEASURE_WIDTHS,
        "groups": [
            {"title": split_lines(group.title), "rows": rows(group.rows)} for group in plan.groups
        ],
        "nothing": NO_MEASURES,
        "follow_up_title": split_lines(plan.follow_up_title),
        "follow_up": list(map(split_lines, plan.follow_up)),
    }
