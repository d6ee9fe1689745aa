"""Step 2: the draft in a grid, with what it still lacks, kept in the session while other pages are
visited; who may write it, starting anew, the draft as a file and back."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup
from streamlit.column_config import MultiselectColumn, SelectboxColumn, TextColumn

from ita.auth.permissions import Action, Resource, can
from ita.config import current_settings
from ita.domain import FiscalYear, Instrument
from ita.exports.templates import Template, template_csv, template_xlsx
from ita.formatting import year_text
from ita.i18n import _, either
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.measures.model import Measure
from ita.measures.plan_drafts import (
    ROW_FIELDS,
    PlanDraft,
    PlannedRow,
    count_missing_fields,
    renumber,
)
from ita.planning.aims import timing_sentence
from ita.planning.analysis import PlanAnalysis
from ita.planning.drafts import build_first_draft
from ita.planning.plan_files import plan_template, read_plan
from ita.reference import Reference
from ita.store.changes import file_hash
from ita.tables import XLSX_MIME
from ita.ui.components import queries
from ita.ui.components.file_uploader import file_box
from ita.ui.components.jobs import sheet_of
from ita.ui.components.markup import escape_markdown, render_html, tag
from ita.ui.components.tables import field_label
from ita.ui.components.url_state import is_same_view
from ita.web.current_user import current_user
from ita.web.store_access import get_reference


@dataclass
class DraftSession:
    """initial_draft: as first offered, from the measures stored then (stored_measures) or of an earlier
    year. grid_draft: the grid's input; current_draft: its content. turn: distinguishes the grids.
    checked_draft: what is previewed before it is saved; sent_hash: of it as a file. scroll_to_check:
    whether the page has yet to scroll to the result of the check."""

    stored_measures: tuple[Measure, ...]
    initial_draft: PlanDraft
    grid_draft: PlanDraft
    current_draft: PlanDraft
    turn: int = 0
    checked_draft: PlanDraft | None = None
    sent_hash: str | None = None
    scroll_to_check: bool = False

    @property
    def is_changed(self) -> bool:
        return self.current_draft != self.initial_draft

    def reset_grid(self, draft: Sequence[PlannedRow]) -> None:
        """Puts a draft into a new grid."""
        self.grid_draft = self.current_draft = tuple(draft)
        self.turn += 1

    def check(self, stored: Sequence[Measure]) -> None:
        """Removes rows without content, renumbers, and marks the rest to be previewed."""
        rows_with_content = [row for row in self.current_draft if row.has_content]
        self.reset_grid(renumber(rows_with_content, measure_keys(stored)))
        self.checked_draft, self.scroll_to_check = self.current_draft, True


def measure_keys(measures: Sequence[Measure]) -> frozenset[tuple[str, int]]:
    return frozenset((measure.instrument.value, measure.seq) for measure in measures)


def _sessions() -> dict[tuple[str, FiscalYear], DraftSession]:
    sessions: dict[tuple[str, FiscalYear], DraftSession] = st.session_state.setdefault(
        "plan drafts", {}
    )
    return sessions


def get_draft_session(analysis: PlanAnalysis, stored: Sequence[Measure]) -> DraftSession:
    """The draft of a plan in this session; built anew while nothing has been typed in it."""
    key = (analysis.agency_id, analysis.years.year)
    session = _sessions().get(key)
    if session is None or not (session.is_changed or session.checked_draft):
        draft = build_first_draft(analysis, stored)
        if session is None or (session.initial_draft, session.stored_measures) != (
            draft,
            tuple(stored),
        ):
            turn = session.turn + 1 if session else 0
            session = _sessions()[key] = DraftSession(tuple(stored), draft, draft, draft, turn)
    if not is_same_view() or st.session_state.get("plan shown") != key:
        # A grid forgets what was typed when it is not drawn, so it is given what it had.
        session.reset_grid(session.current_draft)
    st.session_state["plan shown"] = key
    return session


def discard_draft_session(analysis: PlanAnalysis) -> None:
    """Discards the draft: after a save, or on request."""
    _sessions().pop((analysis.agency_id, analysis.years.year), None)


def sent_draft_hash(analysis: PlanAnalysis) -> str | None:
    """The hash of the draft that was last previewed as a file."""
    session = _sessions().get((analysis.agency_id, analysis.years.year))
    return session.sent_hash if session else None


# Tall enough that the grid wraps texts; lower ones are one line, cut at the column's edge.
ROW_HEIGHT = 96
# Whole rows below the header.
MAX_GRID_HEIGHT = 38 + 7 * ROW_HEIGHT
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
            "เลือกช่องแล้วพิมพ์เพื่อแก้ เพิ่มแถวที่แถวล่างสุด ลบแถวโดยเลือกแถวแล้วกดถังขยะ "
            "ย้ายแถวโดยแก้ลำดับ (ใส่ 1.5 ให้อยู่ระหว่าง 1 กับ 2) ระบบเรียงลำดับใหม่เมื่อกดตรวจร่าง"
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
    render_html(Markup().join(marks))


def _frame(draft: PlanDraft) -> pd.DataFrame:
    rows = [_cells(row) for row in draft]
    frame = pd.DataFrame(rows, columns=list(ROW_FIELDS), dtype=object)
    # As texts: a row that is added has none, which a column of whole numbers can not hold.
    lines = [str(1 + index) for index in range(len(frame))]
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
        "line": TextColumn(_("แถวที่"), disabled=True, width=60, pinned=True),
        "instrument": SelectboxColumn(
            field_label("instrument"), options=[i.value for i in Instrument], width=90, pinned=True
        ),
        "seq": TextColumn(field_label("seq"), width=84, pinned=True),
        "measure": TextColumn(field_label("measure"), width=460),
        "indicator": MultiselectColumn(
            field_label("indicator"),
            options=list(indicators),
            format_func=lambda number: indicators.get(number, number),
            width=230,
        ),
        "cause": TextColumn(field_label("cause"), width=380),
        "method": TextColumn(field_label("method"), width=380),
        "divisions": MultiselectColumn(
            field_label("divisions"), options=divisions, accept_new_options=True, width=200
        ),
        "start_quarter": SelectboxColumn(field_label("start_quarter"), options=quarters, width=90),
        "end_quarter": SelectboxColumn(field_label("end_quarter"), options=quarters, width=90),
        "target": TextColumn(field_label("target"), width=160),
        "follow_up": TextColumn(field_label("follow_up"), width=200),
        "origin": TextColumn(_("ที่มาของร่าง"), disabled=True, width=170),
    }


DRAFT_TYPES = ("csv", "xlsx")


def show_draft(analysis: PlanAnalysis, session: DraftSession, stored: Sequence[Measure]) -> None:
    """The draft: where it comes from, the grid, and what can be done with it."""
    year = analysis.years.year
    st.header(_("2. ร่างมาตรการของ{year}", year=year_text(year)), anchor=False)
    refusal = edit_refusal(analysis)
    if refusal:
        st.info(refusal)
        return
    st.write(_origin_text(analysis, session))
    if session.stored_measures != tuple(stored):
        st.warning(
            _(
                "มาตรการของปีนี้ในระบบเปลี่ยนไปหลังจากเริ่มร่าง ร่างของท่านยังอยู่ครบ "
                "กรุณาดูสิ่งที่จะเปลี่ยนก่อนบันทึก หรือเริ่มร่างใหม่จากข้อมูลในระบบ"
            )
        )
    if stored:
        st.caption(
            _(
                "มาตรการที่บันทึกไว้แล้วใช้ลำดับเดิม เพราะความสำเร็จรายไตรมาสผูกกับลำดับ "
                "แถวที่ลบออกจากร่างยังคงอยู่ในระบบ หากต้องการเอาออก ให้ยกเลิกการนำเข้าที่หน้าประวัติ"
            )
        )
    version = queries.data_version()
    draft_grid(session, year, get_reference(), _divisions(analysis, stored))
    st.caption(timing_sentence(year, get_reference()))
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(_("ตรวจร่าง"), type="primary", disabled=not session.current_draft):
            session.check(stored)
            st.rerun()
        _files(analysis, session)
        _begin_anew(analysis, session)
    _take_up(analysis, session, stored, version)
    if session.is_changed:
        st.caption(_("ร่างอยู่ในหน้าต่างนี้เท่านั้นจนกว่าจะบันทึก ดาวน์โหลดเก็บไว้แล้วนำกลับมาทำต่อได้"))


def edit_refusal(analysis: PlanAnalysis) -> str:
    """Why whoever looks may not write the plan; "" where they may."""
    thing = Resource(frozenset({analysis.agency_id}), Dataset.MEASURES.value)
    return can(current_user(), Action.IMPORT, thing).reason


def _origin_text(analysis: PlanAnalysis, session: DraftSession) -> str:
    rows = sum(row.measure == "" for row in session.initial_draft)
    blank = _("มีแถวว่าง {rows} แถวสำหรับเรื่องที่ยังไม่มีมาตรการ", rows=rows) if rows else ""
    if session.stored_measures:
        text = _(
            "{year} มีมาตรการในระบบแล้ว {count} ข้อ ร่างเริ่มจากมาตรการเหล่านั้น",
            year=year_text(analysis.years.year),
            count=len(session.stored_measures),
        )
        return f"{text} {blank}".strip()
    if analysis.years.work_year:
        text = _(
            "คัดลอกมาตรการของ{worked} มา {count} ข้อ ให้ลำดับใหม่ต่อเนื่องกัน แก้ไข เพิ่ม หรือลบได้ ยังไม่มีอะไรถูกบันทึก",
            worked=year_text(analysis.years.work_year),
            count=len(analysis.measures),
        )
        return f"{text} {blank}".strip()
    return _("ยังไม่มีมาตรการเดิมให้คัดลอก เพิ่มแถวในตารางได้เลย ยังไม่มีอะไรถูกบันทึก")


def _divisions(analysis: PlanAnalysis, stored: Sequence[Measure]) -> list[str]:
    """To choose from: those that the agency's measures name, then the usual ones."""
    named = [name for measure in (*stored, *analysis.measures) for name in measure.divisions]
    return list(dict.fromkeys([*named, *get_reference().divisions.values()]))


def _template(analysis: PlanAnalysis, draft: PlanDraft) -> Template:
    return plan_template(draft, analysis.agency_id, analysis.years.year, get_reference())


def _files(analysis: PlanAnalysis, session: DraftSession) -> None:
    stem = f"ita-plan-{analysis.agency_id}-{int(analysis.years.year)}"
    makers = {"XLSX": (XLSX_MIME, template_xlsx), "CSV": ("text/csv", template_csv)}
    made = _template(analysis, session.current_draft)
    for name, (mime, make) in makers.items():
        st.download_button(
            _("ดาวน์โหลดร่าง {form}", form=name),
            data=partial(make, made),
            file_name=f"{stem}.{name.lower()}",
            mime=mime,
            on_click="ignore",
            key=f"plan file {name}",
        )


def _begin_anew(analysis: PlanAnalysis, session: DraftSession) -> None:
    if not (session.is_changed or session.checked_draft):
        return
    with st.popover(_("เริ่มร่างใหม่")):
        st.write(_("ลบสิ่งที่แก้ในร่างนี้ แล้วเริ่มจากข้อมูลในระบบอีกครั้ง"))
        if st.button(_("ลบร่างนี้")):
            discard_draft_session(analysis)
            st.rerun()


def _take_up(
    analysis: PlanAnalysis,
    session: DraftSession,
    stored: Sequence[Measure],
    version: queries.DataVersion,
) -> None:
    """A draft that was downloaded, or last year's form: put in the place of what is in the grid."""
    with st.expander(_("นำร่างที่ดาวน์โหลดไว้กลับมาทำต่อ")):
        uploaded = file_box(
            _("ไฟล์ร่างหรือแบบฟอร์มมาตรการ (XLSX หรือ CSV) จะแทนที่ร่างในตาราง ยังไม่บันทึก"),
            list(DRAFT_TYPES),
            f"plan upload {session.turn}",
            current_settings().limits.file_bytes // 1024**2,
        )
        if uploaded is None:
            return
        content = uploaded.content
        request = ImportRequest(Dataset.MEASURES, content, uploaded.name)
        taken = read_plan(
            content,
            uploaded.name,
            analysis.agency_id,
            analysis.years.year,
            queries.agencies(version),
            get_reference(),
            current_settings().limits,
            sheet_of(request, file_hash(content)),
        )
        for problem in taken.problems:
            st.error(escape_markdown(problem.message()))
        if taken.problems:
            return
        session.reset_grid(renumber(taken.draft, measure_keys(stored)))
        session.checked_draft = None
        message = _("นำร่างเข้าตารางแล้ว {count} แถว", count=len(taken.draft))
        if taken.skipped_rows:
            message += " " + _("ข้าม {count} แถวของหน่วยงานหรือปีอื่น", count=taken.skipped_rows)
        st.toast(message)
        st.rerun()
