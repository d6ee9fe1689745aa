"""One measure, or its report of one quarter, edited where it is seen: a file of one row, typed here."""

from __future__ import annotations

import streamlit as st

from ita.domain import Quarter
from ita.formatting import part_text, percent_text, quarter_text
from ita.i18n import _, either
from ita.imports.datasets import Dataset
from ita.measures.model import Completion, Measure, expected_percent
from ita.measures.statuses import JudgedMeasure
from ita.tables import CellValue
from ita.ui.components.markup import DOT, html, render_html
from ita.ui.components.measure_links import measure_code, measure_name
from ita.ui.components.row_form import RowForm
from ita.ui.components.url_state import new_url_value, save_choice, saved_choice, set_widget_value
from ita.web.store_access import get_reference


def key_fields(measure: Measure, agency: str) -> dict[str, CellValue]:
    """The columns that name a measure in a file."""
    return {
        "fiscal_year": int(measure.fiscal_year),
        "agency": agency,
        "instrument": measure.instrument.value,
        "seq": measure.seq,
    }


# The report of a quarter.


def show_report_form(judged: JudgedMeasure, agency: str) -> None:
    """The report of one quarter, with the plan and the quarter before it beside the field."""
    measure = judged.measure
    quarter = _pick_quarter(judged)
    report = judged.progress.report_of(quarter)
    earlier = [r for r in judged.progress.reports if r.quarter.number < quarter.number]
    form = RowForm(
        Dataset.PROGRESS,
        f"report {agency} {int(measure.fiscal_year)} {measure_code(measure)} {quarter.number}",
        agency,
        key_fields(measure, agency) | {"quarter": quarter.number},
        {
            "percent": _plain_percent(report) if report else "",
            "note": (report and report.note) or "",
            "obstacle": (report and report.obstacle) or "",
            "evidence": (report and report.evidence) or "",
        },
    )

    def show_fields() -> None:
        render_html(html("quiet", _beside(measure, quarter, earlier[-1] if earlier else None)))
        left, right = st.columns([1, 2])
        with left:
            form.show("percent", st.text_input, _("ร้อยละสะสมถึงไตรมาสนี้ (0–100)"))
        with right:
            form.show("note", st.text_input)
        left, right = st.columns([1, 2])
        with left:
            form.show("evidence", st.text_input)
        with right:
            form.show("obstacle", st.text_input)

    words = {"quarter": quarter_text(quarter), "measure": measure_name(measure)}
    receipt = _("บันทึก{quarter} ของ {measure} แล้ว", **words)
    form.confirm(_("บันทึก{quarter}", quarter=words["quarter"]), show_fields, receipt)


def _pick_quarter(judged: JudgedMeasure) -> Quarter:
    """The quarter whose report is edited: as the link says, else the first that is missing, else the
    last that was reported."""
    measure = judged.measure
    quarters = {str(quarter.number): quarter for quarter in measure.fiscal_year.quarters}
    missing, last = judged.progress.unreported_quarters, judged.progress.reported_quarter
    default = str((missing[0] if missing else last or measure.quarters[0]).number)
    key = f"report {int(measure.fiscal_year)} {measure_code(measure)}"
    wanted = (new_url_value("report"), saved_choice(key))
    set_widget_value(key, next((number for number in wanted if number in quarters), default))
    chosen = st.segmented_control(_("ไตรมาสที่จะรายงานหรือแก้"), list(quarters), required=True, key=key)
    number = str(chosen or default)
    save_choice("report", number, number, default)
    return quarters[number]


def _beside(measure: Measure, quarter: Quarter, before: Completion | None) -> str:
    """What a percent is typed beside: the plan, and what was reported before."""
    pace = expected_percent(measure, quarter) if quarter in measure.quarters else None
    plan = _("แผน {pace}", pace=percent_text(pace)) if pace is not None else _("นอกระยะเวลา")
    if before is None:
        return DOT.join((plan, _("ยังไม่มีรายงานก่อนหน้า")))
    words = {"quarter": quarter_text(before.quarter), "percent": percent_text(before.percent)}
    return DOT.join((plan, _("ครั้งก่อน {quarter} รายงาน {percent}", **words)))


def _plain_percent(report: Completion) -> str:
    return f"{report.percent.normalize():f}"


def _short_area(label: str, key: str) -> None:
    st.text_area(label, key=key, height=68)


# The measure itself.


def show_measure_form(measure: Measure, agency: str) -> None:
    """Text, divisions, period, target and the indicators that it aims at."""
    rules = get_reference().nearest_rules(measure.fiscal_year).indicators
    names = {
        number: f"{number} {either(rule.name_th, rule.name_en)}"
        for number, rule in rules.items()
        if rule.instrument is measure.instrument or number in measure.indicators
    }
    period = measure.period
    form = RowForm(
        Dataset.MEASURES,
        f"edit {agency} {int(measure.fiscal_year)} {measure_code(measure)}",
        agency,
        key_fields(measure, agency),
        {
            "measure": measure.text,
            "indicator": [number for number in measure.indicators if number in names],
            "divisions": ", ".join(measure.divisions),
            "start_quarter": str(period.first.number) if period else "",
            "end_quarter": str(period.last.number) if period else "",
            "target": measure.target or "",
        },
    )

    def pick_indicators(label: str, key: str) -> None:
        st.multiselect(
            label,
            list(names),
            format_func=lambda number: names.get(number, part_text(number)),
            key=key,
            placeholder=_("เลือกตัวชี้วัด"),
        )

    def pick_quarter(label: str, key: str) -> None:
        st.selectbox(
            label,
            ["", "1", "2", "3", "4"],
            format_func=lambda number: number or _("ไม่ระบุ"),
            key=key,
        )

    def show_fields() -> None:
        form.show("measure", _short_area)
        form.show("indicator", pick_indicators, _("ตัวชี้วัดที่มุ่งแก้"))
        form.show("divisions", st.text_input, _("ผู้รับผิดชอบ (คั่นด้วยจุลภาค)"))
        with st.container(horizontal=True):
            form.show("start_quarter", pick_quarter)
            form.show("end_quarter", pick_quarter)
        form.show("target", st.text_input)

    receipt = _("แก้ {measure} แล้ว", measure=measure_name(measure))
    form.confirm(_("บันทึกมาตรการ"), show_fields, receipt)
