"""From an empty store to a full dashboard: five things to do, and which of them is next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum, StrEnum, auto

import streamlit as st

from ita.domain import FiscalYear, Quarter, thai_today
from ita.formatting import quarter_text, year_text
from ita.i18n import _
from ita.reports.readiness import Readiness, assess_readiness
from ita.ui.components import queries
from ita.ui.components.markup import escape_markdown
from ita.ui.components.navigation import can_open, link_query
from ita.ui.components.url_state import viewed_url
from ita.web.paths import NARRATIVE, OVERVIEW, UPLOAD, PageSpec
from ita.web.store_access import get_reference


class StartTask(StrEnum):
    """In the order in which they are done: each rests on the one before it."""

    AGENCY = "agency"
    SCORES = "scores"
    MEASURES = "measures"
    QUARTERS = "quarters"
    REPORT = "report"


class TaskState(Enum):
    """LATER: nothing of it is owed yet, or what it rests on is missing."""

    DONE = auto()
    OPEN = auto()
    LATER = auto()


@dataclass(frozen=True)
class AgencyData:
    """What the store has of an agency for the year that it works on.

    agency: None where the store has none. scored: its last year with scores. missing_reports: of each
    quarter that has ended, the measures that owe its report; quarters at whose time none is at work are
    left out.
    """

    year: FiscalYear
    agency: str | None = None
    name: str = ""
    scored: FiscalYear | None = None
    measures: int = 0
    missing_reports: Mapping[Quarter, int] = field(default_factory=dict)
    readiness: Readiness | None = None


@dataclass(frozen=True)
class StartStep:
    """One task: how far it is, and the page, the label and the choices that lead to it."""

    task: StartTask
    state: TaskState
    title: str
    page: PageSpec
    label: str
    choices: Mapping[str, object]


def start_steps(data: AgencyData, today: date) -> tuple[StartStep, ...]:
    """The five tasks of an agency."""
    rest = TaskState.OPEN if data.agency else TaskState.LATER
    states = {
        StartTask.AGENCY: TaskState.DONE if data.agency else TaskState.OPEN,
        StartTask.SCORES: TaskState.DONE if data.scored else rest,
        StartTask.MEASURES: TaskState.DONE if data.measures else rest,
        StartTask.QUARTERS: _quarters_state(data),
        StartTask.REPORT: _report_state(data),
    }
    year = year_text(data.year)
    scored = data.scored or FiscalYear(FiscalYear.containing(today) - 1)
    behind = next((q for q, missing in data.missing_reports.items() if missing), None)
    quarter = behind or max(data.missing_reports, default=data.year.quarters[0])
    agency = {"agency": data.agency}
    work = agency | {"year": int(data.year)}
    ways: dict[StartTask, tuple[str, PageSpec, str, dict[str, object]]] = {
        StartTask.AGENCY: (
            data.name or _("หน่วยงาน"),
            UPLOAD,
            _("เพิ่มหน่วยงาน"),
            {"kind": "agencies"},
        ),
        StartTask.SCORES: (
            _("คะแนน {year}", year=year_text(scored)),
            UPLOAD,
            _("นำเข้าคะแนน {year}", year=year_text(scored)),
            {**agency, "kind": "scores", "year": int(scored)},
        ),
        StartTask.MEASURES: (
            _("มาตรการ {year}", year=year),
            UPLOAD,
            _("นำเข้ามาตรการ {year}", year=year),
            {**work, "kind": "measures"},
        ),
        StartTask.QUARTERS: (
            _("ความสำเร็จไตรมาส 1–4 {year}", year=year),
            UPLOAD,
            _("รายงานความสำเร็จ {quarter}", quarter=quarter_text(quarter)),
            {**work, "kind": "progress", "quarter": quarter.number},
        ),
        StartTask.REPORT: (
            _("รายงานผล {year}", year=year),
            NARRATIVE,
            _("เขียนรายงานผล {year}", year=year),
            {**work},
        ),
    }
    return tuple(StartStep(task, states[task], *ways[task]) for task in StartTask)


def _quarters_state(data: AgencyData) -> TaskState:
    if not data.measures:
        return TaskState.LATER
    if any(data.missing_reports.values()):
        return TaskState.OPEN
    has_ended = data.year.quarters[-1] in data.missing_reports
    return TaskState.DONE if has_ended else TaskState.LATER


def _report_state(data: AgencyData) -> TaskState:
    if data.readiness is None or data.readiness.is_early:
        return TaskState.LATER
    return TaskState.DONE if data.readiness.is_ready else TaskState.OPEN


def load_agency_data(agency: str | None, today: date) -> AgencyData:
    """What the store has of an agency; None: of no agency."""
    version, reference = queries.data_version(), get_reference()
    running = FiscalYear.containing(today - timedelta(days=reference.handover_days))
    if agency is None:
        return AgencyData(running)
    year = queries.year_at_hand(version, agency, today) or running
    ended = [quarter for quarter in year.quarters if quarter.last_day < today]
    missing = {quarter: queries.missing_reports(version, agency, quarter) for quarter in ended}
    report = queries.agency_report(version, agency, year, today)
    return AgencyData(
        year,
        agency,
        queries.agency_index(version).name(agency),
        max(queries.agency_trend(version, agency).years, default=None),
        len(queries.agency_measures(version, agency, year)),
        {quarter: count for quarter, count in missing.items() if count is not None},
        assess_readiness(report) if report.rows else None,
    )


def next_step(agency: str | None) -> StartStep | None:
    """The first task that is open and that the person may do; None where none is."""
    steps = start_steps(load_agency_data(agency, thai_today()), thai_today())
    return next((step for step in steps if step.state is TaskState.OPEN and _may_do(step)), None)


def _may_do(step: StartStep) -> bool:
    return can_open(step.page, **step.choices)


def show_next_step(agency: str | None, receipt: Sequence[str] = ()) -> None:
    """On a receipt: the next task of an agency as the primary button; where nothing is open, the
    overview; nothing where the page that is drawn is the place itself.

    receipt: keys of the session that show the receipt, which ends with the click.
    """
    step = next_step(agency)
    if step is None:
        _show_primary(OVERVIEW, _("ดูภาพรวม"), {"agency": agency}, receipt)
    elif step.page is UPLOAD or step.page.url != viewed_url():
        label = _("ขั้นต่อไป: {step}", step=step.label)
        _show_primary(step.page, label, step.choices, receipt)


def _show_primary(
    page: PageSpec, label: str, choices: Mapping[str, object], receipt: Sequence[str] = ()
) -> None:
    if st.button(f"{label} →", type="primary", key="next step"):
        for key in receipt:
            st.session_state.pop(key, None)
        st.switch_page(page.file, query_params=link_query(choices))


def show_start_guide(agency: str | None) -> None:
    """The five tasks, each a button that leads to it; the next one is the primary button."""
    steps = start_steps(load_agency_data(agency, thai_today()), thai_today())
    following = next((s for s in steps if s.state is TaskState.OPEN and _may_do(s)), None)
    done = sum(step.state is TaskState.DONE for step in steps)
    title = _("เริ่มต้นใช้งาน: เสร็จแล้ว {done} จาก {total}", done=done, total=len(steps))
    with st.container(border=True, key="card-start-guide"):
        st.header(title, anchor=False)
        for number, step in enumerate(steps, start=1):
            label = f"✓ {step.title}" if step.state is TaskState.DONE else f"{number}. {step.label}"
            _show_step(step, escape_markdown(label), is_next=step is following)
        if not any(map(_may_do, steps)):
            st.write(_("ผู้นำเข้าข้อมูลคือเจ้าหน้าที่ของหน่วยงานนั้นหรือผู้ดูแลระบบ"))


def _show_step(step: StartStep, label: str, is_next: bool) -> None:
    if not _may_do(step):
        st.markdown(label)
    elif st.button(
        label,
        type="primary" if is_next else "secondary",
        key="next step" if is_next else f"start {step.task}",
        width="stretch",
    ):
        st.switch_page(step.page.file, query_params=link_query(step.choices))
