"""Step 2: the draft in a grid, with what it still lacks."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.column_config import (
    MultiselectColumn,
    SelectboxColumn,
    TextColumn,
)

from ita.domain import FiscalYear, Instrument
from ita.i18n import _, either
from ita.measures.plan_drafts import ROW_FIELDS, PlanDraft, PlannedRow, count_missing_fields
from ita.reference import Reference
from ita.ui.components.markup import render_html, tag
from ita.ui.components.tables import field_label
from ita.ui.plan.draft_session import DraftSession

# Tall enough that the grid wraps texts; lower ones are one line, cut at the column's edge.
ROW_HEIGHT = 96
MAX_GRID_HEIGHT = 620
# Of the rows of a file, whose header is line 1: problems are told by it.
FIRST_LINE_NUMBER = 2
# Cells that hold several values, and how the draft parts them.
LIST_SEPARATORS = {"indicator": ",", "divisions": "\n"}


def draft_grid(
    session: DraftSession, year: FiscalYear, reference: Reference, divisions: Sequence[str]
) -> None:
    """The editable draft; its content goes to the session. divisions: to choose from."""
    edited = st.data_editor(
        _frame(session.grid_draft),
        column_config=_columns(year, reference, divisions),
        column_order=["line", *ROW_FIELDS],
        hide_index=True,
        num_rows="dynamic",
        height=MAX_GRID_HEIGHT
        if len(session.grid_draft) > MAX_GRID_HEIGHT // ROW_HEIGHT
        else "auto",
        row_height=ROW_HEIGHT,
        key=f"plan grid {int(year)} {session.turn}",
    )
    session.current_draft = tuple(_row(cells) for cells in edited.to_dict("records"))
    st.caption(
        _(
            "แตะสองครั้งที่ช่องเพื่อแก้ เพิ่มแถวที่แถวล่างสุด ลบแถวโดยเลือกแถวแล้วกดถังขยะ "
            "จะย้ายแถวให้แก้ลำดับ เช่น 1.5 เพื่อแทรกระหว่าง 1 กับ 2 แล้วกดตรวจร่าง"
        )
    )
    show_missing_fields(session.current_draft)


def show_missing_fields(draft: PlanDraft) -> None:
    """Shows how many rows leave out what the authority expects in a plan; nothing of it blocks."""
    counts = count_missing_fields(draft)
    if not draft:
        return
    if not counts:
        render_html(tag(_("ทุกแถวมีประเด็น ขั้นตอน ผู้รับผิดชอบ ระยะเวลา และการติดตาม"), "good"))
        return
    marks = [
        tag(_("{field} ยังว่าง {count} แถว", field=field_label(name), count=count), "warn")
        for name, count in counts.items()
    ]
    render_html("".join(marks))


def _frame(draft: PlanDraft) -> pd.DataFrame:
    rows = [_cells(row) for row in draft]
    frame = pd.DataFrame(rows, columns=list(ROW_FIELDS), dtype=object)
    # As texts: a row that is added has none, which a column of whole numbers can not hold.
    lines = [str(FIRST_LINE_NUMBER + index) for index in range(len(frame))]
    frame.insert(0, "line", pd.Series(lines, dtype=object))
    return frame


def _cells(row: PlannedRow) -> dict[str, Any]:
    cells: dict[str, Any] = {name: getattr(row, name) for name in ROW_FIELDS}
    for name, separator in LIST_SEPARATORS.items():
        cells[name] = [part for part in cells[name].split(separator) if part]
    for name in ("instrument", "start_quarter", "end_quarter"):
        cells[name] = cells[name] or None
    return cells


def _row(cells: Mapping[Hashable, Any]) -> PlannedRow:
    return PlannedRow(*(_text(name, cells.get(name)) for name in ROW_FIELDS))


def _text(name: str, value: Any) -> str:
    """A cell of the grid as a text; a cell that nobody touched is none."""
    if pd.api.types.is_list_like(value):
        parts = (str(part).strip() for part in value)
        return LIST_SEPARATORS.get(name, ",").join(part for part in parts if part)
    return "" if pd.isna(value) else str(value)


def _columns(year: FiscalYear, reference: Reference, divisions: Sequence[str]) -> dict[str, Any]:
    rules = reference.nearest_rules(year)
    indicators = {
        number: f"{number} {either(indicator.name_th, indicator.name_en)}"
        for number, indicator in rules.indicators.items()
    }
    quarters = ["1", "2", "3", "4"]
    return {
        "line": TextColumn(_("บรรทัด"), disabled=True, width=60, pinned=True),
        "instrument": SelectboxColumn(
            field_label("instrument"), options=[i.value for i in Instrument], width=90, pinned=True
        ),
        "seq": TextColumn(field_label("seq"), width=84, pinned=True),
        "measure": TextColumn(field_label("measure"), width=340),
        "indicator": MultiselectColumn(
            field_label("indicator"),
            options=list(indicators),
            format_func=lambda number: indicators.get(number, number),
            width=230,
        ),
        "cause": TextColumn(field_label("cause"), width=260),
        "method": TextColumn(field_label("method"), width=260),
        "divisions": MultiselectColumn(
            field_label("divisions"), options=divisions, accept_new_options=True, width=200
        ),
        "start_quarter": SelectboxColumn(field_label("start_quarter"), options=quarters, width=90),
        "end_quarter": SelectboxColumn(field_label("end_quarter"), options=quarters, width=90),
        "target": TextColumn(field_label("target"), width=160),
        "follow_up": TextColumn(field_label("follow_up"), width=200),
        "origin": TextColumn(_("ที่มาของร่าง"), disabled=True, width=170),
    }
