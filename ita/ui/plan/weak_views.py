"""The table of weak points."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from ita.domain import Instrument
from ita.formatting import score_text, year_text
from ita.i18n import _
from ita.planning.analysis import PlanAnalysis
from ita.planning.needs import Weakness, WeakPoint, measures_aiming_at
from ita.tables import CellValue
from ita.ui.components.charts import day_text
from ita.ui.components.markup import Tone, render_html, tag
from ita.ui.components.measure_links import measure_name
from ita.ui.components.tables import TableColumn, html_table, show_table_downloads
from ita.ui.plan.names import measure_names

TONES: dict[Weakness, Tone] = {
    Weakness.BELOW_MARK: "bad",
    Weakness.FALLEN: "warn",
    Weakness.NEXT_LEVEL: "note",
}


def show_weak_points(analysis: PlanAnalysis, headline: str) -> None:
    """The table of weak points, passed ones in an expander, and its files. headline: for their notes."""
    if not analysis.weak_points:
        return
    urgent = [weak for weak in analysis.weak_points if weak.weakness is not Weakness.NEXT_LEVEL]
    next_level = [weak for weak in analysis.weak_points if weak.weakness is Weakness.NEXT_LEVEL]
    if urgent:
        render_html(_weak_table(urgent, analysis), stacked=True)
    if next_level:
        with st.expander(
            _("ผ่านแล้วแต่ยังไม่ถึงระดับถัดไป {count} ตัว", count=len(next_level)), expanded=not urgent
        ):
            render_html(_weak_table(next_level, analysis), stacked=True)
    if any(weak.instrument is Instrument.OIT for weak in analysis.weak_points):
        st.caption(_("ผลรายข้อของ OIT ไม่ได้เก็บในระบบ กรุณาดูข้อที่ไม่ผ่านจากผลตรวจของปีนั้นประกอบ"))
    stem = f"ita-weak-points-{analysis.agency_id}-{int(analysis.years.year)}"
    notes = (headline, *analysis.sources, day_text())
    widths = (36, 10, 10, 14, 12, 12, 12, 24, 40)
    show_table_downloads("weak", stem, _weak_header(), lambda: _weak_rows(analysis), widths, notes)


def _weak_table(weak: Sequence[WeakPoint], analysis: PlanAnalysis) -> str:
    columns = [
        TableColumn(_("ตัวชี้วัด"), words=True),
        TableColumn(_("คะแนน{year}", year=year_text(weak[0].year)), figure=True),
        TableColumn(_("เปลี่ยนแปลง"), figure=True),
        TableColumn(_("ขาดอีก"), figure=True),
        TableColumn(_("คะแนนรวมที่จะเพิ่ม"), figure=True),
        TableColumn(_("มาตรการเดิมที่มุ่งแก้"), words=True),
    ]
    return html_table(columns, [_weak_cells(point, analysis) for point in weak])


def _weak_cells(weak: WeakPoint, analysis: PlanAnalysis) -> list[str]:
    gap = _("ถึงระดับสูงสุดแล้ว")
    if weak.gap is not None:
        gap = _("{gap} ถึง {mark}", gap=score_text(weak.gap), mark=f"{weak.next_mark:f}")
    return [
        f"{escape(weak.name)}<br>{tag(weak.weakness_label(), TONES[weak.weakness])}",
        escape(score_text(weak.score)),
        escape(weak.format_change()),
        escape(gap),
        "–" if weak.total_gain is None else escape(score_text(weak.total_gain)),
        escape(measure_names(measures_aiming_at(weak, analysis.measures)) or _("ไม่มี")),
    ]


def _weak_header() -> tuple[str, ...]:
    return (
        _("ตัวชี้วัด"),
        _("แบบวัด"),
        _("คะแนน"),
        _("เปลี่ยนแปลง"),
        _("เกณฑ์"),
        _("ขาดอีก"),
        _("คะแนนรวมที่จะเพิ่ม"),
        _("มาตรการเดิมที่มุ่งแก้"),
        _("แหล่งที่มา"),
    )


def _weak_rows(analysis: PlanAnalysis) -> list[tuple[CellValue, ...]]:
    return [
        (
            weak.name,
            weak.instrument.value,
            weak.score,
            weak.change,
            weak.next_mark,
            weak.gap,
            weak.total_gain,
            ", ".join(map(measure_name, measures_aiming_at(weak, analysis.measures))) or None,
            weak.source or None,
        )
        for weak in analysis.weak_points
    ]
